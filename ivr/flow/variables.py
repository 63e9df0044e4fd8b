"""What a flow may speak of: what is known of the call, and what can be looked up."""

from collections.abc import Mapping

CALL_VARIABLES = frozenset({"caller", "dialled"})
"""Known in every flow from the start: who calls and what he dialled, as the network gave them."""

LOOK_UPS: Mapping[str, frozenset[str]] = {
    "customer": frozenset({"id", "name", "company", "language", "balance", "currency", "owner"}),
}
"""What can be looked up, and the variables that it fills in when it is found."""
