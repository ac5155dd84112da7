import numpy as np
import pytest
from scipy import optimize

from companion.text import heaps_fit, vocabulary_growth, zipf_fit


@pytest.mark.parametrize("exponent", [0.7, 1.0, 1.3, 2.0])
def test_zipf_recovers_the_exponent_of_a_sample(exponent: float) -> None:
    generator = np.random.default_rng(1)
    shares = np.arange(1, 1001) ** -exponent
    counts = generator.multinomial(2_000_000, shares / shares.sum())
    # Ranks with many tokens: there the sorted order is the true order.
    fit = zipf_fit(counts[counts > 0], last_rank=200)
    assert fit.exponent == pytest.approx(exponent, abs=0.01)
    assert abs(fit.exponent - exponent) < 5 * fit.standard_error + 0.005


def test_zipf_maximizes_the_likelihood() -> None:
    counts = np.array([120, 77, 40, 33, 20, 11, 11, 5, 2, 1])
    ranks = np.arange(1, 11)

    def negative_log_likelihood(s: float) -> float:
        return float(
            s * (counts * np.log(ranks)).sum()
            + counts.sum() * np.log((ranks**-s).sum())
        )

    best = optimize.minimize_scalar(
        negative_log_likelihood,
        bounds=(0, 5),
        method="bounded",
        options={"xatol": 1e-10},
    )
    fit = zipf_fit(counts)
    assert fit.exponent == pytest.approx(best.x, abs=1e-6)
    # The standard error is one over the root of the curvature.
    h = 1e-3
    curvature = (
        negative_log_likelihood(best.x + h)
        - 2 * best.fun
        + negative_log_likelihood(best.x - h)
    ) / h**2
    assert fit.standard_error == pytest.approx(curvature**-0.5, rel=1e-3)


def test_zipf_prediction_spends_all_tokens() -> None:
    fit = zipf_fit([100, 60, 30, 20, 10, 1, 1], first_rank=2, last_rank=5)
    assert (fit.first_rank, fit.last_rank, fit.tokens) == (2, 5, 120)
    assert fit.predict(range(2, 6)).sum() == pytest.approx(120)


def test_zipf_does_not_mind_the_order() -> None:
    assert zipf_fit([1, 5, 3]) == zipf_fit(np.array([5, 3, 1]))


def test_equal_counts_have_exponent_zero() -> None:
    assert zipf_fit([7] * 50).exponent == pytest.approx(0, abs=1e-9)


def test_heaps_recovers_an_exact_law() -> None:
    lengths = np.geomspace(10, 1e6, 20)
    fit = heaps_fit(lengths, 4.2 * lengths**0.63)
    assert (fit.scale, fit.exponent) == (pytest.approx(4.2), pytest.approx(0.63))
    assert fit.r_squared == pytest.approx(1)
    assert fit.predict([100]) == pytest.approx([4.2 * 100**0.63])


def test_heaps_exponent_of_a_zipf_source() -> None:
    # Tokens drawn from a Zipf law with exponent s > 1 over an open vocabulary grow with beta = 1 / s.
    generator = np.random.default_rng(2)
    seen, types = vocabulary_growth(generator.zipf(1.6, 200_000).tolist())
    assert heaps_fit(seen[seen > 1000], types[seen > 1000]).exponent == pytest.approx(
        1 / 1.6, abs=0.03
    )


def test_growth_counts_types() -> None:
    tokens = list("abracadabra")
    seen, types = vocabulary_growth(tokens, points=50)
    assert types.tolist() == [len(set(tokens[:n])) for n in seen.tolist()]
    assert seen[0] == 1
    assert seen[-1] == len(tokens)
    assert (np.diff(seen) > 0).all()


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="at least two ranks"):
        zipf_fit([])
    with pytest.raises(ValueError, match="at least two ranks, got ranks 3 to 3 of 3"):
        zipf_fit([3, 2, 1], first_rank=3)
    with pytest.raises(ValueError, match="at least 1"):
        zipf_fit([3, 2, 0])
    with pytest.raises((ValueError, TypeError)):
        zipf_fit([3.5, 2.0])
    with pytest.raises(ValueError, match="no token"):
        vocabulary_growth([])
    with pytest.raises(ValueError, match="points must be at least 2"):
        vocabulary_growth("ab", points=1)
    with pytest.raises(ValueError, match="positive"):
        heaps_fit([1, 2], [0, 1])
    with pytest.raises(ValueError, match="two different text lengths"):
        heaps_fit([5, 5], [1, 1])
    with pytest.raises((ValueError, TypeError), match=r"shape|points"):
        heaps_fit([1, 2, 3], [1, 2])
