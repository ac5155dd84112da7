"""What a span reader sees: numbers for each token of a passage, given a question."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float

from companion.apps._passages import ANALYSIS, Passage
from companion.apps._text import is_han, language_of

# What a question asks for, by its words. A question may be of several kinds.
_KINDS = {
    "definition": r"^(what|who) (is|are|was)\b|^define\b|\bmean(s|t)?\b"
    r"|什么是|是什么|什么叫|指的?是?什么|什么意思|怎么定义",
    "number": r"\bhow (many|much|large|long|far)\b|几|多少|多长|多大|多久",
    "who": r"^who\b|谁",
    "which": r"^(of |in |to |by |on |with |under |from )?(which|what)\b|哪",
    "Chinese": r"\bchinese\b|中文|译成",
    "English": r"\bin english\b|英语|英文",
    "yes or no": r"^(do|does|can|may|should|is|are)\b|吗",
    "why or how": r"^(why|how)\b|为什么|怎样|怎么|如何",
    "act": r"\b(do|does|did)\b|做什么|作用|做",
}
KINDS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _KINDS.items()}
_STATIC = 19
_RELATIVE = 20
TOKEN_FEATURES = _STATIC + _RELATIVE
NULL_FEATURES = 8 + len(KINDS)
MOST_TOKENS = 160
# Marks and words between two clauses, and words before what something is.
_JOINTS = frozenset(",;:.!?()[]")
_WORDS = frozenset(
    [
        "that",
        "which",
        "when",
        "where",
        "if",
        "so",
        "because",
        "and",
        "but",
        "or",
        "with",
    ]
)
_IS = frozenset(["is", "are", "to", "by", "of", "means", "stands", "from", "at", "in"])


@dataclass(frozen=True)
class Query:
    """A question as the reader knows it.

    Attributes:
        text: The question.
        terms: Its terms with what each tells (its inverse document frequency); translations of Chinese terms included.
        characters: Its Chinese characters.
        kinds: 1 or 0 for each of `KINDS`.
    """

    text: str
    terms: Mapping[str, float]
    characters: frozenset[str]
    kinds: Float[np.ndarray, " kinds"]

    @property
    def weight(self) -> float:
        """What all its terms tell together."""
        return sum(self.terms.values()) or 1.0


def understand(
    question: str, chinese: Mapping[str, str], rarity: Mapping[str, float], most: float
) -> Query:
    """Take a question apart.

    Args:
        question: The question.
        chinese: English by Chinese term: what is found in the question is searched for in English, too.
        rarity: Inverse document frequency by term.
        most: That of a term that no document holds.

    Returns:
        The query.
    """
    rest, added = question, []
    for term, english in chinese.items():
        if term in rest:
            added.append(english)
            rest = rest.replace(term, " ")
    found = ANALYSIS(" ".join([question, *added]))
    kinds = np.array([bool(kind.search(question)) for kind in KINDS.values()], float)
    return Query(
        " ".join([question, *added]),
        {term: rarity.get(term, most) for term in found},
        frozenset(c for c in question if is_han(c))
        if language_of(question) == "zh"
        else frozenset(),
        kinds,
    )


@dataclass(frozen=True)
class _Sheet:
    """What can be said of a passage without a question."""

    terms: tuple[str | None, ...]
    static: Float[np.ndarray, "tokens static"]
    sentence: np.ndarray
    clause: np.ndarray
    title: frozenset[str]


@lru_cache(maxsize=50_000)
def _sheet(passage: Passage) -> _Sheet:
    spans = passage.tokens[:MOST_TOKENS]
    words = [passage.text[a:b] for a, b in spans]
    terms: list[str | None] = []
    static = np.zeros((len(words), _STATIC))
    sentence, number, opened = np.zeros(len(words), int), 0, True
    clause, part = np.zeros(len(words), int), 0
    colon = passage.text.find(": ") if passage.kind == "glossary" else -1
    for i, word in enumerate(words):
        known = ANALYSIS(word)
        terms.append(known[0] if known else None)
        before = words[i - 1] if i else "."
        after = words[i + 1] if i + 1 < len(words) else "."
        mark = not any(c.isalnum() for c in word)
        static[i] = (
            1.0,
            any(c.isdigit() for c in word),
            is_han(word[0]),
            word[0].isupper(),
            not known and not mark,
            mark,
            before in "([\"'“",
            before == ":",
            before in ",;",
            before in _IS,
            before == ")",
            after in ".;:!?",
            after == ",",
            after in ")]\"'”",
            opened,
            number == 0,
            math.log1p(i) / 5,
            spans[i][0] < colon,
            after in _JOINTS or (i + 1 < len(words) and words[i + 1] in _WORDS),
        )
        part += word in _WORDS
        sentence[i], clause[i] = number, part
        part += word in _JOINTS
        opened = word in ".!?;:" or (before == ":" and word == "(")
        number += word in ".!?;"
    title = frozenset(ANALYSIS(passage.title))
    return _Sheet(tuple(terms), static, sentence, clause, title)


def _window(values: np.ndarray, left: int, right: int) -> np.ndarray:
    """Sum of the values from `left` places before to `right` places after each place."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    i = np.arange(len(values))
    high = np.clip(i + right + 1, 0, len(values))
    low = np.clip(i - left, 0, len(values))
    found: np.ndarray = total[high] - total[low]
    return found


