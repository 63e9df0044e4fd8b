"""`callwright check` and `callwright schema`: files, before anything runs on them."""

from pathlib import Path

import click

from config.center_file import center_schema, dialogue_schema, flow_schema
from config.commands.options import loaded, settings_file
from config.process import told_plainly

SCHEMAS = {"center": center_schema, "flow": flow_schema, "dialogues": dialogue_schema}


@click.command()
@settings_file
def check(path: Path) -> None:
    """Read the settings, center.yaml and its flows, and say what is wrong with them. Nothing is started.

    Ends with status 1 if something is wrong. What is only hardly meant as it stands is told as a warning, and does
    not count.
    """
    with told_plainly():
        read = loaded(path)
    for doubt in read.doubts:
        click.echo(doubt.as_warning())
    plan = read.plan
    counts = [
        _counted(len(plan.queues), "queue"),
        _counted(len(plan.agents), "agent"),
        _counted(len(plan.entry_points), "number"),
        _counted(len(plan.flows), "flow"),
    ]
    verdict = _counted(len(read.doubts), "warning") if read.doubts else "All well"
    click.echo(f"{plan.name}: {', '.join(counts)}. {verdict}.")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


@click.command()
@click.argument("what", type=click.Choice(list(SCHEMAS)))
def schema(what: str) -> None:
    """Print the JSON Schema of center.yaml, of a flow's file or of one with dialogues, for editors that check while one
    types.

    Example: callwright schema center > center.schema.json
    """
    click.echo(SCHEMAS[what](), nl=False)
