"""By which rules the centre went on a recorded day: the revisions that storage keeps of its files."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from acd.edge.revision_reader import KeptRevision
from config.center_file import load_center, plan_in_force_once
from config.settings import Settings
from config.simulation.replaying import Rules
from ivr.files.mistakes import FileMistakes


class OwnRules(msgspec.Struct, frozen=True):
    """They, and what to call them."""

    rules: Rules
    name: str
    note: str = ""
    """What to know about them; empty: nothing."""


def own_rules(kept: Sequence[KeptRevision], settings: Settings, start: float) -> OwnRules:
    """Where there are none, or none that can be read any more, the file of the settings stands for them. Raises
    `FileMistakes` if that cannot be read either."""
    if not kept:
        return _present(settings, start, "the database does not tell by which rules the centre went then")
    rules = []
    for one in kept:
        try:
            rules.append((one.since, plan_in_force_once(one.files)))
        except FileMistakes as error:
            first = error.mistakes[0]
            return _present(settings, start, f"revision {one.number} cannot be read any more: {first}")
    numbers = ", ".join(str(one.number) for one in kept)
    return OwnRules(rules, f"revision{'s' if len(kept) > 1 else ''} {numbers}")


def _present(settings: Settings, start: float, because: str) -> OwnRules:
    note = f"{because}; {settings.center} stands for that day's rules, as it is now"
    return OwnRules([(start, load_center(Path(settings.center)))], settings.center, note)
