"""What the desktop counts, for `/metrics`. The names are part of the interface: dashboards are built on them."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_FINE = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0)


class DesktopMetrics:
    """The counters and their registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.sockets = Gauge("callwright_desktop_sockets", "Open desktop WebSockets", ("role",), registry=registry)
        self.rejected = Counter(
            "callwright_desktop_rejected_frames", "Frames not obeyed, by reason", ("code",), registry=registry
        )
        self.ended = Counter(
            "callwright_desktop_ended_sockets",
            "Sockets that the server closed, by reason",
            ("code",),
            registry=registry,
        )
        self.connections = Gauge(
            "callwright_desktop_connections", "Open connections of browsers and proxies", registry=registry
        )
        self.cut = Counter(
            "callwright_desktop_cut_connections",
            "Connections refused or cut, by reason",
            ("reason",),
            registry=registry,
        )
        self.malformed = Counter(
            "callwright_desktop_malformed_requests", "Requests that are no HTTP", registry=registry
        )
        self.logins = Counter("callwright_desktop_logins", "Logins, by result", ("result",), registry=registry)
        self.pop_seen = Histogram(
            "callwright_desktop_pop_seen_seconds",
            "Reservation to the agent's page having painted the screen pop",
            buckets=_FINE,
            registry=registry,
        )
        self.told = Histogram(
            "callwright_desktop_tell_seconds",
            "Time to write the consequences of one decision to all screens concerned",
            buckets=_FINE,
            registry=registry,
        )
        self.loop_lag = Gauge(
            "callwright_desktop_loop_lag_seconds",
            "Worst lateness of the event loop in the last ten seconds",
            registry=registry,
        )
