"""What an agent sees: himself, his state, his phone, the caller in front of him, and his queues.

Each function reads the centre as it is now and gives keys of the view. Nothing is remembered between two looks, so a
screen can never show what is not so.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from types import MappingProxyType

import msgspec

from acd.calls.interactions import Interaction, Talking, Waiting
from acd.center import ContactCenter
from acd.events import CenterEvent, CustomerIdentified
from acd.floor import Output
from acd.model import AgentId, InteractionId, QueueName
from acd.people.agents import AfterCallWork, Busy, Ready, Reserved, Work
from acd.people.staff import Agent
from acd.plan import QueuePlan
from acd.routing.asking import serves
from acd.tasks.tasks import Task, TaskInHand
from agent_desktop.feed import Document
from agent_desktop.shapes import (
    CallerShape,
    CustomerShape,
    QueueCallerShape,
    QueueShape,
    Shape,
    ShownShape,
    StepShape,
    agents_at,
    agents_of,
    caller_shape,
    customer_shape,
    known_shape,
    longest_since,
    path_shape,
    shown_shape,
    state_shape,
    task_caller_shape,
    waits_since,
)
from agent_desktop.text import NOTE, clean

LANGUAGES = ("en", "zh")
"""Languages that the page speaks."""


class SipAccount(Shape, frozen=True):
    """How an agent's browser registers as his phone. Goes to that agent's screens and nowhere else."""

    uri: str
    user: str
    password: str
    ws_url: str
    realm: str


SipAccounts = Callable[[Agent], SipAccount | None]
"""Whose browser registers how; None for who has no phone in the browser."""


def no_account(_: Agent) -> None:
    """Nobody has."""


class PhoneShape(Shape, frozen=True):
    """One of the agent's phones."""

    kind: str
    click_to_answer: bool


class PhoneStateShape(Shape, frozen=True, omit_defaults=False):
    """Whether the agent's phone can be rung. `pbx`: `connected`, `away`, or `taken` by another process."""

    reachable: bool | None
    in_use: bool
    pbx: str


class MeShape(Shape, frozen=True):
    """Who the agent is and what he may choose from."""

    id: str
    name: str
    phones: tuple[PhoneShape, ...]
    phone: str
    break_reasons: tuple[str, ...]
    break_limits: Mapping[str, float]
    """Seconds, of those that have one."""
    capacity: int
    """So many calls he may have at once."""
    languages: tuple[str, ...]
    centre: str


class PopShape(Shape, frozen=True):
    """The screen pop. Of a task (`voicemail` is set), `arrived` is when the message was left."""

    interaction: str
    caller: CallerShape
    customer: CustomerShape
    entry_point: str
    queue: str
    queue_label: Mapping[str, str]
    path: tuple[StepShape, ...]
    arrived: float
    waited: float
    phase: str
    since: float
    voicemail: str = ""
    shown: tuple[ShownShape, ...] = ()


class WrapUpShape(Shape, frozen=True, omit_defaults=False):
    """The codes to choose from, and the choice."""

    interaction: str
    codes: tuple[str, ...]
    chosen: str | None
    note: str
    until: float | None
    extension: float = 0.0
    """Seconds that he gets when he asks for more time; 0: he need not, or cannot."""
    extensions_left: int = 0
    ask_solved: bool = False
    """Whether he is asked if the matter is settled."""
    solved: bool | None = None
    """What he has said."""


class CallShape(Shape, frozen=True, omit_defaults=False):
    """One of the agent's calls."""

    pop: PopShape
    wrap_up: WrapUpShape | None


MOST_CALLABLE = 10
"""Callers of a queue whom its agents see."""

_encode = msgspec.json.Encoder().encode
_FRONT = (Reserved, Busy, AfterCallWork)


def raw(value: object) -> msgspec.Raw:
    """A value as it travels."""
    return msgspec.Raw(_encode(value))


