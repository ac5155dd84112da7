"""Whether probabilities can be taken at their word: reliability curve, expected calibration error, Brier score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped


@dataclass(frozen=True)
class ReliabilityCurve:
    """What a model said and what came true, in bins of confidence; bins without an example are left out.

    Attributes:
        confidence: Mean confidence in each bin, shape [bins].
        accuracy: Share of right answers in each bin, shape [bins].
        count: Examples in each bin, shape [bins].
    """

    confidence: Float[np.ndarray, " bins"]
    accuracy: Float[np.ndarray, " bins"]
    count: Int[np.ndarray, " bins"]


def _probabilities(values: object, name: str) -> Float[np.ndarray, "..."]:
    found = np.asarray(values, dtype=np.float64)
    if found.size == 0:
        raise ValueError(f"there is nothing to measure: {name} is empty")
    if not (np.isfinite(found).all() and found.min() >= 0 and found.max() <= 1):
        raise ValueError(
            f"{name} must lie between 0 and 1: give probabilities, not scores or percentages"
        )
    return found


def reliability_curve(
    confidence: Float[np.ndarray, " examples"] | Sequence[float],
    correct: Shaped[np.ndarray, " answers"] | Sequence[bool | int],
    bins: int = 10,
    binning: str = "uniform",
) -> ReliabilityCurve:
    """Sort examples into bins by confidence, and compare confidence with accuracy in each.

    Args:
        confidence: Probability that the model gave to its own answer, shape [examples].
        correct: Whether the answer is right, shape [examples]. With the probability of the positive class as
            ``confidence``, whether the example is positive.
        bins: Number of bins.
        binning: "uniform" for bins of equal width between 0 and 1, "quantile" for bins of about as many examples. A
            value on an edge belongs to the bin below.

    Returns:
        The curve, without empty bins.

    Raises:
        ValueError: If there is nothing, the numbers differ, a confidence lies outside 0 to 1, or there is no bin.

    Source: Niculescu-Mizil & Caruana (2005); Guo et al. (2017), section 2; book, equation eq-ece.

    Example:
        >>> reliability_curve(np.array([0.9, 0.8, 0.3]), np.array([True, False, False]), bins=2).accuracy
        array([0. , 0.5])
    """
    given = _probabilities(confidence, "confidence")
    right = np.asarray(correct, dtype=np.float64)
    if given.shape != right.shape:
        raise ValueError(
            f"confidence has shape {list(given.shape)} and correct {list(right.shape)}: they must be equal"
        )
    if bins < 1:
        raise ValueError(f"bins must be at least 1, got {bins}")
    if binning == "uniform":
        edges = np.linspace(0, 1, bins + 1)
    elif binning == "quantile":
        edges = np.percentile(given, np.linspace(0, 1, bins + 1) * 100)
    else:
        raise ValueError(f"binning must be 'uniform' or 'quantile', got {binning!r}")
    place = np.searchsorted(edges[1:-1], given)
    count = np.bincount(place, minlength=bins)
    full = count > 0
    mean_confidence = np.bincount(place, weights=given, minlength=bins)[full]
    share_right = np.bincount(place, weights=right, minlength=bins)[full]
    return ReliabilityCurve(
        mean_confidence / count[full], share_right / count[full], count[full]
    )


def expected_calibration_error(
    confidence: Float[np.ndarray, " examples"] | Sequence[float],
    correct: Shaped[np.ndarray, " answers"] | Sequence[bool | int],
    bins: int = 10,
    binning: str = "uniform",
) -> float:
    """Return the mean distance between confidence and accuracy over the bins, weighted by their examples.

    Args:
        confidence: Probability that the model gave to its own answer, shape [examples].
        correct: Whether the answer is right, shape [examples].
        bins: Number of bins; the result depends on it, so it belongs to the number.
        binning: "uniform" or "quantile", see `reliability_curve`.

    Returns:
        Between 0 (calibrated, as far as the bins can see) and 1.

    Raises:
        ValueError: As `reliability_curve`.

    Source: Naeini, Cooper & Hauskrecht (2015); Guo et al. (2017), equation 3; book, equation eq-ece.

    Example:
        >>> expected_calibration_error(np.array([0.75] * 4), np.array([1, 1, 1, 0]))
        0.0
    """
    curve = reliability_curve(confidence, correct, bins, binning)
    gaps = np.abs(curve.accuracy - curve.confidence)
    return float(np.average(gaps, weights=curve.count))


def brier_score(
    probabilities: Float[np.ndarray, "examples *classes"] | Sequence[float],
    outcomes: Shaped[np.ndarray, " outcomes"] | Sequence[bool | int],
) -> float:
    """Return the mean squared distance between probabilities and what came true.

    Args:
        probabilities: Of the event, shape [examples]; or of each class, shape [examples, classes].
        outcomes: Whether the event happened; or the number of the true class; shape [examples].

    Returns:
        0 for a perfect forecast; at most 1 for an event, at most 2 for classes (the squares are added over classes).

    Raises:
        ValueError: If there is nothing, the shapes do not fit, or a probability or a class is out of range.

    Source: Brier (1950).

    Example:
        >>> brier_score(np.array([0.5, 1.0]), np.array([True, True]))
        0.125
    """
    given = _probabilities(probabilities, "probabilities")
    outcome = np.asarray(outcomes)
    if given.ndim not in (1, 2) or outcome.shape != given.shape[:1]:
        raise ValueError(
            f"probabilities must have shape [examples] or [examples, classes] and outcomes [examples], "
            f"got {list(given.shape)} and {list(outcome.shape)}"
        )
    classes = 2 if given.ndim == 1 else given.shape[1]
    if outcome.min() < 0 or outcome.max() >= classes:
        raise ValueError(
            f"outcomes must be class numbers from 0 to {classes - 1}, got {outcome.min()} to {outcome.max()}"
        )
    if given.ndim == 1:
        return float(np.mean((given - outcome) ** 2))
    true = np.eye(given.shape[1])[outcome.astype(np.int64)]
    return float(np.mean(np.sum((given - true) ** 2, axis=1)))
