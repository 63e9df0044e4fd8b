"""Reads `center.yaml`: what a company has decided about its centre, and the flows that it names.

`read_center` gives a plan in which every name leads somewhere, or raises `FileMistakes`, whose text tells an
administrator all that is wrong in all the files, with line, column, what was expected and the nearest valid name.
`docs/center-file.md` explains the file; `center_schema` is the same for editors that check while one types.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from acd.model import AgentId, PhoneKind, QueueName, Skill, UserId, WrapUpCode
from acd.plan import AgentPlan, CenterPlan, EntryPoint, Phone, QueuePlan, Step, SupervisorPlan
from config.center_desk import after_miss_of, break_reasons_of, check_break_reasons, ring_next_after_of
from config.center_doubts import doubts
from config.center_flows import ALWAYS, company_of, flows_by_name, hours_by_name, names_of
from config.center_hours import check_zone
from config.center_overflow import contradictory_rules
from config.center_routing import familiar_of, parts_of, steps_of
from config.center_shapes import AgentEntry, CenterFile, EntryPointEntry, QueueEntry
from config.center_source import CenterSource
from config.center_staffing import Steps, unstaffed
from config.center_survey import surveys_that_lead_on
from config.center_waiting import check_waiting, waiting_of
from config.flow_doubts import flow_doubts
from config.settings import Installed
from cti.model import Endpoint, NodeName
from ivr.files.marked_yaml import parse
from ivr.files.mistakes import FileMistakes, Mistake, instead
from ivr.files.shapes import Reader
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName
from ivr.hours import Hours
from ivr.reading.flow_file import FlowFile
from ivr.rehearsal.dialogue_file import DialogueFile

__all__ = [
    "FileMistakes",
    "center_schema",
    "dialogue_schema",
    "flow_schema",
    "load_center",
    "plan_in_force_once",
    "read_center",
]

NOTHING_KNOWN = Installed()

NOBODY_THERE = {
    "en": "All our agents have gone. Please call again later.",
    "zh": "目前没有客服人员在线，请稍后再来电。",
    "es": "En este momento no hay nadie que pueda atenderle. Por favor, llame más tarde.",
}
NOT_IN_SERVICE = {
    "en": "The number you have dialled is not in service.",
    "zh": "您拨打的号码不在服务范围内。",
    "es": "El número que ha marcado no está en servicio.",
}


def load_center(path: Path) -> CenterPlan:
    """The plan that a file describes. Raises `FileMistakes` with all that is wrong, also if it cannot be read."""
    return read_center(CenterSource(path))[0]


def plan_in_force_once(files: Mapping[str, str]) -> CenterPlan:
    """The plan of a revision that was kept. Raises `FileMistakes`.

    That its queues, agents and rules do not fit together is forgiven: a centre may have gone by them before that was a
    mistake, and what was then is to be told all the same.
    """
    return _read(CenterSource(Path(next(iter(files), "center.yaml")), files), NOTHING_KNOWN, forgiving=True)[0]


def read_center(source: CenterSource, installed: Installed = NOTHING_KNOWN) -> tuple[CenterPlan, tuple[Mistake, ...]]:
    """The plan, and what is hardly meant as it stands in the file. Raises `FileMistakes`.

    `installed`: what the settings have of what it may name.
    """
    return _read(source, installed, forgiving=False)


def _read(source: CenterSource, installed: Installed, *, forgiving: bool) -> tuple[CenterPlan, tuple[Mistake, ...]]:
    parsed = parse(source.center(), str(source.path))
    reader = Reader(str(source.path), names_of(parsed.tree))
    reader.mistakes.extend(parsed.mistakes)
    read = reader.read(parsed.tree, CenterFile)
    if read is None:
        raise FileMistakes(reader.mistakes)
    is_whole = not reader.mistakes  # else what has been left out may be what fits
    check_zone(read.zone, ("zone",), reader)
    _check_people(read, reader)
    check_break_reasons(read, reader)
    hours = hours_by_name(read, reader)
    flows, mistakes = flows_by_name(
        source, read, reader, company_of(read, names_of(parsed.tree), hours, installed.services)
    )
    nobody_there = _texts(read.nobody_there, NOBODY_THERE, read.languages, "nobody_there", reader)
    not_in_service = _texts(read.not_in_service, NOT_IN_SERVICE, read.languages, "not_in_service", reader)
    _check_entry_points(read, reader)
    steps, asked = _asked(read, reader)
    for name, queue in read.queues.items():
        check_waiting(name, queue, read, reader)
    if is_whole and not forgiving:
        for place, text in (*unstaffed(read, steps), *contradictory_rules(read, steps, flows)):
            reader.note(place, text)
    for place, text in surveys_that_lead_on(read, flows):
        reader.note(place, text)
    if installed.pbxs is not None:
        _check_pbxs(read, installed.pbxs, reader)
    if reader.mistakes or mistakes:
        raise FileMistakes([*reader.mistakes, *mistakes])
    plan = _plan(read, hours, flows, steps, asked)
    plan = replace(plan, nobody_there=nobody_there, not_in_service=not_in_service)
    return plan, (*doubts(read, plan, reader), *flow_doubts(read, plan, source))


def center_schema() -> str:
    """JSON Schema (2020-12) of `center.yaml`, as text."""
    return _schema(CenterFile, "Callwright: a centre")


def flow_schema() -> str:
    """JSON Schema (2020-12) of a flow's file, as text."""
    return _schema(FlowFile, "Callwright: a flow")


