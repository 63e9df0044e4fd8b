"""What a supervisor sees: the centre, each queue with who waits in it, each agent, and the sums of today."""

from collections import Counter
from collections.abc import Iterable, Mapping

from acd.calls.interactions import InFlow, Interaction, Talking, Waiting
from acd.center import ContactCenter
from acd.figures import Tally
from acd.model import AgentId, QueueName, Skill
from acd.people.agents import AfterCallWork, Busy, Ready, Reserved, Work
from acd.people.durations import worked_and_staffed
from acd.people.staff import Agent
from acd.queues import Queue
from acd.tasks.tasks import Backlog, Task, backlogs
from agent_desktop.feed import Document
from agent_desktop.shapes import (
    CallerShape,
    Shape,
    StateShape,
    agents_of,
    head_start_of,
    known_shape,
    longest_since,
    state_shape,
    waits_since,
)
from agent_desktop.views import calls_of, phase_of, raw, served_queues

NO_TROUBLES: Mapping[str, str] = {}

MOST_CALLERS = 20
"""Waiting callers shown per queue, the longest waiting first."""


class PbxShape(Shape, frozen=True):
    """One PBX."""

    node: str
    connected: bool
    taken: bool
    """Another process drives it: its calls are out of our hands."""


class CentreShape(Shape, frozen=True):
    """The centre as a whole; `since` is when this process began."""

    name: str
    pbx: tuple[PbxShape, ...]
    since: float
    break_reasons: tuple[str, ...]
    zone: str
    """Of its days, an IANA name."""
    troubles: Mapping[str, str] = {}
    """Why a part of the centre does not work as it should, by its name on `/ready`; a PBX that is away is in `pbx`."""


class WaitingShape(Shape, frozen=True):
    """One waiting caller."""

    interaction: str
    number: str
    name: str
    since: float
    state: str
    rings_at: tuple[str, ...] = ()
    """Names of the agents whose phones ring for him."""
    head_start: float = 0.0
    """Seconds by which a supervisor has brought him forward."""


class QueueBoardShape(Shape, frozen=True, omit_defaults=False):
    """One queue, now and today."""

    name: str
    label: Mapping[str, str]
    waiting: int
    longest_since: float | None
    ready: int
    talking: int
    entered: int
    answered: int
    abandoned: int
    short_abandoned: int
    overflowed: int
    failed: int
    withdrawn: int
    callback_requested: int
    service_level: float | None
    asa: float | None
    wait_median: float | None
    wait_p90: float | None
    messages: int
    """Left by callers, and nobody has them in hand."""
    oldest_message: float | None
    """When the first of them was left."""
    callers: tuple[WaitingShape, ...]


class BoardCallShape(Shape, frozen=True):
    """One of an agent's calls, or a message that he sees to (phases `offered` and `in_hand`)."""

    interaction: str
    number: str
    name: str
    phase: str
    since: float


class AgentBoardShape(Shape, frozen=True, omit_defaults=False, rename={"talks_with": "with"}):
    """One agent, now and today."""

    id: str
    name: str
    state: StateShape
    skills: Mapping[Skill, int]
    phone: str
    phone_reachable: bool | None
    phone_in_use: bool
    handled: int
    occupancy: float
    team: str
    times: Mapping[str, int]
    """Seconds of today in each state, without the present stay, which has lasted since `times_since`."""
    times_since: float
    out_of_reach: str
    """Why he is not asked though he waits for a call; else empty."""
    unavailable: str
    """Why he cannot be asked for anybody now; empty if he can."""
    queues: tuple[str, ...]
    """Whose callers he can serve."""
    left_queues: tuple[str, ...]
    talks_with: CallerShape | None
    calls: tuple[BoardCallShape, ...]
    """The one that rings first, then the one in which he talks, then messages, then what he writes up."""


