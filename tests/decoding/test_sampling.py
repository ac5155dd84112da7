"""Texts are drawn from the distributions that they should be drawn from, token by token."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from decoding.models_for_tests import KINDS, VOCAB, chi_square, make
from transformers import GPT2Config, GPT2LMHeadModel

from companion.decoding import SamplingConfig, generate, stream, text_pieces
from companion.decoding.sampling import draw
from companion.decoding.streaming import token_bytes
from companion.models.language_model import apply_temperature
from companion.models.language_model import generate as draw_slowly
from companion.models.pretrained.gpt2 import load_gpt2
from companion.text import BPETokenizer, ByteTokenizer, CharTokenizer, WordTokenizer

MODELS = {kind: make(kind) for kind in KINDS}


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_text_as_reading_everything_again_at_each_step(kind):
    model = MODELS[kind]
    for seed in range(3):
        fast = generate(model, [1, 2], 15, rng(seed), temperature=0.8)
        assert fast == draw_slowly(model, 15, rng(seed), [1, 2], temperature=0.8)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"temperature": 0.5},
        {"top_k": 4},
        {"top_p": 0.7, "temperature": 1.5},
        {"min_p": 0.1, "repetition_penalty": 1.3},
    ],
)
def test_pairs_of_tokens_have_their_probability(options):
    model, config = MODELS["n-gram"], SamplingConfig(**options)

    def probs(text):
        logits = torch.from_numpy(np.log(model.next_probs(text)))
        return config.apply(logits, text).softmax(-1).numpy()

    first = probs([3])
    both = np.stack([first[a] * probs([3, a]) for a in range(VOCAB)])
    generator, counts = rng(5), np.zeros((VOCAB, VOCAB))
    for _ in range(1500):
        a, b = generate(model, [3], 2, generator, **options)
        counts[a, b] += 1
    assert chi_square(counts, both) > 1e-4
    flat = np.full((VOCAB, VOCAB), 1 / VOCAB**2)
    assert chi_square(counts + 1e-9, flat) < 1e-10  # the test can fail


def test_draw_has_the_frequencies_of_the_softmax():
    scores = torch.tensor([0.0, 1.0, -torch.inf, 2.0, -3.0])
    generator = rng(1)
    counts = np.bincount([draw(scores, generator) for _ in range(5000)], minlength=5)
    assert chi_square(counts, scores.softmax(-1).numpy()) > 1e-4


def test_the_temperature_is_that_of_chapter_1():
    model = MODELS["n-gram"]
    wanted = apply_temperature(model.next_probs([3]), 0.6)
    logits = torch.from_numpy(np.log(model.next_probs([3])))
    found = SamplingConfig(temperature=0.6).apply(logits).softmax(-1)
    np.testing.assert_allclose(found, wanted, atol=1e-12)


def test_tokens_are_drawn_when_they_are_asked_for():
    asked = []

    class Counting:
        vocab_size = 3

        def next_probs(self, context):
            asked.append(list(context))
            return np.array([0.2, 0.3, 0.5])

    tokens = stream(Counting(), [1], generator=rng())  # without end
    assert asked == []
    first = next(tokens)
    assert asked == [[1]]
    second = next(tokens)
    assert asked == [[1], [1, first]]
    assert len(list(itertools.islice(tokens, 5))) == 5
    assert second in range(3)


def test_the_same_generator_gives_the_same_text_and_another_another():
    model = MODELS["gpt"]
    one, same, other = (generate(model, (), 20, rng(seed)) for seed in (4, 4, 5))
    assert one == same != other


def test_greedy_needs_no_generator_and_takes_the_best():
    for model in MODELS.values():
        text = [2]
        for token in generate(model, [2], 6, temperature=0.0):
            assert token == int(np.argmax(model.next_probs(text)))
            text.append(token)


def test_a_stop_token_is_the_last_that_comes():
    model = MODELS["gpt"]
    free = generate(model, (), 30, rng(3))
    stop = free[7]
    assert generate(model, (), 30, rng(3), stop=stop) == free[: free.index(stop) + 1]
    assert generate(model, (), None, rng(3), stop=[stop])[-1] == stop


def test_a_penalty_makes_repetition_rarer():
    model = MODELS["gpt"]
    plain = generate(model, (), 30, rng(0))
    penalized = generate(model, (), 30, rng(0), repetition_penalty=5.0)
    assert len(set(penalized)) > len(set(plain))


@pytest.mark.parametrize("penalty", [0.8, 1.1, 1.3, 2.0])
def test_greedy_with_a_penalty_equals_transformers(penalty):
    torch.manual_seed(3)
    config = GPT2Config(
        vocab_size=50,
        n_embd=16,
        n_layer=2,
        n_head=2,
        n_positions=64,
        initializer_range=0.4,
        bos_token_id=None,
        eos_token_id=None,
    )
    theirs = GPT2LMHeadModel(config).eval()
    ours = load_gpt2(theirs.state_dict(), config.to_dict())
    context = torch.tensor([[1, 2, 30]])
    wanted = theirs.generate(
        context,
        attention_mask=torch.ones_like(context),
        max_new_tokens=40,
        do_sample=False,
        repetition_penalty=penalty,
        pad_token_id=0,
    )[0, 3:].tolist()
    options = {"temperature": 0.0, "repetition_penalty": penalty}
    assert generate(ours, [1, 2, 30], 40, **options) == wanted
    assert generate(ours, [1, 2, 30], 40, temperature=0.0) != wanted


def test_a_model_of_probabilities_alone_is_penalized_by_their_logarithms():
    model = MODELS["n-gram"]
    scores = np.log(model.next_probs([3]))
    scores[3] *= 2.0
    options = {"temperature": 0.0, "repetition_penalty": 2.0}
    assert generate(model, [3], 1, **options) == [int(scores.argmax())]


def test_bad_input_says_what_is_wrong():
    model = MODELS["gpt"]
    with pytest.raises(ValueError, match="needs a generator"):
        stream(model, [1], 5)
    with pytest.raises(ValueError, match="length must be at least 0"):
        stream(model, [1], -1, rng())
    with pytest.raises(ValueError, match="top_p must be above 0"):
        stream(model, [1], 5, rng(), top_p=0.0)
    with pytest.raises(ValueError, match="nothing would end"):
        generate(model, [1], generator=rng())
    with pytest.raises(ValueError, match="does not fit"):
        generate(model, [1], 100, rng())
    assert len(generate(model, [1], 100, rng(), overflow="slide")) == 100
    assert generate(model, [1], 0, rng()) == []


# ------------------------------------------------------------------ text


def test_pieces_of_text_join_to_the_text_and_hold_no_half_characters():
    text = "naïve 中文 🙂 ok"
    for tokenizer in (
        ByteTokenizer(),
        BPETokenizer.train(text * 3, 270, special_tokens=["<end>"]),
        CharTokenizer.train(text),
    ):
        ids = tokenizer.encode(text).tolist()
        pieces = list(text_pieces(ids, tokenizer))
        assert "".join(pieces) == text
        assert all("\ufffd" not in piece for piece in pieces)
        joined = b"".join(token_bytes(tokenizer)[i] for i in ids)
        assert joined.decode() == text


def test_what_is_left_at_the_end_is_marked():
    ids = ByteTokenizer().encode("中").tolist()
    assert list(text_pieces(ids[:2], ByteTokenizer())) == ["", "", "\ufffd"]


def test_special_tokens_are_silent_and_words_refused():
    tokenizer = BPETokenizer.train("abc abc", 258, special_tokens=["<end>"])
    end = tokenizer.special_id("<end>")
    assert list(text_pieces([end], tokenizer)) == [""]
    with pytest.raises(TypeError, match="WordTokenizer"):
        text_pieces([1], WordTokenizer.train("a b"))
