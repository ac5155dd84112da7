"""Measures of ranking: nDCG against scikit-learn, all of them against sums written out."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, ndcg_score

from companion.metrics.ranking import (
    average_precision,
    ndcg,
    precision_at,
    recall_at,
    reciprocal_rank,
)


def case(draw: random.Random) -> tuple[list[int], dict[int, int]]:
    """Results of a query, and judgements that name some of them and some that were not returned."""
    ranked = draw.sample(range(15), k=draw.randint(0, 10))
    judged = draw.sample(range(15), k=draw.randint(0, 8))
    return ranked, {i: draw.choice([0, 0, 1, 2, 3]) for i in judged}


def test_equal_to_sums_written_out():
    draw = random.Random(1)
    for _ in range(3000):
        ranked, relevance = case(draw)
        k = draw.randint(1, 12)
        relevant = {i for i, grade in relevance.items() if grade > 0}
        ranks = [r for r, i in enumerate(ranked, 1) if i in relevant]
        assert reciprocal_rank(ranked, relevance) == pytest.approx(
            1 / ranks[0] if ranks else 0
        )
        top = len(relevant & set(ranked[:k]))
        assert precision_at(ranked, relevance, k) == pytest.approx(top / k)
        assert recall_at(ranked, relevance, k) == pytest.approx(
            top / len(relevant) if relevant else 0
        )
        total = sum(len([s for s in ranks if s <= r]) / r for r in ranks if r <= k)
        assert average_precision(ranked, relevance, k) == pytest.approx(
            total / len(relevant) if relevant else 0
        )
        gain = sum(
            relevance.get(i, 0) / math.log(r + 1, 2)
            for r, i in enumerate(ranked[:k], 1)
        )
        best = sorted(relevance.values(), reverse=True)[:k]
        ideal = sum(grade / math.log(r + 1, 2) for r, grade in enumerate(best, 1))
        assert ndcg(ranked, relevance, k) == pytest.approx(gain / ideal if ideal else 0)


def test_equal_to_scikit_learn_on_full_rankings():
    draw = np.random.default_rng(2)
    for _ in range(400):
        size = int(draw.integers(2, 12))
        grades = draw.integers(0, 4, size)
        scores = draw.permutation(size).astype(float)
        ranked = np.argsort(-scores).tolist()
        relevance = dict(enumerate(grades.tolist()))
        k = int(draw.integers(1, size + 1))
        theirs = ndcg_score(grades[None], scores[None], k=k)
        assert ndcg(ranked, relevance, k) == pytest.approx(theirs)
        theirs = ndcg_score(2 ** grades[None] - 1, scores[None], k=k)
        assert ndcg(ranked, relevance, k, exponential=True) == pytest.approx(theirs)
        if grades.any():
            theirs = average_precision_score(grades > 0, scores)
            assert average_precision(ranked, relevance) == pytest.approx(theirs)


def test_limits():
    relevance = {"a": 3, "b": 1, "c": 0, "d": -1}
    assert ndcg(["a", "b"], relevance) == 1
    assert ndcg(["b", "a"], relevance) < 1
    assert ndcg(["c", "d"], relevance) == 0
    assert average_precision(["a", "b", "c"], relevance) == 1
    assert reciprocal_rank(["d", "c"], relevance) == 0
    assert reciprocal_rank(["c", "a"], relevance, k=1) == 0


@pytest.mark.parametrize("relevance", [{}, {"a": 0}])
def test_without_a_relevant_document_everything_is_zero(relevance):
    for ranked in ([], ["a", "b"]):
        assert reciprocal_rank(ranked, relevance) == 0
        assert average_precision(ranked, relevance) == 0
        assert ndcg(ranked, relevance) == 0
        assert precision_at(ranked, relevance, 3) == 0
        assert recall_at(ranked, relevance, 3) == 0


def test_an_empty_list_finds_nothing():
    for measure in (reciprocal_rank, average_precision, ndcg):
        assert measure([], {"a": 1}) == 0
    assert precision_at([], {"a": 1}, 5) == recall_at([], {"a": 1}, 5) == 0


def test_bad_input_says_what_is_wrong():
    with pytest.raises(ValueError, match="twice"):
        ndcg(["a", "a"], {"a": 1})
    with pytest.raises(ValueError, match="k must be at least 1"):
        precision_at(["a"], {"a": 1}, 0)
    with pytest.raises(ValueError, match="list of ids"):
        ndcg("ab", {"a": 1})
