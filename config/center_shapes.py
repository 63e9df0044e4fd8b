"""What `center.yaml` may hold. The structs here are the description that the file is checked against and that the
published JSON Schema (`center.schema.json`) is made of; `docs/center-file.md` explains them to administrators.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ivr.flow.numbers import NumberName, NumberPattern
from ivr.flow.settings import Language, Seconds
from ivr.nodes.to_queue import Needs

Id = Annotated[str, Meta(title="a short name: small letters, digits, `_`, `-`", pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
SkillRef = Annotated[str, Meta(title="the name of a skill", extra={"name_of": "skill"})]
FlowRef = Annotated[str, Meta(title="the name of a flow", extra={"name_of": "flow"})]
HoursRef = Annotated[str, Meta(title="the name of opening hours, or `always`", extra={"name_of": "hours"})]
LanguageTag = Annotated[
    str, Meta(title="a language such as en or zh (BCP 47)", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
]
Name = Annotated[str, Meta(title="a name that people read", min_length=1, max_length=80)]
Number = Annotated[
    str, Meta(title='a telephone number as it is dialled, such as "1000"', pattern=r"^\+?[0-9*#]{1,20}$")
]
Level = Annotated[int, Meta(title="a level of skill", ge=1, le=10)]
RingSeconds = Annotated[float, Meta(title="seconds", ge=3, le=120)]
WrapUpCode = Annotated[str, Meta(title="a wrap-up code", min_length=1, max_length=40)]
BreakReason = Annotated[str, Meta(title="a reason for a break", min_length=1, max_length=40)]
Pause = Annotated[float, Meta(title="seconds", ge=1, le=3600)]
MissWord = Annotated[Literal["no_answer", "declined", "busy", "unreachable"], Meta(title="way to miss a call")]
ConsequenceWord = Annotated[Literal["not_ready", "ready"], Meta(title="consequence: `not_ready`, `ready`, or seconds")]
RingWord = Annotated[Literal["one", "all"], Meta(title="way to ring: `one`, `all`, or seconds")]
OpenWord = Annotated[Literal["open"], Meta(title="length of wrap-up: seconds, or `open`")]
Zone = Annotated[str, Meta(title="a time zone such as Europe/Berlin", min_length=1)]
Days = Annotated[
    str,
    Meta(
        title="a day or days, such as sat or mon-fri",
        pattern=r"^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$",
    ),
]
Times = Annotated[
    str,
    Meta(
        title='times such as "09:00-17:30", the end not included, 24:00 being midnight',
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
    ),
]
Day = Annotated[str, Meta(title="a date such as 2027-12-25", pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Endpoint = Annotated[
    str, Meta(title="a phone as Asterisk calls it, such as PJSIP/anna", pattern=r"^PJSIP/[A-Za-z0-9_-]{1,80}$")
]
Node = Annotated[str, Meta(title="the name of a PBX: letters, digits, `-`", pattern=r"^[A-Za-z0-9-]{1,32}$")]
Music = Annotated[str, Meta(title="a class of music on hold", pattern=r"^[A-Za-z0-9_-]{1,80}$")]
File = Annotated[str, Meta(title="a file, seen from this one", min_length=1)]
Text = Annotated[str, Meta(title="words to say", min_length=1, max_length=2000)]
Texts = Annotated[dict[Language, Text], Meta(title="what is said, by language")]
Preset = Annotated[
    Literal[
        "least_busy",
        "longest_idle",
        "most_skilled",
        "fewest_calls",
        "least_talk",
        "round_robin",
        "fixed_order",
        "random",
    ],
    Meta(title="order of preference"),
]
PartWord = Annotated[
    Literal[
        "fit_best",
        "fit_nearest",
        "scarcity",
        "load",
        "occupancy",
        "longest_idle",
        "longest_ready",
        "fewest_calls",
        "least_talk",
        "round_robin",
        "fixed_order",
        "shuffled",
    ],
    Meta(title="part of an order of preference"),
]
QueueRef = Annotated[str, Meta(title="the name of a queue", extra={"name_of": "queue"})]
Key = Annotated[str, Meta(title='a key such as "1"', pattern=r"^[0-9*#]$")]
Patience = Annotated[float, Meta(title="seconds", gt=0, le=86_400)]
WayOutWord = Annotated[Literal["queue", "flow", "goodbye", "callback"], Meta(title="way out")]
StaffWord = Annotated[Literal["no", "logged_in", "ready"], Meta(title="kind of staff")]
PhoneKindWord = Annotated[Literal["desk", "browser"], Meta(title="kind of phone")]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class EntryPointEntry(_Entry, frozen=True):
    """A number that customers dial."""

    name: Name
    flow: FlowRef
    hours: HoursRef = "always"
    closed_flow: FlowRef = ""
    """Outside the hours."""
    language: Language = ""
    """The first of the centre's languages, if nothing is said."""
    requires: Needs = "any"
    """Beside what the queue asks for."""


