"""Skip-gram with negative sampling: equal to NumPy in double precision, and it finds words that keep like company."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.models.word2vec import (
    SkipGram,
    SkipGramConfig,
    analogy,
    keep_probability,
    nearest,
    noise_distribution,
    skip_gram_pairs,
)
from companion.training.optimizers import Adam


def reference(v, u, pairs, negatives):
    """Loss and gradients, written with loops."""
    dv, du, total = np.zeros_like(v), np.zeros_like(u), 0.0
    for (center, context), drawn in zip(pairs, negatives, strict=True):
        for word, label in [(context, 1), *((w, 0) for w in drawn)]:
            p = 1 / (1 + np.exp(-v[center] @ u[word]))
            total -= np.log(p if label else 1 - p)
            dv[center] += (p - label) * u[word]
            du[word] += (p - label) * v[center]
    n = len(pairs)
    return total / n, dv / n, du / n


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 99))
def test_loss_and_gradients_equal_numpy(batch: int, drawn: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    model = SkipGram(SkipGramConfig(8, 5)).double()
    v, u = generator.normal(size=(2, 8, 5))
    model.center.weight.data = torch.tensor(v)
    model.context.weight.data = torch.tensor(u)
    pairs = generator.integers(8, size=(batch, 2))
    negatives = generator.integers(8, size=(batch, drawn))
    loss = model.loss(torch.tensor(pairs), torch.tensor(negatives))
    loss.backward()
    expected, dv, du = reference(v, u, pairs, negatives)
    assert loss.item() == pytest.approx(expected, abs=1e-12)
    np.testing.assert_allclose(model.center.weight.grad, dv, atol=1e-12)
    np.testing.assert_allclose(model.context.weight.grad, du, atol=1e-12)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.lists(st.integers(0, 50), max_size=9), max_size=4),
    st.integers(1, 4),
)
def test_pairs_are_neighbors_within_the_window(texts, window: int) -> None:
    # Words are made distinct, so that a pair says where it comes from.
    numbered, place = [], 0
    for text in texts:
        numbered.append(np.arange(place, place + len(text)))
        place += len(text) + 100
    pairs = skip_gram_pairs(numbered, window, np.random.default_rng(0))
    distance = np.abs(pairs[:, 0] - pairs[:, 1])
    assert ((distance >= 1) & (distance <= window)).all()
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    centers = set(pairs[:, 0].tolist())
    assert centers == {int(w) for t in numbered if len(t) > 1 for w in t}


def test_near_words_are_paired_more_often() -> None:
    pairs = skip_gram_pairs([np.arange(20_000)], 4, np.random.default_rng(0))
    counts = np.bincount(np.abs(pairs[:, 0] - pairs[:, 1]), minlength=5)[1:]
    np.testing.assert_allclose(counts / counts[0], [1, 0.75, 0.5, 0.25], atol=0.02)


def test_words_that_keep_like_company_come_near() -> None:
    """In a small made-up language, animals and fruits stand in different surroundings."""
    torch.manual_seed(0)
    generator = np.random.default_rng(0)
    kinds = {0: (1, 2, 3), 4: (5, 6, 7)}  # 0 goes with 1-3, 4 with 5-7
    texts = []
    for _ in range(600):
        head = int(generator.choice([0, 4]))
        texts.append(np.array([head, generator.choice(kinds[head]), head]))
    pairs = torch.tensor(skip_gram_pairs(texts, 2, generator))
    counts = np.bincount(np.concatenate(texts), minlength=8)
    noise = noise_distribution(counts)
    model = SkipGram(SkipGramConfig(8, 6))
    optimizer = Adam(model.parameters(), lr=0.05)
    for _ in range(200):
        batch = pairs[torch.from_numpy(generator.integers(len(pairs), size=256))]
        drawn = torch.from_numpy(generator.choice(8, size=(256, 4), p=noise))
        optimizer.zero_grad()
        model.loss(batch, drawn).backward()
        optimizer.step()
    vectors = model.vectors()
    for word in (1, 2, 3):
        others = nearest(vectors, vectors[word], 2, exclude=(word,))
        assert {i for i, _ in others} <= {1, 2, 3}


def test_analogies_follow_the_parallelogram_and_leave_the_question_out() -> None:
    vectors = np.array([[1.0, 0], [1, 1], [3, 0.2], [3, 3], [-1, 0]])
    assert analogy(vectors, 0, 1, 2, 1)[0][0] == 3
    assert {0, 1, 2}.isdisjoint(i for i, _ in analogy(vectors, 0, 1, 2))


def test_rare_words_get_a_chance_and_frequent_ones_are_thinned() -> None:
    counts = np.array([1_000_000, 1_000, 10, 0])
    noise = noise_distribution(counts)
    assert noise.sum() == pytest.approx(1)
    assert noise[3] == 0
    assert noise[2] / noise[0] > 10 * counts[2] / counts[0]
    kept = keep_probability(counts)
    assert kept[0] < 0.05
    assert kept[2:].tolist() == [1, 1]


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="window must be at least 1"):
        skip_gram_pairs([np.arange(3)], 0, np.random.default_rng(0))
    with pytest.raises(ValueError, match="no pair"):
        SkipGram(SkipGramConfig(3)).loss(
            torch.zeros(0, 2, dtype=torch.long), torch.zeros(0, 1, dtype=torch.long)
        )
    with pytest.raises(ValueError, match="zeros"):
        nearest(np.eye(3), np.zeros(3))
    with pytest.raises(ValueError, match="vocab_size"):
        SkipGramConfig(0)
