"""The columns of a report: a name for each figure, how it is shown, and how it comes from the sums.

The names are an interface: spreadsheets are built on them. docs/figures.md says what each means.
"""

from collections.abc import Callable, Mapping
from enum import Enum

from acd.model import InteractionOutcome, ReservationOutcome, SegmentOutcome
from acd.people.agents import DOWN, AfterCallWork, AgentState, Busy, LoggedOut, NotReady, Ready, Reserved, tag
from acd.reports import service_levels
from acd.reports.quantiles import quantile
from acd.reports.service_levels import GenesysSwitches
from acd.reports.tallies import AgentTally, ContactTally, Handling, SegmentTally

Value = int | float | bool | None
"""None where there is nothing to divide by."""

Figures = Mapping[str, Value]


class Kind(Enum):
    """How a figure is shown."""

    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"
    NUMBER = "number"
    """With a fraction, of no unit."""
    CHECK = "check"


_DIGITS = {Kind.SHARE: 4, Kind.NUMBER: 2}

_RESERVATIONS = {
    "accepted": ReservationOutcome.ACCEPTED,
    "declined": ReservationOutcome.DECLINED,
    "not_answered": ReservationOutcome.EXPIRED,
    "taken_back": ReservationOutcome.WITHDRAWN,
}
STATES: Mapping[str, type[AgentState]] = {
    "ready_time": Ready,
    "reserved_time": Reserved,
    "busy_time": Busy,
    "after_call_time": AfterCallWork,
    "break_time": NotReady,
    "logged_out_time": LoggedOut,
}
"""The state of which a figure is the time."""
CONTACTS = {f"contacts_{outcome.value}": outcome for outcome in InteractionOutcome}
"""The outcome that a figure counts."""

_HANDLING_COLUMNS = {
    "handled": Kind.COUNT,
    "talk": Kind.SECONDS,
    "hold": Kind.SECONDS,
    "consult": Kind.SECONDS,
    "wrap_up": Kind.SECONDS,
    "aht": Kind.SECONDS,
}
SEGMENT_COLUMNS: Mapping[str, Kind] = {
    "entered": Kind.COUNT,
    **{outcome.value: Kind.COUNT for outcome in SegmentOutcome},
    "still_open": Kind.COUNT,
    "ledger_ok": Kind.CHECK,
    "service_level": Kind.SHARE,
    "service_level_asterisk": Kind.SHARE,
    "service_level_asterisk2": Kind.SHARE,
    "service_level_amazon": Kind.SHARE,
    "service_level_genesys": Kind.SHARE,
    "abandon_rate": Kind.SHARE,
    "asa": Kind.SECONDS,
    "wait_median": Kind.SECONDS,
    "wait_p90": Kind.SECONDS,
    "longest_wait": Kind.SECONDS,
    "estimates": Kind.COUNT,
    "estimate_coverage": Kind.SHARE,
    **_HANDLING_COLUMNS,
    "aht_interaction": Kind.SECONDS,
}
_AGENT_ONLY: Mapping[str, Kind] = {
    "reservations": Kind.COUNT,
    **dict.fromkeys(_RESERVATIONS, Kind.COUNT),
    "ring_mean": Kind.SECONDS,
    **dict.fromkeys(STATES, Kind.SECONDS),
    "down_time": Kind.SECONDS,
    "logged_in_time": Kind.SECONDS,
    "contact_time": Kind.SECONDS,
    "concurrency": Kind.NUMBER,
    "occupancy": Kind.SHARE,
    "utilisation": Kind.SHARE,
    "utilisation_by_contact": Kind.SHARE,
}
AGENT_COLUMNS: Mapping[str, Kind] = {**_HANDLING_COLUMNS, **_AGENT_ONLY}
CONTACT_COLUMNS: Mapping[str, Kind] = {
    "contacts": Kind.COUNT,
    **dict.fromkeys(CONTACTS, Kind.COUNT),
    "contacts_open": Kind.COUNT,
    "containment": Kind.SHARE,
}
CENTRE_COLUMNS: Mapping[str, Kind] = {**SEGMENT_COLUMNS, **_AGENT_ONLY, **CONTACT_COLUMNS}


