"""The Transformer: an encoder that reads a sentence, a decoder that writes its translation, attention everywhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.attention import (
    AttentionConfig,
    MultiHeadAttention,
    attention_weights,
    causal_mask,
    padding_mask,
)
from companion.models.feed_forward import FeedForward
from companion.models.normalization import LayerNorm
from companion.models.positions import sinusoidal_positions

NORMS = ("pre", "post")
POSITIONS = ("sinusoidal", "none")


@dataclass(frozen=True)
class TransformerConfig:
    """Shape of the model.

    Attributes:
        source_vocab: Number of token types that are read.
        target_vocab: Number of token types that are written.
        layers: Number of layers of the encoder, and of the decoder.
        d_model: Width of the vector that is handed from layer to layer.
        heads: Number of heads of every attention; they share ``d_model`` among them.
        d_ff: Width inside of the feed-forward networks; None takes four times ``d_model``.
        norm: ``"post"`` normalizes each sum, as the paper does; ``"pre"`` normalizes what enters a sublayer, and what
            leaves the last layer.
        positions: ``"sinusoidal"``, or ``"none"`` for a model that cannot tell the first word from the last.
        activation: Function inside of the feed-forward networks.
        tied: Whether the output layer uses the target's embedding table.
        dropout: Probability of dropping a number of what a sublayer puts out, and of the embeddings, while training.
        max_length: Longest source and target, in tokens; longer ones are refused.
        pad_id: The id that fills up a target; it is never predicted.
    """

    source_vocab: int
    target_vocab: int
    layers: int = 2
    d_model: int = 128
    heads: int = 4
    d_ff: int | None = None
    norm: str = "pre"
    positions: str = "sinusoidal"
    activation: str = "relu"
    tied: bool = True
    dropout: float = 0.0
    max_length: int = 100
    pad_id: int = 0

    def __post_init__(self) -> None:
        sizes = (
            "source_vocab",
            "target_vocab",
            "layers",
            "d_model",
            "heads",
            "d_ff",
            "max_length",
        )
        for name in sizes:
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        if self.d_model % self.heads:
            raise ValueError(
                f"d_model must be a multiple of heads, which share it: got {self.d_model} and {self.heads} heads"
            )
        for name, known in (("norm", NORMS), ("positions", POSITIONS)):
            if getattr(self, name) not in known:
                raise ValueError(
                    f"{name} must be one of {', '.join(known)}, got {getattr(self, name)!r}"
                )
        if not 0 <= self.dropout < 1:
            raise ValueError(
                f"dropout must be at least 0 and below 1, got {self.dropout}"
            )

    @property
    def hidden(self) -> int:
        """Width inside of the feed-forward networks."""
        return 4 * self.d_model if self.d_ff is None else self.d_ff

    @property
    def parameters(self) -> int:
        """Number of parameters of the model, by the formula of the book, chapter 11."""
        d, inside = self.d_model, self.hidden
        attention, norm = 4 * (d * d + d), 2 * d
        feed_forward = 2 * d * inside + inside + d
        encoder = attention + feed_forward + 2 * norm
        decoder = 2 * attention + feed_forward + 3 * norm
        last = 2 * norm if self.norm == "pre" else 0
        tables = self.source_vocab + self.target_vocab * (1 if self.tied else 2)
        return self.layers * (encoder + decoder) + last + tables * d


class Residual(nn.Module):
    """The way around a sublayer, and the layer norm on it: x + f(norm(x)) if "pre", norm(x + f(x)) if "post".

    Args:
        config: The shape of the model.

    Source: Vaswani et al. (2017), section 3.1; pre-norm: Xiong et al. (2020), figure 1.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.norm = LayerNorm(config.d_model)
        self.pre = config.norm == "pre"
        self.dropout = config.dropout

    def enter(
        self, x: Float[Tensor, "batch time d_model"]
    ) -> Float[Tensor, "batch time d_model"]:
        """Return what the sublayer is to read."""
        return self.norm(x) if self.pre else x

    def leave(
        self,
        x: Float[Tensor, "batch time d_model"],
        y: Float[Tensor, "batch time d_model"],
    ) -> Float[Tensor, "batch time d_model"]:
        """Return the sum of what came, x, and what the sublayer made of it, y."""
        x = x + F.dropout(y, self.dropout, self.training)
        return x if self.pre else self.norm(x)