class TodayShape(Shape, frozen=True, omit_defaults=False):
    """Sums over all queues. `ledger_ok`: in each, what entered is what has an outcome and what still waits."""

    entered: int
    answered: int
    abandoned: int
    short_abandoned: int
    callback_requested: int
    overflowed: int
    withdrawn: int
    failed: int
    waiting: int
    in_flow: int
    talking: int
    ledger_ok: bool
    service_level: float | None
    asa: float | None
    wait_median: float | None
    wait_p90: float | None
    longest_since: float | None


class TeamShape(Shape, frozen=True, omit_defaults=False):
    """A team, now and today; the one without a name is of agents who have no team."""

    name: str
    agents: int
    states: Mapping[str, int]
    """How many are in each state."""
    handled: int
    occupancy: float | None
    """Of today."""


def board_view(center: ContactCenter, since: float, now: float, troubles: Mapping[str, str] = NO_TROUBLES) -> Document:
    """The whole document of the supervisors. `troubles`: see `CentreShape`."""
    return {**centre_view(center, since, now, troubles), **agents_view(center, center.agents, now)}


def centre_view(center: ContactCenter, since: float, now: float, troubles: Mapping[str, str]) -> Document:
    """All of it but the agents."""
    return {"centre": raw(_centre(center, since, troubles)), **queues_view(center), **teams_view(center, now)}


def queues_view(center: ContactCenter) -> Document:
    """All queues, and the sums of today."""
    talking = Counter(
        interaction.stage.queue
        for interaction in center.interactions.values()
        if isinstance(interaction.stage, Talking)
    )
    ready: Counter[QueueName] = Counter()
    for agent in center.agents.values():
        if isinstance(agent.state, Ready):
            ready.update(name for name in served_queues(center, agent) if name not in agent.left_queues)
    left = backlogs(center.tasks.values())
    view = {
        f"queue:{name}": raw(_queue(center, queue, ready[name], talking[name], left.get(name)))
        for name, queue in center.queues.items()
    }
    view["today"] = raw(_today(center, talking.total()))
    return view


def teams_view(center: ContactCenter, now: float) -> Document:
    """All teams, if there are any."""
    teams: dict[str, list[Agent]] = {}
    for agent in center.agents.values():
        teams.setdefault(agent.plan.team, []).append(agent)
    if set(teams) == {""}:
        return {}
    return {f"team:{name}": raw(_team(name, teams[name], now)) for name in sorted(teams)}


def agent_key(agent: AgentId) -> str:
    """Where he stands in the document."""
    return f"agent:{agent}"


def agents_view(center: ContactCenter, agents: Iterable[AgentId], now: float) -> Document:
    """These agents."""
    return {agent_key(agent): raw(_agent(center, center.agents[agent], now)) for agent in agents}


def _centre(center: ContactCenter, since: float, troubles: Mapping[str, str]) -> CentreShape:
    pbx = tuple(PbxShape(node, up, node in center.pbx_taken) for node, up in center.pbx_connected.items())
    return CentreShape(center.plan.name, pbx, since, tuple(center.plan.break_reasons), center.plan.zone, troubles)


def _queue(center: ContactCenter, queue: Queue, ready: int, talking: int, left: Backlog | None) -> QueueBoardShape:
    waiting, figures = queue.waiting, queue.figures
    tally = figures.tally
    level, asa = figures.service_level(), figures.asa()
    return QueueBoardShape(
        name=queue.plan.name,
        label=queue.plan.label,
        waiting=len(waiting),
        longest_since=longest_since(queue, center.interactions),
        ready=ready,
        talking=talking,
        entered=figures.entered,
        answered=tally.answered,
        abandoned=tally.abandoned,
        short_abandoned=tally.short_abandoned,
        overflowed=tally.overflowed,
        failed=tally.failed,
        withdrawn=tally.withdrawn,
        callback_requested=tally.callback_requested,
        service_level=None if level is None else round(level, 4),
        asa=_rounded(asa),
        wait_median=_rounded(tally.waits.quantile(0.5)),
        wait_p90=_rounded(tally.waits.quantile(0.9)),
        messages=left.count if left else 0,
        oldest_message=left.oldest if left else None,
        callers=_callers(center, queue),
    )


