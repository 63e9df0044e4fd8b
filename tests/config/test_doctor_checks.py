"""What the doctor makes of what it has seen: facts in, findings out, no Asterisk."""

from __future__ import annotations

import calendar
import io
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from config.center_file import load_center
from config.doctor.check_ami import functions_of
from config.doctor.check_dialplan import CHANNELVARS, music_function
from config.doctor.check_machine import check_database, check_machine, check_settings
from config.doctor.check_pbx import ARI_MODULES, BROWSER_MODULES, MODULES, OPUS, parse_version
from config.doctor.check_phones import context_function, phones_of, webrtc_function
from config.doctor.check_recording import SPOOL, messages_are_left
from config.doctor.examine import judge_pbx
from config.doctor.facts import DatabaseFacts, MachineFacts, PbxFacts
from config.doctor.findings import Finding, Findings, Level, listed, worst
from config.doctor.show import as_text, show, verdict
from config.settings import Ami, Ari, Pbx, Settings, Web
from cti.asterisk.dialplan import Step
from cti.edge.errors import (
    AriMissing,
    ConnectionBroken,
    NoAnswer,
    NotAsterisk,
    NothingListens,
    PbxError,
    TooOld,
    WrongPassword,
)
from cti.edge.inspection import AmiFacts, AriFacts
from cti.edge.recording_trial import RecordingTrial
from ivr.flow.settings import FlowName
from ivr.nodes.record import RecordNode

NOVEMBER_2026 = float(calendar.timegm((2026, 11, 21, 0, 0, 0)))
PLAN = load_center(Path(__file__).resolve().parents[2] / "config" / "demo" / "center.yaml")
PHONES = [(phone.endpoint, phone.kind.value) for agent in PLAN.agents.values() for phone in agent.phones]
PBX = Pbx(name="pbx1", ari=Ari(password="a"), phone_socket="ws://127.0.0.1:8088/ws")
SETTINGS = Settings(pbx=(PBX,), sip_passwords={name.partition("/")[2]: "p" for name, _ in PHONES})
EVERY_MODULE = frozenset(
    f"{name}.so" for group, _ in (*MODULES, *BROWSER_MODULES, (ARI_MODULES, ""), (OPUS, "")) for name in group
) | {"func_pjsip_endpoint.so"}
ARI = AriFacts(
    version="22.10.1+dfsg",
    entity="02:00",
    clock_ahead=-0.4,
    modules=EVERY_MODULE,
    applications=frozenset(),
    phones={endpoint: True for endpoint, _ in PHONES} | {"PJSIP/trunk": True},
)
READ, *FILTERS = functions_of("callwright")
VALUES = {
    READ: "system,call",
    FILTERS[0]: "Event: DeviceStateChange",
    FILTERS[1]: "Event: PeerStatus",
    FILTERS[2]: "!Device: Queue:",
    CHANNELVARS: "CALLWRIGHT, CALLWRIGHT_ENTERED",
    music_function("default"): "files",
    context_function("PJSIP/trunk"): "in",
    **{context_function(endpoint): "phones" for endpoint, _ in PHONES},
    **{webrtc_function(endpoint): "yes" if kind == "browser" else "no" for endpoint, kind in PHONES},
}
NUMBERS = (
    Step("in", "1000", 1, "Stasis", "callwright,in"),
    Step("in", "1000", 2, "Queue", "fallback"),
    Step("phones", "1000", 1, "Stasis", "callwright,in"),
)
TRANSFER = Step("callwright-transfer", "_[+0-9*#]!", 1, "Dial", "Local/${EXTEN}@callwright-outside,45", "out")
OUTSIDE = Step("callwright-outside", "_[+0-9*#]!", 1, "Dial", "PJSIP/${EXTEN}@trunk")
DIALPLAN = (*NUMBERS, TRANSFER, OUTSIDE)
REPORTING = frozenset({"system", "call", "reporting", "all"})
AMI = AmiFacts(
    "11.0.0",
    {"DeviceStateList": REPORTING, "PJSIPNotify": REPORTING},
    clock_ahead=0.01,
    values=VALUES,
    dialplan=DIALPLAN,
    answers=True,
)
GOOD = PbxFacts(
    settings=PBX, wanted=SETTINGS, plan=PLAN, ari=ARI, ami=AMI, now=NOVEMBER_2026, recording=RecordingTrial.WORKS
)


def _facts(ari: AriFacts | PbxError = ARI, ami: AmiFacts | PbxError = AMI, **other: object) -> PbxFacts:
    return msgspec.structs.replace(GOOD, ari=ari, ami=ami, **other)


