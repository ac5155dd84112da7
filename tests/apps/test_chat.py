"""The chat bot: the acceptance example, conversations in both languages, streaming, bad input."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.apps.chat import LIMIT, ChatBot, Services
from companion.apps.clock import Clock
from companion.corpora.intents import utterance_split


@dataclass
class Reader:
    """Answers what holds a known word."""

    def answer(self, question: str) -> Any:
        known = (
            "perplexity" in question or "GRU" in question or "自然语言处理" in question
        )
        return SimpleNamespace(found=known, answer=f"<{question}>", link="page.html")


@dataclass
class Finder:
    def search(self, query: str, k: int = 10) -> Any:
        return (
            [SimpleNamespace(title=f"About {query}", link="s.html")]
            if "zzz" not in query
            else []
        )


class Writer:
    taken = 0

    def stream(
        self, prompt: str, *, language: str | None = None, seed: int = 0
    ) -> Iterator[str]:
        for word in (" one", " two", " three"):
            self.taken += 1
            yield word


def bot(**more: Any) -> ChatBot:
    writer = Writer()
    services = Services(
        answer=Reader,
        search=Finder,
        write=lambda: writer,
        clock=Clock(lambda: datetime(2026, 3, 1, 9, 5)),
    )
    return ChatBot(services, **more)


def test_the_weather_is_refused_in_the_language_of_the_question() -> None:
    refused = bot().answer("明天天气怎么样？")
    assert refused.intent == "other"
    assert refused.language == "zh"
    assert "天气" in refused.reply
    assert "课" in refused.reply
    assert "算" in refused.reply
    english = bot().answer("What is the weather like tomorrow?")
    assert english.intent == "other"
    assert "weather" in english.reply
    assert "course" in english.reply


@pytest.mark.parametrize(
    ("lines", "replies"),
    [
        (["What is 12 times 7?", "and times three?", "divide that by 2"], ["84", "252", "126"]),
        (["12乘以7等于多少？", "再除以二呢？"], ["84", "42"]),
        (["What time is it?", "What day is it today?", "and tomorrow?"],
         ["09:05", "Sunday, March 1, 2026", "Monday, March 2"]),
        (["现在几点？", "今天星期几？", "那明天呢？"], ["09:05", "2026年3月1日星期日", "2026年3月2日星期一"]),
        (["My name is Ada.", "What is my name?", "Bye!"], ["Ada", "Your name is Ada", "Goodbye, Ada"]),
        (["我叫小明。", "我叫什么名字？"], ["小明", "你叫小明"]),
        (["What is perplexity?", "Tell me more", "And the GRU?"],
         ["<What is perplexity?> (See page.html)", "About perplexity", "<What is the GRU?>"]),
        (["什么是自然语言处理？", "还有呢？"], ["<什么是自然语言处理？>（见 page.html）", "About 自然语言处理"]),
        (["What is 2 + 2?", "Who won the match last night?", "What was the last result?"], ["4", "cannot", "4"]),
        (["9^9^9", "1/0"], ["too large", "zero"]),
        (["Continue: The method returns"], ["The method returns one two three"]),
        (["Hello!", "What did I say?"], ["Hello", "“Hello!”"]),
        (["Thank you.", "Repeat that, please."], ["welcome", "welcome"]),
    ],
)  # fmt: skip
def test_conversations(lines: list[str], replies: list[str]) -> None:
    talking = bot()
    for line, reply in zip(lines, replies, strict=True):
        assert reply in talking.answer(line).reply


def test_a_forgotten_name_is_not_known() -> None:
    talking = bot()
    talking.answer("My name is Ada.")
    talking.reset()
    assert "not told" in talking.answer("What is my name?").reply


def test_an_answer_that_is_stopped_is_remembered_as_far_as_it_went() -> None:
    talking = bot()
    pieces = talking.reply("Continue: The method returns")
    for piece in pieces:
        if piece == " one":
            break
    pieces.close()
    last = talking.dialogue.last
    assert last is not None
    assert last.stopped
    assert last.reply.endswith("The method returns one")
    assert talking.services.write().taken == 1  # type: ignore[attr-defined]
    assert talking.answer("What is 2 + 2?").reply == "4"


def test_the_model_writes_piece_by_piece() -> None:
    assert list(bot().reply("Continue: The method returns"))[-3:] == [
        " one",
        " two",
        " three",
    ]


def test_the_language_can_be_fixed() -> None:
    assert bot(language="zh").answer("Hello!").reply.startswith("你好")
    with pytest.raises(ValueError, match="budget"):
        ChatBot(budget=0)


def test_without_letters_the_language_stays() -> None:
    talking = bot()
    talking.answer("你好！")
    assert talking.answer("1/0").language == "zh"


def test_what_has_no_answer_gets_sections_or_a_plain_no() -> None:
    assert "About attention" in bot().answer("What is attention?").reply
    talking = bot()
    talking.answer("What is perplexity?")
    assert "did not find" in talking.answer("And zzz?").reply


def test_saved_and_loaded(tmp_path: Path) -> None:
    split = utterance_split("en")
    made = ChatBot.fit(split.train, split.valid)
    made.save(tmp_path)
    loaded = ChatBot.load(tmp_path)
    assert (
        loaded.answer("Hello there, good morning!").reply
        == made.answer("Hello there, good morning!").reply
    )


def test_tools_answer_without_a_model() -> None:
    code = (
        "import sys\n"
        "from companion.apps.chat import ChatBot\n"
        "bot = ChatBot.load()\n"
        "print([bot.answer(t).reply for t in ('2 + 2', 'What time is it?', '再乘以三呢？')][0], 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["4", "False"], done.stderr


@pytest.mark.parametrize(
    ("text", "error"), [("", ValueError), (" \n\x00", ValueError), ("a" * (LIMIT + 1), ValueError), (7, TypeError)]
)  # fmt: skip
def test_bad_input_is_told_at_once(text: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        bot().reply(text)


@pytest.mark.parametrize(
    "text",
    ["a" * LIMIT, "😀" * 50, "مرحبا كيف حالك", "\u202eabc", "I 你 like 编程 😀?",
     "((((" * 900, "9" * 3000 + "*2", "and " * 900],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_strange_input_gets_an_answer(text: str) -> None:
    assert bot().answer(text).reply


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=3))
def test_any_text_gets_an_answer_or_a_value_error(lines: list[str]) -> None:
    talking = bot()
    for line in lines:
        with suppress(ValueError):  # nothing but signs that cannot be seen
            assert talking.answer(line).reply