def segment_figures(tally: SegmentTally, switches: GenesysSwitches) -> Figures:
    """Of stays in queues."""
    counts = tally.counts()
    waits = sorted(tally.waits)
    levels: Mapping[str, Callable[[], float | None]] = {
        "service_level": lambda: service_levels.house(counts),
        "service_level_asterisk": lambda: service_levels.asterisk(counts),
        "service_level_asterisk2": lambda: service_levels.asterisk2(counts),
        "service_level_amazon": lambda: service_levels.amazon_connect(counts),
        "service_level_genesys": lambda: service_levels.genesys(counts, switches),
    }
    abandoned = tally.outcomes[SegmentOutcome.ABANDONED.value]
    return {
        "entered": tally.entered,
        **{outcome.value: tally.outcomes[outcome.value] for outcome in SegmentOutcome},
        "still_open": tally.still_open,
        "ledger_ok": not tally.missing,
        **{name: level() for name, level in levels.items()},
        "abandon_rate": ratio(abandoned, tally.entered - counts.abandoned_short),
        "asa": ratio(sum(waits), len(waits)),
        "wait_median": quantile(waits, 0.5),
        "wait_p90": quantile(waits, 0.9),
        "longest_wait": tally.longest_wait,
        "estimates": tally.estimates,
        "estimate_coverage": ratio(tally.estimates_right, tally.estimates),
        **_handling(tally.handling),
        "aht_interaction": ratio(tally.handling.seconds, tally.interactions),
    }


def agent_figures(tally: AgentTally) -> Figures:
    """Of agents."""
    reservations = tally.reservations.total()
    return {
        **_handling(tally.handling),
        "reservations": reservations,
        **{name: tally.reservations[outcome.value] for name, outcome in _RESERVATIONS.items()},
        "ring_mean": ratio(tally.rung, reservations),
        **{name: tally.states.get(tag(state), 0.0) for name, state in STATES.items()},
        "down_time": tally.states.get(DOWN, 0.0),
        "logged_in_time": tally.staffed,
        "contact_time": tally.for_contacts,
        "concurrency": ratio(tally.for_contacts, tally.worked),
        "occupancy": ratio(tally.worked, tally.worked + tally.idle),
        "utilisation": ratio(tally.worked, tally.staffed),
        "utilisation_by_contact": ratio(tally.for_contacts, tally.staffed),
    }


def contact_figures(tally: ContactTally) -> Figures:
    """Of customers' contacts."""
    contacts = tally.outcomes.total() + tally.still_open
    entered_flow = contacts - tally.still_open - tally.outcomes[InteractionOutcome.REJECTED.value]
    return {
        "contacts": contacts,
        **{name: tally.outcomes[outcome.value] for name, outcome in CONTACTS.items()},
        "contacts_open": tally.still_open,
        "containment": ratio(tally.outcomes[InteractionOutcome.SELF_SERVED.value], entered_flow),
    }


def centre_figures(
    segments: SegmentTally, agents: AgentTally, contacts: ContactTally, switches: GenesysSwitches
) -> Figures:
    """Of everything."""
    of_agents = agent_figures(agents)
    return {
        **segment_figures(segments, switches),
        **{name: of_agents[name] for name in _AGENT_ONLY},
        **contact_figures(contacts),
    }


def shown(value: Value, kind: Kind) -> Value:
    """Without digits that nobody measured: seconds to a tenth, shares to a hundredth of a percent."""
    if not isinstance(value, float):
        return value
    return round(value, _DIGITS.get(kind, 1))


def ratio(part: float, of: float) -> float | None:
    """None if there is nothing to divide by."""
    return part / of if of > 0 else None


def _handling(handling: Handling) -> Figures:
    return {
        "handled": handling.handled,
        "talk": handling.talk,
        "hold": handling.hold,
        "consult": handling.consult,
        "wrap_up": handling.wrap_up,
        "aht": ratio(handling.seconds, handling.handled),
    }
