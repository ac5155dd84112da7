"""Everyday sentences with the feeling of who says them: written for the course, in English and Chinese."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from companion.corpora.cache import CorpusError
from companion.corpora.corpus import Corpus, Document, Split

FOLDER = Path(__file__).parent / "opinions"
LABELS = ("negative", "neutral", "positive")

Part = Literal["main", "stress"]


@lru_cache
def sentiment(language: str = "en", part: Part = "main") -> Corpus:
    """Return the sentences of one language, each with its class.

    Args:
        language: ``"en"`` or ``"zh"``.
        part: ``"main"`` for the balanced set, to be trained and tested on; ``"stress"`` for the sentences that were
            written to be hard, to be tested on only.

    Returns:
        One document a sentence. Its label is ``"positive"``, ``"negative"`` or ``"neutral"``; its group is the subject
        (``"food"``), in the stress set the phenomenon (``"negation"``).

    Raises:
        ValueError: If there is no such language or part.
        CorpusError: If the file is damaged.

    Example:
        >>> sorted({document.label for document in sentiment("zh")})
        ['negative', 'neutral', 'positive']
    """
    if language not in ("en", "zh"):
        raise ValueError(f'language must be "en" or "zh", got {language!r}')
    if part not in ("main", "stress"):
        raise ValueError(f'part must be "main" or "stress", got {part!r}')
    name = language if part == "main" else f"{language}-stress"
    path = FOLDER / f"{name}.tsv"
    documents = []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        for number, row in enumerate(rows, 2):
            if len(row) != 3 or row[0] not in LABELS:
                raise CorpusError(
                    f"{path}, line {number}: expected a class, a subject and a sentence, got {row}"
                )
            label, group, text = row
            documents.append(
                Document(f"{name}/{number - 1:04d}", text, label=label, group=group)
            )
    return Corpus(
        name=f"sentiment-{name}",
        documents=tuple(documents),
        language=language,
        license="CC-BY-4.0",
        source="sentences written for this course",
    )


def sentiment_split(language: str = "en") -> Split[Corpus]:
    """Split the main set so that every subject and class has the same share in each part.

    Of the sentences of a subject and a class, in the order of a hash of the text, three in twenty are for the test and
    two for validation. ``sentiment(language).split()`` is the harder split, which holds whole subjects out.

    Args:
        language: ``"en"`` or ``"zh"``.

    Returns:
        Three corpora that share no sentence, nor a near copy of one.
    """
    corpus = sentiment(language)
    cells: defaultdict[tuple[str | None, str | None], list[Document]] = defaultdict(
        list
    )
    for document in corpus:
        cells[document.group, document.label].append(document)
    part: dict[str, str] = {}
    for documents in cells.values():
        shuffled = sorted(documents, key=lambda d: sha256(d.text.encode()).digest())
        for place, document in enumerate(shuffled):
            twentieth = 20 * place // len(shuffled)
            part[document.id] = (
                "test" if twentieth < 3 else "valid" if twentieth < 5 else "train"
            )
    return Split(
        train=corpus.where(lambda document: part[document.id] == "train"),
        valid=corpus.where(lambda document: part[document.id] == "valid"),
        test=corpus.where(lambda document: part[document.id] == "test"),
    )
