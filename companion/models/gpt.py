"""GPT: a stack of Transformer blocks that reads from left to right, one configurable decoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.attention import AttentionConfig, MultiHeadAttention
from companion.models.feed_forward import ACTIVATIONS, FeedForward
from companion.models.kv_cache import ContextOverflow, KVCache, LayerCache
from companion.models.normalization import LayerNorm, RMSNorm
from companion.models.positions import alibi_bias, rope_table, sinusoidal_positions

__all__ = ["GPT", "Block", "ContextOverflow", "GPTConfig"]

NORMS = ("layernorm", "rmsnorm")
POSITIONS = ("learned", "sinusoidal", "rope", "alibi", "none")


@dataclass(frozen=True)
class GPTConfig:
    """Shape of the model.

    Attributes:
        vocab_size: Number of token types.
        context: Greatest number of tokens that it looks at.
        layers: Number of blocks.
        d_model: Width of the vector of a token.
        heads: Number of heads of the queries.
        kv_heads: Number of heads of keys and values; None has as many as there are heads.
        d_ff: Width inside the feed-forward layers; None is ``4 * d_model``.
        norm: ``"layernorm"`` or ``"rmsnorm"``.
        activation: ``"gelu"``, ``"gelu_tanh"``, ``"relu"`` or ``"swiglu"``.
        positions: ``"learned"``, ``"sinusoidal"``, ``"rope"``, ``"alibi"`` or ``"none"``.
        rope_base: See `companion.models.positions.rope_table`.
        tied: Whether the output layer is the table of the embedding.
        bias: Whether linear layers and LayerNorm have a bias.
        dropout: Probability of dropping a number, while training.
        norm_epsilon: Added to the variance.
        start_token: Whether there is one more token, with the id ``vocab_size``, that stands before each text and is
            read and never predicted.
    """

    vocab_size: int
    context: int = 128
    layers: int = 4
    d_model: int = 128
    heads: int = 4
    kv_heads: int | None = None
    d_ff: int | None = None
    norm: str = "layernorm"
    activation: str = "gelu"
    positions: str = "learned"
    rope_base: float = 10_000.0
    tied: bool = True
    bias: bool = True
    dropout: float = 0.0
    norm_epsilon: float = 1e-5
    start_token: bool = True

    def __post_init__(self) -> None:
        for name in ("vocab_size", "context", "layers", "d_model", "heads"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 1, got {getattr(self, name)}"
                )
        for name, known in (
            ("norm", NORMS),
            ("activation", ACTIVATIONS),
            ("positions", POSITIONS),
        ):
            if getattr(self, name) not in known:
                raise ValueError(
                    f"{name} must be one of {', '.join(known)}, got {getattr(self, name)!r}"
                )
        shape = self.attention  # raises if heads, kv_heads or dropout do not fit
        if self.positions == "rope" and shape.d_head % 2:
            raise ValueError(
                f"rotary positions need heads of even width, got {shape.d_head}: change d_model or heads"
            )

    @classmethod
    def gpt2(cls, vocab_size: int, **changes: Any) -> GPTConfig:
        """Return the options of GPT-2: LayerNorm, GELU, learned positions, biases.

        Args:
            vocab_size: Number of token types.
            changes: Any other attribute, e.g. ``layers=12``.
        """
        options: dict[str, Any] = {
            "norm": "layernorm",
            "activation": "gelu_tanh",
            "positions": "learned",
        }
        return cls(vocab_size, **(options | changes))

    @classmethod
    def llama(cls, vocab_size: int, **changes: Any) -> GPTConfig:
        """Return the options of Llama: RMSNorm, SwiGLU, rotary positions, no biases, an output layer of its own.

        Args:
            vocab_size: Number of token types.
            changes: Any other attribute, e.g. ``kv_heads=2``.
        """
        options: dict[str, Any] = {
            "norm": "rmsnorm",
            "activation": "swiglu",
            "positions": "rope",
            "bias": False,
            "tied": False,
        }
        return cls(vocab_size, **(options | changes))

    @property
    def attention(self) -> AttentionConfig:
        """Shape of the attention of a block."""
        return AttentionConfig(
            self.d_model, self.heads, self.kv_heads, self.bias, self.dropout
        )

    @property
    def feed_forward(self) -> int:
        """Width inside the feed-forward layers."""
        return 4 * self.d_model if self.d_ff is None else self.d_ff


def _norm(config: GPTConfig) -> nn.Module:
    if config.norm == "rmsnorm":
        return RMSNorm(config.d_model, config.norm_epsilon)
    return LayerNorm(config.d_model, config.bias, config.norm_epsilon)


class Block(nn.Module):
    """Attention, then a feed-forward layer; each is normalized before and added to what came in.

    Args:
        config: The shape of the model.

    Source: Radford et al. (2019), section 2.3.
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.dropout = config.dropout
        self.attention_norm = _norm(config)
        self.attention = MultiHeadAttention(config.attention)
        self.feed_forward_norm = _norm(config)
        self.feed_forward = FeedForward(
            config.d_model,
            config.feed_forward,
            config.activation,
            config.bias,
            config.dropout,
        )

    def forward(
        self,
        x: Float[Tensor, "batch time d_model"],
        rope: tuple[Tensor, Tensor] | None = None,
        bias: Tensor | None = None,
        cache: LayerCache | None = None,
    ) -> Float[Tensor, "batch time d_model"]:
        """Transform the vectors of a text, shape [batch, time, d_model].

        Args:
            x: The vectors.
            rope: Cosines and sines of their positions.
            bias: Added to the scores.
            cache: Keys and values of the tokens before.
        """
        seen = self.attention(
            self.attention_norm(x), bias=bias, causal=True, rope=rope, cache=cache
        )
        x = x + (F.dropout(seen, self.dropout) if self.training else seen)
        out: Tensor = x + self.feed_forward(self.feed_forward_norm(x))
        return out


