"""Asks whether something is right: a menu of two keys."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from ivr.flow.node import Node, Path, Settling, ladder_contradictions
from ivr.flow.settings import SILENCE, Key, Ladder, NodeId, NodeRef, Prompt, Tries, Wait
from ivr.nodes.menu import Choice, MenuNode

RIGHT = {"en": "Right", "zh": "正确", "es": "Correcto"}
WRONG = {"en": "Not right", "zh": "不正确", "es": "Incorrecto"}


class ConfirmNode(Node, frozen=True, tag="confirm"):
    """Its prompt says what it is about, and which keys mean what."""

    prompt: Prompt
    yes: NodeRef
    no: NodeRef
    give_up: NodeRef = NodeId("")
    yes_key: Annotated[Key, Meta(title="the key for yes")] = "1"
    no_key: Annotated[Key, Meta(title="the key for no")] = "2"
    no_input: Ladder = SILENCE
    no_match: Ladder = SILENCE
    tries: Tries = 3
    wait: Wait = 6.0

    def contradictions(self) -> Iterator[tuple[Path, str]]:
        """Words that nobody hears."""
        yield from ladder_contradictions(self.tries, no_input=self.no_input, no_match=self.no_match)

    def settled(self, by: Settling) -> MenuNode:
        """As the menu that it is."""
        return MenuNode(
            prompt=self.prompt,
            choices={
                self.yes_key: Choice(self.yes, {one: RIGHT.get(one, RIGHT["en"]) for one in by.languages}),
                self.no_key: Choice(self.no, {one: WRONG.get(one, WRONG["en"]) for one in by.languages}),
            },
            give_up=self.give_up,
            no_input=self.no_input,
            no_match=self.no_match,
            tries=self.tries,
            wait=self.wait,
        ).settled(by)
