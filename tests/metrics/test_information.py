"""Entropy and its relatives against SciPy, and the units against each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy

from companion.metrics.information import (
    bits_per_byte,
    bits_per_character,
    cross_entropy,
    entropy,
    kl_divergence,
    nats_to_bits,
    perplexity_from_nats,
)

distributions = st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(
    lambda x: sum(x) > 0.1
)
positive = st.lists(st.floats(0.01, 1), min_size=4, max_size=4)


def normal(values: list[float]) -> np.ndarray:
    return np.array(values) / np.sum(values)


@given(distributions, positive)
def test_equal_to_scipy(p: list[float], q: list[float]) -> None:
    a, b = normal(p), normal(q)
    assert entropy(a) == pytest.approx(float(scipy_entropy(a)), abs=1e-12)
    assert entropy(a, base=2) == pytest.approx(
        float(scipy_entropy(a, base=2)), abs=1e-12
    )
    assert kl_divergence(a, b) == pytest.approx(float(scipy_entropy(a, b)), abs=1e-9)


@given(distributions, positive)
def test_cross_entropy_is_entropy_plus_divergence_and_never_below_entropy(p, q) -> None:
    a, b = normal(p), normal(q)
    assert cross_entropy(a, b) == pytest.approx(
        entropy(a) + kl_divergence(a, b), abs=1e-9
    )
    assert cross_entropy(a, b) >= entropy(a) - 1e-12


def test_what_is_excluded_and_happens_costs_infinitely_much() -> None:
    p, q = np.array([0.5, 0.5]), np.array([1.0, 0.0])
    assert cross_entropy(p, q) == np.inf
    assert kl_divergence(p, q) == np.inf
    assert kl_divergence(q, p) == pytest.approx(np.log(2))


def test_certainty_has_entropy_zero_not_minus_zero() -> None:
    assert str(entropy(np.array([1.0, 0.0]))) == "0.0"


def test_the_four_units_agree() -> None:
    nats = np.full(10, np.log(8))
    assert nats_to_bits(nats.mean()) == pytest.approx(3)
    assert perplexity_from_nats(nats.mean()) == pytest.approx(8)
    assert bits_per_character(nats.sum(), characters=15) == pytest.approx(2)
    assert bits_per_byte(nats.sum(), "é" * 5) == pytest.approx(3)


@pytest.mark.parametrize(
    ("p", "message"),
    [
        ([0.5, 0.4], "sums to 0.9"),
        ([1.5, -0.5], "negative"),
        ([np.nan, 1.0], "non-finite"),
        ([], "shape"),
    ],
)
def test_what_is_no_distribution_is_refused(p: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        entropy(np.array(p))


def test_different_vocabularies_are_refused() -> None:
    with pytest.raises(Exception, match=r"same vocabulary|vocab"):
        cross_entropy(np.array([1.0]), np.array([0.5, 0.5]))


def test_an_empty_text_has_no_bits_per_character() -> None:
    with pytest.raises(ValueError, match="at least one character"):
        bits_per_character(1.0, 0)
    with pytest.raises(ValueError, match="at least one character"):
        bits_per_byte(1.0, "")
