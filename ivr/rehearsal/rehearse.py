"""Runs one dialogue as it is written down, and says where it went otherwise."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ivr.dialogue.interpreter import Dialogue
from ivr.dialogue.steps import Arrival, PutThrough
from ivr.files.mistakes import Mistake, instead, quoted
from ivr.flow.flow import Flow
from ivr.flow.node import Asking
from ivr.flow.questions import Question
from ivr.flow.settings import FlowName
from ivr.rehearsal.answering import Reply, Unsuitable, answer_to, refused, reply, said_to
from ivr.rehearsal.dialogue_file import Answer, Step
from ivr.rehearsal.line import Happening, Line, What, facts, kind
from ivr.rehearsal.reading import Script, parts

ANSWERED_AFTER = 0.3
"""Seconds, if nothing is said: soon enough that the caller hears no word about it."""


class Outcome(NamedTuple):
    """Of one dialogue."""

    script: Script
    story: tuple[Happening, ...]
    trail: tuple[Arrival, ...]
    mistake: Mistake | None
    """Where it went otherwise, with its place in the file; None if all went as it is written."""


def rehearse(script: Script, flows: Mapping[FlowName, Flow]) -> Outcome:
    """From the call to the last step."""
    return _Rehearsal(script, flows).run()


class _Otherwise(Exception):
    """It went otherwise than it is written."""


class _Rehearsal:
    def __init__(self, script: Script, flows: Mapping[FlowName, Flow]) -> None:
        self._script = script
        dialogue = Dialogue(flows[script.flow], script.language, script.known, flows)
        self._line = Line(dialogue, script.at, self._answered, self._refused)
        self._answers: Iterator[Answer] = iter(())
        self._after = ANSWERED_AFTER
        self._since = 0
        """Where in the story the latest step begins."""

    def run(self) -> Outcome:
        mistake = None
        mark = self._script.mark
        steps = self._script.steps
        try:
            for number, (step, mark) in enumerate(steps):  # noqa: B007 - it is told after the loop
                following = steps[number + 1].step if number + 1 < len(steps) else ""
                self._go(step, hurried=_interrupts(following))
        except (_Otherwise, Unsuitable) as otherwise:
            mistake = Mistake(self._script.file, mark, str(otherwise))
        line = self._line
        return Outcome(self._script, tuple(line.story), tuple(line.dialogue.trail), mistake)

    def _go(self, step: Step | str, *, hurried: bool) -> None:
        """`hurried`: the caller interrupts what he hears after this."""
        line = self._line
        if isinstance(step, Step) and step.answer:
            self._answers = iter((step.answer,) if isinstance(step.answer, str | Mapping) else step.answer)
        if isinstance(step, Step) and step.answer_after is not None:
            self._after = step.answer_after
        if not line.dialogue.trail:
            line.begin()
            self._listen(hurried=_interrupts(step) or (hurried and _does_nothing(step)))
        if not _does_nothing(step):
            self._act(step)
            self._listen(hurried=hurried)
        if isinstance(step, Step):
            self._check(step)
            if not hurried and (answer := next(self._answers, None)) is not None:
                raise _Otherwise(f"nothing asks for the answer {answer!r}")

    def _listen(self, *, hurried: bool) -> None:
        self._line.listen(to_the_end=not hurried)

    def _act(self, step: Step | str) -> None:
        line = self._line
        if line.over:
            raise _Otherwise(f"the call is over already ({line.story[-1].text or line.story[-1].what})")
        self._since = len(line.story)
        match step:
            case Step(presses=keys) if keys:
                line.presses(keys)
            case Step(interrupts=keys) if keys:
                if not line.spoken_to:
                    raise _Otherwise("nothing is said that he could interrupt")
                line.presses(keys)
            case Step(waits=seconds) if seconds:
                line.waits(seconds)
            case Step(says=seconds) if seconds is not None:
                if not line.recorded:
                    raise _Otherwise("he is not recorded here")
                line.says(seconds)
            case _:
                line.hangs_up()

    def _answered(self, question: Question, name: str, node: Asking) -> tuple[Reply | None, float]:
        answer = next(self._answers, None)
        if answer is None:
            answer = answer_to(question, name, self._script.answers)
        return reply(answer, node, name), self._after

    def _refused(self, wanted: PutThrough, name: str) -> bool:
        """If nothing is said, the PBX puts him through."""
        return refused(next(self._answers, None) or said_to(wanted, name, self._script.answers), name)

    # -- what must be so -----------------------------------------------------------------------------------------------

    def _check(self, step: Step) -> None:
        self._check_heard(parts(step.hears))
        asked = [one.text for one in self._line.story[self._since :] if one.what is What.IS_ASKED]
        _in_order(parts(step.asks), asked, "the flow asks", "nothing of others")
        _in_order(parts(step.sees), self._line.way, "the agent sees", "nothing of his way")
        known = self._line.dialogue.save().variables
        for name, value in step.knows.items():
            if known.get(name) != value:
                has = f"it is {quoted(known[name])}" if name in known else f"it is not known; {instead(name, known)}"
                raise _Otherwise(f"`{name}` should be {quoted(value)}, but {has}")
        if step.ends:
            self._check_end(step.ends)

    def _check_heard(self, wanted: tuple[str, ...]) -> None:
        heard = [one.text for one in self._line.story[self._since :] if one.what is What.HEARS]
        silence = "nothing, and the call is over" if self._line.over else "nothing, and the flow waits for him"
        _in_order(wanted, heard, "he hears", silence)

    def _check_end(self, wanted: str | Mapping[str, str]) -> None:
        to = self._line.exit
        if to is None:
            raise _Otherwise("the call should be over, but the flow waits for the caller")
        if isinstance(wanted, str):
            if kind(to) != wanted:
                raise _Otherwise(f"it should end with {wanted}, but does with {kind(to)}")
            return
        found = facts(to)
        for name, value in wanted.items():
            if name not in found:
                raise _Otherwise(f"it ends with {kind(to)}, which has no `{name}`" + _or(name, found))
            if found[name] != value:
                raise _Otherwise(f"it should end with {name} {quoted(value)}, but that is {quoted(found[name])}")


def _or(name: str, found: Mapping[str, str]) -> str:
    return f"; {instead(name, found)}" if found else ""


def _interrupts(step: Step | str) -> bool:
    return isinstance(step, Step) and bool(step.interrupts)


def _does_nothing(step: Step | str) -> bool:
    return isinstance(step, Step) and not (step.presses or step.interrupts or step.waits or step.says is not None)


def _in_order(wanted: tuple[str, ...], found: list[str], who: str, nothing: str) -> None:
    """Each wanted text must be in the found ones, after the one before it."""
    everything = plain(" ".join(found))
    at = 0
    for text in wanted:
        there = everything.find(plain(text), at)
        if there < 0:
            instead_of_it = " / ".join(found) or nothing
            before = " (it is there, but earlier)" if plain(text) in everything else ""
            raise _Otherwise(f"{who} no {text!r}{before}, but: {instead_of_it}")
        at = there + len(plain(text))


def plain(text: str) -> str:
    """Without regard to capitals, and to where lines are broken."""
    return " ".join(text.casefold().split())
