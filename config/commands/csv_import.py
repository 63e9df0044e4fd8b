"""How commands read a CSV file that is to be taken over, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import open as opened_with_progress

from config.csv_file import CsvFile
from ivr.files.mistakes import MOST_TOLD, WHOLE_FILE, Mistake

T = TypeVar("T")


def read_whole(path: Path, file: CsvFile[T]) -> list[T]:
    """All rows. Tells mistakes where they are met. Raises `click.ClickException` if there is one."""
    console = Console(stderr=True)
    rows: list[T] = []
    wrong = 0
    with _opened(path, console) as lines:
        for found in _found(path, file, lines):
            if not isinstance(found, Mistake):
                if not wrong:
                    rows.append(found)
                continue
            console.print(str(found), markup=False, highlight=False, emoji=False, soft_wrap=True)
            wrong += 1
            if wrong == MOST_TOLD:
                text = (
                    f"{wrong} mistakes up to line {found.mark.line:,}; what follows was not read. Nothing was written."
                )
                raise click.ClickException(text)
    if wrong:
        raise click.ClickException(f"{wrong} mistake{'' if wrong == 1 else 's'}. Nothing was written.")
    return rows


def _found(path: Path, file: CsvFile[T], lines: Iterator[str]) -> Iterator[T | Mistake]:
    try:
        yield from file.read(lines)
    except OSError as error:
        yield Mistake(str(path), WHOLE_FILE, f"cannot be read: {error.strerror}")


@contextmanager
def _opened(path: Path, console: Console) -> Iterator[Iterator[str]]:
    """With a bar on a terminal: a million rows take a minute or two."""
    try:
        with opened_with_progress(
            path,
            "rt",
            encoding="utf-8-sig",
            newline="",
            description="reading",
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ) as lines:
            yield lines
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be read: {error.strerror}") from error