def agent_view(
    center: ContactCenter,
    agent: Agent,
    sip: SipAccounts,
    briefs: Mapping[QueueName, msgspec.Raw] = MappingProxyType({}),
) -> Document:
    """The whole document of one agent. `briefs`: what `queue_briefs` gave a moment ago.

    His phone rings after he has been told: what he reads of all his queues may wait for the next look at them, unless
    there are other queues by now.
    """
    if briefs.keys() != center.queues.keys():
        briefs = queue_briefs(center)
    calls = [_call(center, work, one) for work, one in calls_of(center, agent)]
    front = calls[0] if calls else None
    view = {
        "me": raw(_me(center, agent)),
        "state": raw(state_shape(agent.state)),
        "pop": raw(front.pop if front else None),
        "wrap_up": raw(front.wrap_up if front else None),
        **{f"beside:{call.pop.interaction}": raw(call) for call in calls[1:]},
        **agent_surroundings(center, agent, briefs),
    }
    if account := sip(agent):
        view["sip"] = raw(account)
    return view


def agent_surroundings(center: ContactCenter, agent: Agent, briefs: Mapping[QueueName, msgspec.Raw]) -> Document:
    """The keys that change without the agent's doing: his phone, his queues (out of `queue_briefs`), his notice."""
    served = (briefs[name] for name in served_queues(center, agent))
    return {
        "phone": raw(phone_state(center, agent)),
        "queues": msgspec.Raw(b"[" + b",".join(bytes(brief) for brief in served) + b"]"),
        "left_queues": raw(sorted(agent.left_queues)),
        "notices": raw(agent.notices),
    }


def phone_state(center: ContactCenter, agent: Agent) -> PhoneStateShape:
    """Whether his phone can be rung, as far as the PBX says."""
    node = agent.phone.node
    away = "taken" if node in center.pbx_taken else "away"
    return PhoneStateShape(
        center.phones_reachable.get(agent.phone.at),
        isinstance(agent.state, Ready) and center.has_own_call(agent),
        "connected" if center.pbx_connected.get(node) else away,
    )


def queue_briefs(center: ContactCenter) -> Mapping[QueueName, msgspec.Raw]:
    """Each queue as its agents see it, made once for all of them."""
    briefs = {}
    for name, queue in center.queues.items():
        longest = longest_since(queue, center.interactions)
        callers = _callable(center, queue.waiting) if queue.plan.pull else ()
        briefs[name] = raw(QueueShape(name, queue.plan.label, len(queue), longest, queue.plan.optional, callers))
    return briefs


def _callable(center: ContactCenter, waiting: Iterable[InteractionId]) -> tuple[QueueCallerShape, ...]:
    """The first of those for whom no phone rings."""
    callers = (center.interactions[of] for of in waiting)
    those = islice((one for one in callers if isinstance(one.stage, Waiting)), MOST_CALLABLE)
    shown_of = ((one, known_shape(one, center.plan)) for one in those)
    return tuple(
        QueueCallerShape(one.id, who.number, who.name, waits_since(one) or one.started) for one, who in shown_of
    )


def served_queues(center: ContactCenter, agent: Agent) -> list[QueueName]:
    """The queues whose callers the agent may get."""
    return [name for name, queue in center.queues.items() if serves(agent.plan, queue.plan)]


def concerned(center: ContactCenter, outputs: Iterable[Output]) -> set[AgentId]:
    """Agents whose view may be another one after this."""
    found: set[AgentId] = set()
    for output in outputs:
        if isinstance(output, CustomerIdentified):
            interaction = center.interactions.get(output.interaction)
            found.update(agents_of(interaction) if interaction else ())
            task = center.tasks.get(output.interaction)
            found.update(agents_at(task) if task else ())
        elif isinstance(output, CenterEvent) and (agent := getattr(output, "agent", "")):
            found.add(AgentId(agent))
    return found


def calls_of(center: ContactCenter, agent: Agent) -> list[tuple[Work, Interaction | Task]]:
    """What he does: the call that rings first, for it wants an answer, then his talks, his tasks, what he writes up."""
    works = sorted(agent.works, key=lambda work: _FRONT.index(type(work)))
    calls = [(work, call) for work in works if (call := center.interactions.get(work.interaction)) is not None]
    tasks = [(work, task) for work in works if (task := center.tasks.get(work.interaction)) is not None]
    on_the_line = sum(not isinstance(work, AfterCallWork) for work, _ in calls)
    return [*calls[:on_the_line], *tasks, *calls[on_the_line:]]


