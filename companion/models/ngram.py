"""N-gram language models in sorted arrays: one search a token and order, for whole texts at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from companion.models.language_model import apply_temperature
from companion.models.ngram_counts import Level, count_ngrams, find, flatten
from companion.models.smoothing import (
    Method,
    Smoothing,
    Table,
    estimate,
    fit_weight,
    uniform,
)

# One array of token ids a sequence; `flatten` says what is wrong with anything else.
Sequences = Sequence[np.ndarray | Sequence[int]]
_FORMAT = "from-counts-to-transformers n-gram model 1"


class NGramModel:
    """A model that predicts a token from the ``order - 1`` tokens before it, by counting.

    All n-grams of one order stand in one sorted array of integers, ``context * vocab_size + token``. Beside it stand
    their finished probabilities, and for each context the weight ``gamma`` of the next lower order.

    Attributes:
        order: Longest n-gram.
        vocab_size: Number of token types.
        smoothing: The smoothing method with its numbers.
        bos_id: The token that begins every sequence and is never predicted, if there is one.
    """

    def __init__(
        self,
        order: int,
        vocab_size: int,
        smoothing: Smoothing,
        bos_id: int | None,
        keys: list[Int[np.ndarray, " _"]],
        counts: list[Int[np.ndarray, " _"]],
        tables: list[Table],
    ) -> None:
        self.order = order
        self.vocab_size = vocab_size
        self.smoothing = smoothing
        self.bos_id = bos_id
        self._keys = keys
        self._counts = counts
        self._probs = [table.probs.astype(np.float32, copy=False) for table in tables]
        self._gammas = [table.gamma.astype(np.float32, copy=False) for table in tables]

    @classmethod
    def fit(
        cls,
        sequences: Sequences,
        order: int,
        vocab_size: int,
        smoothing: Method | Smoothing = "modified-kneser-ney",
        held_out: Sequences | None = None,
        bos_id: int | None = None,
    ) -> NGramModel:
        """Count the n-grams of sequences and turn the counts into probabilities.

        Args:
            sequences: Token ids, one array a document or sentence. No n-gram crosses the end of a sequence. Nothing
                is added: put beginning and end tokens into the sequences if the model is to know them.
            order: Longest n-gram; 1 knows frequencies only.
            vocab_size: Number of token types; ids run from 0 to ``vocab_size - 1``.
            smoothing: Name of a method, or a `Smoothing` with its numbers.
            held_out: For Jelinek-Mercer without weights: the text to fit them to, not part of ``sequences``.
            bos_id: The token that begins every sequence, if there is one: it is context, never predicted.

        Returns:
            The fitted model.

        Raises:
            TypeError: If a sequence is not one of integers.
            ValueError: If the order is below 1, there is no token, an id is outside the vocabulary, or
                Jelinek-Mercer has neither weights nor held-out text.

        Source: book, chapter 3.

        Example:
            >>> model = NGramModel.fit([np.array([0, 1, 0, 1, 0, 2])], order=2, vocab_size=3, smoothing="mle")
            >>> model.prob([0], 1).__round__(3)
            0.667
        """
        chosen = Smoothing(smoothing) if isinstance(smoothing, str) else smoothing
        levels = count_ngrams(sequences, order, vocab_size)
        weights = chosen.weights or ()
        if chosen.method == "jelinek-mercer":
            if chosen.weights is None:
                if held_out is None:
                    raise ValueError(
                        "jelinek-mercer needs weights: give held_out, a text that is not part of the training text, "
                        "or Smoothing('jelinek-mercer', weights=(...)) with one weight an order"
                    )
                weights = cls._fit_weights(levels, vocab_size, held_out, bos_id)
                chosen = replace(chosen, weights=weights)
            if len(weights) < len(levels):
                raise ValueError(
                    f"order {order} needs {order} weights, got {len(weights)}"
                )
        tables = estimate(levels, vocab_size, chosen, weights, bos_id)
        keys = [level.keys for level in levels]
        counts = [level.counts for level in levels]
        return cls(order, vocab_size, chosen, bos_id, keys, counts, tables)

    @classmethod
    def _fit_weights(
        cls,
        levels: list[Level],
        vocab_size: int,
        held_out: Sequences,
        bos_id: int | None,
    ) -> tuple[float, ...]:
        """Fit lambda of order 1, then of order 2 with order 1 fixed, and so on."""
        weights: list[float] = []
        keys, counts = (
            [level.keys for level in levels],
            [level.counts for level in levels],
        )
        tokens, _ = flatten(held_out, vocab_size)
        below = uniform(vocab_size, bos_id)[tokens]
        shares_only = estimate(
            levels, vocab_size, Smoothing("mle", uniform=False), (), bos_id
        )
        for n in range(1, len(levels) + 1):
            shares = cls(
                n,
                vocab_size,
                Smoothing("mle"),
                bos_id,
                keys[:n],
                counts[:n],
                shares_only[:n],
            )
            share, full = shares._walk(held_out, only_full_contexts=True)
            weights.append(fit_weight(share[full], below[full]))
            mixed = Smoothing("jelinek-mercer", weights=tuple(weights))
            tables = estimate(levels[:n], vocab_size, mixed, tuple(weights), bos_id)
            below, _ = cls(
                n, vocab_size, mixed, bos_id, keys[:n], counts[:n], tables
            )._walk(held_out)
        return tuple(weights)

    # ------------------------------------------------------------------ scoring

    def _walk(
        self, sequences: Sequences, only_full_contexts: bool = False
    ) -> tuple[Float[np.ndarray, " tokens"], np.ndarray]:
        """Return the probability of every token of the sequences, and where the longest context had been seen."""
        tokens, before = flatten(sequences, self.vocab_size)
        probs = self._probs[0][tokens].astype(np.float64)
        base = probs if self.smoothing.ladder else self._base()[tokens]
        number = tokens.astype(
            np.int64
        )  # of the n-gram that ends at each token; -1 where it was never seen
        full = (
            np.ones(len(tokens), dtype=bool)
            if self.order == 1
            else np.zeros(len(tokens), dtype=bool)
        )
        for n in range(2, self.order + 1):
            has_context = before >= n - 1
            if not self.smoothing.ladder:
                # One order only: with a longer context at hand, what the shorter one said is forgotten.
                probs = np.where(has_context, base, probs)
            context = np.concatenate([[-1], number[:-1]])
            context[~has_context] = -1
            number, seen = self._find(n, context, tokens)
            known = context >= 0
            if n <= len(self._gammas):
                probs[known] *= self._gammas[n - 1][context[known]]
            if self.smoothing.method == "stupid-backoff":
                probs[has_context & ~known] *= self.smoothing.factor
            probs[seen] = (
                self._probs[n - 1][number[seen]] if seen.any() else probs[seen]
            )
            full = known
        return probs, full

    def _find(
        self,
        n: int,
        context: Int[np.ndarray, " tokens"],
        tokens: Int[np.ndarray, " tokens"],
    ) -> tuple[Int[np.ndarray, " tokens"], np.ndarray]:
        """Look n-grams up: the number of each, -1 where it was never seen; and where it was seen."""
        number = np.full(len(tokens), -1, dtype=np.int64)
        if n > len(self._keys):
            return number, number >= 0
        known = np.flatnonzero(context >= 0)
        wanted = context[known] * self.vocab_size + tokens[known]
        number[known] = find(self._keys[n - 1], wanted)
        return number, number >= 0

    def _base(self) -> Float[np.ndarray, " vocab"]:
        """Return what a method without a ladder falls back on: nothing for MLE, the uniform distribution for add-k."""
        if self.smoothing.method == "mle":
            return np.zeros(self.vocab_size)
        return uniform(self.vocab_size, self.bos_id)

    def _context_number(self, context: Sequence[int]) -> int:
        """Return the number of an n-gram among those of its order; -1 if it was never seen."""
        number = context[0]
        for n, token in enumerate(context[1:], start=2):
            if n > len(self._keys):
                return -1
            key = number * self.vocab_size + token
            number = int(np.searchsorted(self._keys[n - 1], key))
            if number == len(self._keys[n - 1]) or self._keys[n - 1][number] != key:
                return -1
        return number

    def _followers(self, context: Sequence[int]) -> slice | None:
        """Where the n-grams that continue a context stand in the arrays of their order; None if there are none."""
        if len(context) >= len(self._keys):
            return None
        number = self._context_number(context)
        if number < 0:
            return None
        keys = self._keys[len(context)]
        ends = np.searchsorted(
            keys, [number * self.vocab_size, (number + 1) * self.vocab_size]
        )
        return slice(int(ends[0]), int(ends[1]))

    def _check_context(
        self, context: Sequence[int] | Int[np.ndarray, " context"]
    ) -> list[int]:
        """Return the last ``order - 1`` tokens of a context as checked integers."""
        array = np.asarray(context)
        if array.size == 0 or self.order == 1:
            return []
        if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
            raise TypeError(
                f"a context is a sequence of token ids, got {array.dtype} of shape {list(array.shape)}"
            )
        if array.min() < 0 or array.max() >= self.vocab_size:
            raise ValueError(
                f"the context holds a token id outside 0..{self.vocab_size - 1}"
            )
        return [int(token) for token in array[-(self.order - 1) :]]

    def next_probs(
        self, context: Sequence[int] | Int[np.ndarray, " context"]
    ) -> Float[np.ndarray, " vocab"]:
        """Return the distribution of the next token.

        Args:
            context: The tokens before it; only the last ``order - 1`` are looked at.

        Returns:
            Shape [V]; sums to 1. (For MLE it is all zeros after a context that was never seen, and stupid backoff
            gives scores, which do not sum to 1.)

        Raises:
            TypeError: If the context is not one of integers.
            ValueError: If a token id is outside the vocabulary.

        Source: book, equation eq-absolute.
        """
        history = self._check_context(context)
        probs = self._probs[0].astype(np.float64)
        if history and not self.smoothing.ladder:
            probs = self._base()
        for n in range(2, len(history) + 2):
            u = history[len(history) - n + 1 :]
            if not self.smoothing.ladder and n < len(history) + 1:
                continue
            followers = self._followers(u)
            if followers is None:
                if self.smoothing.method == "stupid-backoff":
                    probs *= self.smoothing.factor
                continue
            probs *= self._gammas[n - 1][self._context_number(u)]
            probs[self._keys[n - 1][followers] % self.vocab_size] = self._probs[n - 1][
                followers
            ]
        return probs

    def prob(
        self, context: Sequence[int] | Int[np.ndarray, " context"], token: int
    ) -> float:
        """Return the probability of one token after a context.

        Args:
            context: The tokens before it.
            token: The token id.

        Returns:
            P(token | context).

        Raises:
            ValueError: If a token id is outside the vocabulary.
        """
        if not 0 <= token < self.vocab_size:
            raise ValueError(f"token id {token} is outside 0..{self.vocab_size - 1}")
        return float(self.next_probs(context)[token])

    def counts(
        self, context: Sequence[int] | Int[np.ndarray, " context"]
    ) -> Int[np.ndarray, " vocab"]:
        """Return how often each token followed a context in the training text.

        Args:
            context: The tokens before it; only the last ``order - 1`` are looked at.

        Returns:
            Counts, shape [V]; all zero after a context that was never seen.
        """
        history = self._check_context(context)
        if not history:
            return self._counts[0].astype(np.int64)
        table = np.zeros(self.vocab_size, dtype=np.int64)
        followers = self._followers(history)
        if followers is not None:
            table[self._keys[len(history)][followers] % self.vocab_size] = self._counts[
                len(history)
            ][followers]
        return table

    def log_prob(self, sequences: Sequences) -> list[Float[np.ndarray, " tokens"]]:
        """Score sequences: the natural logarithm of each token's probability given those before it.

        Args:
            sequences: Token ids, one array a sequence. The first tokens of a sequence have the shorter context that
                they have; a leading ``bos_id`` is context only and scores 0.

        Returns:
            One array a sequence, shape [tokens]; minus infinity where the probability is zero.

        Raises:
            TypeError: If a sequence is not one of integers.
            ValueError: If there is no token, or an id is outside the vocabulary.
        """
        probs, _ = self._walk(sequences)
        with np.errstate(divide="ignore"):
            logs = np.log(probs)
        ends = np.cumsum([len(sequence) for sequence in sequences])
        parts = [logs[a:b] for a, b in pairwise([0, *ends.tolist()])]
        if self.bos_id is not None:
            for part, sequence in zip(parts, sequences, strict=True):
                if len(sequence) and sequence[0] == self.bos_id:
                    part[0] = 0.0
        return parts

    def perplexity(self, sequences: Sequences) -> float:
        """Return the perplexity on sequences: exp of the average negative log-probability of a token.

        Args:
            sequences: Token ids, one array a sequence.

        Returns:
            The perplexity; infinite if a token has probability zero.

        Raises:
            ValueError: If the model gives scores and not probabilities (stupid backoff).

        Source: book, equation eq-perplexity.
        """
        if not self.smoothing.proper:
            raise ValueError(
                "stupid backoff gives scores that do not sum to 1: they have no perplexity"
            )
        logs = np.concatenate(self.log_prob(sequences))
        predicted = len(logs)
        if self.bos_id is not None:
            predicted -= sum(len(s) > 0 and s[0] == self.bos_id for s in sequences)
        return float(np.exp(-logs.sum() / max(predicted, 1)))

    def sample(
        self,
        length: int,
        generator: np.random.Generator,
        context: Sequence[int] | Int[np.ndarray, " context"] = (),
        temperature: float = 1.0,
        eos_id: int | None = None,
    ) -> Int[np.ndarray, " tokens"]:
        """Draw a text token by token.

        Args:
            length: Most tokens to draw.
            generator: Source of randomness: the same generator gives the same text.
            context: Tokens to continue; not part of what is returned.
            temperature: See `apply_temperature`.
            eos_id: Stop when this token is drawn; it is returned.

        Returns:
            The drawn token ids, int32.

        Raises:
            ValueError: If the length is negative, or MLE has never seen the context and gives no distribution.
        """
        if length < 0:
            raise ValueError(f"length must be at least 0, got {length}")
        tokens = [int(token) for token in np.asarray(context, dtype=np.int64)]
        start = len(tokens)
        while len(tokens) - start < length:
            probs = self.next_probs(tokens)
            total = probs.sum()
            if total == 0:
                raise ValueError(
                    "MLE has never seen this context and cannot continue it: choose a smoothing, or a context from the "
                    "training text"
                )
            tempered = apply_temperature(probs / total, temperature)
            tokens.append(int(generator.choice(self.vocab_size, p=tempered)))
            if tokens[-1] == eos_id:
                break
        return np.array(tokens[start:], dtype=np.int32)

    def levels(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield, for each order, the keys and probabilities of its n-grams, and gamma of its contexts.

        Yields:
            Keys (int64) and probabilities (float32), shape [ngrams], and gamma (float32), shape [contexts]: one for
            each n-gram of the order below, and a single one for order 1.
        """
        yield from zip(self._keys, self._probs, self._gammas, strict=True)

    # ------------------------------------------------------------------ size and storage

    @property
    def ngrams_per_order(self) -> list[int]:
        """Number of different n-grams of each order, from order 1 on."""
        return [int(np.count_nonzero(counts)) for counts in self._counts]

    @property
    def nbytes(self) -> int:
        """Memory of the model's arrays in bytes."""
        arrays = [*self._keys, *self._counts, *self._probs, *self._gammas]
        return sum(array.nbytes for array in arrays)

    def _arrays(self) -> dict[str, np.ndarray]:
        named = {
            "keys": self._keys,
            "counts": self._counts,
            "probs": self._probs,
            "gammas": self._gammas,
        }
        return {
            f"{name}{n}": array
            for name, arrays in named.items()
            for n, array in enumerate(arrays, start=1)
        }

    @staticmethod
    def _digest(arrays: dict[str, np.ndarray]) -> str:
        digest = hashlib.sha256()
        for name in sorted(arrays):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(arrays[name]).data)
        return digest.hexdigest()

    def save(self, path: str | Path) -> None:
        """Write the model to a file of NumPy arrays with a checksum.

        Args:
            path: Where to; ``.npz`` is the usual ending.
        """
        arrays = self._arrays()
        header = {
            "format": _FORMAT,
            "order": self.order,
            "vocab_size": self.vocab_size,
            "bos_id": self.bos_id,
            "smoothing": asdict(self.smoothing),
            "levels": len(self._keys),
            "sha256": self._digest(arrays),
        }
        with Path(path).open("wb") as out:
            np.savez(out, header=np.array(json.dumps(header)), **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: str | Path) -> NGramModel:
        """Read a model that ``save`` wrote.

        Args:
            path: The file.

        Returns:
            The model.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is damaged, or holds something else.
        """
        if not Path(path).exists():
            raise FileNotFoundError(f"there is no file {path}")
        try:
            with np.load(path, allow_pickle=False) as stored:
                header: dict[str, Any] = json.loads(str(stored["header"]))
                if header["format"] != _FORMAT:
                    raise ValueError(f"its format is {header['format']!r}")
                arrays = {
                    name: stored[name] for name in stored.files if name != "header"
                }
            if cls._digest(arrays) != header["sha256"]:
                raise ValueError("its checksum does not match its content")
        except Exception as error:  # a damaged zip fails in many ways
            raise ValueError(
                f"{path} is not a saved n-gram model, or is damaged: {error}"
            ) from error
        smoothing = dict(header["smoothing"])
        if smoothing["weights"] is not None:
            smoothing["weights"] = tuple(smoothing["weights"])
        levels = range(1, header["levels"] + 1)
        return cls(
            header["order"],
            header["vocab_size"],
            Smoothing(**smoothing),
            header["bos_id"],
            [arrays[f"keys{n}"] for n in levels],
            [arrays[f"counts{n}"] for n in levels],
            [Table(arrays[f"probs{n}"], arrays[f"gammas{n}"]) for n in levels],
        )
