"""LayerNorm and RMSNorm: parity with torch, and what they are named for."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from companion.models.normalization import LayerNorm, RMSNorm, layer_norm, rms_norm


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5), st.integers(2, 40), st.booleans(), st.integers(0, 99))
def test_layer_norm_is_torchs(rows: int, d: int, bias: bool, seed: int) -> None:
    torch.manual_seed(seed)
    theirs = nn.LayerNorm(d, bias=bias).double()
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.normal_()
    ours = LayerNorm(d, bias=bias).double()
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(rows, d, dtype=torch.float64, requires_grad=True)
    written = layer_norm(x, theirs.weight, theirs.bias)
    for found in (ours(x), written):
        torch.testing.assert_close(found, theirs(x))
    (mine,) = torch.autograd.grad(written.square().sum(), x)
    (peer,) = torch.autograd.grad(theirs(x).square().sum(), x)
    torch.testing.assert_close(mine, peer)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5), st.integers(1, 40), st.integers(0, 99))
def test_rms_norm_is_torchs(rows: int, d: int, seed: int) -> None:
    torch.manual_seed(seed)
    theirs = nn.RMSNorm(d, eps=1e-5).double()
    ours = RMSNorm(d).double()
    with torch.no_grad():
        theirs.weight.normal_()
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(rows, d, dtype=torch.float64)
    torch.testing.assert_close(ours(x), theirs(x))


@pytest.mark.parametrize("scale", [1e-2, 1.0, 1e4])
def test_the_length_of_what_comes_in_does_not_matter(scale: float) -> None:
    x, weight = torch.randn(6, 32, dtype=torch.float64), torch.ones(32).double()
    for norm in (layer_norm, rms_norm):
        torch.testing.assert_close(
            norm(scale * x, weight, epsilon=0.0), norm(x, weight, epsilon=0.0)
        )


def test_only_layer_norm_forgets_the_mean() -> None:
    x, weight = torch.randn(6, 32, dtype=torch.float64), torch.ones(32).double()
    torch.testing.assert_close(layer_norm(x + 3, weight), layer_norm(x, weight))
    assert (rms_norm(x + 3, weight) - rms_norm(x, weight)).abs().max() > 0.1
