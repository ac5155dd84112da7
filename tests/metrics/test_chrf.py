"""chrF and chrF++ against sacrebleu on random corpora."""

from __future__ import annotations

import random

import numpy as np
import pytest
import sacrebleu

from companion.metrics.chrf import (
    chrf_from_statistics,
    chrf_statistics,
    corpus_chrf,
    sentence_chrf,
)

WORDS = ["the", "cat", "(hi)", "it's", "sat.", "?", "...", "a", "3.5", "我们爱写", "诗，", "x-y", "\"so\""]  # fmt: skip


def sentence(draw: random.Random) -> str:
    return " ".join(draw.choices(WORDS, k=draw.randint(0, 8)))


def close(draw: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(draw.randint(0, 4)):
        if letters:
            letters.pop(draw.randrange(len(letters)))
    return "".join(letters)


@pytest.mark.parametrize("word_order", [0, 1, 2])
def test_equal_to_sacrebleu(word_order):
    draw = random.Random(word_order)
    for _ in range(700):
        size, number = draw.randint(1, 4), draw.randint(1, 3)
        groups = [[sentence(draw) for _ in range(number)] for _ in range(size)]
        hypotheses = [
            close(draw, group[0]) if draw.random() < 0.7 else sentence(draw)
            for group in groups
        ]
        beta, character_order = draw.choice([1, 2, 3]), draw.choice([1, 4, 6])
        ours = corpus_chrf(hypotheses, groups, character_order, word_order, beta)
        theirs = sacrebleu.corpus_chrf(
            hypotheses,
            [list(stream) for stream in zip(*groups, strict=True)],
            char_order=character_order,
            word_order=word_order,
            beta=beta,
        )
        assert ours.score == pytest.approx(theirs.score, abs=1e-9)


def test_beta_weighs_precision_and_recall():
    score = corpus_chrf(["abc"], ["abcdef"], beta=3)
    assert score.precision == pytest.approx(100)
    assert score.recall < 50
    harmonic = 10 / (1 / score.precision + 9 / score.recall)
    assert score.score == pytest.approx(harmonic)


def test_statistics_of_a_selection_are_the_chrf_of_that_selection():
    draw = random.Random(5)
    references = [sentence(draw) for _ in range(30)]
    hypotheses = [close(draw, reference) for reference in references]
    statistics = chrf_statistics(hypotheses, references, word_order=2)
    chosen = np.array([draw.randrange(30) for _ in range(30)])
    whole = corpus_chrf(
        [hypotheses[i] for i in chosen], [references[i] for i in chosen], word_order=2
    )
    assert chrf_from_statistics(statistics[chosen]) == whole


def test_limits():
    assert corpus_chrf(["a cat"], ["a cat"]).score == pytest.approx(100)
    for hypothesis, reference in (("", "a"), ("a", ""), ("", ""), ("a", "b")):
        assert corpus_chrf([hypothesis], [reference]).score == 0
        assert sentence_chrf(hypothesis, reference, word_order=2).score == 0


def test_bad_input_says_what_is_wrong():
    with pytest.raises(ValueError, match="nothing to measure"):
        corpus_chrf([], [])
    with pytest.raises(ValueError, match="character_order"):
        corpus_chrf(["a"], ["a"], character_order=0)
    with pytest.raises(ValueError, match="no segment"):
        chrf_from_statistics(np.zeros((0, 6, 3), dtype=np.int64))
