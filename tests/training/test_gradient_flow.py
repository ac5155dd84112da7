"""The gradient by lag, against a network whose gradient is known in closed form."""

import numpy as np
import pytest
import torch

from companion.models.recurrent_lm import RecurrentLM, RecurrentLMConfig
from companion.training.gradient_flow import gradient_by_lag


def plain(scale: float) -> RecurrentLM:
    """A network near zero, where tanh is the identity, with U = scale times the identity."""
    torch.manual_seed(0)
    model = RecurrentLM(RecurrentLMConfig(5, "rnn", 4, 6)).double()
    with torch.no_grad():
        model.embedding.weight.mul_(1e-4)
        model.layer.weight_hh_l0.copy_(scale * torch.eye(6))
        model.layer.bias_ih_l0.zero_()
        model.layer.bias_hh_l0.zero_()
    return model


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.3])
def test_a_linear_network_shrinks_or_grows_by_its_scale_at_every_step(
    scale: float,
) -> None:
    norms = gradient_by_lag(plain(scale), torch.randint(5, (3, 12)))
    assert norms.shape == (11,)
    np.testing.assert_allclose(norms[1:] / norms[:-1], scale, rtol=1e-4)


def test_the_first_entry_is_the_gradient_of_the_output_layer() -> None:
    model = plain(0.9)
    tokens = torch.randint(5, (4, 6))
    logits, _ = model(tokens[:, :-1])
    error = logits[:, -1].softmax(-1) - torch.nn.functional.one_hot(tokens[:, -1], 5)
    wanted = (error @ model.output.weight).norm(dim=1).mean()
    np.testing.assert_allclose(
        gradient_by_lag(model, tokens)[0], float(wanted), rtol=1e-10
    )


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_every_cell_leaves_no_gradient_behind(cell: str) -> None:
    torch.manual_seed(1)
    model = RecurrentLM(RecurrentLMConfig(5, cell, 4, 6, layers=2))
    norms = gradient_by_lag(model, torch.randint(5, (2, 9)))
    assert (norms > 0).all()
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_text_without_a_past_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        gradient_by_lag(plain(1.0), torch.zeros(1, 1, dtype=torch.long))
