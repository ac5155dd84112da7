"""GPT: nothing looks ahead, the cache changes nothing, scores agree with each other, and it learns."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.models.feed_forward import ACTIVATIONS
from companion.models.gpt import GPT, NORMS, POSITIONS, ContextOverflow, GPTConfig
from companion.models.language_model import LanguageModel
from companion.models.recurrent_lm import document_stream
from companion.training.optimizers import Adam

V, CONTEXT = 11, 12

configs = st.builds(
    GPTConfig,
    vocab_size=st.just(V),
    context=st.just(CONTEXT),
    layers=st.integers(1, 2),
    d_model=st.just(16),
    heads=st.just(4),
    kv_heads=st.sampled_from([None, 1, 2, 4]),
    d_ff=st.sampled_from([None, 10]),
    norm=st.sampled_from(NORMS),
    activation=st.sampled_from(ACTIVATIONS),
    positions=st.sampled_from(POSITIONS),
    tied=st.booleans(),
    bias=st.booleans(),
    start_token=st.booleans(),
)
some = settings(deadline=None, max_examples=40)


def make(config: GPTConfig, seed: int = 0) -> GPT:
    """A model of large random numbers: what is nearly zero in a new one would hide a leak."""
    model, g = GPT(config), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.3 * torch.randn(parameter.shape, generator=g)
    return model.double().eval()


def draw(rows: int, length: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(V, (rows, length), generator=torch.Generator().manual_seed(seed))  # fmt: skip


def small(**changes: object) -> GPTConfig:
    return GPTConfig(V, **({"context": CONTEXT, "layers": 2, "d_model": 16, "heads": 4} | changes))  # fmt: skip


@given(config=configs, seed=st.integers(0, 99), place=st.integers(0, CONTEXT - 1))
@some
def test_a_token_changes_nothing_before_it_and_something_from_it_on(
    config, seed, place
):
    model, tokens = make(config, seed), draw(2, CONTEXT, seed)
    other = tokens.clone()
    other[:, place] = (tokens[:, place] + 1) % V
    with torch.no_grad():
        a, b = model(tokens), model(other)
    torch.testing.assert_close(a[:, :place], b[:, :place], rtol=0, atol=1e-12)
    assert ((a - b)[:, place:].abs().amax((0, 2)) > 0).all()


@given(config=configs, seed=st.integers(0, 99), data=st.data())
@some
def test_with_the_cache_the_logits_are_the_same_in_any_pieces(config, seed, data):
    model, tokens = make(config, seed), draw(3, CONTEXT, seed)
    cuts = data.draw(st.sets(st.integers(1, CONTEXT - 1)))
    bounds = [0, *sorted(cuts), CONTEXT]
    cache = model.new_cache(batch=3)
    with torch.inference_mode():
        whole = model(tokens)
        parts = []
        for start, end in pairwise(bounds):
            assert cache.length == start
            parts.append(model(tokens[:, start:end], cache))
            last = model(tokens[:, :end], last=True)
            torch.testing.assert_close(
                last[:, 0], whole[:, end - 1], rtol=0, atol=1e-10
            )
    torch.testing.assert_close(torch.cat(parts, 1), whole, rtol=0, atol=1e-10)


@given(config=configs, seed=st.integers(0, 99), kept=st.integers(0, 6))
@some
def test_rows_of_the_cache_can_be_chosen_and_its_end_forgotten(config, seed, kept):
    model, before, after = make(config, seed), draw(3, 6, seed), draw(4, 5, seed + 1)
    rows, cache = torch.tensor([2, 0, 0, 1]), model.new_cache(batch=3)
    with torch.inference_mode():
        model(before, cache)
        chosen = cache.select(rows)
        chosen.truncate(kept)
        found = model(after, chosen)
        whole = model(torch.cat([before[rows, :kept], after], 1))
        # What was chosen from is as it was.
        assert cache.length == 6
        again = model(after[:3], cache)
        expected = model(torch.cat([before, after[:3]], 1))
    torch.testing.assert_close(found, whole[:, kept:], rtol=0, atol=1e-10)
    torch.testing.assert_close(again, expected[:, 6:], rtol=0, atol=1e-10)


def test_gradients_are_not_kept_in_the_cache():
    model, tokens = make(small()), draw(1, CONTEXT)
    cache = model.new_cache()
    for piece in tokens.split(4, 1):  # outside of no_grad(), which is soon forgotten
        found = model(piece, cache)
    torch.testing.assert_close(found, model(tokens)[:, 8:], rtol=0, atol=1e-10)
    assert not cache.layers[0].keys.requires_grad


@pytest.mark.parametrize("length", [-1, 4])
def test_a_cache_keeps_no_more_than_it_holds(length):
    model = make(small())
    cache = model.new_cache()
    model(draw(1, 3), cache)
    with pytest.raises(ValueError, match="holds 3 tokens, it cannot keep"):
        cache.truncate(length)


@pytest.mark.parametrize("positions", POSITIONS)
def test_more_than_the_context_is_refused_with_advice(positions):
    model = make(small(positions=positions))
    with pytest.raises(ContextOverflow, match=r"13 tokens are more than the 12.*slide"):
        model(draw(1, CONTEXT + 1))
    cache = model.new_cache()
    model(draw(1, CONTEXT), cache)
    with pytest.raises(ContextOverflow, match=r"leave out the first 1 \(slide\)"):
        model(draw(1, 1), cache)
    assert cache.length == CONTEXT
    narrow = model.new_cache(capacity=4)
    with pytest.raises(ContextOverflow, match="room for 4 tokens, 5"):
        model(draw(1, 5), narrow)


@given(config=configs, seed=st.integers(0, 99), length=st.integers(1, 40))
@some
def test_next_probs_is_a_distribution_over_the_last_tokens_in_sight(
    config, seed, length
):
    model, tokens = make(config, seed), draw(1, length, seed)[0].tolist()
    probs = model.next_probs(tokens)
    assert isinstance(model, LanguageModel)
    assert probs.shape == (V,)
    assert probs.sum() == pytest.approx(1)
    assert (probs > 0).all()
    read = [V, *tokens] if config.start_token else tokens
    with torch.no_grad():
        logits = model(torch.tensor([read[-CONTEXT:]]))[0, -1]
    np.testing.assert_allclose(probs, logits.softmax(-1).numpy(), atol=1e-12)
    if length >= CONTEXT:
        beyond = [(tokens[0] + 1) % V, *tokens[1:]]
        same = np.allclose(model.next_probs(beyond), probs, atol=1e-12)
        assert same == (length > CONTEXT)


def test_without_a_start_token_there_must_be_a_context():
    model = make(small(start_token=False))
    with pytest.raises(ValueError, match="no start token"):
        model.next_probs([])
    assert GPT(small()).next_probs([]).shape == (V,)


@given(
    start_token=st.booleans(),
    lengths=st.lists(st.integers(0, 30), min_size=1, max_size=5),
    stride=st.sampled_from([None, 1, 5, CONTEXT]),
    batch=st.integers(1, 4),
)
@some
def test_log_prob_reads_long_texts_in_windows(start_token, lengths, stride, batch):
    model = make(small(start_token=start_token))
    documents = [
        draw(1, length, i)[0].numpy() for i, length in enumerate(lengths) if length
    ]
    step = stride or CONTEXT // 2
    for document, found in zip(
        documents, model.log_prob(documents, stride, batch), strict=True
    ):
        read = [V] * start_token + document.tolist()
        assert len(found) == len(read) - 1
        for t in range(1, len(read)):
            # The first window that reaches the token scores it.
            first = next(k * step for k in range(99) if k * step + CONTEXT >= t)
            with torch.no_grad():
                logits = model(torch.tensor([read[first:t]]))[0, -1]
            expected = logits.log_softmax(-1)[read[t]].item()
            assert found[t - 1] == pytest.approx(expected, abs=1e-9)


@given(config=configs, length=st.integers(2, CONTEXT))
@some
def test_log_prob_and_loss_agree(config, length):
    model, document = make(config), draw(1, length)[0].numpy()
    read = document_stream([document], V)[None, : CONTEXT + 1]
    read = read if config.start_token else read[:, 1:]
    (logs,) = model.log_prob([document])
    with torch.no_grad():
        assert model.loss(read).item() == pytest.approx(-logs.mean(), abs=1e-9)


def test_the_beginning_of_a_text_is_read_and_not_predicted():
    model = make(small())
    stream = document_stream([np.array([1, 2]), np.array([3, 4])], V)[None]
    with torch.no_grad():
        logs = model(stream[:, :-1]).log_softmax(-1)[0]
        expected = -(logs[0, 1] + logs[1, 2] + logs[3, 3] + logs[4, 4]) / 4
        assert model.loss(stream).item() == pytest.approx(expected.item())


def test_scoring_leaves_the_mode_as_it_was_and_is_without_dropout():
    model = GPT(small(dropout=0.5))
    document = draw(1, 9)[0].numpy()
    assert np.array_equal(model.log_prob([document])[0], model.log_prob([document])[0])
    assert np.array_equal(model.next_probs([1, 2]), model.next_probs([1, 2]))
    assert model.training
    assert not torch.equal(model(draw(1, 5)), model(draw(1, 5)))
    model.eval()
    model.next_probs([1])
    model.log_prob([document])
    assert not model.training


def gpt2(**shape: int) -> GPTConfig:
    return GPTConfig.gpt2(50_257, context=1024, start_token=False, **shape)


def llama(vocab_size: int, **shape: int) -> GPTConfig:
    size = {"layers": 32, "d_model": 4096, "heads": 32}
    return GPTConfig.llama(vocab_size, context=64, start_token=False, **size, **shape)


@pytest.mark.parametrize(
    ("config", "published"),
    [
        # Radford et al. (2019), the smallest and the largest model, as released
        (gpt2(layers=12, d_model=768, heads=12), 124_439_808),
        (gpt2(layers=48, d_model=1600, heads=25), 1_557_611_200),
        # Llama 2 7B and Llama 3 8B, as released
        (llama(32_000, d_ff=11_008), 6_738_415_616),
        (llama(128_256, d_ff=14_336, kv_heads=8), 8_030_261_248),
    ],
    ids=["GPT-2 small", "GPT-2 XL", "Llama 2 7B", "Llama 3 8B"],
)
def test_known_models_have_the_published_number_of_parameters(config, published):
    with torch.device("meta"):
        model = GPT(config)
    assert sum(p.numel() for p in model.parameters()) == published


def test_a_new_model_guesses_evenly():
    torch.manual_seed(0)
    for config in (GPTConfig.gpt2(500, d_model=64), GPTConfig.llama(500, d_model=64)):
        loss = GPT(config).loss(torch.randint(500, (8, 64))).item()
        assert loss == pytest.approx(math.log(500), rel=0.02)


@pytest.mark.parametrize(
    "config",
    [
        GPTConfig.gpt2(V, context=CONTEXT, layers=2, d_model=32),
        GPTConfig.llama(V, context=CONTEXT, layers=2, d_model=32, kv_heads=2),
        GPTConfig(V, CONTEXT, 2, 32, positions="alibi"),
        GPTConfig(V, CONTEXT, 2, 32, positions="sinusoidal", activation="relu"),
    ],
    ids=["gpt2", "llama", "alibi", "sinusoidal"],
)
def test_it_learns_ten_texts_by_heart(config):
    torch.manual_seed(0)
    model, texts = GPT(config), draw(10, CONTEXT - 1)
    tokens = torch.cat([torch.full((10, 1), V), texts], 1)
    optimizer = Adam(model.parameters(), lr=1e-2)
    for _ in range(150):
        optimizer.zero_grad()
        model.loss(tokens).backward()
        optimizer.step()
    logs = np.stack(model.log_prob(list(texts.numpy())))
    # Only what distinguishes the texts remains to be guessed: the first tokens.
    assert np.exp(logs[:, 3:]).min() > 0.9
    assert np.exp(logs[:, 1:]).mean() > 0.9


def test_without_positions_the_order_of_what_came_before_is_lost_in_one_layer():
    model = make(small(positions="none", layers=1))
    a, b = model.next_probs([1, 2, 3, 4]), model.next_probs([3, 1, 2, 4])
    np.testing.assert_allclose(a, b, atol=1e-12)
    placed = make(small(positions="rope", layers=1))
    assert not np.allclose(
        placed.next_probs([1, 2, 3, 4]), placed.next_probs([3, 1, 2, 4]), atol=1e-3
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"heads": 3}, "multiple of the number of heads"),
        ({"kv_heads": 3}, "multiple of kv_heads"),
        ({"norm": "batchnorm"}, "norm must be one of layernorm, rmsnorm"),
        ({"activation": "tanh"}, "activation must be one of"),
        ({"positions": "relative"}, "positions must be one of"),
        ({"positions": "rope", "heads": 16}, "even width, got 1"),
        ({"layers": 0}, "layers must be at least 1"),
        ({"dropout": 1.0}, "dropout must be"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_shapes_that_do_not_fit_are_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        small(**changes)


def test_tokens_that_do_not_exist_are_refused():
    model = make(small())
    for bad in (-1, V + 1):
        with pytest.raises(ValueError, match=r"outside 0\.\.11"):
            model(torch.tensor([[bad]]))
    with pytest.raises(ValueError, match=r"outside 0\.\.10"):
        make(small(start_token=False))(torch.tensor([[V]]))
    with pytest.raises(ValueError, match="no token to read"):
        model(torch.zeros(1, 0, dtype=torch.long))
    with pytest.raises(ValueError, match=r"outside 0\.\.10"):
        model.log_prob([np.array([1, V])])
    for stride in (0, CONTEXT + 1):
        with pytest.raises(ValueError, match="stride must be"):
            model.log_prob([np.array([1, 2])], stride)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_on_a_gpu_it_is_the_same():
    model, tokens = GPT(small(positions="alibi", kv_heads=2)), draw(2, CONTEXT)
    with torch.no_grad():
        expected = model(tokens)
        model.cuda()
        cache = model.new_cache(batch=2)
        parts = [model(piece.cuda(), cache) for piece in tokens.split(5, 1)]
    torch.testing.assert_close(torch.cat(parts, 1).cpu(), expected, rtol=1e-3, atol=1e-3)  # fmt: skip
