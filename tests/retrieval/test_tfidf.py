"""TF-IDF against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from retrieval.collections_for_tests import IDS, TEXTS, collections, named
from sklearn.feature_extraction.text import TfidfVectorizer

from companion.retrieval import Analysis, BM25Index, TfidfIndex, terms
from companion.retrieval.tfidf import TfidfConfig


@given(collections(), st.sampled_from(["cat", "the cat the", "模型 dog", "none"]), st.booleans())  # fmt: skip
def test_equal_to_scikit_learn(texts, query, sublinear):
    texts = [*texts, "cat"]
    index = TfidfIndex.fit(named(texts), texts, TfidfConfig(sublinear))
    peer = TfidfVectorizer(analyzer=terms, sublinear_tf=sublinear)
    rows = peer.fit_transform(texts)
    wanted = (rows @ peer.transform([query]).T).toarray().ravel()
    assert np.allclose(index.scores(query), wanted, atol=1e-5)


@given(collections())
def test_a_document_is_nearest_to_itself(texts):
    index = TfidfIndex.fit(named(texts), texts)
    for text in texts:
        if terms(text):
            assert np.isclose(index.scores(text).max(), 1.0, atol=1e-5)


def test_saved_and_loaded(tmp_path):
    config = TfidfConfig(sublinear=False, analysis=Analysis(stop_words=True))
    index = TfidfIndex.fit(IDS, TEXTS, config)
    index.save(tmp_path)
    again = TfidfIndex.load(tmp_path)
    assert again.config == config
    assert again.search("a cat sat") == index.search("a cat sat")


def test_an_index_of_another_kind(tmp_path):
    BM25Index.fit(IDS, TEXTS).save(tmp_path)
    with pytest.raises(ValueError, match=r"holds a BM25Index; use BM25Index\.load"):
        TfidfIndex.load(tmp_path)


@pytest.mark.parametrize(
    ("damage", "error", "message"),
    [
        (lambda f: (f / "arrays.npz").unlink(), FileNotFoundError, "arrays.npz is missing"),
        (lambda f: (f / "index.json").write_text("{"), ValueError, "damaged"),
        (lambda f: (f / "index.json").write_text("[]"), ValueError, "no index of this course"),
        (lambda f: (f / "arrays.npz").write_bytes(b"PK"), ValueError, "damaged"),
        (lambda f: np.savez(f / "arrays.npz", starts=np.zeros(1)), ValueError, "damaged"),
    ],
)  # fmt: skip
def test_damaged_files(tmp_path, damage, error, message):
    TfidfIndex.fit(IDS, TEXTS).save(tmp_path)
    damage(tmp_path)
    with pytest.raises(error, match=message):
        TfidfIndex.load(tmp_path)


def test_arrays_of_another_index(tmp_path):
    TfidfIndex.fit(IDS, TEXTS).save(tmp_path / "a")
    TfidfIndex.fit(["x"], ["one two"]).save(tmp_path / "b")
    (tmp_path / "b" / "arrays.npz").replace(tmp_path / "a" / "arrays.npz")
    with pytest.raises(ValueError, match="do not fit"):
        TfidfIndex.load(tmp_path / "a")
