"""Judges one Asterisk: can we connect, is it the right one, does it have what we need, is its clock right?"""

import calendar
import re

from config.doctor.facts import PbxFacts
from config.doctor.findings import Findings, listed
from cti.edge.errors import (
    AriMissing,
    NoAnswer,
    NotAsterisk,
    NothingListens,
    PbxError,
    PbxMisconfigured,
    TooOld,
    WrongPassword,
)
from cti.edge.inspection import AriFacts

MOST_CLOCK_DIFFERENCE = 2.0
"""Seconds. Waiting times are reckoned from the clock of the PBX to ours."""
COARSE_CLOCK = 1.0
"""Seconds by which the clock may seem to differ when only HTTP's `Date` tells it."""

Version = tuple[int, int, int]

END_OF_LIFE = {20: (2027, 10, 19), 21: (2026, 10, 18), 22: (2029, 10, 16), 23: (2027, 10, 15)}
"""After these days a series gets no security fixes any more. Source: Asterisk's documentation, "Asterisk Versions"."""

KNOWN_FAULTS: tuple[tuple[str, tuple[Version, ...], str, str], ...] = (
    (
        "CVE-2023-49786",
        ((20, 5, 1), (21, 0, 1)),
        "",
        "anybody who can send packets to it can keep browser telephones from getting sound",
    ),
    (
        "CVE-2025-57767",
        ((20, 15, 2), (21, 10, 2), (22, 5, 2)),
        "",
        "one odd SIP request ends it, and every call with it",
    ),
    (
        "CVE-2024-42491",
        ((20, 9, 3), (21, 4, 3)),
        "res_resolver_unbound.so",
        "one odd SIP address ends it, and every call with it",
    ),
)
"""Name, the first version of each series without it, the module without which it does no harm, what it does."""

ARI_MODULES = (
    "res_ari",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_playbacks",
    "res_http_websocket",
    "res_stasis",
    "res_stasis_answer",
    "res_stasis_playback",
    "app_stasis",
)
"""Without one of these no call can be steered."""

MODULES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("bridge_simple",), "two people who are connected would not hear each other"),
    (("bridge_softmix",), "no third person can join a call"),
    (("bridge_holding",), "waiting callers cannot be gathered"),
    (("res_musiconhold",), "waiting callers hear nothing"),
    (("res_ari_recordings",), "callers cannot leave messages"),
    (("res_stasis_recording",), "callers cannot leave messages"),
    (("app_playback",), "the fallback cannot say anything to callers"),
    (("app_dial",), "callers cannot be put through to other numbers"),
    (("app_queue",), "while Callwright is down, callers are asked to call later, for there is no plain queue for them"),
    (("func_strings",), "callers lose their place when Callwright is started again"),
    (("func_config",), "the doctor cannot see what stands in Asterisk's files"),
    (("pbx_config",), "extensions.conf is not read, so no number leads anywhere"),
    (("format_wav",), "the prompts cannot be played"),
    (("res_rtp_asterisk",), "calls have no sound"),
    (("codec_alaw", "codec_ulaw"), "calls over the usual telephone codecs have no prompts and no music"),
    (("chan_pjsip",), "there are no SIP telephones"),
    (("res_pjsip_session",), "SIP calls cannot be made"),
    (("res_pjsip_registrar",), "telephones cannot register"),
    (("res_pjsip_endpoint_identifier_user",), "telephones are not known by their user name"),
)
"""What is needed beside ARI, one of each group, and what is lost without it."""

BROWSER_MODULES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("res_pjsip_transport_websocket",), "browser telephones cannot register"),
    (("res_srtp",), "browser telephones have no sound"),
    (("res_crypto",), "browser telephones have no sound"),
)
OPUS = ("codec_opus", "codec_opus_open_source")


def check_ari(facts: PbxFacts, found: Findings) -> None:
    """Everything that ARI tells."""
    if isinstance(facts.ari, PbxError):
        ari_failed(facts, facts.ari, found)
        return
    found.fine(f"ARI answers at {facts.settings.ari.url}: Asterisk {facts.ari.version}")
    check_version(facts.ari, facts.now, found)
    check_modules(facts.ari, found, browser=bool(facts.settings.phone_socket))
    check_application(facts, facts.ari, found)
    if facts.settings.ari.url.startswith("http://") and not is_loopback(facts.settings.ari.url):
        found.warning(
            f"ARI's password travels in the clear to {facts.settings.ari.url}",
            "let Callwright and Asterisk talk over the loopback, over a tunnel, or over https (tlsenable in http.conf)",
        )


def ari_failed(facts: PbxFacts, error: PbxError, found: Findings) -> None:
    """What to do when ARI does not let us in."""
    url = facts.settings.ari.url
    match error:
        case NothingListens():
            mend = (
                "start Asterisk; if it runs, set enabled = yes, bindaddr and bindport in http.conf as in ari.url of "
                "the settings, then `asterisk -rx 'core reload'`"
            )
        case AriMissing():
            mend = "set enabled = yes in [general] of ari.conf and have the modules res_ari_* loaded (modules.conf)"
        case WrongPassword():
            user = facts.settings.ari.user
            mend = (
                f"make [{user}] with type = user in ari.conf, with the password that ari.password in the settings "
                "has, then `asterisk -rx 'module reload res_ari.so'`"
            )
        case TooOld():
            mend = "upgrade Asterisk, best to the newest release of a long-term series (22)"
        case NotAsterisk():
            mend = f"another program answers at {url}: correct ari.url in the settings"
        case NoAnswer():
            mend = (
                "see whether a firewall is in between, and whether Asterisk hangs (`asterisk -rx 'core show uptime'`)"
            )
        case PbxMisconfigured():
            mend = "correct ari.url in the settings; it is the root of Asterisk's web server, http://127.0.0.1:8088"
        case _:
            mend = "see Asterisk's log (/var/log/asterisk), and try again"
    found.error(sentence(error), mend)


