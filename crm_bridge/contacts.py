"""Gathers, while an interaction runs, what the CRM shall remember of it when it is over."""

from acd.events import CenterEvent, InteractionClosed, SegmentClosed, WrapUpChosen
from acd.model import InteractionId, InteractionOutcome
from crm_bridge.connector import Contact

MOST_OPEN = 20_000
"""Interactions of which something is known; the oldest are forgotten first, should their end never come."""

_OUTCOMES = {
    InteractionOutcome.ANSWERED: "answered",
    InteractionOutcome.SELF_SERVED: "served by the menu",
    InteractionOutcome.VOICEMAIL: "left a message",
    InteractionOutcome.TRANSFERRED: "put through to another number",
    InteractionOutcome.ABANDONED_IN_FLOW: "hung up in the menu",
    InteractionOutcome.ABANDONED_IN_QUEUE: "hung up while waiting",
    InteractionOutcome.OVERFLOWED: "waited too long",
    InteractionOutcome.CALLBACK_REQUESTED: "wants to be called back",
    InteractionOutcome.REJECTED: "not in service",
    InteractionOutcome.FAILED: "failed",
}


class _Notes:
    """What is known so far of one interaction."""

    __slots__ = ("agents", "queue", "wrap_ups")

    def __init__(self) -> None:
        self.queue = ""
        self.agents: list[str] = []
        self.wrap_ups: dict[str, tuple[str, str]] = {}


class ContactNotes:
    """Of all interactions that are not over."""

    def __init__(self) -> None:
        self._open: dict[InteractionId, _Notes] = {}

    def __len__(self) -> int:
        return len(self._open)

    def heard(self, event: CenterEvent) -> Contact | None:
        """Take note. At the end of an interaction with a known customer: the contact."""
        match event:
            case SegmentClosed():
                notes = self._notes(event.interaction)
                notes.queue = event.queue
                notes.agents += [agent for agent in event.agents if agent not in notes.agents]
            case WrapUpChosen() if not event.about:
                self._notes(event.interaction).wrap_ups[event.agent] = (event.code, event.note)
            case InteractionClosed():
                notes = self._notes(event.interaction)
                del self._open[event.interaction]
                return _contact(event, notes) if event.customer else None
            case _:
                pass
        return None

    def _notes(self, interaction: InteractionId) -> _Notes:
        if interaction not in self._open and len(self._open) >= MOST_OPEN:
            del self._open[next(iter(self._open))]
        return self._open.setdefault(interaction, _Notes())


def _contact(closed: InteractionClosed, notes: _Notes) -> Contact:
    codes = tuple(code for code, _ in notes.wrap_ups.values() if code)
    texts = tuple(note for _, note in notes.wrap_ups.values() if note)
    return Contact(
        interaction=closed.interaction,
        customer=closed.customer,
        number=closed.caller.number,
        channel="voice",
        started=closed.started,
        ended=closed.at,
        outcome=closed.outcome.value,
        queue=notes.queue,
        agents=tuple(notes.agents),
        codes=codes,
        notes=texts,
        summary=_summary(closed.outcome, notes, codes, texts),
    )


def _summary(outcome: InteractionOutcome, notes: _Notes, codes: tuple[str, ...], texts: tuple[str, ...]) -> str:
    """`billing: answered by anna. Resolved. Will pay on Friday`"""
    what = _OUTCOMES[outcome]
    if notes.agents and outcome is InteractionOutcome.ANSWERED:
        what += " by " + ", ".join(notes.agents)
    head = f"{notes.queue}: {what}" if notes.queue else what
    return ". ".join((head, *codes, *texts))
