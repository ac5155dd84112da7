"""Translation by counting: a dictionary read off word alignments, and a search that lets a language model order it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from companion.models.ngram import NGramModel
from companion.models.word_alignment import IBMModel1, Words

Run = tuple[str, ...]


def aligned_runs(
    source: Words, target: Words, links: Sequence[int | None]
) -> list[tuple[str, Run]]:
    """Return each source word with the longest run of neighboring target words that are linked to it.

    Args:
        source: The words of a sentence.
        target: The words of its translation.
        links: For each target word the place of its source word, or None.

    Returns:
        One entry a source word; the run is empty if nothing is linked to it.

    Example:
        >>> aligned_runs(["I", "program"], ["我", "编", "程"], [0, 1, 1])
        [('I', ('我',)), ('program', ('编', '程'))]
    """
    best: list[Run] = [()] * len(source)
    start = 0
    for end in range(1, len(target) + 1):
        if end < len(target) and links[end] == links[start]:
            continue
        link = links[start]
        if link is not None and end - start > len(best[link]):
            best[link] = tuple(target[start:end])
        start = end
    return list(zip(source, best, strict=True))


class WordTranslator:
    """Translates word by word with a dictionary of runs, in the source's order or in the one a language model prefers.

    Args:
        runs: For each source word its translations with their probabilities, best first.
        language_model: An n-gram model of the target over ``vocabulary``, with a beginning and an end of its own.
        vocabulary: Target word to id; the last two ids are those of the beginning and the end.

    Source: the dictionary: Brown et al. (1993); the search over covered words: Koehn (2010), chapter 6.
    """

    def __init__(
        self,
        runs: dict[str, list[tuple[Run, float]]],
        language_model: NGramModel,
        vocabulary: dict[str, int],
    ) -> None:
        self.runs, self.language_model, self.vocabulary = (
            runs,
            language_model,
            vocabulary,
        )
        self._rows: dict[tuple[int, ...], Float[np.ndarray, " vocab"]] = {}

    @classmethod
    def fit(
        cls,
        pairs: Sequence[tuple[Words, Words]],
        alignment: IBMModel1,
        order: int = 3,
        most: int = 4,
    ) -> WordTranslator:
        """Read the dictionary off aligned pairs, and count the n-grams of their targets.

        Args:
            pairs: The words of each source sentence and of its translation.
            alignment: A model that aligns them.
            order: Order of the language model.
            most: Number of translations that are kept of a word.

        Returns:
            The translator.

        Raises:
            ValueError: If there is no pair.
        """
        if not pairs:
            raise ValueError("there is no sentence pair to learn from: give some")
        counted: defaultdict[str, Counter[Run]] = defaultdict(Counter)
        for source, target in pairs:
            for word, run in aligned_runs(
                source, target, alignment.align(source, target)
            ):
                counted[word][run] += 1
        runs = {
            word: [(run, n / found.total()) for run, n in found.most_common(most)]
            for word, found in counted.items()
        }
        words = sorted({word for _, target in pairs for word in target})
        vocabulary = {word: i for i, word in enumerate(words)}
        begin, end = len(words), len(words) + 1
        texts = [
            [begin] * (order - 1) + [vocabulary[w] for w in target] + [end]
            for _, target in pairs
        ]
        return cls(
            runs, NGramModel.fit(texts, order=order, vocab_size=end + 1), vocabulary
        )

    def word_by_word(self, source: Words) -> list[str]:
        """Write the likeliest run of each word, in the source's order; unknown words are copied."""
        written: list[str] = []
        for word in source:
            written += self.runs[word][0][0] if word in self.runs else [word]
        return written

    def _follow(self, context: tuple[int, ...], ids: Sequence[int]) -> tuple[Any, ...]:
        """Return the log-probability of ids after a context, and the context after them."""
        total = 0.0
        for i in ids:
            if context not in self._rows:
                self._rows[context] = np.log(self.language_model.next_probs(context))
            total += float(self._rows[context][i])
            context = (*context, i)[1:]
        return total, context

    def reordered(
        self,
        source: Words,
        weight: float = 1.0,
        distortion: float = 0.3,
        window: int = 5,
        beam: int = 20,
    ) -> list[str]:
        """Search for runs and an order that dictionary and language model like best together.

        The beginnings that cover equally many source words compete for the places of a beam. Of two that cover the same
        words and end alike the better is kept.

        Args:
            source: The words of a sentence.
            weight: Weight of the language model's log-probability beside the dictionary's.
            distortion: What a step over one word costs, in nats.
            window: How far behind the first word that is not covered the search may look.
            beam: Number of beginnings that are kept.

        Returns:
            The target words; unknown words are copied.

        Raises:
            ValueError: If ``beam`` or ``window`` is below 1.
        """
        if beam < 1 or window < 1:
            raise ValueError(
                f"beam and window must be at least 1, got {beam} and {window}"
            )
        order = self.language_model.order
        begin, end = len(self.vocabulary), len(self.vocabulary) + 1
        # (covered places, context, place after the last one) -> (score, words)
        start = (0, (begin,) * (order - 1), 0)
        hypotheses: dict[Any, tuple[float, Run]] = {start: (0.0, ())}
        options = [self.runs.get(word, [((word,), 1.0)]) for word in source]
        for _ in source:
            grown: dict[Any, tuple[float, Run]] = {}
            for (covered, context, at), (score, words) in hypotheses.items():
                first = next(j for j in range(len(source)) if not covered >> j & 1)
                for j in range(first, min(first + window, len(source))):
                    if covered >> j & 1:
                        continue
                    moved = score - distortion * abs(j - at)
                    for run, probability in options[j]:
                        ids = [self.vocabulary[w] for w in run if w in self.vocabulary]
                        log, after = self._follow(context, ids)
                        value = moved + math.log(probability) + weight * log
                        key = (covered | 1 << j, after, j + 1)
                        if key not in grown or value > grown[key][0]:
                            grown[key] = value, words + run
            best = sorted(grown.items(), key=lambda entry: -entry[1][0])[:beam]
            hypotheses = dict(best)
        ended = {
            key: (score + weight * self._follow(key[1], [end])[0], words)
            for key, (score, words) in hypotheses.items()
        }
        return list(max(ended.values(), key=lambda entry: entry[0])[1])
