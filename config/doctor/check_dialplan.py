"""Judges what becomes of callers: do our numbers lead to us, do they get help if we are not there, can they hear us?"""

import re

from config.doctor.check_phones import context_function, phones_of
from config.doctor.check_transfers import check_transfers
from config.doctor.facts import PbxFacts
from config.doctor.findings import Findings, listed
from cti.asterisk.dialplan import Dialplan, Place
from cti.edge.errors import PbxError
from cti.edge.inspection import AmiFacts

VARIABLES = ("CALLWRIGHT", "CALLWRIGHT_ENTERED")
"""What ari.conf must name in `channelvars`; our memory of a call rides on the first one."""
CHANNELVARS = "AST_CONFIG(ari.conf,general,channelvars)"


def music_function(music: str) -> str:
    """The dialplan function that tells whether there is such a class of music."""
    return f"AST_CONFIG(musiconhold.conf,{music},mode)"


def read_only_function(user: str) -> str:
    """The dialplan function that tells whether an ARI user may only look."""
    return f"AST_CONFIG(ari.conf,{user},read_only)"


def check_dialplan(facts: PbxFacts, found: Findings) -> None:
    """Numbers, fallback, and what calls must carry."""
    if isinstance(facts.ami, PbxError) or not facts.ami.answers:
        return
    _check_ari_conf(facts, facts.ami, found)
    _check_music(facts, facts.ami, found)
    _check_prompts(facts, facts.ami, found)
    dialplan = Dialplan(facts.ami.dialplan)
    app = facts.settings.ari.app
    if not any(step.data.partition(",")[0].strip() == app for step in dialplan.applications("Stasis")):
        found.error(
            f"nothing in the dialplan gives calls to Callwright: there is no Stasis({app})",
            "#include the extensions.conf that `callwright asterisk config` writes, then "
            "`asterisk -rx 'dialplan reload'`",
        )
        return
    if facts.plan is not None:
        _check_numbers(facts, facts.ami, dialplan, found)
        if facts.plan.transfer_numbers:
            check_transfers(facts.plan.transfer_numbers, dialplan, found)


def _check_numbers(facts: PbxFacts, ami: AmiFacts, dialplan: Dialplan, found: Findings) -> None:
    plan = facts.plan
    assert plan is not None  # noqa: S101 - seen by the only caller
    contexts = _contexts_of_lines(facts, ami)
    lost, helpless = [], []
    for number in plan.entry_points:
        places = _ways(dialplan, contexts, number, facts.settings.ari.app)
        if not places:
            lost.append(number)
        elif not dialplan.served_after(places[0]):
            helpless.append(number)
    where = f" in the context {listed(contexts)}, where calls from the line come in" if contexts else ""
    if lost:
        found.error(
            f"the dialplan does not lead {listed(lost)} to Callwright{where}",
            f"add `exten => {lost[0]},1,Goto(callwright-enter,${{EXTEN}},1)` there in extensions.conf, then "
            "`asterisk -rx 'dialplan reload'`",
        )
    if helpless:
        found.error(
            f"there is no fallback behind Stasis() for {listed(helpless)}: while Callwright is down or is started "
            "again, callers are hung up on",
            "after Stasis(), go on to a plain queue or a message, as in the extensions.conf that "
            "`callwright asterisk config` writes",
        )
    if not lost and not helpless:
        found.fine(f"calls to {listed(plan.entry_points)} come to Callwright, with a fallback for when it is down")


def _contexts_of_lines(facts: PbxFacts, ami: AmiFacts) -> tuple[str, ...]:
    """Where calls come in from endpoints that are no telephone of ours: lines. Empty if that cannot be seen."""
    if isinstance(facts.ari, PbxError):
        return ()
    ours = {phone.endpoint for phone in phones_of(facts)}
    contexts = (ami.values.get(context_function(each), "") for each in facts.ari.phones if each not in ours)
    return tuple(sorted({context for context in contexts if context}))


def _ways(dialplan: Dialplan, contexts: tuple[str, ...], number: str, app: str) -> list[Place]:
    return [
        place
        for context in contexts or sorted(dialplan.contexts)
        if (start := dialplan.find(context, number)) is not None
        for place in dialplan.ways_to(app, start)
    ]


def _check_ari_conf(facts: PbxFacts, ami: AmiFacts, found: Findings) -> None:
    if not _sees_files(facts):
        return
    user = facts.settings.ari.user
    if ami.values.get(read_only_function(user), "").lower() in {"yes", "true", "on", "1"}:
        found.error(
            f"the ARI user {user!r} may only look, so no call can be steered",
            f"set read_only = no in [{user}] of ari.conf, then `asterisk -rx 'module reload res_ari.so'`",
        )
    named = set(re.split(r"[,\s]+", ami.values.get(CHANNELVARS, "")))
    if missing := [name for name in VARIABLES if name not in named]:
        found.error(
            f"channelvars in ari.conf does not name {listed(missing)}: after a restart Callwright does not know whose "
            "calls it finds, nor who came first",
            f"set channelvars = {','.join(VARIABLES)} in [general] of ari.conf, then restart Asterisk",
        )


def _check_music(facts: PbxFacts, ami: AmiFacts, found: Findings) -> None:
    if facts.plan is None or not _sees_files(facts):
        return
    for music in sorted({queue.music for queue in facts.plan.queues.values()}):
        if not ami.values.get(music_function(music), ""):
            heard = "callers wait in silence" if music == "default" else "callers hear the class 'default' instead"
            found.warning(
                f"there is no class of music {music!r} in musiconhold.conf, so {heard}",
                f"add [{music}] with mode = files and a directory, or name another class in center.yaml (`music`)",
            )


def _check_prompts(facts: PbxFacts, ami: AmiFacts, found: Findings) -> None:
    if not facts.probe or not _sees_files(facts):
        return
    if ami.values.get(facts.probe, ""):
        found.fine("Asterisk can read the prompts that we write")
    else:
        found.error(
            f"Asterisk cannot read the prompts that we write ({facts.prompts}), so callers hear nothing",
            "set data to a folder that Asterisk's user can enter and read, such as /var/lib/callwright; if Asterisk is "
            "on another machine, share the folder and set speech.there to where Asterisk sees it",
        )


def _sees_files(facts: PbxFacts) -> bool:
    return not isinstance(facts.ari, PbxError) and "func_config.so" in facts.ari.modules
