"""Exercises on sequence to sequence: attention, beam search, clipped precision, and free running."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from companion.exercises.expect import (
    Mismatch,
    brief,
    expect_close,
    expect_equal,
    expect_error,
    expect_parts,
    expect_true,
)
from companion.exercises.registry import exercise


def _weights(
    energies: Float[np.ndarray, "... source"], mask: Bool[np.ndarray, "... source"]
) -> Float[np.ndarray, "... source"]:
    kept = np.where(mask, energies, -np.inf)
    powers = np.exp(kept - kept.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


masked_softmax = exercise(
    "masked-softmax",
    "A softmax that leaves out",
    chapter=9,
    level="warm-up",
    answer="masked_softmax",
)


@masked_softmax.check(
    "left out entirely",
    hint="A position that is left out has weight exactly 0, and the others share 1 among them.",
)
def _left_out(answer: Callable[..., Any]) -> None:
    energies = np.array([[0.0, np.log(3.0), np.log(4.0)]])
    shown = "masked_softmax([[0, log 3, log 4]], [[True, True, False]])"
    got = answer(energies, np.array([[True, True, False]]))
    expect_close(
        got,
        [[0.25, 0.75, 0.0]],
        shown,
        mistakes=[
            (
                [[1 / 8, 3 / 8, 0.0]],
                "The weights no longer sum to one: positions were removed after the softmax had shared out the 1.",
            ),
            (
                [[1 / 5, 3 / 5, 1 / 5]],
                "An energy of 0 is not the absence of a position: exp(0) is 1.",
            ),
            ([[1 / 8, 3 / 8, 4 / 8]], "The mask has no effect."),
            ([[0.0, 0.0, 1.0]], "The mask is used upside down: True is kept."),
        ],
    )
    expect_true(
        float(np.asarray(got)[0, 2]) == 0.0,
        f"{shown} gives the masked position {np.asarray(got)[0, 2]:.3g}, expected exactly 0.",
        "A large negative number in the place of minus infinity leaves a trace, and its size is a matter of luck.",
    )


@masked_softmax.check(
    "the last axis",
    hint="Each row, along the last axis, is a distribution of its own and has a mask of its own.",
)
def _last_axis(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(91)
    energies = generator.normal(size=(2, 3, 4))
    mask = generator.random((2, 3, 4)) < 0.6
    mask[..., 1] = True
    expect_close(
        answer(energies.copy(), mask.copy()),
        _weights(energies, mask),
        "masked_softmax(energies, mask), both of shape [2, 3, 4]",
    )


@masked_softmax.check(
    "large energies",
    hint="exp(1000) is infinite. Subtract from each row its largest energy, before the exponential.",
)
def _large(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        got = answer(
            np.array([[1000.0, 1000.0, 0.0], [-2000.0, -2000.0, -2000.0]]),
            np.array([[True, True, True], [True, True, False]]),
        )
    expect_close(
        got,
        [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0]],
        "masked_softmax([[1000, 1000, 0], [-2000, -2000, -2000]], [[True, True, True], [True, True, False]])",
    )


@masked_softmax.check(
    "the largest energy is masked",
    hint="The energy to subtract is the largest of those that stay. If a masked one is far above, all others become 0 "
    "before the division: 0 / 0.",
)
def _masked_largest(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        got = answer(
            np.array([[1.0, 1.0, 2000.0]]), np.array([[True, True, False]])
        )  # fmt: skip
    expect_close(
        got,
        [[0.5, 0.5, 0.0]],
        "masked_softmax([[1, 1, 2000]], [[True, True, False]])",
    )


@masked_softmax.check(
    "nothing to look at",
    hint="A row without any True has no distribution: raise a ValueError. NaN would spread through the whole model.",
)
def _nothing(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        expect_error(
            answer,
            (np.zeros((2, 2)), np.array([[True, True], [False, False]])),
            ValueError,
            "masked_softmax([[0, 0], [0, 0]], [[True, True], [False, False]])",
        )


luong_attention = exercise(
    "luong-attention",
    "Attention by dot products",
    chapter=9,
    level="practice",
    answer="attend",
)
_ATTENTION = "a, alpha"


def _states() -> tuple[Float[np.ndarray, "target d"], Float[np.ndarray, "source d"]]:
    generator = np.random.default_rng(92)
    return generator.normal(size=(2, 3)), generator.normal(size=(4, 3))


@luong_attention.check(
    "the weights",
    hint="e_ij is the dot product of s_i and h_j; the softmax runs over the source positions j, for each i by itself.",
)
def _dot_weights(answer: Callable[..., Any]) -> None:
    s, h = _states()
    mask = np.ones(4, dtype=bool)
    shown = "attend(s of shape [2, 3], H of shape [4, 3], a mask of four True)"
    _, alpha = expect_parts(answer(s.copy(), h.copy(), mask), _ATTENTION, shown)
    over_targets = np.exp(s @ h.T)
    everywhere = np.ones((2, 4), dtype=bool)
    expect_close(
        alpha,
        _weights(s @ h.T, everywhere),
        f"alpha from {shown}",
        mistakes=[
            (
                over_targets / over_targets.sum(axis=0),
                "The softmax runs over the target positions. Each target position has one 1 to share out.",
            ),
            (
                over_targets / over_targets.sum(),
                "The softmax runs over the whole matrix. Each target position has one 1 to share out.",
            ),
            (
                _weights(s @ h.T / math.sqrt(3), everywhere),
                "The energies are divided by the root of d. This score is the plain dot product.",
            ),
            (s @ h.T, "These are the energies: no softmax was taken."),
        ],
    )


@luong_attention.check(
    "the result",
    hint="a_i is the mean of the encoder states h_j with the weights alpha_ij.",
)
def _result(answer: Callable[..., Any]) -> None:
    s, h = _states()
    mask = np.ones(4, dtype=bool)
    shown = "attend(s of shape [2, 3], H of shape [4, 3], a mask of four True)"
    a, _ = expect_parts(answer(s.copy(), h.copy(), mask), _ATTENTION, shown)
    alpha = _weights(s @ h.T, np.ones((2, 4), dtype=bool))
    expect_close(
        a,
        alpha @ h,
        f"a from {shown}",
        mistakes=[
            (
                h[alpha.argmax(axis=1)],
                "This is the state with the largest weight alone. All of them take part, each with its weight.",
            ),
            (alpha @ h / 4, "The weights sum to one already: nothing to divide by."),
        ],
    )


@luong_attention.check(
    "padding",
    hint="A position where the mask is False has weight 0 in every row, and the rest of the row sums to one.",
)
def _padding(answer: Callable[..., Any]) -> None:
    s, h = _states()
    mask = np.array([True, True, True, False])
    h[3] = 2 * (s[0] + s[1])
    shown = "attend(s, H, [True, True, True, False])"
    a, alpha = expect_parts(answer(s.copy(), h.copy(), mask), _ATTENTION, shown)
    right = _weights(s @ h.T, np.tile(mask, (2, 1)))
    expect_close(
        alpha,
        right,
        f"alpha from {shown}",
        mistakes=[
            (
                _weights(s @ h.T, np.ones((2, 4), dtype=bool)),
                "The mask has no effect: padding takes part in the sentence.",
            ),
            (
                _weights(s @ h.T, np.ones((2, 4), dtype=bool)) * mask,
                "The weights no longer sum to one: leave positions out before the softmax.",
            ),
        ],
    )
    expect_close(a, right @ h, f"a from {shown}")


@luong_attention.check(
    "long states",
    hint="Dot products grow with the length of the states, and exp(1000) is infinite: subtract each row's largest "
    "energy.",
)
def _long_states(answer: Callable[..., Any]) -> None:
    s, h = np.array([[100.0, 0.0]]), np.array([[20.0, 1.0], [20.0, 3.0], [-20.0, 7.0]])
    shown = "attend([[100, 0]], [[20, 1], [20, 3], [-20, 7]], three True)"
    with np.errstate(all="ignore"):
        got = answer(s, h, np.ones(3, dtype=bool))
    a, alpha = expect_parts(got, _ATTENTION, shown)
    expect_close(alpha, [[0.5, 0.5, 0.0]], f"alpha from {shown}")
    expect_close(a, [[20.0, 2.0]], f"a from {shown}")


additive_scores = exercise(
    "additive-scores",
    "Attention by a small network",
    chapter=9,
    level="practice",
    answer="additive_energies",
)


@additive_scores.check(
    "one pair",
    hint="Add W s and U h, take tanh of each of the d_a sums, then the dot product with v.",
)
def _one_pair(answer: Callable[..., Any]) -> None:
    s, h = np.array([[1.0]]), np.array([[1.0]])
    first, second, v = (
        np.array([[0.3], [-0.2]]),
        np.array([[0.5], [0.4]]),
        np.array([2.0, 3.0]),
    )
    expect_close(
        answer(s, h, first, second, v),
        [[2 * math.tanh(0.8) + 3 * math.tanh(0.2)]],
        "additive_energies([[1]], [[1]], W=[[0.3], [-0.2]], U=[[0.5], [0.4]], v=[2, 3])",
        mistakes=[
            ([[2.2]], "tanh is missing."),
            ([[math.tanh(2.2)]], "tanh comes before the dot product with v."),
            (
                [[2 * (math.tanh(0.3) + math.tanh(0.5)) + 3 * (math.tanh(-0.2) + math.tanh(0.4))]],
                "tanh is taken of W s and of U h apart. Take it of their sum: only there can the two meet.",
            ),
        ],
    )  # fmt: skip


@additive_scores.check(
    "which matrix belongs to which state",
    hint="W reads the decoder's state, U the encoder's.",
)
def _which(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(93)
    s, h, v = (
        generator.normal(size=(1, 2)),
        generator.normal(size=(1, 2)),
        generator.normal(size=2),
    )
    first, second = generator.normal(size=(2, 2)), generator.normal(size=(2, 2))
    expect_close(
        answer(s.copy(), h.copy(), first.copy(), second.copy(), v.copy()),
        [[v @ np.tanh(first @ s[0] + second @ h[0])]],
        "additive_energies(s, H, W, U, v) with one state on each side and two square matrices",
        mistakes=[
            (
                [[v @ np.tanh(second @ s[0] + first @ h[0])]],
                "W and U are exchanged: W reads the decoder's state.",
            ),
            (
                [[v @ np.tanh(s[0] @ first + h[0] @ second)]],
                "The matrices were applied transposed. Rows of W are what one unit reads: W has shape [d_a, d_s].",
            ),
        ],
    )


@additive_scores.check(
    "all pairs",
    hint="Every target position meets every source position: shape [T_y, T_x], e_ij in row i and column j.",
)
def _all_pairs(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(94)
    s, h = generator.normal(size=(3, 4)), generator.normal(size=(5, 2))
    first, second = generator.normal(size=(6, 4)), generator.normal(size=(6, 2))
    v = generator.normal(size=6)
    got = answer(s.copy(), h.copy(), first.copy(), second.copy(), v.copy())
    want = [[v @ np.tanh(first @ si + second @ hj) for hj in h] for si in s]
    shown = "additive_energies(s [3, 4], H [5, 2], W [6, 4], U [6, 2], v [6])"
    if np.shape(got) == (5, 3):
        raise Mismatch(
            f"{shown} has shape [5, 3], expected [3, 5].",
            "The result is transposed: rows are target positions, columns are source positions.",
        )
    expect_close(got, want, shown)


@additive_scores.check(
    "as many on both sides",
    hint="With T_y = T_x arrays can be added position by position, without any error. Here every i must meet every j.",
)
def _square(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(95)
    s, h = generator.normal(size=(3, 2)), generator.normal(size=(3, 2))
    first, second = generator.normal(size=(3, 2)), generator.normal(size=(3, 2))
    v = generator.normal(size=3)
    want = np.array([[v @ np.tanh(first @ si + second @ hj) for hj in h] for si in s])
    expect_close(
        answer(s.copy(), h.copy(), first.copy(), second.copy(), v.copy()),
        want,
        "additive_energies(s, H, W, U, v) with T_y = T_x = d_a = 3",
        mistakes=[
            (
                want.T,
                "The result is transposed: rows are target positions, columns are source positions.",
            )
        ],
    )


beam_search = exercise(
    "beam-search",
    "Several hypotheses at once",
    chapter=9,
    level="challenge",
    answer="beam_search",
)
_BEAM = "tokens, log_prob"


def _table(
    rows: dict[tuple[int, ...], list[float]], seen: list[tuple[int, ...]] | None = None
) -> Callable[[tuple[int, ...]], Float[np.ndarray, "vocab"]]:
    """Log-probabilities from a table of prefixes; a prefix that is not in it ends for certain."""

    def next_log_probs(prefix: Any) -> Float[np.ndarray, "vocab"]:
        if seen is not None:
            seen.append(tuple(int(token) for token in prefix))
        key = tuple(int(token) for token in prefix)
        probs = rows.get(key, [0.98, 0.01, 0.01])
        return np.asarray(np.log(probs))

    return next_log_probs


def _expect_hypothesis(
    got: object,
    tokens: tuple[int, ...],
    probability: float,
    shown: str,
    mistakes: list[tuple[object, str]] | None = None,
) -> None:
    found, score = expect_parts(got, _BEAM, shown)
    expect_equal(found, tokens, f"the tokens from {shown}", mistakes or [])
    expect_close(
        score,
        math.log(probability),
        f"the log-probability from {shown}",
        mistakes=[
            (probability, "This is the probability. Add up logarithms."),
            (
                math.log(probability) / len(tokens),
                "The sum was divided by the number of tokens. Here no penalty for length is asked for.",
            ),
        ],
    )


# Token 0 is the end. The likeliest first token, 1, leads nowhere; 2 is followed by the end for certain, nearly.
_GARDEN = {
    (): [0.05, 0.55, 0.40],
    (1,): [0.30, 0.40, 0.30],
    (2,): [0.90, 0.05, 0.05],
    (1, 1): [0.50, 0.25, 0.25],
}


@beam_search.check(
    "width 1 is greedy",
    hint="With one place the beam takes the likeliest token at each step, until it takes the end.",
)
def _greedy(answer: Callable[..., Any]) -> None:
    seen: list[tuple[int, ...]] = []
    shown = "beam_search(next_log_probs, width=1, end=0, max_tokens=6)"
    got = answer(_table(_GARDEN, seen), 1, 0, 6)
    expect_true(
        not any(0 in prefix for prefix in seen),
        f"{shown} asked for the continuation of {brief([p for p in seen if 0 in p][:1])}, which has ended.",
        "A finished hypothesis is set aside. It is not extended.",
    )
    _expect_hypothesis(
        got,
        (1, 1, 0),
        0.55 * 0.40 * 0.50,
        shown,
        mistakes=[
            ((1, 1), "The end belongs to the tokens that are returned."),
            ((2, 0), "This is better than greedy search: one place holds one hypothesis."),
        ],
    )  # fmt: skip


@beam_search.check(
    "greedy is beaten",
    hint="With two places the second-best beginning survives the first step, and may win in the end.",
)
def _beaten(answer: Callable[..., Any]) -> None:
    _expect_hypothesis(
        answer(_table(_GARDEN), 2, 0, 6),
        (2, 0),
        0.40 * 0.90,
        "beam_search(next_log_probs, width=2, end=0, max_tokens=6)",
        mistakes=[
            (
                (1, 1, 0),
                "This is greedy search: only the likeliest beginning was followed.",
            )
        ],
    )


@beam_search.check(
    "candidates compete across hypotheses",
    hint="Sort the extensions of all hypotheses together. Two of the best may come from the same one.",
)
def _across(answer: Callable[..., Any]) -> None:
    rows = {
        (): [0.02, 0.58, 0.40],
        (1,): [0.04, 0.50, 0.46],
        (2,): [0.20, 0.40, 0.40],
        (1, 1): [0.30, 0.35, 0.35],
        (1, 2): [0.98, 0.01, 0.01],
        (2, 1): [0.90, 0.05, 0.05],
    }
    _expect_hypothesis(
        answer(_table(rows), 2, 0, 3),
        (1, 2, 0),
        0.58 * 0.46 * 0.98,
        "beam_search(next_log_probs, width=2, end=0, max_tokens=3)",
        mistakes=[
            (
                (2, 1, 0),
                "Each hypothesis kept one extension of its own. Sort all extensions together.",
            )
        ],
    )


@beam_search.check(
    "what is finished is kept",
    hint="A hypothesis that has ended stays a candidate for the result, though longer ones go on.",
)
def _kept(answer: Callable[..., Any]) -> None:
    rows = {
        (): [0.40, 0.50, 0.10],
        (1,): [0.10, 0.50, 0.40],
        (1, 1): [0.50, 0.25, 0.25],
    }
    _expect_hypothesis(
        answer(_table(rows), 2, 0, 6),
        (0,),
        0.40,
        "beam_search(next_log_probs, width=2, end=0, max_tokens=6)",
        mistakes=[
            (
                (1, 1, 0),
                "The hypothesis that ended at once was more probable, and got lost.",
            )
        ],
    )


@beam_search.check(
    "the first to finish need not be the best",
    hint="Go on until `width` hypotheses are finished, and compare them then.",
)
def _first_finished(answer: Callable[..., Any]) -> None:
    rows = {
        (): [0.20, 0.75, 0.05],
        (1,): [0.02, 0.93, 0.05],
        (1, 1): [0.90, 0.06, 0.04],
    }
    _expect_hypothesis(
        answer(_table(rows), 2, 0, 6),
        (1, 1, 0),
        0.75 * 0.93 * 0.90,
        "beam_search(next_log_probs, width=2, end=0, max_tokens=6)",
        mistakes=[((0,), "The search stopped when the first hypothesis was finished.")],
    )


@beam_search.check(
    "at the limit",
    hint="After max_tokens steps the search stops. A finished hypothesis goes before an unfinished one; only if none "
    "is finished, the best unfinished one is returned.",
)
def _limit(answer: Callable[..., Any]) -> None:
    going = {(): [0.1, 0.8, 0.1], (1,): [0.1, 0.8, 0.1], (1, 1): [0.1, 0.8, 0.1]}
    _expect_hypothesis(
        answer(_table(going), 1, 0, 2),
        (1, 1),
        0.64,
        "beam_search(next_log_probs, width=1, end=0, max_tokens=2), where the end is never likely,",
        mistakes=[
            ((1, 1, 0), "This has three tokens: the end counts as one of max_tokens.")
        ],
    )
    rows = {(): [0.3, 0.6, 0.1], (1,): [0.05, 0.90, 0.05]}
    _expect_hypothesis(
        answer(_table(rows), 2, 0, 2),
        (0,),
        0.3,
        "beam_search(next_log_probs, width=2, end=0, max_tokens=2)",
        mistakes=[
            (
                (1, 1),
                "This one is more probable and not finished: it is half a sentence.",
            )
        ],
    )


def _reference(
    model: Callable[[tuple[int, ...]], Any], width: int, limit: int
) -> tuple[tuple[int, ...], float]:
    alive: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
    finished: list[tuple[tuple[int, ...], float]] = []
    for _ in range(limit):
        ranked = sorted(
            (
                ((*prefix, token), total + float(log))
                for prefix, total in alive
                for token, log in enumerate(model(prefix))
            ),
            key=lambda found: -found[1],
        )[: width - len(finished)]
        finished += [found for found in ranked if found[0][-1] == 0]
        alive = [found for found in ranked if found[0][-1] != 0]
        if not alive:
            break
    return max(finished or alive, key=lambda found: found[1])


@beam_search.check(
    "any model",
    hint="Follow the rule to the letter: a finished hypothesis takes its place in the beam with it, so that the next "
    "step keeps one less.",
)
def _any_model(answer: Callable[..., Any]) -> None:
    for seed, width in itertools.product(range(12), (1, 2, 3)):

        def model(prefix: Any, seed: int = seed) -> Float[np.ndarray, "vocab"]:
            key = [96, seed, *(int(token) for token in prefix)]
            return np.asarray(np.log(np.random.default_rng(key).dirichlet(np.ones(3))))

        tokens, score = _reference(model, width, 5)
        _expect_hypothesis(
            answer(model, width, 0, 5),
            tokens,
            math.exp(score),
            f"beam_search(random model {seed}, width={width}, end=0, max_tokens=5)",
        )


clipped_precision = exercise(
    "clipped-precision",
    "Matches that count once",
    chapter=9,
    level="challenge",
    answer="clipped_precision",
)
_COUNTS = "matches, total"


def _expect_counts(
    got: object,
    matches: int,
    total: int,
    shown: str,
    mistakes: list[tuple[tuple[int, int], str]] | None = None,
) -> None:
    first, second = expect_parts(got, _COUNTS, shown)
    expect_equal((first, second), (matches, total), shown, mistakes or [])


@clipped_precision.check(
    "clipping",
    hint="An n-gram matches at most as often as the reference has it.",
)
def _clipping(answer: Callable[..., Any]) -> None:
    _expect_counts(
        answer([["the", "the", "the", "cat"]], [["the", "cat", "the"]], 1),
        3,
        4,
        "clipped_precision([the the the cat], [the cat the], n=1)",
        mistakes=[
            ((4, 4), "Nothing is clipped: *the* matched three times, the reference has it twice."),
            ((2, 2), "Different words were counted. Repetitions count, as far as the reference repeats."),
            ((2, 4), "Each word matched once at most. The reference has *the* twice."),
            ((3, 3), "The total is that of the reference: this is recall."),
        ],
    )  # fmt: skip


@clipped_precision.check(
    "longer n-grams",
    hint="n tokens in a row, and a text of T tokens has T - n + 1 of them.",
)
def _longer(answer: Callable[..., Any]) -> None:
    _expect_counts(
        answer([list("abcabd")], [list("abdab")], 2),
        3,
        5,
        "clipped_precision([a b c a b d], [a b d a b], n=2)",
        mistakes=[
            ((5, 6), "These are single tokens: n has no effect."),
            ((3, 6), "A text of 6 tokens has 5 pairs."),
            ((1, 3), "The text was cut into pieces of n tokens. The pairs overlap."),
        ],
    )


@clipped_precision.check(
    "sentence by sentence",
    hint="Clip in each sentence, by its own reference. Only then add up over the corpus.",
)
def _sentences(answer: Callable[..., Any]) -> None:
    _expect_counts(
        answer([["a", "a"], ["b"]], [["b"], ["a", "a"]], 1),
        0,
        3,
        "clipped_precision([a a; b], [b; a a], n=1)",
        mistakes=[
            (
                (3, 3),
                "Both corpora were thrown together: a word matched a word of another sentence.",
            )
        ],
    )
    _expect_counts(
        answer([["a", "b", "c", "d"], ["x"]], [["a", "b", "c", "d"], ["y"]], 1),
        4,
        5,
        "clipped_precision([a b c d; x], [a b c d; y], n=1)",
    )


@clipped_precision.check(
    "short sentences",
    hint="A sentence of fewer than n tokens has no n-grams: it adds nothing, neither to the matches nor to the total.",
)
def _short(answer: Callable[..., Any]) -> None:
    _expect_counts(
        answer([["a"], ["a", "b", "c"], []], [["a", "b"], ["a", "b", "c"], ["a"]], 3),
        1,
        1,
        "clipped_precision([a; a b c; (empty)], [a b; a b c; a], n=3)",
        mistakes=[
            (
                (1, -2),
                "A negative number of n-grams was added. There are none, not minus one.",
            )
        ],
    )


@clipped_precision.check(
    "as many references as hypotheses",
    hint="A missing reference must not shorten the corpus in silence: raise a ValueError.",
)
def _as_many(answer: Callable[..., Any]) -> None:
    expect_error(
        answer,
        ([["a"], ["b"]], [["a"]], 1),
        ValueError,
        "clipped_precision([a; b], [a], n=1)",
    )


exposure_bias = exercise(
    "exposure-bias",
    "What the loss does not see",
    chapter=9,
    level="research",
    answer="free_running_accuracy",
)


@exposure_bias.check(
    "one token",
    hint="Before the first token no mistake can have been made: its probability to be right is p.",
)
def _one_token(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(0.75, 0.25, 1),
        0.75,
        "free_running_accuracy(0.75, 0.25, 1)",
        mistakes=[
            (
                0.75 * 0.75 + 0.25 * 0.25,
                "The mistake counts from the next token on: the token itself still had a true prefix.",
            ),
            (0.25, "p belongs to the true prefix, q to one with a mistake."),
        ],
    )


@exposure_bias.check(
    "three tokens",
    hint="The prefix of token t is true with probability p ** (t - 1); then the token is right with p, else with q.",
)
def _three(answer: Callable[..., Any]) -> None:
    p, q = 0.75, 0.25
    first, second = p, p * p + (1 - p) * q
    third = p**3 + (1 - p**2) * q
    expect_close(
        answer(p, q, 3),
        (first + second + third) / 3,
        "free_running_accuracy(0.75, 0.25, 3)",
        mistakes=[
            (
                (first + second + p * second + q * (1 - second)) / 3,
                "A right token after a mistake does not repair the prefix: the mistake stays in it.",
            ),
            (
                (p + p**2 + p**3) / 3,
                "After a mistake tokens can still be right, with probability q.",
            ),
            (p**3, "This is the probability that all tokens are right."),
            (third, "This is the last token alone. Take the mean over all."),
            (first + second + third, "This is the number of right tokens. Divide by T."),
            (p, "This is teacher forcing: the prefix stays true whatever is written."),
        ],
    )  # fmt: skip


@exposure_bias.check(
    "every way to write six tokens",
    hint="Weigh each of the 64 sequences of right and wrong by its probability: any p, q and T must come out.",
)
def _every_way(answer: Callable[..., Any]) -> None:
    for p, q in ((0.9, 0.3), (0.2, 0.7), (0.0, 0.5), (0.6, 0.6)):
        share = 0.0
        for way in itertools.product((True, False), repeat=6):
            probability, current = 1.0, p
            for right in way:
                probability *= current if right else 1 - current
                current = current if right else q
            share += probability * sum(way) / 6
        expect_close(answer(p, q, 6), share, f"free_running_accuracy({p}, {q}, 6)")


@exposure_bias.check(
    "a model without mistakes",
    hint="With p = 1 the prefix stays true for ever and every token is right. A closed form that divides by 1 - p "
    "needs this case apart.",
)
def _no_mistakes(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        expect_close(answer(1.0, 0.25, 50), 1.0, "free_running_accuracy(1.0, 0.25, 50)")
