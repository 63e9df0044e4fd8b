"""The report on simulated days as one HTML file that needs nothing else: plots, tables, English and Chinese."""

import math
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from acd.model import QueueName
from acd.simulation.figures import EVERYWHERE, WHOLE, Estimates, Place
from config.simulation.plots import Series, bars, lines
from config.simulation.runs import Centre, Runs
from config.simulation.words import BY_NAME, FIGURES, Change, Told, Unit, changes, interval_name, number, with_doubt

STYLE = Path(__file__).with_name("report.css")
SCRIPT = """
const root = document.documentElement;
root.dataset.lang = navigator.language.startsWith("zh") ? "zh" : "en";
document.querySelector("button").onclick = () => {
  root.dataset.lang = root.dataset.lang === "zh" ? "en" : "zh";
  root.lang = root.dataset.lang;
};
"""
CARDS = ("service_level", "mean_wait", "p90_wait", "abandon_rate", "occupancy")
UNITS = {Unit.CALLS: "", Unit.SHARE: " %", Unit.SECONDS: " s"}


def html(runs: Runs) -> str:
    """The whole file."""
    body = "".join(_body(runs))
    title = escape(runs.centres[0].plan.name)
    return (
        '<!doctype html><html lang="en" data-lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head>"
        f"<body>{body}<script>{SCRIPT}</script></body></html>\n"
    )


def both(en: str, zh: str) -> str:
    """A text in both languages, of which one is seen."""
    return f'<span lang="en">{escape(en)}</span><span lang="zh">{escape(zh)}</span>'


def _body(runs: Runs) -> Iterator[str]:
    scenario, first = runs.scenario, runs.centres[0]
    days = len(first.days)
    yield f"<header><div><h1>{escape(first.plan.name)}: {both('simulated day', '模拟工作日')}</h1><p>"
    many = f"{days} run{'' if days == 1 else 's'}"
    yield both(
        f"{scenario.day:%A, %d %B %Y}, {scenario.zone}; {many}, seed {runs.seed}",
        f"{scenario.day:%Y-%m-%d}，{scenario.zone}；运行 {days} 次，种子 {runs.seed}",
    )
    yield f'</p></div><button type="button">{both("中文", "English")}</button></header><main>'
    if len(runs.centres) == 2:
        yield _compared(runs)
    queues = [queue for queue in first.plan.queues if first.figures[Place(queue, WHOLE)]["entered"].mean]
    for queue in (EVERYWHERE, *queues):
        yield _queue(runs, queue)
    yield _doubts(runs)
    yield "</main>"


def _compared(runs: Runs) -> str:
    one, other = runs.centres
    found = list(changes(runs))
    said = "".join(_change(runs, change) for change in found)
    nothing = both(
        "Nothing that could not be chance. More runs show smaller differences.",
        "没有超出偶然范围的差异。增加运行次数可看出更小的差异。",
    )
    keys = f'<p class="keys">{_key("a", one.name)}{_key("b", other.name)}</p>'
    same = both(
        "For the very same callers, and only what could not be chance (95 %):",
        "针对完全相同的来电者，仅列出排除偶然（95 %）的差异：",
    )
    listed = f'<ul class="changes">{said}</ul>' if found else f"<p>{nothing}</p>"
    return f'<section><h2>{both("What changes", "有何变化")}</h2>{keys}<p class="note">{same}</p>{listed}</section>'


def _change(runs: Runs, change: Change) -> str:
    verdict = {1: ("better", "更好"), -1: ("worse", "更差"), 0: ("", "")}[change.verdict]
    mark = f'<span class="{verdict[0]}">{both(*verdict)}</span>' if verdict[0] else "<span></span>"
    what = f"<span>{both(change.told.phrase, change.told.zh)}</span>"
    return f"<li><span>{_name(runs, change.place.queue)}</span>{what}<span>{escape(change.numbers())}</span>{mark}</li>"


def _queue(runs: Runs, queue: QueueName) -> str:
    plots = "".join(
        [_calls(runs, queue), *(_lines(runs, queue, name) for name in ("service_level", "mean_wait", "p90_wait"))]
        + [_lines(runs, queue, name) for name in ("abandon_rate", "occupancy")]
    )
    cards = "".join(_card(runs, queue, BY_NAME[name]) for name in CARDS)
    return (
        f'<section><h2>{_name(runs, queue)}</h2><div class="cards">{cards}</div><br>'
        f'<div class="plots">{plots}</div>{"".join(_table(centre, runs, queue) for centre in runs.centres)}</section>'
    )


def _name(runs: Runs, queue: QueueName) -> str:
    """As the first centre calls it."""
    if queue == EVERYWHERE:
        return both("All queues", "全部队列")
    label = runs.centres[0].plan.queues[queue].label
    usual = next(iter(label.values()), str(queue))
    return both(label.get("en", usual), label.get("zh", usual))


def _card(runs: Runs, queue: QueueName, told: Told) -> str:
    place = Place(queue, WHOLE)
    values = ""
    for centre, kind in zip(runs.centres, "ab", strict=False):
        of = centre.figures[place].get(told.name) if place in centre.figures else None
        if of is not None:
            doubt = "" if math.isnan(of.half_width) else f" <small>±{number(of.half_width, told.unit)}</small>"
            values += f'<b class="{kind}">{number(of.mean, told.unit)}<small>{UNITS[told.unit]}</small>{doubt}</b>'
    return f'<div class="card"><span>{both(told.phrase.capitalize(), told.zh)}</span>{values}</div>'


