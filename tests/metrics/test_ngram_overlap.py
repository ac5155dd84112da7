"""Shared n-grams against counters of tuples."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from companion.metrics.ngram_overlap import (
    grouped_references,
    shared_ngrams,
    token_ids,
)


def counted(tokens: list[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(tokens[i:] for i in range(n)), strict=False))


def test_equal_to_counters():
    draw = random.Random(1)
    for _ in range(600):
        order, size = draw.randint(1, 5), draw.randint(1, 5)
        letters = "ab" if draw.random() < 0.5 else "abcdefgh"
        groups = [
            [draw.choices(letters, k=draw.randint(0, 9)) for _ in range(draw.randint(2, 4))]
            for _ in range(size)
        ]  # fmt: skip
        flat = [text for group in groups for text in group]
        ours = shared_ngrams(
            token_ids(flat),
            np.array([len(text) for text in flat]),
            np.repeat(np.arange(size), [len(group) for group in groups]),
            np.concatenate([np.arange(len(group)) for group in groups]),
            order,
        )
        for segment, (hypothesis, *references) in enumerate(groups):
            for n in range(1, order + 1):
                allowed: Counter[tuple[str, ...]] = Counter()
                for reference in references:
                    allowed |= counted(reference, n)
                shared = counted(hypothesis, n) & allowed
                assert ours[segment, n - 1] == shared.total()


def test_ids_are_equal_for_equal_tokens_only():
    texts = [["b", "a"], [], ["a", "c", "b"]]
    ids = token_ids(texts).tolist()
    flat = [token for text in texts for token in text]
    assert len(set(zip(ids, flat, strict=True))) == len(set(ids)) == len(set(flat))


def test_nothing_is_shared_by_nothing():
    empty = np.zeros(0, dtype=np.int64)
    zeros = shared_ngrams(empty, np.array([0, 0]), np.array([0, 0]), np.array([0, 1]), 3)  # fmt: skip
    assert zeros.tolist() == [[0, 0, 0]]


def test_bad_input_says_what_is_wrong():
    one = np.array([0])
    with pytest.raises(ValueError, match="add up"):
        shared_ngrams(one, np.array([2]), one, one, 1)
    with pytest.raises(ValueError, match="order"):
        shared_ngrams(one, np.array([1]), one, one, 0)
    assert grouped_references(["a"], [("b", "c")]) == [["b", "c"]]
