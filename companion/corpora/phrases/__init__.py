"""A grammar that writes English-Chinese sentence pairs, made for this course.

How it is made. A lexicon of nouns (with their measure words), verbs (with the things they take and the
constructions they are natural in), activities, people, places and times; and some eighty constructions, each a
small function that builds the English and the Chinese side by side from the same choices. Choices come from a
generator of its own, seeded by the name of the construction, so that the corpus is the same on every machine.
A sentence that repeats an English source or a Chinese target is dropped: the corpus is one-to-one.

Conventions, so that one English sentence has one translation:

- English is written out (do not, cannot); "you" is 你, "they" is 他们.
- "will" is 会, "be going to" 要, "want to" 想, "may" 可以, "must" 必须, "should" 应该, "do not have to" 不用; "can"
  is 会 for a skill and 能 for what circumstances allow.
- "like" is 喜欢 and "love" is 爱: "I love programming." is 我爱编程。
- A statement in progress takes 正在, a question 在, a denial 没在. "very" is 很, "extremely" 非常, "really" 真.
- "How many" is 几; "grandmother" and "grandfather" are the father's parents, 奶奶 and 爷爷.

Known limits. The sentences are plain and a little bookish: no contractions, no idiom beyond a short list of
fixed phrases, no topic chains, no dropped subjects, one register. The world is small (a few hundred words), so
a model that does well here has learned this grammar, not the two languages. Where Chinese has several good
translations only one is given, so that exact match is meaningful and BLEU against other references is not.
Nothing links one sentence to the next. Numbers stay below a hundred. English has 1 to 34 words a sentence,
eight on average; most sentences above 16 words are chains of clauses. With hold-outs by combination, the test
asks for unseen verb-object pairs, not for unseen constructions. Subjects are chosen without regard to who is
likely to do a thing ("my grandmother" may train a neural network).
"""

from __future__ import annotations

from functools import cache

from companion.corpora.corpus import Pair, ParallelCorpus

from . import (  # noqa: F401  (each registers its constructions)
    comparison,
    compounds,
    descriptions,
    fixed,
    location,
    modals,
    questions,
    states,
    subordinate,
    tenses,
    wh_questions,
)
from .phrase import CONSTRUCTIONS, Construction, Draw
from .splits import held_out_combinations, held_out_length, held_out_words, random_split

__all__ = [
    "construction_names",
    "held_out_combinations",
    "held_out_length",
    "held_out_words",
    "phrasebook",
    "random_split",
]

# A construction whose sentences run out is a mistake in its size; this bound finds it instead of looping.
_TRIES = 8


def construction_names() -> tuple[str, ...]:
    """List the names of all constructions, in the order of the corpus; each is a tag ``construction:NAME``."""
    return tuple(construction.name for construction in CONSTRUCTIONS)


def _new_pairs(
    construction: Construction, sources: set[str], targets: set[str]
) -> list[Pair]:
    """Make the sentences of one construction that are not in the corpus yet, on either side."""
    tag = frozenset({f"construction:{construction.name}"})
    pairs: list[Pair] = []

    def keep(pair: Pair) -> None:
        if pair.source not in sources and pair.target not in targets:
            sources.add(pair.source)
            targets.add(pair.target)
            pairs.append(Pair(pair.source, pair.target, pair.tags | tag))

    if construction.enumerate is not None:
        for pair in construction.enumerate():
            keep(pair)
        return pairs
    if construction.draw is None or construction.size is None:
        raise ValueError(
            f"construction {construction.name!r} needs a size and a function that draws sentences"
        )
    draw = Draw(f"phrasebook/{construction.name}")
    for _ in range(_TRIES * construction.size):
        if len(pairs) == construction.size:
            return pairs
        keep(construction.draw(draw))
    raise ValueError(
        f"construction {construction.name!r} found only {len(pairs)} distinct sentences of {construction.size}; "
        "ask for fewer, or give it more words"
    )


@cache
def phrasebook() -> ParallelCorpus:
    """Generate the English-Chinese phrasebook: the same pairs in the same order on every machine.

    Returns:
        The corpus, made once a process. Tags name the construction (``construction:past``, ``negation:mei``), the words
        (``noun:book``, ``verb:read``, ``name:Anna``) and verb-object pairs (``combination:read+book``).

    Example:
        >>> {pair.source: pair.target for pair in phrasebook()}["I love programming."]
        '我爱编程。'
    """
    sources: set[str] = set()
    targets: set[str] = set()
    # The closed patterns first: they are to be complete.
    ordered = sorted(
        CONSTRUCTIONS, key=lambda construction: construction.size is not None
    )
    pairs = [
        pair
        for construction in ordered
        for pair in _new_pairs(construction, sources, targets)
    ]
    return ParallelCorpus(
        name="phrasebook",
        pairs=tuple(pairs),
        source_language="en",
        target_language="zh",
        license="CC-BY-4.0",
        source="Written for this course: a grammar of English-Chinese sentence pairs (companion.corpora.phrases)",
    )