def _attention(config: TransformerConfig) -> MultiHeadAttention:
    return MultiHeadAttention(AttentionConfig(config.d_model, config.heads))


def _feed_forward(config: TransformerConfig) -> FeedForward:
    return FeedForward(config.d_model, config.hidden, config.activation)


class EncoderLayer(nn.Module):
    """Every word looks at every word; then every place thinks for itself.

    Args:
        config: The shape of the model.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.attention, self.around_attention = _attention(config), Residual(config)
        self.feed_forward = _feed_forward(config)
        self.around_feed_forward = Residual(config)

    def forward(
        self,
        x: Float[Tensor, "batch source d_model"],
        mask: Bool[Tensor, "batch 1 1 source"],
    ) -> Float[Tensor, "batch source d_model"]:
        """Return the vectors of the next layer."""
        y = self.around_attention.enter(x)
        x = self.around_attention.leave(x, self.attention(y, mask=mask))
        y = self.around_feed_forward.enter(x)
        return self.around_feed_forward.leave(x, self.feed_forward(y))


class DecoderLayer(nn.Module):
    """Every written token looks at those before it, then at the source; then every place thinks for itself.

    Args:
        config: The shape of the model.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.attention, self.around_attention = _attention(config), Residual(config)
        self.cross_attention, self.around_cross = _attention(config), Residual(config)
        self.feed_forward = _feed_forward(config)
        self.around_feed_forward = Residual(config)

    def forward(
        self,
        x: Float[Tensor, "batch target d_model"],
        past: Float[Tensor, "batch past d_model"],
        mask: Bool[Tensor, "target keys"],
        memory: Float[Tensor, "batch source d_model"],
        memory_mask: Bool[Tensor, "batch 1 1 source"],
    ) -> tuple[
        Float[Tensor, "batch target d_model"], Float[Tensor, "batch keys d_model"]
    ]:
        """Return the vectors of the next layer, and what the attention to what was written has read so far."""
        y = self.around_attention.enter(x)
        seen = torch.cat([past, y], dim=1)
        x = self.around_attention.leave(x, self.attention(y, seen, mask=mask))
        y = self.around_cross.enter(x)
        looked = self.cross_attention(y, memory, mask=memory_mask)
        x = self.around_cross.leave(x, looked)
        y = self.around_feed_forward.enter(x)
        return self.around_feed_forward.leave(x, self.feed_forward(y)), seen


class TransformerState(NamedTuple):
    """All that the decoder needs to go on.

    Attributes:
        memory: What the encoder made of the source, shape [batch, source, d_model].
        mask: True at tokens of the source, False at padding, shape [batch, 1, 1, source].
        past: What each layer has read of the target so far, shape [batch, layers, written, d_model].
    """

    memory: Tensor
    mask: Tensor
    past: Tensor

    def select(self, rows: Int[Tensor, " chosen"]) -> TransformerState:
        """Return the states of chosen rows of the batch, in that order; a row may be taken twice."""
        return TransformerState(*(part[rows] for part in self))


