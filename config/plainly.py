"""Mistakes in files, told to whoever typed a command.

Apart from `config.process`, which knows all else that may be wrong and therefore imports most of Callwright: commands
that only read files begin at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ivr.files.mistakes import FileMistakes


@contextmanager
def mistakes_told() -> Iterator[None]:
    """Mistakes in files end the command with their text and status 1."""
    try:
        yield
    except FileMistakes as error:
        count = len(error.mistakes)
        raise click.ClickException(f"{count:,} mistake{'' if count == 1 else 's'}:\n{error}") from error
