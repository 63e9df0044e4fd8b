"""Conditions and values in flows, as in `open_bills > 0 && customer_class == "gold"`.

They are written in CEL (the Common Expression Language, https://cel.dev), from which no way leads out. Of it a flow has
what needs no loop, so that no expression takes longer than its text is long.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from ivr.files.mistakes import instead, quoted
from ivr.flow.cel_alone import compiled
from ivr.flow.variables import Type, Value, value_of

FUNCTIONS = frozenset(
    {
        "size",
        "contains",
        "startsWith",
        "endsWith",
        "int",
        "double",
        "string",
        "_&&_",
        "_||_",
        "!_",
        "-_",
        "_?_:_",
        "@in",
    }
    | {f"_{sign}_" for sign in ("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%")}
)
"""Those that flows may use, by CEL's names."""


_LOOPS = re.compile(r"\.\s*(all|exists|exists_one|existsOne|filter|map)\s*\(")
"""All macros of the library that go through a list. It writes one of them in two ways."""
_PLACE = re.compile(r"<input>:1:(\d+): (?:Syntax error: )?([^\n]*?)(?: expecting .*)?$", re.MULTILINE)


class NoExpression(ValueError):
    """A text that is none, with words for whoever wrote it."""

    def __init__(self, text: str, at: int | None = None) -> None:
        super().__init__(text)
        self.at = at
        """Which character is wrong, from 0; None if it is not about one."""


class ExpressionFailed(Exception):
    """It has no value: a variable is not known, or of another type than it is taken for."""


class Expression:
    """One, ready to be asked. Raises `NoExpression`."""

    __slots__ = ("_program", "names", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        if "\n" in text:
            raise NoExpression("an expression stands in one line")
        if loop := _LOOPS.search(text):
            raise NoExpression(f"there is no {quoted(loop[1])} here", loop.start(1))
        try:
            self._program = compiled(text)
        except ValueError as error:
            raise _told(str(error)) from None
        said = self._program.references()
        self.names = frozenset(said["variables"])
        """The variables that it speaks of."""
        for name in said["functions"]:
            if name not in FUNCTIONS:
                known = sorted(one for one in FUNCTIONS if one.isalpha())
                raise NoExpression(f"there is no function {quoted(name)} here; {instead(name, known)}")

    def __eq__(self, other: object) -> bool:
        """Whether they ask for the same."""
        return isinstance(other, Expression) and other.text == self.text

    def __hash__(self) -> int:
        """By its text."""
        return hash(self.text)

    def __repr__(self) -> str:
        """As it was written."""
        return f"Expression({self.text!r})"

    def value(self, values: Mapping[str, str], types: Mapping[str, Type]) -> object:
        """What it comes to. Raises `ExpressionFailed`."""
        given: dict[str, Value] = {}
        try:
            for name in self.names & values.keys():
                given[name] = value_of(values[name], types.get(name, Type.TEXT))
            return self._program.execute(given)
        except (ValueError, TypeError, RuntimeError, ArithmeticError) as error:
            raise ExpressionFailed(str(error)) from error


@lru_cache(maxsize=10_000)
def expression(text: str) -> Expression:
    """That expression, read once. Raises `NoExpression`."""
    return Expression(text)


def _told(error: str) -> NoExpression:
    """The parser's words without its list of everything that it would have taken."""
    if (found := _PLACE.search(error)) is None:
        return NoExpression("this is no expression")
    return NoExpression(found[2].replace("'<EOF>'", "the end of the line"), int(found[1]) - 1)
