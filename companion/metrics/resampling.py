"""How sure is a number from a test set: bootstrap intervals, and the paired comparison of two systems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped

Statistic = Callable[[np.ndarray], float]
# Drawn examples that are held at once.
_BLOCK = 2**20


@dataclass(frozen=True)
class Interval:
    """A value and the interval around it.

    Attributes:
        low: Lower end.
        value: The statistic of the examples themselves.
        high: Upper end.
    """

    low: float
    value: float
    high: float


@dataclass(frozen=True)
class PairedBootstrap:
    """The difference between two systems on the same examples.

    Attributes:
        difference: Statistic of the first system minus that of the second.
        low: Lower end of the interval of the difference.
        high: Upper end.
        p_value: How often a difference at least as large, in either direction, comes about by the choice of examples if
            the two systems are equally good.
    """

    difference: float
    low: float
    high: float
    p_value: float


def mean(values: np.ndarray) -> float:
    """Return the mean of the examples, the statistic that is resampled if none is given.

    Args:
        values: One number for each example, shape [examples].

    Returns:
        The mean.

    Example:
        >>> mean(np.array([0.0, 1.0]))
        0.5
    """
    return float(np.mean(values))


def _check(values: object, samples: int, level: float) -> np.ndarray:
    found = np.asarray(values)
    if found.ndim == 0 or len(found) == 0:
        raise ValueError(
            "there is nothing to resample: give one value or row for each example"
        )
    if samples < 1:
        raise ValueError(f"samples must be at least 1, got {samples}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, such as 0.95, got {level}")
    return found


def _resampled(
    systems: list[np.ndarray],
    statistic: Statistic,
    samples: int,
    generator: np.random.Generator,
) -> Float[np.ndarray, "systems samples"]:
    """Compute the statistic of each system on the same resampled examples."""
    size = len(systems[0])
    results = np.empty((len(systems), samples))
    rows = max(_BLOCK // size, 1)
    for start in range(0, samples, rows):
        stop = min(start + rows, samples)
        drawn = generator.integers(0, size, (stop - start, size))
        for s, values in enumerate(systems):
            if statistic is mean and values.ndim == 1:
                results[s, start:stop] = values[drawn].mean(1)
            else:
                results[s, start:stop] = [statistic(values[d]) for d in drawn]
    return results


def _ends(values: np.ndarray, level: float) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def bootstrap_interval(
    values: Shaped[np.ndarray, "examples *rest"] | Sequence[float],
    statistic: Statistic = mean,
    samples: int = 2000,
    level: float = 0.95,
    *,
    generator: np.random.Generator,
) -> Interval:
    """Return a statistic with its percentile bootstrap interval.

    Examples are drawn with replacement, as many as there are, and the statistic is computed anew: what another test set
    of this size could have shown.

    Args:
        values: A number for each example, or a row of counts (such as `bleu_statistics`), shape [examples, ...].
        statistic: Computes the figure from the rows of a sample; the mean if not given.
        samples: How often examples are drawn.
        level: Share of the resampled values that lie in the interval.
        generator: Draws the examples.

    Returns:
        The interval and the value. With one example, or equal ones, it has no width: it then says nothing.

    Raises:
        ValueError: If there is no example, ``samples`` is below 1, or ``level`` is not between 0 and 1.

    Source: Efron (1979); Efron & Tibshirani (1993), chapter 13; book, equation eq-bootstrap.

    Example:
        >>> right = np.array([1.0] * 80 + [0.0] * 20)
        >>> found = bootstrap_interval(right, generator=np.random.default_rng(0))
        >>> found.low < 0.75 < found.value == 0.8 < 0.85 < found.high
        True
    """
    rows = _check(values, samples, level)
    resampled = _resampled([rows], statistic, samples, generator)[0]
    low, high = _ends(resampled, level)
    return Interval(low, float(statistic(rows)), high)


def paired_bootstrap(
    a: Shaped[np.ndarray, "examples *rest"] | Sequence[float],
    b: Shaped[np.ndarray, "others *rest_of_others"] | Sequence[float],
    statistic: Statistic = mean,
    samples: int = 2000,
    level: float = 0.95,
    *,
    generator: np.random.Generator,
) -> PairedBootstrap:
    """Compare two systems on the same examples: both are resampled with the same draws.

    Args:
        a: A number or a row of counts of the first system for each example, shape [examples, ...].
        b: The same of the second system, for the same examples in the same order.
        statistic: Computes the figure of a system from the rows of a sample; the mean if not given.
        samples: How often examples are drawn.
        level: Share of the resampled differences that lie in the interval.
        generator: Draws the examples.

    Returns:
        The difference, its percentile interval, and a two-sided p-value: the resampled differences are moved so that
        their center is 0, and those that are as far from it as the observed difference are counted, with one added
        above and below so that it is never 0. Equal systems have the p-value 1.

    Raises:
        ValueError: If there is no example, the shapes differ, ``samples`` is below 1, or ``level`` is not between 0 and
            1.

    Source: Koehn (2004), section 4; Efron & Tibshirani (1993), chapter 16; book, equation eq-paired.

    Example:
        >>> a, b = np.array([1.0] * 60 + [0.0] * 40), np.array([1.0] * 50 + [0.0] * 50)
        >>> found = paired_bootstrap(a, b, generator=np.random.default_rng(0))
        >>> round(found.difference, 3), found.p_value < 0.05
        (0.1, True)
    """
    first, second = _check(a, samples, level), _check(b, samples, level)
    if first.shape != second.shape:
        raise ValueError(
            f"a has shape {list(first.shape)} and b {list(second.shape)}: both must be for the same examples"
        )
    difference = float(statistic(first)) - float(statistic(second))
    of_a, of_b = _resampled([first, second], statistic, samples, generator)
    resampled = of_a - of_b
    low, high = _ends(resampled, level)
    # A tolerance, so that rounding does not make equal differences unequal.
    slack = 1e-12 * max(1.0, abs(difference))
    beyond = np.abs(resampled - resampled.mean()) >= abs(difference) - slack
    return PairedBootstrap(
        difference, low, high, float((beyond.sum() + 1) / (samples + 1))
    )