def phase_of(work: Work, one: Interaction | Task) -> tuple[str, float]:
    """How far such a call is, and since when."""
    if isinstance(one, Task):
        return ("offered" if isinstance(work, Reserved) else "in_hand"), work.since
    if isinstance(work, Reserved):
        return "ringing", work.since
    if isinstance(work, AfterCallWork):
        return "wrap_up", work.since
    if isinstance(one.stage, Talking):
        return "talking", one.stage.since
    return "connecting", work.since


def _call(center: ContactCenter, work: Work, one: Interaction | Task) -> CallShape:
    if isinstance(one, Task):
        return CallShape(_task_pop(center, work, one), _task_wrap_up(center, one))
    return CallShape(_pop(center, work, one), _wrap_up(center, work, one))


def _me(center: ContactCenter, agent: Agent) -> MeShape:
    plan = agent.plan
    return MeShape(
        id=plan.id,
        name=plan.name,
        phones=tuple(PhoneShape(phone.kind.value, phone.click_to_answer) for phone in plan.phones),
        phone=agent.phone.kind.value,
        break_reasons=tuple(center.plan.break_reasons),
        break_limits={reason: limit for reason, limit in center.plan.break_reasons.items() if limit is not None},
        capacity=agent.standing.capacity,
        languages=LANGUAGES,
        centre=center.plan.name,
    )


def _pop(center: ContactCenter, work: Work, interaction: Interaction) -> PopShape:
    phase, since = phase_of(work, interaction)
    queue = center.queues.get(interaction.queue)
    return PopShape(
        interaction=interaction.id,
        caller=caller_shape(interaction),
        customer=customer_shape(interaction, center.plan),
        entry_point=interaction.entry_point,
        queue=interaction.queue,
        queue_label=queue.plan.label if queue is not None else {},
        path=path_shape(interaction, center.plan.flows.values()),
        arrived=interaction.started,
        waited=interaction.waited,
        phase=phase,
        since=since,
        shown=shown_shape(interaction),
    )


def _task_pop(center: ContactCenter, work: Work, task: Task) -> PopShape:
    phase, since = phase_of(work, task)
    queue = center.queues.get(task.queue)
    return PopShape(
        interaction=task.id,
        caller=task_caller_shape(task, center.plan),
        customer=customer_shape(task, center.plan),
        entry_point="",
        queue=task.queue,
        queue_label=queue.plan.label if queue is not None else {},
        path=(),
        arrived=task.since,
        waited=work.since - task.since,
        phase=phase,
        since=since,
        voicemail=task.about,
    )


def _wrap_up(center: ContactCenter, work: Work, interaction: Interaction) -> WrapUpShape | None:
    """He may classify while he talks, and afterwards."""
    if not (isinstance(interaction.stage, Talking) or isinstance(work, AfterCallWork)):
        return None
    queue = center.queues.get(interaction.queue)
    extension, left = _more_time(work, queue.plan if queue is not None else None)
    return WrapUpShape(
        interaction=interaction.id,
        codes=queue.plan.wrap_up_codes if queue is not None else (),
        chosen=interaction.wrap_up.code or None,
        note=clean(interaction.wrap_up.note, NOTE),
        until=work.until if isinstance(work, AfterCallWork) else None,
        extension=extension,
        extensions_left=left,
        ask_solved=queue is not None and queue.plan.ask_solved,
        solved=interaction.wrap_up.solved,
    )


def _task_wrap_up(center: ContactCenter, task: Task) -> WrapUpShape | None:
    """He may classify what he has in hand."""
    if not isinstance(task.stage, TaskInHand):
        return None
    queue = center.queues.get(task.queue)
    return WrapUpShape(
        interaction=task.id,
        codes=queue.plan.wrap_up_codes if queue is not None else (),
        chosen=task.wrap_up.code or None,
        note=clean(task.wrap_up.note, NOTE),
        until=None,
        ask_solved=queue is not None and queue.plan.ask_solved,
        solved=task.wrap_up.solved,
    )


def _more_time(work: Work, plan: QueuePlan | None) -> tuple[float, int]:
    """How many seconds more he may ask for, and how often still."""
    if plan is None or not isinstance(work, AfterCallWork) or work.until is None or not plan.wrap_up_extensions:
        return 0.0, 0
    return plan.wrap_up_extension, max(0, plan.wrap_up_extensions - work.extended)
