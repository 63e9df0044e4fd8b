"""Speaks another language from here on."""

from collections.abc import Iterator

from ivr.flow.node import Around, Deciding, Decision, Way
from ivr.flow.settings import Language, NodeRef


class LanguageNode(Deciding, frozen=True, tag="language"):
    """What the caller hears after this, also in the queue, is in that language."""

    language: Language
    then: NodeRef

    def ways(self) -> Iterator[Way]:
        """One."""
        yield Way("then", self.then)

    def decide(self, around: Around) -> Decision:
        """The same for everybody."""
        del around
        return Decision("then", language=self.language)
