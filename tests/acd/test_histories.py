"""Random histories: whatever callers, agents and the PBX do, the books add up and nobody is stuck."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from acd.agents import AfterCallWork, Busy, LoggedOut, Ready, Reserved
from acd.events import (
    DesktopConnected,
    DesktopLost,
    InteractionClosed,
    InteractionStarted,
    SegmentClosed,
    SegmentOpened,
)
from acd.floor import Output
from acd.interactions import Connecting, Ringing, Talking, Waiting, WrappingUp
from acd.model import AgentId, PhoneKind, WrapUpCode
from acd.requests import (
    AnyRequest,
    BecomeReady,
    ChooseWrapUp,
    DeclineCall,
    HangUpCall,
    LogIn,
    LogOut,
    TakeBreak,
)
from acd.routing import lacking
from cti.commands import AnyCommand, Bridge, Command, HangUp, Play, Ring
from cti.events import CommandFailed, LegAnswered, LegsBridged, PhoneReachable, PhoneUnreachable, PlaybackEnded
from cti.model import Endpoint, HangupCause, LegId
from tests.acd.centre import Centre

AGENTS = ("anna", "ben", "chloe", "dan")
CAUSES = st.sampled_from([HangupCause.NORMAL, HangupCause.REJECTED, HangupCause.BUSY, HangupCause.NO_ANSWER])


class Histories(RuleBasedStateMachine):
    """A PBX that carries commands out late, in pieces, or not at all; people who do what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.centre = Centre()
        self.legs: set[LegId] = set()
        self.rung: dict[LegId, Ring] = {}
        self.to_end: list[LegId] = []
        self.to_bridge: list[Bridge] = []
        self.prompts: list[Play] = []
        self.take(self.centre.connect())

    def take(self, outputs: object) -> None:
        """Carry the PBX's model on by what the brain has said."""
        assert outputs is not None
        said, self.centre.said = self.centre.said, []
        for one in said:
            self.count(one)
            if isinstance(one, Command):
                self.carry_out(one)

    opened = closed = started = ended = 0

    def count(self, one: Output) -> None:
        """The books, kept beside the brain's own."""
        self.opened += isinstance(one, SegmentOpened)
        self.closed += isinstance(one, SegmentClosed)
        self.started += isinstance(one, InteractionStarted)
        self.ended += isinstance(one, InteractionClosed)

    def carry_out(self, command: AnyCommand) -> None:
        """What the PBX does with it, at once or when a rule says so."""
        match command:
            case Ring():
                assert command.leg not in self.legs
                self.legs.add(command.leg)
                self.rung[command.leg] = command
            case HangUp() if command.leg in self.legs:
                self.to_end.append(command.leg)
            case Bridge():
                self.to_bridge.append(command)
            case Play():
                self.prompts.append(command)
            case _:
                pass

    def end(self, leg: LegId, cause: HangupCause) -> None:
        """A leg is gone."""
        self.legs.discard(leg)
        self.rung.pop(leg, None)
        self.take(self.centre.hang_up(leg, cause))

    def ask(self, request: AnyRequest) -> None:
        """An agent asks for something."""
        self.take(self.centre.tell(request))

    # -- callers ---------------------------------------------------------------------------------------------------

    @rule(number=st.sampled_from(["1000", "1000", "1000", "4711"]))
    def dial(self, number: str) -> None:
        leg = self.centre.dial(number)
        self.legs.add(leg)
        self.take(())

    @precondition(lambda self: self.legs)
    @rule(data=st.data(), key=st.sampled_from("12219#"))
    def press(self, data: st.DataObject, key: str) -> None:
        self.take(self.centre.press(data.draw(st.sampled_from(sorted(self.legs))), key))

    @precondition(lambda self: self.legs)
    @rule(data=st.data(), cause=CAUSES)
    def a_leg_ends(self, data: st.DataObject, cause: HangupCause) -> None:
        self.end(data.draw(st.sampled_from(sorted(self.legs))), cause)

    # -- the PBX ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.rung)
    @rule(data=st.data())
    def a_phone_is_answered(self, data: st.DataObject) -> None:
        leg = data.draw(st.sampled_from(sorted(self.rung)))
        del self.rung[leg]
        self.take(self.centre.tell(LegAnswered(leg)))

    @precondition(lambda self: self.rung)
    @rule(data=st.data())
    def a_phone_cannot_be_rung(self, data: st.DataObject) -> None:
        ring = self.rung.pop(data.draw(st.sampled_from(sorted(self.rung))))
        self.legs.discard(ring.leg)
        self.take(self.centre.tell(CommandFailed(ring, "503")))

    @precondition(lambda self: self.to_bridge)
    @rule(fails=st.booleans())
    def a_bridge_is_made_or_not(self, fails: bool) -> None:
        bridge = self.to_bridge.pop(0)
        legs = (bridge.leg, *bridge.others)
        if fails or not self.legs.issuperset(legs):
            self.take(self.centre.tell(CommandFailed(bridge, "404")))
        else:
            self.take(self.centre.tell(LegsBridged(bridge.call, legs)))

    @precondition(lambda self: self.to_end)
    @rule()
    def a_hang_up_is_carried_out(self) -> None:
        leg = self.to_end.pop(0)
        if leg in self.legs:
            self.end(leg, HangupCause.NORMAL)

    @precondition(lambda self: self.prompts)
    @rule(data=st.data(), failed=st.booleans())
    def a_prompt_ends(self, data: st.DataObject, failed: bool) -> None:
        play = self.prompts.pop(data.draw(st.integers(0, len(self.prompts) - 1)))
        self.take(self.centre.tell(PlaybackEnded(play.leg, play.playback, failed)))

    @rule(agent=st.sampled_from(AGENTS), there=st.booleans())
    def a_phone_registers_or_not(self, agent: str, there: bool) -> None:
        endpoint = Endpoint(f"PJSIP/{agent}")
        self.take(self.centre.tell(PhoneReachable(endpoint) if there else PhoneUnreachable(endpoint)))

    @rule(seconds=st.sampled_from([0.0, 0.5, 3.0, 10.0, 20.0, 2000.0]))
    def time_passes(self, seconds: float) -> None:
        self.take(self.centre.wait(seconds))

    # -- agents ----------------------------------------------------------------------------------------------------

    @rule(agent=st.sampled_from(AGENTS))
    def begin_work(self, agent: str) -> None:
        self.centre.ready(agent)
        self.take(())

    @rule(agent=st.sampled_from(AGENTS), verb=st.sampled_from([LogOut, BecomeReady, DeclineCall, HangUpCall]))
    def ask_for_something(self, agent: str, verb: type[LogOut | BecomeReady | DeclineCall | HangUpCall]) -> None:
        self.ask(verb(self.centre.request_id(), AgentId(agent)))

    @rule(agent=st.sampled_from(AGENTS), reason=st.sampled_from(["lunch", "no such reason"]))
    def ask_for_a_break(self, agent: str, reason: str) -> None:
        self.ask(TakeBreak(self.centre.request_id(), AgentId(agent), reason))

    @rule(agent=st.sampled_from(AGENTS), code=st.sampled_from(["solved", "no such code"]))
    def classify(self, agent: str, code: str) -> None:
        self.ask(ChooseWrapUp(self.centre.request_id(), AgentId(agent), WrapUpCode(code)))

    @rule(agent=st.sampled_from(AGENTS), kind=st.sampled_from(PhoneKind))
    def log_in(self, agent: str, kind: PhoneKind) -> None:
        self.ask(LogIn(self.centre.request_id(), AgentId(agent), kind))

    @rule(agent=st.sampled_from(AGENTS), lost=st.booleans())
    def the_browser(self, agent: str, lost: bool) -> None:
        self.take(self.centre.tell(DesktopLost(AgentId(agent)) if lost else DesktopConnected(AgentId(agent))))

    # -- what is always true ---------------------------------------------------------------------------------------

    @invariant()
    def the_ledger_adds_up(self) -> None:
        center = self.centre.center
        open_segments = sum(len(queue) for queue in center.queues.values())
        assert self.opened == self.closed + open_segments
        assert self.started == self.ended + len(center.interactions)
        for queue in center.queues.values():
            assert queue.figures.balanced(len(queue))

    @invariant()
    def agents_and_interactions_agree(self) -> None:
        center = self.centre.center
        for agent in center.agents.values():
            match agent.state:
                case Reserved(_, reservation, of):
                    stage = center.interactions[of].stage
                    assert isinstance(stage, Ringing)
                    assert (stage.agent, stage.reservation) == (agent.id, reservation)
                case Busy(_, of):
                    stage = center.interactions[of].stage
                    assert isinstance(stage, Connecting | Talking)
                    assert stage.agent == agent.id
                case AfterCallWork(_, of):
                    assert isinstance(center.interactions[of].stage, WrappingUp)
                case _:
                    pass
        held = [i for i in center.interactions.values() if isinstance(i.stage, Ringing | Connecting | Talking)]
        working = [a for a in center.agents.values() if isinstance(a.state, Reserved | Busy)]
        assert len(held) == len(working)

    @invariant()
    def no_ready_agent_beside_a_call_he_could_take(self) -> None:
        center = self.centre.center
        for interaction in center.interactions.values():
            if not isinstance(interaction.stage, Waiting):
                continue
            requires = center.queues[interaction.queue].plan.requires
            for agent in center.agents.values():
                assert (
                    not isinstance(agent.state, Ready)
                    or lacking(agent.plan.skills, requires)
                    or agent.id in interaction.missed_by
                    or not center.phones_reachable.get(agent.phone.endpoint, True)
                )

    def teardown(self) -> None:
        """Everybody hangs up and goes home: nothing is left."""
        for leg in sorted(self.legs):
            self.end(leg, HangupCause.NORMAL)
        self.take(self.centre.wait(10_000))
        assert not self.centre.center.interactions
        assert all(not isinstance(a.state, Busy | Reserved) for a in self.centre.center.agents.values())
        assert self.centre.center.next_deadline() is None
        assert self.started == self.ended
        for agent in AGENTS:
            self.ask(LogOut(self.centre.request_id(), AgentId(agent)))
            assert isinstance(self.centre.state(agent), LoggedOut)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
