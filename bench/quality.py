"""How well calls are given to agents: what the literature says of skills, priorities and fairness, through the brain.

Six sorts of calls and 90 agents (84 Erlang, 10 minutes each) as in Wallace and Whitt's setting: fifteen agents for each
sort, who have so many skills more. The reference is a simulation too, so both intervals count.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, pstdev
from typing import Any, NamedTuple

import msgspec

from acd.model import QueueName
from acd.plan import CenterPlan
from acd.simulation.estimates import Estimate, estimate, student_t
from acd.simulation.outcome import Outcome
from acd.simulation.people import Caller
from bench.erlang import CONFIDENCE, REFERENCE
from bench.figures import Figure, Part, Say, figure, times
from bench.steady import Batch, Sort, Stream, agent, alike, batches, callers, occupancies, plan, queue, simulated

CALLS = 40_000
LONG = 200_000
"""Callers, where a spread is looked at that shows itself late."""
SORTS = tuple(f"q{number}" for number in range(6))
AGENTS = 90
TALK = 600.0
LINES = 120
"""Thirty callers may wait."""
STREAM = Stream(tuple(Sort(QueueName(name), 1.4 / 60) for name in SORTS), TALK)
IMPATIENT = msgspec.structs.replace(STREAM, patience=300.0)
PICKS = {"lisf_global": "longest_idle", "random": "random", "linear": "fixed_order"}
"""How the reference chooses agents, and our preset that does the same."""


class Case(NamedTuple):
    """One case of the reference; `fields` are its figures by the names of `bench.steady.Batch`."""

    name: str
    skills: int
    preset: str
    stream: Stream
    lines: int
    reference: Mapping[str, Any]
    fields: Mapping[str, str]
    runs: int


def alone(lines: int) -> Mapping[str, float]:
    """Exact figures of six groups of agents, each for one sort of call, who share nothing but so many lines.

    Each group is a birth-and-death process, so all together are one that is cut off at the lines, and the solution is
    the product of theirs (Kelly, Reversibility and Stochastic Networks, 1979). The reference's own row counts those who
    wait instead (thirty at most): another model, which makes no difference where agents have two skills or more.
    """
    size, load = AGENTS // len(SORTS), STREAM.sorts[0].rate * TALK
    group = [1.0]
    for calls in range(1, lines + 1):
        group.append(group[-1] * load / min(calls, size))
    others = group
    for _ in range(len(SORTS) - 2):
        others = [math.fsum(others[k] * group[n - k] for k in range(n + 1)) for n in range(lines + 1)]
    whole = [math.fsum(others[k] * group[n - k] for k in range(n + 1)) for n in range(lines + 1)]
    upto = [math.fsum(others[: n + 1]) for n in range(lines + 1)]
    total = math.fsum(whole)
    enters = 1 - whole[lines] / total
    waiting = math.fsum((n - size) * group[n] * upto[lines - n] for n in range(size, lines + 1)) / total
    waits = math.fsum(group[n] * upto[lines - 1 - n] for n in range(size, lines)) / total
    exact = {"asa_s": waiting / (load / TALK * enters), "p_wait": waits / enters, "occ": load * enters / size}
    return exact | {f"{name}_ci95": 0.0 for name in exact}


def cases() -> list[Case]:
    """Those whose rule the brain knows: the caller who waits longest goes to the agent whom the queue prefers."""
    reference: Mapping[str, Any] = msgspec.json.decode(REFERENCE.read_bytes())
    found = [
        Case(
            f"{one['nskills']} of 6 skills",
            one["nskills"],
            "longest_idle",
            STREAM,
            LINES,
            alone(LINES) if one["nskills"] == 1 else one,
            ROOM,
            20,
        )
        for one in reference["skill_based_routing_simulation"]["rows"]
        if one["rule"] == "fcfs"
    ]
    seen: set[tuple[int, str]] = set()
    for one in reference["agent_choice_policy_simulation"]["rows"]:
        skills, pick = one["nskills"], one["pick"]
        if pick in PICKS and (skills, pick) not in seen:
            seen.add((skills, pick))
            name = f"{skills} of 6 skills, {PICKS[pick]}, impatient"
            found.append(Case(name, skills, PICKS[pick], IMPATIENT, 0, one, ROOMLESS, 8))
    return found


ROOM = {"mean_wait": "asa_s", "p_wait": "p_wait", "occupancy": "occ"}
ROOMLESS = {"mean_wait_answered": "asa_s", "p_abandon": "p_abandon", "occupancy": "occ"}


def six(skills: int, preset: str) -> CenterPlan:
    """The centre in which each agent has so many skills."""
    agents = []
    for number in range(AGENTS):
        first, turn = divmod(number, AGENTS // len(SORTS))
        others = [SORTS[(first + 1 + (turn + step) % 5) % 6] for step in range(5)]
        agents.append(agent(number, [SORTS[first], *others[: skills - 1]]))
    return plan([queue(name, preset) for name in SORTS], agents)


def compared(case: Case, count: int, seed: int) -> Iterator[tuple[str, float]]:
    """Each figure with its difference from the reference, in half-widths of the difference's 99 % interval."""
    those = callers(case.stream, count, seed)
    found = batches(those, simulated(six(case.skills, case.preset), those, case.lines), AGENTS)
    for ours, theirs in case.fields.items():
        of = estimate([getattr(batch, ours) for batch in found], CONFIDENCE)
        wider = student_t(CONFIDENCE, case.runs - 1) / student_t(0.95, case.runs - 1)
        doubt = math.hypot(of.half_width, case.reference[f"{theirs}_ci95"] * wider)
        yield ours, abs(of.mean - case.reference[theirs]) / doubt


