"""What a student meets: messages for loops, errors, missing results and answers of the wrong kind."""

import html.parser
import io
import sys

import numpy as np
import pytest
from exercises.support import answer_of

from companion.exercises import Exercise, check
from companion.exercises.expect import (
    Mismatch,
    expect_close,
    expect_equal,
    expect_error,
    expect_parts,
    expect_true,
)
from companion.exercises.result import student_line


def exercise(kind: str = "function") -> Exercise:
    item = Exercise("double", "Doubling", 1, "warm-up", "double", kind)

    @item.check("doubles one number", hint="Add the number to itself.", points=2)
    def _number(answer: object) -> None:
        value = answer(2.0) if kind == "function" else answer
        expect_close(
            value,
            4.0,
            "double(2)",
            mistakes=[(2.0, "It came back <unchanged> & `as it was`.")],
        )

    @item.check("doubles an array", hint="Arrays too.")
    def _array(answer: object) -> None:
        if kind == "function":
            expect_close(answer(np.array([1.0, 2.0])), [2.0, 4.0], "double([1, 2])")

    @item.check("never reached", hint="...")
    def _more(answer: object) -> None:
        pass

    return item


def explained(answer: object, item: Exercise | None = None, **options: object) -> str:
    result = (item or exercise()).examine(answer, **options)
    assert result.status == "failed"
    assert result._repr_html_()
    return repr(result)


def test_points_and_marks_of_a_right_answer() -> None:
    result = exercise().examine(lambda x: 2 * x)
    assert (result.points, result.max_points, result.passed) == (4, 4, True)
    assert "solved, 4 of 4 points" in repr(result)
    assert repr(result).count("✓") == 3


def test_the_first_failure_is_explained_and_the_rest_waits() -> None:
    def double(x):
        return 4.0

    result = exercise().examine(double)
    assert [outcome.status for outcome in result.outcomes] == [
        "passed",
        "failed",
        "not run",
    ]
    assert (result.points, result.max_points) == (2, 4)
    assert "a single" not in repr(result)
    assert "expected shape [2]" in repr(result)
    assert "Hint: Arrays too." in repr(result)


def test_all_checks_run_when_asked_for() -> None:
    result = exercise().examine(
        lambda x: 2 * x if isinstance(x, np.ndarray) else x, stop_at_first=False
    )
    assert [outcome.status for outcome in result.outcomes] == [
        "failed",
        "passed",
        "passed",
    ]
    assert result.points == 2
    assert result.first_failure is result.outcomes[0]


def test_an_exercise_without_checks_is_never_passed() -> None:
    assert not Exercise("empty", "Empty", 1, "warm-up", "f").examine(lambda: 1).passed


@pytest.mark.parametrize(
    "loop",
    [
        "def double(x):\n    while True:\n        x = x",
        "def double(x):\n    while True:\n        try:\n            x = x + 0\n"
        "        except Exception:\n            pass",
        "def double(x):\n    import time\n    time.sleep(100)",
    ],
)
def test_an_endless_loop_is_stopped_and_named(loop: str) -> None:
    text = explained(answer_of(loop, "double"), seconds=0.3)
    assert "Stopped after 0.3 s in line" in text
    assert "still running" in text
    assert "loop" in text


def test_the_time_limit_is_one_for_all_checks() -> None:
    item = Exercise("slow", "Slow", 1, "warm-up", "slow")
    for number in range(4):
        item.check(f"check {number}", hint="faster")(lambda answer: answer())

    def slow():
        import time

        time.sleep(0.2)
        return 1

    result = item.examine(slow, seconds=0.5, stop_at_first=False)
    assert [outcome.status for outcome in result.outcomes] == [
        "passed",
        "passed",
        "failed",
        "not run",
    ]


def test_an_exception_is_explained_with_the_line() -> None:
    double = answer_of("def double(x):\n    y = []\n    return y[3]", "double")
    text = explained(double)
    assert "IndexError in line 3 (`return y[3]`): list index out of range." in text
    assert "first and the last element" in text


def test_the_line_is_the_students_even_below_numpy() -> None:
    double = answer_of(
        "import numpy as np\ndef double(x):\n    return np.linalg.inv(np.zeros((2, 2)))",
        "double",
    )
    assert (
        "LinAlgError in line 3 (`return np.linalg.inv(np.zeros((2, 2)))`)"
        in explained(double)
    )


