"""How sure a figure is that was measured in several runs: confidence intervals by Student's t."""

import math
from collections.abc import Sequence

import msgspec

CONFIDENCE = 0.95


class Estimate(msgspec.Struct, frozen=True):
    """A mean over runs, and how far it may be off either way; NaN where one run says nothing of that."""

    mean: float
    half_width: float
    runs: int

    @property
    def is_known(self) -> bool:
        """Whether there was anything to take the mean of."""
        return not math.isnan(self.mean)

    def differs(self, among: int = 1) -> bool:
        """Of a difference at the usual confidence: whether it is none of chance. Of many that are looked at some would
        seem so by chance; with `among` the confidence is that of so many together (Bonferroni)."""
        if math.isnan(self.half_width):
            return False
        wider = student_t(1 - (1 - CONFIDENCE) / among, self.runs - 1) / student_t(CONFIDENCE, self.runs - 1)
        return abs(self.mean) > self.half_width * wider


def estimate(values: Sequence[float], confidence: float = CONFIDENCE) -> Estimate:
    """Of independent runs (or batches) with about normal means; those in which the figure does not exist (NaN) are left
    out."""
    known = [value for value in values if not math.isnan(value)]
    count = len(known)
    if not count:
        return Estimate(math.nan, math.nan, 0)
    mean = math.fsum(known) / count
    if count == 1:
        return Estimate(mean, math.nan, 1)
    variance = math.fsum((value - mean) ** 2 for value in known) / (count - 1)
    return Estimate(mean, student_t(confidence, count - 1) * math.sqrt(variance / count), count)


def student_t(confidence: float, freedom: int) -> float:
    """What Student's t with so many degrees of freedom stays within, either way, with this probability."""
    low, high = 0.0, 1.0
    while _within(high, freedom) < confidence:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        if _within(middle, freedom) < confidence:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _within(t: float, freedom: int) -> float:
    """P(|T| <= t), by the finite series of Abramowitz & Stegun 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term, total = (cosine if odd else 1.0), 0.0
    for k in range(1 + odd, freedom, 2):
        total += term
        term *= cosine**2 * k / (k + 1)
    if not odd:
        return sine * total
    return 2 / math.pi * (angle + sine * total)
