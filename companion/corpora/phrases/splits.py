"""Splits of the phrasebook that ask for generalization: to sentences, combinations, words, lengths."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection

from companion.corpora.corpus import Pair, ParallelCorpus, Split

_COMBINATION = "combination:"


def _unit_interval(key: str) -> float:
    return (
        int.from_bytes(hashlib.sha256(key.encode("utf-8")).digest()[:8], "big") / 2**64
    )


def _check_fraction(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"{name} is a fraction between 0 and 1, got {value}; try 0.1")


def _check_tags(corpus: ParallelCorpus) -> None:
    if not any(tag.startswith(_COMBINATION) for pair in corpus for tag in pair.tags):
        raise ValueError(
            f"corpus {corpus.name!r} has no tags to split by; try phrasebook()"
        )


def _parts(
    corpus: ParallelCorpus,
    in_test: Callable[[Pair], bool],
    valid: float,
    drop: Callable[[Pair], bool] | None = None,
) -> Split[ParallelCorpus]:
    """Take the test pairs out, then draw the validation pairs from the rest by the hash of the source."""
    rest = [pair for pair in corpus if not in_test(pair) and not (drop and drop(pair))]
    held = {
        pair.source for pair in rest if _unit_interval(f"valid/{pair.source}") < valid
    }
    keep = {pair.source for pair in rest} - held
    return Split(
        train=corpus.where(lambda pair: pair.source in keep),
        valid=corpus.where(lambda pair: pair.source in held),
        test=corpus.where(in_test),
    )


def random_split(
    corpus: ParallelCorpus, valid: float = 0.05, test: float = 0.05
) -> Split[ParallelCorpus]:
    """Split at random, by the hash of the source sentence: the easy split, every word and pattern is in training.

    Args:
        corpus: The phrasebook.
        valid: Fraction of pairs for validation.
        test: Fraction of pairs for the test.

    Returns:
        Three corpora that share no source and no target sentence.

    Raises:
        ValueError: If the fractions are negative or leave nothing to train on.
    """
    return corpus.split(valid=valid, test=test)


def held_out_combinations(
    corpus: ParallelCorpus,
    fraction: float = 0.12,
    valid: float = 0.05,
    minimum: int = 15,
) -> Split[ParallelCorpus]:
    """Hold out verb-object pairs: the test asks for "read a poem" when training has only read, and poems.

    A pair that holds any of the chosen combinations is in the test, so training never shows them together as verb and
    object. A combination is only chosen while its verb and its noun both keep at least `minimum` training
    sentences without it.

    Args:
        corpus: The phrasebook, with ``combination:verb+noun`` tags.
        fraction: Fraction of the combinations to hold out.
        valid: Fraction of the rest for validation.
        minimum: Sentences in which a held-out combination's verb, and its noun, must remain outside the test.

    Returns:
        Training and validation without the held-out combinations; in the test, each pair has at least one.

    Raises:
        ValueError: If a fraction is not between 0 and 1, or the corpus has no combination tags.

    Example:
        >>> from companion.corpora.phrases import phrasebook
        >>> split = held_out_combinations(phrasebook())
        >>> {t for p in split.test for t in p.tags} >= {"verb:read"}
        True
    """
    _check_fraction("fraction", fraction)
    _check_fraction("valid", valid)
    _check_tags(corpus)
    with_combination: dict[str, set[int]] = defaultdict(set)
    with_word: dict[str, set[int]] = defaultdict(set)
    for index, pair in enumerate(corpus):
        for tag in pair.tags:
            if tag.startswith(_COMBINATION):
                with_combination[tag].add(index)
            elif tag.startswith(("verb:", "noun:")):
                with_word[tag].add(index)
    chosen: set[str] = set()
    tested: set[int] = set()
    needed: set[str] = set()
    for tag in sorted(with_combination, key=_unit_interval):
        if len(chosen) >= fraction * len(with_combination):
            break
        verb, _, noun = tag.removeprefix(_COMBINATION).partition("+")
        words = {f"verb:{verb}", f"noun:{noun}"}
        after = tested | with_combination[tag]
        if all(len(with_word[word] - after) >= minimum for word in needed | words):
            chosen.add(tag)
            tested = after
            needed |= words
    return _parts(corpus, lambda pair: bool(pair.tags & chosen), valid)


# Frequent enough to test on, ordinary enough that every frame they stand in is in training with other words.
HELD_OUT_WORDS = (
    "name:Nina",
    "name:Robert",
    "name:Li Na",
    "name:Zhao Lei",
    "city:Vienna",
    "city:Chengdu",
    "noun:novel",
    "noun:dictionary",
    "noun:pear",
    "noun:camera",
    "noun:sweater",
    "noun:rabbit",
)


def held_out_words(
    corpus: ParallelCorpus,
    words: Collection[str] = HELD_OUT_WORDS,
    valid: float = 0.05,
    shots: int = 0,
) -> Split[ParallelCorpus]:
    """Hold out words: names, cities and nouns that training shows never, or in a few short sentences only.

    With ``shots=0`` the words are unknown to a model with a word vocabulary: the task for copying, for subwords and for
    handling unknown words. With ``shots=5`` the five shortest sentences of each word stay in training: a word learned
    from a few examples.

    Args:
        corpus: The phrasebook.
        words: Lexical tags, e.g. ``"name:Nina"``.
        valid: Fraction of the rest for validation.
        shots: How many of the shortest sentences of each word stay in training.

    Returns:
        A test in which every pair has a held-out word; each of its constructions occurs in training.

    Raises:
        ValueError: If a word is not in the corpus, `valid` is not a fraction or `shots` is negative.
    """
    _check_fraction("valid", valid)
    if shots < 0:
        raise ValueError(f"shots counts sentences, got {shots}; try 0 or more")
    chosen = frozenset(words)
    counts = Counter(tag for pair in corpus for tag in pair.tags & chosen)
    if missing := sorted(chosen - counts.keys()):
        raise ValueError(
            f"no sentence has the tags {missing}; tags look like 'name:Nina' or 'noun:novel'"
        )
    shown: set[str] = set()
    for word in sorted(chosen):
        alone = [pair.source for pair in corpus if pair.tags & chosen == {word}]
        shown.update(
            sorted(alone, key=lambda source: (len(source.split()), source))[:shots]
        )
    split = _parts(
        corpus,
        lambda pair: bool(pair.tags & chosen) and pair.source not in shown,
        valid,
    )
    if not shown:
        return split
    # A sentence that introduces a word belongs in training, not in validation.
    train = {pair.source for pair in split.train} | shown
    return Split(
        train=corpus.where(lambda pair: pair.source in train),
        valid=split.valid.where(lambda pair: pair.source not in shown),
        test=split.test,
    )


def held_out_length(
    corpus: ParallelCorpus, longest: int = 12, valid: float = 0.05
) -> Split[ParallelCorpus]:
    """Hold out length: training and validation have up to `longest` English words, the test has more.

    Args:
        corpus: The phrasebook.
        longest: The most words, separated by spaces, of a training source.
        valid: Fraction of the short pairs for validation.

    Returns:
        A training corpus of short and a test of long sentences.

    Raises:
        ValueError: If either side would be empty, or `valid` is not a fraction.
    """
    _check_fraction("valid", valid)
    lengths = [len(pair.source.split()) for pair in corpus]
    if not min(lengths) <= longest < max(lengths):
        raise ValueError(
            f"sentences have {min(lengths)} to {max(lengths)} words, got longest={longest}; "
            "try a number in between, e.g. 12"
        )
    return _parts(corpus, lambda pair: len(pair.source.split()) > longest, valid)
