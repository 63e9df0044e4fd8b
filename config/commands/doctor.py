"""`callwright doctor`: what is wrong, in plain words, and how to mend it."""

import asyncio
from pathlib import Path

import click

from config.commands.options import settings_file


@click.command()
@settings_file
@click.option("--json", "json", is_flag=True, help="For programs: one JSON document.")
@click.pass_context
def doctor(context: click.Context, path: Path, json: bool) -> None:
    """Connect to everything that the settings name, and say what is wrong and how to mend it.

    Nothing is changed (a small file among the prompts and one among Asterisk's recordings come and go), and a centre
    that runs is not disturbed. Ends with status 1 if there is an error; warnings do not count.
    """
    from rich.console import Console

    from config.doctor.examine import examine
    from config.doctor.findings import Level, worst
    from config.doctor.show import as_json, as_text, show

    findings = asyncio.run(examine(path))
    console = Console()
    if json:
        click.echo(as_json(findings))
    elif console.is_terminal:
        show(findings, console)
    else:
        click.echo(as_text(findings))
    context.exit(1 if worst(findings) is Level.ERROR else 0)
