"""The feed-forward layer: each activation against its formula, and one position at a time."""

import math

import pytest
import torch
from torch import Tensor, nn

from companion.models.feed_forward import ACTIVATIONS, FeedForward


def reference(layer: FeedForward, x: Tensor) -> Tensor:
    """The formulas of the papers, written out."""
    up = x @ layer.up.weight.T + layer.up.bias
    if layer.activation == "relu":
        h = up.clamp(min=0)
    elif layer.activation == "gelu":
        h = up * 0.5 * (1 + torch.erf(up / math.sqrt(2)))
    elif layer.activation == "gelu_tanh":
        inner = math.sqrt(2 / math.pi) * (up + 0.044715 * up**3)
        h = 0.5 * up * (1 + torch.tanh(inner))
    else:
        assert layer.gate is not None
        gate = x @ layer.gate.weight.T + layer.gate.bias
        h = gate / (1 + torch.exp(-gate)) * up
    return h @ layer.down.weight.T + layer.down.bias


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_activation_is_the_papers(activation: str) -> None:
    torch.manual_seed(0)
    layer = FeedForward(6, 10, activation).double()
    x = torch.randn(2, 3, 6, dtype=torch.float64)
    torch.testing.assert_close(layer(x), reference(layer, x))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_position_is_transformed_by_itself(activation: str) -> None:
    torch.manual_seed(0)
    layer = FeedForward(6, 10, activation, bias=False)
    x = torch.randn(2, 5, 6)
    changed = x.clone()
    changed[:, 2] += 1
    same = (layer(x) == layer(changed)).all(-1).all(0)
    assert same.tolist() == [True, True, False, True, True]


def test_dropout_acts_while_training_only() -> None:
    layer, x = FeedForward(6, 10, dropout=0.5), torch.randn(4, 6)
    assert (layer(x) == 0).any()
    assert not (layer.eval()(x) == 0).any()


def test_an_unknown_activation_is_named() -> None:
    with pytest.raises(ValueError, match=r"relu, gelu.*'tanh'"):
        FeedForward(2, 2, "tanh")


def test_swiglu_has_three_matrices() -> None:
    count = sum(isinstance(m, nn.Linear) for m in FeedForward(2, 2, "swiglu").modules())
    assert count == 3
