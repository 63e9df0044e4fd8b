"""The service level, as this house counts it and as other products do, all from the same segments.

The products answer the same question with different divisors, so a change of product looks like a change of service.
Sources: Asterisk's `app_queue` (ServicelevelPerf, ServicelevelPerf2), Amazon Connect's "Service level X", Genesys
Cloud's service level options.
"""

import msgspec


class ServiceCounts(msgspec.Struct, frozen=True):
    """What all of them are made of: closed segments, and those of them that ended within T seconds."""

    entered: int
    answered: int
    answered_in_time: int
    abandoned: int
    """All who hung up, however soon."""
    abandoned_in_time: int
    abandoned_short: int
    callback: int
    callback_in_time: int
    overflowed: int


class GenesysSwitches(msgspec.Struct, frozen=True):
    """What a Genesys administrator chooses."""

    flow_outs: bool = False
    """Divide by those, too, who were sent elsewhere."""
    without_short: bool = False
    """Do not divide by those who hung up soon."""
    without_abandoned: bool = False
    """Do not divide by those who hung up."""


def house(c: ServiceCounts) -> float | None:
    """Answered in time / (entered - short abandoned - callback requested in time)."""
    return _share(c.answered_in_time, c.entered - c.abandoned_short - c.callback_in_time)


def asterisk(c: ServiceCounts) -> float | None:
    """Answered in time / answered: whoever gave up is not seen."""
    return _share(c.answered_in_time, c.answered)


def asterisk2(c: ServiceCounts) -> float | None:
    """(Answered in time + abandoned in time) / (answered + abandoned)."""
    return _share(c.answered_in_time + c.abandoned_in_time, c.answered + c.abandoned)


def amazon_connect(c: ServiceCounts) -> float | None:
    """(Answered + abandoned + callback, each in time) / entered."""
    return _share(c.answered_in_time + c.abandoned_in_time + c.callback_in_time, c.entered)


def genesys(c: ServiceCounts, switches: GenesysSwitches) -> float | None:
    """(Answered - answered late) / (answered + abandoned, more or less by the switches)."""
    late = c.answered - c.answered_in_time
    divisor = c.answered + c.abandoned
    if switches.flow_outs:
        divisor += c.overflowed
    if switches.without_abandoned:
        divisor -= c.abandoned
    elif switches.without_short:
        divisor -= c.abandoned_short
    return _share(c.answered - late, divisor)


def _share(part: int, of: int) -> float | None:
    return part / of if of > 0 else None
