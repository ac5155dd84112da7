"""BERT: a stack of Transformer blocks in which every token sees all others."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.attention import (
    AttentionConfig,
    MultiHeadAttention,
    padding_mask,
)
from companion.models.feed_forward import FeedForward
from companion.models.normalization import LayerNorm


@dataclass(frozen=True)
class BertConfig:
    """Shape of the model.

    Attributes:
        vocab_size: Number of token types, the special ones included.
        context: Greatest number of tokens that it reads.
        layers: Number of blocks.
        d_model: Width of the vector of a token.
        heads: Number of heads of every attention.
        d_ff: Width inside the feed-forward layers; None is ``4 * d_model``.
        segments: Number of kinds of text in one sequence, such as question and answer.
        activation: ``"gelu"``, ``"gelu_tanh"`` or ``"relu"``.
        dropout: Probability of dropping a number, while training.
        norm_epsilon: Added to the variance.
        pooler: Whether there is a layer over the first token, see `Bert.pool`.
    """

    vocab_size: int
    context: int = 128
    layers: int = 4
    d_model: int = 128
    heads: int = 4
    d_ff: int | None = None
    segments: int = 2
    activation: str = "gelu"
    dropout: float = 0.0
    norm_epsilon: float = 1e-12
    pooler: bool = True

    def __post_init__(self) -> None:
        for name in ("vocab_size", "context", "layers", "segments"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 1, got {getattr(self, name)}"
                )
        if self.activation not in ("gelu", "gelu_tanh", "relu"):
            raise ValueError(
                f"activation must be gelu, gelu_tanh or relu, got {self.activation!r}"
            )
        _ = self.attention  # raises if heads, d_model or dropout do not fit

    @classmethod
    def base(cls) -> BertConfig:
        """Return the shape of the smaller model of the paper."""
        return cls(30_522, context=512, layers=12, d_model=768, heads=12, dropout=0.1)

    @classmethod
    def large(cls) -> BertConfig:
        """Return the shape of the larger model of the paper."""
        return cls(30_522, context=512, layers=24, d_model=1024, heads=16, dropout=0.1)

    @property
    def attention(self) -> AttentionConfig:
        """Shape of the attention of a block."""
        return AttentionConfig(self.d_model, self.heads, dropout=self.dropout)

    @property
    def hidden(self) -> int:
        """Width inside the feed-forward layers."""
        return 4 * self.d_model if self.d_ff is None else self.d_ff

    @property
    def parameters(self) -> int:
        """Number of parameters of `Bert`, by the formula of the book, chapter 14.

        Example:
            >>> BertConfig.base().parameters, BertConfig.large().parameters
            (109482240, 335141888)
        """
        d, tables = self.d_model, self.vocab_size + self.context + self.segments
        attention, norm = 4 * (d * d + d), 2 * d
        feed_forward = 2 * d * self.hidden + self.hidden + d
        block = attention + feed_forward + 2 * norm
        return tables * d + norm + self.layers * block + self.pooler * (d * d + d)


class EncoderBlock(nn.Module):
    """Attention to all places, then a feed-forward layer; each is added to what came in, and the sum is normalized.

    Args:
        config: The shape of the model.

    Source: Devlin et al. (2019), section 3, after Vaswani et al. (2017), section 3.1.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.dropout = config.dropout
        self.attention = MultiHeadAttention(config.attention)
        self.attention_norm = LayerNorm(config.d_model, epsilon=config.norm_epsilon)
        self.feed_forward = FeedForward(
            config.d_model, config.hidden, config.activation, dropout=config.dropout
        )
        self.feed_forward_norm = LayerNorm(config.d_model, epsilon=config.norm_epsilon)

    def forward(
        self,
        x: Float[Tensor, "batch time d_model"],
        mask: Bool[Tensor, "batch 1 1 time"] | None = None,
    ) -> Float[Tensor, "batch time d_model"]:
        """Transform the vectors of texts, shape [batch, time, d_model].

        Args:
            x: The vectors.
            mask: True where there is a token and no padding.
        """
        seen = F.dropout(self.attention(x, mask=mask), self.dropout, self.training)
        x = self.attention_norm(x + seen)
        out: Tensor = self.feed_forward_norm(x + self.feed_forward(x))
        return out


