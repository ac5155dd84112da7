"""Several texts drawn side by side under a constraint, each with the weight that corrects for the mask."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from companion.decoding.constrained import RegexConstraint
from companion.decoding.processors import temperature as heated
from companion.decoding.processors import top_p as nucleus
from companion.decoding.states import check_tokens, new_state, stop_set


@dataclass(frozen=True)
class Particle:
    """One of the texts.

    Attributes:
        tokens: What was drawn, the stop token included if it ended so.
        log_prob: Log-probability of the tokens under the model, at the temperature that was asked for.
        log_weight: Log of the probability that the mask left, summed over the tokens: the weight with which the text
            stands for the model's own texts that match. 0 without a constraint.
        finished: Whether it ended by itself, not because the length was used up.
    """

    tokens: tuple[int, ...]
    log_prob: float
    log_weight: float
    finished: bool


def _drawn(
    scores: Float[Tensor, "rows vocab"], generator: np.random.Generator
) -> np.ndarray:
    total = scores.softmax(-1).double().cumsum(-1).cpu().numpy()
    uniform = generator.random(len(total))[:, None] * total[:, -1:]
    found: np.ndarray = (total <= uniform).sum(-1)
    return found


def draw_many(
    model: Any,
    context: Sequence[int] | np.ndarray,
    number: int,
    length: int,
    generator: np.random.Generator,
    stop: int | Collection[int] = (),
    constraint: RegexConstraint | None = None,
    temperature: int | float = 1.0,
    top_p: int | float = 1.0,
) -> list[Particle]:
    """Draw several continuations of one context, which is read once.

    Args:
        model: Any language model of the course.
        context: The tokens to go on from.
        number: How many texts.
        length: Most tokens of each.
        generator: Source of randomness; the texts depend on ``number`` too.
        stop: Token ids that end a text.
        constraint: What each text has to match; the mask keeps every text finishable within the length. A text ends
            where nothing may follow, or where it matches and the model, asked freely, leaves the pattern.
        temperature: Of the distribution that is drawn from.
        top_p: Cut of the tail, after the mask. The weights are exact without a cut, ``top_p=1``.

    Returns:
        One particle a text, in no order of merit.

    Raises:
        ValueError: If a number is below 1, an option is outside its range, or the pattern cannot be matched within the
            length.
        ContextOverflow: If context and length do not fit into the model.

    Source: book, chapter 18, equation eq-mask-weight.

    Example:
        >>> from companion.models.ngram import NGramModel
        >>> model = NGramModel.fit([np.array([0, 1, 0, 1, 2])], order=1, vocab_size=3, smoothing="mle")
        >>> only = RegexConstraint("a", [b"a", b"b", b"c"])
        >>> [particle] = draw_many(model, [0], 1, 1, np.random.default_rng(0), constraint=only)
        >>> particle.tokens, round(particle.log_weight, 3)  # the mask left 2 of 5
        ((0,), -0.916)
    """
    if number < 1 or length < 1:
        raise ValueError(
            f"number and length must be at least 1, got {number} and {length}"
        )
    if constraint is not None:
        shortest = constraint.tokens_left(constraint.start)
        if shortest > length:
            raise ValueError(
                f"no text of {length} tokens matches {constraint.pattern!r}: the shortest has {shortest}"
            )
    stops = stop_set(stop)
    read = check_tokens(context, int(model.vocab_size))
    state = new_state(model, length=len(read) + length)
    logits = (
        state.read(torch.tensor([read]), last=True)[:, -1] if read else state.begin()
    )
    state = state.select(torch.zeros(number, dtype=torch.long))
    logits = logits.expand(number, -1)
    texts: list[list[int]] = [[] for _ in range(number)]
    logs, weights = np.zeros(number), np.zeros(number)
    places = [0 if constraint is None else constraint.start] * number
    finished = [False] * number
    alive = list(range(number))
    for step in range(length):
        scores = heated(logits, temperature).log_softmax(-1)
        masks = None
        kept = scores
        if constraint is not None:
            allowed = [constraint.allowed(places[i], length - step) for i in alive]
            masks = torch.stack(allowed)
            # Where the text may end, the model chooses freely, and leaving the pattern ends it.
            free = [constraint.accepts(places[i]) for i in alive]
            open_ = masks | torch.tensor(free)[:, None]
            kept = scores.masked_fill(~open_.to(scores.device), -math.inf)
        chosen = _drawn(kept if top_p >= 1 else nucleus(kept, top_p), generator)
        left = kept.logsumexp(-1).cpu().double().numpy()
        picked = scores.gather(1, torch.from_numpy(chosen)[:, None].to(scores.device))
        rows, next_tokens = [], []
        for row, (i, token) in enumerate(zip(alive, chosen.tolist(), strict=True)):
            if masks is not None and not masks[row, token]:
                finished[i] = True  # it left the pattern where it may
                continue
            texts[i].append(token)
            logs[i] += float(picked[row, 0])
            weights[i] += float(left[row])
            if constraint is not None:
                places[i] = constraint.advance(places[i], token)
                at = places[i]
                if constraint.accepts(at) and not constraint.allowed(at).any():
                    finished[i] = True
            if token in stops:
                finished[i] = True
            if not finished[i]:
                rows.append(row)
                next_tokens.append(token)
        alive = [alive[row] for row in rows]
        if not alive or step == length - 1:
            break
        if len(rows) < len(scores):
            state = state.select(torch.tensor(rows))
        logits = state.read(torch.tensor(next_tokens)[:, None])[:, -1]
    return [
        Particle(tuple(texts[i]), float(logs[i]), float(weights[i]), finished[i])
        for i in range(number)
    ]


def resample(
    particles: Sequence[Particle],
    generator: np.random.Generator,
    power: int | float = 1.0,
) -> Particle:
    """Choose one text by its weight, so that it is nearly a draw from the model's own texts that match.

    Args:
        particles: What `draw_many` returned.
        generator: Source of randomness; one number is taken from it.
        power: 1 for the weights as they are, 0 for an even choice.

    Returns:
        One of them.

    Raises:
        ValueError: If there is none.

    Source: Rubin (1988); book, chapter 18.
    """
    if not particles:
        raise ValueError("there is no text to choose from: draw some first")
    logs = power * np.array([particle.log_weight for particle in particles])
    total = np.cumsum(np.exp(logs - logs.max()))
    place = np.searchsorted(total, generator.random() * total[-1], side="right")
    return particles[int(place)]