def _ari(**changes: object) -> PbxFacts:
    return _facts(ari=msgspec.structs.replace(ARI, **changes))


def _ami(**changes: object) -> PbxFacts:
    return _facts(ami=msgspec.structs.replace(AMI, **changes))


def _wrong(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level is not Level.FINE]


def test_a_good_one_is_fine() -> None:
    found = judge_pbx(GOOD)
    assert not _wrong(found)
    assert all(finding.mend == "" for finding in found)


BAD: list[tuple[str, PbxFacts, Level, str]] = [
    ("silent", _facts(ari=NothingListens("nothing listens at X")), Level.ERROR, "nothing listens at X"),
    ("ari off", _facts(ari=AriMissing("its ARI is not loaded")), Level.ERROR, "its ARI is not loaded"),
    ("password", _facts(ari=WrongPassword("does not accept")), Level.ERROR, "does not accept"),
    ("old", _facts(ari=TooOld("is 18.26.1; Callwright needs 20 or later")), Level.ERROR, "needs 20 or later"),
    ("stranger", _facts(ari=NotAsterisk("is not Asterisk")), Level.ERROR, "is not Asterisk"),
    ("slow", _facts(ari=NoAnswer("no answer")), Level.ERROR, "no answer"),
    ("broken", _facts(ari=ConnectionBroken("broke")), Level.ERROR, "broke"),
    ("no ami", _facts(ami=NothingListens("no AMI listens")), Level.ERROR, "no AMI listens"),
    ("ami password", _facts(ami=WrongPassword("no such secret")), Level.ERROR, "no such secret"),
    ("ami stranger", _facts(ami=NotAsterisk("does not greet")), Level.ERROR, "does not greet"),
    ("ami slow", _facts(ami=NoAnswer("no answer")), Level.ERROR, "no answer"),
    ("ami broken", _facts(ami=ConnectionBroken("broke")), Level.ERROR, "broke"),
    ("snapshot", _ari(version="GIT-22-97b4df1f63"), Level.WARNING, "says nothing about its age"),
    ("ended series", _ari(version="21.12.0"), Level.WARNING, "no security fixes since 2026-10-18"),
    ("fault", _ari(version="20.15.1"), Level.WARNING, "CVE-2025-57767"),
    (
        "fault of a module",
        _ari(version="20.15.2", modules=EVERY_MODULE - {"bridge_simple.so"}),
        Level.ERROR,
        "two people who are connected would not hear each other",
    ),
    ("no stasis", _ari(modules=EVERY_MODULE - {"res_stasis.so"}), Level.ERROR, "not loaded res_stasis, without"),
    ("no srtp", _ari(modules=EVERY_MODULE - {"res_srtp.so"}), Level.ERROR, "browser telephones have no sound"),
    ("no opus", _ari(modules=EVERY_MODULE - {f"{m}.so" for m in OPUS}), Level.WARNING, "no codec for Opus"),
    ("other process", _ari(applications=frozenset({"callwright"})), Level.WARNING, "pushed out"),
    ("fast clock", _ami(clock_ahead=2.1), Level.ERROR, "2.1 s ahead of ours"),
    ("slow clock", _ami(clock_ahead=-3600.0), Level.ERROR, "3600.0 s behind ours"),
    ("phones", _ari(phones={"PJSIP/anna": True, "PJSIP/trunk": True}), Level.ERROR, "does not know PJSIP/anna-web"),
    ("no answers", _ami(answers=False, values={}, dialplan=()), Level.ERROR, "may not ask questions"),
    ("agi", _ami(actions={"AGI": frozenset({"agi"}), "PJSIPNotify": REPORTING}), Level.WARNING, "(agi)"),
    ("no click", _ami(actions={"DeviceStateList": REPORTING}), Level.WARNING, "cannot be answered by a click"),
    ("read", _ami(values=VALUES | {READ: "call"}), Level.ERROR, "may not read system"),
    ("filter", _ami(values=VALUES | {FILTERS[1]: ""}), Level.WARNING, "does not get PeerStatus"),
    ("no filter", _ami(values=VALUES | dict.fromkeys(FILTERS, "")), Level.WARNING, "gets every event"),
    ("channelvars", _ami(values=VALUES | {CHANNELVARS: "A"}), Level.ERROR, "does not name CALLWRIGHT and"),
    ("no folder", _facts(recording=RecordingTrial.NO_FOLDER), Level.ERROR, "no folder /var/spool/asterisk/recording"),
    ("full disk", _facts(recording=RecordingTrial.NOT_WRITTEN), Level.ERROR, "can write nothing to /var/spool"),
    ("kept back", _facts(recording=RecordingTrial.NOT_READ), Level.ERROR, "does not give the file out"),
    ("odd", _facts(recording=NoAnswer("no answer within 2 s")), Level.ERROR, "cannot be seen: no answer within 2 s"),
    (
        "its own spool",
        msgspec.structs.replace(_ami(values=VALUES | {SPOOL: "/srv/"}), recording=RecordingTrial.NO_FOLDER),
        Level.ERROR,
        "no folder /srv/recording",
    ),
    ("music", _ami(values=VALUES | {music_function("default"): ""}), Level.WARNING, "wait in silence"),
    ("no stasis in dialplan", _ami(dialplan=()), Level.ERROR, "there is no Stasis(callwright)"),
    ("no transfers", _ami(dialplan=NUMBERS), Level.ERROR, "the dialplan cannot put callers through to"),
    (
        "another label",
        _ami(dialplan=(*NUMBERS, msgspec.structs.replace(TRANSFER, label="x"))),
        Level.ERROR,
        "no extension for that with the label 'out'",
    ),
    (
        "no way outside",
        _ami(dialplan=(*NUMBERS, TRANSFER, msgspec.structs.replace(OUTSIDE, exten="7"))),
        Level.WARNING,
        "nothing says how",
    ),
    (
        "no fallback",
        _ami(dialplan=(*NUMBERS[:1], *DIALPLAN[3:])),
        Level.ERROR,
        "no fallback behind Stasis() for 1000",
    ),
    ("wrong context", _ami(dialplan=DIALPLAN[2:]), Level.ERROR, "does not lead 1000 to Callwright in the context in"),
    ("phone socket", _facts(phone_socket_trouble="it answers 404"), Level.ERROR, "it answers 404"),
    (
        "no sip passwords",
        _facts(wanted=msgspec.structs.replace(SETTINGS, sip_passwords={})),
        Level.ERROR,
        "no password for the browser telephones PJSIP/anna-web",
    ),
    (
        "ari in the clear",
        _facts(settings=msgspec.structs.replace(PBX, ari=Ari(url="http://10.1.2.3:8088"))),
        Level.WARNING,
        "in the clear",
    ),
    (
        "ami in the clear",
        _facts(settings=msgspec.structs.replace(PBX, ami=Ami(host="10.1.2.3"))),
        Level.WARNING,
        "AMI's password travels in the clear",
    ),
    (
        "phones in the clear",
        _facts(settings=msgspec.structs.replace(PBX, phone_socket="ws://pbx.example.com/ws")),
        Level.WARNING,
        "without TLS",
    ),
    (
        "no phone socket",
        _facts(settings=msgspec.structs.replace(PBX, phone_socket="")),
        Level.WARNING,
        "do not say where it registers",
    ),
    (
        "nobody here",
        _facts(
            settings=msgspec.structs.replace(PBX, name="pbx2"),
            ami=msgspec.structs.replace(AMI, actions={"DeviceStateList": REPORTING}),
        ),
        Level.WARNING,
        "no agent",
    ),
]


