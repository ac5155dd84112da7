"""What people say to a chat bot, in English and Chinese, each with what they want: written for the course, one by one.

Known limits. One person wrote them, knowing the bot: people who do not know it ask otherwise. Each is one sentence
without the conversation around it.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from companion.corpora.cache import CorpusError
from companion.corpora.corpus import Corpus, Document, Split

FOLDER = Path(__file__).parent / "utterances"
INTENTS = (
    "calculate", "course", "date", "goodbye", "greet", "help", "mood", "name", "recall", "thanks", "time", "write",
)  # fmt: skip
OTHER = "other"
_PARTS = ("train", "dev", "test")


@lru_cache
def _rows(language: str) -> tuple[tuple[str, Document], ...]:
    path = FOLDER / f"{language}.tsv"
    found = []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        for number, row in enumerate(rows, 2):
            if len(row) != 3 or row[0] not in (*INTENTS, OTHER) or row[1] not in _PARTS:
                raise CorpusError(
                    f"{path}, line {number}: expected an intent, a part and an utterance, got {row}"
                )
            intent, part, text = row
            key = f"{language}/{number - 1:04d}"
            found.append((part, Document(key, text, label=intent)))
    return tuple(found)


def utterances(language: str = "en") -> Corpus:
    """Return what people say to the bot of chapter 24 in one language.

    Args:
        language: ``"en"`` or ``"zh"``.

    Returns:
        One document an utterance. Its label is one of `INTENTS`, or ``"other"`` where the bot cannot serve.

    Raises:
        ValueError: If there is no such language.
        CorpusError: If the file is damaged.

    Example:
        >>> next(d.text for d in utterances("zh") if d.label == "other")
        '明天天气怎么样？'
    """
    if language not in ("en", "zh"):
        raise ValueError(f'language must be "en" or "zh", got {language!r}')
    return Corpus(
        name=f"utterances-{language}",
        documents=tuple(document for _, document in _rows(language)),
        language=language,
        license="CC-BY-4.0",
        source="utterances written for this course",
    )


def utterance_split(language: str = "en") -> Split[Corpus]:
    """Return the three parts, fixed in the files.

    An utterance and its counterpart in the other language lie in one part, and so do near copies.

    Args:
        language: ``"en"`` or ``"zh"``.

    Returns:
        Training, validation and test part.

    Raises:
        ValueError: If there is no such language.
    """
    whole = utterances(language)
    train, valid, test = (
        replace(whole, documents=tuple(d for p, d in _rows(language) if p == part))
        for part in _PARTS
    )
    return Split(train, valid, test)
