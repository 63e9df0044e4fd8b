"""What agents ask for, and the centre's yes or no."""

from collections.abc import Collection

from msgspec.structs import replace

from acd.calls.books import Books
from acd.calls.connection import Connection
from acd.calls.distribution import Distribution
from acd.calls.interactions import Connecting, Interaction, Ringing, Talking, WrapUp
from acd.calls.reservations import DECLINED, Reservation
from acd.events import RequestGranted, RequestRefused, WrapUpChosen
from acd.floor import Floor
from acd.model import InteractionId, PhoneKind, ReservationOutcome, VoicemailId, WrapUpCode
from acd.people.agents import (
    DESKTOP_LOST,
    AfterCallWork,
    Busy,
    EndWork,
    ExtendWork,
    GoOnBreak,
    GoReady,
    LoggedOut,
    LoseDesktop,
    NotPossible,
    NotReady,
    SignIn,
    SignOut,
    lasts,
    next_standing,
    unavailable_because,
)
from acd.people.by_hand import ByHand
from acd.people.membership import Membership
from acd.people.notices import after_wish
from acd.people.staff import Agent
from acd.plan import QueuePlan
from acd.requests import (
    ANY,
    AnswerCall,
    AnyRequest,
    BecomeReady,
    ChooseWrapUp,
    DeclineCall,
    ExtendWrapUp,
    FinishWrapUp,
    HangUpCall,
    JoinQueue,
    LeaveQueue,
    LogIn,
    LogOut,
    PullCall,
    Refusal,
    ReturnTask,
    TakeBreak,
)
from acd.tasks.tasks import Task, TaskInHand

NO_TASK = VoicemailId("")
"""What was classified is a call."""

GOES_HOME = "the agent has gone home"
"""Why a message is taken from him that he has not taken yet."""

NOTE_LENGTH = 2000
"""Longest note on an interaction, in characters."""


