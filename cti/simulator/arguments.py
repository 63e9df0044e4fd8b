"""Arguments of one REST request: the query, and over it the JSON body, read the way Asterisk reads them.

A field of the wrong type counts as absent, a number may be text, and a list is separated by commas in the query only.
"""

from collections.abc import Mapping

import msgspec

from cti.simulator.wire import JsonValue, Response, refusal

LARGEST_BODY = 40_960
"""Bytes; from Asterisk's HTTP server."""


class Refused(Exception):
    """The request cannot be carried out; `response` says why, in Asterisk's words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.response = refusal(status, message)


class Arguments:
    """What was asked, by name."""

    def __init__(self, query: Mapping[str, str], body: Mapping[str, JsonValue]) -> None:
        self._query = query
        self._body = body

    def text(self, name: str) -> str:
        """A string; empty if absent."""
        value = self._body.get(name)
        return value if isinstance(value, str) else self._query.get(name, "")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings. One string in the body is one element, in the query it is split."""
        value = self._body.get(name)
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list):
            return tuple(element if isinstance(element, str) else "" for element in value)
        given = self._query.get(name, "")
        return tuple(given.split(",")) if given else ()

    def number(self, name: str, default: int) -> int:
        """A whole number; `default` if absent or not one."""
        value = self._body.get(name, self._query.get(name, default))
        try:
            return int(value) if isinstance(value, str | int | float) else default
        except (ValueError, OverflowError):
            return default

    def types(self, name: str) -> frozenset[str] | None:
        """The `type`s of a list of objects; `None` if the list is absent. Raises `Refused` if it is something else."""
        given = self._body.get(name)
        if given is None:
            return None
        if not isinstance(given, list):
            raise Refused(400, "Invalid value for filter")
        kinds = [element.get("type") if isinstance(element, dict) else None for element in given]
        if not all(isinstance(kind, str) for kind in kinds):
            raise Refused(400, "Invalid value for filter")
        return frozenset(str(kind) for kind in kinds)

    def variables(self) -> dict[str, str]:
        """Channel variables to be set. Raises `Refused` if one is not text."""
        given = self._body.get("variables")
        if not isinstance(given, dict):
            return {}
        variables = {}
        for name, value in given.items():
            inner = value.get("value") if isinstance(value, dict) else value
            if not isinstance(inner, str):
                raise Refused(
                    400,
                    "Each value in 'variables' must be a string or an object with 'value' and optional 'report_events'",
                )
            variables[str(name)] = inner
        return variables


def read(query: Mapping[str, str], body: bytes) -> Arguments:
    """The arguments of a request. Raises `Refused` if the body is too large or not JSON."""
    if not body:
        return Arguments(query, {})
    if len(body) > LARGEST_BODY:
        raise Refused(413, "Request body too large")
    try:
        fields = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "Error parsing request body") from None
    return Arguments(query, fields if isinstance(fields, dict) else {})


def created(json: JsonValue) -> Response:
    """Something was made; Asterisk says 201 for playbacks only."""
    return Response(201, json)
