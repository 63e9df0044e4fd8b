"""The ways out of a queue that do not lead to an agent: keys that callers press, and rules that send them on.

Rules are asked for a caller who enters, for one who comes back into the line, when his own wait makes one hold, and for
a whole queue when something about it has changed. Nobody is looked at otherwise. Who hears a phone ring is left alone:
he may be answered, and is looked at if he is not.
"""

from collections.abc import Iterable, Sequence

from acd.calls.books import Books
from acd.calls.distribution import Distribution
from acd.calls.interactions import Interaction, Ringing, Waiting
from acd.calls.reception import Reception
from acd.events import CallbackRequested
from acd.floor import Floor
from acd.model import InteractionId, InteractionOutcome, OverflowCause, QueueName, SegmentOutcome
from acd.people.agents import NotReady
from acd.queues import Queue
from acd.routing.decision import places_in
from acd.routing.matching import Kind
from acd.waiting.comfort import hush
from acd.waiting.estimate import Pace
from acd.waiting.plan import (
    Closed,
    EstimatedWait,
    Goodbye,
    LaterCallback,
    Nobody,
    Rule,
    Staff,
    ToFlow,
    ToQueue,
    WayOut,
)
from acd.waiting.rules import (
    CHANGE_OF_SHIFT,
    MOST_OVERFLOWS,
    Facts,
    cause_of,
    first_place,
    next_look,
    own_wait,
)
from cti.commands import StopMusic
from ivr.waiting_words import callback_said, no_number_said

DEAF = 1.0
"""Seconds from the entry in which keys do not count: they were meant for the flow."""

SHORTEST_NUMBER = 3
"""Digits; fewer are no number that could be called back."""