class Desk:
    """Requests of the agents of one floor."""

    def __init__(
        self,
        floor: Floor,
        books: Books,
        distribution: Distribution,
        connection: Connection,
        membership: Membership,
        by_hand: ByHand,
    ) -> None:
        self._floor = floor
        self._books = books
        self._distribution = distribution
        self._connection = connection
        self._membership = membership
        self._by_hand = by_hand
        self._tasks = distribution.tasks

    def requested(self, request: AnyRequest) -> None:
        """Carry out, or refuse with a reason."""
        floor = self._floor
        agent = floor.agents.get(request.agent)
        if agent is None:
            refusal = Refusal("unknown_agent", "There is no such agent.")
            floor.say(RequestRefused(request.id, request.agent, refusal))
            return
        try:
            self._carry_out(request, agent)
        except NotPossible as no:
            floor.say(RequestRefused(request.id, request.agent, Refusal(no.code, no.text)))
        else:
            floor.say(RequestGranted(request.id, request.agent))

    def _carry_out(self, request: AnyRequest, agent: Agent) -> None:  # noqa: PLR0912 - a line or two for each
        if self._is_about_a_task(request, agent):
            return
        match request:
            case LogIn(_, _, phone):
                self._log_in(agent, phone)
            case LogOut():
                self.leave_work(agent)
            case BecomeReady():
                agent.notices = after_wish(agent.notices)
                self.end_work(agent, GoReady())
            case TakeBreak(_, _, reason):
                self.end_work(agent, GoOnBreak(reason, self.break_limit(reason)))
            case AnswerCall():
                self._pick_up(agent)
            case DeclineCall():
                interaction, _, held = self._ringing(agent)
                self._distribution.missed(interaction, held, ReservationOutcome.DECLINED, DECLINED)
            case HangUpCall(_, _, of):
                self._hang_up(agent, of)
            case ExtendWrapUp(_, _, of):
                self._extend(agent, of)
            case FinishWrapUp(_, _, of):
                self._finish(self._written_up(agent, of), agent)
            case PullCall(_, _, of):
                self._pull(agent, of)
            case LeaveQueue(_, _, queue) | JoinQueue(_, _, queue):
                self._membership.choose(agent, queue, inside=isinstance(request, JoinQueue))
            case ReturnTask(_, _, of):
                if (in_hand := self._in_hand(agent, of)) is None:
                    raise NotPossible("no_task", "You have no such task in hand.")
                self._tasks.give_back(in_hand, agent)
            case ChooseWrapUp(_, _, code, note, of, solved):
                self._wrap_up(agent, WrapUp(code, note[:NOTE_LENGTH], solved), of)

    def _pull(self, agent: Agent, of: InteractionId) -> None:
        """He is Ready for this one caller, and for others after him."""
        floor = self._floor
        interaction, _ = self._by_hand.waiting(of)
        if isinstance(interaction.stage, Ringing):
            raise NotPossible("rings_already", "A phone rings for this caller already.")
        able = self._distribution.choosing.able(interaction) >> floor.availability.place[agent.id] & 1
        if not floor.queue(interaction.queue).plan.pull or not able:
            raise NotPossible("not_yours", "You cannot take callers of this queue.")
        wish = GoReady()
        standing = next_standing(floor.without_offer(agent), wish, floor.now)
        because = floor.availability.reason_if(agent, standing, floor.now)
        if because or not agent.desktop or agent.phone.node != interaction.node:
            if standing.ringing() is not None:
                raise NotPossible("phone_rings", "Your phone rings: answer or decline first.")
            if standing.works and unavailable_because(standing):
                self._no_message_in_hand(agent)
                raise NotPossible("on_a_call", "You are on a call.")
            raise NotPossible("not_available", "You are not available for this call.")
        self.end_work(agent, wish)
        self._by_hand.assign(interaction, agent, "taken out of turn by him")

    def _is_about_a_task(self, request: AnyRequest, agent: Agent) -> bool:
        """What a call has as well, but is meant of a task here: then it is carried out."""
        match request:
            case AnswerCall() if (task := self._tasks.offered_to(agent)) is not None:
                self._tasks.take(task)
            case DeclineCall() if (task := self._tasks.offered_to(agent)) is not None:
                self._tasks.missed(task, ReservationOutcome.DECLINED, DECLINED)
            case FinishWrapUp(_, _, of) if (in_hand := self._to_finish(agent, of)) is not None:
                self._tasks.done(in_hand)
            case _:
                return False
        return True

    def _log_in(self, agent: Agent, kind: PhoneKind) -> None:
        phones = [phone for phone in agent.plan.phones if phone.kind is kind]
        if not phones:
            raise NotPossible("no_such_phone", "You have no such phone.")
        if agent.on_phone and agent.phone != phones[0]:
            raise NotPossible("on_a_call", "The phone cannot be changed during a call.")
        agent.phone = phones[0]
        if isinstance(agent.state, LoggedOut):
            self._floor.move(agent, SignIn())
        self._floor.availability.reconsider(agent, self._floor.now)
        self._distribution.staff_changed()

    def leave_work(self, agent: Agent, by: str = "") -> None:
        """He goes home. `by`: the name of the supervisor who says so. A message that he is only asked about is somebody
        else's; one that he has in hand he sees to, or gives back, before."""
        floor = self._floor
        if isinstance(agent.state, LoggedOut):
            return
        self._no_message_in_hand(agent)
        next_standing(floor.without_offer(agent), SignOut(by=by), floor.now)  # raises before anything is done
        if (task := self._tasks.offered_to(agent)) is not None:
            self._tasks.withdraw(task, GOES_HOME)
        self.end_work(agent, SignOut(by=by))
        if task is not None:
            self._tasks.offer(task)
        self._distribution.staff_changed()

    def _no_message_in_hand(self, agent: Agent) -> None:
        """Refuses where it is only messages that he is busy with."""
        busy = [work.interaction for work in agent.works if isinstance(work, Busy)]
        if busy and all(of in self._floor.tasks for of in busy):
            raise NotPossible("message_in_hand", "You have a message in hand: see to it, or give it back.")

    def break_limit(self, reason: str) -> float | None:
        """How long such a break may last, seconds; None: as long as he likes."""
        limits = self._floor.plan.break_reasons
        if reason not in limits:
            raise NotPossible("unknown_reason", "There is no such reason for a break.")
        return limits[reason]

    def end_work(self, agent: Agent, wish: GoReady | GoOnBreak | SignOut) -> None:
        """Ready, break or log-out; the interactions whose after-call work that ends are closed."""
        before = agent.works
        self._floor.move(agent, wish)
        for work in before:
            if isinstance(work, AfterCallWork):
                self._books.written_up(work.interaction)

    def work_over(self, agent: Agent) -> None:
        """The time for after-call work is over, for one interaction at least."""
        for work in agent.works:
            if isinstance(work, AfterCallWork) and work.until is not None and work.until <= self._floor.now:
                self._finish(work, agent)

    def _finish(self, work: AfterCallWork, agent: Agent) -> None:
        self._floor.set_free(agent, EndWork(work.interaction))
        self._books.written_up(work.interaction)

    def _extend(self, agent: Agent, of: InteractionId) -> None:
        work = self._written_up(agent, of)
        plan = self._queue_plan(work.interaction)
        if work.until is None:
            raise NotPossible("no_limit", "There is no limit to this wrap-up.")
        if work.extended >= plan.wrap_up_extensions:
            raise NotPossible("no_more_time", "There is no more time for this wrap-up.")
        self._floor.move(agent, ExtendWork(work.interaction, work.until + plan.wrap_up_extension))

    def _queue_plan(self, of: InteractionId) -> QueuePlan:
        """Of the interaction's queue; for one of the process before us, or if it is gone, the first that there is."""
        queues = self._floor.queues
        interaction = self._floor.interactions.get(of)
        known = None if interaction is None else queues.get(interaction.queue)
        return (known or next(iter(queues.values()))).plan

    @staticmethod
    def _written_up(agent: Agent, of: InteractionId) -> AfterCallWork:
        for work in agent.works:
            if isinstance(work, AfterCallWork) and of in {work.interaction, ANY}:
                return work
        raise NotPossible("no_call", "There is no call to write up.")

    def pause_over(self, agent: Agent) -> None:
        """He is Ready again after a missed call, or is told that his break has lasted long enough."""
        state = agent.state
        if not isinstance(state, NotReady):
            return
        if not state.returns:
            self._floor.notice(agent, "break_over")
        elif agent.desktop:
            self._floor.move(agent, GoReady())
        else:
            self._floor.returning.add(agent.id)

    def _ringing(self, agent: Agent) -> tuple[Interaction, Ringing, Reservation]:
        if (work := agent.standing.ringing()) is not None:
            interaction = self._floor.interactions[work.interaction]
            stage = interaction.stage
            if isinstance(stage, Ringing) and (held := stage.by(agent.id)) is not None:
                return interaction, stage, held
        raise NotPossible("no_call", "There is no call to answer any more.")

    def _in_hand(self, agent: Agent, of: InteractionId) -> Task | None:
        """The task that he does."""
        tasks = (self._floor.tasks.get(work.interaction) for work in agent.works if of in {work.interaction, ANY})
        return next((task for task in tasks if _is_done_by(task, agent)), None)

    def _to_finish(self, agent: Agent, of: InteractionId) -> Task | None:
        """One who does not say what he means has written up a call before he has done a task."""
        writes_up = of == ANY and any(isinstance(work, AfterCallWork) for work in agent.works)
        return None if writes_up else self._in_hand(agent, of)

    def _pick_up(self, agent: Agent) -> None:
        interaction, ringing, held = self._ringing(agent)
        if not agent.phone.click_to_answer:
            raise NotPossible("answer_on_phone", "Answer on the phone itself.")
        if held.rings:
            self._distribution.pick_up(held)
        else:  # his screen was faster than his phone
            interaction.stage = ringing.changed(replace(held, answer_wanted=True))

    def _hang_up(self, agent: Agent, of: InteractionId) -> None:
        for work in agent.works:
            if not isinstance(work, Busy) or of not in {work.interaction, ANY}:
                continue
            interaction = self._floor.interactions.get(work.interaction)
            if interaction is None:  # a task: there is nobody to hang up on
                continue
            if isinstance(interaction.stage, Talking):
                self._connection.talk_over(interaction, interaction.stage, "agent")
                return
            if isinstance(interaction.stage, Connecting):
                self._connection.failed(interaction, interaction.stage, DECLINED)
                return
        raise NotPossible("no_call", "There is no call to hang up.")

    def _wrap_up(self, agent: Agent, chosen: WrapUp, of: InteractionId) -> None:
        floor = self._floor
        works = [work for work in agent.works if isinstance(work, Busy | AfterCallWork)]
        work = next((work for work in works if of in {work.interaction, ANY}), None)
        if work is None:
            raise NotPossible("no_call", "There is no call to classify.")
        one = floor.interactions.get(work.interaction) or floor.tasks.get(work.interaction)
        codes = self._codes(one)
        if chosen.code and codes and chosen.code not in codes:
            raise NotPossible("unknown_code", "There is no such wrap-up code.")
        if one is not None:
            one.wrap_up = chosen
        contact, about = (one.contact, one.about) if isinstance(one, Task) else (work.interaction, NO_TASK)
        floor.say(WrapUpChosen(contact, agent.id, chosen.code, chosen.note, floor.now, about, chosen.solved))

    def _codes(self, interaction: Interaction | Task | None) -> Collection[WrapUpCode]:
        """The codes of its queue; of any queue, if that is gone or the interaction is one of the process before us."""
        queues = self._floor.queues
        if interaction is not None and (queue := queues.get(interaction.queue)) is not None:
            return queue.plan.wrap_up_codes
        return {code for queue in queues.values() for code in queue.plan.wrap_up_codes}

    # -- the browser -----------------------------------------------------------------------------------------------

    def desktop_lost(self, agent: Agent) -> None:
        """Nobody sees his screen any more: no new calls; a call that rings goes to the next agent."""
        floor = self._floor
        agent.desktop = False
        agent.absent_since = floor.now
        floor.returning.discard(agent.id)
        if isinstance(agent.state, LoggedOut):
            return
        if (task := self._tasks.offered_to(agent)) is not None:
            self._tasks.missed(task, ReservationOutcome.WITHDRAWN, DESKTOP_LOST)
        elif agent.standing.ringing() is not None:
            interaction, _, held = self._ringing(agent)
            self._distribution.missed(interaction, held, ReservationOutcome.WITHDRAWN, DESKTOP_LOST)
        if agent.state != NotReady(floor.now, DESKTOP_LOST):
            floor.move(agent, LoseDesktop())
        floor.timers.set(("absent", agent.id), floor.now + floor.plan.log_out_after)
        floor.notice(agent, "desktop_was_lost")

    def absent_for_long(self, agent: Agent) -> None:
        """Who has closed his browser has gone home, and writes up nothing more. Not in the middle of a call, nor while
        there is a time for what he writes up: `Floor` sees to that."""
        if agent.absent_since:
            self._tasks.give_all_back(agent)
        if agent.absent_since and lasts(agent.state):
            self.end_work(agent, SignOut(DESKTOP_LOST))
            self._distribution.staff_changed()

    def not_returned(self, agent: Agent) -> None:
        """The time to come back after a restart of ours is over."""
        if not agent.desktop:
            self.desktop_lost(agent)

    def desktop_connected(self, agent: Agent) -> None:
        """His screen is back. He says Ready himself, unless it was our process that had gone and not he."""
        floor = self._floor
        agent.desktop = True
        agent.absent_since = 0.0
        floor.timers.drop(("absent", agent.id))
        if agent.id in floor.returning:
            floor.returning.discard(agent.id)
            if isinstance(agent.state, NotReady):
                floor.move(agent, GoReady())
        floor.availability.reconsider(agent, floor.now)


def _is_done_by(task: Task | None, agent: Agent) -> bool:
    return task is not None and isinstance(task.stage, TaskInHand) and task.stage.agent == agent.id
