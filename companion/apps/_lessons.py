"""Practice questions for a reader, made by rule from the glossary and from sentences that say what something is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from companion.apps._passages import _GLOSSARY, Passage


@dataclass(frozen=True)
class Lesson:
    """A question to learn from.

    Attributes:
        question: The question.
        answers: Right answers, as they stand in a text; none if there is none.
        documents: Identifiers of the documents where they count as right.
    """

    question: str
    answers: tuple[str, ...]
    documents: frozenset[str]


_WHAT = (
    "What is {term}?",
    "What does {term} mean?",
    "Define {term}.",
    "What is meant by {term}?",
    "什么是{chinese}？",
    "{chinese}是什么意思？",
    "{chinese}指的是什么？",
)
_NAMES = (
    ("What is the Chinese word for {term}?", "chinese"),
    ("How do you say {term} in Chinese?", "chinese"),
    ("{term} 的中文术语是什么？", "chinese"),
    ('"{term}"用中文怎么说？', "chinese"),
    ("{chinese}用英语怎么说？", "term"),
    ('What is "{chinese}" in English?', "term"),
    ('"{chinese}"对应的英文术语是什么？', "term"),
)
_IS = re.compile(
    r"(?:^|[.:] )(?P<what>(?:The|A|An) [a-z][\w' -]{3,40}?|[A-Z][\w' -]{2,40}?) "
    r"(?P<verb>is|are|returns|means|uses|holds|stands for|takes|needs|contains) "
    r"(?P<answer>(?:not )?[^.;:,()]{6,70})[.;:,]"
)
_VAGUE = re.compile(
    r"^(It|This|That|These|Those|They|There|If|When|Here|What|He|She|We|You|Each|One|Both|All|Its?|Then|So|And|But|As|In|On|"
    r"For|After|Before|Without|With|Below|From|Of|Length|Note|Only|Which|By|At|To)\b"
)


def _from_glossary(passage: Passage, rng: np.random.Generator) -> Iterable[Lesson]:
    entry = _GLOSSARY.match(passage.text + " ")
    if not entry:
        return
    definition = passage.text[entry.end() :]
    chinese = re.sub(r"\s*\([^\u3400-\u9fff]*\)$", "", entry["chinese"])
    words = {"term": entry["term"], "chinese": chinese}
    place = frozenset({passage.document})
    first = re.split(r"[.;:]", definition)[0].strip()
    for pattern in rng.permutation(_WHAT)[:2]:
        yield Lesson(pattern.format(**words), (first,), place)
    pattern, wanted = _NAMES[int(rng.integers(len(_NAMES)))]
    yield Lesson(pattern.format(**words), (words[wanted],), place)
    # The other way round: a definition with a few words gone asks for its term, a part of it for the rest.
    kept = [w for w in first.split() if rng.random() < 0.8]
    lead = ("What do you call", "Which term is meant:", "What is the name for")
    asked = f"{lead[int(rng.integers(3))]} {' '.join(kept)}?"
    yield Lesson(asked, (entry["term"],), place)
    clauses = [c.strip() for c in re.split(r"[,;:]", definition) if c.strip()]
    if len(clauses) > 1:
        last = clauses[-1].strip(" .")
        yield Lesson(
            f"What about {entry['term']}, {' '.join(kept[:6])}?", (last,), place
        )


def _from_sentence(passage: Passage) -> Iterable[Lesson]:
    found = _IS.search(passage.text)
    if not found or _VAGUE.match(found["what"]):
        return
    what, verb = found["what"], found["verb"]
    what = what[0].lower() + what[1:] if what.split()[0] in ("The", "A", "An") else what
    if verb in ("is", "are"):
        asked = f"What {verb} {what}?"
    else:
        plain = {
            "returns": "return",
            "means": "mean",
            "uses": "use",
            "holds": "hold",
            "stands for": "stand for",
            "takes": "take",
            "needs": "need",
            "contains": "contain",
        }
        asked = f"What does {what} {plain[verb]}?"
    yield Lesson(asked, (found["answer"].strip(),), frozenset({passage.document}))


def lessons(
    found: Sequence[Passage],
    excluded: frozenset[str] = frozenset(),
    most: int = 300,
    generator: np.random.Generator | None = None,
) -> list[Lesson]:
    """Make practice questions.

    Args:
        found: The passages to ask about.
        excluded: Documents that nothing is asked about: those that the test asks about.
        most: Greatest number of questions from sentences; the glossary gives some five a term.
        generator: Draws the wording; None stands for one with the seed 0.

    Returns:
        The questions, with their answers.
    """
    rng = generator or np.random.default_rng(0)
    made: list[Lesson] = []
    sentences: list[Lesson] = []
    for passage in found:
        if passage.document in excluded:
            continue
        if passage.kind == "glossary":
            made += _from_glossary(passage, rng)
        else:
            sentences += _from_sentence(passage)
    chosen = rng.permutation(len(sentences))[:most]
    return made + [sentences[i] for i in sorted(chosen)]
