"""Says something and goes on."""

from collections.abc import Iterator

from ivr.flow.node import Node, Way
from ivr.flow.settings import NodeRef, Prompt


class SayNode(Node, frozen=True, tag="say"):
    """A prompt; a key stops it."""

    prompt: Prompt
    then: NodeRef

    def ways(self) -> Iterator[Way]:
        """One."""
        yield Way("then", self.then)

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """One."""
        yield "prompt", self.prompt
