"""What a caller needs of an agent: an expression over skills with levels, such as `billing>=7 & (zh | en>=5)`.

    expression := term ("|" term)*
    term       := factor ("&" factor)*
    factor     := "(" expression ")" | skill [">=" level] | "any"

A skill without a level means level 1, which everybody has who has the skill at all. `any` asks for nothing. `&` binds
more tightly than `|`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import msgspec

from acd.model import Skill
from ivr.files.mistakes import quoted

LOWEST, HIGHEST = 1, 10
DEEPEST = 20
"""Parentheses within parentheses that are read; more is a mistake, not a requirement."""
LONGEST = 500
"""Characters of an expression."""

_TOKEN = re.compile(r"\s*(?:(?P<word>[^\W\d][\w-]*)|(?P<number>\d+)|(?P<sign>>=|[&|()])|(?P<odd>\S))")


class Anybody(msgspec.Struct, frozen=True):
    """No skill is needed."""


class AtLeast(msgspec.Struct, frozen=True):
    """A skill at a level or above."""

    skill: Skill
    level: int


class AllOf(msgspec.Struct, frozen=True):
    """Each of them."""

    parts: "tuple[Requirement, ...]"


class OneOf(msgspec.Struct, frozen=True):
    """Any of them will do."""

    parts: "tuple[Requirement, ...]"


Requirement = Anybody | AtLeast | AllOf | OneOf


class Slip(msgspec.Struct, frozen=True):
    """One thing that is wrong with an expression."""

    text: str
    position: int
    """Characters after the beginning."""
    name: str = ""
    """That of no skill."""


class RequirementMistake(ValueError):
    """All that is wrong with an expression, in its order: every name and level, but nothing behind what cannot be
    read."""

    def __init__(self, slips: Sequence[Slip]) -> None:
        self.slips = tuple(sorted(slips, key=lambda slip: slip.position))
        super().__init__("; ".join(slip.text for slip in self.slips))


def is_met(need: Requirement, skills: Mapping[Skill, int]) -> bool:
    """Whether somebody with these skills will do."""
    match need:
        case AtLeast(skill, level):
            return skills.get(skill, 0) >= level
        case AllOf(parts):
            return all(is_met(part, skills) for part in parts)
        case OneOf(parts):
            return any(is_met(part, skills) for part in parts)
        case Anybody():
            return True


def lacking(need: Requirement, skills: Mapping[Skill, int]) -> str:
    """The first part that is not met, as `billing>=7` or `zh | en>=5`; empty if all is."""
    if is_met(need, skills):
        return ""
    if isinstance(need, AllOf):
        return next(lack for part in need.parts if (lack := lacking(part, skills)))
    return written(need)


def surplus(need: Requirement, skills: Mapping[Skill, int]) -> int:
    """How far above the asked levels somebody is who meets the requirement: the sum over all parts of an `&`, the
    best of an `|`."""
    match need:
        case AtLeast(skill, level):
            return skills.get(skill, 0) - level
        case AllOf(parts):
            return sum(surplus(part, skills) for part in parts)
        case OneOf(parts):
            return max(surplus(part, skills) for part in parts if is_met(part, skills))
        case Anybody():
            return 0


def both(one: Requirement, other: Requirement) -> Requirement:
    """What meets the one and the other."""
    parts = [part for part in (one, other) if not isinstance(part, Anybody)]
    return _joined(AllOf, parts) if parts else Anybody()


def skills_in(need: Requirement) -> Iterator[AtLeast]:
    """Every skill with the level asked, as often as it is named."""
    match need:
        case AtLeast():
            yield need
        case AllOf(parts) | OneOf(parts):
            for part in parts:
                yield from skills_in(part)
        case Anybody():
            return


def written(need: Requirement) -> str:
    """The expression, in one way of writing: two requirements are the same if this is."""
    match need:
        case AtLeast(skill, level):
            return skill if level == LOWEST else f"{skill}>={level}"
        case AllOf(parts):
            return " & ".join(f"({written(part)})" if isinstance(part, OneOf) else written(part) for part in parts)
        case OneOf(parts):
            return " | ".join(written(part) for part in parts)
        case Anybody():
            return "any"


def parsed(text: str, known: Collection[Skill]) -> Requirement:
    """Read an expression. Raises `RequirementMistake`; every skill must be one of `known`."""
    if len(text) > LONGEST:
        raise RequirementMistake([Slip(f"longer than {LONGEST} characters", LONGEST)])
    parser = _Parser(text, known)
    try:
        need = parser.whole()
    except _Unreadable as unreadable:
        raise RequirementMistake([*parser.slips, unreadable.slip]) from None
    if parser.slips:
        raise RequirementMistake(parser.slips)
    return need


_Rule = Callable[[], Requirement]


def _joined(kind: type[AllOf] | type[OneOf], parts: Sequence[Requirement]) -> Requirement:
    """One level of `&` or `|`; the same thing said twice counts once."""
    flat: dict[Requirement, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    position: int


class _Unreadable(Exception):
    """What comes behind this cannot be understood."""

    def __init__(self, text: str, position: int) -> None:
        super().__init__(text)
        self.slip = Slip(text, position)


class _Parser:
    def __init__(self, text: str, known: Collection[Skill]) -> None:
        self.slips: list[Slip] = []
        """What is wrong, though one can read on."""
        self._known = known
        found = (match for match in _TOKEN.finditer(text))
        self._tokens = [_Token(str(m.lastgroup), m[str(m.lastgroup)], m.start(str(m.lastgroup))) for m in found]
        self._end = _Token("end", "", len(text))
        self._next = 0
        self._depth = 0

    def whole(self) -> Requirement:
        need = self._expression()
        if (left := self._peek()) is not self._end:
            raise _Unreadable(f"`&`, `|` or the end was expected, not {quoted(left.text)}", left.position)
        return need

    def _expression(self) -> Requirement:
        return _joined(OneOf, self._list(self._term, "|"))

    def _term(self) -> Requirement:
        return _joined(AllOf, self._list(self._factor, "&"))

    def _list(self, one: _Rule, sign: str) -> list[Requirement]:
        parts = [one()]
        while self._take_sign(sign):
            parts.append(one())
        return parts

    def _factor(self) -> Requirement:
        token = self._peek()
        if self._take_sign("("):
            return self._in_parentheses(token)
        if token.kind != "word":
            said = quoted(token.text) if token.text else "the end"
            raise _Unreadable(f"a skill was expected, not {said}", token.position)
        self._next += 1
        if token.text == "any" and Skill("any") not in self._known:
            return Anybody()
        if token.text not in self._known:
            self.slips.append(Slip(f"there is no skill {quoted(token.text)}", token.position, token.text))
        return AtLeast(Skill(token.text), self._level() if self._take_sign(">=") else LOWEST)

    def _in_parentheses(self, opened: _Token) -> Requirement:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _Unreadable(f"more than {DEEPEST} parentheses within each other", opened.position)
        need = self._expression()
        if not self._take_sign(")"):
            raise _Unreadable("this parenthesis is never closed", opened.position)
        self._depth -= 1
        return need

    def _level(self) -> int:
        token = self._peek()
        if token.kind == "number" and LOWEST <= int(token.text) <= HIGHEST:
            self._next += 1
            return int(token.text)
        said = quoted(token.text) if token.text else "the end"
        text = f"a level from {LOWEST} to {HIGHEST} was expected, not {said}"
        if token.kind not in {"number", "word"}:
            raise _Unreadable(text, token.position)
        self.slips.append(Slip(text, token.position))
        self._next += 1
        return LOWEST

    def _peek(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else self._end

    def _take_sign(self, sign: str) -> bool:
        token = self._peek()
        if token.kind == "sign" and token.text == sign:
            self._next += 1
            return True
        return False
