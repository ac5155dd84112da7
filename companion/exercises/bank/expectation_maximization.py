"""Exercise on word alignment: one round of expectation and maximization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion.exercises.expect import Mismatch, expect_close, refuse_none
from companion.exercises.registry import exercise

em_round = exercise(
    "em-round",
    "One round of counting shares",
    chapter=19,
    level="practice",
    answer="em_round",
)
_PAIRS = [(["the", "book"], ["das", "Buch"]), (["a", "book"], ["ein", "Buch"])]
_SHOWN = "em_round([(the book, das Buch), (a book, ein Buch)], t)"


def _uniform(pairs: Any) -> dict[tuple[str, str], float]:
    words = {y for _, target in pairs for y in target}
    return {(x, y): 1 / len(words) for source, target in pairs for x in source for y in target}  # fmt: skip


def _reference(pairs: Any, t: dict[tuple[str, str], float], hard: bool = False, by_target: bool = False,
               raw: bool = False, sides: bool = False) -> dict[tuple[str, str], float]:  # fmt: skip
    counts = dict.fromkeys(t, 0.0)
    for source, target in pairs:
        for y in target:
            total = sum(t[x, y] for x in source)
            for x in source:
                if hard:
                    best = max(source, key=lambda x, y=y: t[x, y])  # type: ignore[misc]
                    counts[x, y] += x == best
                elif sides:
                    counts[x, y] += t[x, y] / sum(t[x, z] for z in target)
                else:
                    counts[x, y] += t[x, y] / total
    if raw:
        return counts
    which = 1 if by_target else 0
    sums: dict[str, float] = {}
    for key, value in counts.items():
        sums[key[which]] = sums.get(key[which], 0.0) + value
    return {key: value / sums[key[which]] if sums[key[which]] else 0.0 for key, value in counts.items()}  # fmt: skip


def _table(
    answer: Callable[..., Any], pairs: Any, t: Any, shown: str
) -> dict[Any, Any]:
    got = answer([(list(s), list(y)) for s, y in pairs], dict(t))
    refuse_none(got, shown)
    if not isinstance(got, dict) or not set(t) >= set(got):
        raise Mismatch(
            f"{shown} did not give a dictionary with keys (source word, target word) of `t`.",
            "Return a dictionary with the same keys as `t`.",
        )
    return got


def _compare(answer: Callable[..., Any], pairs: Any, t: Any, shown: str) -> None:
    got = _table(answer, pairs, t, shown)
    keys = sorted(t)

    def values(table: dict[Any, Any]) -> list[float]:
        return [float(table.get(key, 0.0)) for key in keys]

    expect_close(
        values(got),
        values(_reference(pairs, t)),
        f"the probabilities from {shown}",
        mistakes=[
            (values(_reference(pairs, t, raw=True)), "These are the counts. Divide by their sum for each source word."),
            (values(_reference(pairs, t, by_target=True)),
             "You divided by the sum of the target word. t(y | x) sums to one over y, for each source word x."),
            (values(_reference(pairs, t, hard=True)),
             "Each target word was given to its best origin alone. Share it, in proportion to t."),
            (values(_reference(pairs, t, sides=True)),
             "A target word is shared among the source words of its sentence; you shared a source word."),
        ],
    )  # fmt: skip


@em_round.check(
    "from equal probabilities",
    hint="With equal t each target word gives one half to each of the two source words of its sentence.",
)
def _first(answer: Callable[..., Any]) -> None:
    _compare(answer, _PAIRS, _uniform(_PAIRS), _SHOWN)


@em_round.check(
    "from unequal probabilities",
    hint="The share of x in y is t(y | x) divided by the sum of t(y | x') over the words x' of that sentence.",
)
def _second(answer: Callable[..., Any]) -> None:
    t = _reference(_PAIRS, _uniform(_PAIRS))
    _compare(answer, _PAIRS, t, f"{_SHOWN} after a first round")


@em_round.check(
    "a word that stands twice",
    hint="A source word that stands twice in a sentence is two possible origins: it takes a share for each.",
)
def _twice(answer: Callable[..., Any]) -> None:
    pairs = [(["a", "a", "b"], ["x"]), (["b"], ["y"])]
    _compare(answer, pairs, _uniform(pairs), "em_round([(a a b, x), (b, y)], equal t)")
