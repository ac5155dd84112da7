"""Attention: equal to torch's, forward and backward; what is masked has no say; a mask of the wrong shape is named."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.attention import (
    AttentionConfig,
    MultiHeadAttention,
    attention_weights,
    causal_mask,
    online_softmax_attention,
    padding_mask,
    scaled_dot_product_attention,
)
from companion.models.kv_cache import LayerCache
from companion.models.positions import alibi_bias, rope_table

sizes = st.integers(1, 5)
seeds = st.integers(0, 999)
batches = st.lists(st.integers(1, 3), max_size=2).map(tuple)


def draw(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, dtype=torch.float64, generator=generator)


def leaves(*tensors: Tensor) -> list[Tensor]:
    return [t.detach().clone().requires_grad_() for t in tensors]


def close(a: Tensor, b: Tensor) -> None:
    torch.testing.assert_close(a, b, atol=1e-10, rtol=1e-10)


def open_mask(*shape: int, seed: int) -> Tensor:
    """A random mask in which every query may look somewhere."""
    generator = torch.Generator().manual_seed(seed)
    mask = torch.rand(shape, generator=generator) < 0.5
    at = torch.randint(shape[-1], (*shape[:-1], 1), generator=generator)
    return mask.scatter(-1, at, value=True)


@settings(deadline=None, max_examples=40)
@given(
    batches, sizes, sizes, sizes, sizes, st.booleans(), st.booleans(), st.sampled_from([None, 0.3]), seeds
)  # fmt: skip
def test_equal_to_torch_forward_and_backward(
    batch, queries, keys, d_k, d_v, masked, biased, scale, seed
) -> None:
    q = draw(*batch, queries, d_k, seed=seed)
    k = draw(*batch, keys, d_k, seed=seed + 1)
    v = draw(*batch, keys, d_v, seed=seed + 2)
    mask = open_mask(*batch, queries, keys, seed=seed) if masked else None
    bias = draw(*batch, queries, keys, seed=seed + 3) if biased else None
    added = torch.zeros(*batch, queries, keys, dtype=torch.float64)
    if bias is not None:
        added = added + bias
    if mask is not None:
        added = added.masked_fill(~mask, -math.inf)
    ours, theirs = leaves(q, k, v), leaves(q, k, v)
    a = scaled_dot_product_attention(*ours, mask=mask, bias=bias, scale=scale)
    b = F.scaled_dot_product_attention(*theirs, attn_mask=added, scale=scale)
    close(a, b)
    weights = draw(*a.shape, seed=seed + 4)
    for out in (a, b):
        (out * weights).sum().backward()
    for mine, peer in zip(ours, theirs, strict=True):
        close(mine.grad, peer.grad)


@settings(deadline=None, max_examples=40)
@given(batches, sizes, sizes, sizes, st.floats(0.1, 100), seeds)
def test_rows_sum_to_one_and_what_is_masked_gets_exactly_nothing(
    batch, queries, keys, d_k, size, seed
) -> None:
    mask = open_mask(*batch, queries, keys, seed=seed)
    q = size * draw(*batch, queries, d_k, seed=seed)
    weights = attention_weights(q, draw(*batch, keys, d_k, seed=seed + 1), mask)
    close(weights.sum(-1), torch.ones(*batch, queries, dtype=torch.float64))
    assert bool((weights >= 0).all())
    assert bool((weights[~mask] == 0).all())
    assert bool((attention_weights(0 * q, 0 * draw(*batch, keys, d_k), mask)[mask] > 0).all())  # fmt: skip


def test_a_query_that_may_look_nowhere_gets_zeros_and_a_finite_gradient() -> None:
    mask = torch.tensor([[True, False], [False, False]])
    q, k, v = leaves(draw(2, 3), draw(2, 3, seed=1), draw(2, 4, seed=2))
    out = scaled_dot_product_attention(q, k, v, mask)
    assert torch.equal(out[0], v[0])
    assert torch.equal(out[1], torch.zeros_like(v[0]))
    out.sum().backward()
    assert all(bool(x.grad.isfinite().all()) for x in (q, k, v))
    assert bool((q.grad[1] == 0).all())
    assert bool((v.grad[1] == 0).all())


def test_a_larger_score_gets_a_larger_share_and_the_root_is_of_the_width() -> None:
    q, k = torch.tensor([[3.0, 0, 0, 0]]), torch.tensor([[2.0, 0, 0, 0], [0, 1, 0, 0]])
    weights = attention_weights(q, k)[0]
    assert (weights[0] / weights[1]).item() == pytest.approx(math.exp(6 / 2))


@settings(deadline=None, max_examples=20)
@given(sizes, sizes, seeds)
def test_the_order_of_the_keys_does_not_matter(queries, keys, seed) -> None:
    q, k, v = draw(queries, 4), draw(keys, 4, seed=seed), draw(keys, 3, seed=seed + 1)
    order = torch.randperm(keys, generator=torch.Generator().manual_seed(seed))
    close(
        scaled_dot_product_attention(q, k, v),
        scaled_dot_product_attention(q, k[order], v[order]),
    )


# masks


@pytest.mark.parametrize(("queries", "keys"), [(1, 1), (4, 4), (2, 5), (1, 3)])
def test_nobody_looks_ahead(queries: int, keys: int) -> None:
    mask = causal_mask(queries, keys)
    for i in range(queries):
        at = keys - queries + i
        assert mask[i].tolist() == [j <= at for j in range(keys)]


def test_padding_is_hidden_for_all_heads_and_queries() -> None:
    mask = padding_mask(torch.tensor([2, 3, 0]), 3)
    assert mask.shape == (3, 1, 1, 3)
    assert mask[:, 0, 0].tolist() == [[True, True, False], [True] * 3, [False] * 3]


def test_impossible_masks_are_named() -> None:
    with pytest.raises(ValueError, match="3 queries and 2 keys"):
        causal_mask(3, 2)
    with pytest.raises(ValueError, match="4 tokens does not fit into 3"):
        padding_mask(torch.tensor([1, 4]), 3)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((2, 3), r"mask has the shape \[2, 3\], the scores have \[2, 4, 5, 3\]"),
        ((5, 4), "must be equal or 1"),
        ((2, 4, 3, 5), "must be equal or 1"),
        ((1, 2, 4, 5, 3), "must be equal or 1"),
    ],
)
def test_a_mask_of_the_wrong_shape_is_named(shape, message) -> None:
    q, k = torch.zeros(2, 4, 5, 6), torch.zeros(2, 4, 3, 6)
    mask = torch.ones(shape, dtype=torch.bool)
    with pytest.raises(ValueError, match=message):
        scaled_dot_product_attention(q, k, k, mask)


@pytest.mark.parametrize("fused", [True, False])
def test_the_layer_names_a_mask_of_the_wrong_shape(fused: bool) -> None:
    layer = MultiHeadAttention(AttentionConfig(8, 2, fused=fused))
    x = torch.zeros(3, 5, 8)
    with pytest.raises(ValueError, match=r"\[3, 2, 5, 5\]"):
        layer(x, mask=torch.ones(3, 5, dtype=torch.bool))
    with pytest.raises(ValueError, match="bias"):
        layer(x, bias=torch.zeros(3, 5))


def test_numbers_are_no_mask() -> None:
    q = torch.zeros(3, 4)
    with pytest.raises((ValueError, TypeError), match=r"(?i)bool|mask"):
        attention_weights(q, q, torch.zeros(3, 3))


def test_widths_that_do_not_fit_are_refused() -> None:
    with pytest.raises((ValueError, TypeError), match=r"(?i)width|d_k"):
        attention_weights(torch.zeros(3, 4), torch.zeros(3, 5))


# online softmax


@settings(deadline=None, max_examples=40)
@given(
    batches, st.integers(1, 9), st.integers(0, 9), st.integers(1, 12), st.booleans(), st.floats(0.1, 300), seeds
)  # fmt: skip
def test_online_equals_plain_forward_and_backward(
    batch, queries, more, block, causal, size, seed
) -> None:
    keys = queries + more
    q, k, v = (
        size * draw(*batch, queries, 4, seed=seed),
        draw(*batch, keys, 4, seed=seed + 1),
        draw(*batch, keys, 3, seed=seed + 2),
    )
    ours, theirs = leaves(q, k, v), leaves(q, k, v)
    a = online_softmax_attention(*ours, block=block, causal=causal)
    mask = causal_mask(queries, keys) if causal else None
    b = scaled_dot_product_attention(*theirs, mask=mask)
    close(a, b)
    for out in (a, b):
        out.sin().sum().backward()
    for mine, peer in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine.grad, peer.grad, atol=1e-8, rtol=1e-8)


def test_online_survives_scores_whose_exponential_is_infinite() -> None:
    q, k = torch.tensor([[2000.0]]), torch.tensor([[-1.0], [1.0], [0.5]])
    out = online_softmax_attention(q, k, torch.tensor([[1.0], [2.0], [3.0]]), block=1)
    assert out.tolist() == [[2.0]]


def test_online_never_holds_all_scores() -> None:
    from torch.utils._python_dispatch import TorchDispatchMode

    made = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            out = function(*args, **(kwargs or {}))
            made.extend(
                t.numel()
                for t in (out if isinstance(out, tuple) else (out,))
                if isinstance(t, Tensor)
            )
            return out

    q, k, v = torch.randn(3, 300, 4)
    with Watch():
        online_softmax_attention(q, k, v, block=8, causal=True)
    assert max(made) == 300 * 8


def test_online_names_bad_input() -> None:
    q = torch.zeros(3, 4)
    with pytest.raises(ValueError, match="block must be at least 1, got 0"):
        online_softmax_attention(q, q, q, block=0)
    with pytest.raises(ValueError, match="3 queries and 2 keys"):
        online_softmax_attention(q, q[:2], q[:2], causal=True)


# several heads


def twins(
    d_head: int, heads: int, bias: bool, fused: bool, seed: int
) -> tuple[MultiHeadAttention, nn.MultiheadAttention]:
    """Our layer and torch's, with the same weights."""
    torch.manual_seed(seed)
    d = d_head * heads
    ours = MultiHeadAttention(
        AttentionConfig(d, heads, bias=bias, fused=fused)
    ).double()
    theirs = nn.MultiheadAttention(
        d, heads, bias=bias, batch_first=True, dtype=torch.float64
    )
    parts = (ours.q_proj, ours.k_proj, ours.v_proj)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([p.weight for p in parts]))
        if bias:
            theirs.in_proj_bias.copy_(torch.cat([p.bias for p in parts]))
        theirs.out_proj.load_state_dict(ours.o_proj.state_dict())
    return ours, theirs


