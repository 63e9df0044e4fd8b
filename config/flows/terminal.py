"""Lines that somebody types at a terminal, who may also let time pass."""

import codecs
import os
import select
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf

import click

LOOKED_AT = 0.05
"""Seconds between two looks whether time passes already."""

END_OF_INPUT = "\x04\0"
"""Ctrl-D; the second is what becomes of one that was pressed before keys were read one by one."""
ERASE = "\x7f\b"


class HungUp(Exception):
    """There is nothing more to read."""


class Terminal:
    """Where there is no terminal but a file or a pipe, a line comes at once, and no time passes."""

    def __init__(self) -> None:
        self._by_key = sys.stdin.isatty()
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def line(self, prompt: str) -> str:
        """Waits as long as it takes. Raises `HungUp`."""
        click.echo(prompt, nl=False)
        line = sys.stdin.readline() if not self._by_key else self._whole_line()
        if not line:
            click.echo()
            raise HungUp
        return line.strip()

    def line_within(
        self, prompt: str, seconds: float, busy: Callable[[], bool], begun: Callable[[], None]
    ) -> str | None:
        """None: nothing was typed for so many seconds. They are counted from when nothing is `busy` any more, and not
        while a line is begun, of which `begun` is told. Raises `HungUp`."""
        if not self._by_key:
            while busy():
                time.sleep(LOOKED_AT)
            return self.line(prompt)
        with _key_by_key():
            click.echo(prompt, nl=False)
            return _Typing(self._decoder, begun).line_within(seconds, busy)

    def _whole_line(self) -> str:
        """Past Python's own buffer, which would keep what is typed from `line_within`."""
        read = ""
        while not read.endswith("\n") and (some := os.read(sys.stdin.fileno(), 1024)):
            read += self._decoder.decode(some)
        return read


class _Typing:
    """One line, key by key."""

    def __init__(self, decoder: codecs.IncrementalDecoder, begun: Callable[[], None]) -> None:
        self._decoder = decoder
        self._begun = begun
        self._typed = ""

    def line_within(self, seconds: float, busy: Callable[[], bool]) -> str | None:
        """As `Terminal.line_within`."""
        until = inf
        while True:
            if busy() or self._typed:
                until = inf
            elif until == inf:
                until = time.monotonic() + seconds
            if time.monotonic() >= until:
                click.echo()
                return None
            if select.select([sys.stdin], [], [], LOOKED_AT)[0] and self._ended(os.read(sys.stdin.fileno(), 1)):
                click.echo()
                return self._typed.strip()

    def _ended(self, read: bytes) -> bool:
        sign = self._decoder.decode(read)
        if not read or (sign and sign in END_OF_INPUT and not self._typed):
            click.echo()
            raise HungUp
        if sign in {"\n", "\r"}:
            return True
        if sign and sign in ERASE:
            if self._typed:
                self._typed = self._typed[:-1]
                click.echo("\b \b", nl=False)
        elif sign.isprintable():
            if not self._typed:
                self._begun()
            self._typed += sign
            click.echo(sign, nl=False)
        return False


@contextmanager
def _key_by_key() -> Iterator[None]:
    """Keys are read as they are pressed; Ctrl-C is still heard."""
    of = sys.stdin.fileno()
    before = termios.tcgetattr(of)
    tty.setcbreak(of, termios.TCSANOW)
    try:
        yield
    finally:
        termios.tcsetattr(of, termios.TCSANOW, before)
