"""Nearest vectors, rankings joined, and a second look at the best."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from retrieval.collections_for_tests import DOCUMENTS, IDS, TEXTS

from companion.retrieval import (
    BM25Index,
    DenseIndex,
    HybridIndex,
    LateInteraction,
    Reranker,
    reciprocal_rank_fusion,
)
from companion.retrieval.hits import best


class Letters:
    """Encodes a text by how often it holds each letter: no meaning, but vectors."""

    def __init__(self, letters="abcdefghijklmnopqrstuvwxyz"):
        self.letters = letters

    def encode(self, texts):
        return np.array([[float(t.lower().count(c)) for c in self.letters] for t in texts])  # fmt: skip


@given(
    st.lists(st.sampled_from([-1.0, 0.0, 0.5, 2.0]) | st.floats(-3, 3), min_size=1, max_size=700),
    st.integers(1, 12),
    st.sampled_from([-np.inf, 0.0]),
)  # fmt: skip
def test_best_is_a_stable_sort(scores, k, above):
    scores = np.array(scores)
    wanted = [i for i in np.argsort(-scores, kind="stable") if scores[i] > above][:k]
    assert best(scores, k, above).tolist() == wanted


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_best_of_many_equal_scores(value):
    assert best(np.full(10_000, value), 3, above=-1.0).tolist() == [0, 1, 2]
    assert len(best(np.full(10_000, value), 3, above=value)) == 0


@given(st.integers(1, 30), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_dense_search_is_the_sorted_cosines(documents, d, seed):
    generator = np.random.default_rng(seed)
    vectors, query = generator.normal(size=(documents, d)), generator.normal(size=d)

    class One:
        def encode(self, texts):
            return query[None] * 7

    names = [str(i) for i in range(documents)]
    hits = DenseIndex(names, vectors, One()).search("anything", documents)
    cosines = vectors @ query / np.linalg.norm(vectors, axis=1) / np.linalg.norm(query)
    assert np.allclose([h.score for h in hits], np.sort(cosines)[::-1], atol=1e-5)
    assert np.allclose(cosines[[int(h.id) for h in hits]], [h.score for h in hits], atol=1e-5)  # fmt: skip


def test_dense_saved_and_loaded(tmp_path):
    index = DenseIndex.fit(IDS, TEXTS, Letters())
    index.save(tmp_path)
    again = DenseIndex.load(tmp_path, Letters())
    hits, wanted = again.search("cat mat"), index.search("cat mat")
    assert [hit.id for hit in hits] == [hit.id for hit in wanted]
    assert np.allclose([h.score for h in hits], [h.score for h in wanted], atol=1e-6)
    with pytest.raises(ValueError, match="encoder that the index was made with"):
        DenseIndex.load(tmp_path, Letters("abc")).search("cat")


def test_dense_bad_vectors():
    with pytest.raises(ValueError, match="2 ids and 1 texts"):
        DenseIndex(["a", "b"], np.zeros((1, 3)), Letters())
    with pytest.raises(ValueError, match="infinite or none"):
        DenseIndex(["a"], np.full((1, 3), np.nan), Letters())
    # An empty text is a vector of zeros, as near to everything as to nothing.
    assert DenseIndex.fit(IDS, TEXTS, Letters()).scores("")[0] == 0


rankings = st.lists(st.lists(st.sampled_from("abcdef"), unique=True), max_size=4)


@given(rankings, st.floats(0, 100))
def test_fusion_by_its_formula(given_rankings, constant):
    found = dict(reciprocal_rank_fusion(given_rankings, constant))
    assert set(found) == {name for ranking in given_rankings for name in ranking}
    for name, score in found.items():
        parts = [1 / (constant + r.index(name) + 1) for r in given_rankings if name in r]  # fmt: skip
        assert np.isclose(score, sum(parts))
    assert list(found.values()) == sorted(found.values(), reverse=True)


@given(st.lists(st.sampled_from("abcdef"), unique=True))
def test_fusion_of_a_ranking_with_itself_changes_nothing(ranking):
    found = reciprocal_rank_fusion([ranking, ranking])
    assert [hit.id for hit in found] == ranking


def test_fusion_refuses():
    with pytest.raises(ValueError, match="twice"):
        reciprocal_rank_fusion([["a", "a"]])
    with pytest.raises(ValueError, match="at least 0"):
        reciprocal_rank_fusion([], -1.0)


def test_hybrid_is_the_fusion_of_both(tmp_path):
    index = HybridIndex.fit(IDS, TEXTS, Letters())
    words, vectors = BM25Index.fit(IDS, TEXTS), DenseIndex.fit(IDS, TEXTS, Letters())
    both = [[h.id for h in one.search("dog mat", 100)] for one in (words, vectors)]
    assert index.search("dog mat", 3) == reciprocal_rank_fusion(both)[:3]
    index.save(tmp_path)
    assert HybridIndex.load(tmp_path, Letters()).search("dog") == index.search("dog")
    BM25Index.fit(["x"], ["y"]).save(tmp_path / "words")
    with pytest.raises(ValueError, match="different documents"):
        HybridIndex.load(tmp_path, Letters())


def test_hybrid_refuses(tmp_path):
    with pytest.raises(ValueError, match="at least one index"):
        HybridIndex([])
    one = BM25Index.fit(IDS, TEXTS)
    with pytest.raises(ValueError, match="depth"):
        HybridIndex([one], depth=0)
    with pytest.raises(ValueError, match="at least 1"):
        HybridIndex([one]).search("cat", 0)
    with pytest.raises(TypeError, match="save the parts"):
        HybridIndex([one, one]).save(tmp_path)


def test_reranker_orders_the_first_and_keeps_the_rest():
    index = BM25Index.fit(IDS, TEXTS)
    before = [hit.id for hit in index.search("the mat dog")]
    worst_first = Reranker(index, DOCUMENTS, lambda q, found: np.arange(len(found)), depth=2)  # fmt: skip
    hits = worst_first.search("the mat dog")
    assert [hit.id for hit in hits] == [before[1], before[0], *before[2:]]
    assert hits[0].score == 1
    assert hits[-1].score == -np.inf
    # The scorer reads to its depth even where fewer are wanted.
    assert [hit.id for hit in worst_first.search("the mat dog", 1)] == [before[1]]
    assert worst_first.search("nothing known") == []


def test_reranker_refuses():
    index = BM25Index.fit(IDS, TEXTS)
    with pytest.raises(ValueError, match="depth"):
        Reranker(index, DOCUMENTS, lambda q, found: np.zeros(1), depth=0)
    with pytest.raises(ValueError, match="one number a text"):
        Reranker(index, DOCUMENTS, lambda q, found: np.zeros(7)).search("cat")


def test_late_interaction_written_out():
    generator = np.random.default_rng(3)
    vocabulary = {word: i for i, word in enumerate(("cat", "dog", "mat", "sat"))}
    vectors, weights = generator.normal(size=(4, 3)), np.array([1.0, 2.0, 0.5, 3.0])
    scorer = LateInteraction(vocabulary, vectors, weights)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    wanted = sum(
        weights[vocabulary[q]] * max(unit[vocabulary[q]] @ unit[vocabulary[t]] for t in ("mat", "sat"))
        for q in ("cat", "dog")
    )  # fmt: skip
    found = scorer("Cat, dog and bird", ["the mat sat", "nothing", ""])
    assert np.allclose(found, [wanted, 0, 0], atol=1e-6)
    assert np.isclose(scorer("dog", ["a dog"])[0], 2.0)
