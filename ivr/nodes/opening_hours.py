"""Goes one way while the centre is open, and another one while it is closed."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from ivr.flow.node import Around, Deciding, Decision, Way
from ivr.flow.settings import NodeId, NodeRef

HoursRef = Annotated[str, Meta(title="the name of opening hours of the centre", extra={"name_of": "hours"})]


class HoursNode(Deciding, frozen=True, tag="hours"):
    """By the clock on the wall of the hours' zone."""

    hours: HoursRef
    open: NodeRef
    closed: NodeRef
    holiday: NodeRef = NodeId("")
    """On a date on which it is closed all day; as `closed`, if nothing is said."""

    def ways(self) -> Iterator[Way]:
        """One for each."""
        yield from (Way("open", self.open), Way("closed", self.closed))
        if self.holiday:
            yield Way("holiday", self.holiday)

    def decide(self, around: Around) -> Decision:
        """By the hours as they are now."""
        hours = around.hours[self.hours]
        if hours.is_open(around.now):
            return Decision("open")
        return Decision("holiday" if self.holiday and hours.is_holiday(around.now) else "closed")
