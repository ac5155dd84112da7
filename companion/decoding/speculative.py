"""Speculative decoding: a fast model proposes several tokens, a good one checks them all at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from companion.decoding.processors import SamplingConfig
from companion.decoding.sampling import SamplingOptions
from companion.decoding.session import DecodingSession, start
from companion.decoding.states import stop_set


@dataclass(frozen=True)
class SpeculativeText:
    """A text, and what it took to write it.

    Attributes:
        tokens: The tokens drawn.
        proposed: How many tokens the draft model proposed that were looked at.
        accepted: How many of these were kept.
        rounds: How often the target model was asked.
    """

    tokens: tuple[int, ...]
    proposed: int
    accepted: int
    rounds: int

    @property
    def acceptance_rate(self) -> float:
        """Share of the proposed tokens that were kept, of those looked at; 0 if there were none."""
        return self.accepted / self.proposed if self.proposed else 0.0

    @property
    def tokens_per_round(self) -> float:
        """Tokens written for each time that the target model was asked."""
        return len(self.tokens) / self.rounds if self.rounds else 0.0


def expected_tokens(acceptance: float, lookahead: int) -> float:
    """Return how many tokens a round writes on average if each proposal is kept with the same probability.

    Args:
        acceptance: That probability, between 0 and 1.
        lookahead: Number of proposals in a round.

    Returns:
        (1 - acceptance ** (lookahead + 1)) / (1 - acceptance).

    Raises:
        ValueError: If the probability is outside [0, 1], or ``lookahead`` is negative.

    Source: Leviathan, Kalman & Matias (2023), equation 1; book, equation eq-expected-tokens.

    Example:
        >>> expected_tokens(0.5, 2)
        1.75
    """
    if not 0 <= acceptance <= 1 or lookahead < 0:
        raise ValueError(
            f"acceptance must be between 0 and 1 and lookahead at least 0, got {acceptance} and {lookahead}"
        )
    return float(sum(acceptance**i for i in range(lookahead + 1)))


def _draw(weights: Float[np.ndarray, " vocab"], generator: np.random.Generator) -> int:
    """Draw from weights that need not sum to one."""
    total = np.cumsum(weights, dtype=np.float64)
    return int(np.searchsorted(total, generator.random() * total[-1], side="right"))


def accept_or_replace(
    token: int,
    p: Float[np.ndarray, " vocab"],
    q: Float[np.ndarray, " vocab"],
    generator: np.random.Generator,
) -> tuple[int, bool]:
    """Keep a token that was drawn from q, or draw another, so that the result is distributed as p.

    Args:
        token: A token drawn from ``q``.
        p: The distribution wanted, shape [vocab].
        q: The distribution that the token comes from, shape [vocab].
        generator: Source of randomness.

    Returns:
        The token, and whether it is the one that was proposed.

    Source: Leviathan, Kalman & Matias (2023), section 2.3; book, equation eq-speculative.
    """
    if generator.random() * q[token] < p[token]:
        return token, True
    missing = np.maximum(p - q, 0.0)
    if not missing.sum() > 0:  # p and q are equal up to rounding
        return token, True
    return _draw(missing, generator), False


def speculative(
    target: Any,
    draft: Any,
    context: Sequence[int] | np.ndarray = (),
    length: int = 100,
    generator: np.random.Generator | None = None,
    lookahead: int = 4,
    stop: int | Collection[int] = (),
    **options: Unpack[SamplingOptions],
) -> SpeculativeText:
    """Draw a text that is distributed as if the target model alone had drawn it.

    Args:
        target: The model whose distribution the text has.
        draft: The model that proposes, over the same tokens.
        context: The tokens to go on from.
        length: Most tokens to draw.
        generator: Source of randomness; not needed with ``temperature=0``.
        lookahead: How many tokens the draft model proposes in a round.
        stop: Token ids after which the text ends; the last token is one of them if it ended so.
        options: ``temperature``, ``top_k``, ``top_p``, ``min_p``, ``repetition_penalty``, applied to both models.

    Returns:
        The text with its statistics.

    Raises:
        ValueError: If the vocabularies differ in size, ``lookahead`` or ``length`` is negative, the generator is
            missing, an option is outside its range, or the text does not fit into a model's context.

    Source: Leviathan, Kalman & Matias (2023), algorithm 1; Chen et al. (2023), algorithm 2.
    """
    config = SamplingConfig(**options)
    if target.vocab_size != draft.vocab_size:
        raise ValueError(
            f"the target model has {target.vocab_size} tokens and the draft model {draft.vocab_size}: both must use "
            "one tokenizer"
        )
    if length < 0 or lookahead < 0:
        raise ValueError(
            f"length and lookahead must be at least 0, got {length} and {lookahead}"
        )
    if generator is None and not config.greedy:
        raise ValueError(
            "drawing needs a generator, e.g. generator=np.random.default_rng(0)"
        )
    generator = generator or np.random.default_rng(0)  # greedy: decides nothing
    stops = stop_set(stop)
    writer, checker = start(draft, context), start(target, context)
    first = len(writer.tokens)
    proposed = accepted = rounds = 0
    done = False
    while not done and (written := len(checker.tokens) - first) < length:
        ahead = min(lookahead, length - written - 1)
        tokens, qs = [], []
        for _ in range(ahead):
            qs.append(_probs(writer.logits, config, writer.tokens))
            tokens.append(_draw(qs[-1], generator))
            writer.take(tokens[-1])
        ps = _probs_after(checker, tokens, config)
        rounds += 1
        base = len(checker.tokens) - ahead
        kept: list[int] = []
        for i, p in enumerate(ps):
            if i == ahead:  # everything was kept: one more token for nothing
                kept.append(_draw(p, generator))
                break
            token, good = accept_or_replace(tokens[i], p, qs[i], generator)
            proposed, accepted = proposed + 1, accepted + good
            kept.append(token)
            if not good or token in stops:
                break
        done = kept[-1] in stops
        agreed = len(kept) - 1
        for session in (checker, writer):
            session.rewind(base + agreed)
            session.take(kept[-1])
    return SpeculativeText(tuple(checker.tokens[first:]), proposed, accepted, rounds)


def _probs_after(
    session: DecodingSession, tokens: Sequence[int], config: SamplingConfig
) -> Float[np.ndarray, "places vocab"]:
    """Let a model read all proposals at once; return its distribution before and after each of them."""
    text = list(session.tokens)
    logits = session.score(tokens)
    if config.repetition_penalty == 1:
        return _probs(logits, config, ())
    # The penalty depends on the text, which is another one at each place.
    before = [[*text, *tokens[:i]] for i in range(len(logits))]
    rows = zip(logits, before, strict=True)
    return np.stack([_probs(row, config, seen) for row, seen in rows])


def _probs(
    logits: Float[Tensor, "*places vocab"],
    config: SamplingConfig,
    tokens: Sequence[int],
) -> Float[np.ndarray, "*places vocab"]:
    """Return the reshaped distribution as 64-bit numbers, so that p - q of equal distributions is zero."""
    with torch.inference_mode():
        scores = config.apply(logits, tokens)
        probs: np.ndarray = scores.softmax(-1).cpu().numpy().astype(np.float64)
    return probs