@settings(deadline=None, max_examples=40)
@given(
    sizes, sizes, sizes, sizes, sizes, st.booleans(), st.booleans(), st.booleans(), st.booleans(), seeds
)  # fmt: skip
def test_the_layer_equals_torch_forward_and_backward(
    d_head, heads, batch, queries, keys, itself, bias, fused, masked, seed
) -> None:
    ours, theirs = twins(d_head, heads, bias, fused, seed)
    x = draw(batch, queries, d_head * heads, seed=seed)
    memory = x if itself else draw(batch, keys, d_head * heads, seed=seed + 1)
    mask = (
        open_mask(queries, memory.shape[1], seed=seed)
        if masked
        else torch.ones(queries, memory.shape[1], dtype=torch.bool)
    )
    mine, peer = leaves(x), leaves(x)
    a = ours(mine[0], None if itself else memory, mask=mask)
    seen = peer[0] if itself else memory
    b, _ = theirs(peer[0], seen, seen, attn_mask=~mask)
    close(a, b)
    for out in (a, b):
        out.sin().sum().backward()
    close(mine[0].grad, peer[0].grad)
    grads = [p.weight.grad for p in (ours.q_proj, ours.k_proj, ours.v_proj)]
    close(torch.cat(grads), theirs.in_proj_weight.grad)
    close(ours.o_proj.weight.grad, theirs.out_proj.weight.grad)
    if bias:
        grads = [p.bias.grad for p in (ours.q_proj, ours.k_proj, ours.v_proj)]
        close(torch.cat(grads), theirs.in_proj_bias.grad)


