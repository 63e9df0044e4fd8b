"""The report on simulated days as text."""

from collections.abc import Iterator, Sequence

from acd.simulation.figures import EVERYWHERE, WHOLE, Estimates, Place
from config.simulation.runs import Centre, Runs
from config.simulation.scenario import Scenario
from config.simulation.words import FIGURES, NOTHING, Unit, changes, interval_name, number, sentence, with_doubt

CONFIDENCE = 95


def report(runs: Runs) -> Iterator[str]:
    """Line by line."""
    scenario = runs.scenario
    days = len(runs.centres[0].days)
    opens = interval_name(scenario, 0)
    many = f"{days} run{'' if days == 1 else 's'}"
    yield f"{scenario.day:%A, %d %B %Y}, from {opens} ({scenario.zone}); {many}, seed {runs.seed}"
    if days > 1:
        yield f"± is half of the {CONFIDENCE} % confidence interval over the runs."
    else:
        yield "One run says nothing of chance; --runs 10 does."
    if len(runs.centres) == 2:
        yield ""
        one, other = runs.centres
        yield f"What changes from {one.name} to {other.name}, for the same callers:"
        yield from (f"  {line}" for line in [sentence(change) for change in changes(runs)] or [NOTHING])
    for centre in runs.centres:
        yield ""
        yield from _centre(centre, scenario)


def _centre(centre: Centre, scenario: Scenario) -> Iterator[str]:
    figures = centre.figures
    yield f"{centre.plan.name} ({centre.name})"
    if centre.unqueued:
        yield f"  {centre.unqueued} callers came outside the opening hours and to no queue."
    if centre.blocked:
        yield f"  {centre.blocked} callers found all {scenario.habits.lines} lines busy."
    queues = [EVERYWHERE, *(queue for queue in centre.plan.queues if figures[Place(queue, WHOLE)]["entered"].mean)]
    rows = [[str(queue) or "all queues", *_cells(figures, Place(queue, WHOLE))] for queue in queues]
    yield from _table(["the day", *_headings()], rows)
    for queue in queues:
        yield ""
        rows = [
            [interval_name(scenario, interval), *_cells(figures, Place(queue, interval), doubts=False)]
            for interval in range(scenario.grid.count)
        ]
        yield from _table([str(queue) or "all queues", *_headings()], rows)


def _headings() -> list[str]:
    units = {Unit.CALLS: "", Unit.SHARE: " %", Unit.SECONDS: " s"}
    return [f"{told.heading}{units[told.unit]}" for told in FIGURES]


def _cells(figures: Estimates, place: Place, *, doubts: bool = True) -> list[str]:
    found = figures[place]
    return [
        with_doubt(found[told.name], told.unit) if doubts else number(found[told.name].mean, told.unit)
        for told in FIGURES
    ]


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    for row in (headings, *rows):
        first, *others = (
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  " + "  ".join([first, *others]).rstrip()
