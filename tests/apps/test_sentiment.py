"""The sentiment analyzer: the acceptance examples, what it refuses, what it keeps, and what it must never do."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.apps import SentimentAnalyzer
from companion.apps.sentiment import LABELS, sentences_of
from companion.corpora import Split, sentiment, sentiment_split


@pytest.fixture(scope="module")
def analyzer() -> SentimentAnalyzer:
    return SentimentAnalyzer.load()


# Acceptance


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("我今天很开心。", "positive"),
        ("我今天感觉很好。", "positive"),
        ("这家餐厅太差了，再也不来了。", "negative"),
        ("火车九点从北京站出发。", "neutral"),
        ("I love this song.", "positive"),
        ("The soup was cold and the waiter was rude.", "negative"),
        ("The train leaves at nine.", "neutral"),
    ],
)
def test_plain_sentences(analyzer, text: str, label: str) -> None:
    found = analyzer.analyze(text)
    assert found.label == label
    assert found.probability == max(found.probabilities.values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_well_above_chance_on_sentences_it_has_not_seen(
    analyzer, language
) -> None:
    test = list(sentiment_split(language).test)
    found = [analyzer.analyze(d.text) for d in test]
    right = np.array([f.label == d.label for f, d in zip(found, test, strict=True)])
    assert right.mean() > 0.5
    # What it is surer of is right more often, and it is about as sure as it is right.
    sure = np.array([f.probability for f in found])
    assert right[sure > np.median(sure)].mean() > right[sure <= np.median(sure)].mean()
    assert abs(sure.mean() - right.mean()) < 0.1


def test_a_longer_text_is_read_sentence_by_sentence(analyzer) -> None:
    found = analyzer.analyze(
        "I love this song. The bus was late and the driver was rude."
    )
    assert [s.label for s in found.sentences] == ["positive", "negative"]
    mean = np.mean([list(s.probabilities.values()) for s in found.sentences], axis=0)
    np.testing.assert_allclose(list(found.probabilities.values()), mean)


def test_evidence_is_in_the_text_and_adds_up_to_the_label(analyzer) -> None:
    found = analyzer.analyze("What a wonderful, delicious dinner!")
    assert {"wonderful", "delicious"} & {e.words for e in found.evidence}
    assert sum(e.weight for e in found.evidence) > 0
    assert all(
        e.words in "what a wonderful , delicious dinner !" for e in found.evidence
    )
    weights = [abs(e.weight) for e in found.evidence]
    assert weights == sorted(weights, reverse=True)
    chinese = analyzer.analyze("我今天很开心。")
    assert "开心" in {e.words for e in chinese.evidence}


# Saving and loading


def test_what_was_saved_comes_back(analyzer, tmp_path) -> None:
    analyzer.save(tmp_path)
    again = SentimentAnalyzer.load(tmp_path)
    for text in ("I love it. It broke.", "我今天很开心。", "🙂"):
        assert again.analyze(text) == analyzer.analyze(text)
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) < 2_000_000


def test_what_is_damaged_or_missing_is_named(analyzer, tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match="save"):
        SentimentAnalyzer.load(tmp_path / "nothing")
    analyzer.save(tmp_path)
    path = tmp_path / "arrays.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="damaged"):
        SentimentAnalyzer.load(tmp_path)


def test_examples_must_be_there_in_both_languages_and_all_classes() -> None:
    whole = sentiment_split("en")
    with pytest.raises(ValueError, match="'zh'"):
        SentimentAnalyzer.fit({"en": whole})
    two = Split(
        *(
            part.where(lambda d: d.label != "neutral")
            for part in (whole.train, whole.valid, whole.test)
        )
    )
    with pytest.raises(ValueError, match="labels must be"):
        SentimentAnalyzer.fit({"en": two, "zh": whole})


def test_it_learns_from_what_it_is_given() -> None:
    english, chinese = sentiment_split("en"), sentiment_split("zh")
    by_hand = SentimentAnalyzer.fit({"en": english, "zh": chinese})
    assert by_hand.temperatures == SentimentAnalyzer.load().temperatures
    few = sentiment("en").split()
    assert (
        SentimentAnalyzer.fit({"en": few, "zh": chinese}).temperatures
        != by_hand.temperatures
    )


# Bad input


@pytest.mark.parametrize("text", ["", "  \n", "\x00\x01"])
def test_nothing_is_refused(analyzer, text: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        analyzer.analyze(text)


def test_what_is_no_text_is_refused(analyzer) -> None:
    with pytest.raises(TypeError, match="str"):
        analyzer.analyze(b"good")
    with pytest.raises(ValueError, match="at most"):
        analyzer.analyze("a" * 1_000_001)


@pytest.mark.parametrize("text", ["🙂", "שלום עולם", "Привет", "\ud800"])
def test_what_it_does_not_know_is_neutral_and_a_guess(analyzer, text: str) -> None:
    found = analyzer.analyze(text)
    assert found.label == "neutral"
    assert found.probability == pytest.approx(1 / 3)
    assert found.evidence == ()


@pytest.mark.parametrize(
    "piece", ["a ", "好吃。", "a. ", "x", "!", ".\n", "我们 love 它", "שלום\u202e"]
)
def test_a_million_characters_are_read_in_seconds(analyzer, piece: str) -> None:
    text = (piece * (1_000_000 // len(piece)))[:1_000_000]
    start = time.process_time()
    assert analyzer.analyze(text).label in LABELS
    assert time.process_time() - start < 30


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=100)
def test_any_text_has_a_result_or_a_clear_refusal(text: str) -> None:
    try:
        found = _ANALYZER.analyze(text)
    except ValueError:
        with pytest.raises(ValueError, match="type a word"):
            _ANALYZER.analyze(text)
        return
    assert set(found.probabilities) == set(LABELS)
    assert sum(found.probabilities.values()) == pytest.approx(1)
    assert found.probability == found.probabilities[found.label]
    assert found.sentences


_ANALYZER = SentimentAnalyzer.load()


@given(st.text(alphabet='ab.!?。！… \n"”', max_size=60))
def test_sentences_lose_nothing_but_white_space(text: str) -> None:
    joined = "".join(sentences_of(text))
    assert "".join(joined.split()) == "".join(text.split())
