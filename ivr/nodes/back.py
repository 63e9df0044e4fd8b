"""Goes back to the flow that this one was entered from."""

from collections.abc import Iterator

from ivr.flow.node import Node
from ivr.flow.settings import SILENCE, Prompt


class ReturnNode(Node, frozen=True, tag="return"):
    """The end of a sub-flow. In a flow that a caller came into by himself it is the end of the call."""

    prompt: Prompt = SILENCE

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """One."""
        yield "prompt", self.prompt