def _team(name: str, agents: list[Agent], now: float) -> TeamShape:
    worked = staffed = 0.0
    for agent in agents:
        of_him = worked_and_staffed(agent.durations.until(now))
        worked, staffed = worked + of_him[0], staffed + of_him[1]
    return TeamShape(
        name=name,
        agents=len(agents),
        states=Counter(state_shape(agent.state).kind for agent in agents),
        handled=sum(agent.handled for agent in agents),
        occupancy=round(worked / staffed, 2) if staffed else None,
    )


def _callers(center: ContactCenter, queue: Queue) -> tuple[WaitingShape, ...]:
    callers = []
    for waits in queue.waiting[:MOST_CALLERS]:
        interaction = center.interactions[waits]
        caller = known_shape(interaction, center.plan)
        state = "waiting" if isinstance(interaction.stage, Waiting) else "ringing"
        since = waits_since(interaction) or interaction.started
        rings_at = tuple(center.agents[agent].plan.name for agent in agents_of(interaction))
        ahead = head_start_of(interaction)
        callers.append(WaitingShape(waits, caller.number, caller.name, since, state, rings_at, ahead))
    return tuple(callers)


def _agent(center: ContactCenter, agent: Agent, now: float) -> AgentBoardShape:
    return AgentBoardShape(
        id=agent.id,
        name=agent.plan.name,
        state=state_shape(agent.state),
        skills=agent.plan.skills,
        phone=agent.phone.kind.value,
        phone_reachable=center.phones_reachable.get(agent.phone.at),
        phone_in_use=isinstance(agent.state, Ready) and center.has_own_call(agent),
        handled=agent.handled,
        occupancy=round(agent.occupancy(now), 2),
        team=agent.plan.team,
        times={state: round(seconds) for state, seconds in agent.durations.over.items()},
        times_since=agent.durations.since,
        out_of_reach=center.out_of_reach(agent),
        unavailable=center.unavailable(agent),
        queues=tuple(served_queues(center, agent)),
        left_queues=tuple(sorted(agent.left_queues)),
        talks_with=_talks_with(center, agent),
        calls=tuple(_call(center, work, one) for work, one in calls_of(center, agent)),
    )


def _call(center: ContactCenter, work: Work, one: Interaction | Task) -> BoardCallShape:
    caller = known_shape(one, center.plan)
    phase, since = phase_of(work, one)
    return BoardCallShape(one.id, caller.number, caller.name, phase, since)


def _talks_with(center: ContactCenter, agent: Agent) -> CallerShape | None:
    if not isinstance(agent.state, Reserved | Busy | AfterCallWork):
        return None
    interaction = center.interactions.get(agent.state.interaction)
    return known_shape(interaction, center.plan) if interaction else None


def _today(center: ContactCenter, talking: int) -> TodayShape:
    tally = Tally()
    for queue in center.queues.values():
        tally.merge(queue.figures.tally)
    return TodayShape(
        entered=sum(queue.figures.entered for queue in center.queues.values()),
        answered=tally.answered,
        abandoned=tally.abandoned,
        short_abandoned=tally.short_abandoned,
        callback_requested=tally.callback_requested,
        overflowed=tally.overflowed,
        withdrawn=tally.withdrawn,
        failed=tally.failed,
        waiting=sum(map(len, center.queues.values())),
        in_flow=sum(isinstance(one.stage, InFlow) for one in center.interactions.values()),
        talking=talking,
        ledger_ok=all(queue.figures.balanced(len(queue)) for queue in center.queues.values()),
        service_level=None if (level := tally.service_level()) is None else round(level, 4),
        asa=_rounded(tally.asa()),
        wait_median=_rounded(tally.waits.quantile(0.5)),
        wait_p90=_rounded(tally.waits.quantile(0.9)),
        longest_since=_longest(center),
    )


def _longest(center: ContactCenter) -> float | None:
    """Since when he waits who waits longest of all."""
    longest = (longest_since(queue, center.interactions) for queue in center.queues.values())
    return min((since for since in longest if since is not None), default=None)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
