"""The question answerer: the acceptance example, refusals, bad input, and that it comes back from disk unchanged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.apps._lessons import Lesson
from companion.apps._library import Library
from companion.apps._passages import passages
from companion.apps._reader_training import Found
from companion.apps.answerer import (
    Answer,
    AnswererConfig,
    QuestionAnswerer,
    fit_confidence,
    is_right,
)
from companion.corpora import Document, questions

PAGE = (
    "A page\n\nA kestrel is a small falcon. It hovers over fields at a height of 20 meters.\n\n"
    "An owl hunts at night."
)
ENTRIES = {
    "kestrel": "kestrel: (红隼) Falcon that hovers over fields.",
    "owl": "owl: (猫头鹰) Bird that hunts at night; it hears a mouse under snow.",
}
DOCSTRING = "Return the wing span of a bird in meters.\n\nRaise ValueError if the bird is unknown."
SMALL = [
    Document("page#birds", PAGE, "page.html#birds", "page"),
    *(
        Document(f"glossary#term-{n}", t, f"glossary.html#term-{n}", "glossary")
        for n, t in ENTRIES.items()
    ),
    Document("library/bird", DOCSTRING, "https://example.org/bird.py"),
]


@pytest.fixture(scope="module")
def own() -> QuestionAnswerer:
    return QuestionAnswerer.load()


@pytest.fixture(scope="module")
def small() -> QuestionAnswerer:
    asked = [q for q in questions() if q.part == "dev"][:6]
    return QuestionAnswerer.fit(asked, SMALL, config=AnswererConfig(4, steps=20))


def test_the_acceptance_example(own):
    got = own.answer("什么是自然语言处理？")
    assert got.found
    assert got.link == "glossary.html#term-natural-language-processing"
    assert "language" in got.answer
    assert "自然语言处理" in got.context


@pytest.mark.parametrize(
    ("question", "term", "words"),
    [
        ("什么是困惑度？", "perplexity", "cross-entropy"),
        ("What is overfitting?", "overfitting", "new ones worse"),
        ("Define epoch.", "epoch", "One pass"),
    ],
)
def test_a_term_is_answered_from_its_entry(own, question, term, words):
    got = own.answer(question)
    assert got.found
    assert got.link == f"glossary.html#term-{term}"
    assert words in got.answer
    assert got.answer in got.context
    assert 0 < got.confidence <= 1


@pytest.mark.parametrize(
    "question", ["明天天气怎么样？", "Who won the football match yesterday?", "qwrtz"]
)
def test_what_the_pages_do_not_say_is_not_found(own, question):
    got = own.answer(question)
    assert not got.found
    assert got.answer == got.link == ""
    assert "not found" in str(got)


def test_most_questions_without_an_answer_are_refused_and_many_others_answered(own):
    test = [q for q in questions() if q.part == "test"]
    got = {q.id: own.answer(q.question) for q in test}
    refused = [not got[q.id].found for q in test if not q.answerable]
    right = [is_right(got[q.id].answer, q.answers) for q in test if q.answerable]
    assert np.mean(refused) > 0.6
    assert np.mean(right) > 0.2


def test_a_shown_answer_is_quoted_and_has_a_link(own):
    for question in questions("en")[:25]:
        got = own.answer(question.question)
        assert got.answer in got.context
        assert bool(got.link) == got.found


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("", ValueError),
        (" \n\t ", ValueError),
        ("\x00\x07", ValueError),
        ("a" * 1_000_000, ValueError),
        (b"What?", TypeError),
        (None, TypeError),
    ],
)
def test_bad_input_says_what_to_do(small, bad, kind):
    with pytest.raises(kind, match="question"):
        small.answer(bad)


@pytest.mark.parametrize(
    "text",
    ["🦉🦉🦉", "מה זה ינשוף?", "What is 猫头鹰 و owl?", "a\x00b\u202ec", "???", "\ud800 owl", "owl " * 400],
)  # fmt: skip
def test_strange_text_gets_an_honest_result(small, text):
    got = small.answer(text)
    assert isinstance(got, Answer)
    assert got.found == bool(got.answer)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_any_text_gets_an_answer_or_a_value_error(small, text):
    try:
        got = small.answer(text)
    except ValueError as error:
        says = str(error)
        assert says.startswith("the question")
        return
    assert 0 <= got.confidence <= 1
    assert got.answer in got.context


def test_it_comes_back_from_disk_with_its_passages(small, tmp_path):
    small.save(tmp_path / "saved")
    again = QuestionAnswerer.load(tmp_path / "saved")
    for text in ("What is an owl?", "什么是红隼？", "What is a submarine?"):
        assert again.answer(text) == small.answer(text)


def test_a_damaged_folder_is_refused(small, tmp_path):
    small.save(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ValueError, match="damaged"):
        QuestionAnswerer.load(tmp_path)
    with pytest.raises(FileNotFoundError, match="question answerer"):
        QuestionAnswerer.load(tmp_path / "nowhere")


def test_training_is_repeatable(small):
    asked = [q for q in questions() if q.part == "dev"][:6]
    again = QuestionAnswerer.fit(asked, SMALL, config=AnswererConfig(4, steps=20))
    assert again.confidence == small.confidence


def test_nothing_to_read_and_nothing_to_learn_from_are_refused():
    asked = questions()[:2]
    with pytest.raises(ValueError, match="at least one document"):
        QuestionAnswerer.fit(asked, [])
    with pytest.raises(ValueError, match="at least 2 questions"):
        QuestionAnswerer.fit(asked[:1], SMALL)
    with pytest.raises(ValueError, match="folds"):
        AnswererConfig(folds=1)


def test_passages_keep_title_link_and_kind():
    found = passages(SMALL)
    assert [p.kind for p in found] == ["course", "course", "glossary", "glossary", "python", "python"]  # fmt: skip
    assert found[0].title == "A page"
    assert found[0].text.startswith("A kestrel")
    assert all("A page" not in p.text for p in found)
    long = "This is a sentence of some length, for a test. " * 60
    pieces = passages([Document("long", f"Head\n\n{long.strip()}")])
    assert " ".join(p.text for p in pieces) == long.strip()
    assert max(len(p.text) for p in pieces) <= 600


def test_a_chinese_term_finds_english_pages():
    library = Library(passages(SMALL))
    _, found, _ = library.search("猫头鹰什么时候捕猎？")
    assert {p.document for p in found} >= {"page#birds", "glossary#term-owl"}
    library.chinese = {}
    _, found, _ = library.search("猫头鹰什么时候捕猎？")
    assert "page#birds" not in {p.document for p in found}


def test_the_marks_of_an_exercise_are_its_answer():
    library = Library(passages(SMALL))
    lesson = Lesson("How high does a kestrel hover?", ("20 meters",), frozenset({"page#birds"}))  # fmt: skip
    got = library.exercise(lesson)
    quoted = [
        p.text[p.tokens[int(s.argmax())][0] : p.tokens[int(e.argmax())][1]]
        for p, s, e in zip(got.found, got.starts, got.ends, strict=True)
        if s.any()
    ]
    assert quoted == ["20 meters"]
    without = library.exercise(lesson, without=lesson.documents)
    assert not without.answered
    assert "page#birds" not in {p.document for p in without.found}


def test_the_threshold_makes_the_most_right_decisions():
    passage = passages(SMALL)[0]
    found = [Found(passage, 0, 1, -x, -3.0) for x in (0.1, 0.2, 0.5, 3.0, 4.0, 5.0)]
    right = [True, True, True, False, False, False]
    confidence = fit_confidence(found, right, [not r for r in right])
    given = [confidence(f) >= confidence.threshold for f in found]
    assert given == right
    assert confidence(Found(None)) == 0
    values = [confidence(f) for f in found]
    assert values == sorted(values, reverse=True)
