"""Scaling laws: a known law is found again, and the optimum is one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.metrics.scaling import (
    CHINCHILLA,
    CHINCHILLA_REFITTED,
    PowerLaw,
    fit_power_law,
)

SIZES = np.geomspace(1e4, 1e6, 5)


@given(st.floats(0.5, 3), st.floats(1, 50), st.floats(0.1, 0.8))
def test_a_known_law_is_found_again(
    floor: float, scale: float, exponent: float
) -> None:
    law = PowerLaw(floor, scale, exponent)
    fitted = fit_power_law(SIZES, law.loss(SIZES))
    assert fitted.exponent == pytest.approx(exponent, abs=0.01)
    assert fitted.loss(4e6) == pytest.approx(law.loss(4e6), abs=0.05)


def test_noise_moves_the_fit_a_little() -> None:
    law = PowerLaw(1.5, 20.0, 0.3)
    noise = np.random.default_rng(0).normal(0, 0.002, 5)
    fitted = fit_power_law(SIZES, law.loss(SIZES) + noise)
    assert fitted.loss(4e6) == pytest.approx(law.loss(4e6), abs=0.03)


def test_the_floor_is_not_below_zero() -> None:
    straight = 5 - 0.3 * np.log10(SIZES)
    assert fit_power_law(SIZES, straight).floor >= 0


@pytest.mark.parametrize(
    ("sizes", "message"), [([1.0, 2.0, 2.0], "3 different"), ([0.0, 1, 2], "above 0")]
)
def test_bad_sizes_are_refused(sizes: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_power_law(np.array(sizes), np.ones(3))


@pytest.mark.parametrize("law", [CHINCHILLA, CHINCHILLA_REFITTED])
@pytest.mark.parametrize("flops", [1e18, 1e21, 5.76e23])
def test_the_optimum_is_the_best_of_its_budget(law: object, flops: float) -> None:
    parameters, tokens = law.optimum(flops)  # type: ignore[attr-defined]
    assert 6 * parameters * tokens == pytest.approx(flops)
    best = law.loss(parameters, tokens)  # type: ignore[attr-defined]
    for factor in (0.8, 1.25):
        other = law.loss(parameters * factor, tokens / factor)  # type: ignore[attr-defined]
        assert other > best


def test_the_two_fits_disagree_on_tokens_for_a_parameter() -> None:
    ratios = []
    for law in (CHINCHILLA, CHINCHILLA_REFITTED):
        parameters, tokens = law.optimum(5.76e23)  # Chinchilla's own budget
        ratios.append(tokens / parameters)
    assert ratios[0] > 2.5 * ratios[1]
    assert 15 < ratios[1] < 25
