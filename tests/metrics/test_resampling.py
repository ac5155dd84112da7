"""Bootstrap: against the draws written out, against SciPy, and against what the intervals promise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from companion.metrics.bleu import bleu_from_statistics, bleu_statistics
from companion.metrics.resampling import (
    bootstrap_interval,
    mean,
    paired_bootstrap,
)


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_equal_to_the_draws_written_out():
    values = generator(1).normal(size=40)
    drawn = generator(2).integers(0, 40, (300, 40))
    means = sorted(sum(values[i] for i in row) / 40 for row in drawn)
    found = bootstrap_interval(values, samples=300, level=0.9, generator=generator(2))
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(np.percentile(means, 5))
    assert found.high == pytest.approx(np.percentile(means, 95))


def test_equal_to_scipy_up_to_the_draws():
    for seed in range(5):
        values = generator(seed).exponential(size=60)
        for ours, theirs in ((mean, np.mean), (lambda v: float(np.median(v)), np.median)):  # fmt: skip
            mine = bootstrap_interval(values, ours, samples=4000, generator=generator(9))  # fmt: skip
            peer = stats.bootstrap(
                (values,),
                theirs,
                n_resamples=4000,
                method="percentile",
                rng=generator(8),
            ).confidence_interval
            width = peer.high - peer.low
            assert mine.low == pytest.approx(peer.low, abs=0.1 * width)
            assert mine.high == pytest.approx(peer.high, abs=0.1 * width)


def test_the_interval_holds_the_truth_as_often_as_promised():
    draw = generator(3)
    hits = 0
    for _ in range(500):
        found = bootstrap_interval(
            draw.normal(size=50), samples=400, level=0.9, generator=draw
        )
        hits += found.low <= 0 <= found.high
    # 450 are expected, with a standard deviation of 7; the percentile interval is a little narrow.
    assert 415 <= hits <= 475


def test_two_equal_systems_differ_significantly_as_often_as_promised():
    draw = generator(4)
    values = []
    for _ in range(500):
        a, b = draw.normal(size=(2, 60))
        values.append(paired_bootstrap(a, b, samples=400, generator=draw).p_value)
    assert 0.02 <= np.mean(np.array(values) < 0.05) <= 0.09
    assert 0.4 <= np.mean(values) <= 0.6


def test_the_p_value_is_that_of_the_paired_t_test_for_many_normal_values():
    draw = generator(5)
    for shift in (0.0, 0.1, 0.2):
        a = draw.normal(size=400)
        b = a + shift + draw.normal(size=400)
        found = paired_bootstrap(a, b, samples=4000, generator=draw)
        assert found.p_value == pytest.approx(stats.ttest_rel(a, b).pvalue, abs=0.03)
        assert found.low < found.difference < found.high


def test_pairing_finds_what_two_intervals_hide():
    draw = generator(6)
    hard = draw.normal(size=200) * 5
    a, b = hard + 0.3 + draw.normal(size=200) * 0.3, hard
    assert paired_bootstrap(a, b, generator=draw).p_value < 0.01
    of_a = bootstrap_interval(a, generator=draw)
    of_b = bootstrap_interval(b, generator=draw)
    assert of_a.low < of_b.high


def test_a_corpus_metric_is_resampled_from_its_counts():
    references = [f"the cat {i} sat on the mat number {i}" for i in range(30)]
    good = [r.replace("sat", "lay") if i % 3 else r for i, r in enumerate(references)]
    bad = [r.replace("on the", "at a") if i % 4 else r for i, r in enumerate(references)]  # fmt: skip

    def score(rows: np.ndarray) -> float:
        return bleu_from_statistics(rows).score

    a, b = bleu_statistics(good, references), bleu_statistics(bad, references)
    found = paired_bootstrap(a, b, score, samples=300, generator=generator())
    assert found.difference == pytest.approx(score(a) - score(b))
    assert found.low < found.difference < found.high
    assert found.p_value < 0.05


def test_systems_that_do_not_differ():
    same = np.array([0.0, 1.0, 1.0])
    found = paired_bootstrap(same, same, samples=50, generator=generator())
    assert (found.difference, found.low, found.high, found.p_value) == (0, 0, 0, 1)
    one = bootstrap_interval(np.array([3.0]), generator=generator())
    assert (one.low, one.value, one.high) == (3, 3, 3)


def test_many_examples_are_drawn_in_blocks():
    values = generator(7).normal(size=300_000)
    found = bootstrap_interval(values, samples=12, generator=generator())
    assert found.low < found.value < found.high


def test_bad_input_says_what_is_wrong():
    one = np.array([1.0])
    with pytest.raises(ValueError, match="nothing to resample"):
        bootstrap_interval(np.zeros(0), generator=generator())
    with pytest.raises(ValueError, match="same examples"):
        paired_bootstrap(one, np.array([1.0, 2.0]), generator=generator())
    with pytest.raises(ValueError, match="samples"):
        bootstrap_interval(one, samples=0, generator=generator())
    with pytest.raises(ValueError, match="level"):
        bootstrap_interval(one, level=95.0, generator=generator())
