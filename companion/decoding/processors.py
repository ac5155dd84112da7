"""Reshape a distribution before a token is drawn from it: temperature, cuts of the tail, a penalty on repetition."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


def _check(holds: bool, name: str, wanted: str, got: object) -> None:
    if not holds:
        raise ValueError(f"{name} must be {wanted}, got {got}")


def temperature(
    scores: Float[Tensor, "*places vocab"], tau: float
) -> Float[Tensor, "*places vocab"]:
    """Divide logits by the temperature: below 1 sharpens, above 1 flattens.

    Args:
        scores: Logits or log-probabilities, shape [..., vocab].
        tau: The temperature, above 0.

    Returns:
        Shape [..., vocab]; the softmax of it is the new distribution.

    Raises:
        ValueError: If ``tau`` is not above 0 and finite.

    Source: book, equation eq-temperature.

    Example:
        >>> temperature(torch.tensor([2.0, 4.0]), 2.0).tolist()
        [1.0, 2.0]
    """
    _check(0 < tau < math.inf, "the temperature", "above 0 and finite", tau)
    return scores / tau


def top_k(
    scores: Float[Tensor, "*places vocab"], k: int
) -> Float[Tensor, "*places vocab"]:
    """Keep the k best tokens (more where several are equal to the k-th), and exclude all others.

    Args:
        scores: Logits or log-probabilities, shape [..., vocab].
        k: Number of tokens, at least 1.

    Returns:
        Shape [..., vocab], minus infinity where a token is excluded.

    Raises:
        ValueError: If ``k`` is below 1.

    Source: Fan, Lewis & Dauphin (2018), section 5.1; book, chapter 13.

    Example:
        >>> top_k(torch.tensor([1.0, 3.0, 2.0]), 2).tolist()
        [-inf, 3.0, 2.0]
    """
    _check(k >= 1, "top_k", "at least 1", k)
    worst = scores.topk(min(k, scores.shape[-1]), dim=-1).values[..., -1:]
    return scores.masked_fill(scores < worst, -math.inf)


def top_p(
    scores: Float[Tensor, "*places vocab"], p: float
) -> Float[Tensor, "*places vocab"]:
    """Keep the smallest set of most probable tokens whose probabilities sum to at least p (the nucleus).

    Args:
        scores: Logits or log-probabilities, shape [..., vocab].
        p: Above 0, at most 1; 1 keeps everything.

    Returns:
        Shape [..., vocab], minus infinity where a token is excluded.

    Raises:
        ValueError: If ``p`` is outside (0, 1].

    Source: Holtzman et al. (2020), section 3.1; book, equation eq-top-p.

    Example:
        >>> top_p(torch.tensor([0.5, 0.3, 0.2]).log(), 0.6).isfinite().tolist()
        [True, True, False]
    """
    _check(0 < p <= 1, "top_p", "above 0 and at most 1", p)
    if p == 1:
        return scores
    probs = scores.softmax(-1)
    if scores.ndim == 1:
        # Tokens below (1 - p) / V hold less than 1 - p together, so none is in the nucleus: no need to sort them.
        likely = (probs >= (1 - p) / len(probs)).nonzero()[:, 0]
        values, order = probs[likely].sort(descending=True)
        keep = likely[order[values.cumsum(0) - values < p]]
        return torch.full_like(scores, -math.inf).index_put_((keep,), scores[keep])
    values, order = probs.sort(-1, descending=True)
    outside = values.cumsum(-1) - values >= p
    return scores.masked_fill(outside.scatter(-1, order, outside), -math.inf)


def min_p(
    scores: Float[Tensor, "*places vocab"], p: float
) -> Float[Tensor, "*places vocab"]:
    """Exclude tokens whose probability is below p times that of the best token.

    Args:
        scores: Logits or log-probabilities, shape [..., vocab].
        p: From 0, which keeps everything, to 1.

    Returns:
        Shape [..., vocab], minus infinity where a token is excluded.

    Raises:
        ValueError: If ``p`` is outside [0, 1].

    Source: Nguyen et al. (2025), section 3; book, chapter 13.

    Example:
        >>> min_p(torch.tensor([0.0, -1.0, -3.0]), 0.1).tolist()
        [0.0, -1.0, -inf]
    """
    _check(0 <= p <= 1, "min_p", "between 0 and 1", p)
    if p == 0:
        return scores
    bound = scores.amax(-1, keepdim=True) + math.log(p)
    return scores.masked_fill(scores < bound, -math.inf)


def repetition_penalty(
    scores: Float[Tensor, " vocab"], tokens: Sequence[int], penalty: float
) -> Float[Tensor, " vocab"]:
    """Make tokens that stand in the text already less probable: divide positive scores, multiply negative ones.

    The score falls in either case. How much that does depends on where the zero of the logits is, which the softmax
    does not fix; `transformers` does the same. Log-probabilities are always multiplied.

    Args:
        scores: Logits or log-probabilities, shape [vocab].
        tokens: The text so far.
        penalty: 1 changes nothing; more is a penalty, less a reward.

    Returns:
        Shape [vocab]; the softmax of it is the new distribution.

    Raises:
        ValueError: If the penalty is not above 0.

    Source: Keskar et al. (2019), section 4.1; book, chapter 13.

    Example:
        >>> repetition_penalty(torch.tensor([3.0, 3.0, -2.0]), [1, 2], 1.5).tolist()
        [3.0, 2.0, -3.0]
    """
    _check(0 < penalty < math.inf, "repetition_penalty", "above 0 and finite", penalty)
    if penalty == 1 or not len(tokens):
        return scores
    seen = torch.tensor(sorted(set(tokens)), device=scores.device)
    old = scores[seen]
    new = torch.where(old < 0, old * penalty, old / penalty)
    return scores.index_put((seen,), new)


@dataclass(frozen=True)
class SamplingConfig:
    """What is done to a distribution before a token is drawn, in this order.

    1. ``repetition_penalty``, on the logits (on log-probabilities, for a model that gives only probabilities)
    2. ``temperature``
    3. ``top_k``
    4. ``top_p``, of what is left
    5. ``min_p``, of what is left

    Attributes:
        temperature: 0 takes the best token; 1 changes nothing.
        top_k: None keeps all.
        top_p: 1 keeps all.
        min_p: 0 keeps all.
        repetition_penalty: 1 changes nothing.

    Raises:
        ValueError: If one of them is outside its range.

    Example:
        >>> SamplingConfig(top_k=1).apply(torch.tensor([0.2, 0.8]).log()).softmax(-1).tolist()
        [0.0, 1.0]
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0

    def __post_init__(self) -> None:
        tau, k, penalty = self.temperature, self.top_k, self.repetition_penalty
        _check(0 <= tau < math.inf, "temperature", "at least 0 and finite", tau)
        if k is not None:
            _check(k >= 1, "top_k", "at least 1, or None for no limit", k)
        _check(0 < self.top_p <= 1, "top_p", "above 0 and at most 1", self.top_p)
        _check(0 <= self.min_p <= 1, "min_p", "between 0 and 1", self.min_p)
        _check(
            0 < penalty < math.inf, "repetition_penalty", "above 0 and finite", penalty
        )

    @property
    def greedy(self) -> bool:
        """Whether the best token is taken, and nothing drawn."""
        return self.temperature == 0

    def apply(
        self, logits: Float[Tensor, "*places vocab"], tokens: Sequence[int] = ()
    ) -> Float[Tensor, "*places vocab"]:
        """Return new logits, shape [..., vocab]; with the temperature 0 only the best token is left.

        Args:
            logits: Logits of the model, shape [..., vocab]; [vocab] if there is a repetition penalty.
            tokens: The text so far, for the repetition penalty.
        """
        scores = logits
        if self.repetition_penalty != 1:
            scores = repetition_penalty(scores, tokens, self.repetition_penalty)
        if self.greedy:
            best = scores.argmax(-1, keepdim=True)
            return torch.full_like(scores, -math.inf).scatter_(-1, best, 0.0)
        if self.temperature != 1:
            scores = temperature(scores, self.temperature)
        if self.top_k is not None:
            scores = top_k(scores, self.top_k)
        if self.top_p < 1:
            scores = top_p(scores, self.top_p)
        if self.min_p > 0:
            scores = min_p(scores, self.min_p)
        return scores
