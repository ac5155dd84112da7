"""What a model remembers while it writes: a cache, a recurrent state, or the tokens, behind one interface."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from companion.models.language_model import LanguageModel
from companion.models.recurrent_lm import RecurrentLM

# Up to so many tokens a recurrent network reads one by one, and keeps the state after each.
_SINGLY = 16


class ModelState(ABC):
    """What was read so far, for one text or several side by side; each implementation knows one kind of model.

    Attributes:
        model: The model that reads.
        vocab_size: Number of token types.
        rows: Number of texts.
        length: Number of tokens read, the same for each text; the token for the beginning is not counted.
        needs_context: Whether a token must be read before there is a distribution.
    """

    needs_context = False

    def __init__(self, model: Any, rows: int = 1) -> None:
        self.model = model
        self.vocab_size = int(model.vocab_size)
        self.rows = rows
        self.length = 0

    @property
    def room(self) -> int | None:
        """How many tokens can still be read; None if there is no end."""
        return None

    @abstractmethod
    def begin(self) -> Float[Tensor, "rows vocab"]:
        """Return the logits of the first token, before any is read; only where ``needs_context`` is False."""

    @abstractmethod
    def read(
        self, tokens: Int[Tensor, "rows steps"], last: bool = False
    ) -> Float[Tensor, "rows places vocab"]:
        """Read tokens; return logits after each, or after the last only, shape [rows, steps or 1, vocab]."""

    @abstractmethod
    def rewind(self, length: int) -> bool:
        """Forget all but the first ``length`` tokens; False if that cannot be done, and nothing was changed."""

    @abstractmethod
    def select(self, rows: Int[Tensor, " chosen"]) -> ModelState:
        """Return a state with these rows, in this order, each as often as it is named."""


def _as_logits(probs: Float[np.ndarray, " vocab"]) -> Float[Tensor, " vocab"]:
    """Return the logarithms of a model's probabilities, as 32-bit numbers."""
    if not probs.sum() > 0:
        raise ValueError(
            "the model has no distribution after this context: every token has probability zero. An n-gram model "
            "without smoothing gives that after a context that it has not seen"
        )
    with np.errstate(divide="ignore"):
        return torch.from_numpy(np.log(probs)).float()


class PlainState(ModelState):
    """For a model with nothing but ``next_probs``: the tokens themselves, read again at each step."""

    def __init__(self, model: LanguageModel, rows: int = 1) -> None:
        super().__init__(model, rows)
        self.texts: list[list[int]] = [[] for _ in range(rows)]
        order = getattr(
            model, "order", getattr(getattr(model, "config", None), "order", None)
        )
        # An n-gram model looks at order - 1 tokens; handing it more costs time and changes nothing.
        self._reach = max(order - 1, 1) if isinstance(order, int) else None

    def _next(self, text: list[int]) -> Float[Tensor, " vocab"]:
        seen = text if self._reach is None else text[-self._reach :]
        return _as_logits(self.model.next_probs(seen))

    def begin(self) -> Float[Tensor, "rows vocab"]:
        """Return the logits after the empty context."""
        return torch.stack([self._next([])] * self.rows)

    def read(
        self, tokens: Int[Tensor, "rows steps"], last: bool = False
    ) -> Float[Tensor, "rows places vocab"]:
        """Ask the model once for each place."""
        found = []
        for text, new in zip(self.texts, tokens.tolist(), strict=True):
            text += new
            first = len(text) if last else len(text) - len(new) + 1
            places = range(first, len(text) + 1)
            found.append(torch.stack([self._next(text[:place]) for place in places]))
        self.length += tokens.shape[1]
        return torch.stack(found)

    def rewind(self, length: int) -> bool:
        """Cut the texts."""
        for text in self.texts:
            del text[length:]
        self.length = length
        return True

    def select(self, rows: Int[Tensor, " chosen"]) -> PlainState:
        """Copy the chosen texts."""
        new = PlainState(self.model, len(rows))
        new.texts = [list(self.texts[row]) for row in rows.tolist()]
        new.length = self.length
        return new


class _NetworkState(ModelState):
    """For a network: reads without gradients and without dropout."""

    model: nn.Module

    @property
    def device(self) -> torch.device:
        """Where the model's parameters are."""
        return next(self.model.parameters()).device

    @abstractmethod
    def _forward(self, tokens: Tensor, last: bool) -> Tensor: ...

    def _read(self, tokens: Tensor, last: bool = False) -> Tensor:
        trained = self.model.training
        if trained:
            self.model.eval()
        with torch.inference_mode():
            logits = self._forward(tokens.to(self.device), last)
        if trained:
            self.model.train()
        return logits

    def _start(self) -> Tensor:
        """Read the token for the beginning of a text, whose id is the size of the vocabulary."""
        start = torch.full((self.rows, 1), int(self.vocab_size))
        return self._read(start)[:, -1]

    def read(
        self, tokens: Int[Tensor, "rows steps"], last: bool = False
    ) -> Float[Tensor, "rows places vocab"]:
        """Read the new tokens; what was read before is in the state."""
        logits = self._read(tokens, last)
        self.length += tokens.shape[1]
        return logits


