"""Every exercise of the course: its worked solution, its stub, its wrong answers."""

import functools
import inspect

import numpy as np
import pytest
from exercises.support import answer_of, pages, run_cell, wrong_answers

from companion.exercises import Exercise, Result, exercises, get
from companion.exercises.pages import with_stubs

PAGES = pages()
STATED = {exercise: page for page in PAGES for exercise in page.statements}
WRONG = wrong_answers()


@functools.cache
def setup_of(path: str) -> dict[str, object]:
    """Names that the set-up cells of a page define; run once, since they may read a corpus."""
    page = next(page for page in PAGES if str(page.path) == path)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for cell in page.setup():
        run_cell(cell, namespace, "<setup>")
    return namespace


def submitted(exercise: str, tag: str) -> object:
    page = STATED[exercise]
    namespace = dict(setup_of(str(page.path)))
    return run_cell(page.cell(exercise, tag).source, namespace)[get(exercise).answer]


@functools.cache
def examined(exercise: str) -> list[Result]:
    """How the wrong answers to an exercise fare, in order."""
    with np.errstate(all="ignore"):
        return [get(exercise).examine(answer) for answer, _ in WRONG[exercise]]


def test_the_pages_and_the_registry_name_the_same_exercises() -> None:
    # Vice versa as soon as the chapter has its page: checks may be written before the text.
    chapters = {int(page.path.name[:2]) for page in PAGES}
    registered = {item.id for item in exercises() if item.chapter in chapters}
    assert set(STATED) == registered
    for exercise, page in STATED.items():
        assert get(exercise).chapter == int(page.path.name[:2])


def test_no_exercise_is_stated_twice() -> None:
    stated = [exercise for page in PAGES for exercise in page.statements]
    assert sorted(stated) == sorted(STATED)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_a_page_holds_what_the_curriculum_asks_for(page) -> None:
    assert 4 <= len(page.statements) <= 6
    levels = [get(exercise).level for exercise in page.statements]
    assert levels[0] == "warm-up"
    assert levels[-1] == "research"
    answers = [get(exercise).answer for exercise in page.statements]
    assert len(set(answers)) == len(answers), (
        "two answers of one page have the same name: marking would mix them up"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_the_stubs_in_the_text_are_those_of_the_worked_solutions(page) -> None:
    assert with_stubs(page) == page.text, "run: companion exercises stubs --write"


@pytest.mark.parametrize("exercise", STATED)
def test_the_statement_names_the_points_and_the_solution_is_linked(
    exercise: str,
) -> None:
    text = STATED[exercise].text
    statement = text[text.index(f":label: ex-{exercise}\n") :].split("```")[0]
    assert f"{get(exercise).points} points" in statement
    assert f"{get(exercise).answer}(" in statement or get(exercise).kind != "function"
    assert (
        f"{{solution-start}} ex-{exercise}\n:label: sol-{exercise}\n:class: dropdown\n"
        in text
    )
    assert text.count(f'\ncheck("{exercise}", {get(exercise).answer})\n') == 2, (
        "once for the stub, once solved"
    )


@pytest.mark.parametrize("exercise", STATED)
def test_the_worked_solution_passes(exercise: str) -> None:
    result = get(exercise).examine(submitted(exercise, "solution"))
    assert result.passed, result
    assert result.points == result.max_points > 0


@pytest.mark.parametrize("exercise", STATED)
def test_the_untouched_stub_fails_with_a_friendly_message(exercise: str) -> None:
    result = get(exercise).examine(submitted(exercise, "stub"))
    assert result.status == "not started"
    assert result.points == 0
    assert get(exercise).answer in result.message
    assert "Traceback" not in repr(result)
    assert "not started" in repr(result)


@pytest.mark.parametrize("exercise", [item.id for item in exercises()])
def test_an_exercise_has_two_wrong_answers_at_least(exercise: str) -> None:
    assert len(WRONG.get(exercise, [])) >= 2, (
        f"add typical wrong answers to {exercise} in wrong_answers/"
    )


def test_every_wrong_answer_belongs_to_an_exercise() -> None:
    assert set(WRONG) <= {item.id for item in exercises()}


@pytest.mark.parametrize(
    ("exercise", "number", "fragment"),
    [
        pytest.param(
            exercise,
            number,
            fragment,
            id=f"{exercise}-{getattr(answer, '__name__', number)}",
        )
        for exercise, answers in WRONG.items()
        for number, (answer, fragment) in enumerate(answers)
    ],
)
def test_a_wrong_answer_meets_the_hint_that_names_the_mistake(
    exercise: str, number: int, fragment: str
) -> None:
    result = examined(exercise)[number]
    assert result.status == "failed"
    assert result.first_failure is not None
    assert fragment in f"{result.first_failure.message} {result.first_failure.hint}", (
        result
    )
    assert result.points < result.max_points


@pytest.mark.parametrize("item", exercises(), ids=lambda item: item.id)
def test_every_check_is_the_first_to_fail_for_some_wrong_answer(item: Exercise) -> None:
    # A check that no known mistake reaches guards nothing that anybody has seen.
    reached = {
        result.first_failure.title
        for result in examined(item.id)
        if result.first_failure
    }
    assert {check.title for check in item.checks} <= reached


@pytest.mark.parametrize("exercise", STATED)
def test_no_message_gives_the_solution_away(exercise: str) -> None:
    source = STATED[exercise].cell(exercise, "solution").source
    region = source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
    lines = {line.strip() for line in region.splitlines() if len(line.strip()) > 25}
    for (answer, _), result in zip(WRONG[exercise], examined(exercise), strict=True):
        # A message may quote the line of the student's own that failed.
        own = inspect.getsource(answer) if inspect.isfunction(answer) else ""
        assert not [line for line in lines if line in repr(result) and line not in own]


def test_an_answer_that_needs_the_set_up_finds_it() -> None:
    # The helper that the other tests rely on.
    assert answer_of("def f():\n    return one", "f", ["one = 1"])() == 1
