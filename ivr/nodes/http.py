"""Asks a service of the company's by HTTP."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from ivr.flow.filling import filled
from ivr.flow.node import Asking, Path, Settling, Way
from ivr.flow.questions import Request, Wanted
from ivr.flow.secret import Secret
from ivr.flow.settings import NodeId, NodeRef, Variable
from ivr.flow.variables import Type
from ivr.speech.words import slots, stray_brace

ServiceRef = Annotated[str, Meta(title="the name of a service of the settings", extra={"name_of": "service"})]
Method = Annotated[Literal["GET", "POST", "PUT", "PATCH", "DELETE"], Meta(title="a method of HTTP")]
PathText = Annotated[
    str, Meta(title="a path that begins with /, such as /stock/{code}", pattern=r"^/[!-~]*$", max_length=500)
]
Text = Annotated[str, Meta(title="a text, which may hold slots", max_length=2000)]
Name = Annotated[str, Meta(title="a name", min_length=1, max_length=100)]


class Learnt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One variable, and where its value stands in the answer."""

    at: Annotated[str, Meta(title="a place in the answer, such as /stock/0/count (JSON Pointer)", pattern=r"^(/.*)?$")]
    """JSON Pointer (RFC 6901)."""
    type: Annotated[Type, Meta(title="type of a variable")] = Type.TEXT


class HttpNode(Asking, frozen=True, tag="http"):
    """A request to a service that the settings name with its address and its secrets, so that no flow holds them.

    `then` if the answer is one of success (2xx) and has all that is wanted, `not_found` if it says so (404), else
    `failed`.
    """

    service: ServiceRef
    path: PathText
    then: NodeRef
    method: Method = "GET"
    query: dict[Name, Text] = {}  # noqa: RUF012 - msgspec copies it
    body: dict[Name, Text] = {}  # noqa: RUF012
    """Sent as JSON, if there is any."""
    learns: dict[Variable, Learnt] = {}  # noqa: RUF012
    not_found: NodeRef = NodeId("")
    failed: NodeRef = NodeId("")

    def settled(self, by: Settling) -> Self:
        """Whose request has no answer goes where nobody can be helped; what is not there has failed."""
        failed = self.failed or by.otherwise
        return replace(self, failed=failed, not_found=self.not_found or failed)

    def ways(self) -> Iterator[Way]:
        """One for each answer, and one for none."""
        yield Way("then", self.then, learns={name: one.type for name, one in self.learns.items()})
        yield Way("not_found", self.not_found)
        yield Way("failed", self.failed)

    def speaks_of(self) -> Iterator[tuple[Path, str]]:
        """What is sent."""
        yield from super().speaks_of()
        for path, text in self._texts():
            yield from ((path, name) for name, _ in slots(text))

    def discreet(self) -> Iterator[Path]:
        """A body is not written down; addresses are, by whoever stands in between."""
        yield from (("body", name) for name in self.body)

    def contradictions(self) -> Iterator[tuple[Path, str]]:
        """Slots that cannot be filled, and bodies that are not sent."""
        for path, text in self._texts():
            if stray_brace(text) or any(kind for _, kind in slots(text)):
                yield path, "slots look like {name} here: the value is sent as it is"
        if {".", ".."} & set(self.path.partition("?")[0].split("/")):
            yield ("path",), "`.` and `..` lead out of the service's address"
        if self.body and self.method == "GET":
            yield ("body",), "a GET has no `body`; use `query`, or another `method`"

    def question(self, values: Mapping[str, str], language: str, secrets: frozenset[str]) -> Request | str:
        """With its slots filled in; there is no such thing as one whose number or code is not known, and `/stock/..` is
        not what was meant."""
        del language
        path = filled(self.path, values, in_address=True)
        if self._strays(path):
            return "not_found"

        def sent(text: str) -> str | Secret:
            value = filled(text, values)
            return Secret(value) if any(name in secrets for name, _ in slots(text)) else value

        return Request(
            service=self.service,
            method=self.method,
            path=path,
            query={name: filled(text, values) for name, text in self.query.items()},
            body={name: sent(text) for name, text in self.body.items()},
            wanted={name: Wanted(one.at, one.type) for name, one in self.learns.items()},
            within=self.timeout,
        )

    def _strays(self, path: str) -> bool:
        """Whether what the slots hold makes another path of it: a server takes `..` as the way up (RFC 3986, section
        5.2.4), and an empty segment may stand for all that there is."""
        written, sent = self.path.partition("?")[0].split("/"), path.partition("?")[0].split("/")
        return any(is_ in {"", ".", ".."} and was != is_ for was, is_ in zip(written, sent, strict=True))

    def _texts(self) -> Iterator[tuple[Path, str]]:
        yield ("path",), self.path
        yield from ((("query", name), text) for name, text in self.query.items())
        yield from ((("body", name), text) for name, text in self.body.items())
