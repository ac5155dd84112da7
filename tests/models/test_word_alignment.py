"""IBM model 1: parity with NLTK, properties of EM, and links that the grammar knows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.corpora import phrasebook
from companion.metrics.known_links import known_links
from companion.models.word_alignment import IBMModel1
from companion.text.copying import mixed_pieces

sentence = st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=5)

distinct = st.lists(st.sampled_from("uvwxyz"), min_size=1, max_size=5, unique=True)


@settings(max_examples=25, deadline=None)
@given(
    pairs=st.lists(st.tuples(sentence, distinct), min_size=1, max_size=8),
    iterations=st.integers(1, 6),
)
def test_the_table_is_nltks(pairs, iterations):
    # NLTK adds the denominators of a target word that stands twice in a sentence: those are left out.
    ibm1 = pytest.importorskip("nltk.translate.ibm1")
    api = pytest.importorskip("nltk.translate.api")
    ours = IBMModel1.fit(pairs, iterations)
    theirs = ibm1.IBMModel1([api.AlignedSent(t, s) for s, t in pairs], iterations)
    for x, row in [(None, 0), *ours.source.items()]:
        for y, column in ours.target.items():
            # Words that never meet keep their first value there.
            if ours.table[row, column] > 0:
                wanted = theirs.translation_table[y][x]
                assert ours.table[row, column] == pytest.approx(wanted, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(pairs=st.lists(st.tuples(sentence, sentence), min_size=1, max_size=8))
def test_the_likelihood_never_falls_and_rows_sum_to_one(pairs):
    model = IBMModel1.fit(pairs, 8)
    assert (np.diff(model.log_likelihoods) > -1e-9).all()
    assert np.allclose(model.table.sum(1), 1)
    for source, target in pairs:
        shares = model.posterior(source, target)
        assert shares.shape == (len(target), len(source) + 1)
        assert np.allclose(shares.sum(1), 1)


def test_an_unknown_word_belongs_to_none():
    model = IBMModel1.fit([(["a"], ["x"])], 3)
    assert model.align(["a"], ["new"]) == [None]
    assert model.align(["new"], ["x"]) == [None]


def test_links_of_the_phrasebook():
    pairs = list(phrasebook())[::8]
    cut = [(mixed_pieces(p.source), mixed_pieces(p.target)) for p in pairs]
    model = IBMModel1.fit(cut, 5)
    right = []
    for pair, (source, target) in zip(pairs[::10], cut[::10], strict=True):
        said = model.align(source, target)
        gold = known_links(pair, source, target)
        right += [said[i] in places for i, places in gold.items()]
    assert len(right) > 500
    assert np.mean(right) > 0.95
    assert [word for word, _ in model.translations("programming", 2)] in (
        ["编", "程"],
        ["程", "编"],
    )


def test_what_is_refused():
    with pytest.raises(ValueError, match="no sentence pair"):
        IBMModel1.fit([([], ["x"])])
    with pytest.raises(ValueError, match="iterations"):
        IBMModel1.fit([(["a"], ["x"])], 0)
    with pytest.raises(ValueError, match="row for the null word"):
        IBMModel1(["a"], ["x"], np.ones((1, 1)))
    with pytest.raises(KeyError, match="no source sentence"):
        IBMModel1.fit([(["a"], ["x"])]).translations("b")
