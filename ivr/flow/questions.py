"""What a flow asks of others than the caller.

Whoever answers says which of the node's ways is taken (`found`), and what has been learnt.
"""

import msgspec


class LookUp(msgspec.Struct, frozen=True, tag="look_up"):
    """Of the CRM: `kind` is one of `ivr.flow.variables.LOOK_UPS`. Ways: `found`, `not_found`, `failed`."""

    kind: str
    key: str
    language: str
    """Of the caller, for texts that the CRM has in several."""
    secret: bool = False
    """The key must not be logged."""


Question = LookUp