def dialogue_schema() -> str:
    """JSON Schema (2020-12) of a file of dialogues, as text."""
    return _schema(DialogueFile, "Callwright: dialogues")


def _schema(shape: type[msgspec.Struct], title: str) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    schema |= msgspec.json.schema(shape)
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


# -- what the types do not know ----------------------------------------------------------------------------------------


def _asked(read: CenterFile, reader: Reader) -> tuple[dict[QueueName, tuple[Step, ...]], dict[str, tuple[Step, ...]]]:
    """What queues ask of agents, and what numbers do."""
    steps = {
        QueueName(name): steps_of(queue.requires, ("queues", name, "requires"), read.skills, reader)
        for name, queue in read.queues.items()
    }
    asked = {
        number: steps_of(entry.requires, ("entry_points", number, "requires"), read.skills, reader)
        for number, entry in read.entry_points.items()
    }
    return steps, asked


def _check_people(read: CenterFile, reader: Reader) -> None:
    owners: dict[tuple[str, str], str] = {}
    for name, agent in read.agents.items():
        if name in read.supervisors:
            reader.note(("supervisors", name), f"{name!r} is an agent already; everybody needs a name of his own")
        for kind, phone in agent.phones.items():
            owner = owners.setdefault((phone.node or read.pbx, phone.endpoint), name)
            if owner != name:
                place = ("agents", name, "phones", kind, "endpoint")
                reader.note(place, f"{phone.endpoint} is the phone of {owner!r} already")


def _check_entry_points(read: CenterFile, reader: Reader) -> None:
    for number, entry in read.entry_points.items():
        if entry.hours != ALWAYS and not entry.closed_flow:
            text = f"`closed_flow` is missing: which flow callers hear outside the hours {entry.hours!r}"
            reader.note(("entry_points", number), text)


def _check_pbxs(read: CenterFile, pbxs: Collection[str], reader: Reader) -> None:
    for name, agent in read.agents.items():
        for kind, phone in agent.phones.items():
            node = phone.node or read.pbx
            if node not in pbxs:
                # Who has said nothing of a PBX is wrong once, in the line that says it for all.
                place = ("agents", name, "phones", kind, "node") if phone.node else ("pbx",)
                said = "`node`" if phone.node else "`pbx`"
                reader.note(place, f"the settings have no [[pbx]] named {node!r} ({said}); {instead(node, pbxs)}")


