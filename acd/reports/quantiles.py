"""Median and P90 of waits that are all known."""

from collections.abc import Sequence


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Of values in order, the one below which `share` of them lie; between two of them, in proportion.

    None without values. (Hyndman and Fan's type 7, as spreadsheets have it.)
    """
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
