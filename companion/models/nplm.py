"""The neural probabilistic language model: an n-gram model that shares what it learns between similar words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class NPLMConfig:
    """Shape of the model.

    Attributes:
        vocab_size: Number of token types.
        order: The model sees the ``order - 1`` tokens before the one it predicts.
        embedding_size: Width of the vector of a token.
        hidden_size: Width of the hidden layer.
        direct: Whether the vectors reach the output also without the hidden layer.
    """

    vocab_size: int
    order: int = 4
    embedding_size: int = 64
    hidden_size: int = 128
    direct: bool = False

    def __post_init__(self) -> None:
        if self.order < 2:
            raise ValueError(
                f"order must be at least 2, got {self.order}: a model without context is a table of frequencies"
            )
        for name in ("vocab_size", "embedding_size", "hidden_size"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 1, got {getattr(self, name)}"
                )


class NPLM(nn.Module):
    """Bengio's model: y = b + U tanh(d + H x), with x the vectors of the context, one behind the other.

    With ``direct`` there is a term W x as well. What stands before the beginning of a text is one more token, with the
    id ``vocab_size``, that is read and never predicted.

    Args:
        config: The shape.

    Source: Bengio, Ducharme, Vincent & Jauvin (2003), equation 1.

    Example:
        >>> model = NPLM(NPLMConfig(vocab_size=10, order=3))
        >>> tuple(model(torch.zeros(2, 5, dtype=torch.long)).shape)
        (2, 5, 10)
    """

    def __init__(self, config: NPLMConfig) -> None:
        super().__init__()
        self.config = config
        width = (config.order - 1) * config.embedding_size
        self.embedding = nn.Embedding(config.vocab_size + 1, config.embedding_size)
        # Small, so that the hidden layer is not saturated and the rows of rare tokens can move far.
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.hidden = nn.Linear(width, config.hidden_size)
        self.output = nn.Linear(config.hidden_size, config.vocab_size)
        self.direct = (
            nn.Linear(width, config.vocab_size, bias=False) if config.direct else None
        )

    @property
    def vocab_size(self) -> int:
        """Number of token types."""
        return self.config.vocab_size

    def contexts(
        self, tokens: Int[Tensor, "batch time"]
    ) -> Int[Tensor, "batch time context"]:
        """Return the tokens before each place, the nearest last.

        Args:
            tokens: Texts, shape [batch, time].

        Returns:
            Shape [batch, time, order - 1]; the context of a place does not hold the token at that place.
        """
        n = self.config.order - 1
        padded = F.pad(tokens, (n, 0), value=self.config.vocab_size)
        return padded[:, :-1].unfold(1, n, 1)

    def forward(
        self, tokens: Int[Tensor, "batch time"]
    ) -> Float[Tensor, "batch time vocab"]:
        """Score every token as the one at each place, given those before that place.

        Args:
            tokens: Texts, shape [batch, time].

        Returns:
            Logits, shape [batch, time, vocab]; entry t looks at the tokens before t only.

        Raises:
            ValueError: If the batch is empty or a token is outside the vocabulary.
        """
        self._check(tokens)
        return self.score(self.contexts(tokens))

    def _check(self, tokens: Tensor) -> None:
        if tokens.numel() == 0:
            raise ValueError(f"the batch is empty: its shape is {list(tokens.shape)}")
        if int(tokens.min()) < 0 or int(tokens.max()) >= self.config.vocab_size:
            raise ValueError(
                f"a token id is outside 0..{self.config.vocab_size - 1}: was the model made for this tokenizer?"
            )

    def score(
        self, contexts: Int[Tensor, "*places context"]
    ) -> Float[Tensor, "*places vocab"]:
        """Score every token after given contexts.

        Args:
            contexts: Shape [..., order - 1]; the id ``vocab_size`` stands for what is before a text.

        Returns:
            Logits, shape [..., vocab].
        """
        x = self.embedding(contexts).flatten(-2)
        y: Tensor = self.output(torch.tanh(self.hidden(x)))
        return y if self.direct is None else y + self.direct(x)

    def loss(self, tokens: Int[Tensor, "batch time"]) -> Float[Tensor, ""]:
        """Return the mean cross-entropy of the tokens, in nats.

        Args:
            tokens: Texts, shape [batch, time].

        Returns:
            A scalar.
        """
        return F.cross_entropy(self(tokens).flatten(0, 1), tokens.flatten())

    def next_probs(
        self, context: Sequence[int] | Int[np.ndarray, " context"]
    ) -> Float[np.ndarray, " vocab"]:
        """Return the distribution of the next token.

        Args:
            context: The tokens before it; only the last ``order - 1`` are looked at.

        Returns:
            Shape [vocab]; sums to 1.
        """
        n = self.config.order - 1
        last = [int(token) for token in context][-n:]
        padded = [self.config.vocab_size] * (n - len(last)) + last
        device = self.output.bias.device
        with torch.no_grad():
            logits = self.score(torch.tensor(padded, device=device))
        probs: np.ndarray = logits.double().softmax(-1).cpu().numpy()
        return probs
