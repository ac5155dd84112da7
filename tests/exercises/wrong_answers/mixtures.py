"""Typical wrong answers to the exercises on mixing models, each with a piece of the hint it must meet."""

from collections import deque
from typing import ClassVar

import numpy as np

# em-weights


def _steps(probs, steps, shares):
    if (probs.sum(axis=1) == 0).any():
        raise ValueError("impossible")
    weights = np.full(probs.shape[1], 1 / probs.shape[1])
    for _ in range(steps):
        weights = shares(weights, probs)
    return weights


def adds_probabilities(probs, steps):
    return _steps(probs, steps, lambda w, p: (w * p).sum(axis=0) / (w * p).sum())


def hard_votes(probs, steps):
    def votes(w, p):
        return np.bincount((w * p).argmax(axis=1), minlength=p.shape[1]) / len(p)

    return _steps(probs, steps, votes)


def sums_not_means(probs, steps):
    return _steps(
        probs, steps, lambda w, p: (w * p / (w * p).sum(axis=1, keepdims=True)).sum(0)
    )


def never_moves(probs, steps):
    return np.full(probs.shape[1], 1 / probs.shape[1])


def forgets_the_weights(probs, steps):
    return _steps(
        probs, steps, lambda w, p: (p / p.sum(axis=1, keepdims=True)).mean(axis=0)
    )


def stops_after_two(probs, steps):
    return right(probs, min(steps, 2))


def right(probs, steps):
    return _steps(
        probs, steps, lambda w, p: (w * p / (w * p).sum(axis=1, keepdims=True)).mean(0)
    )


def lets_nan_through(probs, steps):
    weights = np.full(probs.shape[1], 1 / probs.shape[1])
    for _ in range(steps):
        shares = weights * probs
        weights = (shares / shares.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights


# cache-model


class Right:
    def __init__(self, model_prob, weight, window):
        self.model_prob, self.weight, self.window = model_prob, weight, window
        self.cache = deque(maxlen=window)

    def observe(self, word):
        self.cache.append(word)

    def share(self, word):
        return self.cache.count(word) / len(self.cache) if self.cache else None

    def prob(self, word):
        share, own = self.share(word), self.model_prob(word)
        return own if share is None else (1 - self.weight) * own + self.weight * share


class LosesTheEmptyCache(Right):
    def share(self, word):
        return super().share(word) or 0.0


class ExchangesTheWeights(Right):
    def prob(self, word):
        share, own = self.share(word), self.model_prob(word)
        return own if share is None else self.weight * own + (1 - self.weight) * share


class DividesByTheWindow(Right):
    def share(self, word):
        return self.cache.count(word) / self.window if self.cache else None


class AddsTheCount(Right):
    def share(self, word):
        return float(self.cache.count(word)) if self.cache else None


class KeepsTheWholeModel(Right):
    def prob(self, word):
        return self.model_prob(word) + self.weight * (self.share(word) or 0.0)


class EachWordTheSame(Right):
    def share(self, word):
        return (word in self.cache) / len(set(self.cache)) if self.cache else None


class ObservesNothing(Right):
    def observe(self, word):
        pass


class NeverForgets(Right):
    def __init__(self, model_prob, weight, window):
        super().__init__(model_prob, weight, window)
        self.cache = deque()


class RemembersWhatItIsAsked(Right):
    def prob(self, word):
        p = super().prob(word)
        if len(self.cache) == 1:  # else the checks before would have met it
            self.observe(word)
        return p


class SharesItsMemory(Right):
    memory: ClassVar[dict[str, deque]] = {}

    def __init__(self, model_prob, weight, window):
        super().__init__(model_prob, weight, window)
        if (weight, window) == (0.5, 10):
            self.cache = self.memory.setdefault("all", deque(maxlen=window))
            if len(self.cache) > 1 or list(self.cache) == ["a"]:
                self.cache.clear()


WRONG_ANSWERS = {
    "em-weights": [
        (adds_probabilities, "token by token first"),
        (hard_votes, "whole vote"),
        (sums_not_means, "sums over the tokens"),
        (never_moves, "have not moved"),
        (forgets_the_weights, "multiply the probabilities by them"),
        (stops_after_two, "other weights"),
        (lets_nan_through, "every model holds to be impossible"),
    ],
    "cache-model": [
        (LosesTheEmptyCache, "empty cache and is lost"),
        (ExchangesTheWeights, "exchanged"),
        (DividesByTheWindow, "not full yet"),
        (AddsTheCount, "takes its"),
        (KeepsTheWholeModel, "keeps its whole probability"),
        (EachWordTheSame, "same share"),
        (ObservesNothing, "no effect"),
        (NeverForgets, "last `window` words"),
        (RemembersWhatItIsAsked, "only looks"),
        (SharesItsMemory, "memory of its own"),
    ],
}
