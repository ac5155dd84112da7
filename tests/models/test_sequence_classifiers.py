"""The convolutional, the recurrent and the GPT classifier: parity, what order and padding do, learning."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from companion.models.gpt import GPT, GPTConfig
from companion.models.gpt_classifier import (
    GPTClassifier,
    GPTClassifierConfig,
    GPTWithHead,
)
from companion.models.recurrent_classifier import LSTMClassifier, LSTMClassifierConfig
from companion.models.text_classifiers.network import (
    UNKNOWN,
    batches_of_like_length,
)
from companion.models.text_cnn import (
    Convolution,
    TextCNN,
    TextCNNConfig,
    TextCNNNetwork,
)
from companion.text import BPETokenizer

CONFIGS = [
    (TextCNN, TextCNNConfig(dimension=16, filters=8, epochs=12, lr=1e-2)),
    (LSTMClassifier, LSTMClassifierConfig(dimension=16, hidden=8, epochs=20, lr=2e-2)),
]
every_model = pytest.mark.parametrize(
    ("model", "config"), CONFIGS, ids=lambda x: getattr(x, "kind", "")
)


def sentences(n: int, seed: int) -> tuple[list[str], list[str]]:
    """Praise is "good" without, or "bad" with "not" before it: single words tell nothing."""
    rng = np.random.default_rng(seed)
    texts, labels = [], []
    for _ in range(n):
        word, denied = rng.choice(["good", "bad"]), rng.random() < 0.5
        other = "bad" if word == "good" else "good"
        parts = [f"not {word}" if denied else word]
        parts.append(other if denied else f"not {other}")
        rng.shuffle(parts)
        texts.append(" ".join(["it", "was", *parts[:1], "and", *parts[1:]]))
        labels.append("+" if (word == "good") != denied else "-")
    return texts, labels


TRAIN, TEST = sentences(150, 1), sentences(80, 2)


@pytest.fixture(scope="module")
def fitted() -> dict[type, object]:
    return {model: model.fit(*TRAIN, config) for model, config in CONFIGS}


@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_a_convolution_is_that_of_torch(width, dimension, filters, seed) -> None:
    torch.manual_seed(seed)
    layer = Convolution(dimension, filters, width).double()
    x = torch.randn(
        2, width + seed % 5, dimension, dtype=torch.float64, requires_grad=True
    )
    ours = layer(x)
    theirs = F.conv1d(x.transpose(1, 2), layer.weight, layer.bias).transpose(1, 2)
    torch.testing.assert_close(ours, theirs)
    grads = [
        torch.autograd.grad(out.square().sum(), (x, layer.weight, layer.bias))
        for out in (ours, theirs)
    ]
    for a, b in zip(*grads, strict=True):
        torch.testing.assert_close(a, b)


def test_the_best_match_is_the_same_wherever_a_phrase_stands() -> None:
    torch.manual_seed(0)
    network = TextCNNNetwork(TextCNNConfig(widths=(2,)), 20, 3)
    with torch.no_grad():
        network.embedding.weight[1] = 0  # a word that nothing sees
    early = torch.tensor([[1, 5, 6, 1, 1, 1]])
    late = torch.tensor([[1, 1, 1, 5, 6, 1]])
    turned = torch.tensor([[1, 1, 1, 6, 5, 1]])
    six = torch.tensor([6])
    torch.testing.assert_close(
        network.features(early, six), network.features(late, six)
    )
    gap = network.features(early, six) - network.features(turned, six)
    assert gap.abs().max() > 1e-3


@every_model
def test_it_learns_what_single_words_do_not_tell(model, config, fitted) -> None:
    found = fitted[model].predict(TEST[0])
    assert np.mean([a == b for a, b in zip(found, TEST[1], strict=True)]) > 0.9


def test_detectors_of_one_word_do_not_learn_it() -> None:
    config = TextCNNConfig(dimension=16, filters=8, widths=(1,), epochs=12, lr=1e-2)
    found = TextCNN.fit(*TRAIN, config).predict(TEST[0])
    assert np.mean([a == b for a, b in zip(found, TEST[1], strict=True)]) < 0.75


@every_model
def test_company_and_padding_change_nothing(model, config, fitted) -> None:
    texts = [
        "good",
        "it was not good and bad",
        "",
        "🙂",
        "\ud800",
        "好 bad",
        "a " * 5000,
    ]
    together = fitted[model].predict_proba(texts)
    alone = np.concatenate([fitted[model].predict_proba([t]) for t in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    np.testing.assert_allclose(together.sum(axis=1), 1)
    with pytest.raises(Exception, match=r"several texts|[Tt]ype"):
        fitted[model].predict_proba("good")


@every_model
def test_the_generator_decides_and_torch_is_left_alone(model, config) -> None:
    def p(seed: int) -> np.ndarray:
        generator = torch.Generator().manual_seed(seed)
        return model.fit(TRAIN[0][:40], TRAIN[1][:40], config, generator).predict_proba(
            TEST[0]
        )

    before = torch.get_rng_state()
    np.testing.assert_array_equal(p(3), p(3))
    assert torch.equal(before, torch.get_rng_state())
    assert np.abs(p(3) - p(4)).max() > 1e-5


@every_model
def test_what_was_saved_comes_back(model, config, fitted) -> None:
    written, arrays = fitted[model].state()
    again = model.from_state(json.loads(json.dumps(written)), arrays)
    assert again.config == config
    np.testing.assert_allclose(
        again.predict_proba(TEST[0]), fitted[model].predict_proba(TEST[0]), atol=1e-7
    )


@given(st.lists(st.integers(1, 30), min_size=1, max_size=80), st.integers(1, 9))
@settings(deadline=None)
def test_every_text_is_in_one_batch(lengths: list[int], size: int) -> None:
    batches = batches_of_like_length(lengths, size, torch.Generator().manual_seed(0))
    assert sorted(i for batch in batches for i in batch.tolist()) == list(
        range(len(lengths))
    )
    assert max(map(len, batches)) <= size


def test_like_lengths_go_together() -> None:
    lengths = np.random.default_rng(0).integers(1, 40, 256)
    batches = batches_of_like_length(
        lengths.tolist(), 32, torch.Generator().manual_seed(0)
    )
    padding = sum(
        len(b) * lengths[b].max() - lengths[b].sum()
        for b in (b.numpy() for b in batches)
    )
    by_chance = lengths.reshape(8, 32)
    assert padding < 0.3 * (32 * by_chance.max(axis=1).sum() - lengths.sum())


# The GPT


@pytest.fixture(scope="module")
def tiny() -> tuple[GPT, BPETokenizer]:
    tokenizer = BPETokenizer.train(TRAIN[0], 280)
    torch.manual_seed(0)
    shape = GPTConfig(tokenizer.vocab_size, context=32, layers=1, d_model=16, heads=2)
    return GPT(shape), tokenizer


def test_the_gpt_learns_and_leaves_the_one_it_was_given(tiny) -> None:
    gpt, tokenizer = tiny
    before = {name: p.clone() for name, p in gpt.state_dict().items()}
    config = GPTClassifierConfig(epochs=30, lr=1e-2)
    model = GPTClassifier.fit(*TRAIN, config, gpt=gpt, tokenizer=tokenizer)
    found = model.predict(TEST[0])
    assert np.mean([a == b for a, b in zip(found, TEST[1], strict=True)]) > 0.9
    assert all(torch.equal(before[name], p) for name, p in gpt.state_dict().items())
    written, arrays = model.state()
    again = GPTClassifier.from_state(json.loads(json.dumps(written)), arrays)
    np.testing.assert_allclose(
        again.predict_proba(TEST[0]), model.predict_proba(TEST[0]), atol=1e-6
    )


def test_a_frozen_gpt_stays(tiny) -> None:
    gpt, tokenizer = tiny
    config = GPTClassifierConfig(epochs=2, lr=1e-2, frozen=True)
    model = GPTClassifier.fit(*TRAIN, config, gpt=gpt, tokenizer=tokenizer)
    for name, p in model.network.gpt.state_dict().items():
        torch.testing.assert_close(p, gpt.state_dict()[name], atol=0, rtol=0)
    assert model.network.output.weight.abs().max() > 0


def test_what_stands_behind_the_last_token_is_not_seen(tiny) -> None:
    network = GPTWithHead(tiny[0], 3).eval()
    torch.nn.init.normal_(network.output.weight)
    two = torch.tensor([2])
    short, wide = torch.tensor([[5, 6]]), torch.tensor([[5, 6, 9, 9]])
    torch.testing.assert_close(network(short, two), network(wide, two))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TextCNNConfig(widths=()), "widths"),
        (lambda: TextCNNConfig(filters=0), "filters"),
        (lambda: TextCNNConfig(dropout=1.0), "dropout"),
        (lambda: LSTMClassifierConfig(epochs=0), "epochs"),
        (lambda: LSTMClassifierConfig(lr=0.0), "lr"),
    ],
)
def test_impossible_settings_are_named(make, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_an_unknown_word_has_a_vector_that_was_learned() -> None:
    model = TextCNN.fit(*TRAIN, TextCNNConfig(epochs=2, word_dropout=0.3))
    assert model._read("zzz").tolist() == [UNKNOWN]
    with pytest.raises(ValueError, match="blank"):
        TextCNN.fit(["a", " "], ["x", "y"])
