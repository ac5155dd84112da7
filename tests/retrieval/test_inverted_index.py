"""Boolean and phrase queries against a search through all texts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from retrieval.collections_for_tests import IDS, TEXTS, WORDS, collections, named

from companion.retrieval import Analysis, BM25Index, InvertedIndex, terms

leaves = st.one_of(
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(
        lambda words: '"' + " ".join(words) + '"'
    ),
)
expressions = st.recursive(
    leaves.map(lambda leaf: ("leaf", leaf)),
    lambda inner: st.one_of(
        st.tuples(st.just("NOT"), inner),
        st.tuples(st.sampled_from(["AND", "OR", ""]), inner, inner),
    ),
    max_leaves=6,
)


def written(expression):
    kind, *parts = expression
    if kind == "leaf":
        return parts[0]
    if kind == "NOT":
        return f"NOT ({written(parts[0])})"
    return f"({written(parts[0])} {kind} {written(parts[1])})"


def holds(expression, text):
    kind, *parts = expression
    if kind == "leaf":
        wanted, found = terms(parts[0]), terms(text)
        return any(
            found[i : i + len(wanted)] == wanted
            for i in range(len(found) - len(wanted) + 1)
        )
    if kind == "NOT":
        return not holds(parts[0], text)
    first, second = (holds(part, text) for part in parts)
    return (first or second) if kind == "OR" else (first and second)


@given(collections(), expressions)
def test_equal_to_reading_every_text(texts, expression):
    index = InvertedIndex.fit(named(texts), texts)
    wanted = [i for i, text in enumerate(texts) if holds(expression, text)]
    assert index.match(written(expression)).tolist() == wanted


@given(collections())
def test_postings_rise_and_point_at_the_term(texts):
    index = InvertedIndex.fit(named(texts), texts)
    laid_out = [term for text in texts for term in (*terms(text), None)]
    assert sum(len(index.postings(term)) for term in index.vocabulary) == len(index.places)  # fmt: skip
    for term in index.vocabulary:
        places = index.postings(term)
        assert (np.diff(places) > 0).all()
        assert {laid_out[place] for place in places} == {term}


def test_not_binds_before_and_and_and_before_or():
    index = InvertedIndex.fit(["1", "2", "3"], ["a", "b c", "c"])
    assert [hit.id for hit in index.search("a OR b AND c")] == ["1", "2"]
    assert [hit.id for hit in index.search("NOT b c")] == ["3"]


def test_a_phrase_does_not_reach_into_the_next_document():
    index = InvertedIndex.fit(["1", "2"], ["one two", "three four"])
    assert index.search('"two three"') == []


def test_a_chinese_word_is_a_phrase():
    index = InvertedIndex.fit(["1", "2"], ["语言模型很大", "模型 语言"])
    assert [hit.id for hit in index.search("语言模型")] == ["1"]


def test_small_words_that_look_like_operators():
    index = InvertedIndex.fit(["1"], ["to be or not to be"])
    assert index.search('"or not"')
    assert index.search("or AND not")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("(cat", "without its"),
        ("cat)", "without its"),
        ('"cat', "does not close"),
        ("cat AND", "ends where"),
        ("OR cat", "has 'OR' where"),
        ("", "ends where"),
        ("NOT", "ends where"),
        ("(" * 5000, "more than 100"),
    ],
)
def test_queries_that_cannot_be_read(query, message):
    with pytest.raises(ValueError, match=message):
        InvertedIndex.fit(IDS, TEXTS).search(query)


@given(st.text('ab"()ANDORT 语言!'))
def test_any_query_is_answered_or_refused(query):
    index, message = InvertedIndex.fit(IDS, TEXTS), "query"
    try:
        assert len(index.search(query)) <= len(IDS)
    except ValueError as error:
        message = str(error)
    assert "query" in message


def test_saved_and_loaded(tmp_path):
    index = InvertedIndex.fit(IDS, TEXTS, Analysis(stemming=True))
    index.save(tmp_path)
    again = InvertedIndex.load(tmp_path)
    for query in ("cats", '"the dog" AND NOT animal', "语言"):
        assert again.search(query) == index.search(query)


def test_an_index_of_another_kind(tmp_path):
    BM25Index.fit(IDS, TEXTS).save(tmp_path)
    with pytest.raises(ValueError, match="holds a BM25Index"):
        InvertedIndex.load(tmp_path)


def test_bad_numbers():
    index = InvertedIndex.fit(IDS, TEXTS)
    with pytest.raises(ValueError, match="at least 1"):
        index.search("cat", 0)
    with pytest.raises(ValueError, match="at least one term"):
        index.phrase([])
