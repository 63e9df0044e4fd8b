"""What a queue has decided for those who wait in it. Durations are seconds; texts are by language, complete."""

from collections.abc import Mapping
from enum import Enum

import msgspec

from acd.model import QueueName
from ivr.flow.settings import FlowName

Texts = Mapping[str, str]
"""Language to what is said."""


class Announcements(msgspec.Struct, frozen=True):
    """What is said into the music."""

    every: float = 30.0
    """Music between the end of one announcement and the beginning of the next."""
    messages: tuple[Texts, ...] = ()
    """In turn, and again from the first."""
    position: bool = False
    """Say his place at entry, and again whenever it has become better."""
    estimate: bool = False
    """Say how long he will wait, at entry and whenever that has changed; nothing, while too little is known."""


class Whisper(msgspec.Struct, frozen=True):
    """What an agent who has answered is told before he hears the caller, who hears nothing of it."""

    text: str = ""
    """With the slots `{queue}` and `{wait}`; empty: nothing is said."""
    queue: str = ""
    """What the queue is called in this language."""
    language: str = "en"


# -- ways out ----------------------------------------------------------------------------------------------------------


class ToQueue(msgspec.Struct, frozen=True, tag="queue"):
    """He waits in another queue, as one who came when he came to this one."""

    queue: QueueName


class ToFlow(msgspec.Struct, frozen=True, tag="flow"):
    """He talks with a flow."""

    flow: FlowName


class Goodbye(msgspec.Struct, frozen=True, tag="goodbye"):
    """A last sentence, then the end."""

    texts: Texts = {}
    """Empty: that nobody is there."""


class LaterCallback(msgspec.Struct, frozen=True, tag="callback"):
    """His number is kept, he is told so, and it is the end."""


WayOut = ToQueue | ToFlow | Goodbye | LaterCallback


# -- rules -------------------------------------------------------------------------------------------------------------


class Waited(msgspec.Struct, frozen=True, tag="waited"):
    """He has waited for so long."""

    seconds: float


class LongestWait(msgspec.Struct, frozen=True, tag="longest_wait"):
    """Somebody has waited for so long."""

    seconds: float


class Length(msgspec.Struct, frozen=True, tag="length"):
    """So many are before him."""

    callers: int


class PerAgent(msgspec.Struct, frozen=True, tag="per_agent"):
    """He and those before him are more than so many for each agent who is logged in. Without any it says nothing."""

    callers: float


class EstimatedWait(msgspec.Struct, frozen=True, tag="estimated_wait"):
    """As likely as not he will wait so long from now on. While too little is known it says nothing."""

    seconds: float


class Staff(Enum):
    """Whom a queue may lack."""

    LOGGED_IN = "logged_in"
    READY = "ready"
    """Ready, or with a call: neither logged out nor on a break."""


class Nobody(msgspec.Struct, frozen=True, tag="nobody"):
    """Nobody of those who could ever serve him is there."""

    staff: Staff


class Closed(msgspec.Struct, frozen=True, tag="closing"):
    """The queue's hours are over."""


Condition = Waited | LongestWait | Length | PerAgent | EstimatedWait | Nobody | Closed


class Rule(msgspec.Struct, frozen=True):
    """Who waits no more: for whom all conditions hold."""

    when: tuple[Condition, ...]
    way_out: WayOut
    entry_only: bool = False
    """Asked when he enters, and then never again."""


class WaitingPlan(msgspec.Struct, frozen=True):
    """All of it, for one queue."""

    announcements: Announcements = Announcements()
    keys: Mapping[str, WayOut] = {}
    """What a caller's key leads to."""
    rules: tuple[Rule, ...] = ()
    """The first that holds counts; behind them come those of `max_wait` and `tell_if_nobody`."""
    whisper: Whisper = Whisper()
