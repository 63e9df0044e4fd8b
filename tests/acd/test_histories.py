"""Random histories: whatever callers, agents, the PBX, the CRM and our own process do, the books add up, nobody is
stuck, and no leg is forgotten.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from acd.calls.interactions import Connecting, InFlow, Leaving, Ringing, Talking, Waiting, WrappingUp
from acd.events import (
    CustomerWanted,
    InteractionClosed,
    InteractionStarted,
    QuestionAsked,
    SegmentClosed,
    SegmentOpened,
)
from acd.floor import Output
from acd.model import AgentId, Customer, CustomerKnown, CustomerUnknown, PhoneKind, QueueName, SegmentId, VoicemailId
from acd.people.agents import AfterCallWork, Busy, LoggedOut, Ready, Reserved, Work, unavailable_because
from acd.remembered import AgentRemembered, QueuesRemembered, Restarted
from acd.requests import AgentRequest, AnyRequest, AnySupervisorRequest, Assign, LogOut
from acd.routing.requirement import is_met
from acd.tasks.tasks import TaskInHand, TaskOffered, TaskWaits
from acd.told import CustomerAnswered, DesktopConnected, DesktopLost, QuestionAnswered, TaskSettled
from cti.commands import Command
from cti.events import (
    AnyPbxEvent,
    CallArrived,
    CommandFailed,
    PbxLost,
    PhoneBusy,
    PhoneFree,
    PhoneReachable,
    PhoneUnreachable,
)
from cti.model import CallerId, CallId, Endpoint, HangupCause
from ivr.flow.questions import LookUp
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, PRODUCTS
from tests.acd.deadlines import ReservationBook, late, overdue
from tests.acd.model_pbx import ModelPbx
from tests.acd.random_people import AGENTS, CARES, DEEDS, PEOPLE, SAM, WISHES, many_at_once, plan
from tests.acd.scan import could_be_given, is_closing, is_kept_for_another, may_serve, rung_for

CAUSES = st.sampled_from([HangupCause.NORMAL, HangupCause.REJECTED, HangupCause.BUSY, HangupCause.NO_ANSWER])


class Histories(RuleBasedStateMachine):
    """A PBX that carries commands out late or not at all, connections and processes that end, people at will."""

    plan = staticmethod(plan)
    drive = Centre

    def __init__(self) -> None:
        super().__init__()
        self.centre = self.drive(self.plan())
        self.pbx = ModelPbx()
        self.connected = False
        self.begin_process()
        self.connect()

    def begin_process(self) -> None:
        """What is counted for each process."""
        self.opened: set[SegmentId] = set()
        self.closed: set[SegmentId] = set()
        self.started = self.ended = 0
        self.reservations = ReservationBook()
        self.who: list[CustomerWanted] = []
        self.look_ups: list[QuestionAsked] = []

    def tell(self, *messages: AnyPbxEvent | AnyRequest | AnySupervisorRequest) -> None:
        """Say something to the brain; the PBX hears what follows from it."""
        for message in messages:
            self.centre.tell(message)
            self.take()

    def heard(self, events: object) -> None:
        """Something has happened on the PBX; nobody hears of it while we are not connected."""
        assert isinstance(events, tuple)
        if self.connected:
            self.tell(*events)

    def take(self) -> None:
        """Carry on by what the brain has said."""
        said, self.centre.said = self.centre.said, []
        self.reservations.decided(said)
        for one in said:
            self.count(one)
            if isinstance(one, Command):
                self.pbx.todo.append(one)
        if not self.connected and self.pbx.todo:
            self.tell(*self.pbx.give_up())

    def count(self, one: Output) -> None:
        """The books, kept beside the brain's own."""
        self.started += isinstance(one, InteractionStarted)
        self.ended += isinstance(one, InteractionClosed)
        match one:
            case SegmentOpened():
                self.opened.add(one.segment)
            case SegmentClosed():
                assert one.segment not in self.closed, "closed twice"
                assert one.wait >= 0
                self.closed.add(one.segment)
            case CustomerWanted():
                self.who.append(one)
            case QuestionAsked():
                self.look_ups.append(one)
            case _:
                pass

    # -- callers ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.connected)
    @rule(number=st.sampled_from(["1000", "1000", "1001", "4711"]), keys=st.sampled_from(["", "1", "1", "2", "311"]))
    def dial(self, number: str, keys: str) -> None:
        leg = self.centre.dial(number)
        self.pbx.arrive(CallArrived(CallId(leg), leg, CallerId("+493012345"), number))
        for key in keys:
            self.centre.press(leg, key)
        self.take()

    @precondition(lambda self: self.connected and self.pbx.legs)
    @rule(data=st.data(), key=st.sampled_from("1223#"))
    def press(self, data: st.DataObject, key: str) -> None:
        self.centre.press(data.draw(st.sampled_from(sorted(self.pbx.legs))), key)
        self.take()

    @precondition(lambda self: self.pbx.legs)
    @rule(data=st.data(), cause=CAUSES)
    def a_leg_ends(self, data: st.DataObject, cause: HangupCause) -> None:
        self.heard(self.pbx.end(data.draw(st.sampled_from(sorted(self.pbx.legs))), cause))

    # -- the PBX ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.pbx.ringing)
    @rule(data=st.data())
    def a_phone_is_answered(self, data: st.DataObject) -> None:
        self.heard(self.pbx.pick_up(data.draw(st.sampled_from(self.pbx.ringing))))

    @precondition(lambda self: self.pbx.todo)
    @rule(how_many=st.sampled_from([1, 2, 100]), which=st.integers(0, 3))
    def commands_are_carried_out(self, how_many: int, which: int) -> None:
        for _ in range(how_many):
            if self.pbx.todo:
                self.heard(self.pbx.carry_out(which))

    @rule()
    def all_goes_well_for_a_while(self) -> None:
        if not self.connected:
            self.connect()
        for _ in range(100):
            if self.pbx.todo:
                self.heard(self.pbx.carry_out())
            elif self.pbx.ringing:
                self.heard(self.pbx.pick_up(self.pbx.ringing[0]))

    @precondition(lambda self: self.pbx.todo)
    @rule(which=st.integers(0, 3))
    def a_command_fails(self, which: int) -> None:
        possible = self.pbx.may_be_next()
        command = possible[which % len(possible)]
        self.pbx.todo.remove(command)
        self.heard((CommandFailed(command, "503"),))

    @precondition(lambda self: self.pbx.prompts)
    @rule(data=st.data(), failed=st.booleans())
    def a_prompt_ends(self, data: st.DataObject, failed: bool) -> None:
        which = data.draw(st.integers(0, len(self.pbx.prompts) - 1))
        self.heard(self.pbx.prompt_ends(which, failed=failed))

    @rule(agent=st.sampled_from(AGENTS), there=st.sampled_from([True, True, False]))
    def a_phone_registers_or_not(self, agent: str, there: bool) -> None:
        endpoint = Endpoint(f"PJSIP/{agent}")
        self.tell(PhoneReachable(NODE, endpoint) if there else PhoneUnreachable(NODE, endpoint))

    @rule(agent=st.sampled_from(AGENTS), used=st.sampled_from([False, False, True]))
    def a_phone_is_used_for_something_else(self, agent: str, used: bool) -> None:
        endpoint = Endpoint(f"PJSIP/{agent}")
        self.tell(PhoneBusy(NODE, endpoint) if used else PhoneFree(NODE, endpoint))

    @rule(seconds=st.sampled_from([0.0, 0.5, 3.0, 6.0, 16.0, 20.0, 70.0, 2000.0]))
    def time_passes(self, seconds: float) -> None:
        self.centre.wait(seconds)
        self.take()
        assert not overdue(self.centre.center, self.centre.now)

    # -- interruptions ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.connected)
    @rule(done=st.integers(0, 6), told_first=st.booleans())
    def the_connection_breaks(self, done: int, told_first: bool) -> None:
        """Some commands are carried out without our knowing, the others fail before or after we know why."""
        self.connected = False
        for _ in range(min(done, len(self.pbx.todo))):
            self.pbx.carry_out()
        failed = self.pbx.give_up()
        lost = PbxLost(NODE, "cut")
        self.tell(*((lost, *failed) if told_first else (*failed, lost)))

    @precondition(lambda self: not self.connected)
    @rule()
    def connect(self) -> None:
        self.connected = True
        self.tell(self.pbx.seen())

    @rule(done=st.integers(0, 6), seconds=st.sampled_from([0.5, 5.0, 100.0, -3000.0]))
    def the_process_is_killed(self, done: int, seconds: float) -> None:
        """Between any two of its commands. The next one finds what is in storage, and later what is on the PBX."""
        for _ in range(min(done, len(self.pbx.todo))):
            self.pbx.carry_out()
        self.pbx.todo.clear()
        before = self.centre
        self.connected = False
        self.centre = before.successor(seconds)
        self.begin_process()
        self.centre.tell(Restarted(before.now))
        for name, agent in before.center.agents.items():
            self.centre.tell(AgentRemembered(name, agent.state, agent.phone.kind))
        left = {name: tuple(agent.left_queues) for name, agent in before.center.agents.items()}
        self.centre.tell(QueuesRemembered(left))
        self.take()

    # -- the CRM ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.look_ups)
    @rule(data=st.data(), answer=st.sampled_from(["found", "found", "empty", "failed"]), again=st.booleans())
    def the_crm_answers(self, data: st.DataObject, answer: str, again: bool) -> None:
        name = data.draw(st.sampled_from(["Eva", "billing"]))
        wanted = self.look_ups[data.draw(st.integers(0, len(self.look_ups) - 1))]
        if not again:
            self.look_ups.remove(wanted)
        assert isinstance(wanted.question, LookUp)
        key = str(wanted.question.key)
        match answer:
            case "found":
                self.centre.tell(QuestionAnswered(wanted.id, "found", {"id": key, "name": name}, Customer(key, name)))
            case "empty":
                self.centre.tell(QuestionAnswered(wanted.id, "not_found"))
            case _:
                self.centre.tell(QuestionAnswered(wanted.id, "failed", reason="no answer"))
        self.take()

    @precondition(lambda self: self.who)
    @rule(who=st.sampled_from([None, *PEOPLE]))
    def the_crm_knows_the_number_or_not(self, who: Customer | None) -> None:
        answer = CustomerKnown(who) if who else CustomerUnknown()
        self.centre.tell(CustomerAnswered(self.who.pop(0).interaction, answer))
        self.take()

    # -- messages that callers have left ---------------------------------------------------------------------------

    @rule(which=st.integers(1, 3), queue=st.sampled_from([BILLING, PRODUCTS]))
    def a_message_is_left(self, which: int, queue: QueueName) -> None:
        self.centre.leave(f"v{which}", queue, which)
        self.take()

    @rule(which=st.integers(1, 3))
    def somebody_has_seen_to_it(self, which: int) -> None:
        self.centre.tell(TaskSettled(VoicemailId(f"v{which}")))
        self.take()

    @invariant()
    def no_ready_agent_beside_a_message(self) -> None:
        center = self.centre.center
        for task in center.tasks.values():
            if isinstance(task.stage, TaskWaits):
                steps = center.plan.queues[task.queue].steps
                at_work = [agent for agent in center.agents.values() if not isinstance(agent.state, LoggedOut)]
                able = [
                    agent
                    for agent in at_work
                    if task.queue not in agent.left_queues
                    and any(is_met(step.need, agent.plan.skills) for step in steps)
                ]
                refused_by_all = all(agent.id in {*task.missed_by, *task.returned_by} for agent in able)
                for agent in able:
                    if center._floor.availability.is_available(agent) and agent.id not in task.returned_by:
                        assert agent.id in task.missed_by
                        assert not refused_by_all

    # -- agents ----------------------------------------------------------------------------------------------------

    def ask(self, request: AnyRequest) -> None:
        """An agent asks for something; who has no screen cannot."""
        if self.centre.center.agents[request.agent].desktop:
            self.tell(request)

    @rule(agents=st.sets(st.sampled_from(AGENTS), min_size=1))
    def begin_work(self, agents: set[str]) -> None:
        self.centre.ready(*sorted(agents))
        self.take()

    @rule(agent=st.sampled_from(AGENTS), wish=st.sampled_from(sorted(WISHES)))
    def ask_for_something(self, agent: str, wish: str) -> None:
        self.ask(WISHES[wish](self.centre.request_id(), AgentId(agent)))

    @rule(agent=st.sampled_from(AGENTS), lost=st.sampled_from([False, False, True]))
    def the_browser(self, agent: str, lost: bool) -> None:
        self.centre.tell(DesktopLost(AgentId(agent)) if lost else DesktopConnected(AgentId(agent)))
        self.take()

    # -- supervisors -----------------------------------------------------------------------------------------------

    @rule(agent=st.sampled_from(AGENTS), deed=st.sampled_from(sorted(DEEDS)))
    def a_supervisor_changes_somebody(self, agent: str, deed: str) -> None:
        self.tell(DEEDS[deed](self.centre.request_id(), AgentId(agent)))

    @precondition(lambda self: self.centre.center.interactions)
    @rule(data=st.data(), agent=st.sampled_from(AGENTS), deed=st.sampled_from(sorted(CARES)))
    def somebody_cares_for_a_caller(self, data: st.DataObject, agent: str, deed: str) -> None:
        center = self.centre.center
        waiting = [of for queue in center.queues.values() for of in queue.waiting]
        of = data.draw(st.sampled_from(waiting or sorted(center.interactions)))
        wish = CARES[deed](self.centre.request_id(), of, AgentId(agent))
        if isinstance(wish, AgentRequest):
            self.ask(wish)
        else:
            self.tell(wish)

    @precondition(lambda self: self.connected and bool(could_be_given(self.centre.center)))
    @rule(data=st.data())
    def somebody_is_given_a_caller_instead_of_a_message(self, data: st.DataObject) -> None:
        agent, of = data.draw(st.sampled_from(could_be_given(self.centre.center)))
        self.tell(Assign(self.centre.request_id(), SAM, of, agent))
        assert rung_for(self.centre.center.interactions[of]) == [agent]

    # -- what is always true ---------------------------------------------------------------------------------------

    @invariant()
    def the_ledger_adds_up(self) -> None:
        center = self.centre.center
        assert self.started == self.ended + len(center.interactions)
        for queue in center.queues.values():
            assert queue.figures.balanced(len(queue))
        stages = [interaction.stage for interaction in center.interactions.values()]
        waiting = {stage.segment for stage in stages if isinstance(stage, Waiting)}
        waiting |= {stage.waiting.segment for stage in stages if isinstance(stage, Ringing | Connecting)}
        assert sum(len(queue) for queue in center.queues.values()) == len(waiting)
        assert self.opened - self.closed <= waiting
        assert not waiting & self.closed

    @invariant()
    def agents_and_interactions_agree(self) -> None:
        center = self.centre.center
        for agent in center.agents.values():
            assert len(agent.works) <= agent.plan.capacity
            for work in agent.works:
                self.work_and_stage_agree(agent.id, work)
        stages = [interaction.stage for interaction in center.interactions.values()]
        held = [one for stage in stages if isinstance(stage, Ringing) for one in stage.held]
        on_phone = len(held) + sum(isinstance(stage, Connecting | Talking) for stage in stages)
        asked = [task.stage.held for task in center.tasks.values() if isinstance(task.stage, TaskOffered)]
        assert on_phone == sum(agent.on_phone for agent in center.agents.values())
        assert {one.id for one in (*held, *asked)} == center._floor.reservations.keys()
        for interaction in center.interactions.values():
            if isinstance(interaction.stage, WrappingUp):
                written = center.agents[interaction.stage.agent].standing.on(interaction.id)
                assert isinstance(written, AfterCallWork)
            if (talk := interaction.surveyed) is not None:
                assert isinstance(interaction.stage, InFlow | Leaving)
                by = center.agents.get(talk.agent)
                assert talk.writes == (by is not None and isinstance(by.standing.on(interaction.id), AfterCallWork))

    def work_and_stage_agree(self, agent: AgentId, work: Work) -> None:
        """What an agent does for an interaction or a task, and the stage of that."""
        if (task := self.centre.center.tasks.get(work.interaction)) is not None:
            match task.stage:
                case TaskOffered(asked):
                    assert isinstance(work, Reserved)
                    assert (asked.agent, asked.id) == (agent, work.reservation)
                case TaskInHand(by):
                    assert isinstance(work, Busy)
                    assert by == agent
                case TaskWaits():
                    raise AssertionError("nobody has it")
            return
        interaction = self.centre.center.interactions.get(work.interaction)
        stage = interaction.stage if interaction is not None else None
        match work:
            case Reserved(_, reservation):
                assert isinstance(stage, Ringing)
                held = stage.by(agent)
                assert held is not None
                assert held.id == reservation
            case Busy():
                assert isinstance(stage, Connecting | Talking)
                assert stage.agent == agent
            case AfterCallWork():  # without an interaction it is one of the process before us
                assert interaction is None or isinstance(stage, WrappingUp) or interaction.surveyed is not None

    @invariant()
    def nobody_is_asked_who_has_no_screen(self) -> None:
        for agent in self.centre.center.agents.values():
            assert agent.desktop or not isinstance(agent.state, Ready | Reserved)

    @invariant()
    def no_ready_agent_beside_a_call_he_could_take(self) -> None:
        center = self.centre.center
        for interaction in center.interactions.values():
            if not isinstance(interaction.stage, Waiting) or not self.connected:
                continue  # one for whom a phone rings may be alone with it
            at_work = [agent for agent in center.agents.values() if not isinstance(agent.state, LoggedOut)]
            able = [agent for agent in at_work if may_serve(center, interaction, agent, 1e9)]
            missed_by_all = all(agent.id in interaction.missed_by for agent in able)
            waited = self.centre.now - interaction.stage.since
            for agent in able:
                if not may_serve(center, interaction, agent, waited):
                    continue
                assert (
                    unavailable_because(agent.standing)
                    or (agent.works and not agent.desktop)
                    or (agent.on_phone and agent.phone.kind is PhoneKind.BROWSER)
                    or (agent.id in interaction.missed_by and not missed_by_all)
                    or not center.phones_reachable.get(agent.phone.at, True)
                    or agent.phone.at in center._floor.lines.in_use
                    or is_closing(center, agent, self.centre.now)
                    or is_kept_for_another(center, interaction, agent, self.centre.now)
                )

    @invariant()
    def every_leg_is_in_the_books_and_nothing_else_is(self) -> None:
        if not self.connected:
            return
        floor = self.centre.center._floor
        known = {*floor.customer_legs, *floor.agent_legs, *floor.unattended, *floor.dismissed}
        assert self.pbx.legs.keys() <= known, "a leg that nobody will ever hang up"
        assert known <= {*self.pbx.legs, *(command.leg for command in self.pbx.todo)}, "remembered for ever"
        for call in floor.interactions.values():
            assert isinstance(call.stage, WrappingUp) or call.leg in floor.customer_legs

    @invariant()
    def each_reservation_ends_once(self) -> None:
        assert self.reservations.pending == self.centre.center._floor.reservations

    @invariant()
    def whatever_is_to_pass_has_its_deadline(self) -> None:
        center = self.centre.center
        assert not late(center, self.centre.now)
        assert center.next_deadline() == min(center._floor.timers._deadlines.values(), default=None)

    @invariant()
    def questions_are_those_of_living_calls(self) -> None:
        floor = self.centre.center._floor
        assert set(floor.questions.values()) <= floor.interactions.keys()

    def teardown(self) -> None:
        """Everybody hangs up and goes home: nothing is left."""
        if not self.connected:
            self.connect()
        for which in (1, 2, 3):
            self.somebody_has_seen_to_it(which)
        while self.pbx.todo or self.pbx.legs:
            while self.pbx.todo:
                self.heard(self.pbx.carry_out())
            for leg in sorted(self.pbx.legs)[:1]:
                self.heard(self.pbx.end(leg, HangupCause.NORMAL))
        self.centre.wait(10_000)
        self.take()
        center = self.centre.center
        assert not center.interactions
        assert all(not isinstance(agent.state, Busy | Reserved) for agent in center.agents.values())
        assert self.centre.nothing_is_due()
        assert self.started == self.ended
        floor = center._floor
        assert not any((floor.reservations, floor.dismissed, floor.unattended, floor.questions, floor.agent_legs))
        for agent in AGENTS:
            self.tell(LogOut(self.centre.request_id(), AgentId(agent)))
            assert isinstance(self.centre.state(agent), LoggedOut)


class ManyAtOnce(Histories):
    """The same with several phones for one call and several calls for one agent."""

    plan = staticmethod(many_at_once)

    @invariant()
    def every_phone_rings_that_may(self) -> None:
        center = self.centre.center
        for interaction in center.interactions.values():
            stage = interaction.stage
            if not isinstance(stage, Ringing) or interaction.queue != BILLING or not self.connected or stage.by_hand:
                continue
            waited = self.centre.now - stage.waiting.since
            for agent in center.agents.values():
                if center._floor.availability.is_available(agent):
                    may = may_serve(center, interaction, agent, waited)
                    assert not may or agent.id in interaction.missed_by


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=120, stateful_step_count=70)
TestManyAtOnce = ManyAtOnce.TestCase
TestManyAtOnce.settings = settings(max_examples=80, stateful_step_count=70)
