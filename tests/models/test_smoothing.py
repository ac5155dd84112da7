"""Discounts, Good-Turing and counting, against hand-made tables and brute force."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.models.ngram_counts import continuation_counts, count_ngrams, group
from companion.models.smoothing import (
    counts_of_counts,
    good_turing,
    modified_discounts,
    one_discount,
)


def test_counts_of_counts() -> None:
    assert counts_of_counts(np.array([1.0, 1, 2, 5, 3, 1])) == [3, 1, 1, 0]


def test_discounts_by_hand() -> None:
    counts = np.repeat([1.0, 2.0, 3.0, 4.0], [100, 40, 20, 10])
    y = 100 / 180
    expected = [0, 1 - 2 * y * 0.4, 2 - 3 * y * 0.5, 3 - 4 * y * 0.5]
    np.testing.assert_allclose(modified_discounts(counts), expected)
    np.testing.assert_allclose(one_discount(counts), [0, y, y, y])


def test_tiny_texts_get_fallback_discounts() -> None:
    np.testing.assert_allclose(
        modified_discounts(np.array([1.0, 1.0])), [0, 0.5, 1, 1.5]
    )
    assert one_discount(np.array([3.0]))[1] == 0.5


def test_good_turing_on_a_known_population() -> None:
    """The mass of the unseen is estimated by the share of singletons."""
    generator = np.random.default_rng(0)
    probs = 1 / np.arange(1, 5001)
    probs /= probs.sum()
    sample = generator.choice(5000, size=20_000, p=probs)
    counts = np.bincount(sample, minlength=5000)
    unseen = probs[counts == 0].sum()
    estimate = good_turing(counts[counts > 0])[0] / 20_000
    assert estimate == pytest.approx(unseen, rel=0.1)


def test_good_turing_refuses_zero_counts() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        good_turing(np.array([0, 1]))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.booleans())
def test_grouping_is_unique_with_counts(keys: list[int], wide: bool) -> None:
    array = np.array(keys, dtype=np.int64) + (
        2**61 if wide else 0
    )  # wide keys cannot be packed
    expected, inverse, expected_counts = np.unique(
        array, return_inverse=True, return_counts=True
    )
    groups = group(array.copy())
    assert groups.keys.tolist() == expected.tolist()
    assert groups.counts.tolist() == expected_counts.tolist()
    assert groups.numbers.tolist() == inverse.tolist()
    assert array[groups.first].tolist() == expected.tolist()


texts = st.lists(
    st.lists(st.integers(0, 4), min_size=1, max_size=15), min_size=1, max_size=6
)


def brute_force(sequences: list[list[int]], n: int) -> Counter:
    return Counter(
        tuple(s[i : i + n]) for s in sequences for i in range(len(s) - n + 1)
    )


def as_tuples(levels, n: int, vocab: int) -> list[tuple[int, ...]]:
    """The n-grams of an order, spelled out."""
    if n == 1:
        return [(int(key),) for key in levels[0].keys]
    shorter = as_tuples(levels, n - 1, vocab)
    return [(*shorter[key // vocab], int(key % vocab)) for key in levels[n - 1].keys]


@given(texts, st.integers(1, 4))
def test_counts_are_those_of_a_dictionary(
    sequences: list[list[int]], order: int
) -> None:
    levels = count_ngrams([np.array(s) for s in sequences], order, 5)
    for n in range(1, len(levels) + 1):
        ours = dict(
            zip(as_tuples(levels, n, 5), levels[n - 1].counts.tolist(), strict=True)
        )
        assert {gram: count for gram, count in ours.items() if count} == dict(
            brute_force(sequences, n)
        )


@given(texts)
def test_continuation_counts_are_different_left_neighbors(
    sequences: list[list[int]],
) -> None:
    levels = count_ngrams([np.array(s) for s in sequences], 3, 5)
    adjusted = continuation_counts(levels, 5)
    for n in range(1, len(levels)):
        longer = brute_force(sequences, n + 1)
        expected = Counter(gram[1:] for gram in longer)
        grams = as_tuples(levels, n, 5)
        assert [int(c) for c in adjusted[n - 1]] == [expected[gram] for gram in grams]
