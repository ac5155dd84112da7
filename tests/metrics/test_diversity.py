"""Variety and copies: equal to the definitions on random texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.metrics.bleu import sentence_bleu
from companion.metrics.diversity import CopyFinder, distinct, self_bleu

letters = st.text("abc", max_size=14)


@given(st.lists(letters, max_size=5), st.text("abcd", max_size=14))
def test_the_automaton_finds_what_a_search_finds(old: list[str], new: str) -> None:
    slow = [
        max(k for k in range(i + 1) if k == 0 or any(new[i - k : i] in t for t in old))
        for i in range(1, len(new) + 1)
    ]
    assert CopyFinder(old).runs(new).tolist() == slow
    assert CopyFinder(old).longest(new) == max(slow, default=0)


@given(st.lists(letters, max_size=5), st.integers(1, 4))
def test_distinct_counts_what_a_set_holds(texts: list[str], n: int) -> None:
    grams = [t[i : i + n] for t in texts for i in range(len(t) - n + 1)]
    wanted = len(set(grams)) / len(grams) if grams else 1.0
    assert distinct(texts, n) == wanted


def test_self_bleu_is_the_mean_over_the_others() -> None:
    texts = ["We walk home now.", "We walk home later.", "It is a warm day today."]
    wanted = [sentence_bleu(t, [u for u in texts if u is not t]).score for t in texts]
    assert self_bleu(texts) == pytest.approx(sum(wanted) / 3)
    assert self_bleu(texts[:2]) > self_bleu([texts[0], texts[2]])


def test_senseless_calls_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        distinct(["ab"], 0)
    with pytest.raises(ValueError, match="at least two"):
        self_bleu(["a"])