class Exits:
    """The ways out of the queues of one floor."""

    def __init__(self, floor: Floor, books: Books, distribution: Distribution, reception: Reception) -> None:
        self._floor = floor
        self._books = books
        self._distribution = distribution
        self._reception = reception
        self._roster = floor.availability.roster
        self._lacking_since: dict[tuple[QueueName, Sequence[Kind], Staff], float] = {}

    # -- keys ------------------------------------------------------------------------------------------------------

    def key_pressed(self, interaction: Interaction, key: str) -> None:
        """A caller who waits presses a key; it may lead out of the queue, also while a phone rings for him."""
        stage = interaction.stage
        if not isinstance(stage, Waiting | Ringing):
            return
        waiting = stage if isinstance(stage, Waiting) else stage.waiting
        way_out = self._floor.queue(waiting.queue).plan.waiting.keys.get(key)
        if way_out is None or not self._is_there(way_out) or self._floor.now < waiting.since + DEAF:
            return
        if isinstance(way_out, LaterCallback) and not _can_be_called(interaction):
            self._distribution.comfort.say(interaction, no_number_said(interaction.language))
            return
        self._distribution.withdraw_all(interaction, "caller left the queue", "caller_left")
        self._depart(interaction, waiting, way_out, OverflowCause.KEY)

    def move(self, interaction: Interaction, queue: QueueName) -> None:
        """Somebody wants him to wait there."""
        waiting = self._distribution.withdraw_all(interaction, "moved to another queue", "caller_left")
        if waiting is not None:
            self._depart(interaction, waiting, ToQueue(queue), OverflowCause.SUPERVISOR)

    # -- rules -----------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Whoever has entered a queue, or come back into its line: in, or on. Then the queues that have changed."""
        floor = self._floor
        while floor.entering or floor.stirred:
            entering, floor.entering = floor.entering, {}
            for of in self._in_order(entering):
                interaction = floor.interactions[of]
                if isinstance(interaction.stage, Waiting):
                    self._enter(interaction, interaction.stage, is_new=entering[of])
            stirred, floor.stirred = floor.stirred, {}
            for name in stirred:
                if (queue := floor.queues.get(name)) is not None:  # else it has gone with an earlier plan
                    self._look_through(queue)

    def _in_order(self, entering: Iterable[InteractionId]) -> list[InteractionId]:
        """Those who are still there; after a restart they may be many, and who comes first is served first."""
        floor = self._floor
        there = [floor.interactions[of] for of in entering if of in floor.interactions]
        waiting = [one for one in there if isinstance(one.stage, Waiting)]
        waiting.sort(key=self._distribution.call_key)
        return [one.id for one in waiting]

    def waited(self, interaction: Interaction, waiting: Waiting) -> None:
        """He has waited so long that a rule may hold for him now."""
        if not self._sent_on(interaction, waiting, at_entry=False):
            self.watch(interaction, waiting)

    def watch(self, interaction: Interaction, waiting: Waiting) -> None:
        """Look at him again when a rule may hold for him because he has waited longer."""
        floor = self._floor
        at = next_look(floor.queue(waiting.queue).rules, waiting.since, floor.now)
        if at is not None:
            floor.timers.set(("waited", interaction.id), at)

    def _enter(self, interaction: Interaction, waiting: Waiting, *, is_new: bool) -> None:
        # If his PBX is away he would hear nothing of it: then that is seen when it is back.
        if self._floor.connected(interaction.leg) and self._sent_on(interaction, waiting, at_entry=is_new):
            return
        self.watch(interaction, waiting)
        if is_new:
            self._distribution.begin_to_wait(interaction)
        else:
            self._distribution.offer(interaction)

    def _sent_on(
        self, interaction: Interaction, waiting: Waiting, *, at_entry: bool, facts: Facts | None = None
    ) -> bool:
        queue = self._floor.queue(waiting.queue)
        facts = facts or self._facts(queue, interaction, at_entry=at_entry)
        place = queue.position_of(interaction.id)
        for rule in queue.rules:
            if rule.entry_only and not at_entry:
                continue
            first = first_place(rule, facts)
            if first is not None and place >= first and self._holds(rule, interaction, waiting):
                self._send_on(interaction, waiting, rule, at_entry=at_entry)
                return True
        return False

    def _holds(self, rule: Rule, interaction: Interaction, waiting: Waiting) -> bool:
        """As far as he himself is concerned. Nobody is sent round in circles."""
        sent_on = interaction.sent_on_from
        if not self._is_there(rule.way_out):
            return False
        match rule.way_out:
            case ToQueue(queue) if queue in sent_on or len(sent_on) >= MOST_OVERFLOWS:
                return False
            case ToFlow() if len(sent_on) >= MOST_OVERFLOWS:
                return False
            case _:
                return self._floor.now >= waiting.since + own_wait(rule)

    def _is_there(self, way_out: WayOut) -> bool:
        """A queue that has gone with an earlier plan may lead to what has gone with it."""
        match way_out:
            case ToQueue(queue):
                return queue in self._floor.queues
            case ToFlow(flow):
                return flow in self._floor.plan.flows
            case _:
                return True

    def _send_on(self, interaction: Interaction, waiting: Waiting, rule: Rule, *, at_entry: bool) -> None:
        interaction.sent_on_from = (*interaction.sent_on_from, waiting.queue)
        self._depart(interaction, waiting, rule.way_out, cause_of(rule, at_entry=at_entry))

    def _look_through(self, queue: Queue) -> None:
        """Something about the queue has changed: whom does a rule send on? Last come first: who goes makes nobody's
        place worse."""
        floor = self._floor
        known: dict[Sequence[Kind], Facts] = {}
        for of in reversed(queue.waiting):
            interaction = floor.interactions[of]
            if not isinstance(interaction.stage, Waiting) or not floor.connected(interaction.leg):
                continue
            kind = self._distribution.choosing.asked(interaction).kinds
            if kind not in known:
                known[kind] = self._facts(queue, interaction, at_entry=False)
            self._sent_on(interaction, interaction.stage, at_entry=False, facts=known[kind])

    # -- facts -----------------------------------------------------------------------------------------------------

    def _facts(self, queue: Queue, interaction: Interaction, *, at_entry: bool) -> Facts:
        floor = self._floor
        there = self._distribution.choosing.able(interaction) & floor.availability.at_work(interaction.node)
        lacking: set[Staff] = set()
        if Nobody in queue.asks:
            kind = self._distribution.choosing.asked(interaction).kinds
            lacks = {Staff.LOGGED_IN: not there, Staff.READY: not there}
            if queue.looks_at_breaks:
                lacks[Staff.READY] = self._all_on_break(there)
            for staff, so in lacks.items():
                late = self._counts(queue, kind, staff, lacks=so)
                if late or (so and at_entry):
                    lacking.add(staff)
        is_open = True
        if Closed in queue.asks:
            hours = queue.plan.hours
            is_open = hours.is_open(floor.now)
            if (ends := hours.ends(floor.now)) is not None:
                floor.timers.set(("closing", queue.plan.name), ends)
        paces: list[Pace] = []
        if EstimatedWait in queue.asks:
            paces = queue.estimator.paces((there & ~floor.availability.on_break()).bit_count())
        return Facts(queue.longest_wait(floor.now), there.bit_count(), frozenset(lacking), is_open, paces)

    def _all_on_break(self, those: int) -> bool:
        agents, roster = self._floor.agents, self._floor.availability.roster.agents
        return all(isinstance(agents[roster[place]].state, NotReady) for place in places_in(those))

    def _counts(self, queue: Queue, kind: Sequence[Kind], staff: Staff, *, lacks: bool) -> bool:
        """Whether they have been lacking for so long that nobody may be expected any more."""
        floor = self._floor
        if self._roster is not floor.availability.roster:  # another plan: its sets are of other people
            self._roster = floor.availability.roster
            self._lacking_since.clear()
        key = (queue.plan.name, kind, staff)
        if not lacks:
            self._lacking_since.pop(key, None)
            return False
        counts_at = self._lacking_since.setdefault(key, floor.now) + CHANGE_OF_SHIFT
        if floor.now < counts_at:
            floor.timers.set(("shift", queue.plan.name), counts_at)
        return floor.now >= counts_at

    # -- out -------------------------------------------------------------------------------------------------------

    def _depart(self, interaction: Interaction, waiting: Waiting, way_out: WayOut, cause: OverflowCause) -> None:
        floor = self._floor
        hush(floor, interaction)
        outcome = SegmentOutcome.OVERFLOWED
        if isinstance(way_out, LaterCallback):
            outcome = SegmentOutcome.CALLBACK_REQUESTED
        closed = self._books.close_segment(interaction, waiting, outcome, cause=cause.value)
        if isinstance(way_out, ToQueue):
            interaction.missed_by.clear()
            self._distribution.enter(interaction, way_out.queue, waiting.place, waiting.ahead)
            return
        floor.say(StopMusic(floor.command_id(), interaction.leg))
        match way_out:
            case ToFlow(flow):
                interaction.missed_by.clear()
                self._reception.send_into(interaction, flow)
            case Goodbye(texts):
                self._books.say_goodbye(interaction, InteractionOutcome.OVERFLOWED, closed, texts=texts)
            case LaterCallback():
                number = interaction.caller.number
                floor.say(CallbackRequested(waiting.segment, interaction.id, waiting.queue, number, floor.now))
                said = {interaction.language: callback_said(number, interaction.language)}
                self._books.say_goodbye(interaction, InteractionOutcome.CALLBACK_REQUESTED, closed, texts=said)


def _can_be_called(interaction: Interaction) -> bool:
    return sum(one.isdigit() for one in interaction.caller.number) >= SHORTEST_NUMBER
