"""Sentence embeddings: padding does not count, the loss is its formula, and partners learn to find each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.models.bert import Bert, BertConfig
from companion.models.sentence_embedding import (
    SentenceEncoder,
    info_nce,
    mean_pool,
    padded,
)
from companion.training.optimizers import Adam

VOCAB = 40


def read(text: str) -> np.ndarray:
    """Letters as ids from 3 on, between 1 and 2."""
    return np.array([1, *(3 + ord(c) % 37 for c in text), 2])


def make(pooling: str = "mean") -> SentenceEncoder:
    torch.manual_seed(0)
    shape = BertConfig(VOCAB, context=20, layers=2, d_model=16, heads=4)
    return SentenceEncoder(Bert(shape), read, pooling)


@given(
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=5),
    noise=st.sampled_from([0.0, 7.0, math.inf, math.nan]),
)
@settings(deadline=None)
def test_the_mean_is_that_of_the_tokens(lengths: list[int], noise: float) -> None:
    g = torch.Generator().manual_seed(len(lengths))
    h = torch.randn(len(lengths), 6, 3, dtype=torch.double, generator=g)
    for row, length in enumerate(lengths):
        h[row, length:] = noise
    found = mean_pool(h, torch.tensor(lengths))
    for row, length in enumerate(lengths):
        torch.testing.assert_close(found[row], h[row, :length].mean(0))


@pytest.mark.parametrize("lengths", [[0, 2], [2, 4]])
def test_impossible_lengths_are_named(lengths: list[int]) -> None:
    with pytest.raises(ValueError, match="between 1 and 3"):
        mean_pool(torch.zeros(2, 3, 1), torch.tensor(lengths))


@given(pairs=st.integers(2, 6), seed=st.integers(0, 99), tau=st.floats(0.05, 2))
@settings(deadline=None, max_examples=25)
def test_the_loss_is_its_formula(pairs: int, seed: int, tau: float) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, pairs, 5))

    def cosine(u: np.ndarray, v: np.ndarray) -> float:
        return float(u @ v / math.sqrt(u @ u) / math.sqrt(v @ v))

    total = 0.0
    for i in range(pairs):
        for x, others in ((a[i], b), (b[i], a)):
            scores = [math.exp(cosine(x, other) / tau) for other in others]
            total -= math.log(scores[i] / sum(scores)) / (2 * pairs)
    found = info_nce(torch.from_numpy(a), torch.from_numpy(b), tau)
    assert found.item() == pytest.approx(total)
    longer = info_nce(7 * torch.from_numpy(a), torch.from_numpy(b), tau)
    assert longer.item() == pytest.approx(total)


def test_the_loss_grows_when_a_partner_is_lost() -> None:
    vectors = torch.eye(4)
    right = info_nce(vectors, vectors, 0.1)
    wrong = info_nce(vectors, vectors.roll(1, 0), 0.1)
    assert right < 0.01 < 5 < wrong


@pytest.mark.parametrize(
    ("pairs", "temperature", "message"),
    [(1, 0.05, "at least two pairs"), (3, 0.0, "temperature"), (3, -1.0, "temperature")],
)  # fmt: skip
def test_wrong_calls_of_the_loss_are_named(pairs, temperature, message) -> None:
    with pytest.raises(ValueError, match=message):
        info_nce(torch.ones(pairs, 2), torch.ones(pairs, 2), temperature)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_a_text_has_the_same_vector_in_any_company(pooling: str) -> None:
    encoder = make(pooling)
    texts = ["a", "two words", "", "the longest of all", "b"]
    together = encoder.encode(texts, batch=3)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    assert np.abs(together[0] - together[4]).max() > 1e-4


def test_the_padding_id_does_not_count() -> None:
    encoder = make()
    texts = ["a", "two words"]
    before = encoder.encode(texts)
    encoder.pad_id = 17
    np.testing.assert_allclose(encoder.encode(texts), before, atol=1e-6)


def test_encoding_leaves_the_model_as_it_was() -> None:
    encoder = make().train()
    encoder.encode(["a"])
    assert encoder.training


def test_wrong_calls_are_named() -> None:
    encoder = make()
    with pytest.raises(ValueError, match="no text"):
        encoder.encode([])
    with pytest.raises(ValueError, match="needs a token"):
        padded([np.array([1]), np.array([], dtype=np.int64)])
    with pytest.raises(ValueError, match="pooling must be one of"):
        make("max")


def test_partners_find_each_other() -> None:
    """The two writings of a word, forward and in capitals: no letter in common."""
    words = ["cat", "dog", "bird", "fish", "horse", "cow", "ant", "bee"]
    capitals = [word.upper() for word in words]
    encoder = make()
    optimizer = Adam(encoder.parameters(), lr=3e-3)
    a, b = padded([read(w) for w in words]), padded([read(w) for w in capitals])
    for _ in range(60):
        optimizer.zero_grad()
        info_nce(encoder(*a), encoder(*b)).backward()
        optimizer.step()
    nearest = (encoder.encode(words) @ encoder.encode(capitals).T).argmax(1)
    assert nearest.tolist() == list(range(8))
