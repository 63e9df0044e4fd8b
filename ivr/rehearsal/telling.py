"""What happened in a dialogue, line by line, for whoever wrote it."""

import textwrap
from collections.abc import Iterable, Iterator

from ivr.files.mistakes import Mistake
from ivr.rehearsal.line import Happening
from ivr.rehearsal.rehearse import Outcome

FIRST = 12
"""Columns of who does what."""
WIDEST = 110
BESIDE_PLACE = 30
"""Columns that must be left beside a place for what is wrong there; else it begins below."""


def story_told(story: Iterable[Happening], indent: str = "    ") -> Iterator[str]:
    """Each thing that happened, its text beside it."""
    for what, text, *_ in story:
        wrapped = textwrap.wrap(text, WIDEST - FIRST - len(indent)) or [""]
        yield f"{indent}{what.value:<{FIRST}}{wrapped[0]}".rstrip()
        yield from (f"{indent}{'':<{FIRST}}{line}" for line in wrapped[1:])


def failure_told(outcome: Outcome) -> Iterator[str]:
    """Of a dialogue that went otherwise: where, as it went, and what is wrong."""
    if outcome.mistake is not None:
        yield f"{outcome.script.file}:{outcome.script.mark.line}: {outcome.script.name}"
        yield from story_told(outcome.story)
        yield from _told(outcome.mistake)


def _told(mistake: Mistake) -> Iterator[str]:
    """Its place whole and on one line, however long: editors jump there."""
    place = f"  > {mistake.place}: "
    if len(place) > WIDEST - BESIDE_PLACE:
        yield place.rstrip()
        place = "    "
    yield from textwrap.wrap(
        mistake.text, WIDEST, initial_indent=place, subsequent_indent="    ", break_on_hyphens=False
    )
