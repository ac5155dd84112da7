"""Every processor against the class of transformers that does the same."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from companion.decoding.processors import (
    SamplingConfig,
    min_p,
    repetition_penalty,
    temperature,
    top_k,
    top_p,
)

SEEDS = st.integers(0, 10**6)
SIZES = st.integers(2, 300)


def scores_of(seed: int, size: int, spread: float = 3.0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(size, generator=generator, dtype=torch.float64)
    return (spread * drawn).log_softmax(-1)


def theirs(processor, scores, tokens=(0,)) -> torch.Tensor:
    return processor(torch.tensor([list(tokens)]), scores[None].clone())[0]


def same(ours, reference) -> None:
    assert torch.equal(ours.isinf(), reference.isinf())
    torch.testing.assert_close(ours, reference, rtol=1e-9, atol=1e-9)


@given(seed=SEEDS, size=SIZES, tau=st.floats(0.05, 5))
@settings(deadline=None, max_examples=40)
def test_temperature(seed, size, tau):
    scores = scores_of(seed, size)
    same(temperature(scores, tau), theirs(TemperatureLogitsWarper(tau), scores))


@given(seed=SEEDS, size=SIZES, k=st.integers(1, 400))
@settings(deadline=None, max_examples=40)
def test_top_k(seed, size, k):
    scores = scores_of(seed, size)
    same(top_k(scores, k), theirs(TopKLogitsWarper(k), scores))


@given(
    seed=SEEDS,
    size=SIZES,
    p=st.one_of(st.floats(0.01, 0.999), st.just(1.0)),
    spread=st.sampled_from([0.1, 1.0, 4.0, 20.0]),
)
@settings(deadline=None, max_examples=80)
def test_top_p(seed, size, p, spread):
    scores = scores_of(seed, size, spread)
    same(top_p(scores, p), theirs(TopPLogitsWarper(p), scores))
    same(top_p(torch.stack([scores, -scores]), p)[0], top_p(scores, p))


@given(seed=SEEDS, size=SIZES, p=st.floats(0.001, 1.0))
@settings(deadline=None, max_examples=40)
def test_min_p(seed, size, p):
    scores = scores_of(seed, size)
    same(min_p(scores, p), theirs(MinPLogitsWarper(p), scores))


@given(seed=SEEDS, size=SIZES, penalty=st.floats(0.5, 3), shift=st.floats(-5, 5))
@settings(deadline=None, max_examples=40)
def test_repetition_penalty_also_on_logits_of_either_sign(seed, size, penalty, shift):
    scores = scores_of(seed, size) + shift
    tokens = np.random.default_rng(seed).integers(0, size, 5).tolist()
    reference = theirs(RepetitionPenaltyLogitsProcessor(penalty), scores, tokens)
    same(repetition_penalty(scores, tokens, penalty), reference)


@given(seed=SEEDS)
@settings(deadline=None, max_examples=40)
def test_all_of_them_in_the_documented_order(seed):
    scores, tokens = scores_of(seed, 100) + 4, [3, 5, 5, 7]
    config = SamplingConfig(0.7, 40, 0.9, 0.05, 1.2)
    reference = scores
    for processor in (
        RepetitionPenaltyLogitsProcessor(1.2),
        TemperatureLogitsWarper(0.7),
        TopKLogitsWarper(40),
        TopPLogitsWarper(0.9),
        MinPLogitsWarper(0.05),
    ):
        reference = theirs(processor, reference, tokens)
    same(config.apply(scores, tokens).softmax(-1), reference.softmax(-1))


def test_the_nucleus_is_the_smallest_set_that_reaches_p():
    for seed in range(20):
        scores = scores_of(seed, 50)
        kept = top_p(scores, 0.8).isfinite()
        probs = scores.exp()
        assert probs[kept].sum() >= 0.8
        assert probs[kept].sum() - probs[kept].min() < 0.8
        assert probs[kept].min() >= probs[~kept].max()


def test_temperature_zero_keeps_the_best_and_defaults_keep_everything():
    scores = scores_of(1, 30)
    only = SamplingConfig(temperature=0.0).apply(scores).softmax(-1)
    assert only.argmax() == scores.argmax()
    assert only.max() == 1
    assert SamplingConfig().apply(scores) is scores


def test_what_was_given_is_not_changed():
    scores = scores_of(2, 30)
    before = scores.clone()
    SamplingConfig(0.5, 5, 0.5, 0.1, 1.3).apply(scores, [1, 2])
    assert torch.equal(scores, before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": -1.0}, "temperature must be at least 0"),
        ({"temperature": float("nan")}, "temperature"),
        ({"top_k": 0}, "top_k must be at least 1"),
        ({"top_p": 0.0}, "top_p must be above 0 and at most 1, got 0"),
        ({"top_p": 1.1}, "top_p must be above 0 and at most 1"),
        ({"min_p": 1.5}, "min_p must be between 0 and 1"),
        ({"repetition_penalty": 0.0}, "repetition_penalty must be above 0"),
    ],
)
def test_bad_options_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=message):
        SamplingConfig(**options)


def test_each_function_refuses_what_its_option_refuses():
    scores = scores_of(0, 5)
    for call, bad in ((temperature, 0.0), (top_k, 0), (top_p, 0.0), (min_p, -0.1)):
        with pytest.raises(ValueError, match="must be"):
            call(scores, bad)
    with pytest.raises(ValueError, match="must be"):
        repetition_penalty(scores, [1], -1.0)
