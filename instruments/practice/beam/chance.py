"""Counts as they fall."""

import math
import random

MANY = 40.0  # from here on the normal distribution stands for Poisson's


def poisson(mean: float, chance: random.Random) -> int:
    """A number of photons where `mean` are expected (below 40: Knuth, TAOCP volume 2, 3.4.1)."""
    if mean <= 0:
        return 0
    if mean > MANY:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, count, left = math.exp(-mean), 0, chance.random()
    while left > limit:
        count += 1
        left *= chance.random()
    return count


def distribution(mean: float) -> list[float]:
    """Poisson's probabilities of 0, 1, 2 ... until nothing is left worth the name."""
    most = math.ceil(mean + 8 * math.sqrt(mean) + 8)
    return [math.exp(-mean + count * math.log(mean) - math.lgamma(count + 1)) for count in range(most)]