def _texts(
    said: Mapping[str, str], usual: Mapping[str, str], languages: tuple[str, ...], setting: str, reader: Reader
) -> Mapping[str, str]:
    def text(language: str) -> str:
        return said.get(language) or usual.get(language.partition("-")[0], "")

    missing = [language for language in languages if not text(language)]
    if missing:
        reader.note((setting,), f"`{setting}` is not said in {' and '.join(missing)}; the centre speaks it")
    return {language: text(language) for language in languages}


# -- from entries to plans ---------------------------------------------------------------------------------------------


def _plan(
    read: CenterFile,
    hours: Mapping[str, Hours],
    flows: Mapping[FlowName, Flow],
    steps: Steps,
    asked: Mapping[str, tuple[Step, ...]],
) -> CenterPlan:
    return CenterPlan(
        name=read.name,
        zone=read.zone,
        queues={QueueName(name): _queue(name, entry, read, steps, hours) for name, entry in read.queues.items()},
        agents={AgentId(name): _agent(name, entry, read) for name, entry in read.agents.items()},
        supervisors={UserId(name): SupervisorPlan(UserId(name), s.name) for name, s in read.supervisors.items()},
        entry_points={
            number: replace(_entry_point(number, entry, hours, read), requires=asked[number])
            for number, entry in read.entry_points.items()
        },
        flows=flows,
        transfer_numbers=read.transfer_numbers,
        skills=tuple(Skill(skill) for skill in read.skills),
        break_reasons=break_reasons_of(read),
        after_miss=after_miss_of(read),
        voicemail_days=read.voicemail_days,
        log_out_after=read.log_out_after,
    )


def _queue(
    name: str,
    entry: QueueEntry,
    read: CenterFile,
    steps: Steps,
    hours: Mapping[str, Hours],
) -> QueuePlan:
    label = next(iter(entry.label.values()), name)
    return QueuePlan(
        name=QueueName(name),
        label={language: entry.label.get(language, label) for language in read.languages},
        steps=steps[QueueName(name)],
        prefers=parts_of(entry),
        preferred=familiar_of(entry),
        preferred_wait=entry.preferred.wait if entry.preferred else 0.0,
        strict_class=entry.strict_class,
        weight=entry.weight,
        optional=entry.optional,
        pull=entry.pull,
        survey=FlowName(entry.survey),
        ring_timeout=entry.ring_timeout,
        ring_next_after=ring_next_after_of(entry),
        wrap_up=None if isinstance(entry.wrap_up, str) else entry.wrap_up,
        wrap_up_extension=entry.wrap_up_extension,
        wrap_up_extensions=entry.wrap_up_extensions,
        wrap_up_codes=tuple(WrapUpCode(code) for code in entry.wrap_up_codes or read.wrap_up_codes),
        ask_solved=entry.ask_solved,
        music=entry.music,
        head_start=entry.head_start,
        short_abandon=entry.short_abandon,
        service_level=entry.service_level,
        max_wait=entry.max_wait,
        grace=entry.grace,
        group=entry.group,
        tell_if_nobody=entry.tell_if_nobody,
        hours=hours[entry.hours],
        waiting=waiting_of(entry, entry.label.get(read.languages[0], label), read.languages[0]),
    )


def _agent(name: str, entry: AgentEntry, read: CenterFile) -> AgentPlan:
    phones = tuple(
        Phone(
            PhoneKind(kind),
            Endpoint(phone.endpoint),
            NodeName(phone.node or read.pbx),
            phone.click_to_answer,
            phone.ring_when_busy,
        )
        for kind, phone in entry.phones.items()
    )
    skills = {Skill(skill): level for skill, level in entry.skills.items()}
    return AgentPlan(AgentId(name), entry.name, skills, phones, entry.team, entry.capacity)


def _entry_point(number: str, entry: EntryPointEntry, hours: Mapping[str, Hours], read: CenterFile) -> EntryPoint:
    return EntryPoint(
        number=number,
        name=entry.name,
        flow=FlowName(entry.flow),
        hours=hours[entry.hours],
        closed_flow=FlowName(entry.closed_flow or entry.flow),
        language=entry.language or read.languages[0],
    )
