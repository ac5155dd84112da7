"""Draw a text token by token from any model, and hand over each token as soon as it is drawn."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypedDict, Unpack

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from companion.decoding.constrained import RegexConstraint
from companion.decoding.processors import SamplingConfig
from companion.decoding.session import DecodingSession, Overflow, start
from companion.decoding.states import stop_set


class SamplingOptions(TypedDict, total=False):
    """The attributes of a `SamplingConfig`, as keywords."""

    temperature: float
    top_k: int | None
    top_p: float
    min_p: float
    repetition_penalty: float


def draw(scores: Float[Tensor, " vocab"], generator: np.random.Generator) -> int:
    """Draw a token: the first at which the cumulative probability passes a uniform random number.

    Args:
        scores: Logits, shape [vocab]; what is minus infinity is never drawn.
        generator: Source of randomness; one number is taken from it.

    Returns:
        The token id.

    Example:
        >>> draw(torch.tensor([-math.inf, 0.0]), np.random.default_rng(0))
        1
    """
    probs = scores.softmax(-1).cpu().numpy()
    total = np.cumsum(probs, dtype=np.float64)
    return int(np.searchsorted(total, generator.random() * total[-1], side="right"))


def _next(
    session: DecodingSession,
    config: SamplingConfig,
    generator: np.random.Generator | None,
    mask: Tensor | None = None,
) -> int:
    """Choose the next token among those that the mask allows."""
    scores = session.logits
    if config.greedy and mask is None and config.repetition_penalty == 1:
        return int(scores.argmax())
    if mask is not None:
        scores = scores.masked_fill(~mask.to(scores.device), -math.inf)
    with torch.inference_mode():
        scores = config.apply(scores, session.tokens)
        if config.greedy:
            return int(scores.argmax())
        assert generator is not None  # checked in stream()
        return draw(scores, generator)


def stream(
    model: Any,
    context: Sequence[int] | np.ndarray = (),
    length: int | None = None,
    generator: np.random.Generator | None = None,
    stop: int | Collection[int] = (),
    constraint: RegexConstraint | None = None,
    overflow: Overflow = "refuse",
    **options: Unpack[SamplingOptions],
) -> Iterator[int]:
    """Draw a text, and yield each token as soon as it is drawn.

    Args:
        model: Any language model of the course: n-gram, recurrent, GPT, or anything with ``next_probs``.
        context: The tokens to go on from.
        length: Most tokens to draw; None goes on until a stop token comes, or nobody asks for more.
        generator: Source of randomness: the same generator gives the same text. Not needed with ``temperature=0``.
        stop: Token ids after which the text ends; the last token yielded is one of them if it ended so.
        constraint: What the text has to match. It ends where it matches and the model wants to leave the pattern.
        overflow: What happens when a Transformer's context is full, see `DecodingSession`.
        options: ``temperature``, ``top_k``, ``top_p``, ``min_p``, ``repetition_penalty``, see `SamplingConfig`.

    Returns:
        An iterator; nothing is read before its first token is asked for.

    Raises:
        ValueError: If the length is negative, an option is outside its range, the generator is missing, a token is
            outside the vocabulary, or the constraint cannot be met within the length.

    Example:
        >>> from companion.models.ngram import NGramModel
        >>> model = NGramModel.fit([np.array([0, 1, 2] * 9)], order=2, vocab_size=3)
        >>> list(stream(model, [0], length=4, temperature=0.0))
        [1, 2, 0, 1]
    """
    config = SamplingConfig(**options)
    stops = stop_set(stop)
    if length is not None and length < 0:
        raise ValueError(f"length must be at least 0, got {length}")
    if generator is None and not config.greedy:
        raise ValueError(
            "drawing needs a generator, e.g. generator=np.random.default_rng(0); or take the best token each time with "
            "temperature=0"
        )
    session = start(model, context, overflow)
    if constraint is None:
        return _free(session, config, length, generator, stops)
    if constraint.vocab_size != session.vocab_size:
        raise ValueError(
            f"the constraint was made for {constraint.vocab_size} tokens, the model has {session.vocab_size}: use one "
            "tokenizer for both"
        )
    shortest = constraint.tokens_left(constraint.start)
    if length is not None and shortest > length:
        raise ValueError(
            f"no text of {length} tokens matches {constraint.pattern!r}: the shortest has {shortest}"
        )
    return _bound(session, config, length, generator, stops, constraint)


def _free(
    session: DecodingSession,
    config: SamplingConfig,
    length: int | None,
    generator: np.random.Generator | None,
    stops: frozenset[int],
) -> Iterator[int]:
    left = math.inf if length is None else length
    while left > 0:
        token = _next(session, config, generator)
        yield token
        if token in stops:
            return
        session.take(token)
        left -= 1


def _bound(
    session: DecodingSession,
    config: SamplingConfig,
    length: int | None,
    generator: np.random.Generator | None,
    stops: frozenset[int],
    constraint: RegexConstraint,
) -> Iterator[int]:
    state, left = constraint.start, length
    while True:
        allowed = constraint.allowed(state, left)
        if constraint.accepts(state):
            if not allowed.any():
                return
            # The text may end here: it does if the model, asked freely, writes something else.
            token = _next(session, config, generator)
            if not allowed[token]:
                if token in stops:
                    yield token
                return
        else:
            token = _next(session, config, generator, allowed)
        yield token
        session.take(token)
        state = constraint.advance(state, token)
        left = None if left is None else left - 1


def generate(
    model: Any,
    context: Sequence[int] | np.ndarray = (),
    length: int | None = None,
    generator: np.random.Generator | None = None,
    stop: int | Collection[int] = (),
    constraint: RegexConstraint | None = None,
    overflow: Overflow = "refuse",
    **options: Unpack[SamplingOptions],
) -> list[int]:
    """Draw a text and return it as a whole; see `stream` for arguments and errors.

    Raises:
        ValueError: Besides those of `stream`: if neither a length, nor a stop token, nor a constraint ends the text.
    """
    if length is None and constraint is None and not stop_set(stop):
        raise ValueError("nothing would end this text: give a length or a stop token")
    return list(
        stream(model, context, length, generator, stop, constraint, overflow, **options)
    )
