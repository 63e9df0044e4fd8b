"""How long people wait, talk and write: the distributions that a scenario may name. Everything is in seconds."""

import math
from random import Random
from typing import Annotated

import msgspec
from msgspec import Meta

Length = Annotated[float, Meta(title="seconds", ge=0, le=86_400)]
Mean = Annotated[float, Meta(title="seconds", gt=0, le=86_400)]
Spread = Annotated[float, Meta(title="standard deviation / mean", gt=0, le=10)]
Weight = Annotated[float, Meta(title="how often, as a number", gt=0, le=1_000_000)]


class _Distribution(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is"):
    pass


class Fixed(_Distribution, frozen=True, tag="fixed"):
    """Always the same."""

    seconds: Length


class Exponential(_Distribution, frozen=True, tag="exponential"):
    """Without memory: what Erlang's formulas assume."""

    mean: Mean


class Lognormal(_Distribution, frozen=True, tag="lognormal"):
    """As talks really are: most of them short, a few very long."""

    mean: Mean
    cv: Spread = 1.0


class Empirical(_Distribution, frozen=True, tag="empirical"):
    """As it was measured: how often each length was seen."""

    seen: Annotated[dict[Length, Weight], Meta(title="seconds with how often they were seen", min_length=1)]


class Never(_Distribution, frozen=True, tag="never"):
    """It never ends: a caller who never gives up."""


Distribution = Annotated[Fixed | Exponential | Lognormal | Empirical, Meta(title="distribution")]
Patience = Annotated[Fixed | Exponential | Lognormal | Empirical | Never, Meta(title="distribution")]
AnyDistribution = Fixed | Exponential | Lognormal | Empirical | Never


def drawn(of: AnyDistribution, random: Random) -> float:
    """One length; infinite if it never ends."""
    match of:
        case Fixed(seconds):
            return seconds
        case Exponential(mean):
            return random.expovariate(1 / mean)
        case Lognormal(mean, cv):
            variance = math.log1p(cv * cv)
            return random.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))
        case Empirical(seen):
            return random.choices(list(seen), list(seen.values()))[0]
        case Never():
            return math.inf
