"""Accuracy, confusion matrix, precision, recall and F1 against scikit-learn."""

from __future__ import annotations

import random
import warnings

import numpy as np
import pytest
from sklearn import metrics as sklearn

from companion.metrics.classification import (
    accuracy,
    confusion_matrix,
    precision_recall_f1,
)


def labels(draw: random.Random) -> tuple[list, list, list]:
    classes = draw.choice([["a", "b"], ["a", "b", "c", "d"], [0, 1], [3, 1, 2]])
    size = draw.randint(1, 30)
    weights = [draw.random() ** 3 for _ in classes]
    true = draw.choices(classes, weights, k=size)
    return classes, true, [t if draw.random() < 0.6 else draw.choice(classes) for t in true]  # fmt: skip


def test_equal_to_scikit_learn():
    draw = random.Random(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(400):
            classes, true, predicted = labels(draw)
            # None, all in another order, or some of them: also such as never occur.
            chosen = draw.choice([None, classes, classes[:1], classes[1:]])
            average = draw.choice([None, "macro", "micro", "weighted"])
            ours = precision_recall_f1(true, predicted, chosen, average)
            theirs = sklearn.precision_recall_fscore_support(
                true, predicted, labels=chosen, average=average, zero_division=0
            )
            for mine, peer in zip((ours.precision, ours.recall, ours.f1), theirs[:3], strict=True):  # fmt: skip
                np.testing.assert_allclose(mine, peer, atol=1e-12)
            assert accuracy(true, predicted) == pytest.approx(
                sklearn.accuracy_score(true, predicted)
            )
            if chosen is None or set(chosen) & set(true):
                matrix = confusion_matrix(true, predicted, chosen)
                peer = sklearn.confusion_matrix(true, predicted, labels=chosen)
                assert matrix.counts.tolist() == peer.tolist()


def test_binary_equals_scikit_learn():
    draw = random.Random(2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(600):
            true = [draw.randint(0, 1) for _ in range(draw.randint(2, 12))]
            predicted = [draw.randint(0, 1) for _ in true]
            positive = draw.choice(sorted({*true, *predicted}))
            ours = precision_recall_f1(
                np.array(true), np.array(predicted), average="binary", positive=positive
            )
            theirs = sklearn.precision_recall_fscore_support(
                true, predicted, pos_label=positive, average="binary", zero_division=0
            )
            assert (ours.precision, ours.recall, ours.f1) == pytest.approx(theirs[:3])


def test_micro_is_accuracy_when_every_label_counts():
    draw = random.Random(3)
    for _ in range(200):
        _, true, predicted = labels(draw)
        micro = precision_recall_f1(true, predicted, average="micro")
        assert micro.precision == micro.recall == pytest.approx(micro.f1)
        assert micro.f1 == pytest.approx(accuracy(true, predicted))


def test_what_is_undefined_is_zero():
    # One class, never found and never guessed.
    scores = precision_recall_f1([0, 0], [0, 0], average="binary", positive=1)
    assert (scores.precision, scores.recall, scores.f1) == (0, 0, 0)
    both = precision_recall_f1(["a", "a"], ["b", "b"])
    assert both.precision.tolist() == both.recall.tolist() == both.f1.tolist() == [0, 0]
    one = precision_recall_f1(["a"], ["a"], average="macro")
    assert (one.precision, one.recall, one.f1) == (1, 1, 1)
    assert confusion_matrix(["a"], ["a"]).counts.tolist() == [[1]]


def test_bad_input_says_what_is_wrong():
    for measure in (accuracy, confusion_matrix, precision_recall_f1):
        with pytest.raises(ValueError, match="nothing to measure"):
            measure([], [])
        with pytest.raises(ValueError, match="as many"):
            measure([1], [1, 2])
        with pytest.raises(ValueError, match="put it into a list"):
            measure("yes", "no")
    with pytest.raises(ValueError, match="two labels, got 3"):
        precision_recall_f1([0, 1], [1, 2], average="binary")
    with pytest.raises(ValueError, match="none of the labels"):
        precision_recall_f1(["no", "yes"], ["no", "no"], average="binary")
    with pytest.raises(ValueError, match="average must be"):
        precision_recall_f1([0], [1], average="mean")
    with pytest.raises(ValueError, match="once"):
        confusion_matrix([0], [1], labels=[0, 0])
    with pytest.raises(ValueError, match="different kinds"):
        confusion_matrix([0, "a"], [0, "a"])