@pytest.mark.parametrize(("facts", "level", "words"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_each_fault_is_told_once_and_with_a_remedy(facts: PbxFacts, level: Level, words: str) -> None:
    (finding,) = _wrong(judge_pbx(facts))
    assert words in finding.what
    assert finding.level is level
    assert len(finding.mend) > 20
    assert finding.part == facts.settings.name


def test_without_a_plan_less_is_said() -> None:
    assert not _wrong(judge_pbx(_facts(plan=None)))


def test_recording_is_tried_where_a_flow_wants_it() -> None:
    assert messages_are_left(PLAN)
    assert messages_are_left(None)
    welcome = PLAN.flows[FlowName("welcome")]
    nodes = {name: node for name, node in welcome.nodes.items() if not isinstance(node, RecordNode)}
    plain = {welcome.name: msgspec.structs.replace(welcome, nodes=nodes)}
    assert not messages_are_left(msgspec.structs.replace(PLAN, flows=plain))
    assert not _wrong(judge_pbx(_facts(recording=None)))


def test_without_ami_the_clock_is_read_from_http() -> None:
    slow = _facts(ari=msgspec.structs.replace(ARI, clock_ahead=-2.9), ami=NothingListens("no AMI listens"))
    assert len(_wrong(judge_pbx(slow))) == 1, "HTTP tells whole seconds"
    slower = _facts(ari=msgspec.structs.replace(ARI, clock_ahead=-3.5), ami=NothingListens("no AMI listens"))
    assert len(_wrong(judge_pbx(slower))) == 2


def test_our_own_process_is_no_stranger() -> None:
    ours = _facts(ari=msgspec.structs.replace(ARI, applications=frozenset({"callwright"})), we_run=True)
    assert not _wrong(judge_pbx(ours))


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("22.10.1+dfsg+~cs6", (22, 10, 1)),
        ("22.7.0-rc1", (22, 7, 0)),
        ("20.9", (20, 9, 0)),
        ("certified/20.7-cert5", (20, 7, 0)),
        ("GIT-22-97b4df1f63", None),
        ("", None),
    ],
)
def test_versions(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (MachineFacts({"espeak-ng": False, "sox": False}, "/p"), "espeak-ng and sox are not installed"),
        (MachineFacts({"sox": False}, "/p"), "sox is not installed"),
        (
            MachineFacts({}, "/p", voices={"en": "", "zh": "piper took more than 20 s"}),
            "no voice speaks zh as it should",
        ),
        (MachineFacts({}, "/p", prompts_trouble="we may not write to /"), "we may not write to /"),
        (MachineFacts({}, "/p", data_trouble="we may not write to /", prompts_trouble="we may not write to /"), "data"),
        (MachineFacts({}, "/p", page_built=False), "the web page is not built"),
        (MachineFacts({}, "/p", address_trouble="port 80: Permission denied"), "Permission denied"),
        (MachineFacts({}, "/p", free_bytes=5 << 20), "only 5 MB are free"),
    ],
)
def test_the_machine(facts: MachineFacts, words: str) -> None:
    found = Findings("this machine")
    check_machine(SETTINGS, facts, found)
    (finding,) = found.all
    assert words in finding.what
    assert finding.mend


