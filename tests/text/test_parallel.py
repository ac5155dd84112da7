"""Sentence pairs to batches: pieces, padding, epochs."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from companion.corpora import phrasebook
from companion.text.parallel import PAD, PairEncoder, pieces
from companion.text.vocabulary import Vocabulary

PAIRS = [(p.source, p.target) for p in list(phrasebook())[:300]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I love programming.", ["I", "love", "programming", "."]),
        (
            "Friday, March 13, 1981",
            ["Friday", ",", "March", "1", "3", ",", "1", "9", "8", "1"],
        ),
        ("1981年3月13日星期五", list("1981年3月13日星期五")),
        ("my father's book", ["my", "father's", "book"]),
        ("我爱Python。", ["我", "爱", "Python", "。"]),
        ("  ", []),
    ],
)
def test_pieces(text, wanted):
    assert pieces(text) == wanted


@given(st.text())
def test_pieces_lose_only_white_space(text):
    kept = "".join(pieces(text))
    assert [c for c in kept if not c.isspace()] == [c for c in text if not c.isspace()]


def test_every_target_of_the_phrasebook_comes_back():
    encoder = PairEncoder.train(PAIRS)
    for _, target in PAIRS:
        if " " not in target:
            assert encoder.text(encoder.target_ids(target).tolist()) == target


def test_a_batch_is_padded_behind_the_sentences():
    encoder = PairEncoder.train(PAIRS)
    batch = encoder.batch(PAIRS[:20])
    for row, (source, target) in enumerate(PAIRS[:20]):
        length = int(batch.lengths[row])
        assert length == len(pieces(source))
        assert encoder.source.decode(batch.source[row, :length].tolist()) == pieces(
            source
        )
        assert (batch.source[row, length:] == 0).all()
        assert encoder.text(batch.target[row].tolist()) == "".join(pieces(target))


def test_an_epoch_holds_every_pair_once_and_depends_on_the_step_alone():
    encoder = PairEncoder.train(PAIRS)
    draw, again = encoder.batches(PAIRS, 50), encoder.batches(PAIRS, 50)
    seen = Counter(
        tuple(row.tolist())[: int(n)]
        for step in range(6)
        for row, n in zip(draw(step).source, draw(step).lengths, strict=True)
    )
    assert seen == Counter(
        tuple(encoder.source_ids(source).tolist()) for source, _ in PAIRS
    )
    for step in (7, 2, 7):
        for a, b in zip(draw(step), again(step), strict=True):
            assert torch.equal(a, b)
    assert not torch.equal(draw(0).source[0, :3], draw(6).source[0, :3]) or not (
        torch.equal(draw(0).lengths, draw(6).lengths)
    )
    assert not all(
        torch.equal(a, b)
        for a, b in zip(
            encoder.batches(PAIRS, 50, seed=1)(0).lengths, draw(0).lengths, strict=True
        )
    )


def test_unknown_words_stay_visible():
    encoder = PairEncoder.train([("a b", "甲乙")])
    ids = encoder.source_ids("a z")
    assert encoder.source.decode(ids) == ["a", "<unk>"]
    assert encoder.text(encoder.target_ids("甲丙").tolist()) == "甲<unk>"


def test_bad_input_says_what_is_wrong():
    encoder = PairEncoder.train(PAIRS)
    with pytest.raises(ValueError, match="nothing to translate"):
        encoder.source_ids("  ")
    with pytest.raises(ValueError, match="empty"):
        encoder.batch([])
    with pytest.raises(ValueError, match="no pair"):
        PairEncoder.train([])
    with pytest.raises(ValueError, match="between 1 and the number of pairs"):
        encoder.batches(PAIRS, 301)
    with pytest.raises(ValueError, match=PAD):
        PairEncoder(Vocabulary(["a"]), Vocabulary(["b"]))
