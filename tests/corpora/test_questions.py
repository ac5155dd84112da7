"""The question set: ids that exist, answers that stand in the texts, a split without near-duplicates."""

import re
import unicodedata
from collections import Counter

import pytest

from companion.corpora import course, python_docs, questions
from companion.corpora.inquiries import Question


@pytest.fixture(scope="module")
def documents() -> dict[str, str]:
    return {d.id: d.text for corpus in (course(), python_docs()) for d in corpus}


def squashed(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).casefold().strip()


def grams(text: str) -> set[str]:
    letters = re.sub(r"\W+", "", squashed(text))
    size = 2 if re.search(r"[\u4e00-\u9fff]", letters) else 4
    return {letters[i : i + size] for i in range(max(1, len(letters) - size + 1))}


def overlap(a: Question, b: Question) -> float:
    left, right = grams(a.question), grams(b.question)
    return len(left & right) / len(left | right)


def test_counts():
    kinds = Counter((q.language, q.answerable) for q in questions())
    total = sum(kinds.values())
    assert total >= 160
    assert 0.55 < (kinds["en", True] + kinds["en", False]) / total < 0.65
    assert 0.70 < (kinds["en", True] + kinds["zh", True]) / total < 0.80
    for language in ("en", "zh"):
        chosen = questions(language)
        assert {q.language for q in chosen} == {language}
        for part in ("dev", "test"):
            labels = [q.answerable for q in chosen if q.part == part]
            assert len(labels) >= 40
            assert 0.65 < sum(labels) / len(labels) < 0.85


def test_ids_are_unique_and_say_the_language():
    found = questions()
    assert len({q.id for q in found}) == len(found)
    assert len({squashed(q.question) for q in found}) == len(found)
    assert all(re.fullmatch(rf"{q.language}-\d{{3}}", q.id) for q in found)


def test_labels_agree():
    for q in questions():
        assert q.part in ("dev", "test"), q
        assert set(q.relevant.values()) <= {1, 2}, q
        assert q.answerable == bool(q.relevant), q
        assert q.answerable == (2 in q.relevant.values()), q
        assert q.answerable == any(q.answers), q
        han = re.search(r"[\u4e00-\u9fff]", re.sub('["“].*?["”]', "", q.question))
        assert bool(han) == (q.language == "zh"), q


def test_the_documents_exist(documents):
    named = {identity for q in questions() for identity in q.relevant}
    missing = named - set(documents)
    # Another version of Python may lack a module or a topic; the book's own pages are all here.
    assert len(missing) <= 3, sorted(missing)
    assert all(name.startswith(("library/", "reference/")) for name in missing)


def test_every_document_of_grade_two_holds_an_answer(documents):
    lacking = [
        (q.id, name)
        for q in questions()
        for name, grade in q.relevant.items()
        if grade == 2
        and name in documents
        and not any(squashed(a) in squashed(documents[name]) for a in q.answers)
    ]
    assert not [one for one in lacking if not one[1].startswith("l")]
    assert len(lacking) <= 4, lacking


def test_nothing_near_crosses_the_split():
    dev = [q for q in questions() if q.part == "dev"]
    test = [q for q in questions() if q.part == "test"]
    near = [(a.question, b.question) for a in dev for b in test if overlap(a, b) >= 0.5]
    assert not near


def test_no_document_that_answers_lies_on_both_sides():
    sides: dict[str, set[str]] = {}
    for q in questions():
        for name, grade in q.relevant.items():
            if grade == 2:
                sides.setdefault(name, set()).add(q.part)
    assert not [name for name, parts in sides.items() if len(parts) > 1]


def test_no_two_questions_are_nearly_one():
    found = questions()
    near = [
        (a.question, b.question)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if overlap(a, b) >= 0.6
    ]
    assert not near


def test_a_wrong_language_says_what_is_right():
    with pytest.raises(ValueError, match='"en", "zh" or None'):
        questions("fr")


def test_what_is_returned_cannot_be_changed():
    with pytest.raises(TypeError):
        questions()[0].relevant["glossary#term-perplexity"] = 1