class Bert(nn.Module):
    """Bidirectional Transformer encoder: a vector for each token, made from the whole text.

    Args:
        config: The shape.

    Source: Devlin et al. (2019), section 3.

    Example:
        >>> model = Bert(BertConfig(vocab_size=10, d_model=16, layers=1))
        >>> tuple(model(torch.zeros(2, 5, dtype=torch.long)).shape)
        (2, 5, 16)
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.d_model)
        self.position_embedding = nn.Embedding(config.context, config.d_model)
        self.segment_embedding = nn.Embedding(config.segments, config.d_model)
        self.embedding_norm = LayerNorm(config.d_model, epsilon=config.norm_epsilon)
        self.blocks = nn.ModuleList(EncoderBlock(config) for _ in range(config.layers))
        if config.pooler:
            self.pooler = nn.Linear(config.d_model, config.d_model)
        self.apply(draw)

    def embed(
        self,
        tokens: Int[Tensor, "batch time"],
        segments: Int[Tensor, "batch time"] | None = None,
    ) -> Float[Tensor, "batch time d_model"]:
        """Return the sum of the three embeddings, normalized, shape [batch, time, d_model]; see `forward`."""
        where = self.position_embedding.weight[: tokens.shape[1]]
        kind = (
            self.segment_embedding.weight[0]
            if segments is None
            else self.segment_embedding(segments)
        )
        x = self.embedding_norm(self.embedding(tokens) + where + kind)
        return F.dropout(x, self.config.dropout, self.training)

    def forward(
        self,
        tokens: Int[Tensor, "batch time"],
        lengths: Int[Tensor, " batch"] | None = None,
        segments: Int[Tensor, "batch time"] | None = None,
    ) -> Float[Tensor, "batch time d_model"]:
        """Read texts.

        Args:
            tokens: Token ids, shape [batch, time].
            lengths: Number of tokens of each text, shape [batch]; what stands behind is padding, and nobody looks at
                it. None means that there is none.
            segments: Kind of each token, shape [batch, time]; None is 0 everywhere.

        Returns:
            Shape [batch, time, d_model]; what stands at padding means nothing.

        Raises:
            ValueError: If there is no token, there are more than the context, an id is outside the vocabulary, or a
                length is below 1 or above ``time``.
        """
        self._check(tokens, lengths)
        x = self.embed(tokens, segments)
        mask = None if lengths is None else padding_mask(lengths, tokens.shape[1])
        for block in self.blocks:
            x = block(x, mask)
        return x

    def _check(self, tokens: Tensor, lengths: Tensor | None) -> None:
        if tokens.numel() == 0:
            raise ValueError(
                f"there is no token to read: the shape is {list(tokens.shape)}"
            )
        if tokens.shape[1] > self.config.context:
            raise ValueError(
                f"a text of {tokens.shape[1]} tokens is longer than the {self.config.context} that this model reads: "
                "cut it, or read it in pieces"
            )
        largest = self.config.vocab_size - 1
        if tokens.device.type == "cpu" and not (
            int(tokens.min()) >= 0 and int(tokens.max()) <= largest
        ):
            raise ValueError(
                f"a token id is outside 0..{largest}: was the model made for this tokenizer?"
            )
        if lengths is not None and int(lengths.min()) < 1:
            raise ValueError("a text without a token has no vector: leave it out")

    def pool(
        self, h: Float[Tensor, "batch time d_model"]
    ) -> Float[Tensor, "batch d_model"]:
        """Return one vector for each text: a layer with tanh over its first token, ``[CLS]``.

        Args:
            h: What `forward` returns, shape [batch, time, d_model].

        Returns:
            Shape [batch, d_model].

        Raises:
            ValueError: If the model was made without this layer.
        """
        if not self.config.pooler:
            raise ValueError(
                "this model has no pooler: take h[:, 0], or the mean of the tokens"
            )
        return torch.tanh(self.pooler(h[:, 0]))


def draw(module: nn.Module) -> None:
    """Draw the weights of a layer as BERT does; hand it to ``module.apply``."""
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
