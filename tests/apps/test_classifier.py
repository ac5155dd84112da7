"""The classifier that comes with the course: languages, topics, any text whatever, and what was saved comes back."""

from __future__ import annotations

import dataclasses
import inspect
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.apps import TextClassifier
from companion.apps._artifact import CHECKPOINTS
from companion.apps.classifier import course_topics
from companion.corpora import sentiment

TOPICS = {str(document.group) for document in sentiment("en")}
SHIPPED = TextClassifier.load()


def test_the_example_of_the_course_is_classified() -> None:
    found = SHIPPED.classify("我今天感觉很好。")
    assert found.language == "zh"
    assert found.label in TOPICS
    assert found.probability == max(p for _, p in found.probabilities)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The sun is shining brightly.", "en"),
        ("I love programming.", "en"),
        ("今天天气怎么样？", "zh"),
        ("Où est la gare ?", "fr"),
        ("Ich lerne gerne neue Sprachen.", "de"),
        ("Мені подобається ця книга.", "uk"),
        ("나는 이 책을 좋아해요.", "ko"),
        ("ฉันชอบหนังสือเล่มนี้", "th"),
    ],
)
def test_languages_are_told(text: str, language: str) -> None:
    found = SHIPPED.classify(text)
    assert found.language == language
    assert (found.label is None) == (language not in ("en", "zh"))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("比赛最后一分钟进球了", "sport"),
        ("这本小说太好看了", "books"),
        ("今天天气怎么样？", "weather"),
        ("My phone battery dies by noon.", "phones"),
    ],
)
def test_a_topic_with_words_of_its_own_is_told(text: str, topic: str) -> None:
    assert SHIPPED.classify(text).label == topic


def check(found: object) -> None:
    for probabilities in (found.probabilities, found.languages):
        values = [p for _, p in probabilities]
        assert values == sorted(values, reverse=True)
        if values:
            assert sum(values) == pytest.approx(1, abs=1e-6)
    if found.label is None:
        assert found.probabilities == ()
        assert found.probability == 0
    else:
        assert (found.label, found.probability) == found.probabilities[0]
    assert 0 <= found.language_probability <= 1


@given(st.text(st.characters(), max_size=60))
@settings(deadline=None, max_examples=100)
def test_any_text_is_classified_or_refused(text: str) -> None:
    try:
        found = SHIPPED.classify(text)
    except ValueError:
        return
    check(found)


@pytest.mark.parametrize(
    "text",
    ["x", "🙂🙂", "12.5 %", "שלום עולם", "\u202eabc", "a\x00b", "好" * 1_000_000, "no " * 300_000, "我 like 它 ok"],
)  # fmt: skip
def test_odd_texts_have_an_answer_soon(text: str) -> None:
    started = time.perf_counter()
    check(SHIPPED.classify(text))
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize("text", ["12.5 %", "🙂🙂", "?!"])
def test_without_letters_nothing_is_claimed(text: str) -> None:
    found = SHIPPED.classify(text)
    assert (found.label, found.language) == (None, "und")


@pytest.mark.parametrize("text", ["", "  \n", "\x00"])
def test_an_empty_text_is_refused_with_advice(text: str) -> None:
    with pytest.raises(ValueError, match="empty: type"):
        SHIPPED.classify(text)


def test_what_is_no_text_or_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="1,000,001"):
        SHIPPED.classify("a" * 1_000_001)
    # The message is that of checked_text; while the tests run, the check of types is faster.
    with pytest.raises(TypeError, match="str"):
        inspect.unwrap(TextClassifier.classify)(SHIPPED, b"bytes")


def test_the_shipped_files_are_small() -> None:
    files = list((CHECKPOINTS / "classifier").iterdir())
    assert sum(file.stat().st_size for file in files) < 2_000_000


@pytest.fixture(scope="module")
def small() -> TextClassifier:
    texts, labels = course_topics("en")
    return TextClassifier.fit(
        (["good food here", "bon repas ici", "where is it", "où est-il"], ["en", "fr", "en", "fr"]),
        {"en": (texts[:300], labels[:300])},
    )  # fmt: skip


def test_it_is_fitted_on_what_it_is_given(small: TextClassifier) -> None:
    assert {name for name, _ in small.classify("good food").languages} == {"en", "fr"}
    assert small.classify("bon repas").language == "fr"
    assert small.classify("bon repas").label is None
    assert small.classify("where is the food").label is not None


def test_what_was_saved_comes_back(small: TextClassifier, tmp_path: Path) -> None:
    small.save(tmp_path / "saved")
    again = TextClassifier.load(tmp_path / "saved")
    for text in ("good food", "où est le repas", "a book"):
        one, other = small.classify(text), again.classify(text)
        assert (one.language, one.label) == (other.language, other.label)
        for a, b in ((one.probabilities, other.probabilities), (one.languages, other.languages)):  # fmt: skip
            assert dict(a).keys() == dict(b).keys()
            for name, p in a:
                assert dict(b)[name] == pytest.approx(p, abs=0.01)


def test_a_damaged_file_is_refused(small: TextClassifier, tmp_path: Path) -> None:
    small.save(tmp_path / "saved")
    path = tmp_path / "saved" / "arrays.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ValueError, match="damaged"):
        TextClassifier.load(tmp_path / "saved")


def test_the_result_cannot_be_changed() -> None:
    found = SHIPPED.classify("hello there")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.label = "other"


def test_topics_beat_a_guess_on_what_they_were_not_fitted_on() -> None:
    texts, labels = course_topics("zh")
    held = np.arange(len(texts)) % 5 == 0
    known = [i for i in range(len(texts)) if not held[i]]
    model = TextClassifier.fit(
        (["好的", "yes"], ["zh", "en"]),
        {"zh": ([texts[i] for i in known], [labels[i] for i in known])},
    )
    asked = np.flatnonzero(held)
    right = np.mean([model.classify(texts[i]).label == labels[i] for i in asked])
    assert right > 4 / len(TOPICS)