class Transformer(nn.Module):
    """Encoder and decoder of attention and feed-forward networks.

    It takes the batches of `companion.text.parallel.PairEncoder` and has the methods of
    `companion.models.seq2seq.Seq2Seq` for training and search.

    Args:
        config: The shape.

    Source: Vaswani et al. (2017), section 3. As there: embeddings times the root of ``d_model``, sinusoidal positions,
    dropout of embeddings and of what sublayers put out. Unlike there: two vocabularies, so two tied tables,
    and pre-norm, unless ``norm="post"``.

    Example:
        >>> model = Transformer(TransformerConfig(source_vocab=10, target_vocab=12, d_model=16))
        >>> source, target = torch.ones(2, 5, dtype=torch.long), torch.ones(2, 4, dtype=torch.long)
        >>> tuple(model(source, torch.tensor([5, 3]), target).shape)
        (2, 4, 12)
    """

    positions: Tensor

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        d = config.d_model
        self.source_embedding = nn.Embedding(config.source_vocab, d)
        self.target_embedding = nn.Embedding(config.target_vocab, d)
        layers = range(config.layers)
        self.encoder = nn.ModuleList(EncoderLayer(config) for _ in layers)
        self.decoder = nn.ModuleList(DecoderLayer(config) for _ in layers)
        # Post-norm leaves every layer normalized already.
        last = config.norm == "pre"
        self.encoder_norm = LayerNorm(d) if last else nn.Identity()
        self.decoder_norm = LayerNorm(d) if last else nn.Identity()
        self.output = nn.Linear(d, config.target_vocab, bias=False)
        if config.tied:
            self.output.weight = self.target_embedding.weight
        table = sinusoidal_positions(config.max_length, d)
        if config.positions == "none":
            table = torch.zeros_like(table)
        self.register_buffer("positions", table, persistent=False)
        self._initialize()

    def _initialize(self) -> None:
        """Glorot's uniform weights, no biases, embeddings of length one: times sqrt(d_model) as large as positions."""
        for name, parameter in self.named_parameters():
            if "embedding" in name or name == "output.weight":
                nn.init.normal_(parameter, std=self.config.d_model**-0.5)
            elif parameter.ndim > 1:
                nn.init.xavier_uniform_(parameter)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def _check(self, tokens: Tensor, vocab: int, side: str, before: int = 0) -> None:
        if tokens.ndim != 2 or tokens.numel() == 0:
            raise ValueError(
                f"the {side} batch is empty or not of shape [batch, time]: its shape is {list(tokens.shape)}"
            )
        if before + tokens.shape[1] > self.config.max_length:
            raise ValueError(
                f"a {side} of {before + tokens.shape[1]} tokens is longer than the model was made for, "
                f"{self.config.max_length}: shorten or split it, or make the model with a larger max_length"
            )
        if int(tokens.min()) < 0 or int(tokens.max()) >= vocab:
            raise ValueError(
                f"a {side} token id is outside 0..{vocab - 1}: was the model made for this vocabulary?"
            )

    def embed(
        self, table: nn.Embedding, tokens: Int[Tensor, "batch time"], start: int = 0
    ) -> Float[Tensor, "batch time d_model"]:
        """Return what enters the first layer, for tokens whose first stands at the place ``start``."""
        x = table(tokens) * math.sqrt(self.config.d_model)
        x = x + self.positions[start : start + tokens.shape[1]]
        return F.dropout(x, self.config.dropout, self.training)

    def encode(
        self, source: Int[Tensor, "batch source"], lengths: Int[Tensor, " batch"]
    ) -> TransformerState:
        """Read sentences.

        Args:
            source: Token ids, shape [batch, source]; what stands behind a sentence's length is padding.
            lengths: Number of tokens of each sentence, shape [batch].

        Returns:
            The state that the decoder starts from.

        Raises:
            ValueError: If the batch is empty, a sentence too long, a token outside the vocabulary or a length
                impossible.
        """
        self._check(source, self.config.source_vocab, "source")
        if int(lengths.min()) < 1 or int(lengths.max()) > source.shape[1]:
            raise ValueError(
                f"lengths must hold numbers from 1 to {source.shape[1]}, the width of the batch, "
                f"got {lengths.tolist()}"
            )
        mask = padding_mask(lengths.to(source.device), source.shape[1])
        x = self.embed(self.source_embedding, source)
        for layer in self.encoder:
            x = layer(x, mask)
        memory = self.encoder_norm(x)
        past = x.new_zeros(len(x), self.config.layers, 0, self.config.d_model)
        return TransformerState(memory, mask, past)

    def target_mask(self, queries: int, keys: int) -> Bool[Tensor, "queries keys"]:
        """Return where the last so many of the written tokens may look: at themselves and backward."""
        return causal_mask(queries, keys)

    def decode(
        self, tokens: Int[Tensor, "batch target"], state: TransformerState
    ) -> tuple[Float[Tensor, "batch target vocab"], TransformerState]:
        """Score the token after each of the given ones, whether or not the model would have written those.

        Args:
            tokens: What has been written, shape [batch, target]; first the token for the beginning.
            state: As `encode` or this method returns it; after the latter the tokens go on where it stopped.

        Returns:
            Logits, shape [batch, target, vocab], and the state after the last token.

        Raises:
            ValueError: If the batch is empty, a target too long, or a token outside the vocabulary.
        """
        written, count = state.past.shape[2], tokens.shape[-1]
        self._check(tokens, self.config.target_vocab, "target", written)
        x = self.embed(self.target_embedding, tokens, written)
        mask = self.target_mask(count, written + count).to(x.device)
        past = []
        for i, layer in enumerate(self.decoder):
            x, seen = layer(x, state.past[:, i], mask, state.memory, state.mask)
            past.append(seen)
        logits = self.output(self.decoder_norm(x))
        return logits, state._replace(past=torch.stack(past, dim=1))

    def forward(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"],
        target: Int[Tensor, "batch target"],
    ) -> Float[Tensor, "batch target vocab"]:
        """Score translations with teacher forcing.

        Args:
            source: Token ids, shape [batch, source].
            lengths: Number of tokens of each source, shape [batch].
            target: Token ids, shape [batch, target].

        Returns:
            Logits, where entry i scores the token after ``target[:, i]``.
        """
        return self.decode(target, self.encode(source, lengths))[0]

    def loss(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"],
        target: Int[Tensor, "batch target"],
        label_smoothing: float = 0.0,
    ) -> Float[Tensor, ""]:
        """Return the mean cross-entropy of the target's tokens but the first, in nats; padding is left out.

        Args:
            source: Token ids, shape [batch, source].
            lengths: Number of tokens of each source, shape [batch].
            target: Token ids from the beginning token to the end token, then ``pad_id``, shape [batch, target].
            label_smoothing: Share of the probability that is asked to be spread over all tokens.

        Returns:
            A scalar.
        """
        logits = self(source, lengths, target[:, :-1])
        return F.cross_entropy(
            logits.flatten(0, 1),
            target[:, 1:].flatten(),
            ignore_index=self.config.pad_id,
            label_smoothing=label_smoothing,
        )

    def advance(
        self, tokens: Int[Tensor, " batch"], state: TransformerState
    ) -> tuple[Float[Tensor, "batch vocab"], TransformerState]:
        """Read one token a row and return the log-probabilities of the next, for a search.

        Args:
            tokens: The tokens written last, shape [batch].
            state: The state before them.

        Returns:
            Natural logarithms, shape [batch, vocab], and the state after the tokens.
        """
        logits, state = self.decode(tokens[:, None].to(state.memory.device), state)
        return logits[:, 0].log_softmax(-1), state

    def cross_weights(
        self, tokens: Int[Tensor, "batch target"], state: TransformerState
    ) -> Float[Tensor, "batch layers heads target source"]:
        """Return where every head of every layer looks in the source while it predicts the token after each given one.

        Args:
            tokens: As in `decode`, shape [batch, target].
            state: As `encode` returns it.

        Returns:
            Weights, shape [batch, layers, heads, target, source], each row of which sums to one.
        """
        asked: list[Tensor] = []
        hooks = [
            layer.cross_attention.register_forward_pre_hook(
                lambda _, args: asked.append(args[0])
            )
            for layer in self.decoder
        ]
        try:
            self.decode(tokens, state)
        finally:
            for hook in hooks:
                hook.remove()

        def heads(x: Tensor) -> Tensor:
            return x.unflatten(-1, (self.config.heads, -1)).transpose(1, 2)

        found = []
        for layer, y in zip(self.decoder, asked, strict=True):
            attention = layer.cross_attention
            q, k = heads(attention.q_proj(y)), heads(attention.k_proj(state.memory))
            found.append(attention_weights(q, k, mask=state.mask))
        return torch.stack(found, dim=1)