class HoursEntry(_Entry, frozen=True):
    """Opening hours."""

    open: Annotated[dict[Days, Annotated[tuple[Times, ...], Meta(title="a list of times")]], Meta(title="days")]
    zone: Zone = ""
    """The centre's, if nothing is said."""
    closed: Annotated[tuple[Day, ...], Meta(title="a list of dates")] = ()
    """Holidays."""


class PreferredEntry(_Entry, frozen=True):
    """Agents whom a customer knows."""

    who: Annotated[Literal["last_agent", "owner", "both"], Meta(title="kind of agent whom a customer knows")]
    wait: Seconds = 20.0
    """How long a caller waits for such an agent who is busy."""


class WayOutEntry(_Entry, frozen=True):
    """Where a caller goes who leaves a queue."""

    to: WayOutWord
    queue: QueueRef = ""
    flow: FlowRef = ""
    say: Texts = {}
    """Of a goodbye; what the centre usually says, if nothing is said here."""


class WhenEntry(_Entry, frozen=True):
    """For whom a rule holds: all of it must be so."""

    waited: Patience = 0.0
    longest_wait: Patience = 0.0
    length: Annotated[int, Meta(title="callers", ge=1, le=100_000)] = 0
    per_agent: Annotated[float, Meta(title="callers for each agent", gt=0, le=1000)] = 0.0
    estimated_wait: Patience = 0.0
    nobody: StaffWord = "no"
    closing: bool = False


class RuleEntry(WayOutEntry, frozen=True, kw_only=True):
    """A rule that sends callers out of a queue."""

    when: WhenEntry
    at: Annotated[Literal["entry", "always"], Meta(title="time")] = "always"


class QueueEntry(_Entry, frozen=True):
    """A queue and its rules. Durations are seconds."""

    label: Annotated[dict[Language, Name], Meta(title="what people call it, by language")] = {}
    requires: Needs = "any"
    prefers: Preset | Annotated[tuple[PartWord, ...], Meta(title="a list of parts", min_length=1)] = "least_busy"
    preferred: PreferredEntry | None = None
    strict_class: Annotated[int, Meta(title="a whole number", ge=0, le=99)] = 0
    weight: Annotated[float, Meta(title="a number", ge=0, le=1000)] = 0.0
    ring_timeout: RingSeconds = 15.0
    ring: RingWord | Annotated[float, Meta(title="seconds", ge=1, le=60)] = "one"
    """One phone after another, all at once, or one more every so many seconds."""
    wrap_up: OpenWord | Seconds = 30.0
    """`open`: the agent says when it is over."""
    wrap_up_extension: Annotated[float, Meta(title="seconds", ge=5, le=3600)] = 60.0
    """So much more time an agent gets when he asks for it."""
    wrap_up_extensions: Annotated[int, Meta(title="a whole number", ge=0, le=20)] = 1
    """So often for one call."""
    wrap_up_codes: Annotated[tuple[WrapUpCode, ...], Meta(title="a list of wrap-up codes")] = ()
    """Those of the centre, if nothing is said."""
    ask_solved: bool = False
    """Agents say in their wrap-up whether the matter is settled."""
    music: Music = "default"
    head_start: Annotated[float, Meta(title="seconds", ge=0, le=3600)] = 0.0
    short_abandon: Seconds = 5.0
    service_level: Seconds = 20.0
    max_wait: Annotated[float, Meta(title="seconds", ge=10, le=86_400)] = 1800.0
    group: Annotated[str, Meta(title="the name of a group of queues", max_length=80)] = ""
    """For reports: queues of one group are about one matter. Its own, if nothing is said."""
    grace: Annotated[float, Meta(title="seconds", ge=0, le=3600)] = 0.0
    tell_if_nobody: bool = True
    optional: bool = False
    """Its agents may leave it, and join it again, themselves."""
    pull: bool = False
    """Its agents see who waits, and may take one out of turn."""
    survey: FlowRef = ""
    """The flow that asks its callers how it was, when the agent has hung up; empty: none does."""
    messages: Annotated[tuple[Texts, ...], Meta(title="a list of messages")] = ()
    """Said into the music, in turn."""
    every: Annotated[float, Meta(title="seconds", ge=5, le=3600)] = 30.0
    """Of music between two announcements."""
    position: bool = False
    """Callers are told their place."""
    estimate: bool = False
    """Callers are told how long they will wait."""
    whisper: bool | Texts = False
    """An agent who has answered is told whose call it is, and how long the caller has waited."""
    keys: Annotated[dict[Key, WayOutEntry], Meta(title="keys with ways out")] = {}
    """What a caller who waits may press."""
    overflow: Annotated[tuple[RuleEntry, ...], Meta(title="a list of rules")] = ()
    """Who waits no more; the first that holds counts."""
    hours: HoursRef = "always"
    """For its rules."""


