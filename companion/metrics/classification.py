"""How good is a classifier: accuracy, confusion matrix, precision, recall and F1."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True)
class ConfusionMatrix:
    """Which label was taken for which.

    Attributes:
        labels: The labels, in the order of rows and columns.
        counts: Examples of the true label of the row that were given the label of the column, shape [labels, labels].
    """

    labels: tuple[Hashable, ...]
    counts: Int[np.ndarray, "labels labels"]


@dataclass(frozen=True)
class Scores:
    """Precision, recall and their harmonic mean, each between 0 and 1.

    Attributes:
        precision: Of what was predicted, the share that is right; an array with one entry for each label if no
            average was asked for.
        recall: Of what is there, the share that was found.
        f1: Harmonic mean of both.
    """

    precision: float | Float[np.ndarray, " labels"]
    recall: float | Float[np.ndarray, " labels"]
    f1: float | Float[np.ndarray, " labels"]


def _values(labels: Sequence[Hashable] | np.ndarray) -> list[Hashable]:
    return labels.tolist() if isinstance(labels, np.ndarray) else list(labels)


def _check(
    true: Sequence[Hashable] | np.ndarray, predicted: Sequence[Hashable] | np.ndarray
) -> tuple[list[Hashable], list[Hashable]]:
    if isinstance(true, str) or isinstance(predicted, str):
        raise ValueError(
            "true and predicted must be lists of labels, got one text: put it into a list"
        )
    if len(true) != len(predicted):
        raise ValueError(
            f"{len(true)} true labels and {len(predicted)} predicted ones: there must be as many"
        )
    if len(true) == 0:
        raise ValueError("there is nothing to measure: no label was given")
    return _values(true), _values(predicted)


def _sorted(labels: set[Hashable]) -> list[Hashable]:
    try:
        return sorted(labels)  # type: ignore[type-var]
    except TypeError:
        raise ValueError(
            "labels of different kinds (such as 1 and 'one') have no order: make all of them text or all numbers"
        ) from None


def accuracy(
    true: Sequence[Hashable] | np.ndarray, predicted: Sequence[Hashable] | np.ndarray
) -> float:
    """Return the share of examples that got their true label.

    Args:
        true: The true labels.
        predicted: The labels that a model gave, in the same order.

    Returns:
        A number between 0 and 1.

    Raises:
        ValueError: If there is nothing, or the numbers differ.

    Example:
        >>> accuracy(["yes", "no", "no"], ["yes", "yes", "no"]).__round__(3)
        0.667
    """
    true, predicted = _check(true, predicted)
    return sum(t == p for t, p in zip(true, predicted, strict=True)) / len(true)


def confusion_matrix(
    true: Sequence[Hashable] | np.ndarray,
    predicted: Sequence[Hashable] | np.ndarray,
    labels: Sequence[Hashable] | None = None,
) -> ConfusionMatrix:
    """Count which true label was predicted as which.

    Args:
        true: The true labels.
        predicted: The labels that a model gave, in the same order.
        labels: Rows and columns, in this order; None for all labels that occur on either side, sorted.

    Returns:
        The labels and the counts. Examples with a label that ``labels`` leaves out are not counted.

    Raises:
        ValueError: If there is nothing, the numbers differ, or a label stands twice in ``labels``.

    Example:
        >>> confusion_matrix(["a", "a", "b"], ["a", "b", "b"]).counts
        array([[1, 1],
               [0, 1]])
    """
    true, predicted = _check(true, predicted)
    rows = _sorted({*true, *predicted}) if labels is None else _values(labels)
    index = {label: i for i, label in enumerate(rows)}
    if not rows or len(index) != len(rows):
        raise ValueError(f"labels must name each label once, got {rows}")
    pairs = [
        index[t] * len(rows) + index[p]
        for t, p in zip(true, predicted, strict=True)
        if t in index and p in index
    ]
    counts = np.bincount(np.array(pairs, dtype=np.int64), minlength=len(rows) ** 2)
    return ConfusionMatrix(tuple(rows), counts.reshape(len(rows), len(rows)))


def _ratio(part: np.ndarray, whole: np.ndarray) -> Float[np.ndarray, "..."]:
    """Divide; what is divided by nothing is 0."""
    ratio: np.ndarray = np.divide(
        part, whole, out=np.zeros(np.shape(whole)), where=whole != 0
    )
    return ratio


def _scores(
    hits: np.ndarray, predicted: np.ndarray, true: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # 2PR / (P + R), with both written as counts: defined whenever one of them is.
    f1 = _ratio(2 * hits, predicted + true)
    return _ratio(hits, predicted), _ratio(hits, true), f1


def precision_recall_f1(
    true: Sequence[Hashable] | np.ndarray,
    predicted: Sequence[Hashable] | np.ndarray,
    labels: Sequence[Hashable] | None = None,
    average: str | None = None,
    positive: Hashable = 1,
) -> Scores:
    """Return precision, recall and F1: for each label, for one of two labels, or averaged.

    Args:
        true: The true labels.
        predicted: The labels that a model gave, in the same order.
        labels: The labels that are scored, in this order; None for all that occur on either side, sorted.
        average: None for one value a label. "macro": the mean over labels, each with the same weight. "micro": from
            counts added over labels; with all labels it equals accuracy. "weighted": the mean over labels, weighted by
            how often each is true. "binary": the value of the label ``positive``, for two labels.
        positive: The label that "binary" scores.

    Returns:
        The three scores. Precision is 0 for a label that is never predicted, recall is 0 for one that is never true,
        F1 is 0 where there is no hit, as in scikit-learn (with ``zero_division=0``).

    Raises:
        ValueError: If there is nothing, the numbers differ, the average is unknown, or "binary" is asked for with more
            than two labels or with a positive label that is neither of the two.

    Source: van Rijsbergen (1979), chapter 7; book, equations eq-precision-recall and eq-f1.

    Example:
        >>> precision_recall_f1([1, 1, 0, 0], [1, 0, 1, 0], average="binary").f1
        0.5
        >>> precision_recall_f1(["a", "a", "a", "b"], ["a"] * 4, average="macro").f1.__round__(3)
        0.429
    """
    true, predicted = _check(true, predicted)
    present = {*true, *predicted}
    chosen = _sorted(present) if labels is None else _values(labels)
    if average == "binary":
        if len(present) > 2:
            raise ValueError(
                f"average='binary' needs two labels, got {len(present)}: "
                "choose 'macro', 'micro', 'weighted' or None"
            )
        if positive not in present and len(present) == 2:
            raise ValueError(
                f"positive={positive!r} is none of the labels {_sorted(present)}"
            )
        chosen = [positive]
    elif average not in (None, "macro", "micro", "weighted"):
        raise ValueError(
            f"average must be None, 'binary', 'macro', 'micro' or 'weighted', got {average!r}"
        )
    index = {label: i for i, label in enumerate(chosen)}
    if not chosen or len(index) != len(chosen):
        raise ValueError(f"labels must name each label once, got {chosen}")
    hits, given, there = np.zeros((3, len(chosen)), dtype=np.int64)
    for t, p in zip(true, predicted, strict=True):
        if t in index:
            there[index[t]] += 1
            hits[index[t]] += t == p
        if p in index:
            given[index[p]] += 1
    if average == "micro":
        hits, given, there = (
            counts.sum(keepdims=True) for counts in (hits, given, there)
        )
    precision, recall, f1 = _scores(hits, given, there)
    if average is None:
        return Scores(precision, recall, f1)
    weights = np.ones(len(f1))
    if average == "weighted" and there.sum() > 0:
        weights = there.astype(np.float64)
    means = (float(np.average(v, weights=weights)) for v in (precision, recall, f1))
    return Scores(*means)
