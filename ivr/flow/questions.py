"""What a flow asks of others than the caller.

Whoever answers says which of the node's ways is taken (`found`), and what has been learnt.
"""

from collections.abc import Mapping

import msgspec

from ivr.flow.secret import Secret
from ivr.flow.variables import Type

WAITED_FOR = 5.0
"""Seconds (`within`) after which nobody waits for an answer any more, if its node does not say otherwise."""


class LookUp(msgspec.Struct, frozen=True, tag="look_up"):
    """Of the CRM: `kind` is one of `ivr.flow.variables.LOOK_UPS`. Ways: `found`, `not_found`, `failed`."""

    kind: str
    key: str | Secret
    """What the caller typed; a secret if his flow says so."""
    language: str
    """Of the caller, for texts that the CRM has in several."""
    within: float = WAITED_FOR


class Create(msgspec.Struct, frozen=True, tag="create"):
    """In the CRM: `kind` is one of `ivr.flow.variables.CREATIONS`. Ways: `then`, which learns what that says, `failed`.

    A node's `failed` must not promise that nothing was made: the CRM may have made it and answered too late.
    """

    kind: str
    fields: Mapping[str, str]
    """Those that the kind needs, and any that it may have. A value is as it was learnt."""
    once: str
    """Which creation of this call it is: asked again with the same words, as after a restart, it makes no second one.
    Whoever answers puts the interaction before it."""
    within: float = WAITED_FOR


class Verify(msgspec.Struct, frozen=True, tag="verify"):
    """Is he who he says? Ways: `verified`, which learns what a look-up of the customer does; `wrong`; `locked` (too
    many wrong ones, also in other calls); `failed`. A customer that there is not has a wrong PIN."""

    customer: str
    """The customer number."""
    pin: Secret
    within: float = WAITED_FOR


class Wanted(msgspec.Struct, frozen=True):
    """A value that an answer shall have."""

    at: str
    """JSON Pointer (RFC 6901)."""
    type: Type


class Request(msgspec.Struct, frozen=True, tag="request"):
    """Of a service that the settings name. Ways: `then`, `not_found`, `failed`."""

    service: str
    method: str
    path: str
    query: Mapping[str, str]
    body: Mapping[str, str | Secret]
    """Sent as one JSON object."""
    wanted: Mapping[str, Wanted]
    once: str = ""
    """As of `Create`."""
    within: float = WAITED_FOR


Question = LookUp | Create | Verify | Request
