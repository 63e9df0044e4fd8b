"""Everything that `/metrics` says beside the desktop's own counters: queues and their ledger, agents, PBX, storage.

The names are an interface: dashboards and alarms are built on them. An alarm on `callwright_ledger_balanced == 0` is
worth waking somebody for; each of the counters of rejected input is worth a look in the morning.
"""

from collections import Counter as Counted
from collections.abc import Callable, Iterator, Sequence

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from acd.edge.clock import Clock
from acd.edge.history import History
from acd.edge.runtime import Runtime
from acd.figures import Tally
from acd.model import SegmentOutcome
from acd.people.agents import AgentState
from acd.tasks.tasks import backlogs
from agent_desktop.shapes import longest_since
from crm_bridge.edge.desk import CrmDesk
from crm_bridge.edge.outbox import Outbox
from crm_bridge.edge.service_desk import ServiceDesk
from cti.edge.pbx import Pbx

_STATES = {
    "LoggedOut": "logged_out",
    "NotReady": "not_ready",
    "Ready": "ready",
    "Reserved": "reserved",
    "Busy": "busy",
    "AfterCallWork": "after_call_work",
}


class EdgeCounters:
    """Counters of the edges, by name, made on first use. Fits `cti.edge.counters.Counters`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._counters: dict[str, Counter] = {}

    def count(self, name: str, **labels: str) -> None:
        """One more. A name must come with the same labels each time."""
        counter = self._counters.get(name)
        if counter is None:
            counter = Counter(f"callwright_{name}", name.replace("_", " "), tuple(labels), registry=self.registry)
            self._counters[name] = counter
        (counter.labels(**labels) if labels else counter).inc()


class CentreCollector(Collector):
    """Looks at the centre when Prometheus asks."""

    def __init__(
        self,
        runtime: Runtime,
        pbxs: Sequence[Pbx],
        history: History,
        crm: CrmDesk,
        outbox: Outbox,
        services: ServiceDesk,
        clock: Clock,
    ) -> None:
        self._runtime = runtime
        self._pbxs = pbxs
        self._history = history
        self._crm = crm
        self._outbox = outbox
        self._services = services
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield from self._queues()
        yield from self._agents()
        yield from self._pbx()
        yield from self._storage()
        yield from self._customers()
        yield self._requests()
        yield from self._brain()

    def _queues(self) -> Iterator[Metric]:
        told = CounterMetricFamily(
            "callwright_queue_estimates_told", "Answered callers who were told a wait", labels=["queue"]
        )
        within = CounterMetricFamily(
            "callwright_queue_estimates_within", "Of those: whose wait was in the range", labels=["queue"]
        )
        waiting = GaugeMetricFamily("callwright_queue_waiting", "Callers in the queue", labels=["queue"])
        entered = GaugeMetricFamily("callwright_queue_entered_today", "Segments entered today", labels=["queue"])
        closed = GaugeMetricFamily(
            "callwright_queue_segments_today", "Segments of today by outcome", labels=["queue", "outcome"]
        )
        level = GaugeMetricFamily("callwright_queue_service_level", "Service level of today", labels=["queue"])
        balanced = GaugeMetricFamily(
            "callwright_ledger_balanced", "1 if entered = outcomes + still here", labels=["queue"]
        )
        asa = GaugeMetricFamily("callwright_queue_asa_seconds", "Mean wait of those answered today", labels=["queue"])
        longest = GaugeMetricFamily(
            "callwright_queue_longest_wait_seconds", "How long the first in the queue has waited", labels=["queue"]
        )
        messages = GaugeMetricFamily(
            "callwright_queue_messages_waiting", "Messages of callers that nobody has in hand", labels=["queue"]
        )
        center, now = self._runtime.center, self._clock.now()
        left = backlogs(center.tasks.values())
        for name, queue in center.queues.items():
            first = longest_since(queue, center.interactions)
            longest.add_metric([name], 0.0 if first is None else max(0.0, now - first))
            if (mean := queue.figures.asa()) is not None:
                asa.add_metric([name], mean)
            waiting.add_metric([name], len(queue))
            messages.add_metric([name], left[name].count if name in left else 0)
            entered.add_metric([name], queue.figures.entered)
            for outcome in SegmentOutcome:
                closed.add_metric([name, outcome.value], _of(queue.figures.tally, outcome))
            if (share := queue.figures.service_level()) is not None:
                level.add_metric([name], share)
            balanced.add_metric([name], queue.figures.balanced(len(queue)))
        for name, queue in center.queues.items():
            told.add_metric([name], queue.estimator.told)
            within.add_metric([name], queue.estimator.within)
        yield from (told, within)
        yield from (waiting, messages, longest, entered, closed, level, asa, balanced)

    def _agents(self) -> Iterator[Metric]:
        counts = dict.fromkeys(_STATES.values(), 0)
        teams: Counted[tuple[str, str]] = Counted()
        for agent in self._runtime.center.agents.values():
            counts[_state_name(agent.state)] += 1
            teams[agent.plan.team, _state_name(agent.state)] += 1
        by_team = GaugeMetricFamily("callwright_team_agents", "Agents by team and state", labels=["team", "state"])
        for team in sorted({name for name, _ in teams}):
            for state in _STATES.values():
                by_team.add_metric([team, state], teams[team, state])
        yield by_team
        family = GaugeMetricFamily("callwright_agents", "Agents by state", labels=["state"])
        for state, count in counts.items():
            family.add_metric([state], count)
        yield family

    def _pbx(self) -> Iterator[Metric]:
        family = GaugeMetricFamily("callwright_pbx_connected", "1 if we see and drive the PBX", labels=["node"])
        for node, connected in self._runtime.center.pbx_connected.items():
            family.add_metric([node], connected)
        yield family
        obeys = GaugeMetricFamily("callwright_pbx_obeys", "1 if the PBX does what we ask over REST", labels=["node"])
        for pbx in self._pbxs:
            obeys.add_metric([pbx.node], pbx.connected and not pbx.trouble)
        yield obeys

    def _storage(self) -> Iterator[Metric]:
        history = self._history
        yield GaugeMetricFamily("callwright_storage_ready", "1 if the database takes facts", value=history.ready)
        yield GaugeMetricFamily("callwright_storage_behind", "Facts not yet in the database", value=history.behind)
        yield GaugeMetricFamily("callwright_storage_lag_seconds", "Age of that backlog", value=history.lag)
        yield from _counters(
            ("callwright_storage_written", "Facts written", lambda: history.written),
            ("callwright_storage_failures", "Attempts that the database did not take", lambda: history.failures),
            ("callwright_storage_lost", "Facts that neither disk nor database took", lambda: history.lost),
        )

    def _customers(self) -> Iterator[Metric]:
        crm, outbox = self._crm, self._outbox
        lines = (crm.asking, crm.flows.asking, crm.flows.proving)
        ready = crm.asking.ready and crm.flows.asking.ready
        yield GaugeMetricFamily("callwright_crm_ready", "1 if the CRM is being asked", value=ready)
        yield GaugeMetricFamily("callwright_crm_outbox", "Contacts the CRM has not taken yet", value=outbox.waiting)
        yield from _counters(
            (
                "callwright_crm_questions",
                "Questions asked of the CRM",
                lambda: sum(one.asked for one in lines),
            ),
            (
                "callwright_crm_failed",
                "Questions without an answer",
                lambda: sum(one.failed for one in lines),
            ),
            ("callwright_crm_wrong_pins", "PINs that were not right", lambda: crm.flows.wrong),
            ("callwright_crm_locked", "Callers who had no try at a PIN left", lambda: crm.flows.locked),
            ("callwright_crm_delivered", "Contacts the CRM has taken", lambda: outbox.delivered),
            ("callwright_crm_lost", "Contacts that no disk took", lambda: outbox.lost),
        )

    def _requests(self) -> Metric:
        text = "Requests of flows to services, by how they ended"
        family = CounterMetricFamily("callwright_service_requests", text, labels=["service", "outcome"])
        for (service, outcome), count in self._services.requests.items():
            family.add_metric([service, outcome], count)
        return family

    def _brain(self) -> Iterator[Metric]:
        runtime = self._runtime
        yield GaugeMetricFamily(
            "callwright_clock_skew_seconds",
            "How far the wall clock was moved since the start",
            value=self._clock.skew(),
        )
        yield GaugeMetricFamily(
            "callwright_interactions", "Interactions not closed", value=len(runtime.center.interactions)
        )
        yield from _counters(
            ("callwright_messages", "Messages and ticks decided", lambda: runtime.messages),
            ("callwright_brain_failures", "Messages on which our own code failed", lambda: runtime.failures),
        )


def _counters(*wanted: tuple[str, str, Callable[[], float]]) -> Iterator[Metric]:
    for name, text, value in wanted:
        yield CounterMetricFamily(name, text, value=value())


def _of(tally: Tally, outcome: SegmentOutcome) -> int:
    count = getattr(tally, outcome.value)
    assert isinstance(count, int)  # noqa: S101 - for the type checker: the fields are named after the outcomes
    return count


def _state_name(state: AgentState) -> str:
    return _STATES[type(state).__name__]
