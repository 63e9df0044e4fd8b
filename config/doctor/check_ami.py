"""Judges the manager user: does it get in, may it do what we need, and not more?"""

from config.doctor.check_pbx import is_loopback, sentence
from config.doctor.facts import PbxFacts
from config.doctor.findings import Findings, listed
from cti.edge.errors import NoAnswer, NotAsterisk, NothingListens, PbxError, WrongPassword
from cti.edge.inspection import AmiFacts

NEEDED_EVENTS = ("DeviceStateChange", "PeerStatus")
NEEDED_CLASSES = {"system": "PeerStatus", "call": "DeviceStateChange"}
"""Classes of events that the user must be allowed to read, and the event for which."""

DANGEROUS = {
    "originate": ("Originate", "start calls to any number"),
    "command": ("Command", "type anything at Asterisk's console"),
    "config": ("UpdateConfig", "rewrite Asterisk's files"),
    "system": ("PJSIPNotify", "stop Asterisk and run programs"),
    "agi": ("AGI", "run programs in calls"),
    "call": ("Setvar", "hang up and move calls, and set variables in them"),
}
"""Rights that we do not need, the action by which one sees that the user has it, and what it lets him do."""

RELOAD = "`asterisk -rx 'manager reload'`"
FILTERS = 16
"""Lines `eventfilter` of the user that are looked at."""


def functions_of(user: str) -> tuple[str, ...]:
    """What of manager.conf we want to see. Never the secret."""
    filters = (f"eventfilter,{number}" for number in range(FILTERS))
    return tuple(f"AST_CONFIG(manager.conf,{user},{name})" for name in ("read", *filters))


def check_ami(facts: PbxFacts, found: Findings) -> None:
    """Everything about the manager interface."""
    if isinstance(facts.ami, PbxError):
        _failed(facts, facts.ami, found)
        return
    before = len(found.all)
    host = facts.settings.ami.host
    if not is_loopback(f"tcp://{host}"):
        found.warning(
            f"AMI's password travels in the clear to {host}; who has it can read every password in Asterisk's files",
            "let Callwright and Asterisk talk over the loopback or over a tunnel (SSH, WireGuard)",
        )
    if not facts.ami.answers:
        found.error(
            f"the AMI user {facts.settings.ami.user!r} may not ask questions, so the state of telephones is not known",
            f"add write = reporting to [{facts.settings.ami.user}] in manager.conf, then {RELOAD}",
        )
    _check_rights(facts, facts.ami, found)
    _check_events(facts, facts.ami, found)
    if len(found.all) == before:
        found.fine(f"AMI lets {facts.settings.ami.user!r} in, with the rights that it needs and no more")


def _failed(facts: PbxFacts, error: PbxError, found: Findings) -> None:
    ami = facts.settings.ami
    match error:
        case NothingListens():
            mend = (
                "set enabled = yes, bindaddr and port in manager.conf as in ami of the settings, then restart Asterisk"
            )
        case WrongPassword():
            mend = (
                f"make [{ami.user}] in manager.conf with the secret that ami.password in the settings has, and permit "
                f"our address there, then {RELOAD}"
            )
        case NotAsterisk():
            mend = f"another program answers at {ami.host}:{ami.port}: correct ami in the settings"
        case NoAnswer():
            mend = "see whether a firewall is in between, and whether Asterisk hangs"
        case _:
            mend = "see Asterisk's log (/var/log/asterisk), and try again"
    found.error(f"{sentence(error)}; Callwright would not see which telephones can be reached", mend)


def _check_rights(facts: PbxFacts, ami: AmiFacts, found: Findings) -> None:
    user = facts.settings.ami.user
    obeying = _obeying_phones(facts)
    needed = "reporting,system" if obeying else "reporting"
    too_many = {
        right: does
        for right, (action, does) in DANGEROUS.items()
        if action in ami.actions and not (right == "system" and (obeying or facts.plan is None))
    }
    if too_many:
        found.warning(
            f"the AMI user {user!r} may do more than it needs ({listed(too_many)}): whoever has its password can "
            f"{'; '.join(too_many.values())}",
            f"say write = {needed} in [{user}] of manager.conf, then {RELOAD}",
        )
    if obeying and ami.actions and "PJSIPNotify" not in ami.actions:
        found.warning(
            f"{listed(obeying)} cannot be answered by a click: the AMI user {user!r} may not tell them to pick up",
            f"add system to write in [{user}] of manager.conf (see docs/asterisk.md before you do), or take "
            "click_to_answer away in center.yaml",
        )


def _obeying_phones(facts: PbxFacts) -> list[str]:
    if facts.plan is None:
        return []
    phones = (phone for agent in facts.plan.agents.values() for phone in agent.phones)
    return [phone.endpoint for phone in phones if phone.click_to_answer and phone.node == facts.settings.name]


def _check_events(facts: PbxFacts, ami: AmiFacts, found: Findings) -> None:
    user = facts.settings.ami.user
    read = _words(ami.values.get(f"AST_CONFIG(manager.conf,{user},read)", ""))
    if not read:
        return  # The user is described elsewhere (a database, another file): nothing can be said.
    lacking = [name for name in NEEDED_CLASSES if name not in read and "all" not in read]
    if lacking:
        found.error(
            f"the AMI user {user!r} may not read {listed(lacking)}, so we do not hear of telephones that come and go",
            f"set read = system,call in [{user}] of manager.conf, then {RELOAD}",
        )
    filters = [ami.values.get(f"AST_CONFIG(manager.conf,{user},eventfilter,{n})", "") for n in range(FILTERS)]
    wanted = [text for text in filters if text and not text.startswith("!")]
    if not wanted:
        found.warning(
            f"the AMI user {user!r} gets every event of Asterisk, most of which only cost both sides time",
            f"take over the lines `eventfilter` for [{user}] from `callwright asterisk config`",
        )
    elif missing := [event for event in NEEDED_EVENTS if not any(event in text for text in wanted)]:
        found.warning(
            f"the AMI user {user!r} does not get {listed(missing)}, so some telephones that come and go are missed",
            f"add `eventfilter = Event: {missing[0]}` to [{user}] in manager.conf, then {RELOAD}",
        )


def _words(text: str) -> set[str]:
    return {word.strip() for word in text.split(",") if word.strip()}
