"""Answers what flows ask of others as the dialogues say it, so that many calls can be told different things at once."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from acd.events import InteractionStarted, QuestionAsked
from acd.floor import Output
from acd.model import InteractionId
from acd.told import QuestionAnswered
from ivr.flow.questions import Create, LookUp, Question, Request, Verify
from ivr.rehearsal.answering import NEVER, Reply, Unsuitable, answer_to, told
from ivr.rehearsal.dialogue_file import Answer, Step
from ivr.rehearsal.reading import Script
from ivr.rehearsal.rehearse import ANSWERED_AFTER
from tests.journeys.house import House


class Answering:
    """For one caller."""

    def __init__(self, script: Script) -> None:
        self.asked: list[str] = []
        """What was asked, and how it was answered; as a rehearsal tells it."""
        self._script = script
        self.begins()

    def begins(self) -> None:
        """From the beginning, perhaps once more."""
        self.asked.clear()
        self._answers: Iterator[Answer] = iter(())
        self._after = ANSWERED_AFTER

    def goes_on(self, step: Step) -> None:
        """With this step, and the answers that it brings."""
        if step.answer:
            self._answers = iter((step.answer,) if isinstance(step.answer, str | Mapping) else step.answer)
        if step.answer_after is not None:
            self._after = step.answer_after

    def reply(self, question: Question) -> tuple[Reply | None, float]:
        """What is answered, if anything, and after how many seconds."""
        answer = next(self._answers, None)
        try:
            if answer is None:
                answer = answer_to(question, "", self._script.answers)
        except Unsuitable:
            answer = NEVER  # which is not what is written, so it will be told
        if answer == NEVER:
            reply = None
        else:
            reply = Reply(answer, {}) if isinstance(answer, str) else Reply(_good(question), answer)
        self.asked.append(f"{told(question, '')}: {'no answer' if reply is None else reply.way}")
        return reply, self._after


def _good(question: Question) -> str:
    match question:
        case LookUp():
            return "found"
        case Verify():
            return "verified"
        case Create() | Request():
            return "then"


class WrittenAnswers:
    """The desk of a CRM, in a running centre; the centre's own still says who calls."""

    def __init__(self, house: House) -> None:
        self.callers: dict[str, Answering] = {}
        """By the number that they dial."""
        self._house = house
        self._of: dict[InteractionId, Answering] = {}
        runtime = house.centre.runtime
        runtime.others[runtime.others.index(house.centre.crm_desk.listen)] = self.listen

    def listen(self, outputs: Sequence[Output], now: float) -> None:
        """As a listener of the runtime."""
        for one in outputs:
            if isinstance(one, InteractionStarted):
                self._of[one.interaction] = self.callers[one.dialled]
            elif isinstance(one, QuestionAsked):
                self._answer(one)
        self._house.centre.crm_desk.listen([one for one in outputs if not isinstance(one, QuestionAsked)], now)

    def _answer(self, asked: QuestionAsked) -> None:
        reply, after = self._of[asked.interaction].reply(asked.question)
        if reply is not None:
            answer = QuestionAnswered(asked.id, reply.way, reply.learnt, verified=reply.way == "verified")
            asyncio.get_running_loop().call_later(after, self._house.centre.runtime.post, answer)
