"""Temperature scaling: the best temperature is found, and no answer changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from companion.models.temperature_scaling import fit_temperature, scaled


def scores(seed: int, n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    log_p = rng.normal(size=(n, 3)) * 5
    y = np.where(rng.random(n) < 0.6, log_p.argmax(axis=1), rng.integers(0, 3, n))
    return log_p, y


@given(st.integers(0, 9999))
@settings(deadline=None, max_examples=40)
def test_it_is_the_minimum_that_scipy_finds(seed: int) -> None:
    log_p, y = scores(seed)

    def loss(log_t: float) -> float:
        p = scaled(log_p, float(np.exp(log_t)))
        return -float(np.log(p[np.arange(len(y)), y]).mean())

    best = minimize_scalar(loss, bounds=(np.log(1e-3), np.log(1e3)), method="bounded")
    assert loss(np.log(fit_temperature(log_p, y))) <= best.fun + 1e-6


def test_scaling_changes_no_answer_and_sums_to_one() -> None:
    log_p, _ = scores(1)
    for temperature in (0.1, 1.0, 7.0):
        p = scaled(log_p, temperature)
        np.testing.assert_allclose(p.sum(axis=1), 1)
        assert (p.argmax(axis=1) == log_p.argmax(axis=1)).all()
    assert scaled(log_p, 7.0).max() < scaled(log_p, 1.0).max()


def test_the_ends() -> None:
    log_p, _ = scores(2)
    assert fit_temperature(log_p, log_p.argmax(axis=1)) == pytest.approx(1e-3)
    assert fit_temperature(log_p, log_p.argmin(axis=1)) == pytest.approx(1e3)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_is_above_zero(temperature: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        scaled(np.zeros((1, 2)), temperature)


def test_classes_must_be_in_the_table() -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        fit_temperature(np.zeros((1, 2)), np.array([2]))
    with pytest.raises(ValueError, match="one class for each"):
        fit_temperature(np.zeros((0, 2)), np.array([], dtype=int))