class PhoneEntry(_Entry, frozen=True):
    """A phone of an agent."""

    endpoint: Endpoint
    node: Node = ""
    """The centre's `pbx`, if nothing is said."""
    click_to_answer: bool = False
    """It obeys SIP NOTIFY `Event: talk`, so the desktop may answer it."""
    ring_when_busy: bool = False
    """It is rung though it is in use, as a phone that several people share."""


class AgentEntry(_Entry, frozen=True):
    """An agent."""

    name: Name
    phones: Annotated[dict[PhoneKindWord, PhoneEntry], Meta(title="a desk or a browser phone", min_length=1)]
    skills: Annotated[dict[SkillRef, Level], Meta(title="skills with their levels")] = {}
    team: Annotated[str, Meta(title="the name of a team", max_length=80)] = ""
    """For reports."""
    capacity: Annotated[int, Meta(title="a whole number", ge=1, le=10)] = 1
    """Calls that he may have at once."""


class BreakEntry(_Entry, frozen=True):
    """A reason for a break that has a limit."""

    reason: BreakReason
    limit: Annotated[float, Meta(title="seconds", ge=10, le=86_400)]


class SupervisorEntry(_Entry, frozen=True):
    """A supervisor."""

    name: Name


class CenterFile(_Entry, frozen=True):
    """What a company has decided about its centre."""

    name: Name
    zone: Zone
    """Its days begin and end there."""
    languages: Annotated[tuple[LanguageTag, ...], Meta(title="a list of languages", min_length=1)]
    entry_points: Annotated[dict[Number, EntryPointEntry], Meta(title="at least one number", min_length=1)]
    flows: Annotated[dict[Id, File], Meta(title="at least one flow", min_length=1)]
    queues: Annotated[dict[Id, QueueEntry], Meta(title="at least one queue", min_length=1)]
    skills: Annotated[tuple[Id, ...], Meta(title="a list of skills")] = ()
    agents: Annotated[dict[Id, AgentEntry], Meta(title="agents")] = {}
    supervisors: Annotated[dict[Id, SupervisorEntry], Meta(title="supervisors")] = {}
    hours: Annotated[dict[Id, HoursEntry], Meta(title="opening hours by name")] = {}
    transfer_numbers: Annotated[dict[NumberName, NumberPattern], Meta(title="telephone numbers by name")] = {}
    """To which flows may put callers through."""
    pbx: Node = "pbx1"
    """Where phones are registered that do not say otherwise."""
    break_reasons: Annotated[tuple[BreakReason | BreakEntry, ...], Meta(title="a list of reasons")] = (
        "break",
        "lunch",
        "training",
    )
    after_miss: Annotated[dict[MissWord, ConsequenceWord | Pause], Meta(title="what follows a missed call")] = {}
    """By how it was missed; `not_ready`, if nothing is said."""
    voicemail_days: Annotated[int, Meta(title="a number of days", ge=1, le=3650)] = 90
    log_out_after: Annotated[float, Meta(title="seconds", ge=30, le=86_400)] = 300.0
    """How long an agent may be without a browser before the centre logs him out."""
    wrap_up_codes: Annotated[tuple[WrapUpCode, ...], Meta(title="a list of wrap-up codes")] = ()
    nobody_there: Texts = {}
    not_in_service: Texts = {}
