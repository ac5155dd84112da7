from __future__ import annotations

import re

import pytest

from companion.corpora.corpus import Pair, ParallelCorpus, Split
from companion.corpora.phrases import (
    held_out_combinations,
    held_out_length,
    held_out_words,
    phrasebook,
    random_split,
)
from companion.corpora.phrases.splits import HELD_OUT_WORDS

CORPUS = phrasebook()
SPLITS = {
    "random": random_split(CORPUS),
    "combinations": held_out_combinations(CORPUS),
    "words": held_out_words(CORPUS),
    "length": held_out_length(CORPUS),
}


def tags(corpus: ParallelCorpus) -> set[str]:
    return {tag for pair in corpus for tag in pair.tags}


@pytest.mark.parametrize("name", SPLITS)
def test_parts_are_disjoint_on_both_sides_and_cover_the_corpus(name: str) -> None:
    split = SPLITS[name]
    parts = (split.train, split.valid, split.test)
    assert sum(len(part) for part in parts) == len(CORPUS)
    assert len({pair.source for part in parts for pair in part}) == len(CORPUS)
    assert len({pair.target for part in parts for pair in part}) == len(CORPUS)
    assert all(len(part) >= 400 for part in parts)


@pytest.mark.parametrize("name", ["random", "combinations", "words"])
def test_every_construction_of_the_test_is_in_training(name: str) -> None:
    split = SPLITS[name]
    frames = {tag for tag in tags(split.test) if tag.startswith("construction:")}
    assert frames <= tags(split.train)
    assert len(frames) >= 15


def test_held_out_combinations_are_never_in_training_but_their_parts_are() -> None:
    split = SPLITS["combinations"]
    seen = {
        tag
        for tag in tags(split.train) | tags(split.valid)
        if tag.startswith("combination:")
    }
    held = {tag for tag in tags(split.test) if tag.startswith("combination:")} - seen
    assert len(held) >= 40
    assert all(pair.tags & held for pair in split.test)
    for tag in held:
        verb, noun = tag.removeprefix("combination:").split("+")
        assert sum(f"verb:{verb}" in pair.tags for pair in split.train) >= 10
        assert sum(f"noun:{noun}" in pair.tags for pair in split.train) >= 10


def test_held_out_combinations_do_not_hide_in_untagged_sentences() -> None:
    # By the words themselves: "read ... novel" without a word between that starts another object.
    split = SPLITS["combinations"]
    held = (
        {tag for tag in tags(split.test) if tag.startswith("combination:")}
        - tags(split.train)
        - tags(split.valid)
    )
    for tag in held:
        verb, noun = tag.removeprefix("combination:").split("+")
        stem = re.escape(verb.removesuffix("e"))
        close = re.compile(
            rf"\b{stem}(?:e|es|ed|s|ing|) (?:(?:an?|the|this|that|these|those|two|three|any|my|new|old) )*{noun}s?\b"
        )
        assert [pair for pair in split.train if close.search(pair.source)] == [], tag


def test_held_out_words_are_only_in_the_test() -> None:
    split = SPLITS["words"]
    assert all(pair.tags & set(HELD_OUT_WORDS) for pair in split.test)
    for word in HELD_OUT_WORDS:
        text = word.split(":")[1]
        pattern = re.compile(rf"\b{text}(s|'s)?\b")
        assert sum(bool(pattern.search(pair.source)) for pair in split.test) >= 30
        assert [
            pair
            for part in (split.train, split.valid)
            for pair in part
            if pattern.search(pair.source)
        ] == []


def test_a_few_sentences_may_introduce_each_held_out_word() -> None:
    none, some = SPLITS["words"], held_out_words(CORPUS, shots=5)
    assert len(some.train) - len(none.train) == 5 * len(HELD_OUT_WORDS)
    assert len(some.train) + len(some.valid) + len(some.test) == len(CORPUS)
    for word in HELD_OUT_WORDS:
        shown = [pair for pair in some.train if word in pair.tags]
        assert len(shown) == 5
        assert max(len(pair.source.split()) for pair in shown) <= 7
        assert not any(word in pair.tags for pair in some.valid)


def test_held_out_length() -> None:
    split = held_out_length(CORPUS, longest=10)
    assert (
        max(
            len(pair.source.split())
            for part in (split.train, split.valid)
            for pair in part
        )
        == 10
    )
    assert min(len(pair.source.split()) for pair in split.test) == 11
    # What is new is the length, not the words.
    words = {
        word
        for pair in split.train
        for word in re.findall(r"[\w'-]+", pair.source.lower())
    }
    new = {
        word
        for pair in split.test
        for word in re.findall(r"[\w'-]+", pair.source.lower())
    } - words
    assert sum(
        bool(new & set(re.findall(r"[\w'-]+", p.source.lower()))) for p in split.test
    ) < 0.2 * len(split.test)


def test_splits_do_not_change() -> None:
    again: Split[ParallelCorpus] = held_out_combinations(CORPUS)
    assert again.test.fingerprint == SPLITS["combinations"].test.fingerprint
    assert again.train.fingerprint == SPLITS["combinations"].train.fingerprint


def test_bad_arguments_say_what_to_try() -> None:
    plain = ParallelCorpus(
        "plain", (Pair("Hello.", "你好。"),), "en", "zh", "CC0-1.0", "here"
    )
    with pytest.raises(ValueError, match="no tags to split by"):
        held_out_combinations(plain)
    with pytest.raises(ValueError, match=r"fraction between 0 and 1, got 1\.5"):
        held_out_combinations(CORPUS, fraction=1.5)
    with pytest.raises(ValueError, match="noun:dragon"):
        held_out_words(CORPUS, words=["noun:dragon"])
    with pytest.raises(ValueError, match="shots counts sentences, got -1"):
        held_out_words(CORPUS, shots=-1)
    with pytest.raises(ValueError, match="longest=99"):
        held_out_length(CORPUS, longest=99)
    with pytest.raises(ValueError, match="leave something to train on"):
        random_split(CORPUS, valid=0.6, test=0.6)