class RecurrentState(_NetworkState):
    """For a recurrent model: the state of its layers, and the last few before it for going back."""

    def __init__(self, model: RecurrentLM, rows: int = 1, keep: int = 64) -> None:
        super().__init__(model, rows)
        self.network = model
        self._past: deque[tuple[int, Any]] = deque(maxlen=keep)
        self._state: Any = None
        self._first: Tensor | None = None

    def begin(self) -> Float[Tensor, "rows vocab"]:
        """Return the logits after the token for the beginning."""
        if self._first is None:
            self._first = self._start()
            self._past.append((0, self._state))
        return self._first

    def _forward(self, tokens: Tensor, last: bool) -> Tensor:
        logits: Tensor
        logits, self._state = self.model(tokens, self._state)
        return logits[:, -1:] if last else logits

    def read(
        self, tokens: Int[Tensor, "rows steps"], last: bool = False
    ) -> Float[Tensor, "rows places vocab"]:
        """Read the new tokens; a few of them one by one, so that it can go back to each."""
        self.begin()
        few = tokens.shape[1] <= _SINGLY
        parts = []
        for part in tokens.split(1, dim=1) if few else (tokens,):
            parts.append(super().read(part, last))
            self._past.append((self.length, self._state))
        return parts[-1] if last or len(parts) == 1 else torch.cat(parts, dim=1)

    def rewind(self, length: int) -> bool:
        """Take an earlier state, if it is still there."""
        if all(at != length for at, _ in self._past):
            return False
        while self._past[-1][0] != length:
            self._past.pop()
        self.length, self._state = self._past[-1]
        return True

    def select(self, rows: Int[Tensor, " chosen"]) -> RecurrentState:
        """Take the chosen rows out of every layer's state; going back is not possible in the new one."""
        new = RecurrentState(self.network, len(rows), self._past.maxlen or 1)
        rows = rows.to(self.device)
        with torch.inference_mode():
            new._state = tuple(part[:, rows] for part in self._state)
            new._first = None if self._first is None else self._first[rows]
        new.length = self.length
        new._past.append((new.length, new._state))
        return new


class CachedState(_NetworkState):
    """For a Transformer with a cache: keys and values of all tokens read, each computed once."""

    def __init__(self, model: Any, rows: int = 1, capacity: int | None = None) -> None:
        super().__init__(model, rows)
        self.cache = model.new_cache(rows, capacity)
        self._context = int(model.config.context)
        self._first: Tensor | None = None
        self._starts = 1 if getattr(model.config, "start_token", False) else 0
        self.needs_context = not self._starts

    @property
    def room(self) -> int | None:
        """Places that are left in the model's context."""
        begun = self._starts if self._first is None else 0
        return self._context - int(self.cache.length) - begun

    def begin(self) -> Float[Tensor, "rows vocab"]:
        """Return the logits after the token for the beginning."""
        if self._first is None:
            self._first = self._start()
        return self._first

    def skip_start(self) -> None:
        """Leave out the token for the beginning: what is read next comes from the middle of a text."""
        self._starts = 0

    def _forward(self, tokens: Tensor, last: bool) -> Tensor:
        logits: Tensor = self.model(tokens, cache=self.cache, last=last)
        return logits

    def read(
        self, tokens: Int[Tensor, "rows steps"], last: bool = False
    ) -> Float[Tensor, "rows places vocab"]:
        """Read the new tokens only."""
        if self._starts:
            self.begin()
        return super().read(tokens, last)

    def rewind(self, length: int) -> bool:
        """Cut the cache."""
        self.cache.truncate(length + self._starts)
        self.length = length
        return True

    def select(self, rows: Int[Tensor, " chosen"]) -> CachedState:
        """Copy the chosen rows of the cache."""
        new = object.__new__(CachedState)
        new.__dict__.update(self.__dict__)
        new.rows = len(rows)
        with torch.inference_mode():
            new.cache = self.cache.select(rows.to(self.device))
            new._first = None if self._first is None else self._first[rows]
        return new


def new_state(model: Any, rows: int = 1, length: int | None = None) -> ModelState:
    """Return the state of a model that has read nothing.

    Args:
        model: A Transformer with ``new_cache``, a `RecurrentLM`, or any model with ``next_probs``.
        rows: Number of texts side by side.
        length: Most tokens that will be read, so that a cache is no larger than needed; None if unknown.

    Returns:
        The state that fits the model.

    Raises:
        TypeError: If it is none of these.
    """
    if hasattr(model, "new_cache"):
        capacity = None if length is None else min(length + 1, model.config.context)
        return CachedState(model, rows, capacity)
    if isinstance(model, RecurrentLM):
        return RecurrentState(model, rows)
    if hasattr(model, "next_probs"):
        return PlainState(model, rows)
    raise TypeError(
        f"cannot decode from a {type(model).__name__}: a model needs next_probs(context), or new_cache() and a forward "
        "that takes cache="
    )


def check_tokens(tokens: Sequence[int] | np.ndarray, vocab_size: int) -> list[int]:
    """Return token ids as a list of integers.

    Args:
        tokens: Token ids.
        vocab_size: Number of token types.

    Raises:
        ValueError: If one is outside the vocabulary.
    """
    listed = [int(token) for token in tokens]
    for token in listed:
        if not 0 <= token < vocab_size:
            raise ValueError(
                f"token id {token} is outside 0..{vocab_size - 1}: was the context encoded by the model's tokenizer?"
            )
    return listed


def stop_set(stop: int | Collection[int]) -> frozenset[int]:
    """Return one stop token or several as a set."""
    return frozenset(stop) if isinstance(stop, Collection) else frozenset([int(stop)])
