"""A walk through a flow in the terminal: one reads or hears what is said and types keys. Who types nothing is silent
for as long as the flow waits; where no terminal is typed at, an empty line says so."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import click

from config.flows.terminal import HungUp, Terminal
from cti.model import Sound
from ivr.dialogue.interpreter import Dialogue, PutThrough
from ivr.flow.node import Asking
from ivr.flow.questions import Question
from ivr.flow.variables import currencies_of
from ivr.rehearsal.answering import NEVER, Reply, Unsuitable, answer_to, check, refused, reply, said_to, told
from ivr.rehearsal.dialogue_file import Answer
from ivr.rehearsal.line import Happening, Line, What
from ivr.rehearsal.telling import story_told

HELP = """\
  1001#    presses keys            (Enter)  does nothing until the flow waits no longer
  5s       speaks for 5 seconds    q        hangs up
"""


class Crm(Protocol):
    """Who answers look-ups."""

    def answer(self, question: Question) -> Reply | None:
        """What it says; None if it is not to be asked this."""


class Speaker(Protocol):
    """Who makes sounds of what is said."""

    def speak(self, sounds: Sequence[Sound]) -> str:
        """What is to be told of it: which files they are in; empty if nothing is."""

    @property
    def aloud(self) -> bool:
        """Whether they are played."""

    def speaks(self) -> bool:
        """Whether one plays now."""

    def hush(self) -> None:
        """None is to play any more."""


class Trial:
    """One call of somebody at a terminal."""

    def __init__(
        self,
        dialogue: Dialogue,
        now: float,
        answers: Sequence[Mapping[str, Answer]],
        crm: Crm | None = None,
        speaker: Speaker | None = None,
    ) -> None:
        """`answers`: what is not asked of the CRM, nor of the person at the terminal."""
        self._line = Line(dialogue, now, self._answered, self._refused)
        self._answers = answers
        self._crm = crm
        self._speaker = speaker
        self._shown = 0
        self._terminal = Terminal()
        self._patience = 0.0
        """Seconds of silence after which the flow goes on."""

    def run(self) -> None:
        """Until the call is over."""
        line = self._line
        click.echo(HELP)
        try:
            line.begin()
            while not self._listened().over:
                where = f"{line.dialogue.flow.name}: {line.dialogue.trail[-1].node}> "
                typed = self._terminal.line_within(where, self._patience, self._speaks, self._hush)
                if typed is None:
                    line.lets_time_pass()
                else:
                    self._hush()
                    self._act(typed)
        except HungUp:
            line.hangs_up()
            self._hush()
        self._show()
        click.echo(f"The agent sees: {', '.join(line.way) or 'nothing of his way'}.")

    def _listened(self) -> Line:
        line = self._line
        since = line.now
        line.listen()
        self._show()
        reading = 0.0 if self._speaker is not None and self._speaker.aloud else line.now - since
        self._patience = line.patience + reading
        return line

    def _speak(self, happening: Happening) -> str:
        if self._speaker is None or happening.what is not What.HEARS:
            return ""
        return self._speaker.speak(happening.sounds)

    def _speaks(self) -> bool:
        return self._speaker is not None and self._speaker.speaks()

    def _hush(self) -> None:
        if self._speaker is not None:
            self._speaker.hush()

    def _act(self, typed: str) -> None:
        line = self._line
        if not typed:
            line.lets_time_pass()
        elif re.fullmatch(r"[0-9*#]+", typed):
            line.presses(typed)
        elif typed == "q":
            line.hangs_up()
        elif spoken := re.fullmatch(r"(\d{1,4})\s*s", typed):
            if line.recorded:
                line.says(float(spoken[1]))
            else:
                click.echo("  Nobody listens to what he says here; there are only keys.")
        else:
            click.echo(HELP, nl=False)

    def _show(self) -> None:
        new = self._line.story[self._shown :]
        self._shown += len(new)
        for happening in new:
            click.echo("\n".join(story_told([happening], indent="  ")))
            if told_of := self._speak(happening):
                click.echo(f"  {'':<12}{told_of}")

    # -- questions to others -----------------------------------------------------------------------------------------

    def _answered(self, question: Question, name: str, node: Asking) -> tuple[Reply | None, float]:
        self._show()
        try:
            return reply(answer_to(question, name, self._answers), node, name), 0.0
        except Unsuitable:
            pass
        if self._crm is not None and (found := self._crm.answer(question)) is not None:
            return found, 0.0
        return self._asked_here(question, name, node), 0.0

    def _refused(self, wanted: PutThrough, name: str) -> bool:
        return refused(said_to(wanted, name, self._answers), name)

    def _asked_here(self, question: Question, name: str, node: Asking) -> Reply | None:
        ways = {way.name: way for way in node.ways()}
        click.echo(f"  {told(question, name)}: {', '.join(ways)}, or {NEVER}?")
        while True:
            chosen = self._terminal.line(f"{name}> ") or next(iter(ways))
            try:
                if (taken := reply(chosen, node, name)) is None:
                    return None
                learns = {of: kind for of, kind in ways[taken.way].learns.items() if of in self._spoken_of()}
                learnt = {
                    of: text for of, kind in learns.items() if (text := self._terminal.line(f"  {of} ({kind})> "))
                }
                check(learnt, learns)
                return Reply(taken.way, learnt)
            except Unsuitable as error:
                click.echo(f"  {error}")

    def _spoken_of(self) -> set[str]:
        """The variables that matter to anything that may come; nobody wants to be asked for the others."""
        nodes = tuple(self._line.dialogue.nodes())
        amounts = {name for node in nodes for _, name in node.amounts()}
        currencies = {currency for name in amounts for currency in currencies_of(name)}
        return currencies | {name for node in nodes for _, name in node.speaks_of()}
