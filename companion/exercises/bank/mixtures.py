"""Exercises on mixing models: weights by expectation maximization, and a cache of recent words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.exercises.expect import expect_close, expect_error, expect_true
from companion.exercises.registry import exercise

em_weights = exercise(
    "em-weights",
    "Weights for the orders",
    chapter=3,
    level="challenge",
    answer="em_weights",
)


def _probs() -> Float[np.ndarray, "tokens models"]:
    return np.array([[0.2, 0.1], [0.1, 0.3], [0.4, 0.4]])


@em_weights.check(
    "one step",
    hint="Start from equal weights. For each token, each model's share of the mixed probability; then the mean over "
    "the tokens.",
)
def _one_step(answer: Callable[..., Any]) -> None:
    right = np.mean([[2 / 3, 1 / 3], [1 / 4, 3 / 4], [1 / 2, 1 / 2]], axis=0)
    expect_close(
        answer(_probs(), 1),
        right,
        "em_weights([[0.2, 0.1], [0.1, 0.3], [0.4, 0.4]], steps=1)",
        mistakes=[
            (
                [0.7 / 1.5, 0.8 / 1.5],
                "You added up probabilities and normalized at the end. Normalize token by token first: every token "
                "has one vote to divide among the models.",
            ),
            (
                [2 / 3, 1 / 3],
                "Each token gave its whole vote to the model that predicts it best. Divide the vote in proportion.",
            ),
            (
                3 * right,
                "These are sums over the tokens. Divide by their number, so that the weights add up to one.",
            ),
            ([0.5, 0.5], "The weights have not moved: is the step carried out, and its result kept?"),
        ],
    )  # fmt: skip


@em_weights.check(
    "each step starts where the last one ended",
    hint="In every step the models are mixed with the weights of the step before, not with equal weights again.",
)
def _two_steps(answer: Callable[..., Any]) -> None:
    one = np.mean([[2 / 3, 1 / 3], [1 / 4, 3 / 4], [1 / 2, 1 / 2]], axis=0)
    got = np.asarray(answer(_probs(), 2), dtype=float)
    expect_true(
        got.shape != (2,) or not np.allclose(got, one, atol=1e-9),
        "em_weights(probs, steps=2) gives the same as one step.",
        "The second step must use the weights that the first one found: multiply the probabilities by them before you "
        "normalize.",
    )
    expect_close(
        got,
        [0.4478204620, 0.5521795380],
        "em_weights([[0.2, 0.1], [0.1, 0.3], [0.4, 0.4]], steps=2)",
        tolerance=1e-6,
    )


@em_weights.check(
    "more than two models, more than a few tokens",
    hint="After many steps no other weights may give these tokens a higher probability. Is the mean taken over tokens, "
    "axis 0?",
)
def _converges(answer: Callable[..., Any]) -> None:
    generator = np.random.default_rng(3)
    probs = generator.dirichlet([0.3, 0.6, 1.2], size=200)

    def score(weights: Any) -> float:
        return float(np.log(probs @ np.asarray(weights)).mean())

    got = np.asarray(answer(probs.copy(), 300), dtype=float)
    expect_true(
        got.shape == (3,),
        f"em_weights(probs of shape [200, 3], steps=300) has shape {list(got.shape)}, expected [3].",
    )
    expect_close(got.sum(), 1.0, "the sum of the weights", tolerance=1e-6)
    others = generator.dirichlet(np.ones(3), size=2000)
    best = max(score(weights) for weights in others)
    expect_true(
        score(got) >= best - 1e-9,
        f"the mean log-probability is {score(got):.4f}; other weights reach {best:.4f}.",
    )


@em_weights.check(
    "an impossible token",
    hint="A token that every model holds to be impossible has no shares: 0 / 0. Raise a ValueError that says so.",
)
def _impossible(answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        expect_error(
            answer,
            (np.array([[0.2, 0.1], [0.0, 0.0]]), 5),
            ValueError,
            "em_weights([[0.2, 0.1], [0.0, 0.0]], steps=5)",
        )


cache_model = exercise(
    "cache-model",
    "A memory of the last words",
    chapter=3,
    level="research",
    answer="CachedModel",
    kind="class",
)


def _tenth(word: object) -> float:
    return 0.1


@cache_model.check(
    "an empty cache",
    hint="As long as nothing has been observed there is nothing to mix: the probability is the model's own.",
)
def _empty(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(_tenth, 0.25, 10).prob("a"),
        0.1,
        "CachedModel(model_prob, weight=0.25, window=10).prob('a') before any word was observed",
        mistakes=[
            (
                0.075,
                "A quarter of the probability went to an empty cache and is lost: the distribution no longer sums to "
                "one.",
            )
        ],
    )


@cache_model.check(
    "mixing",
    hint="(1 - weight) times the model's probability, plus weight times the word's share of the cache.",
)
def _mixing(answer: Callable[..., Any]) -> None:
    model = answer(_tenth, 0.25, 10)
    for word in ("a", "b", "a"):
        model.observe(word)
    right = 0.75 * 0.1 + 0.25 * 2 / 3
    expect_close(
        model.prob("a"),
        right,
        "prob('a') after observing a, b, a, with weight 0.25 and a model that says 0.1",
        mistakes=[
            (0.25 * 0.1 + 0.75 * 2 / 3, "The weights are exchanged: `weight` belongs to the cache."),
            (
                0.75 * 0.1 + 0.25 * 2 / 10,
                "The count was divided by the size of the window. The cache is not full yet: divide by what it holds.",
            ),
            (0.75 * 0.1 + 0.25 * 2, "This adds the count of the word. It takes its share of the cache."),
            (0.1 + 0.25 * 2 / 3, "The model keeps its whole probability: it must give up `weight`."),
            (0.75 * 0.1 + 0.25 / 2, "Every different word has the same share here. Count how often each occurs."),
            (0.1, "The words observed have no effect: does `observe` keep them?"),
        ],
    )  # fmt: skip


@cache_model.check(
    "forgetting",
    hint="The cache holds the last `window` words. What was observed before them is gone, also from its size.",
)
def _forgetting(answer: Callable[..., Any]) -> None:
    model = answer(_tenth, 0.5, 2)
    for word in ("a", "b", "c"):
        model.observe(word)
    expect_close(model.prob("a"), 0.05, "prob('a') after a, b, c with window=2")
    expect_close(
        model.prob("c"), 0.05 + 0.5 / 2, "prob('c') after a, b, c with window=2"
    )


@cache_model.check(
    "asking changes nothing",
    hint="`prob` only looks. If it also remembers the word, the model has seen its answer before it is asked.",
)
def _only_looks(answer: Callable[..., Any]) -> None:
    model = answer(_tenth, 0.5, 10)
    model.observe("a")
    first = model.prob("b")
    expect_close(model.prob("b"), first, "prob('b'), asked twice")
    expect_close(model.prob("b"), 0.05, "prob('b') after observing a")


@cache_model.check(
    "two models",
    hint="Each model has a memory of its own: make it in `__init__`, as `self....`, not in the class or outside.",
)
def _two_models(answer: Callable[..., Any]) -> None:
    first, second = answer(_tenth, 0.5, 10), answer(_tenth, 0.5, 10)
    first.observe("a")
    expect_close(
        second.prob("a"), 0.1, "prob('a') of a second model that has observed nothing"
    )