@settings(deadline=None, max_examples=20)
@given(sizes, st.booleans(), st.booleans(), seeds)
def test_padding_is_hidden_as_torch_hides_it(time, fused, causal, seed) -> None:
    ours, theirs = twins(3, 2, True, fused, seed)
    x = draw(3, time, 6, seed=seed)
    lengths = torch.tensor([1, time, (time + 1) // 2])
    mask = padding_mask(lengths, time)
    ahead = ~causal_mask(time, time) if causal else None
    a = ours(x, mask=mask, causal=causal)
    b, _ = theirs(x, x, x, attn_mask=ahead, key_padding_mask=~mask[:, 0, 0])
    close(a, b)


@settings(deadline=None, max_examples=30)
@given(
    st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), sizes, st.booleans(), st.booleans(), seeds
)  # fmt: skip
def test_shared_heads_equal_repeated_ones(
    d_head, groups, share, time, fused, causal, seed
) -> None:
    torch.manual_seed(seed)
    heads = groups * share
    d = d_head * heads
    few = MultiHeadAttention(AttentionConfig(d, heads, groups, fused=fused)).double()
    full = MultiHeadAttention(AttentionConfig(d, heads, fused=False)).double()
    weights = few.state_dict()
    for name in ("k_proj", "v_proj"):
        w = weights[f"{name}.weight"].view(groups, d_head, d)
        b = weights[f"{name}.bias"].view(groups, d_head)
        weights[f"{name}.weight"] = w.repeat_interleave(share, 0).reshape(d, d)
        weights[f"{name}.bias"] = b.repeat_interleave(share, 0).reshape(d)
    full.load_state_dict(weights)
    mine, peer = (
        leaves(draw(2, time, d, seed=seed)),
        leaves(draw(2, time, d, seed=seed)),
    )
    a, b = few(mine[0], causal=causal), full(peer[0], causal=causal)
    close(a, b)
    for out in (a, b):
        out.sin().sum().backward()
    close(mine[0].grad, peer[0].grad)
    summed = full.k_proj.weight.grad.view(groups, share, d_head, d).sum(1)
    close(few.k_proj.weight.grad, summed.reshape(-1, d))


@settings(deadline=None, max_examples=30)
@given(
    sizes, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans(), seeds
)  # fmt: skip
def test_fused_equals_plain(time, causal, padded, biased, turned, shared, seed) -> None:
    torch.manual_seed(seed)
    groups = 2 if shared else None
    fused = MultiHeadAttention(AttentionConfig(16, 4, groups)).double()
    plain = MultiHeadAttention(AttentionConfig(16, 4, groups, fused=False)).double()
    plain.load_state_dict(fused.state_dict())
    x = draw(2, time, 16, seed=seed)
    mask = padding_mask(torch.tensor([1, time]), time) if padded else None
    bias = alibi_bias(4, time, time) if biased else None
    rope = rope_table(time, 4) if turned else None
    close(
        fused(x, mask=mask, bias=bias, causal=causal, rope=rope),
        plain(x, mask=mask, bias=bias, causal=causal, rope=rope),
    )


@pytest.mark.parametrize("fused", [True, False])
def test_a_text_without_tokens_does_not_spoil_the_batch(fused: bool) -> None:
    torch.manual_seed(0)
    layer = MultiHeadAttention(AttentionConfig(8, 2, fused=fused))
    x = torch.randn(2, 3, 8, requires_grad=True)
    out = layer(x, mask=padding_mask(torch.tensor([0, 3]), 3))
    assert torch.equal(out[0], layer.o_proj.bias.expand(3, 8))
    out.sum().backward()
    assert bool(x.grad.isfinite().all())
    assert all(bool(p.grad.isfinite().all()) for p in layer.parameters())


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("positions", ["none", "rope", "alibi"])
def test_what_comes_later_changes_nothing_before(fused, positions) -> None:
    torch.manual_seed(0)
    layer = MultiHeadAttention(AttentionConfig(8, 2, fused=fused)).double()
    extra = {
        "none": {},
        "rope": {"rope": rope_table(6, 4)},
        "alibi": {"bias": alibi_bias(2, 6, 6)},
    }[positions]
    x = draw(1, 6, 8)
    other = x.clone()
    other[:, 4:] += 1.0
    a, b = layer(x, causal=True, **extra), layer(other, causal=True, **extra)
    close(a[:, :4], b[:, :4])
    assert bool((a[:, 4:] - b[:, 4:]).abs().min() > 0)


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 6), st.booleans(), seeds)
def test_without_positions_the_layer_is_permutation_equivariant(time, fused, seed):
    torch.manual_seed(seed)
    layer = MultiHeadAttention(AttentionConfig(6, 3, fused=fused)).double()
    x = draw(1, time, 6, seed=seed)
    order = torch.randperm(time, generator=torch.Generator().manual_seed(seed))
    close(layer(x[:, order]), layer(x)[:, order])


