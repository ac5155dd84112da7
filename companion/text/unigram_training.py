"""Learning the pieces of the unigram tokenizer: EM for their probabilities, pruning for their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from jaxtyping import Float

from companion.text.lattice import Lattice


def covered_words(chunk_counts: Mapping[str, int], coverage: float) -> Counter[str]:
    """Cut chunks of text at the rarest characters, which are left to bytes.

    Args:
        chunk_counts: How often each chunk occurs.
        coverage: Share of the text's characters to keep; the others, the rarest, separate words.

    Returns:
        Count of each word.

    Example:
        >>> covered_words({"abc": 50, "ab☃": 1}, coverage=0.98)
        Counter({'abc': 50, 'ab': 1})
    """
    characters: Counter[str] = Counter()
    for chunk, count in chunk_counts.items():
        for character in chunk:
            characters[character] += count
    left = (1 - coverage) * characters.total()
    dropped = set()
    for character, count in sorted(
        characters.items(), key=lambda item: (item[1], item[0])
    ):
        left -= count
        if left < 0:
            break
        dropped.add(character)
    words: Counter[str] = Counter()
    for chunk, count in chunk_counts.items():
        for rare, run in groupby(chunk, key=dropped.__contains__):
            if not rare:
                words["".join(run)] += count
    return words


def seed_pieces(
    word_counts: Mapping[str, int], size: int, max_length: int
) -> dict[str, int]:
    """Collect the substrings that pruning starts from.

    Args:
        word_counts: How often each word occurs.
        size: How many pieces of two and more characters at most: those with the largest count times length.
        max_length: Longest piece in characters.

    Returns:
        Count of every character, then of the chosen longer substrings, which occur at least twice.

    Source: Kudo (2018), section 3.2.

    Example:
        >>> seed_pieces({"abab": 2, "ab": 1}, size=1, max_length=4)
        {'a': 5, 'b': 5, 'ab': 5}
    """
    counts: Counter[str] = Counter()
    for word, count in word_counts.items():
        for start in range(len(word)):
            for end in range(start + 1, min(start + max_length, len(word)) + 1):
                counts[word[start:end]] += count
    characters = sorted(piece for piece in counts if len(piece) == 1)
    longer = sorted(
        (piece for piece, count in counts.items() if len(piece) > 1 and count > 1),
        key=lambda piece: (-counts[piece] * len(piece), piece),
    )
    return {piece: counts[piece] for piece in [*characters, *longer[:size]]}


def em_step(
    lattice: Lattice,
    log_probs: Float[np.ndarray, " pieces"],
    word_counts: Float[np.ndarray, " words"],
) -> tuple[Float[np.ndarray, " pieces"], float]:
    """One step of expectation-maximization: the shares of the expected counts are the new probabilities.

    Args:
        lattice: All segmentations of the words.
        log_probs: Natural log-probability of each piece.
        word_counts: How often each word occurs.

    Returns:
        The new log-probabilities, and the log-likelihood (nats) under the *old* ones; it never falls from
        step to step.

    Source: Kudo (2018), section 3.2; book, chapter 2.
    """
    expected, log_likelihood = lattice.expected_counts(log_probs, word_counts)
    with np.errstate(divide="ignore"):
        return np.log(expected / expected.sum()), log_likelihood


def pruning_loss(
    pieces: Sequence[str],
    log_probs: Float[np.ndarray, " pieces"],
    expected: Float[np.ndarray, " pieces"],
) -> Float[np.ndarray, " pieces"]:
    """Estimate what the text's log-likelihood loses without each piece.

    A piece that goes is replaced, wherever it was expected, by the best segmentation of itself into others.

    Args:
        pieces: The pieces.
        log_probs: Their natural log-probabilities.
        expected: Their expected counts.

    Returns:
        The loss of each piece in nats, at least 0; infinite for single characters, which must stay.

    Source: Kudo (2018), section 3.2, step 2(b).
    """
    others = Lattice(pieces, {piece: i for i, piece in enumerate(pieces)}, whole=False)
    alternative = others.forward(log_probs, best=True)[others.last]
    with np.errstate(invalid="ignore"):
        loss = np.where(expected > 0, expected * (log_probs - alternative), 0.0)
    return np.where([len(piece) == 1 for piece in pieces], np.inf, loss)


def learn_pieces(
    word_counts: Mapping[str, int],
    seed: Mapping[str, int],
    size: int,
    em_steps: int = 2,
    shrink: float = 0.75,
) -> dict[str, float]:
    """Fit piece probabilities by EM and drop the pieces that matter least, until few enough are left.

    Args:
        word_counts: How often each word occurs.
        seed: Count of each piece to start from; every character of the words is among them.
        size: Number of pieces wanted.
        em_steps: EM steps before each pruning and after the last.
        shrink: Share of the pieces that a pruning leaves.

    Returns:
        Natural log-probability of each piece, the most probable first.

    Source: Kudo (2018), section 3.2; book, chapter 2.

    Example:
        >>> words = {"low": 5, "lower": 2, "slow": 4}
        >>> next(iter(learn_pieces(words, seed_pieces(words, size=9, max_length=3), size=8)))
        'low'
    """
    words, counts = (
        list(word_counts),
        np.array(list(word_counts.values()), dtype=np.float64),
    )
    pieces = list(seed)
    log_probs = np.log(np.array(list(seed.values())) / sum(seed.values()))
    lattice = Lattice(words, {piece: i for i, piece in enumerate(pieces)})
    # EM takes all probability from a character that only occurs inside longer pieces. It must stay possible,
    # or a word could lose its last segmentation when those pieces go: as if it stood alone once in the text.
    rarest = -np.log(counts @ np.array([len(word) for word in words]))
    while True:
        for _ in range(em_steps):
            log_probs, _ = em_step(lattice, log_probs, counts)
        if len(pieces) <= size:
            break
        expected, _ = lattice.expected_counts(log_probs, counts)
        loss = pruning_loss(pieces, log_probs, expected)
        kept = np.zeros(len(pieces), dtype=bool)
        kept[
            np.argsort(-loss, kind="stable")[: max(size, int(shrink * len(pieces)))]
        ] = True
        pieces = [piece for piece, stays in zip(pieces, kept, strict=True) if stays]
        log_probs, lattice = np.maximum(log_probs[kept], rarest), lattice.keep(kept)
    log_probs = np.maximum(log_probs, rarest)
    return {
        pieces[i]: float(log_probs[i]) for i in np.argsort(-log_probs, kind="stable")
    }
