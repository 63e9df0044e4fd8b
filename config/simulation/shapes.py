"""What a scenario's file may hold (`callwright simulate --day`); docs/simulation.md explains it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from config.center_shapes import Day, Id, Number, Times
from config.simulation.distributions import Distribution, Exponential, Fixed, Lognormal, Patience

EntryPointRef = Annotated[Number, Meta(title="a number of the centre", extra={"name_of": "entry_point"})]
QueueRef = Annotated[str, Meta(title="the name of a queue", extra={"name_of": "queue"})]
AgentRef = Annotated[str, Meta(title="the name of an agent", extra={"name_of": "agent"})]
ReasonRef = Annotated[str, Meta(title="a reason for a break", extra={"name_of": "break_reason"})]
Count = Annotated[float, Meta(title="calls in an interval, on average", ge=0, le=1_000_000)]
Time = Annotated[str, Meta(title='a time such as "09:00"', pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Minutes = Annotated[int, Meta(title="minutes", ge=5, le=240)]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class CallsEntry(_Entry, frozen=True):
    """One sort of call."""

    arrivals: Count | Annotated[dict[Time, Count], Meta(title="calls in an interval, from each time on", min_length=1)]
    entry_point: EntryPointRef = ""
    """The first that leads to the queue, if nothing is said."""
    queue: QueueRef = ""
    """The first that the number leads to, if nothing is said."""
    patience: Patience = Exponential(180.0)
    talk: Distribution = Lognormal(180.0, 0.9)
    wrap_up: Distribution = Exponential(20.0)


class ShiftEntry(_Entry, frozen=True):
    """Who works when."""

    agents: Annotated[tuple[AgentRef, ...], Meta(title="a list of agents")] = ()
    """Everybody, if nothing is said."""
    hours: Times = ""
    """Those of the whole day, if nothing is said."""
    breaks: Annotated[dict[ReasonRef, Times], Meta(title="breaks with their times")] = {}


class ScenarioFile(_Entry, frozen=True):
    """A day."""

    calls: Annotated[dict[Id, CallsEntry], Meta(title="at least one sort of call", min_length=1)]
    day: Day = "2027-03-01"
    hours: Times = "08:00-18:00"
    interval: Minutes = 30
    shifts: Annotated[dict[Id, ShiftEntry], Meta(title="shifts")] = {}
    """Everybody, all day, if nothing is said."""
    answer_after: Distribution = Fixed(3.0)
    """From the ring to the agent's answer."""
    missed: Annotated[float, Meta(title="a share of the rings", ge=0, lt=1)] = 0.0
    """How often an agent lets a call ring out."""
    back_after: Annotated[float, Meta(title="seconds", ge=0, le=3600)] = 30.0
    """Until an agent who did says Ready again."""
    lines: Annotated[int, Meta(title="calls at a time", ge=0, le=1_000_000)] = 0
    """That the trunk carries; 0: any number."""
