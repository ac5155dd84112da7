"""How far two people agree: Cohen's kappa, plain and weighted."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from companion.metrics.classification import confusion_matrix


def cohen_kappa(
    first: Sequence[Hashable] | np.ndarray,
    second: Sequence[Hashable] | np.ndarray,
    labels: Sequence[Hashable] | None = None,
    weights: str | None = None,
) -> float:
    """Return the agreement of two raters beyond what their label frequencies alone would give.

    Args:
        first: Labels that one rater gave.
        second: Labels that the other gave to the same examples, in the same order.
        labels: All labels in their order, lowest first; None for those that occur, sorted. The order matters only
            with weights.
        weights: None where any two different labels differ as much; "linear" or "quadratic" where a disagreement
            weighs more the farther the labels are apart, or the square of it.

    Returns:
        1 for full agreement, 0 for that of chance, below 0 for less. NaN if both raters gave one and the same label to
        everything: agreement is then certain, and there is nothing to correct it by.

    Raises:
        ValueError: If there is nothing, the numbers differ, a label is not among ``labels``, or the weights are
            unknown.

    Source: Cohen (1960), (1968) for weights; book, equation eq-kappa.

    Example:
        >>> cohen_kappa(["yes"] * 5 + ["no"] * 5, ["yes"] * 4 + ["no"] * 6).__round__(2)
        0.8
        >>> cohen_kappa([1, 2, 3, 3], [1, 2, 3, 2], weights="quadratic").__round__(2)
        0.8
    """
    matrix = confusion_matrix(first, second, labels)
    counts = matrix.counts.astype(np.float64)
    if counts.sum() != len(first):
        raise ValueError(
            f"labels must name every label that a rater gave, got {list(matrix.labels)}"
        )
    number = len(matrix.labels)
    apart = np.abs(np.subtract.outer(np.arange(number), np.arange(number)))
    if weights is None:
        cost = (apart > 0).astype(np.float64)
    elif weights in ("linear", "quadratic"):
        cost = apart.astype(np.float64) ** (1 if weights == "linear" else 2)
    else:
        raise ValueError(
            f"weights must be None, 'linear' or 'quadratic', got {weights!r}"
        )
    by_chance = np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
    expected = float((cost * by_chance).sum())
    if expected == 0:
        return float("nan")
    return 1 - float((cost * counts).sum()) / expected
