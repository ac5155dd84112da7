"""ROUGE-L against the textbook's table."""

from __future__ import annotations

import random

import pytest

from companion.metrics.rouge import longest_common_subsequence, rouge_l


def by_table(a: list[str], b: list[str]) -> int:
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a, 1):
        for j, y in enumerate(b, 1):
            table[i][j] = (
                table[i - 1][j - 1] + 1
                if x == y
                else max(table[i - 1][j], table[i][j - 1])
            )
    return table[-1][-1]


def test_common_subsequence_equals_the_table():
    draw = random.Random(1)
    for _ in range(3000):
        letters = "ab" if draw.random() < 0.3 else "abcdefgh"
        a = draw.choices(letters, k=draw.randint(0, 20))
        b = draw.choices(letters, k=draw.randint(0, 20))
        assert longest_common_subsequence(a, b) == by_table(a, b)
    # Longer than a machine word.
    a, b = draw.choices("abcde", k=300), draw.choices("abcde", k=200)
    assert longest_common_subsequence(a, b) == by_table(a, b)


def test_scores_equal_the_table():
    draw = random.Random(2)
    words = ["Police", "killed", "the", "gunman", "kill", "我", "们", "3"]
    for _ in range(1000):
        hypothesis, reference = (
            draw.choices(words, k=draw.randint(1, 9)) for _ in range(2)
        )
        found = rouge_l(" ".join(hypothesis) + " !", ", ".join(reference))
        shared = by_table([w.lower() for w in hypothesis], [w.lower() for w in reference])  # fmt: skip
        assert found.precision == pytest.approx(shared / len(hypothesis))
        assert found.recall == pytest.approx(shared / len(reference))
        if shared:
            harmonic = 2 / (1 / found.precision + 1 / found.recall)
            assert found.f1 == pytest.approx(harmonic)
        else:
            assert found.f1 == 0


def test_lin_s_example():
    # Lin (2004), section 3.1: S2 3/4, S3 1/2 against "police killed the gunman".
    reference = "police killed the gunman"
    assert rouge_l("police kill the gunman", reference).f1 == 0.75
    assert rouge_l("the gunman kill police", reference).f1 == 0.5


def test_chinese_and_a_tokenizer_of_one_s_own():
    assert rouge_l("我爱写诗。", "我爱写程序").recall == pytest.approx(3 / 5)
    assert rouge_l("Ab", "ab", tokenize=list).f1 == 0.5


def test_an_empty_text_scores_zero():
    for a, b in (("", "a"), ("a", ""), ("", ""), ("?!", "a")):
        scores = rouge_l(a, b)
        assert (scores.precision, scores.recall, scores.f1) == (0, 0, 0)
