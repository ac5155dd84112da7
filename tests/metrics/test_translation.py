"""BLEU against NLTK's, exact match by hand."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.translate.bleu_score import corpus_bleu

from companion.metrics.translation import bleu, exact_match

words = st.lists(st.sampled_from("abcd"), min_size=1, max_size=9)


@given(
    pairs=st.lists(st.tuples(words, words), min_size=1, max_size=6),
    order=st.integers(1, 4),
)
@settings(deadline=None)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_equal_to_nltk(pairs, order):
    hypotheses, references = zip(*pairs, strict=True)
    # NLTK counts one n-gram in a text that is too short to hold any.
    assume(min(map(len, hypotheses)) >= order)
    ours = bleu(hypotheses, references, order)
    if min(ours.precisions) > 0:  # NLTK warns and returns a tiny number otherwise
        theirs = corpus_bleu(
            [[reference] for reference in references],
            list(hypotheses),
            weights=[1 / order] * order,
        )
        assert ours.score == pytest.approx(theirs, abs=1e-12)
    else:
        assert ours.score == 0


def test_the_paper_s_clipped_precision():
    # Papineni et al., example 2: "the" is in the reference twice, so two of seven count.
    found = bleu([["the"] * 7], [["the", "cat", "is", "on", "the", "mat"]], order=1)
    assert found.precisions == (2 / 7,)
    assert found.brevity_penalty == 1.0


def test_short_translations_pay():
    reference = list("abcdefgh")
    half = bleu([reference[:4]], [reference])
    assert half.precisions == (1.0, 1.0, 1.0, 1.0)
    assert half.score == pytest.approx(2.718281828**-1)
    assert bleu([reference], [reference]).score == 1.0
    assert bleu([[]], [reference]).score == 0.0


def test_exact_match():
    assert exact_match(["a", "b", "c", "d"], ["a", "b", "c", "x"]) == 0.75


def test_bad_input_says_what_is_wrong():
    for measure in (bleu, exact_match):
        with pytest.raises(ValueError, match="as many"):
            measure(["a"], [])
        with pytest.raises(ValueError, match="nothing to measure"):
            measure([], [])
    with pytest.raises(ValueError, match="order"):
        bleu([["a"]], [["a"]], order=0)
