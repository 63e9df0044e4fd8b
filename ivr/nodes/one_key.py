"""What all questions have in common that are answered with one key."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping

from ivr.flow.node import Node, Path, ladder_contradictions, ladder_prompts
from ivr.flow.settings import SILENCE, Ladder, NodeId, NodeRef, Prompt, Tries, Wait


class OneKeyNode(Node, frozen=True, kw_only=True):
    """A question; who gives no valid answer is asked again, and then goes where `give_up` leads. Each of its keys is
    one of its ways."""

    prompt: Prompt
    give_up: NodeRef = NodeId("")
    no_input: Ladder = SILENCE
    no_match: Ladder = SILENCE
    tries: Tries = 3
    wait: Wait = 6.0
    """How long he may think after the prompt."""

    def prompts(self) -> Iterator[tuple[str, Prompt]]:
        """The question, and why it is asked again."""
        yield "prompt", self.prompt
        yield from ladder_prompts(no_input=self.no_input, no_match=self.no_match)

    def contradictions(self) -> Iterator[tuple[Path, str]]:
        """Words that nobody hears."""
        yield from ladder_contradictions(self.tries, no_input=self.no_input, no_match=self.no_match)

    @property
    @abstractmethod
    def keys(self) -> Collection[str]:
        """The valid ones."""

    def learnt(self, key: str) -> Mapping[str, str]:
        """What is known when he has pressed that one."""
        del key
        return {}
