"""Exact match and token F1 against SQuAD's evaluation, written out again, and by hand for Chinese."""

from __future__ import annotations

import random
import re
import string

import pytest

from companion.metrics.answers import (
    answer_tokens,
    exact_match,
    normalize_answer,
    token_f1,
)


def squad_normal(text: str) -> str:
    """As SQuAD does it for English: small letters, no punctuation, no articles, single spaces."""
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def squad_f1(answer: str, reference: str) -> float:
    written, wanted = squad_normal(answer).split(), squad_normal(reference).split()
    if not written or not wanted:
        return float(written == wanted)
    left, shared = list(wanted), 0
    for word in written:
        if word in left:
            left.remove(word)
            shared += 1
    if shared == 0:
        return 0.0
    precision, recall = shared / len(written), shared / len(wanted)
    return 2 * precision * recall / (precision + recall)


def test_english_equals_squad():
    draw = random.Random(1)
    pieces = [
        *["the", "The", "A", "an", "cat", "Cat's", "hat", "theory", "a-b", "3.5", "$5"],
        *["!", "?", " ", "  ", "(", ")"],
    ]
    for _ in range(4000):
        answer, first, second = (
            " ".join(draw.choices(pieces, k=draw.randint(0, 6))) for _ in range(3)
        )
        assert normalize_answer(answer) == squad_normal(answer)
        f1 = max(squad_f1(answer, first), squad_f1(answer, second))
        assert token_f1(answer, [first, second]) == pytest.approx(f1)
        same = squad_normal(answer) in (squad_normal(first), squad_normal(second))
        assert exact_match(answer, [first, second]) == float(same)


@pytest.mark.parametrize(
    ("answer", "reference", "exact", "f1"),
    [
        ("门控循环单元。", "门控循环单元", 1, 1),
        ("门控 循环 单元", "门控循环单元", 1, 1),
        ("循环单元", "门控循环单元", 0, 0.8),
        ("ＧＲＵ（门控循环单元）", "GRU 门控循环单元", 1, 1),
        ("《数学》", "数学", 1, 1),
        ("诗", "散文", 0, 0),
        ("2014年", "2014 年", 1, 1),
    ],
)
def test_chinese(answer, reference, exact, f1):
    assert exact_match(answer, reference) == exact
    assert token_f1(answer, reference) == pytest.approx(f1)


def test_tokens_of_mixed_scripts():
    assert answer_tokens("The RNN网络 is old") == ["rnn", "网", "络", "is", "old"]


def test_an_empty_answer_matches_only_an_empty_reference():
    assert exact_match("", "") == token_f1("", "") == 1
    assert exact_match("the", "") == token_f1("?!", "") == 1
    assert exact_match("", "cat") == token_f1("", "cat") == token_f1("cat", "") == 0
    assert token_f1("", ["cat", ""]) == 1


def test_no_reference_is_refused():
    for measure in (exact_match, token_f1):
        with pytest.raises(ValueError, match="no reference"):
            measure("cat", [])