def describe(
    query: Query, found: Sequence[Passage], scores: Sequence[float]
) -> tuple[list[np.ndarray], np.ndarray]:
    """Describe passages, and the question with all of them.

    Args:
        query: The question.
        found: Passages, the best first.
        scores: Their scores in the search.

    Returns:
        For each passage an array [tokens, TOKEN_FEATURES], and one array [NULL_FEATURES].
    """
    whole, described = query.weight, []
    seen: set[str] = set()
    covered = []
    top = max([*scores, 1e-9])
    for rank, (passage, score) in enumerate(zip(found, scores, strict=True)):
        sheet = _sheet(passage)
        match = np.array(
            [
                query.terms.get(t, 0.0)
                if t
                else 0.0
                if passage.text[a:b] not in query.characters
                else 2.0
                for t, (a, b) in zip(sheet.terms, passage.tokens, strict=False)
            ]
        ) / max(whole, 1e-9)
        here = {t for t in sheet.terms if t is not None and t in query.terms} | (
            sheet.title & set(query.terms)
        )
        seen |= here
        share = sum(query.terms[t] for t in here) / whole
        covered.append(share)
        in_title = sum(query.terms[t] for t in sheet.title & set(query.terms))
        by_sentence = np.bincount(sheet.sentence, match, minlength=1)[sheet.sentence]
        by_clause = np.bincount(sheet.clause, match, minlength=1)
        around = np.pad(by_clause, 1)[sheet.clause[:, None] + [0, 2]]
        relative = np.column_stack(
            [
                match > 0,
                match,
                _window(match, 3, -1),
                _window(match, -1, 3),
                _window(match, 12, -1),
                _window(match, -1, 12),
                np.minimum(by_sentence, 1.5),
                np.minimum(by_clause[sheet.clause], 1.5),
                np.minimum(around, 1.5),
                np.isin(np.array(sheet.terms, object), list(sheet.title)),
                np.full(len(match), share),
                np.full(len(match), in_title / whole),
                np.full(len(match), _share(sheet.title, query)),
                np.full(len(match), score / 20),
                np.full(len(match), score / top),
                np.full(len(match), 1 / (1 + rank)),
                np.full(len(match), passage.kind == "glossary"),
                np.full(len(match), passage.kind == "python"),
                np.full(len(match), in_title > 0.9 * whole),
            ]
        )
        both = np.concatenate([sheet.static, relative], axis=1)
        described.append(both.astype(np.float32))
    missing = [w for t, w in query.terms.items() if t not in seen]
    ordered = sorted(scores, reverse=True)
    null = [
        1.0,
        top / 20,
        (ordered[0] - ordered[-1]) / 20 if ordered else 0.0,
        max(covered, default=0.0),
        sum(missing) / whole,
        max(missing, default=0.0) / 10,
        len(query.terms) / 5,
        whole / 30,
    ]
    return described, np.array([*null, *query.kinds], np.float32)


def _share(title: frozenset[str], query: Query) -> float:
    return sum(term in query.terms for term in title) / len(title) if title else 0.0
