"""The utterances: enough of them, distinct, balanced, and no near copy in two parts."""

from collections import Counter
from pathlib import Path

import pytest

from companion.corpora import intents
from companion.corpora.cache import CorpusError
from companion.corpora.intents import INTENTS, OTHER, utterance_split, utterances


def overlap(one: str, other: str) -> float:
    """Share of the character n-grams of two texts that both have."""
    a, b = (
        {t[i : i + n] for i in range(len(t) - n + 1)}
        for t in (one.lower(), other.lower())
        for n in [3 if t.isascii() else 2]
    )
    return len(a & b) / max(len(a | b), 1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_intent_has_as_many_utterances(language: str) -> None:
    counts = Counter(document.label for document in utterances(language))
    assert {counts[intent] for intent in INTENTS} == {42}
    assert counts[OTHER] == 80
    assert set(counts) == {*INTENTS, OTHER}


def test_all_are_distinct_and_clean() -> None:
    texts = [d.text for language in ("en", "zh") for d in utterances(language)]
    assert len(texts) == len(set(texts)) > 1_000
    assert all(text == text.strip() and "\t" not in text for text in texts)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_parts_share_nothing_near(language: str) -> None:
    # Between two intents near copies are what makes the task: "How are you?", "Who are you?".
    split = utterance_split(language)
    assert len(split.train) + len(split.valid) + len(split.test) == 12 * 42 + 80
    for one in split.train:
        for other in (*split.valid, *split.test):
            if one.label == other.label:
                assert overlap(one.text, other.text) < 0.6, (one.text, other.text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_part_holds_every_intent(language: str) -> None:
    split = utterance_split(language)
    for part in (split.train, split.valid, split.test):
        assert {document.label for document in part} == {*INTENTS, OTHER}


def test_counterparts_lie_in_one_part() -> None:
    en, zh = utterance_split("en"), utterance_split("zh")
    for one, other in zip(
        (en.train, en.valid, en.test), (zh.train, zh.valid, zh.test), strict=True
    ):
        assert [d.id[3:] for d in one] == [d.id[3:] for d in other]


def test_errors_speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match='"en" or "zh"'):
        utterances("fr")
    (tmp_path / "en.tsv").write_text("intent\tpart\ttext\ngreet\tnowhere\tHi\n")
    monkeypatch.setattr(intents, "FOLDER", tmp_path)
    intents._rows.cache_clear()
    with pytest.raises(CorpusError, match="line 2"):
        utterances("en")
    intents._rows.cache_clear()
