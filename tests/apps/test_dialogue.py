"""The memory of a conversation, and what leans on it."""

from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.apps.clock import Clock, day_asked
from companion.apps.dialogue import Dialogue, Turn, name_in, newest_that_fit
from companion.apps.followups import (
    asks_for_more,
    completed,
    text_to_continue,
    topic_of,
)


def turn(size: int, **more: object) -> Turn:
    return Turn("a" * size, "", "greet", 1.0, "en", **more)  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(0, 40))
def test_the_longest_run_of_new_turns_that_fits(sizes: list[int], budget: int) -> None:
    turns = [turn(size) for size in sizes]
    kept = newest_that_fit(turns, budget, lambda t: len(t.said))
    assert kept == turns[len(turns) - len(kept) :]
    assert sum(len(t.said) for t in kept) <= budget
    if len(kept) < len(turns):
        assert sum(sizes[len(turns) - len(kept) - 1 :]) > budget


def test_facts_outlive_the_turns() -> None:
    memory = Dialogue(budget=10)
    memory.remember(turn(5, value=Fraction(84), topic="perplexity"))
    for _ in range(5):
        memory.remember(turn(8))
    assert (len(memory.turns), memory.dropped) == (1, 5)
    assert (memory.value, memory.topic) == (84, "perplexity")
    assert "5 earlier turns" in memory.transcript()
    memory.forget()
    assert (memory.turns, memory.value, memory.topic, memory.last) == (
        [],
        None,
        None,
        None,
    )


def test_the_last_turn_is_kept_however_long() -> None:
    memory = Dialogue(budget=3)
    memory.remember(turn(50))
    assert len(memory.turns) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My name is Ada.", "Ada"), ("Hello, I'm Julia.", "Julia"), ("你好，我叫小明。", "小明"),
        ("我是布朗博士。", "布朗博士"),
        ("What is my name?", None), ("我叫什么名字？", None), ("I like it", None),
    ],
)  # fmt: skip
def test_names(text: str, name: str | None) -> None:
    assert name_in(text) == name


def test_topics_and_what_leans_on_them() -> None:
    assert topic_of("What is perplexity?") == "perplexity"
    assert topic_of("什么是困惑度？") == "困惑度"
    assert asks_for_more("What about it?")
    assert not asks_for_more("What about the GRU?")
    assert completed("And the GRU?", "LSTM", "en") == "What is the GRU?"
    assert completed("那GRU呢？", "LSTM", "zh") == "什么是GRU？"
    assert completed("它怎么计算？", "困惑度", "zh") == "困惑度怎么计算？"
    assert completed("What is attention?", "LSTM", "en") is None
    assert text_to_continue("续写：今天") == "今天"


@given(st.text(max_size=100))
def test_any_text_is_looked_at(text: str) -> None:
    name_in(text), topic_of(text), asks_for_more(text)
    completed(text, "it", "en"), text_to_continue(text), day_asked(text)


def test_the_clock_speaks_both_languages() -> None:
    clock = Clock(lambda: datetime(2026, 12, 31, 9, 5))
    assert "09:05" in clock.time("en")
    assert "09:05" in clock.time("zh")
    assert clock.date("en", 1) == "Tomorrow is Friday, January 1, 2027."
    assert clock.date("zh", -2) == "前天是2026年12月29日星期二。"
