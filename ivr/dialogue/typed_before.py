"""What a caller has typed in another flow of this call, before a queue or in a sub-flow: he is spared that question.

Each flow spares him once: who comes to the question there again is to type another number. So nobody is led round in a
ring that asks him nothing, either.
"""

from collections.abc import Iterable, Mapping

from ivr.flow.settings import FlowName

EARLIER = FlowName("")
"""In place of a flow: one before this dialogue."""

Spared = tuple[str, FlowName]
"""A variable, and the flow that has not asked for it."""


class TypedBefore:
    """Of one dialogue."""

    def __init__(self, typed_in: Mapping[str, FlowName], spared: Iterable[Spared] = ()) -> None:
        """`typed_in`: where each variable was typed last."""
        self._typed_in = dict(typed_in)
        self._spared = set(spared)

    def typed(self, variable: str, flow: FlowName) -> None:
        """He has just done so."""
        self._typed_in[variable] = flow

    def spares(self, variable: str, flow: FlowName) -> bool:
        """Whether the flow need not ask; it is believed to go on without."""
        if self._typed_in.get(variable, flow) == flow or (variable, flow) in self._spared:
            return False
        self._spared.add((variable, flow))
        return True

    def kept(self, known: Iterable[str]) -> tuple[Mapping[str, FlowName], tuple[Spared, ...]]:
        """Of these variables, for a dialogue that goes on with this one."""
        names = frozenset(known)
        typed_in = {name: flow for name, flow in self._typed_in.items() if name in names}
        return typed_in, tuple(sorted(one for one in self._spared if one[0] in names))