@pytest.mark.parametrize(
    ("code", "fragment"),
    [
        ("def double(x):\n    return double(x)", "RecursionError"),
        ("def double(x):\n    exit()", "SystemExit"),
        ("def double(x):\n    import sys\n    sys.exit(3)", "calls exit()"),
        ("def double(x, y):\n    return x", "missing 1 required positional argument"),
        ("def double(x):\n    return doubel(x)", "misspelled"),
        ("def double(x):\n    raise NotImplementedError", "NotImplementedError"),
        ("def double(x):\n    2 * x", "returned None"),
        ("def double(x):\n    print(2 * x)", "ends without `return`"),
        ("def double(x):\n    return str(2 * x)", "of type str; expected a number"),
        ("def double(x):\n    return [2 * x]", "expected a single number"),
        ("def double(x):\n    return float('nan')", "gave nan, expected 4"),
        ("def double(x):\n    return x == 2", "of type bool"),
    ],
)
def test_a_mistake_is_named(
    code: str, fragment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fragment in explained(answer_of(code, "double"))


def test_a_changed_argument_is_caught() -> None:
    def double(x):
        x *= 2
        return x

    text = explained(double)
    assert "changed its argument number 1 from [1, 2] to [2, 4]" in text
    assert "Make a copy first" in text


def test_the_stop_button_stops_the_cell() -> None:
    def double(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exercise().examine(double)


@pytest.mark.parametrize(
    ("answer", "fragment"),
    [
        (None, "The answer is None. Hand over a function, without calling it"),
        (4.0, "asks for a function, got 4 of type float"),
        (int, "asks for a function, got a class"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_named(answer: object, fragment: str) -> None:
    assert fragment in explained(answer)
    assert exercise().examine(answer).points == 0


def test_values_and_classes_are_answers_too() -> None:
    assert exercise("value").examine(4.0).passed
    assert "came back" in explained(2.0, exercise("value"))
    assert "give `double` a value" in explained(None, exercise("value"))
    assert exercise("value").examine(...).status == "not started"
    assert "asks for a class, got" in explained(lambda x: x, exercise("class"))
    item = Exercise("counter", "Counter", 1, "warm-up", "Counter", "class")

    @item.check("counts", hint="Start at zero.")
    def _counts(answer: object) -> None:
        expect_equal(answer().count, 0, "Counter().count")

    assert item.examine(type("Counter", (), {"count": 0})).passed


def test_an_unknown_exercise_lists_its_neighbors() -> None:
    with pytest.raises(KeyError) as caught:
        check("chain_rule", lambda: 0)
    assert str(caught.value).startswith(
        "there is no exercise 'chain_rule'; did you mean 'chain-rule'"
    )
    with pytest.raises(KeyError, match="there are: chain-rule, "):
        check("zzz", lambda: 0)


def test_html_is_escaped_and_balanced() -> None:
    open_tags: list[str] = []

    class Parser(html.parser.HTMLParser):
        def handle_starttag(self, tag, attrs):
            open_tags.append(tag)
            assert not {name for name, _ in attrs} - {"style"}

        def handle_endtag(self, tag):
            assert open_tags.pop() == tag

    text = exercise().examine(lambda x: x)._repr_html_()
    Parser().feed(text)
    assert not open_tags
    assert "It came back &lt;unchanged&gt; &amp; <code>as it was</code>." in text


def test_an_old_terminal_gets_plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    text = repr(exercise().examine(lambda x: 2 * x))
    text.encode("ascii")
    assert "ok doubles one number" in text


def test_what_is_shown_is_the_same_in_every_run() -> None:
    # nbval compares it, so there must be no address, no path and no time in it.
    class Strange:
        pass

    shown = [explained(lambda x: Strange()) for _ in range(2)]
    assert shown[0] == shown[1]
    assert "<Strange>" in shown[0]
    assert " at 0x" not in shown[0]


def test_expectations_can_fail() -> None:
    item = Exercise("many", "Many", 1, "warm-up", "many")
    item.check("equal", hint="h")(
        lambda answer: expect_equal(
            answer(0), ("a", 1), "many(0)", [(["b"], "letter b")]
        )
    )
    item.check("true", hint="h")(lambda answer: expect_true(False, "It is false."))
    item.check("error", hint="h")(
        lambda answer: expect_error(answer, (0,), ValueError, "many(0)")
    )
    result = item.examine(lambda x: ["b"], stop_at_first=False)
    assert [outcome.hint for outcome in result.outcomes] == ["letter b", "h", "h"]
    assert "expected a ValueError" in result.outcomes[2].message
    assert item.examine(lambda x: ["a", 1]).outcomes[0].status == "passed"


def test_refusing_bad_input_does_not_excuse_a_stub() -> None:
    item = Exercise("refuse", "Refuse", 1, "warm-up", "refuse")
    item.check("error", hint="h")(
        lambda answer: expect_error(answer, (0,), Exception, "refuse(0)")
    )

    def stub(x):
        raise NotImplementedError("exercise refuse: write this part")

    def right(x):
        raise ValueError("no")

    assert item.examine(stub).status == "not started"
    assert item.examine(right).passed


def test_two_checks_of_one_title_are_refused() -> None:
    item = exercise()
    with pytest.raises(ValueError, match="two checks with the title"):
        item.check("never reached", hint="h")
    with pytest.raises(ValueError, match="needs a title and a hint"):
        item.check("new", hint="")


def test_an_error_inside_compiled_code_names_the_students_line() -> None:
    def answer() -> object:
        return np.random.default_rng(0).choice(2, p=[0.5, 0.6])

    with pytest.raises(ValueError, match="sum to 1") as caught:
        answer()
    assert "choice(2" in student_line(caught.value)


@pytest.mark.parametrize("got", [(1, 2), [1, 2]])
def test_parts_are_taken_from_a_tuple_or_a_list(got: object) -> None:
    assert expect_parts(got, "h, c", "step()") == (1, 2)


@pytest.mark.parametrize("got", [None, 3.0, (1,), (1, 2, 3), np.zeros(2), "ab"])
def test_other_numbers_of_parts_are_refused_by_name(got: object) -> None:
    with pytest.raises(Mismatch) as caught:
        expect_parts(got, "W, U", "weights()", "arrays")
    assert caught.value.message.endswith("expected two arrays: W, U.")
    assert caught.value.hint == "Return a tuple of two, in the order W, U."
