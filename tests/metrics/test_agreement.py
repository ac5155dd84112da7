"""Cohen's kappa against scikit-learn."""

from __future__ import annotations

import math
import random
import warnings

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from companion.metrics.agreement import cohen_kappa


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_equal_to_scikit_learn(weights):
    draw = random.Random(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(500):
            labels = draw.choice([[0, 1], [1, 2, 3, 4], ["high", "low", "middle"]])
            size = draw.randint(1, 25)
            first = draw.choices(labels, k=size)
            second = [x if draw.random() < 0.5 else draw.choice(labels) for x in first]
            order = draw.choice([None, labels[::-1], labels[1:] + labels[:1]])
            ours = cohen_kappa(first, second, order, weights)
            theirs = cohen_kappa_score(first, second, labels=order, weights=weights)
            if math.isnan(ours):
                assert len({*first, *second}) == 1
            else:
                assert ours == pytest.approx(theirs)


def test_limits():
    assert cohen_kappa([0, 1, 1], [0, 1, 1]) == 1
    assert cohen_kappa([0, 0, 1, 1], [0, 1, 0, 1]) == 0
    assert cohen_kappa([0, 1], [1, 0]) == -1


def test_one_label_everywhere_is_undefined():
    assert math.isnan(cohen_kappa(["a", "a"], ["a", "a"]))
    assert math.isnan(cohen_kappa(["a"], ["a"], labels=["a", "b"]))
    # One rater with one label agrees as often as chance would.
    assert cohen_kappa(["a", "a", "a"], ["a", "b", "a"]) == 0


def test_weights_forgive_what_is_near():
    first, near, far = [1, 2, 3, 3], [1, 2, 3, 2], [1, 2, 3, 1]
    for weights in ("linear", "quadratic"):
        assert cohen_kappa(first, near, weights=weights) > cohen_kappa(
            first, far, weights=weights
        )
    assert cohen_kappa(np.array(first), np.array(near)) == cohen_kappa(first, near)


def test_bad_input_says_what_is_wrong():
    with pytest.raises(ValueError, match="nothing to measure"):
        cohen_kappa([], [])
    with pytest.raises(ValueError, match="as many"):
        cohen_kappa([1], [1, 2])
    with pytest.raises(ValueError, match="every label"):
        cohen_kappa([1, 2], [1, 1], labels=[1])
    with pytest.raises(ValueError, match="weights"):
        cohen_kappa([1, 2], [1, 1], weights="cubic")
