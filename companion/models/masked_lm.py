"""Masked language model: some tokens of a text are hidden, and BERT fills the gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.bert import Bert, BertConfig, draw
from companion.models.normalization import LayerNorm

__all__ = ["NOT_ASKED", "Bert", "BertConfig", "Gaps", "MaskedLM", "mask_tokens"]

# The target where nothing is asked; what torch's cross-entropy leaves out by default.
NOT_ASKED = -100


class MaskedLM(nn.Module):
    """BERT with the layer that fills gaps: a small network, then the table of the embedding.

    Args:
        bert: The encoder.

    Source: Devlin et al. (2019), section 3.1, task 1.

    Example:
        >>> model = MaskedLM(Bert(BertConfig(vocab_size=10, d_model=16, layers=1)))
        >>> tuple(model(torch.zeros(2, 5, dtype=torch.long)).shape)
        (2, 5, 10)
    """

    def __init__(self, bert: Bert) -> None:
        super().__init__()
        config = bert.config
        self.bert = bert
        self.transform = nn.Linear(config.d_model, config.d_model)
        self.transform_norm = LayerNorm(config.d_model, epsilon=config.norm_epsilon)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))
        self.transform.apply(draw)

    def score(
        self, h: Float[Tensor, "*places d_model"]
    ) -> Float[Tensor, "*places vocab"]:
        """Return the logits of all tokens, shape [..., vocab], for vectors of the encoder, [..., d_model]."""
        activation = self.bert.config.activation
        x = self.transform(h)
        if activation == "relu":
            x = F.relu(x)
        else:
            x = F.gelu(x, approximate="tanh" if activation == "gelu_tanh" else "none")
        return F.linear(self.transform_norm(x), self.bert.embedding.weight, self.bias)

    def forward(
        self,
        tokens: Int[Tensor, "batch time"],
        lengths: Int[Tensor, " batch"] | None = None,
        segments: Int[Tensor, "batch time"] | None = None,
    ) -> Float[Tensor, "batch time vocab"]:
        """Score every token for every place of texts; the arguments are those of `Bert.forward`.

        Returns:
            Logits, shape [batch, time, vocab].
        """
        return self.score(self.bert(tokens, lengths, segments))

    def loss(
        self,
        tokens: Int[Tensor, "batch time"],
        targets: Int[Tensor, "batch time"],
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, ""]:
        """Return the mean cross-entropy over the places that are asked for, in nats.

        Args:
            tokens: Texts with gaps, see `mask_tokens`, shape [batch, time].
            targets: The tokens that stood there, `NOT_ASKED` elsewhere, shape [batch, time].
            lengths: Number of tokens of each text.

        Returns:
            A scalar.

        Raises:
            ValueError: If nothing is asked for.
        """
        asked = targets != NOT_ASKED
        if not asked.any():
            raise ValueError(
                "no place is asked for: the loss would be the mean of nothing"
            )
        # The largest product of the model, and most places do not need it.
        logits = self.score(self.bert(tokens, lengths)[asked])
        return F.cross_entropy(logits, targets[asked])


class Gaps(NamedTuple):
    """Texts with gaps, what `MaskedLM.loss` reads.

    Attributes:
        tokens: What the model sees, shape [batch, time].
        targets: What stood at the chosen places, `NOT_ASKED` elsewhere, shape [batch, time].
    """

    tokens: Tensor
    targets: Tensor


def mask_tokens(
    tokens: Int[Tensor, "batch time"],
    mask_id: int,
    vocab_size: int,
    generator: torch.Generator,
    special: Sequence[int] = (),
    rate: float = 0.15,
    shares: tuple[float, float, float] = (0.8, 0.1, 0.1),
) -> Gaps:
    """Choose places by chance, and hide most of them.

    Args:
        tokens: Token ids, shape [batch, time].
        mask_id: The id of ``[MASK]``.
        vocab_size: Number of token types.
        generator: Source of randomness, on the CPU.
        special: Ids that are never chosen and never put in, such as those of ``[CLS]``, ``[SEP]`` and padding; that of
            ``[MASK]`` is one of them in any case.
        rate: Probability that a place is chosen.
        shares: Of the chosen places, how many get ``[MASK]``, how many a token drawn by chance, and how many stay as
            they are.

    Returns:
        The texts with gaps, and what is asked for. One place is chosen if chance chose none.

    Raises:
        ValueError: If rate or shares are no probabilities, or there is nothing but special tokens.

    Source: Devlin et al. (2019), section 3.1, task 1, and appendix A.1.

    Example:
        >>> gaps = mask_tokens(torch.tensor([[5, 6, 7]]), 0, 9, torch.Generator().manual_seed(0), rate=1.0)
        >>> gaps.targets.tolist()
        [[5, 6, 7]]
    """
    if not 0 < rate <= 1 or min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
        raise ValueError(
            f"rate must lie above 0 and at most at 1, the three shares must sum to 1, got {rate} and {shares}"
        )
    closed = torch.tensor(sorted({mask_id, *special}))
    original = tokens.cpu()
    free = ~torch.isin(original, closed)
    if not free.any():
        raise ValueError("there is no place to choose: all tokens are special ones")
    chosen = free & (torch.rand(original.shape, generator=generator) < rate)
    if not chosen.any():
        places = free.nonzero()
        one = int(torch.randint(len(places), (), generator=generator))
        chosen[tuple(places[one])] = True
    targets = original.masked_fill(~chosen, NOT_ASKED)
    words = torch.arange(vocab_size)
    words = words[~torch.isin(words, closed)]
    drawn = words[torch.randint(len(words), original.shape, generator=generator)]
    u = torch.rand(original.shape, generator=generator)
    hidden = original.masked_fill(chosen & (u < shares[0]), mask_id)
    swapped = chosen & (u >= shares[0]) & (u < shares[0] + shares[1])
    hidden = torch.where(swapped, drawn.to(hidden.dtype), hidden)
    return Gaps(hidden.to(tokens.device), targets.to(tokens.device))
