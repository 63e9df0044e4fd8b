"""Agents without a person: they log in, answer by their virtual phones, take the messages that callers have left,
classify, and now and then take a break."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

from acd.events import AgentStateChanged, ReservationMade, TaskTaken
from acd.floor import Output
from acd.model import AgentId, InteractionId, PhoneKind, RequestId, WrapUpCode
from acd.people.agents import AfterCallWork, AgentState, BackToReady, NotReady, Ready
from acd.requests import AnswerCall, AnyRequest, BecomeReady, ChooseWrapUp, FinishWrapUp, LogIn, TakeBreak
from acd.tasks.task_distribution import NO_SEGMENT
from acd.told import DesktopConnected

TAKING = (1.5, 5.0)
"""Seconds until a message that is offered is taken, from and to."""
CALLING_BACK = (12.0, 30.0)
"""Seconds with a message in hand."""
WRITING = (3.0, 9.0)
"""Seconds of after-call work, from and to."""
BREAK = (20.0, 60.0)
BREAK_SHARE = 0.06
"""How often a break follows a call."""


class SimulatedAgent:
    """One of them. `listen` is a listener of the runtime; `post` its inbox. `codes` are those of an interaction."""

    def __init__(
        self,
        agent: AgentId,
        codes: Callable[[InteractionId], Sequence[WrapUpCode]],
        breaks: Sequence[str],
        post: Callable[[AnyRequest | DesktopConnected], None],
        random: Random,
    ) -> None:
        self._agent = agent
        self._codes = codes
        self._breaks = tuple(breaks)
        self._post = post
        self._random = random
        self._timer: asyncio.TimerHandle | None = None
        self._serial = 0

    def begin_work(self) -> None:
        """Log in and say Ready."""
        self._post(DesktopConnected(self._agent))
        self._post(LogIn(self._request(), self._agent, PhoneKind.DESK))
        self._post(BecomeReady(self._request(), self._agent))

    def stop(self) -> None:
        """Do nothing more."""
        if self._timer is not None:
            self._timer.cancel()

    def listen(self, outputs: Sequence[Output], _now: float) -> None:
        """React to what happens to this agent."""
        for output in outputs:
            match output:
                case AgentStateChanged(agent, _) if agent == self._agent:
                    self._react(output.state)
                case ReservationMade(agent=agent, segment=segment) if agent == self._agent and segment == NO_SEGMENT:
                    self._later(TAKING, self._take)  # a message; a call is answered by the phone
                case TaskTaken(task=task, agent=agent) if agent == self._agent:
                    self._later(CALLING_BACK, partial(self._see_to, task))
                case _:
                    pass

    def _react(self, state: AgentState) -> None:
        match state:
            case AfterCallWork(_, interaction, resume=BackToReady()):
                self._later(WRITING, partial(self._write_up, interaction))
            case NotReady():
                self._later(BREAK, self._ready)
            case Ready():
                self.stop()
            case _:
                pass

    def _take(self) -> None:
        self._post(AnswerCall(self._request(), self._agent))

    def _see_to(self, task: InteractionId) -> None:
        if codes := self._codes(task):
            self._post(ChooseWrapUp(self._request(), self._agent, self._random.choice(codes), "", task))
        self._post(FinishWrapUp(self._request(), self._agent, task))

    def _write_up(self, interaction: InteractionId) -> None:
        if codes := self._codes(interaction):
            self._post(ChooseWrapUp(self._request(), self._agent, self._random.choice(codes)))
        if self._random.random() < BREAK_SHARE and self._breaks:
            self._post(TakeBreak(self._request(), self._agent, self._random.choice(self._breaks)))
        else:
            self._ready()

    def _ready(self) -> None:
        self._post(BecomeReady(self._request(), self._agent))

    def _later(self, seconds: tuple[float, float], do: Callable[[], None]) -> None:
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(self._random.uniform(*seconds), do)

    def _request(self) -> RequestId:
        self._serial += 1
        return RequestId(f"simulated-{self._agent}:{self._serial}")
