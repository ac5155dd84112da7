"""BM25 against its formula, written out, and against two libraries."""

import math

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi
from retrieval.collections_for_tests import IDS, TEXTS, collections, named

from companion.retrieval import Analysis, BM25Config, BM25Index, terms
from companion.retrieval.bm25 import saturation


def written_out(texts, query, k1, b, idf=None, factor=1.0):
    """Every document's score by the formula, one term at a time."""
    documents = [terms(text) for text in texts]
    mean = sum(map(len, documents)) / len(documents)
    scores = []
    for document in documents:
        score = 0.0
        for term in terms(query):
            n = sum(term in other for other in documents)
            rarity = idf(term) if idf else math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))  # fmt: skip
            c = document.count(term)
            if c:
                score += rarity * factor * c / (c + k1 * (1 - b + b * len(document) / mean))  # fmt: skip
        scores.append(score)
    return scores


def asked(words, least=0):
    """Draw the terms of a query."""
    return st.lists(st.sampled_from(words), min_size=least)


settings_of_bm25 = {"k1": st.floats(0.1, 3), "b": st.floats(0, 1)}


@given(
    texts=collections(),
    query=asked(["cat", "the", "模型", "语言", "none"]),
    **settings_of_bm25,
)
def test_equal_to_the_formula(texts, query, k1, b):
    index = BM25Index.fit(named(texts), texts, BM25Config(k1, b))
    query = " ".join(query)
    assert np.allclose(
        index.scores(query), written_out(texts, query, k1, b), rtol=1e-5, atol=1e-6
    )


@given(
    texts=collections(least=2),
    query=asked(["cat", "the", "mat"], 1),
    **settings_of_bm25,
)
def test_equal_to_bm25s(texts, query, k1, b):
    texts = [*texts, "cat the mat"]
    index = BM25Index.fit(named(texts), texts, BM25Config(k1, b))
    peer = bm25s.BM25(k1=k1, b=b, method="lucene")
    peer.index([terms(text) for text in texts], show_progress=False)
    assert np.allclose(index.scores(" ".join(query)), peer.get_scores(query), rtol=1e-5, atol=1e-6)  # fmt: skip


@given(collections(least=2))
def test_the_formula_is_that_of_rank_bm25_but_for_two_choices(texts):
    texts = [*texts, "cat the mat"]
    peer = BM25Okapi([terms(text) for text in texts], k1=1.2, b=0.75)
    # Theirs has another inverse document frequency, and multiplies by k1 + 1.
    wanted = written_out(texts, "cat mat", 1.2, 0.75, idf=peer.idf.get, factor=2.2)
    assert np.allclose(peer.get_scores(["cat", "mat"]), wanted)
    n = sum("cat" in terms(text) for text in texts)
    ours = math.log(1 + (len(texts) - n + 0.5) / (n + 0.5))
    index = BM25Index.fit(named(texts), texts)
    ratio = index.scores("cat") * 2.2 / ours
    assert np.allclose(peer.get_scores(["cat"]), ratio * peer.idf["cat"], atol=1e-5)


@given(collections(), st.sampled_from(["cat", "the cat", "模型 dog"]), st.integers(1, 15))  # fmt: skip
def test_search_is_the_sorted_scores(texts, query, k):
    index = BM25Index.fit(named(texts), texts)
    scores = index.scores(query)
    wanted = [i for i in np.argsort(-scores, kind="stable") if scores[i] > 0][:k]
    hits = index.search(query, k)
    assert [hit.id for hit in hits] == [f"d{i}" for i in wanted]
    assert [hit.score for hit in hits] == scores[wanted].tolist()


@given(st.integers(1, 50), st.floats(0.1, 5), st.floats(0.01, 4), st.floats(0, 1))
def test_more_occurrences_are_worth_more_and_never_one(count, k1, length, b):
    few, more = saturation(np.array([count, count + 1]), length, k1, b)
    assert few <= more <= 1


def test_longer_documents_have_to_earn_it():
    ids, texts = ["short", "long"], ["cat", "cat dog dog dog dog dog"]
    by_length = BM25Index.fit(ids, texts, BM25Config(b=1.0))
    assert [hit.id for hit in by_length.search("cat")] == ["short", "long"]
    without = BM25Index.fit(ids, texts, BM25Config(b=0.0)).scores("cat")
    assert without[0] == without[1] > 0


def test_a_rare_term_counts_more_than_a_common_one():
    index = BM25Index.fit(IDS, TEXTS)
    assert index.search("animal sat")[0].id == "cat"


def test_a_term_twice_in_the_query_counts_twice():
    index = BM25Index.fit(IDS, TEXTS)
    assert np.allclose(index.scores("dog dog"), 2 * index.scores("dog"))


def test_chinese():
    assert [hit.id for hit in BM25Index.fit(IDS, TEXTS).search("语言模型")] == ["zh"]


def test_the_analysis_is_that_of_query_and_documents():
    config = BM25Config(analysis=Analysis(stop_words=True, stemming=True))
    index = BM25Index.fit(["a"], ["Models are trained."], config)
    assert index.search("training the model")
    assert not index.search("are the")


@pytest.mark.parametrize("texts", [[""], ["…", "!"]])
def test_documents_without_a_term(texts):
    index = BM25Index.fit(named(texts), texts)
    assert index.search("cat") == []
    assert not index.scores("cat").any()


@pytest.mark.parametrize("query", ["", " ", "!?", "🙂", "unknown words"])
def test_a_query_without_a_known_term_finds_nothing(query):
    assert BM25Index.fit(IDS, TEXTS).search(query) == []


def test_saved_and_loaded(tmp_path):
    config = BM25Config(k1=0.9, b=0.4, analysis=Analysis(stemming=True))
    index = BM25Index.fit(IDS, TEXTS, config)
    index.save(tmp_path / "index")
    again = BM25Index.load(tmp_path / "index")
    assert again.config == config
    assert len(again) == len(IDS)
    for query in ("cats sat", "语言", "nothing"):
        assert again.search(query) == index.search(query)


def test_bad_settings():
    for bad in ({"k1": -1.0}, {"k1": float("nan")}, {"b": 1.1}, {"b": -0.1}):
        with pytest.raises(ValueError, match="must"):
            BM25Config(**bad)


@pytest.mark.parametrize(
    ("ids", "texts", "error", "message"),
    [
        ([], [], ValueError, "no document"),
        (["a"], ["b", "c"], ValueError, "1 ids and 2 texts"),
        (["a", "a"], ["b", "c"], ValueError, "'a' comes more than once"),
        ("ab", ["b", "c"], TypeError, "lists"),
        (["a"], "b", TypeError, "lists"),
        ([1], ["b"], TypeError, "str"),
        (["a"], [None], TypeError, "None"),
    ],
)
def test_bad_documents(ids, texts, error, message):
    with pytest.raises(error, match=message):
        BM25Index.fit(ids, texts)


def test_k_below_one():
    with pytest.raises(ValueError, match="at least 1"):
        BM25Index.fit(IDS, TEXTS).search("cat", 0)


def test_a_large_collection_is_counted_right():
    # More than 65,536 terms: the sort needs both halves of a number.
    generator = np.random.default_rng(0)
    numbers = generator.integers(0, 200_000, size=(300, 700))
    documents = [[str(i) for i in row] for row in numbers]
    index = BM25Index.fit_terms(named(documents), documents)
    assert len(index.vocabulary) > 2**16
    for term in (documents[0][0], documents[299][699]):
        found = {hit.id for hit in index.search_terms([term], 300)}
        assert found == {f"d{i}" for i, row in enumerate(documents) if term in row}
