"""Reliability curve and Brier score against scikit-learn, calibration error against a loop over bins."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from companion.metrics.calibration import (
    brier_score,
    expected_calibration_error,
    reliability_curve,
)


def cases(number: int, seed: int):
    draw = np.random.default_rng(seed)
    for _ in range(number):
        size = int(draw.integers(1, 60))
        # Rounded, so that values fall on the edges of bins as well.
        confidence = draw.beta(2, 1, size).round(int(draw.integers(1, 4)))
        yield confidence, draw.random(size) < confidence**1.5, int(draw.integers(1, 16))


@pytest.mark.parametrize("binning", ["uniform", "quantile"])
def test_curve_equals_scikit_learn(binning):
    for confidence, correct, bins in cases(1500, seed=1):
        ours = reliability_curve(confidence, correct, bins, binning)
        if correct.all() or not correct.any():
            continue  # scikit-learn wants both labels
        share, mean = calibration_curve(
            correct, confidence, n_bins=bins, strategy=binning
        )
        np.testing.assert_allclose(ours.accuracy, share, atol=1e-12)
        np.testing.assert_allclose(ours.confidence, mean, atol=1e-12)
        assert ours.count.sum() == len(confidence)


def test_error_equals_a_loop_over_bins():
    for confidence, correct, bins in cases(1500, seed=2):
        expected = 0.0
        for b in range(bins):
            low, high = np.linspace(0, 1, bins + 1)[b : b + 2]
            inside = [low < c <= high or (b == 0 and c == 0) for c in confidence]
            if any(inside):
                gap = correct[inside].mean() - confidence[inside].mean()
                expected += abs(gap) * sum(inside) / len(confidence)
        found = expected_calibration_error(confidence, correct, bins)
        assert found == pytest.approx(expected, abs=1e-12)


def test_brier_equals_scikit_learn():
    draw = np.random.default_rng(3)
    for _ in range(500):
        size, classes = int(draw.integers(2, 20)), int(draw.integers(3, 5))
        event = draw.random(size)
        happened = draw.integers(0, 2, size)
        theirs = brier_score_loss(happened, event, pos_label=1)
        assert brier_score(event, happened) == pytest.approx(theirs)
        rows = draw.dirichlet(np.ones(classes), size)
        labels = draw.integers(0, classes, size)
        by_hand = sum(
            (row[c] - (c == label)) ** 2
            for row, label in zip(rows, labels, strict=True)
            for c in range(classes)
        )
        assert brier_score(rows, labels) == pytest.approx(by_hand / size)


def test_a_calibrated_forecast_has_no_error_and_a_sure_wrong_one_has_all():
    draw = np.random.default_rng(4)
    confidence = draw.random(200_000)
    correct = draw.random(confidence.size) < confidence
    assert expected_calibration_error(confidence, correct) < 0.01
    assert expected_calibration_error(np.ones(5), np.zeros(5, dtype=bool)) == 1


def test_one_bin_sees_only_the_averages():
    confidence = np.array([1.0, 0.0])
    correct = np.array([False, True])
    assert expected_calibration_error(confidence, correct, bins=1) == 0
    assert expected_calibration_error(confidence, correct, bins=2) == 1


def test_bad_input_says_what_is_wrong():
    one, yes = np.array([0.5]), np.array([True])
    nothing = np.zeros(0)
    with pytest.raises(ValueError, match="nothing to measure"):
        reliability_curve(nothing, np.zeros(0, dtype=bool))
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliability_curve(np.array([70.0]), yes)
    with pytest.raises(ValueError, match="must be equal"):
        reliability_curve(np.array([0.5, 0.5]), yes)
    with pytest.raises(ValueError, match="bins must be at least 1"):
        reliability_curve(one, yes, bins=0)
    with pytest.raises(ValueError, match="class numbers"):
        brier_score(np.array([[0.5, 0.5]]), np.array([2]))