def spread(preset: str, count: int, seed: int) -> float:
    """The standard deviation of the occupancy over agents who are all alike."""
    those = callers(msgspec.structs.replace(STREAM, sorts=(Sort(QueueName("q"), 8.4 / 60),)), count, seed)
    return pstdev(occupancies(those, simulated(alike(AGENTS, preset), those)))


def flexibility(preset: str, count: int, seed: int) -> Estimate:
    """Mean wait with two skills each / with all six, of the same callers."""
    those = callers(STREAM, count, seed)
    two, all_six = (_batches(six(skills, preset), those, LINES) for skills in (2, 6))
    whole = fmean(batch.mean_wait for batch in all_six)
    # The ratio of two means, linearised: a ratio of each batch's would be off where few wait.
    ratio = fmean(batch.mean_wait for batch in two) / whole
    bent = [(few.mean_wait - ratio * full.mean_wait) / whole for few, full in zip(two, all_six, strict=True)]
    return Estimate(ratio, estimate(bent, CONFIDENCE).half_width, len(bent))


def _batches(centre: CenterPlan, those: Sequence[Caller], lines: int = 0) -> list[Batch]:
    return batches(those, simulated(centre, those, lines), len(centre.agents))


# -- conservation ------------------------------------------------------------------------------------------------------

VIP, REGULAR = QueueName("vip"), QueueName("regular")
RULES: Mapping[str, Mapping[str, float]] = {
    "in order of arrival": {},
    "a head start of 30 s": {"head_start": 30.0},
    "a head start of 120 s": {"head_start": 120.0},
    "a strict class": {"strict_class": -1},
}


def two_classes(rule: str, agents: int) -> CenterPlan:
    """Two queues that all agents serve, one of them preferred by a rule."""
    given = RULES[rule]
    vip = queue("vip", head_start=given.get("head_start", 0.0), strict_class=int(given.get("strict_class", 0)))
    return plan([vip, queue("regular")], [agent(number, ["vip", "regular"]) for number in range(agents)])


def mean_waits(agents: int, load: float, count: int, *, fixed: bool, seed: int) -> dict[str, tuple[float, list[float]]]:
    """Under each rule: the mean wait of all callers, and of each batch; one caller of five is a VIP.

    With talks that are all of one length (`fixed`) the k-th talk begins at the same time whoever has it, so the mean
    wait must be the same to the last digits.
    """
    rate = load / 180.0
    stream = Stream((Sort(VIP, 0.2 * rate), Sort(REGULAR, 0.8 * rate)), 180.0, fixed=fixed)
    those = callers(stream, count, seed)
    found = {}
    for rule in RULES:
        outcome: Outcome = simulated(two_classes(rule, agents), those)
        waits = math.fsum(stay.wait for stay in outcome.stays) / len(those)
        found[rule] = waits, [batch.mean_wait for batch in batches(those, outcome, agents)]
    return found


def run(scale: float, say: Say) -> Part:
    """The table."""
    figures = [*_skills(scale, say), *_conservation(scale, say), *_fairness(scale, say)]
    note = (
        "Off by: the difference from the reference in half-widths of its 99 % interval. The reference's other rule, by "
        "which each agent has his own order of queues, is none that the brain has, and is left out. Conservation is of "
        "the mean wait over all callers, whoever comes first."
    )
    return Part("How well calls are given to agents", tuple(figures), (note,))


def _skills(scale: float, say: Say) -> Iterator[Figure]:
    count = times(scale, CALLS, 1_000)
    found: list[tuple[str, float]] = []
    those = cases()
    for number, case in enumerate(those):
        say(case.name)
        # Six groups that do not help each other have a sixth of the calls each to forget by.
        found.extend(compared(case, count * (6 if case.skills == 1 else 1), seed=number))
    tests = len(found)
    limit = student_t(1 - (1 - CONFIDENCE) / tests, 19) / student_t(CONFIDENCE, 19)
    for name in dict.fromkeys(name for name, _ in found):
        by = [one for other, one in found if other == name]
        yield figure(f"skills: {name}, off by", by, "half-widths", f"max <= {limit:.2f}")


def _conservation(scale: float, say: Say) -> Iterator[Figure]:
    say("conservation")
    same = mean_waits(20, 18.0, times(scale, CALLS, 1_000), fixed=True, seed=1)
    first = same["in order of arrival"][0]
    off = [abs(wait - first) / first for wait, _ in same.values()]
    yield figure("conservation: talks of one length, off by", off, "share of the wait", "max <= 1e-6")
    chance = mean_waits(100, 90.0, times(scale, CALLS, 1_000), fixed=False, seed=1)
    base = chance["in order of arrival"][1]
    by = []
    for rule, (_, each) in chance.items():
        if rule != "in order of arrival":
            of = estimate([one - other for one, other in zip(each, base, strict=True)], CONFIDENCE)
            by.append(abs(of.mean) / of.half_width if of.half_width else 0.0)
    yield figure("conservation: exponential talks, off by", by, "half-widths", "max <= 1.4")


def _fairness(scale: float, say: Say) -> Iterator[Figure]:
    count = times(scale, LONG, 8_000)  # with fewer, nobody waits where all can serve everybody
    for preset, goal in (("longest_idle", 0.003), ("least_busy", 0.001)):
        say(f"spread, {preset}")
        yield figure(f"spread of occupancy, equal agents: {preset}", [spread(preset, count, 1)], "", f"<= {goal}")
    for preset in ("longest_idle", "least_busy"):
        say(f"flexibility, {preset}")
        ratio = flexibility(preset, count // 2, 1)
        name = f"wait with 2 of 6 skills / with all: {preset} (±{ratio.half_width:.2f})"
        yield figure(name, [ratio.mean], "times", "<= 1.25")
