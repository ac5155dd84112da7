"""Soft prompts: vectors before the text that are learned, while the model behind them stays as it is."""

from __future__ import annotations

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.gpt import GPT


class SoftPrompt(nn.Module):
    """A frozen GPT that reads a few learned vectors before every text.

    The vectors take the first positions, so the model sees as many tokens fewer.

    Args:
        model: The GPT; its parameters are frozen, and used without a copy.
        length: Number of vectors.
        generator: Source of randomness, on the CPU: each vector begins as the embedding of a token drawn at random.

    Raises:
        ValueError: If the length is below 1, or leaves no room for a text.

    Source: Lester et al. (2021), section 2.

    Example:
        >>> from companion.models.gpt import GPTConfig
        >>> model = SoftPrompt(GPT(GPTConfig(10, d_model=16, layers=1)), 4, torch.Generator())
        >>> model(torch.zeros(2, 5, dtype=torch.long)).shape
        torch.Size([2, 5, 10])
        >>> [(name, p.numel()) for name, p in model.named_parameters() if p.requires_grad]
        [('prefix', 64)]
    """

    def __init__(self, model: GPT, length: int, generator: torch.Generator) -> None:
        super().__init__()
        if not 1 <= length < model.config.context:
            raise ValueError(
                f"length must be at least 1 and below the context of {model.config.context}, got {length}"
            )
        self.model = model.requires_grad_(False)
        chosen = torch.randint(model.vocab_size, (length,), generator=generator)
        table = model.embedding.weight.detach()
        self.prefix = nn.Parameter(table[chosen.to(table.device)].clone())

    @property
    def vocab_size(self) -> int:
        """Number of token types."""
        size: int = self.model.config.vocab_size
        return size

    def forward(
        self, tokens: Int[Tensor, "batch time"]
    ) -> Float[Tensor, "batch time vocab"]:
        """Score every token as the next one after each place, with the vectors before the text.

        Args:
            tokens: What is read, shape [batch, time].

        Returns:
            Logits, shape [batch, time, vocab]; none for the places of the vectors.

        Raises:
            ValueError: If vectors and text together are longer than the context.
        """
        length, context = len(self.prefix), self.model.config.context
        if length + tokens.shape[1] > context:
            raise ValueError(
                f"{length} learned vectors and {tokens.shape[1]} tokens are more than the context of {context}: "
                "shorten one of them"
            )
        x = self.model.embed(tokens, offset=length)
        prefix: Any = self.prefix.expand(len(tokens), -1, -1)
        h = self.model.transform(torch.cat([prefix, x], dim=1))
        return self.model.score(h[:, length:])

    def loss(self, tokens: Int[Tensor, "batch time"]) -> Float[Tensor, ""]:
        """Return the mean cross-entropy of every token but the first, in nats; see `GPT.loss`."""
        logits = self(tokens[:, :-1])
        return F.cross_entropy(
            logits.flatten(0, 1), tokens[:, 1:].flatten(), ignore_index=self.vocab_size
        )
