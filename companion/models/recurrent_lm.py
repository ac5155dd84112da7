"""A language model over any recurrent layer: embed, read, score the next token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.gru import GRU
from companion.models.language_model import apply_temperature
from companion.models.lstm import LSTM
from companion.models.recurrent import Recurrent, RecurrentConfig
from companion.models.rnn import RNN

CELLS: dict[str, type[Recurrent]] = {"rnn": RNN, "lstm": LSTM, "gru": GRU}


@dataclass(frozen=True)
class RecurrentLMConfig:
    """Shape of the model.

    Attributes:
        vocab_size: Number of token types.
        cell: ``"rnn"``, ``"lstm"`` or ``"gru"``.
        embedding_size: Width of the vector of a token.
        hidden_size: Width of the state.
        layers: Number of recurrent layers.
        dropout: Probability of dropping a number of what enters and leaves the recurrent layers, while training.
        tied: Whether the output layer uses the embedding's table; needs ``embedding_size == hidden_size``.
        forget_bias: Added to the forget gate of an LSTM when its parameters are drawn.
    """

    vocab_size: int
    cell: str = "lstm"
    embedding_size: int = 64
    hidden_size: int = 128
    layers: int = 1
    dropout: float = 0.0
    tied: bool = False
    forget_bias: float = 1.0

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise ValueError(
                f"cell must be one of {', '.join(sorted(CELLS))}, got {self.cell!r}"
            )
        for name in ("vocab_size", "embedding_size", "hidden_size", "layers"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 1, got {getattr(self, name)}"
                )
        if not 0 <= self.dropout < 1:
            raise ValueError(
                f"dropout must be at least 0 and below 1, got {self.dropout}"
            )
        if self.tied and self.embedding_size != self.hidden_size:
            raise ValueError(
                "with tied=True the output layer is the embedding's table, so embedding_size and hidden_size must be "
                f"equal, got {self.embedding_size} and {self.hidden_size}"
            )


def document_stream(
    documents: Sequence[Int[np.ndarray, " _"]], vocab_size: int
) -> Int[Tensor, " tokens"]:
    """Join documents to one stream, with the id ``vocab_size`` before each.

    Args:
        documents: Token ids, one array a document.
        vocab_size: Number of token types.

    Returns:
        Shape [tokens + documents], what `RecurrentLM.loss` reads.

    Raises:
        ValueError: If there is no document.

    Example:
        >>> document_stream([np.array([0, 1]), np.array([2])], vocab_size=3).tolist()
        [3, 0, 1, 3, 2]
    """
    if not documents:
        raise ValueError("there is no document to join")
    start = np.array([vocab_size])
    parts = [part for document in documents for part in (start, document)]
    return torch.from_numpy(np.concatenate(parts).astype(np.int64))


class RecurrentLM(nn.Module):
    """Recurrent language model: the state after the tokens so far scores the next one.

    What stands before a text is one more token, with the id ``vocab_size``, that is read and never predicted.

    Args:
        config: The shape.

    Source: Mikolov et al. (2010); tied output layer: Press & Wolf (2017).

    Example:
        >>> model = RecurrentLM(RecurrentLMConfig(vocab_size=10, cell="gru"))
        >>> logits, state = model(torch.zeros(2, 5, dtype=torch.long))
        >>> tuple(logits.shape)
        (2, 5, 10)
    """

    def __init__(self, config: RecurrentLMConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size + 1, config.embedding_size)
        shape = RecurrentConfig(
            config.embedding_size,
            config.hidden_size,
            config.layers,
            dropout=config.dropout if config.layers > 1 else 0.0,
        )
        self.layer: Recurrent = (
            LSTM(shape, forget_bias=config.forget_bias)
            if config.cell == "lstm"
            else CELLS[config.cell](shape)
        )
        self.output = nn.Linear(config.hidden_size, config.vocab_size)
        if config.tied:
            # Rows of a tied table are scores' weights as well, and those are to begin small.
            nn.init.normal_(self.embedding.weight, std=config.hidden_size**-0.5)
            del self.output.weight

    @property
    def vocab_size(self) -> int:
        """Number of token types."""
        return self.config.vocab_size

    def score(
        self, h: Float[Tensor, "*places hidden"]
    ) -> Float[Tensor, "*places vocab"]:
        """Return the logits of the next token, shape [..., vocab], for states of the last layer, [..., hidden]."""
        weight = (
            self.embedding.weight[: self.config.vocab_size]
            if self.config.tied
            else self.output.weight
        )
        return F.linear(h, weight, self.output.bias)

    def forward(
        self,
        tokens: Int[Tensor, "batch time"],
        state: tuple[Any, ...] | None = None,
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch time vocab"], tuple[Any, ...]]:
        """Score every token as the next one after each place.

        Args:
            tokens: What is read, shape [batch, time]; the id ``vocab_size`` stands for the beginning of a text.
            state: The state to go on from, as this method returns it; None starts from zeros.
            lengths: Number of tokens of each sequence, see `Recurrent`.

        Returns:
            Logits, shape [batch, time, vocab], where entry t scores the token at t + 1; and the last state.

        Raises:
            ValueError: If the batch is empty or a token is outside the vocabulary.
        """
        if tokens.numel() == 0:
            raise ValueError(
                f"the batch is empty: its shape is {list(tokens.shape)}. Does the data loader give any sequence?"
            )
        if int(tokens.min()) < 0 or int(tokens.max()) > self.config.vocab_size:
            raise ValueError(
                f"a token id is outside 0..{self.config.vocab_size}: was the model made for this tokenizer?"
            )
        x = F.dropout(self.embedding(tokens), self.config.dropout, self.training)
        h, state = self.layer(x, state, lengths)
        h = F.dropout(h, self.config.dropout, self.training)
        return self.score(h), state

    def loss(self, tokens: Int[Tensor, "batch time"]) -> Float[Tensor, ""]:
        """Return the mean cross-entropy of every token but the first, given those before it, in nats.

        Args:
            tokens: Pieces of a `document_stream`, shape [batch, time]. The beginning of a text is not predicted.

        Returns:
            A scalar.
        """
        logits, _ = self(tokens[:, :-1])
        return F.cross_entropy(
            logits.flatten(0, 1),
            tokens[:, 1:].flatten(),
            ignore_index=self.config.vocab_size,
        )

    @property
    def _device(self) -> torch.device:
        return self.embedding.weight.device

    def log_prob(
        self,
        documents: Sequence[Int[np.ndarray, " _"]],
        batch: int = 32,
        chunk: int = 256,
    ) -> list[Float[np.ndarray, " _"]]:
        """Score documents: the log-probability of each token given all before it in its document.

        Args:
            documents: Token ids, one array a document.
            batch: Number of documents read side by side.
            chunk: Number of tokens read at once; the state is carried on, so that it changes nothing but the memory.

        Returns:
            Natural logarithms, one array a document, in the same order.

        Raises:
            ValueError: If a token is outside the vocabulary.
        """
        scores: list[np.ndarray] = [np.empty(0)] * len(documents)
        # Neighbors in this order are of like length, so that little is padded.
        order = sorted(range(len(documents)), key=lambda i: len(documents[i]))
        trained = self.training
        self.eval()
        with torch.no_grad():
            for first in range(0, len(order), batch):
                chosen = order[first : first + batch]
                for i, row in zip(
                    chosen,
                    self._score_batch([documents[i] for i in chosen], chunk),
                    strict=True,
                ):
                    scores[i] = row
        self.train(trained)
        return scores

    def _score_batch(
        self, documents: Sequence[Int[np.ndarray, " _"]], chunk: int
    ) -> list[Float[np.ndarray, " _"]]:
        lengths = [len(document) for document in documents]
        start = self.config.vocab_size
        tokens = torch.zeros(len(documents), max(lengths) + 1, dtype=torch.long)
        tokens[:, 0] = start
        for row, document in enumerate(documents):
            tokens[row, 1 : 1 + len(document)] = torch.from_numpy(
                np.asarray(document, dtype=np.int64)
            )
        if (tokens[:, 1:] >= start).any():
            raise ValueError(
                f"a token id is outside 0..{start - 1}: was the model made for this tokenizer?"
            )
        tokens = tokens.to(self._device)
        parts, state = [], None
        for at in range(0, max(lengths), chunk):
            piece = tokens[:, at : at + chunk + 1]
            if piece.shape[1] < 2:
                break
            logits, state = self(piece[:, :-1], state)
            logs = logits.log_softmax(-1).gather(2, piece[:, 1:, None])[..., 0]
            parts.append(logs.cpu())
        if not parts:
            return [np.empty(0) for _ in documents]
        joined = torch.cat(parts, 1).double().numpy()
        return [joined[row, :length] for row, length in enumerate(lengths)]

    def next_probs(
        self, context: Sequence[int] | Int[np.ndarray, " context"]
    ) -> Float[np.ndarray, " vocab"]:
        """Return the distribution of the next token.

        Args:
            context: All tokens before it.

        Returns:
            Shape [vocab]; sums to 1.
        """
        probs, _ = self._next([self.config.vocab_size, *context], None)
        return probs

    def predict(
        self, contexts: Int[np.ndarray, "number length"]
    ) -> Float[np.ndarray, "number vocab"]:
        """Return the distribution of the next token after each of many contexts of one length.

        Args:
            contexts: Token ids, shape [number, length].

        Returns:
            Shape [number, vocab]; each row sums to 1.
        """
        start = np.full((len(contexts), 1), self.config.vocab_size)
        tokens = np.concatenate([start, contexts], axis=1).astype(np.int64)
        trained = self.training
        self.eval()
        with torch.no_grad():
            logits, _ = self(torch.from_numpy(tokens).to(self._device))
        self.train(trained)
        probs: np.ndarray = logits[:, -1].double().softmax(-1).cpu().numpy()
        return probs

    def _next(
        self, tokens: Sequence[int], state: tuple[Any, ...] | None
    ) -> tuple[Float[np.ndarray, " vocab"], tuple[Any, ...]]:
        trained = self.training
        self.eval()
        with torch.no_grad():
            read = torch.tensor([[int(token) for token in tokens]], device=self._device)
            logits, state = self(read, state)
        self.train(trained)
        probs: np.ndarray = logits[0, -1].double().softmax(-1).cpu().numpy()
        return probs, state

    def sample(
        self,
        length: int,
        generator: np.random.Generator,
        context: Sequence[int] | Int[np.ndarray, " context"] = (),
        temperature: float = 1.0,
    ) -> list[int]:
        """Draw a continuation; the state is carried, so that each token costs one step.

        Args:
            length: Number of tokens to draw.
            generator: Source of randomness.
            context: Tokens to continue.
            temperature: See `companion.models.language_model.apply_temperature`.

        Returns:
            The drawn token ids, without the context.

        Raises:
            ValueError: If the length or the temperature is negative.
        """
        if length < 0:
            raise ValueError(f"length must be at least 0, got {length}")
        drawn: list[int] = []
        read: list[int] = [self.config.vocab_size, *(int(token) for token in context)]
        state: tuple[Any, ...] | None = None
        for _ in range(length):
            probs, state = self._next(read, state)
            probs = apply_temperature(probs, temperature)
            read = [int(generator.choice(len(probs), p=probs))]
            drawn += read
        return drawn
