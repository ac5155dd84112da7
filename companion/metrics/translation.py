"""How good is a translation: exact match and BLEU."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


def exact_match(hypotheses: Sequence[str], references: Sequence[str]) -> float:
    """Return the share of translations that equal their reference, character by character.

    Args:
        hypotheses: What a model wrote.
        references: What it should have written.

    Returns:
        A number between 0 and 1.

    Raises:
        ValueError: If there is nothing, or the numbers of texts differ.

    Example:
        >>> exact_match(["a", "b"], ["a", "c"])
        0.5
    """
    _check(hypotheses, references)
    same = sum(h == r for h, r in zip(hypotheses, references, strict=True))
    return same / len(references)


def _check(hypotheses: Sequence[object], references: Sequence[object]) -> None:
    if len(hypotheses) != len(references):
        raise ValueError(
            f"{len(hypotheses)} translations and {len(references)} references: there must be as many"
        )
    if not references:
        raise ValueError("there is nothing to measure: no translation was given")


@dataclass(frozen=True)
class Bleu:
    """BLEU and what it is made of.

    Attributes:
        score: Between 0 and 1.
        precisions: Share of the n-grams of the translations that their references hold, for n = 1, 2, ...
        brevity_penalty: 1, or less where the translations are shorter than the references together.
    """

    score: float
    precisions: tuple[float, ...]
    brevity_penalty: float


def _grams(tokens: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def bleu(
    hypotheses: Sequence[Sequence[str]],
    references: Sequence[Sequence[str]],
    order: int = 4,
) -> Bleu:
    """Return the BLEU of a corpus with one reference a sentence, without smoothing.

    Args:
        hypotheses: Tokens of what a model wrote; for Chinese, mostly characters.
        references: Tokens of what it should have written.
        order: Longest n-gram that is counted.

    Returns:
        The score, 0 if some n-gram length has no match at all, and its parts.

    Raises:
        ValueError: If there is nothing, the numbers of texts differ, or ``order`` is below 1.

    Source: Papineni, Roukos, Ward & Zhu (2002), section 2.3.

    Example:
        >>> round(bleu([list("我爱写程序")], [list("我爱写诗")], order=2).score, 3)
        0.548
    """
    _check(hypotheses, references)
    if order < 1:
        raise ValueError(f"order must be at least 1, got {order}")
    precisions = []
    for n in range(1, order + 1):
        matched = total = 0
        for hypothesis, reference in zip(hypotheses, references, strict=True):
            written = _grams(hypothesis, n)
            # A word that is repeated counts as often as the reference has it.
            matched += (written & _grams(reference, n)).total()
            total += written.total()
        precisions.append(matched / total if total else 0.0)
    written_length = sum(map(len, hypotheses))
    wanted_length = sum(map(len, references))
    brevity = (
        1.0
        if written_length > wanted_length
        else math.exp(1 - wanted_length / written_length)
        if written_length
        else 0.0
    )
    mean = (
        math.exp(sum(math.log(p) for p in precisions) / order)
        if min(precisions) > 0
        else 0.0
    )
    return Bleu(brevity * mean, tuple(precisions), brevity)
