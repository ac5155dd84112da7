"""From the text to stubs and to the students' notebooks."""

import json
from pathlib import Path

import pytest
from exercises.support import ROOT, pages
from typer.testing import CliRunner

from companion.exercises import get
from companion.exercises.cli import app
from companion.exercises.export import export, plain_markdown, student_notebook
from companion.exercises.pages import find_pages, read_page, with_stubs
from companion.exercises.stubs import make_stub

PAGE = """# Exercises

```{{exercise}} Doubling
:label: ex-double

*Warm-up, 1 points.* Write `double(x)`, see {{eq}}`eq-double` and {{ref}}`chapter one <ch-one>`.
```

```{{code-cell}} ipython3
:tags: [stub]
:exercise: double

{stub}
```

```{{code-cell}} ipython3
check("double", double)
```

````{{solution-start}} ex-double
:label: sol-double
:class: dropdown
````

The secret is to add.

```{{code-cell}} ipython3
:tags: [solution]
:exercise: double

def double(x):
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION
```

```{{code-cell}} ipython3
print("inside the fold")
```

````{{solution-end}}
````

After the fold.
"""
STUB = 'def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError("exercise double: write this part")'


def write_page(folder: Path, stub: str = STUB) -> Path:
    path = folder / "book" / "text" / "exercises" / "01-one.md"
    path.parent.mkdir(parents=True)
    path.write_text(PAGE.format(stub=stub), encoding="utf-8")
    return path


def test_a_region_becomes_a_line_to_fill_in() -> None:
    region = "### BEGIN SOLUTION\n{indent}return y\n{indent}### END SOLUTION"
    line = '# YOUR CODE HERE\n{indent}raise NotImplementedError("exercise id: write this part")'
    shape = "def f(x):\n    y = x\n    {short}\n\n\nclass C:\n    def g(self):\n        {long}"

    def filled(part: str) -> str:
        return shape.format(
            short=part.format(indent=" " * 4), long=part.format(indent=" " * 8)
        )

    assert make_stub(filled(region), "id") == filled(line)


def test_a_region_at_the_top_leaves_a_notebook_that_runs() -> None:
    source = "### BEGIN SOLUTION\nhelper, x = 1, 2\nanswer: int = 3\nother = 4\n### END SOLUTION"
    stub = make_stub(source, "id")
    assert stub == "# YOUR CODE HERE\nanswer = ...\nother = ..."
    namespace: dict[str, object] = {}
    exec(stub, namespace)
    assert namespace["answer"] is ...


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f():\n    return 1", "marks no region"),
        (
            "def f():\n    ### BEGIN SOLUTION\n    return 1",
            "without '### END SOLUTION'",
        ),
        ("def f():\n    ### END SOLUTION", "line 2: '### END SOLUTION' without"),
        (
            "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
            "line 2: a second",
        ),
        ("### BEGIN SOLUTION\nprint(1)\n### END SOLUTION", "must assign the answer"),
        (
            "def f(:\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION",
            "not valid Python",
        ),
    ],
)
def test_a_solution_that_makes_no_stub_is_refused(source: str, message: str) -> None:
    with pytest.raises(
        ValueError, match="exercise 'id'.*" + message.replace("(", r"\(")
    ):
        make_stub(source, "id")


def test_a_stale_stub_is_rewritten_and_nothing_else(tmp_path: Path) -> None:
    path = write_page(tmp_path, "old = 1")
    runner = CliRunner()
    book = ["--book", str(tmp_path / "book")]
    before = path.read_text(encoding="utf-8")
    for command in ("stubs", "check-stubs"):
        done = runner.invoke(app, [command, *book])
        assert done.exit_code == 1
        assert "differ" in done.output
    assert path.read_text(encoding="utf-8") == before
    assert runner.invoke(app, ["stubs", "--write", *book]).exit_code == 0
    assert path.read_text(encoding="utf-8") == PAGE.format(stub=STUB)
    assert runner.invoke(app, ["check-stubs", *book]).exit_code == 0