# -- plots -------------------------------------------------------------------------------------------------------------


def _labels(runs: Runs) -> list[str]:
    return [interval_name(runs.scenario, interval) for interval in range(runs.scenario.grid.count)]


def _values(figures: Estimates, queue: QueueName, name: str, count: int) -> list[float]:
    return [figures[Place(queue, interval)][name].mean for interval in range(count)]


def _calls(runs: Runs, queue: QueueName) -> str:
    """Of the first centre: who was answered, who gave up, and what else became of them."""
    labels = _labels(runs)
    figures = runs.centres[0].figures
    answered, abandoned, short, entered = (
        _values(figures, queue, name, len(labels)) for name in ("answered", "abandoned", "short_abandoned", "entered")
    )
    gone = [one + two for one, two in zip(abandoned, short, strict=True)]
    rest = [max(all_ - one - two, 0.0) for all_, one, two in zip(entered, answered, gone, strict=True)]
    names = (("answered", "已接听"), ("gave up", "放弃"), ("other", "其他"))
    series = [
        Series(kind, values, notes=[f"{label} {en}: {value:.1f}" for label, value in zip(labels, values, strict=True)])
        for kind, values, (en, _) in zip("abc", (answered, gone, rest), names, strict=True)
    ]
    keys = "".join(_key(kind, *name) for kind, name in zip(("a", "bars-b", "c"), names, strict=True))
    title = both("Calls in each interval", "各时段来电")
    return f'<figure><h3>{title}</h3><p class="keys">{keys}</p>{bars(labels, series)}</figure>'


def _lines(runs: Runs, queue: QueueName, name: str) -> str:
    told, labels = BY_NAME[name], _labels(runs)
    scale = 100.0 if told.unit is Unit.SHARE else 1.0
    series = []
    for centre, kind in zip(runs.centres, "ab", strict=False):
        if Place(queue, 0) not in centre.figures:
            continue
        found = [centre.figures[Place(queue, interval)] for interval in range(len(labels))]
        # The band of the occupancy is how unequal the agents are; of everything else, how sure the figure is.
        spread = name == "occupancy"
        doubts = [one["occupancy_spread"].mean if spread else one[name].half_width for one in found]
        notes = [f"{label} {with_doubt(one[name], told.unit)}" for label, one in zip(labels, found, strict=True)]
        series.append(Series(kind, [one[name].mean * scale for one in found], [of * scale for of in doubts], notes))
    title = both(f"{told.phrase.capitalize()}{_in(told)}", f"{told.zh}{_in(told)}")
    return f"<figure><h3>{title}</h3>{lines(labels, series, 100.0 if scale == 100 else math.inf)}</figure>"


def _in(told: Told) -> str:
    return f",{UNITS[told.unit]}" if UNITS[told.unit] else ""


def _key(kind: str, en: str, zh: str = "") -> str:
    return f'<span><i class="{kind}"></i>{both(en, zh or en)}</span>'


# -- tables ------------------------------------------------------------------------------------------------------------


def _table(centre: Centre, runs: Runs, queue: QueueName) -> str:
    figures = centre.figures
    if Place(queue, WHOLE) not in figures:
        return ""
    heads = "".join(f"<th>{both(t.heading + UNITS[t.unit], t.zh + UNITS[t.unit])}</th>" for t in FIGURES)
    rows = [_row(both("the day", "全天"), figures, Place(queue, WHOLE))]
    rows += [_row(label, figures, Place(queue, interval)) for interval, label in enumerate(_labels(runs))]
    name = f": {escape(centre.name)}" if len(runs.centres) == 2 else ""
    summary = f"{both('As a table', '表格')}{name}"
    table = f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f'<details><summary>{summary}</summary><div class="scroll">{table}</div></details>'


def _row(label: str, figures: Estimates, place: Place) -> str:
    cells: Sequence[str] = [with_doubt(figures[place][told.name], told.unit) for told in FIGURES]
    return f"<tr><td>{label}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _doubts(runs: Runs) -> str:
    notes = [
        both(
            "± and the bands are half of the 95 % confidence interval over the runs (Student's t); around the "
            "occupancy, the standard deviation over agents. A queue's occupancy is that of those who can serve it.",
            "± 与色带为各次运行的 95 % 置信区间半宽（学生 t 分布）；占用率的色带为坐席之间的标准差。"
            "队列占用率指能够服务该队列的坐席的占用率。",
        )
    ]
    for centre in runs.centres:
        if centre.unqueued:
            en = f"{centre.name}: {centre.unqueued} callers came outside the opening hours."
            notes.append(both(en, f"{centre.name}：{centre.unqueued} 个来电在营业时间之外。"))
        if centre.blocked:
            en = f"{centre.name}: {centre.blocked} callers found all lines busy."
            notes.append(both(en, f"{centre.name}：{centre.blocked} 个来电遇线路全忙。"))
    return "".join(f'<p class="note">{note}</p>' for note in notes)
