"""One number that makes a classifier as sure as it has reason to be."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

_LEAST, _MOST = 1e-3, 1e3


def scaled(
    log_p: Float[np.ndarray, "n classes"], temperature: float
) -> Float[np.ndarray, "n classes"]:
    """Divide log-probabilities by a temperature, and make them sum to one again.

    Args:
        log_p: Log-probabilities, or any scores before a softmax, shape [n, classes].
        temperature: Above 1 moves all towards equal probabilities, below 1 towards the most probable class. The order
            of the classes stays.

    Returns:
        Probabilities, shape [n, classes].

    Raises:
        ValueError: If the temperature is not above 0.

    Example:
        >>> scaled(np.log([[0.8, 0.2]]), 2.0).round(3).tolist()
        [[0.667, 0.333]]
    """
    if not temperature > 0:
        raise ValueError(f"the temperature must be above 0, got {temperature}")
    z = log_p / temperature
    shares = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def fit_temperature(
    log_p: Float[np.ndarray, "n classes"], y: Int[np.ndarray, " n"]
) -> float:
    """Find the temperature under which the true classes are most probable.

    The mean negative log-probability is convex in 1 / temperature. Its slope there is the mean score that the model
    expects minus the mean score of the true classes; the place where both are equal is found by halving an interval.

    Args:
        log_p: Log-probabilities of texts that the classifier was not trained on, shape [n, classes].
        y: Number of each text's true class, shape [n].

    Returns:
        The temperature, between 0.001 and 1,000: the first if the classifier is right every time, the last if it is
        worse than chance.

    Raises:
        ValueError: If there is no text, or a class has no number in the table.

    Source: Guo et al. (2017), section 4.2.

    Example:
        >>> log_p = np.log(np.array([[0.9, 0.1]] * 4))
        >>> fit_temperature(log_p, np.array([0, 0, 0, 1])).__round__(2)  # 0.9 is said, 0.75 comes true
        2.0
    """
    if len(log_p) == 0 or log_p.shape[0] != len(y):
        raise ValueError(
            f"one class for each text is needed, and a text: got {len(log_p)} rows and {len(y)} classes"
        )
    if y.min() < 0 or y.max() >= log_p.shape[1]:
        raise ValueError(
            f"classes must be numbers from 0 to {log_p.shape[1] - 1}, got {y.min()} to {y.max()}"
        )
    of_the_true = log_p[np.arange(len(y)), y].mean()
    low, high = _LEAST, _MOST
    for _ in range(60):
        middle = np.sqrt(low * high)
        expected = (scaled(log_p, middle) * log_p).sum(axis=1).mean()
        # A lower temperature makes the expected score rise.
        if expected > of_the_true:
            low = middle
        else:
            high = middle
    return float(np.sqrt(low * high))
