"""The bags hold what a plain count finds, and the sparse matrix does what the full one does."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfTransformer

from companion.models.text_classifiers.bag_features import (
    NgramFeatures,
    SparseRows,
    Tfidf,
    bag_characters,
    bag_words,
)

TEXTS = st.lists(st.text("abc 你好.", max_size=12), min_size=1, max_size=5)
LARGE = 2**40


def plain_counts(text: str, words: tuple[int, int], characters: tuple[int, int]):
    """How often each n-gram occurs, by slicing."""
    found = Counter()
    for units, (low, high) in (
        (bag_words(text), words),
        (list(bag_characters(text)), characters),
    ):
        kind = "w" if units is not None and (low, high) == words else "c"
        for n in range(low, high + 1):
            for i in range(len(units) - n + 1):
                found[kind, tuple(units[i : i + n])] += 1
    return found


@given(TEXTS)
@settings(deadline=None)
def test_the_counts_are_those_of_slicing(texts: list[str]) -> None:
    rows = NgramFeatures((1, 2), (1, 4), LARGE).count(texts)
    for i, text in enumerate(texts):
        found = rows.values[rows.starts[i] : rows.starts[i + 1]]
        want = plain_counts(text, (1, 2), (1, 4))
        assert sorted(found) == sorted(want.values())
    # The same n-gram has the same column in every text: equal texts have equal rows, and joint ones the union.
    together = Counter()
    for text in texts:
        together.update(plain_counts(text, (1, 2), (1, 4)).keys())
    assert len(np.unique(rows.columns)) == len(together)
    assert sorted(Counter(rows.columns.tolist()).values()) == sorted(together.values())


def test_no_gram_crosses_from_one_text_to_the_next() -> None:
    features = NgramFeatures((1, 3), (1, 5))
    texts = ["one two", "", "three 四", "x"]
    together = features.count(texts).dense()
    for text, row in zip(texts, together, strict=True):
        np.testing.assert_array_equal(features.count([text]).dense()[0], row)


def test_a_chinese_character_is_a_word_and_case_does_not_count() -> None:
    features = NgramFeatures((1, 2), None)
    names = features.names(["我很好 OK"])
    assert sorted(gram for grams in names.values() for gram in grams) == [
        "ok", "好", "好 + ok", "很", "很 + 好", "我", "我 + 很",
    ]  # fmt: skip
    one, other = features.count(["New YORK", "new york"]).dense()
    np.testing.assert_array_equal(one, other)


def test_columns_are_the_same_in_every_process() -> None:
    # A changed hash would make every saved classifier wrong, without a word.
    features = NgramFeatures((1, 2), (2, 2), buckets=1000)
    rows = features.count(["to be 好"])
    assert rows.columns.tolist() == COLUMNS


COLUMNS = [73, 128, 337, 404, 436, 477, 547, 709, 716, 735, 816, 840, 987]


@given(st.integers(0, 999), st.integers(1, 6), st.integers(1, 7))
@settings(deadline=None)
def test_the_sparse_matrix_is_the_full_one(seed: int, height: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    full = rng.integers(0, 3, (height, width)) * rng.integers(0, 2, (height, width))
    full = full.astype(float)
    row, columns = np.nonzero(full)
    starts = np.searchsorted(row, np.arange(height + 1))
    rows = SparseRows(starts, columns, full[row, columns], width)
    matrix = rng.normal(size=(width, 3))
    np.testing.assert_allclose(rows.dense(), full)
    np.testing.assert_allclose(rows.times(matrix), full @ matrix)
    np.testing.assert_allclose(rows.transposed().dense(), full.T)
    some = rng.integers(0, height, 4)
    np.testing.assert_allclose(rows.take(some).dense(), full[some])
    kept = np.unique(rng.integers(0, width, 3))
    np.testing.assert_allclose(rows.restricted(kept).dense(), full[:, kept])
    factors = rng.normal(size=width)
    np.testing.assert_allclose(rows.scaled(factors).dense(), full * factors)


@given(TEXTS, st.booleans())
@settings(deadline=None)
def test_tfidf_is_that_of_scikit_learn(texts: list[str], sublinear: bool) -> None:
    counts = NgramFeatures((1, 2), (1, 3), 64).count(texts)
    theirs = TfidfTransformer(sublinear_tf=sublinear).fit_transform(counts.dense())
    ours = Tfidf.fit(counts).weigh(counts, sublinear)
    np.testing.assert_allclose(ours.dense(), theirs.toarray(), atol=1e-12)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"words": None, "characters": None}, "words, of characters, or of both"),
        ({"words": (2, 1)}, "least and the greatest"),
        ({"characters": (0, 2)}, "least and the greatest"),
        ({"buckets": 0}, "buckets"),
    ],
)
def test_impossible_features_are_named(given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NgramFeatures(**given)


def test_any_text_can_be_counted() -> None:
    rows = NgramFeatures().count(["", "  ", "\ud800", "\x00", "🙂‍", "שלום", "a" * 9999])
    assert len(rows) == 7
    assert NgramFeatures().count([]).dense().shape == (0, 2**18)
