"""`callwright simulate`: a day through the real brain, before anybody has to live it."""

from pathlib import Path

import click

from acd.plan import CenterPlan
from config.commands.options import plan_of, progress
from config.process import told_plainly
from config.simulation.page import html
from config.simulation.runs import Runs, run
from config.simulation.scenario import Scenario
from config.simulation.scenario_file import as_yaml, read_scenario, usual_day
from config.simulation.text import report


@click.command()
@click.argument("center", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--day",
    "scenario",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Who calls and who works (docs/simulation.md).  [default: a usual day for this centre]",
)
@click.option("--show-day", is_flag=True, help="Print the usual day as a file to begin with, and simulate nothing.")
@click.option("--compare", metavar="FILE", type=click.Path(path_type=Path, readable=False), help="Another center.yaml.")
@click.option(
    "--html", "page", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Plots, as one file."
)
@click.option("--runs", metavar="NUMBER", type=click.IntRange(1, 1000), default=10, show_default=True, help="Days.")
@click.option(
    "--seed", metavar="NUMBER", type=int, default=1, show_default=True, help="The same one: the same callers."
)
def simulate(
    center: Path,
    scenario: Path | None,
    compare: Path | None,
    page: Path | None,
    *,
    show_day: bool,
    runs: int,
    seed: int,
) -> None:
    """Run days on a virtual clock: the brain that decides is the real one, callers and agents are made up.

    CENTER is a center.yaml. Tells service level, waits, abandonment and occupancy, with confidence intervals over the
    runs. With --compare, both centres get the very same callers, and what changes is told in words.

    Example: callwright simulate center.yaml --compare with-one-agent-more.yaml
    """
    with told_plainly():
        plans = [(str(path), plan_of(path)) for path in (center, compare) if path is not None]
        if show_day:
            click.echo(as_yaml(usual_day(plans[0][1], list(plans[0][1].agents))), nl=False)
            return
        if page is not None and not page.parent.is_dir():
            raise click.BadParameter(f"there is no folder {str(page.parent)!r}", param_hint="--html")
        day = read_scenario(scenario, [plan for _, plan in plans])
    done = with_progress(day, plans, seed, runs)
    for line in report(done):
        click.echo(line)
    if page is not None:
        try:
            page.write_text(html(done), encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{page} cannot be written: {error.strerror}") from error


def with_progress(scenario: Scenario, plans: list[tuple[str, CenterPlan]], seed: int, days: int) -> Runs:
    """Run it, and show how far it is."""
    with progress("simulating") as tell:
        return run(scenario, plans, seed, days, tell)