@pytest.mark.parametrize("shared", [None, 1, 2])
@pytest.mark.parametrize("cut", [(1, 1, 1, 1, 1), (3, 1, 1), (2, 3), (5,)])
def test_a_cache_gives_what_the_whole_text_gives(shared, cut) -> None:
    torch.manual_seed(0)
    layer = MultiHeadAttention(AttentionConfig(16, 4, shared)).double()
    x, (cos, sin) = draw(2, 5, 16), rope_table(5, 4)
    whole = layer(x, causal=True, rope=(cos, sin))
    room = torch.zeros(2, 2, layer.config.groups, 5, 4, dtype=torch.float64)
    cache, at, steps = LayerCache(room[0], room[1]), 0, []
    for size in cut:
        part = slice(at, at + size)
        turned = (cos[part], sin[part])
        steps.append(layer(x[:, part], causal=True, rope=turned, cache=cache))
        at += size
    close(torch.cat(steps, 1), whole)


def test_dropout_is_for_training_only() -> None:
    layer = MultiHeadAttention(AttentionConfig(8, 2, dropout=0.5))
    x = torch.randn(1, 5, 8)
    assert not torch.equal(layer(x), layer(x))
    layer.eval()
    assert torch.equal(layer(x), layer(x))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"heads": 3}, "d_model=8, heads=3"),
        ({"heads": 0}, "heads=0"),
        ({"heads": 4, "kv_heads": 3}, "heads=4, kv_heads=3"),
        ({"heads": 4, "kv_heads": 0}, "kv_heads=0"),
        ({"heads": 2, "dropout": 1.0}, "dropout"),
    ],
)
def test_an_impossible_shape_is_refused(arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        AttentionConfig(8, **arguments)


def test_two_layers_learn_to_repeat_what_followed_last_time() -> None:
    """Text a b ... a: the answer is b. It needs a look at the token before, and a look at its like."""
    torch.manual_seed(0)
    embedding, output = nn.Embedding(8, 32), nn.Linear(32, 8)
    layers = nn.ModuleList(MultiHeadAttention(AttentionConfig(32, 2)) for _ in range(2))
    bias = alibi_bias(2, 9, 9) * 8  # steep: the first head looks at its neighbor
    optimizer = torch.optim.Adam(
        [*embedding.parameters(), *layers.parameters(), *output.parameters()], lr=0.01
    )
    for _ in range(350):
        text = torch.stack([torch.randperm(8) for _ in range(64)])
        at = torch.randint(7, (64, 1))
        text = torch.cat([text, text.gather(1, at)], 1)
        x = embedding(text)
        for layer in layers:
            x = x + layer(x, causal=True, bias=bias if layer is layers[0] else None)
        wanted = text.gather(1, at + 1)[:, 0]
        loss = F.cross_entropy(output(x[:, -1]), wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.4 * math.log(7)  # one layer stays near a guess, log 7
