"""Who answers in place of the CRM: the file of dialogues, or whoever tries a flow out."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from ivr.dialogue.steps import PutThrough
from ivr.files.mistakes import instead, quoted
from ivr.flow.node import FAILED, Asking
from ivr.flow.questions import Create, LookUp, Question, Request, Verify
from ivr.flow.secret import Secret
from ivr.flow.variables import Type, fits
from ivr.rehearsal.dialogue_file import Answer

NEVER = "never"
"""Written in place of a way: there is no answer, until the flow waits no longer."""


_CALLED = {
    Type.MONEY: "number",
    Type.DATE: "date such as 2026-11-22",
    Type.TIME: "time such as 17:30",
    Type.FLAG: "flag (true or false)",
}


class Unsuitable(Exception):
    """No answer to what is asked; in words for who wrote it."""


class Reply(NamedTuple):
    """How a question is answered."""

    way: str
    learnt: Mapping[str, str]


def asked_words(question: msgspec.Struct) -> tuple[str, ...]:
    """What is asked, the most important word first; nothing if there are no words for it, only the node that asks."""
    match question:
        case LookUp(kind, key):
            return kind, _open(key)
        case Create(kind):
            return "create", kind
        case Verify(customer, pin):
            return "verify", customer, pin.reveal()
        case Request(service, method, path):
            return service, method, path
        case PutThrough(number):
            return "transfer", number
        case _:
            return ()


def _open(key: str | Secret) -> str:
    return key if isinstance(key, str) else key.reveal()


def told(question: msgspec.Struct, node: str) -> str:
    """The same for people; what is secret is not among it."""
    match question:
        case LookUp(kind, Secret()):
            return kind
        case Verify(customer):
            return f"verify {customer}"
        case Create(kind, fields):
            return f"create {kind} ({', '.join(f'{name} {value}' for name, value in fields.items())})"
        case _:
            return " ".join(asked_words(question)) or node


def answer_to(question: Question, node: str, answers: Sequence[Mapping[str, Answer]]) -> Answer:
    """What a file says to a question: to that very one, to all of its kind, or to the node that asks. Raises
    `Unsuitable`."""
    answer = said_to(question, node, answers)
    if answer is None:
        asked = f"{told(question, node)!r} is asked by {node}"
        raise Unsuitable(f"{asked}; say the answer under `answers`, or with `answer`")
    return answer


def said_to(question: Question | PutThrough, node: str, answers: Sequence[Mapping[str, Answer]]) -> Answer | None:
    """The same; None if the file says nothing to it."""
    asked = asked_words(question)
    names = [" ".join(asked[:count]) for count in range(len(asked), 0, -1)]
    return next((some[name] for some in answers for name in (*names, node) if name in some), None)


def reply(answer: Answer, node: Asking, name: str) -> Reply | None:
    """As the node can take it; None if it is never answered. Raises `Unsuitable`."""
    ways = {way.name: way for way in node.ways()}
    if isinstance(answer, str):
        if answer == NEVER:
            return None
        if answer not in ways:
            raise Unsuitable(f"{name} is not answered by {quoted(answer)}; {instead(answer, [*ways, NEVER])}")
        return Reply(answer, {})
    way = next((way for way in ways.values() if answer.keys() <= way.learns.keys()), None)
    if way is None:
        known = sorted({one for way in ways.values() for one in way.learns})
        unknown = next((one for one in answer if one not in known), next(iter(answer)))
        raise Unsuitable(f"{name} learns no {quoted(unknown)}; {instead(unknown, known)}")
    check(answer, way.learns)
    return Reply(way.name, answer)


def refused(answer: Answer | None, name: str) -> bool:
    """What a file says to a transfer, whose one way is taken by who is not put through. Raises `Unsuitable`."""
    if answer is not None and answer != FAILED:
        raise Unsuitable(f"{name} is not answered by {quoted(str(answer))}; {instead(str(answer), [FAILED])}")
    return answer == FAILED


def check(learnt: Mapping[str, str], types: Mapping[str, Type]) -> None:
    """Whether each is of its type, or empty: not known. Raises `Unsuitable`."""
    for variable, value in learnt.items():
        if value and not fits(value, types[variable]):
            raise Unsuitable(f"{variable}: {quoted(value)} is no {_CALLED.get(types[variable], types[variable])}")
