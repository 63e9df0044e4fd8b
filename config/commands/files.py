"""`callwright check` and `callwright schema`: files, before anything runs on them."""

from pathlib import Path

import click

from config.center_file import center_schema, flow_schema, load_center
from config.commands.options import settings_file, settings_of
from config.process import told_plainly


@click.command()
@settings_file
def check(path: Path) -> None:
    """Read all files and say what is wrong with them; nothing is started."""
    with told_plainly():
        settings = settings_of(path)
        plan = load_center(Path(settings.center))
    click.echo(
        f"{plan.name}: {len(plan.queues)} queues, {len(plan.agents)} agents, {len(plan.entry_points)} numbers, "
        f"{len(plan.flows)} flows. All well."
    )


@click.command()
@click.argument("what", type=click.Choice(["center", "flow"]))
def schema(what: str) -> None:
    """Print the JSON Schema of center.yaml or of a flow's file."""
    click.echo(center_schema() if what == "center" else flow_schema(), nl=False)
