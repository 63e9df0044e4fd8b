"""Counts for dashboards of what has happened to calls: entries, outcomes, waits, talks, reservations, contacts.

They begin at 0 with each process and only grow, as Prometheus has it; what is so now the gauges of `metrics` say.
"""

from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram

from acd.events import InteractionClosed, ReservationEnded, SegmentClosed, SegmentOpened, TalkEnded
from acd.floor import Output
from acd.model import InteractionOutcome, QueueName, ReservationOutcome, SegmentOutcome

_WAITS = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 1800)
_RINGS = (1, 2, 3, 5, 8, 10, 12, 15, 20, 30, 60)
_TALKS = (10, 30, 60, 120, 180, 240, 300, 420, 600, 900, 1800, 3600)


class CallMetrics:
    """A listener of the runtime. What can be counted is there from the start, at 0: a rate needs a first value."""

    def __init__(self, registry: CollectorRegistry, queues: Iterable[QueueName]) -> None:
        self._entered = Counter("callwright_segments_entered", "Entries into a queue", ("queue",), registry=registry)
        self._closed = Counter(
            "callwright_segments_closed", "Segments that are over", ("queue", "outcome"), registry=registry
        )
        self._waits = Histogram(
            "callwright_wait_seconds", "Waits of answered segments", ("queue",), buckets=_WAITS, registry=registry
        )
        self._rings = Histogram(
            "callwright_ring_seconds", "Reservation to its end", ("outcome",), buckets=_RINGS, registry=registry
        )
        self._talks = Histogram("callwright_talk_seconds", "Two-way audio", buckets=_TALKS, registry=registry)
        self._contacts = Counter(
            "callwright_contacts", "Customers' contacts that are over", ("outcome",), registry=registry
        )

        for queue in queues:
            self._entered.labels(queue)
            self._waits.labels(queue)
            for outcome in SegmentOutcome:
                self._closed.labels(queue, outcome.value)
        for held in ReservationOutcome:
            self._rings.labels(held.value)
        for ended in InteractionOutcome:
            self._contacts.labels(ended.value)

    def listen(self, outputs: Sequence[Output], _now: float) -> None:
        """What the brain has said."""
        for output in outputs:
            match output:
                case SegmentOpened():
                    self._entered.labels(output.queue).inc()
                case SegmentClosed():
                    self._closed.labels(output.queue, output.outcome.value).inc()
                    if output.outcome is SegmentOutcome.ANSWERED:
                        self._waits.labels(output.queue).observe(output.wait)
                case ReservationEnded():
                    self._rings.labels(output.outcome.value).observe(output.at - output.made)
                case TalkEnded():
                    self._talks.observe(output.at - output.started)
                case InteractionClosed():
                    self._contacts.labels(output.outcome.value).inc()
                case _:
                    pass
