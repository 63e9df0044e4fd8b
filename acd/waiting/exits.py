"""The ways out of a queue that do not lead to an agent: keys that callers press, and rules that send them on.

Rules are asked for a caller who enters, for one who comes back into the line, when his own wait makes one hold, and for
a whole queue when something about it has changed. Nobody is looked at otherwise. Who hears a phone ring is left alone:
he may be answered, and is looked at if he is not.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import inf

from acd.calls.books import Books
from acd.calls.distribution import Distribution
from acd.calls.interactions import Interaction, Ringing, Waiting
from acd.calls.reception import Reception
from acd.events import CallbackRequested
from acd.floor import Floor
from acd.model import InteractionId, InteractionOutcome, OverflowCause, QueueName, SegmentOutcome
from acd.queues import Queue
from acd.routing.decision import places_in
from acd.routing.matching import Kind
from acd.waiting.comfort import hush
from acd.waiting.estimate import Pace
from acd.waiting.groups import Group, Places
from acd.waiting.plan import (
    Closed,
    EstimatedWait,
    Goodbye,
    LaterCallback,
    LongestWait,
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
    next_look,
    own_wait,
    places,
)
from cti.commands import StopMusic
from ivr.dialogue.visits import FROM_QUEUE
from ivr.speech.waiting_words import callback_said, no_number_said

DEAF = 1.0
"""Seconds from the entry in which keys do not count: they were meant for the flow."""

MOST_AT_ONCE = 100
"""So many are sent on by rules before the PBX and everybody else are heard again: 10 ms or so."""

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
        if len(waiting) > 1:
            waiting.sort(key=self._distribution.call_key)
        return [one.id for one in waiting]

    def waited(self, interaction: Interaction, waiting: Waiting) -> None:
        """He has waited so long that a rule may hold for him now."""
        if not self._asked_alone(interaction, waiting, at_entry=False):
            self.watch(interaction, waiting)

    def watch(self, interaction: Interaction, waiting: Waiting) -> None:
        """Look at him again when a rule may hold for him because he has waited longer."""
        floor = self._floor
        at = next_look(floor.queue(waiting.queue).own_waits, waiting.since, floor.now)
        if at is not None:
            floor.timers.set(("waited", interaction.id), at)

    def _enter(self, interaction: Interaction, waiting: Waiting, *, is_new: bool) -> None:
        # If his PBX is away he would hear nothing of it: then that is seen when it is back.
        if self._floor.connected(interaction.leg) and self._asked_alone(interaction, waiting, at_entry=is_new):
            return
        self.watch(interaction, waiting)
        if is_new:
            self._distribution.begin_to_wait(interaction)
        else:
            self._distribution.offer(interaction)

    def _asked_alone(self, interaction: Interaction, waiting: Waiting, *, at_entry: bool) -> bool:
        """Whether a rule sends him on; who stays is asked together with his like from now on."""
        queue = self._floor.queue(waiting.queue)
        where = places(queue.rules, self._facts(queue, interaction, at_entry=at_entry), at_entry=at_entry)
        place = queue.position_of(interaction.id)
        if self._sent_on(interaction, waiting, place, where, at_entry=at_entry):
            return True
        if queue.looks_around:
            queue.groups.asked_alone(interaction.id, self._distribution.choosing.asked(interaction).kinds, where)
        return False

    def _sent_on(
        self, interaction: Interaction, waiting: Waiting, place: int, where: Places, *, at_entry: bool
    ) -> bool:
        for rule, first in zip(self._floor.queue(waiting.queue).rules, where, strict=True):
            if place >= first and self._holds(rule, interaction, waiting):
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
        place worse. Nobody is looked at for whom no rule holds that did not hold before."""
        floor = self._floor
        new: dict[Group, Places] = {}
        before: dict[Group, Places] = {}
        begin = 1.0 if queue.groups.unasked else inf
        for group in queue.groups.those_there():
            there = (floor.interactions[of] for of in group.members)
            example = next((one for one in there if isinstance(one.stage, Waiting)), None)
            if example is None or not floor.connected(example.leg):
                continue  # who is left out is asked when his phone rings no more, and when the PBX of them all is back
            where = places(queue.rules, self._facts(queue, example, at_entry=False), at_entry=False)
            if (first := group.holds_from(where)) < inf:
                new[group], before[group] = where, group.asked
                begin = min(begin, first)
            group.asked = where
        if not self._sent_on_from(queue, begin, new):
            for group, asked in before.items():
                group.asked = asked
            floor.timers.set(("go_on", queue.plan.name), floor.now)

    def _sent_on_from(self, queue: Queue, begin: float, new: Mapping[Group, Places]) -> bool:
        """Whoever has to go from a place on, if he is in one of these groups or in none. Whether all were asked: when
        thousands go, others have their turn meanwhile."""
        floor = self._floor
        gone = 0
        for place, of in queue.from_the_end(begin):
            interaction, own = floor.interactions[of], queue.groups.group_of(of)
            if not isinstance(interaction.stage, Waiting) or not (own is None or own in new):
                continue
            if gone == MOST_AT_ONCE:
                return False
            if own is not None:
                gone += self._sent_on(interaction, interaction.stage, place, new[own], at_entry=False)
            elif floor.connected(interaction.leg):
                gone += self._asked_alone(interaction, interaction.stage, at_entry=False)
        return True

    # -- facts -----------------------------------------------------------------------------------------------------

    def _facts(self, queue: Queue, interaction: Interaction, *, at_entry: bool) -> Facts:
        floor = self._floor
        there = self._distribution.choosing.able(interaction) & floor.availability.at_work(interaction.node)
        lacking: set[Staff] = set()
        if Nobody in queue.asks:
            kind = self._distribution.choosing.asked(interaction).kinds
            lacks = [(Staff.LOGGED_IN, not there)]
            if queue.looks_at_breaks:
                lacks.append((Staff.READY, self._all_on_break(there)))
            for staff, so in lacks:
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
        longest = queue.longest_wait(floor.now) if LongestWait in queue.asks else 0.0
        return Facts(longest, there.bit_count(), frozenset(lacking), is_open, paces)

    def _all_on_break(self, those: int) -> bool:
        availability = self._floor.availability
        if those & ~availability.on_break():
            return False
        # Who has room for another call counts as on a break there, though he still talks.
        agents, roster = self._floor.agents, availability.roster.agents
        return not any(agents[roster[place]].works for place in places_in(those))

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
            # Some callers of this queue may lack somebody for longer than others.
            later = (
                since + CHANGE_OF_SHIFT for (of, *_), since in self._lacking_since.items() if of == queue.plan.name
            )
            floor.timers.set(("shift", queue.plan.name), min(at for at in later if at > floor.now))
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
            self._distribution.enter(interaction, way_out.queue, waiting.place, waiting.ahead)
            return
        floor.say(StopMusic(floor.command_id(), interaction.leg))
        match way_out:
            case ToFlow(flow):
                interaction.outcome = InteractionOutcome.ABANDONED_IN_FLOW
                self._reception.send_into(interaction, flow, FROM_QUEUE)
            case Goodbye(texts):
                self._books.say_goodbye(interaction, InteractionOutcome.OVERFLOWED, closed, texts=texts)
            case LaterCallback():
                number = interaction.caller.number
                floor.say(CallbackRequested(waiting.segment, interaction.id, waiting.queue, number, floor.now))
                said = {interaction.language: callback_said(number, interaction.language)}
                self._books.say_goodbye(interaction, InteractionOutcome.CALLBACK_REQUESTED, closed, texts=said)


def _can_be_called(interaction: Interaction) -> bool:
    return sum(one.isdigit() for one in interaction.caller.number) >= SHORTEST_NUMBER
