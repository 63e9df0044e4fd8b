"""Ends the call: he has got what he wanted, or there is nothing for him."""

from collections.abc import Iterator

from ivr.flow.node import Node
from ivr.flow.settings import SILENCE, Prompt


class HangUpNode(Node, frozen=True, tag="hang_up"):
    """The end, after a last prompt."""

    prompt: Prompt = SILENCE

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """One."""
        yield "prompt", self.prompt
