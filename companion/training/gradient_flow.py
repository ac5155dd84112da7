"""How much of the gradient arrives how many steps back."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from companion.models.recurrent_lm import RecurrentLM


def gradient_by_lag(
    model: RecurrentLM, tokens: Int[Tensor, "batch time"]
) -> Float[np.ndarray, " lags"]:
    """Return how strongly the loss of the last token depends on the state k steps before.

    Args:
        model: A recurrent language model with any cell.
        tokens: Texts, shape [batch, time]; only the last token of each is scored.

    Returns:
        Shape [time - 1], the mean over the batch. Entry k is the length of the gradient of that loss with respect to
        the whole state (all layers; of an LSTM, h and c together) k steps before the last one.

    Raises:
        ValueError: If a text is shorter than two tokens.

    Source: Bengio, Simard & Frasconi (1994); book, chapter 5.
    """
    if tokens.shape[1] < 2:
        raise ValueError(
            f"a text of {tokens.shape[1]} tokens has no token to predict from another: use at least 2"
        )
    state = None
    states: list[tuple[Tensor, ...]] = []
    for t in range(tokens.shape[1] - 1):
        _, state = model(tokens[:, t : t + 1], state)
        for part in state:
            part.retain_grad()
        states.append(state)
    logits = model.score(states[-1][0][-1])
    # The sum, not the mean: each text's gradient is its own.
    F.cross_entropy(logits, tokens[:, -1], reduction="sum").backward()
    for parameter in model.parameters():
        parameter.grad = None
    norms = []
    for parts in reversed(states):
        # An LSTM's last cell reaches the loss through h, not through the state that is handed on.
        found = [
            part.grad.square().sum((0, 2)) for part in parts if part.grad is not None
        ]
        norms.append(float(torch.stack(found).sum(0).sqrt().mean()))
    return np.array(norms)