def check_version(ari: AriFacts, now: float, found: Findings) -> None:
    """Is it one that still gets fixes, and without faults that hurt us?"""
    version = parse_version(ari.version)
    if version is None:
        found.warning(
            f"the version {ari.version!r} says nothing about its age",
            "an Asterisk built from a snapshot: use a release, so that known faults can be looked up",
        )
        return
    end = END_OF_LIFE.get(version[0])
    if end and now > calendar.timegm((*end, 0, 0, 0)):
        found.warning(
            f"Asterisk {version[0]} has had no security fixes since {end[0]}-{end[1]:02}-{end[2]:02}",
            "upgrade to a series that is looked after, such as 22",
        )
    for name, repaired, module, harm in KNOWN_FAULTS:
        mended = next((each for each in repaired if each[0] == version[0]), None)
        if mended and version < mended and (not module or module in ari.modules):
            found.warning(
                f"Asterisk {ari.version} has the fault {name}: {harm}",
                f"upgrade to {'.'.join(map(str, mended))} or later",
            )


def parse_version(text: str) -> Version | None:
    """`22.10.1+dfsg` is (22, 10, 1), `22.7.0-rc1` is (22, 7, 0); `GIT-22-97b4df1` is no release."""
    read = re.match(r"(?:certified[/-])?([0-9]{1,3})\.([0-9]{1,3})(?:\.([0-9]{1,3}))?", text)
    return (int(read[1]), int(read[2]), int(read[3] or 0)) if read else None


def check_modules(ari: AriFacts, found: Findings, *, browser: bool) -> None:
    """Does it have what we need?"""

    def there(name: str) -> bool:
        return f"{name}.so" in ari.modules

    missing = [name for name in ARI_MODULES if not there(name)]
    if missing:
        found.error(
            f"Asterisk has not loaded {listed(missing)}, without which calls cannot be steered",
            _load(missing),
        )
    wanted = MODULES + BROWSER_MODULES if browser else MODULES
    lacking = [(group, harm) for group, harm in wanted if not any(map(there, group))]
    for group, harm in lacking:
        found.error(f"Asterisk has not loaded {' or '.join(group)}: {harm}", _load(group[:1]))
    if browser and not any(map(there, OPUS)):
        found.warning(
            "Asterisk has no codec for Opus: browser telephones sound like ordinary telephones",
            "install and load codec_opus (or codec_opus_open_source); nothing else depends on it",
        )
    if not missing and not lacking:
        found.fine("all modules that Callwright needs are loaded")


def _load(names: list[str] | tuple[str, ...]) -> str:
    commands = " and ".join(f"`asterisk -rx 'module load {name}.so'`" for name in names[:2])
    return f"take away its noload line in modules.conf, or install the package that has it, then {commands}"


def check_application(facts: PbxFacts, ari: AriFacts, found: Findings) -> None:
    """Is somebody else connected in our name?"""
    app = facts.settings.ari.app
    if app not in ari.applications:
        return
    if facts.we_run:
        found.fine(f"Callwright runs now and is connected as the application {app!r}")
    else:
        found.warning(
            f"another process is connected as the ARI application {app!r} now; it is pushed out when Callwright starts "
            "here, and Callwright here when that one comes back",
            "stop the other one, or give one of them another name (ari.app in the settings, Stasis() in the dialplan)",
        )


def check_clock(facts: PbxFacts, found: Findings) -> None:
    """Does its clock go with ours?"""
    ahead, slack = None, 0.0
    if not isinstance(facts.ami, PbxError):
        ahead = facts.ami.clock_ahead
    if ahead is None and not isinstance(facts.ari, PbxError):
        ahead, slack = facts.ari.clock_ahead, COARSE_CLOCK
    if ahead is None:
        return
    if abs(ahead) > MOST_CLOCK_DIFFERENCE + slack:
        found.error(
            f"Asterisk's clock is {abs(ahead):.1f} s {'ahead of' if ahead > 0 else 'behind'} ours, so waiting times "
            "are wrong by that",
            "let both machines take the time from NTP (`timedatectl set-ntp true`) and see `timedatectl` on both",
        )
    else:
        found.fine("the clocks agree")


def is_loopback(url: str) -> bool:
    """Whether an address leads to this very machine."""
    return bool(re.match(r"[a-z]+://(localhost|127\.[0-9.]+|\[::1\])([:/]|$)", url))


def sentence(error: PbxError) -> str:
    """Its text, without asyncio's words for "connection refused", which only repeat the address."""
    return re.sub(r" \(Connect call failed .*\)\)", "", str(error).strip()) or type(error).__name__