@pytest.mark.parametrize(
    ("settings", "open_", "words"),
    [
        (Settings(), False, "name no PBX"),
        (SETTINGS, True, "everybody on this machine can read"),
        (Settings(pbx=(PBX,), web=Web(host="192.0.2.1")), False, "without TLS (http://192.0.2.1)"),
        (Settings(pbx=(PBX,), web=Web(public_url="http://calls.example.com")), False, "without TLS"),
    ],
)
def test_the_settings(settings: Settings, open_: bool, words: str) -> None:
    found = Findings("files")
    check_settings(settings, MachineFacts({}, "/p", settings_open_to_others=open_), found)
    (finding,) = found.all
    assert words in finding.what


@pytest.mark.parametrize(
    ("facts", "level", "words"),
    [
        (DatabaseFacts("db"), Level.FINE, "db answers"),
        (DatabaseFacts("db", new=True), Level.FINE, "will be made"),
        (DatabaseFacts("db", "db: password authentication failed", misconfigured=True), Level.ERROR, "cannot be used"),
        (
            DatabaseFacts("db", "we may not write to /d", misconfigured=True, new=True),
            Level.ERROR,
            "cannot be made: we",
        ),
        (DatabaseFacts("db", "db: connection refused"), Level.ERROR, "does not answer"),
    ],
)
def test_the_database(facts: DatabaseFacts, level: Level, words: str) -> None:
    found = Findings("database")
    check_database(facts, found)
    (finding,) = found.all
    assert finding.level is level
    assert words in finding.what


def test_lists_are_short_enough_to_read() -> None:
    assert listed([]) == ""
    assert listed(["b"]) == "b"
    assert listed(["b", "a"]) == "a and b"
    assert listed("dcba") == "a, b, c and d"
    assert listed("abcdefgh") == "a, b, c, d, e and 3 more"


def test_findings_as_a_person_and_a_pipe_see_them() -> None:
    findings = [*Findings("x").all, Finding(Level.ERROR, "pbx1", "nothing listens", "start Asterisk")]
    findings.append(Finding(Level.WARNING, "pbx1", "it is old", "upgrade it"))
    assert as_text(findings).splitlines() == [
        "error: pbx1: nothing listens",
        "    to mend it: start Asterisk",
        "warning: pbx1: it is old",
        "    to mend it: upgrade it",
        "1 error and 1 warning.",
    ]
    screen = io.StringIO()
    show(findings, Console(file=screen, width=60))
    assert "✗ Nothing listens" in screen.getvalue()
    assert "Start Asterisk." in screen.getvalue()
    assert verdict([]) == "All well."
    assert worst(findings) is Level.ERROR


def test_every_module_that_is_asked_for_has_a_meaning() -> None:
    assert {phone.endpoint for phone in phones_of(GOOD)} == {endpoint for endpoint, _ in PHONES}
    assert all(harm for _, harm in (*MODULES, *BROWSER_MODULES))
