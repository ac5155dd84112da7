"""Learning-rate schedules: functions from the number of the step to a factor of the learning rate."""

from __future__ import annotations

import math
from collections.abc import Callable

Schedule = Callable[[int], float]


def constant() -> Schedule:
    """Return a schedule that changes nothing."""
    return lambda step: 1.0


def warmup(steps: int, then: Schedule | None = None) -> Schedule:
    """Return a schedule that rises in a straight line, and then follows another.

    Args:
        steps: Number of steps until the full learning rate; step 0 takes 1 / ``steps`` of it.
        then: What follows, counted from its own step 0; None stays at 1.

    Returns:
        The schedule.

    Raises:
        ValueError: If ``steps`` is negative.

    Example:
        >>> [warmup(4)(step) for step in range(6)]
        [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    """
    if steps < 0:
        raise ValueError(f"steps must be at least 0, got {steps}")
    after = then or constant()
    return lambda step: (step + 1) / steps if step < steps else after(step - steps)


def cosine(steps: int, floor: float = 0.0) -> Schedule:
    """Return a schedule that falls from 1 to ``floor`` along half a cosine, and stays there.

    Args:
        steps: Number of steps of the fall.
        floor: Factor at the end.

    Returns:
        The schedule.

    Raises:
        ValueError: If ``steps`` is below 1 or ``floor`` is not between 0 and 1.

    Source: Loshchilov & Hutter (2017), equation 5.

    Example:
        >>> [round(cosine(4)(step), 3) for step in range(6)]
        [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    if not 0 <= floor <= 1:
        raise ValueError(f"floor must lie between 0 and 1, got {floor}")

    def factor(step: int) -> float:
        share = min(step, steps) / steps
        return floor + (1 - floor) * (1 + math.cos(math.pi * share)) / 2

    return factor


def noam(d_model: int, steps: int) -> Schedule:
    """Return the schedule of the Transformer: up in a straight line, then down with one over the root of the step.

    Unlike the other schedules it gives the learning rate itself: make the optimizer with a learning rate of 1, or of
    the factor by which all rates are to be changed.

    Args:
        d_model: Width of the model; wider models get smaller rates.
        steps: Number of steps until the highest rate, 1 / sqrt(``d_model`` * ``steps``).

    Returns:
        The schedule.

    Raises:
        ValueError: If ``d_model`` or ``steps`` is below 1.

    Source: Vaswani et al. (2017), equation 3, whose first step has the number 1; called after its second author, Noam
    Shazeer.

    Example:
        >>> [round(noam(4, 2)(step), 3) for step in range(5)]
        [0.177, 0.354, 0.289, 0.25, 0.224]
    """
    for name, value in (("d_model", d_model), ("steps", steps)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    return lambda step: (
        d_model**-0.5 * min((step + 1) ** -0.5, (step + 1) * steps**-1.5)
    )
