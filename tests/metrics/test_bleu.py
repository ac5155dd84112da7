"""BLEU against sacrebleu on random corpora: all tokenizers and smoothing methods, several references."""

from __future__ import annotations

import random

import numpy as np
import pytest
import sacrebleu

from companion.metrics.bleu import (
    bleu_from_statistics,
    bleu_statistics,
    corpus_bleu,
    sentence_bleu,
)

ENGLISH = [
    *["the", "cat", "sat", "on", "a", "mat", ",", "and", "it's", "3.5", "m", "(or"],
    *["so)", "-", "wasn't", "it", "?", "x-y", "1,000", "&amp;", "."],
]
CHINESE = [*"我们爱写程序和诗，不是吗？", "Python", "3.5", " "]
METHODS = ["exp", "floor", "add-k", "none"]


def sentence(draw: random.Random, tokenize: str, longest: int = 12) -> str:
    pieces = CHINESE if tokenize in ("zh", "char") else ENGLISH
    length = draw.randint(0, longest)
    return ("" if pieces is CHINESE else " ").join(draw.choices(pieces, k=length))


def close(draw: random.Random, text: str) -> str:
    """A text with a few words left out or put in a new place."""
    words = text.split(" ")
    for _ in range(draw.randint(0, 3)):
        word = words.pop(draw.randrange(len(words))) if words else "it"
        if draw.random() < 0.5:
            words.insert(draw.randint(0, len(words)), word)
    return " ".join(words)


@pytest.mark.parametrize("smoothing", METHODS)
@pytest.mark.parametrize("tokenize", ["13a", "zh", "char", "none"])
def test_equal_to_sacrebleu(tokenize, smoothing):
    draw = random.Random(f"{tokenize}{smoothing}")
    for _ in range(250):
        size, number = draw.randint(1, 5), draw.randint(1, 3)
        groups = [
            [sentence(draw, tokenize) for _ in range(number)] for _ in range(size)
        ]
        hypotheses = [
            close(draw, group[0])
            if draw.random() < 0.7
            else sentence(draw, tokenize, 4)
            for group in groups
        ]
        value = draw.choice([None, 0.3]) if smoothing in ("floor", "add-k") else None
        ours = corpus_bleu(hypotheses, groups, tokenize, smoothing, value)
        streams = [list(stream) for stream in zip(*groups, strict=True)]
        theirs = sacrebleu.corpus_bleu(
            hypotheses,
            streams,
            smooth_method=smoothing,
            smooth_value=value,
            tokenize=tokenize,
            force=True,
        )
        assert ours.score == pytest.approx(theirs.score, abs=1e-9)
        assert ours.precisions == pytest.approx(theirs.precisions, abs=1e-9)
        assert ours.brevity_penalty == pytest.approx(theirs.bp, abs=1e-12)
        assert ours.hypothesis_length == theirs.sys_len
        assert ours.reference_length == theirs.ref_len


@pytest.mark.parametrize("smoothing", METHODS)
def test_sentences_equal_to_sacrebleu(smoothing):
    draw = random.Random(2)
    for _ in range(500):
        group = [sentence(draw, "13a", 7) for _ in range(draw.randint(1, 3))]
        hypothesis = close(draw, draw.choice(group))
        ours = sentence_bleu(hypothesis, group, smoothing=smoothing)
        theirs = sacrebleu.sentence_bleu(hypothesis, group, smooth_method=smoothing)
        assert ours.score == pytest.approx(theirs.score, abs=1e-9)


def test_a_different_number_of_references_for_each_sentence():
    hypotheses = ["the cat sat on the mat", "it rains today , really"]
    groups = [["the cat sat on a mat", "a cat lay on the mat"], "it rains , really"]
    theirs = sacrebleu.corpus_bleu(
        hypotheses, [[groups[0][0], groups[1]], [groups[0][1], None]]
    )
    assert corpus_bleu(hypotheses, groups).score == pytest.approx(theirs.score)


def test_statistics_of_a_selection_are_the_bleu_of_that_selection():
    draw = random.Random(3)
    references = [sentence(draw, "13a") for _ in range(40)]
    hypotheses = [close(draw, reference) for reference in references]
    statistics = bleu_statistics(hypotheses, references)
    chosen = np.array([draw.randrange(40) for _ in range(40)])
    whole = corpus_bleu(
        [hypotheses[i] for i in chosen], [references[i] for i in chosen]
    )
    assert bleu_from_statistics(statistics[chosen]) == whole


def test_limits():
    text = "one two three four five"
    assert corpus_bleu([text], [text]).score == pytest.approx(100)
    assert corpus_bleu(["six"], [text]).score == 0
    assert corpus_bleu([""], [text]).score == 0
    assert corpus_bleu([""], [text]).brevity_penalty == 0
    assert corpus_bleu([""], [""]).score == 0
    assert corpus_bleu([text], [""]).score == 0
    assert sentence_bleu("", text).score == 0
    # Too short for an n-gram of four words: only a single sentence is forgiven.
    assert sentence_bleu("two words", "two words").score == pytest.approx(100)
    assert corpus_bleu(["two words"], ["two words"]).score == 0


def test_bad_input_says_what_is_wrong():
    with pytest.raises(ValueError, match="nothing to measure"):
        corpus_bleu([], [])
    with pytest.raises(ValueError, match="as many"):
        corpus_bleu(["a"], ["a", "b"])
    with pytest.raises(ValueError, match="hypothesis 1 has no reference"):
        corpus_bleu(["a", "b"], ["a", []])
    with pytest.raises(ValueError, match="put it into a list"):
        corpus_bleu("a", "a")
    with pytest.raises(ValueError, match="exp, floor, add-k, none"):
        corpus_bleu(["a"], ["a"], smoothing="laplace")
    with pytest.raises(ValueError, match="order must be at least 1"):
        corpus_bleu(["a"], ["a"], order=0)
    with pytest.raises(ValueError, match="no segment"):
        bleu_from_statistics(np.zeros((0, 10), dtype=np.int64))
