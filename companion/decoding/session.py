"""One text that is being written: read a context once, then ask for the next token again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from companion.decoding.states import CachedState, check_tokens, new_state
from companion.models.kv_cache import ContextOverflow

Overflow = Literal["refuse", "slide"]


class DecodingSession:
    """A text and a model that has read it: gives the distribution of the next token, and takes a token.

    Nothing is read before it is asked for, and nothing is read twice: a Transformer goes on from its cache, a recurrent
    network from its state.

    Args:
        model: Any language model of the course, see `companion.decoding.states.new_state`.
        context: The tokens to go on from.
        overflow: When a Transformer's context is full, ``"refuse"`` raises an error; ``"slide"`` forgets the first half
            of the context, reads the other half again and goes on.

    Attributes:
        tokens: The context and all tokens taken.
        vocab_size: Number of token types.

    Raises:
        ValueError: If ``overflow`` is neither of the two, a token is outside the vocabulary, or the context is empty
            and the model has no token for the beginning of a text.

    Example:
        >>> from companion.models.ngram import NGramModel
        >>> model = NGramModel.fit([np.array([0, 1, 0, 1, 0])], order=2, vocab_size=2)
        >>> session = start(model, [0])
        >>> int(session.logits.argmax())
        1
        >>> session.take(1)
        >>> session.tokens
        [0, 1]
    """

    def __init__(
        self,
        model: Any,
        context: Sequence[int] | np.ndarray = (),
        overflow: Overflow = "refuse",
    ) -> None:
        if overflow not in ("refuse", "slide"):
            raise ValueError(f'overflow must be "refuse" or "slide", got {overflow!r}')
        self.model = model
        self.vocab_size = int(model.vocab_size)
        self.tokens = check_tokens(context, self.vocab_size)
        self.overflow = overflow
        self._state = new_state(model)
        # Where in `tokens` the state's reading began; above 0 after a slide.
        self._from = 0
        self._logits: Tensor | None = None
        self._check_context()

    def _check_context(self) -> None:
        if not self.tokens and self._state.needs_context:
            raise ValueError(
                "the context is empty, and this model has no token for the beginning of a text: give it at least one "
                "token to go on from"
            )

    @property
    def _read(self) -> int:
        """Number of tokens that the state has read, and those before it that a slide forgot."""
        return self._from + self._state.length

    def _make_room(self, unread: int) -> None:
        """Slide, or refuse, if the tokens that are still to be read do not fit."""
        room = self._state.room
        if room is None or unread <= room:
            return
        capacity = int(self.model.config.context)
        if self.overflow == "refuse":
            raise ContextOverflow(
                f"a text of {len(self.tokens)} tokens does not fit into the {capacity} that this model looks at (the "
                'token for the beginning is one of them): write less, or pass overflow="slide", which forgets '
                "the older half"
            )
        self._from = max(len(self.tokens) - max(capacity // 2, 1), 0)
        self._state = new_state(self.model)
        if isinstance(self._state, CachedState):
            self._state.skip_start()

    @property
    def logits(self) -> Float[Tensor, " vocab"]:
        """Logits of the next token, shape [vocab]: log-probabilities up to a constant.

        Raises:
            ContextOverflow: If the model's context is full and ``overflow`` is ``"refuse"``.
        """
        if self._logits is None:
            self._logits = self.score(())[-1]
        return self._logits

    @property
    def log_probs(self) -> Float[Tensor, " vocab"]:
        """Log-probabilities of the next token, shape [vocab]."""
        return self.logits.log_softmax(-1)

    def take(self, token: int) -> None:
        """Append a token to the text; it is read when the next distribution is asked for.

        Raises:
            ValueError: If the token is outside the vocabulary.
        """
        if not 0 <= token < self.vocab_size:
            check_tokens([token], self.vocab_size)
        self.tokens.append(token)
        self._logits = None

    def score(self, tokens: Sequence[int]) -> Float[Tensor, "places vocab"]:
        """Append several tokens and read them at once.

        Args:
            tokens: Token ids.

        Returns:
            Logits of what follows the text as it was before and after each of the tokens, shape
            [len(tokens) + 1, vocab].

        Raises:
            ContextOverflow: If they do not fit into the model's context.
            ValueError: If a token is outside the vocabulary.
        """
        self._check_context()
        base, old = self._logits, len(self.tokens)
        if len(tokens):
            self.tokens += check_tokens(tokens, self.vocab_size)
        if base is None and self._read == old:
            # All of the text is read, but its logits were not kept.
            if old == 0:
                base = self._state.begin()[0]
            else:
                self._back(old - 1)
        self._make_room(len(self.tokens) - self._read)
        unread = self.tokens[self._read :]
        if not unread:
            assert base is not None
            self._logits = base
            return base[None]
        wanted = len(tokens) + (base is None)
        new = self._state.read(torch.tensor([unread]), last=wanted == 1)[0, -wanted:]
        self._logits = new[-1]
        return new if base is None else torch.cat([base[None], new])

    def rewind(self, length: int) -> None:
        """Take tokens back: keep the first ``length`` tokens of the text.

        Raises:
            ValueError: If the text is not that long.
        """
        if not 0 <= length <= len(self.tokens):
            raise ValueError(f"cannot keep {length} of {len(self.tokens)} tokens")
        del self.tokens[length:]
        self._logits = None
        if length < self._read:
            self._back(length)

    def _back(self, length: int) -> None:
        """Let the state forget all but the first ``length`` tokens; read from the beginning where it cannot."""
        if length < self._from or not self._state.rewind(length - self._from):
            self._state, self._from = new_state(self.model), 0


def start(
    model: Any,
    context: Sequence[int] | np.ndarray = (),
    overflow: Overflow = "refuse",
) -> DecodingSession:
    """Begin to write: see `DecodingSession`.

    Example:
        >>> from companion.models.ngram import NGramModel
        >>> model = NGramModel.fit([np.array([0, 1, 0, 1, 0])], order=2, vocab_size=2)
        >>> start(model, [0]).log_probs.shape
        torch.Size([2])
    """
    return DecodingSession(model, context, overflow)