class GPT(nn.Module):
    """Decoder-only Transformer language model.

    Args:
        config: The shape.

    Source: Radford et al. (2018, 2019); the options of Llama: Touvron et al. (2023), section 2.2.

    Example:
        >>> model = GPT(GPTConfig(vocab_size=10, d_model=16, layers=1))
        >>> tuple(model(torch.zeros(2, 5, dtype=torch.long)).shape)
        (2, 5, 10)
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(
            config.vocab_size + config.start_token, config.d_model
        )
        if config.positions == "learned":
            self.position_embedding = nn.Embedding(config.context, config.d_model)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.final_norm = _norm(config)
        if not config.tied:
            self.output = nn.Linear(config.d_model, config.vocab_size, bias=False)
        self._tables()
        self.apply(self._draw)
        for name, parameter in self.named_parameters():
            if name.endswith(("o_proj.weight", "down.weight")):
                # Each block adds to the stream twice: so its variance does not grow with their number.
                nn.init.normal_(parameter, std=0.02 / (2 * config.layers) ** 0.5)

    def _tables(self) -> None:
        config = self.config
        if config.positions == "sinusoidal":
            table = sinusoidal_positions(config.context, config.d_model)
            self.register_buffer("sinusoids", table, persistent=False)
        if config.positions == "rope":
            cos, sin = rope_table(
                config.context, config.attention.d_head, config.rope_base
            )
            self.register_buffer("rope_cos", cos, persistent=False)
            self.register_buffer("rope_sin", sin, persistent=False)

    @staticmethod
    def _draw(module: nn.Module) -> None:
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)

    @property
    def vocab_size(self) -> int:
        """Number of token types."""
        return self.config.vocab_size

    @property
    def device(self) -> torch.device:
        """Where the parameters lie."""
        return self.embedding.weight.device

    def embed(
        self, tokens: Int[Tensor, "batch time"], offset: int = 0
    ) -> Float[Tensor, "batch time d_model"]:
        """Return the vectors of tokens, with their positions added where the positions are vectors.

        Args:
            tokens: Token ids, shape [batch, time].
            offset: Position of the first one.

        Returns:
            Shape [batch, time, d_model].
        """
        x = self.embedding(tokens)
        end = offset + tokens.shape[1]
        if self.config.positions == "learned":
            x = x + self.position_embedding.weight[offset:end]
        if self.config.positions == "sinusoidal":
            x = x * self.config.d_model**0.5 + self.sinusoids[offset:end]
        return F.dropout(x, self.config.dropout) if self.training else x

    def transform(
        self, x: Float[Tensor, "batch time d_model"], cache: KVCache | None = None
    ) -> Float[Tensor, "batch time d_model"]:
        """Send vectors through all blocks and the last normalization.

        Args:
            x: What `embed` returns, shape [batch, time, d_model].
            cache: Keys and values of the tokens before; those of ``x`` are added to it.

        Returns:
            Shape [batch, time, d_model], what `score` reads.
        """
        offset = 0 if cache is None else cache.length
        end, rope, bias = offset + x.shape[1], None, None
        if self.config.positions == "rope":
            rope = (self.rope_cos[offset:end], self.rope_sin[offset:end])
        if self.config.positions == "alibi":
            bias = alibi_bias(self.config.heads, x.shape[1], end).to(x.device)
        for i, block in enumerate(self.blocks):
            x = block(x, rope, bias, None if cache is None else cache.layers[i])
        out: Tensor = self.final_norm(x)
        return out

    def score(
        self, x: Float[Tensor, "*places d_model"]
    ) -> Float[Tensor, "*places vocab"]:
        """Return the logits of the next token, shape [..., vocab], for what `transform` returns."""
        if self.config.tied:
            return F.linear(x, self.embedding.weight[: self.config.vocab_size])
        logits: Tensor = self.output(x)
        return logits

    def forward(
        self,
        tokens: Int[Tensor, "batch time"],
        cache: KVCache | None = None,
        last: bool = False,
    ) -> Float[Tensor, "batch places vocab"]:
        """Score every token as the next one after each place.

        Args:
            tokens: What is read, shape [batch, time].
            cache: Keys and values of the tokens before, from `new_cache`; those of ``tokens`` are added to it.
            last: Whether only the last place is scored.

        Returns:
            Logits, shape [batch, time, vocab], where entry t scores the token at t + 1; [batch, 1, vocab] for the last.

        Raises:
            ContextOverflow: If there are more tokens than the context, those in the cache included.
            ValueError: If there is no token, or one outside the vocabulary.
        """
        offset = 0 if cache is None else cache.length
        self._check(tokens, offset)
        x = self.transform(self.embed(tokens, offset), cache)
        return self.score(x[:, -1:] if last else x)

    def _check(self, tokens: Tensor, offset: int) -> None:
        if tokens.numel() == 0:
            raise ValueError(
                f"there is no token to read: the shape is {list(tokens.shape)}"
            )
        end = offset + tokens.shape[1]
        if end > self.config.context:
            raise ContextOverflow(
                f"{end} tokens are more than the {self.config.context} that this model looks at: leave out the first "
                f"{end - self.config.context} (slide), or make a model with a larger context"
            )
        largest = self.config.vocab_size - 1 + self.config.start_token
        # On a GPU the look at the numbers would stop the pipeline.
        if tokens.device.type == "cpu" and not (
            int(tokens.min()) >= 0 and int(tokens.max()) <= largest
        ):
            raise ValueError(
                f"a token id is outside 0..{largest}: was the model made for this tokenizer?"
            )

    def loss(self, tokens: Int[Tensor, "batch time"]) -> Float[Tensor, ""]:
        """Return the mean cross-entropy of every token but the first, given those before it, in nats.

        Args:
            tokens: Pieces of a `companion.models.recurrent_lm.document_stream`, shape [batch, time]; the beginning of a
                text is read and not predicted.

        Returns:
            A scalar.
        """
        logits = self(tokens[:, :-1])
        return F.cross_entropy(
            logits.flatten(0, 1),
            tokens[:, 1:].flatten(),
            ignore_index=self.config.vocab_size,
        )

    def new_cache(self, batch: int = 1, capacity: int | None = None) -> KVCache:
        """Make room for the keys and values of texts.

        Args:
            batch: Number of texts read side by side.
            capacity: Greatest number of tokens; None is the context.

        Returns:
            An empty cache, on the model's device.
        """
        config = self.config
        return KVCache(
            config.layers,
            batch,
            config.attention.groups,
            config.context if capacity is None else capacity,
            config.attention.d_head,
            self.device,
            self.embedding.weight.dtype,
        )

    def log_prob(
        self,
        documents: Sequence[Int[np.ndarray, " _"]],
        stride: int | None = None,
        batch: int = 16,
    ) -> list[Float[np.ndarray, " _"]]:
        """Score documents: the log-probability of each token given those before it that are in sight.

        What is longer than the context is read in windows. Each begins ``stride`` tokens after the one before it, and
        scores only what that one did not, so that tokens see at least ``context - stride`` tokens before them.

        Args:
            documents: Token ids, one array a document.
            stride: Number of tokens by which the window moves, at most the context; None is half of it.
            batch: Number of windows that are read side by side.

        Returns:
            Natural logarithms, one array a document: of all tokens, or of all but the first if the model has no start
            token.

        Raises:
            ValueError: If the stride is below 1 or above the context, or a token is outside the vocabulary.
        """
        context = self.config.context
        stride = max(1, context // 2) if stride is None else stride
        if not 1 <= stride <= context:
            raise ValueError(
                f"stride must be at least 1 and at most the context of {context}, got {stride}"
            )
        start = [self.config.vocab_size] if self.config.start_token else []
        read = [
            torch.tensor([*start, *map(int, document)], dtype=torch.long)
            for document in documents
        ]
        for tokens in read:
            if (tokens[len(start) :] >= self.config.vocab_size).any():
                raise ValueError(
                    f"a token id is outside 0..{self.config.vocab_size - 1}: was the model made for this tokenizer?"
                )
        scores = [np.empty(max(len(tokens) - 1, 0)) for tokens in read]
        pieces: list[tuple[int, int, int]] = []  # document, first token, first scored
        for i, tokens in enumerate(read):
            scored = 0
            for first in range(0, max(len(tokens) - 1, 0), stride):
                if scored < len(tokens) - 1:
                    pieces.append((i, first, scored))
                    scored = min(first + context, len(tokens) - 1)
        pieces.sort(key=lambda piece: len(read[piece[0]]) - piece[1])
        trained = self.training
        self.eval()
        with torch.inference_mode():
            for at in range(0, len(pieces), batch):
                self._score_windows(pieces[at : at + batch], read, scores)
        self.train(trained)
        return scores

    def _score_windows(
        self,
        pieces: Sequence[tuple[int, int, int]],
        read: Sequence[Tensor],
        scores: list[np.ndarray],
    ) -> None:
        rows = [
            read[i][first : first + self.config.context + 1] for i, first, _ in pieces
        ]
        padded = nn.utils.rnn.pad_sequence(rows, batch_first=True).to(self.device)
        logs = self(padded[:, :-1]).log_softmax(-1)
        logs = logs.gather(2, padded[:, 1:, None].clamp(max=self.vocab_size - 1))
        for (i, first, scored), row, found in zip(
            pieces, rows, logs.double().cpu().numpy()[..., 0], strict=True
        ):
            end = first + len(row) - 1
            scores[i][scored:end] = found[scored - first : end - first]

    def next_probs(
        self, context: Sequence[int] | Int[np.ndarray, " context"]
    ) -> Float[np.ndarray, " vocab"]:
        """Return the distribution of the next token; of a long context only the last tokens are read.

        Args:
            context: Token ids.

        Returns:
            Shape [vocab], sums to 1.

        Raises:
            ValueError: If the context is empty and the model has no start token, or a token is outside the vocabulary.
        """
        start = [self.config.vocab_size] if self.config.start_token else []
        tokens = [*start, *map(int, context)][-self.config.context :]
        if not tokens:
            raise ValueError(
                "this model has no start token: give it at least one token of context"
            )
        trained = self.training
        self.eval()
        with torch.inference_mode():
            logits = self(torch.tensor([tokens], device=self.device), last=True)
        self.train(trained)
        probs: np.ndarray = logits[0, -1].double().softmax(-1).cpu().numpy()
        return probs
