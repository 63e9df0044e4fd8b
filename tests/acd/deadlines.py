"""What nothing in the centre may do: stay for longer than it is meant to, or end twice.

Every state that is to pass has a timer, and none is set for later than the state may last. So it is enough to look at
the timers after each message; that a deadline does come is the business of `Centre.wait`.
"""

from collections.abc import Iterator

from acd.calls.books import GOODBYE_AT_MOST
from acd.calls.connection import CONNECT_TIMEOUT
from acd.calls.interactions import NOT_RECORDED, Connecting, InFlow, Interaction, Leaving, Ringing, Waiting
from acd.center import LOOK_AGAIN, ContactCenter
from acd.events import ReservationEnded, ReservationMade
from acd.floor import REST, Output
from acd.model import InteractionId, ReservationId, ReservationOutcome
from acd.people.agents import AfterCallWork, NotReady, Reserved
from acd.people.staff import Agent
from acd.recovery.homecoming import RETURN_TIME
from acd.tasks.voicemails import TOLD_WITHIN
from acd.waiting.announcing import SILENT
from acd.waiting.comfort import LONGEST
from acd.waiting.whisper import LONGEST as LONGEST_WHISPER

Due = tuple[str, str, float]
"""What has to be due, for whom, and at which time at the latest."""


def of_agent(center: ContactCenter, agent: Agent, now: float) -> Iterator[Due]:
    """What an agent cannot stay in."""
    for work in agent.works:
        match work:
            case Reserved(_, reservation, _, until):
                yield "ring", reservation, until
            case AfterCallWork(_, _, until) if until is not None:
                yield "wrap_up", agent.id, until
            case _:
                pass
    shown, floor = agent.state, center._floor
    if isinstance(shown, NotReady) and shown.returns and shown.limit is not None and agent.id not in floor.returning:
        yield "pause", agent.id, shown.since + shown.limit
    if not agent.desktop and isinstance(shown, NotReady):
        if agent.absent_since:
            yield "absent", agent.id, agent.absent_since + center.plan.log_out_after
        else:
            yield "return", agent.id, now + RETURN_TIME


def of_interaction(center: ContactCenter, interaction: Interaction, now: float) -> Iterator[Due]:
    """What a caller cannot stay in. While his PBX is away, it is looked again every second whether it is back."""
    floor = center._floor
    match interaction.stage:
        case Connecting(whisper=whisper) if whisper != SILENT:
            yield "whisper", interaction.id, now + LONGEST_WHISPER
        case Connecting():
            yield "connect", interaction.id, now + CONNECT_TIMEOUT
        case Leaving() if interaction.leg not in floor.dismissed:
            yield "leaving", interaction.id, now + GOODBYE_AT_MOST
        case InFlow(dialogue, voicemail=voicemail):
            if voicemail != NOT_RECORDED and interaction.leg not in floor.customer_legs:
                yield "recorded", interaction.id, now + TOLD_WITHIN
            elif (deadline := dialogue.next_deadline()) is not None:
                yield "dialogue", interaction.id, max(deadline, now + LOOK_AGAIN)
        case Waiting() | Ringing() if interaction.announced.playback != SILENT:
            yield "announce", interaction.id, now + LONGEST
        case _:
            pass


def late(center: ContactCenter, now: float) -> list[Due]:
    """What is not due in time, or not at all."""
    deadlines = center._floor.timers._deadlines
    wanted = [due for agent in center.agents.values() for due in of_agent(center, agent, now)]
    wanted.extend(due for one in center.interactions.values() for due in of_interaction(center, one, now))
    wanted.extend(("rest", node, now + REST) for node in center._floor.lines.resting)
    return [(kind, of, by) for kind, of, by in wanted if deadlines.get((kind, of), by + 1) > by]


def overdue(center: ContactCenter, now: float) -> list[object]:
    """What should have passed when everything has been done that was due."""
    past: list[object] = [(key, at) for key, at in center._floor.timers._deadlines.items() if at < now]
    for agent in center.agents.values():
        ends = [work for work in agent.works if isinstance(work, Reserved | AfterCallWork)]
        past.extend((agent.id, work) for work in ends if work.until is not None and work.until < now)
    return past


class ReservationBook:
    """Reservations as they are told. Raises `AssertionError` for what cannot be."""

    def __init__(self) -> None:
        self.pending: dict[ReservationId, InteractionId] = {}
        self._ever: set[ReservationId] = set()

    def told(self, one: Output) -> None:
        """One thing that the brain has said."""
        match one:
            case ReservationMade():
                assert one.reservation not in self._ever, "made twice"
                assert one.until >= one.at
                self._ever.add(one.reservation)
                self.pending[one.reservation] = one.interaction
            case ReservationEnded():
                of = self.pending.pop(one.reservation, None)
                assert of == one.interaction, "ended twice, or for another interaction"
                assert one.at >= one.made
            case _:
                pass

    def decided(self, outputs: list[Output]) -> None:
        """Everything that follows from one message. Whoever takes it has it alone."""
        for one in outputs:
            self.told(one)
        taken = [
            one.interaction
            for one in outputs
            if isinstance(one, ReservationEnded) and one.outcome is ReservationOutcome.ACCEPTED
        ]
        assert len(taken) == len(set(taken)), "two have taken it"
        assert not set(taken) & set(self.pending.values()), "somebody is still asked"
