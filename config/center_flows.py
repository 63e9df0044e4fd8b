"""The flows that `center.yaml` names, and what of it they need: languages, queues, hours."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from config.center_hours import check_zone, hours_of
from config.center_routing import wrong_need
from config.center_shapes import CenterFile
from config.center_source import CenterSource
from ivr.files import marked_yaml
from ivr.files.marked_yaml import Text, Tree, parse
from ivr.files.mistakes import FileMistakes, Mistake, instead
from ivr.files.shapes import Reader
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName
from ivr.hours import Hours
from ivr.reading.flow_text import Company, Source, flows_of
from ivr.rehearsal.reading import Entrance

ALWAYS = "always"
"""Opening hours that need no description."""


class CenterFlows(NamedTuple):
    """The flows of a centre whose other parts may be wrong."""

    flows: Mapping[FlowName, Flow]
    languages: Sequence[str]
    zone: str
    elsewhere: int
    """Mistakes in `center.yaml` that are not about flows."""
    entrances: Mapping[str, Entrance]
    """By the number dialled; without those that lead to what there is not."""


def read_flows(source: CenterSource, names: Collection[str] = ()) -> CenterFlows:
    """The flows alone. Raises `FileMistakes` with all that is wrong with them, and with `center.yaml` as far as nothing
    can be read without it. `names`: flows whose mistakes are told alone, as long as there are any."""
    parsed = parse(source.center(), str(source.path))
    reader = Reader(str(source.path), names_of(parsed.tree))
    read = reader.read(parsed.tree, CenterFile)
    elsewhere = [*parsed.mistakes, *reader.mistakes]
    if read is None:
        raise FileMistakes(elsewhere)
    reader.mistakes.clear()
    check_zone(read.zone, ("zone",), reader)
    hours = hours_by_name(read, reader)
    flows, mistakes = flows_by_name(source, read, reader, company_of(read, names_of(parsed.tree), hours))
    if wrong := [*reader.mistakes, *mistakes]:
        files = {str(source.where(file)) for name, file in read.flows.items() if name in names}
        raise FileMistakes([mistake for mistake in wrong if mistake.file in files] or wrong)
    return CenterFlows(flows, read.languages, read.zone, len(elsewhere), _entrances(read, hours, flows))


def _entrances(read: CenterFile, hours: Mapping[str, Hours], flows: Collection[str]) -> Mapping[str, Entrance]:
    return {
        number: Entrance(
            FlowName(entry.flow),
            FlowName(entry.closed_flow or entry.flow),
            hours[entry.hours],
            entry.language or read.languages[0],
        )
        for number, entry in read.entry_points.items()
        if entry.hours in hours and {entry.flow, entry.closed_flow or entry.flow} <= set(flows)
    }


def hours_by_name(read: CenterFile, reader: Reader) -> Mapping[str, Hours]:
    """All opening hours; what is wrong with them is noted."""
    return {ALWAYS: Hours.always()} | {
        name: hours_of(entry, read.zone, ("hours", name), reader) for name, entry in read.hours.items()
    }


def names_of(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """What there is to be named. Taken from the tree, so that something half wrong still is there for the others."""
    return {
        "flow": _keys_under(tree, "flows"),
        "queue": _keys_under(tree, "queues"),
        "agent": _keys_under(tree, "agents"),
        "hours": (*_keys_under(tree, "hours"), ALWAYS),
        "skill": _items_under(tree, "skills"),
        "language": _items_under(tree, "languages"),
    }


def _keys_under(tree: Tree, key: str) -> tuple[str, ...]:
    entry = tree.entries.get(key) if isinstance(tree, marked_yaml.Mapping) else None
    return tuple(entry[1].entries) if entry and isinstance(entry[1], marked_yaml.Mapping) else ()


def _items_under(tree: Tree, key: str) -> tuple[str, ...]:
    entry = tree.entries.get(key) if isinstance(tree, marked_yaml.Mapping) else None
    items = entry[1].items if entry and isinstance(entry[1], marked_yaml.Items) else ()
    return tuple(item.value for item in items if isinstance(item, Text))


def company_of(
    read: CenterFile,
    names: Mapping[str, tuple[str, ...]],
    hours: Mapping[str, Hours],
    services: Collection[str] | None = None,
) -> Company:
    """What flows may name. `services`: those of the settings; None if they are not to be compared."""
    return Company(
        languages=read.languages,
        queues=names["queue"],
        agents=names["agent"],
        hours=hours,
        numbers=read.transfer_numbers,
        flows=names["flow"],
        entered=entered(read),
        services=services,
        wrong_need=partial(wrong_need, skills=names["skill"]),
    )


def entered(read: CenterFile) -> Collection[str]:
    """The flows into which callers come by a number, out of a queue, or after a talk."""
    numbers = (flow for entry in read.entry_points.values() for flow in (entry.flow, entry.closed_flow))
    exits = (out.flow for queue in read.queues.values() for out in (*queue.keys.values(), *queue.overflow))
    return {*numbers, *exits, *(queue.survey for queue in read.queues.values())}


def flows_by_name(
    source: CenterSource, read: CenterFile, reader: Reader, company: Company
) -> tuple[dict[FlowName, Flow], Sequence[Mistake]]:
    """Those that can be used, and what is wrong in their files; a file that is missing is noted at the reader."""
    sources: dict[FlowName, Source] = {}
    for name, file in read.flows.items():
        where = str(source.where(file))
        if source.is_missing(file):
            reader.note(("flows", name), f"there is no file {where!r}; {instead(file, source.others())}")
            continue
        sources[FlowName(name)] = Source(source.text(file), where)
    try:
        return flows_of(sources, company), []
    except FileMistakes as wrong:
        return {}, wrong.mistakes
