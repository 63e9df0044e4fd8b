"""Judges the telephones: does Asterisk know those of center.yaml, and can those in browsers work?"""

from collections.abc import Iterator

from acd.model import PhoneKind
from acd.plan import Phone
from config.doctor.check_pbx import is_loopback
from config.doctor.facts import PbxFacts
from config.doctor.findings import Findings, listed
from cti.edge.errors import NothingListens, PbxError
from cti.edge.inspection import AriFacts


def phones_of(facts: PbxFacts) -> tuple[Phone, ...]:
    """The telephones of center.yaml that register at this Asterisk."""
    agents = facts.plan.agents.values() if facts.plan else ()
    return tuple(phone for agent in agents for phone in agent.phones if phone.node == facts.settings.name)


def webrtc_function(endpoint: str) -> str:
    """The dialplan function that tells whether an endpoint is for browsers."""
    return f"PJSIP_ENDPOINT({endpoint.partition('/')[2]},webrtc)"


def check_phones(facts: PbxFacts, found: Findings) -> None:
    """Everything about telephones."""
    phones = phones_of(facts)
    if not isinstance(facts.ari, PbxError) and facts.plan is not None:
        _check_known(_known(facts, facts.ari), phones, found)
        _check_kinds(facts, phones, found)
    browsers = [phone for phone in phones if phone.kind is PhoneKind.BROWSER]
    if browsers:
        _check_browsers(facts, browsers, found)


def context_function(endpoint: str) -> str:
    """The dialplan function that tells where calls from an endpoint come in."""
    return f"PJSIP_ENDPOINT({endpoint.partition('/')[2]},context)"


def _known(facts: PbxFacts, ari: AriFacts) -> dict[str, bool]:
    """Endpoints that are there, and whether each can be reached. ARI goes on naming one that a reload has removed."""
    if isinstance(facts.ami, PbxError) or "func_pjsip_endpoint.so" not in ari.modules:
        return ari.phones
    gone = {name for name in ari.phones if facts.ami.values.get(context_function(name)) == ""}
    return {name: online for name, online in ari.phones.items() if name not in gone}


def _check_known(known: dict[str, bool], phones: tuple[Phone, ...], found: Findings) -> None:
    unknown = [phone.endpoint for phone in phones if phone.endpoint not in known]
    if unknown:
        found.error(
            f"Asterisk does not know {listed(unknown)}, so {'they' if len(unknown) > 1 else 'it'} cannot be rung",
            "add an endpoint, auth and aor of that name to pjsip.conf (`callwright asterisk config` writes them), or "
            "correct the name in center.yaml, then `asterisk -rx 'module reload res_pjsip.so'`",
        )
    if not phones:
        found.warning("no agent of center.yaml has a telephone at this PBX", "add phones to the agents in center.yaml")
    elif not unknown:
        online = sum(known[phone.endpoint] for phone in phones)
        found.fine(f"Asterisk knows all {len(phones)} telephones of center.yaml; {online} can be reached now")


def _check_kinds(facts: PbxFacts, phones: tuple[Phone, ...], found: Findings) -> None:
    if isinstance(facts.ami, PbxError):
        return
    for phone in phones:
        webrtc = facts.ami.values.get(webrtc_function(phone.endpoint), "")
        if webrtc == "no" and phone.kind is PhoneKind.BROWSER:
            found.error(
                f"{phone.endpoint} is a browser telephone in center.yaml, but not in Asterisk: it would have no sound",
                "add webrtc = yes to the endpoint in pjsip.conf, then `asterisk -rx 'module reload res_pjsip.so'`",
            )
        elif webrtc == "yes" and phone.kind is PhoneKind.DESK:
            found.warning(
                f"{phone.endpoint} is a desk telephone in center.yaml, but a browser telephone in Asterisk",
                "say `browser` in center.yaml, or take webrtc = yes away from the endpoint in pjsip.conf",
            )


def _check_browsers(facts: PbxFacts, browsers: list[Phone], found: Findings) -> None:
    pbx = facts.settings
    if not pbx.phone_socket:
        found.warning(
            f"{len(browsers)} agents have a browser telephone, but the settings do not say where it registers",
            f"set phone_socket of the PBX {pbx.name!r} to the address of /ws as browsers see it, "
            "wss://calls.example.com/phone",
        )
        return
    without = [phone.endpoint for phone in browsers if not facts.wanted.sip_passwords.get(_user(phone))]
    if without:
        found.error(
            f"there is no password for the browser telephones {listed(without)}",
            "add each under [sip_passwords] in the settings, the same as in pjsip.conf",
        )
    if facts.phone_socket_trouble and not isinstance(facts.ari, NothingListens):
        found.error(
            f"no browser telephone can connect to {pbx.phone_socket}: {facts.phone_socket_trouble}",
            "see that res_pjsip_transport_websocket is loaded and pjsip.conf has a transport with protocol = ws, and "
            "that the web proxy passes that path on to Asterisk's /ws",
        )
    for trouble, mend in _insecure(facts):
        found.warning(trouble, mend)


def _insecure(facts: PbxFacts) -> Iterator[tuple[str, str]]:
    socket = facts.settings.phone_socket
    if socket.startswith("ws://") and not is_loopback(socket):
        yield (
            f"browser telephones register at {socket} without TLS, which browsers refuse to a page with TLS",
            "let the web proxy carry TLS for it too and set phone_socket to its wss:// address",
        )


def _user(phone: Phone) -> str:
    return phone.endpoint.partition("/")[2]
