"""Dialogues from files, run through their flows; `ivr.rehearsal` does the work."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from config.center_flows import CenterFlows
from ivr.edge.flow_files import read_text
from ivr.files.mistakes import WHOLE_FILE, FileMistakes, Mistake
from ivr.rehearsal.reading import Centre, Script, scripts_of
from ivr.rehearsal.rehearse import Outcome, rehearse

FOLDER = "dialogues"
"""Beside center.yaml; its files are taken if none is named."""


def dialogue_files(center: Path, named: Sequence[Path]) -> list[Path]:
    """Those named, with all that folders among them hold; or those of the usual folder. Raises `FileMistakes`."""
    files = [file for path in named or [center.parent / FOLDER] for file in _within(path)]
    if not files:
        where = ", ".join(map(str, named)) or str(center.parent / FOLDER)
        raise FileMistakes([Mistake(where, WHOLE_FILE, "there are no dialogues here (files *.yaml)")])
    return files


def _within(path: Path) -> Iterator[Path]:
    if path.is_dir():
        try:
            yield from sorted(path.glob("**/*.y*ml"))
        except OSError as error:
            raise FileMistakes([Mistake(str(path), WHOLE_FILE, f"cannot be read: {error}")]) from None
    elif path.exists() or path.suffix:
        yield path


def read_scripts(files: Sequence[Path], centre: CenterFlows) -> list[Script]:
    """All dialogues of all files. Raises `FileMistakes` with all that is wrong in any of them."""
    scripts: list[Script] = []
    mistakes: list[Mistake] = []
    known = Centre(centre.flows, centre.languages, centre.zone, centre.entrances)
    for file in files:
        try:
            scripts += scripts_of(read_text(file), str(file), known)
        except FileMistakes as wrong:
            mistakes += wrong.mistakes
    if mistakes:
        raise FileMistakes(mistakes)
    return scripts


def outcomes(scripts: Sequence[Script], centre: CenterFlows) -> Iterator[Outcome]:
    """Of each dialogue, in their order."""
    for script in scripts:
        yield rehearse(script, centre.flows)
