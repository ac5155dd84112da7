"""Positions: rotations keep lengths and know distances only; slopes as published; sinusoids move by rotations."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.models.positions import (
    alibi_bias,
    alibi_slopes,
    apply_rope,
    rope_table,
    sinusoidal_positions,
)

widths = st.integers(1, 8).map(lambda pairs: 2 * pairs)
places = st.integers(0, 120)
seeds = st.integers(0, 999)


def turn(x: torch.Tensor, place: int, base: float = 10_000.0) -> torch.Tensor:
    cos, sin = rope_table(place + 1, x.shape[-1], base)
    return apply_rope(x[None], cos[-1:], sin[-1:])[0]


@settings(deadline=None, max_examples=40)
@given(widths, places, places, places, st.sampled_from([10.0, 1e4, 5e5]), seeds)
def test_a_rotary_score_depends_on_the_distance_only(
    d, s, t, shift, base, seed
) -> None:
    q, k = torch.randn(2, d, generator=torch.Generator().manual_seed(seed))
    here = turn(q, s, base) @ turn(k, t, base)
    there = turn(q, s + shift, base) @ turn(k, t + shift, base)
    torch.testing.assert_close(here, there, atol=1e-4, rtol=1e-4)


def test_a_rotary_score_depends_on_the_distance_at_all() -> None:
    q, k = torch.randn(2, 8, generator=torch.Generator().manual_seed(0))
    scores = torch.stack([turn(q, 50) @ turn(k, t) for t in range(50)])
    assert len(scores.round(decimals=3).unique()) > 45
    assert not torch.isclose(turn(q, 50) @ turn(k, 40), turn(q, 40) @ turn(k, 50))


@settings(deadline=None, max_examples=20)
@given(widths, places, seeds)
def test_a_rotation_keeps_the_length_and_place_zero_stays(d, place, seed) -> None:
    x = torch.randn(d, generator=torch.Generator().manual_seed(seed))
    torch.testing.assert_close(turn(x, place).norm(), x.norm())
    assert torch.equal(turn(x, 0), x)


@settings(deadline=None, max_examples=20)
@given(widths, st.integers(1, 9), st.sampled_from([100.0, 10_000.0]), seeds)
def test_rope_is_a_product_of_complex_numbers(d, time, base, seed) -> None:
    """The paper's equation for pairs: (x1 + i x2) exp(i t theta)."""
    x = torch.randn(2, time, d, generator=torch.Generator().manual_seed(seed))
    pairs = torch.complex(*x.double().chunk(2, -1))
    theta = torch.tensor([base ** (-2 * c / d) for c in range(d // 2)])
    angle = torch.arange(time)[:, None] * theta.double()
    turned = pairs * torch.polar(torch.ones_like(angle), angle)
    expected = torch.cat([turned.real, turned.imag], -1)
    ours = apply_rope(x, *rope_table(time, d, base))
    torch.testing.assert_close(ours, expected.float(), atol=1e-5, rtol=1e-5)


def test_rope_equals_llama() -> None:
    llama = pytest.importorskip("transformers.models.llama.modeling_llama")
    from transformers import LlamaConfig

    config = LlamaConfig(hidden_size=32, num_attention_heads=2, head_dim=16)
    q, k = torch.randn(2, 1, 2, 7, 16, generator=torch.Generator().manual_seed(0))
    cos, sin = llama.LlamaRotaryEmbedding(config)(q, torch.arange(7)[None])
    theirs = llama.apply_rotary_pos_emb(q, k, cos, sin)
    table = rope_table(7, 16)
    for mine, peer in zip((q, k), theirs, strict=True):
        torch.testing.assert_close(apply_rope(mine, *table), peer, atol=1e-5, rtol=1e-5)


def test_far_places_are_as_exact_as_near_ones() -> None:
    cos, _ = rope_table(100_001, 4)
    assert cos[100_000, 0].item() == pytest.approx(math.cos(100_000), abs=1e-6)


# ALiBi


@pytest.mark.parametrize("heads", [1, 2, 4, 8, 16])
def test_slopes_are_a_geometric_sequence(heads: int) -> None:
    slopes = alibi_slopes(heads)
    assert slopes[-1].item() == pytest.approx(2**-8)
    assert slopes[0].item() == pytest.approx(2 ** (-8 / heads))
    ratios = slopes[1:] / slopes[:-1]
    torch.testing.assert_close(ratios, torch.full_like(ratios, 2 ** (-8 / heads)))


def test_slopes_of_twelve_heads_as_the_authors_publish_them() -> None:
    expected = [2.0**-i for i in range(1, 9)] + [2.0 ** -(i + 0.5) for i in range(4)]
    torch.testing.assert_close(alibi_slopes(12), torch.tensor(expected))


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 20))
def test_every_head_has_a_slope_of_its_own(heads: int) -> None:
    slopes = alibi_slopes(heads)
    assert slopes.shape == (heads,)
    assert len(slopes.unique()) == heads
    assert bool((slopes > 0).all())
    assert bool((slopes < 1).all())


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 8), st.integers(1, 9), st.integers(0, 9))
def test_the_bias_is_minus_slope_times_distance(heads, queries, past) -> None:
    bias = alibi_bias(heads, queries, queries + past)
    assert bias.shape == (heads, queries, queries + past)
    slopes = alibi_slopes(heads)
    for i in range(queries):
        for j in range(queries + past):
            far = abs(past + i - j)
            torch.testing.assert_close(bias[:, i, j], -slopes * far)


# sinusoids


def test_sinusoids_as_the_paper_writes_them() -> None:
    table = sinusoidal_positions(30, 6)
    for t in (0, 1, 17, 29):
        for c in range(3):
            angle = t / 10_000 ** (2 * c / 6)
            assert table[t, 2 * c].item() == pytest.approx(math.sin(angle), abs=1e-5)
            assert table[t, 2 * c + 1].item() == pytest.approx(
                math.cos(angle), abs=1e-5
            )


def test_an_odd_width_ends_with_a_sine() -> None:
    assert torch.equal(sinusoidal_positions(4, 5)[:, 0], sinusoidal_positions(4, 1)[:, 0])  # fmt: skip
    assert sinusoidal_positions(4, 5).shape == (4, 5)


@settings(deadline=None, max_examples=20)
@given(widths, st.integers(1, 40), st.integers(0, 40))
def test_products_of_sinusoids_depend_on_the_distance_only(d, place, distance) -> None:
    table = sinusoidal_positions(100, d)
    torch.testing.assert_close(
        table[place] @ table[place + distance],
        table[0] @ table[distance],
        atol=1e-4,
        rtol=1e-4,
    )


def test_all_places_differ() -> None:
    table = sinusoidal_positions(500, 16)
    distances = torch.cdist(table, table) + 10 * torch.eye(500)
    assert distances.min().item() > 0.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sinusoidal_positions(0, 4), "length and d_model must be at least 1"),
        (lambda: rope_table(4, 3), "d_head must be even"),
        (lambda: rope_table(0, 4), "length at least 1"),
        (lambda: alibi_slopes(0), "heads must be at least 1, got 0"),
    ],
)
def test_impossible_sizes_are_named(call, message) -> None:
    with pytest.raises(ValueError, match=message):
        call()