def test_a_cell_without_its_exercise_is_named(tmp_path: Path) -> None:
    path = write_page(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace(":exercise: double\n", "", 1),
        encoding="utf-8",
    )
    with pytest.raises(
        ValueError, match="say of which exercise, with a line `:exercise: ID`"
    ):
        read_page(path)


def test_an_exercise_without_its_stub_is_named(tmp_path: Path) -> None:
    path = write_page(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace(":tags: [stub]\n", ""),
        encoding="utf-8",
    )
    with pytest.raises(
        ValueError, match="needs exactly one cell with the lines `:tags: \\[stub\\]`"
    ):
        with_stubs(read_page(path))


def test_pages_are_found_from_below_and_their_absence_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_page(tmp_path)
    monkeypatch.chdir(path.parent)
    assert find_pages() == [path]
    with pytest.raises(FileNotFoundError, match="run this inside a clone"):
        find_pages(tmp_path / "nowhere")


def test_the_students_notebook_holds_no_solution(tmp_path: Path) -> None:
    cells = student_notebook(write_page(tmp_path))["cells"]
    text = "\n".join(cell["source"] for cell in cells)
    assert "secret" not in text
    assert "x + x" not in text
    assert "inside the fold" not in text
    assert "## Doubling" in text
    assert "After the fold." in text
    assert STUB in text
    assert "`" * 3 not in text
    assert "{" not in text
    stub = next(cell for cell in cells if cell["source"] == STUB)
    assert stub["metadata"] == {"tags": ["stub"], "exercise": "double"}
    assert stub["outputs"] == []


def test_a_solution_left_open_is_refused(tmp_path: Path) -> None:
    path = write_page(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("````{solution-end}\n````\n", ""), encoding="utf-8")
    with pytest.raises(ValueError, match="never ends"):
        student_notebook(path)
    path.write_text(
        text.replace("````{solution-start} ex-double", "````{note}"), encoding="utf-8"
    )
    with pytest.raises(ValueError, match="ends that did not begin"):
        student_notebook(path)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.path.stem)
def test_every_page_can_be_handed_out(page, tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    (target,) = export([page.path], tmp_path / "new", None)
    nbformat.validate(nbformat.read(target, as_version=4))
    notebook = json.loads(target.read_text(encoding="utf-8"))
    text = "\n".join(cell["source"] for cell in notebook["cells"])
    for exercise in page.statements:
        assert f'check("{exercise}", {get(exercise).answer})' in text
        solution = page.cell(exercise, "solution").source
        region = solution.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
        assert region.strip() not in text
    assert "solution-start" not in text
    assert "{eq}" not in text


def test_export_chooses_chapters_and_overwrites_nothing(tmp_path: Path) -> None:
    write_page(tmp_path)
    runner = CliRunner()
    folder = tmp_path / "out"
    book = ["--book", str(tmp_path / "book")]
    missing = runner.invoke(app, ["export", str(folder), "--chapter", "9", *book])
    assert missing.exit_code == 2
    assert "no exercises for chapter 9" in missing.output
    assert not folder.exists()
    assert (
        runner.invoke(app, ["export", str(folder), "--chapter", "1", *book]).exit_code
        == 0
    )
    (folder / "01-one.ipynb").write_text("a week of work")
    again = runner.invoke(app, ["export", str(folder), *book])
    assert again.exit_code == 2
    assert (folder / "01-one.ipynb").read_text() == "a week of work"


def test_roles_become_words() -> None:
    assert (
        plain_markdown("{ref}`chapter one <ch-one>`, {ref}`ch-language-model`")
        == "*chapter one*, *language model*"
    )
    assert (
        plain_markdown("(ch-x)=\n# Title {cite}`shannon1951`")
        == "# Title [shannon1951]"
    )


def test_list_names_every_exercise_of_a_chapter() -> None:
    done = CliRunner().invoke(app, ["list", "--chapter", "1"])
    assert done.exit_code == 0
    for exercise in read_page(find_pages(ROOT / "book")[0]).statements:
        assert exercise in done.output
