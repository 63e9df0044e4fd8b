"""The command line: `callwright COMMAND`.

A command's module is imported when the command runs, so that `--help` is quick and Ctrl-C is obeyed from the first
moment. Therefore the line that describes it stands here.
"""

from importlib import import_module
from typing import NamedTuple

import click

from config import __version__
from ivr.files.mistakes import instead


class _Command(NamedTuple):
    module: str
    attribute: str
    does: str
    """One line of help."""


SECTIONS = {
    "A first look": {
        "demo": _Command("demo", "demo", "See it work: a made-up company, with nothing to install or set."),
    },
    "Set up": {
        "asterisk": _Command("asterisk", "asterisk", "Write Asterisk's files and settings (`asterisk config`)."),
        "check": _Command("files", "check", "Read all files and say what is wrong with them."),
        "doctor": _Command("doctor", "doctor", "Look at everything, say what is wrong and how to mend it."),
        "schema": _Command("files", "schema", "Print the JSON Schema of center.yaml, a flow, or dialogues."),
    },
    "Write flows": {
        "flow": _Command("flow", "flow", "Check, draw, try and test flows, and see what no test comes along."),
    },
    "Ask": {
        "explain": _Command("explain", "explain", "Tell why a call went to this agent and to nobody else."),
        "report": _Command("report", "report", "Tell the figures of past days, per interval."),
    },
    "Try out": {
        "simulate": _Command("simulate", "simulate", "Run a made-up day through the brain, and compare two centres."),
    },
    "People": {
        "passwd": _Command("people", "passwd", "Give an agent or a supervisor a password."),
    },
    "Without a CRM": {
        "customers": _Command("customers", "customers", "Tell the centre whom it knows (`customers import`)."),
        "products": _Command("products", "products", "Tell flows what there is to buy (`products import`)."),
    },
    "Run": {
        "serve": _Command("serve", "serve", "Run the centre."),
        "apply": _Command("apply", "apply", "Let another center.yaml take effect while it runs."),
        "revisions": _Command("revisions", "revisions", "List what it has gone by, since when, and by whom."),
        "record": _Command("serve", "record", "Run it, and keep what each PBX says in a trace."),
        "replay": _Command("traces", "replay", "Tell a trace again, or a day under other rules."),
    },
}
COMMANDS = {name: command for section in SECTIONS.values() for name, command in section.items()}
WIDEST = max(map(len, COMMANDS))


class Commands(click.Group):
    """Commands by name, imported when they are wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which an administrator meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, if there is one."""
        known = COMMANDS.get(cmd_name)
        if known is None:
            return None
        command = getattr(import_module(f"config.commands.{known.module}"), known.attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - a test asks for each
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As usual, but a command that does not exist is told with the nearest that does."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!r}; {instead(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each with its line."""
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name.ljust(WIDEST), command.does) for name, command in commands.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="callwright %(version)s")
def main() -> None:
    """A contact centre on your own Asterisk.

    Start with `callwright demo`; then `callwright asterisk config DIR` makes an installation of your own.
    `callwright COMMAND --help` says more about each.

    A command ends with status 0 if all went well, 1 if something is wrong, 2 if it was called wrongly.
    """
