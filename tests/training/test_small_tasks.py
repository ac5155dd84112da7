"""The small tasks: right answers, nothing of the test in training, a combination that is held out."""

import pytest

from companion.text import CharTokenizer
from companion.training.small_tasks import (
    CELLS,
    HELD_OUT,
    instruction,
    kinds_of_names,
    small_tasks,
)

TOKENIZER = CharTokenizer.train(" abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_count=1)  # fmt: skip
TASKS = small_tasks(TOKENIZER, per_cell=200, longest=12)


def item_of(prompt: str) -> str:
    return prompt.split(" of ")[1]


def test_answers_are_right() -> None:
    kinds = kinds_of_names()
    for example in [*TASKS.train, *(e for test in TASKS.tests.values() for e in test)]:
        task, form = example.task.split(", ")
        item = item_of(example.prompt)
        words = item.split(", ")
        want = {"first": words[0], "last": words[-1]}.get(task) or kinds[item]
        assert example.prompt.startswith("In full: ") == (form == "full")
        assert example.answer == (f"It is {want}." if form == "full" else want)


def test_no_pair_and_no_name_of_the_test_is_trained_on() -> None:
    seen = {item_of(example.prompt) for example in TASKS.train}
    asked = {item_of(e.prompt) for test in TASKS.tests.values() for e in test}
    assert asked
    assert not seen & asked


def test_the_combination_is_held_out_and_its_parts_are_not() -> None:
    trained = {tuple(example.task.split(", ")) for example in TASKS.train}
    assert trained == set(CELLS) - {HELD_OUT}
    assert set(TASKS.tests) == set(CELLS)
    assert all(len(test) >= 20 for test in TASKS.tests.values())
    assert len(TASKS.train) == 200 * (len(CELLS) - 1)


def test_kinds_are_balanced() -> None:
    answers = [e.answer for e in TASKS.tests["kind", "brief"]]
    assert set(answers) == {"exception", "function", "keyword", "module"}
    assert max(map(answers.count, answers)) < 0.5 * len(answers)


def test_a_seed_draws_the_same_again() -> None:
    assert small_tasks(TOKENIZER, 50) == small_tasks(TOKENIZER, 50)
    assert small_tasks(TOKENIZER, 50) != small_tasks(TOKENIZER, 50, seed=1)


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(ValueError, match="per_cell must be at least 1"):
        small_tasks(TOKENIZER, 0)
    with pytest.raises(ValueError, match="got 'middle' and 'brief'"):
        instruction("middle", "brief", ("a", "b"))
