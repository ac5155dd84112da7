"""`show`, `glue` and tables: what readers see is the tested source and the computed number."""

import re

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from companion import glue, show
from companion.models import language_model
from companion.notebook import display_table, source_of


@pytest.fixture(autouse=True)
def shell():
    """What display() speaks to, as in a notebook."""
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def shown(function, *args, **kwargs):
    with capture_output() as captured:
        function(*args, **kwargs)
    assert len(captured.outputs) == 1
    return captured.outputs[0]


def test_show_displays_the_source_of_the_file_in_a_highlighted_block() -> None:
    text = shown(show, language_model.score).data["text/markdown"]
    code = re.search(r"```python\n(.*?)\n```", text, re.DOTALL)
    assert code is not None
    assert "np.log(model.next_probs(before)[token])" in code[1]
    assert "companion/models/language_model.py" in text


def test_docstrings_are_shortened_dropped_or_kept() -> None:
    full = source_of(language_model.score, "full")
    summary = source_of(language_model.score, "summary")
    none = source_of(language_model.score, "none")
    assert "Args:" in full
    assert "Args:" not in summary
    assert '"""Score a text' in summary
    assert '"""' not in none
    for text in (full, summary, none):
        compile("from __future__ import annotations\n" + text, "shown", "exec")


def test_a_body_that_is_only_a_docstring_stays_valid_code() -> None:
    class Empty:
        """Nothing else."""

    compile(source_of(Empty, "none"), "shown", "exec")


def test_every_object_of_several_is_shown() -> None:
    text = shown(show, language_model.score, language_model.rank).data["text/markdown"]
    assert "def score(" in text
    assert "def rank(" in text


def test_a_class_and_a_property_and_a_module_can_be_shown() -> None:
    from companion.corpora.corpus import Corpus
    from companion.metrics import shannon

    assert "class EntropyBounds" in source_of(shannon.EntropyBounds)
    assert "def __len__" in source_of(Corpus)
    assert "def shannon_bounds" in source_of(shannon)
    assert "companion/metrics/shannon.py" in shown(show, shannon).data["text/markdown"]


@pytest.mark.parametrize("wrong", [3, "score", len])
def test_what_has_no_source_is_refused_with_advice(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"source|show\(\) needs"):
        show(wrong)


def test_show_without_an_object_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one object"):
        show()


def test_glue_records_the_formatted_number_and_says_its_name() -> None:
    output = shown(glue, "best-bits", 1.23456, "{:.2f}")
    assert output.metadata["scrapbook"]["name"] == "best-bits"
    assert output.data == {
        "application/papermill.record/text/plain": "'1.23'",  # for the book
        "text/plain": "best-bits: 1.23",  # for JupyterLab, whose text shows the name
    }


def test_glue_writes_what_the_book_reads() -> None:
    """The book's own glue writes the same keys: ours is read by the same code."""
    from myst_nb.ext.glue import glue as reference

    ours = shown(glue, "x", "1.2")
    theirs = shown(reference, "x", "1.2", display=False)
    assert ours.metadata["scrapbook"] == theirs.metadata["scrapbook"]
    key = "application/papermill.record/text/plain"
    assert ours.data[key] == theirs.data[key]


@pytest.mark.parametrize("name", ["", "a:b", "a`b"])
def test_glue_refuses_a_name_that_text_cannot_quote(name: str) -> None:
    with pytest.raises(ValueError, match="glued name"):
        glue(name, 1)


def test_a_table_is_markdown_with_numbers_flush_right_and_bars_escaped() -> None:
    text = shown(
        display_table, [("a|b", 1.5), ("c", 2.25)], ["name", "value"], ["{}", "{:.1f}"]
    ).data["text/markdown"]
    assert text.splitlines() == [
        "| name | value |",
        "| --- | ---: |",
        "| a\\|b | 1.5 |",
        "| c | 2.2 |",
    ]


def test_numbers_may_head_a_table() -> None:
    text = shown(display_table, [("right", 1.0)], ["lag", 50]).data["text/markdown"]
    assert text.splitlines()[0] == "| lag | 50 |"


def test_a_ragged_table_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 has 1 cells"):
        display_table([("a", 1), ("b",)], ["x", "y"])
    with pytest.raises(ValueError, match="1 formats for 2 columns"):
        display_table([("a", 1)], ["x", "y"], ["{}"])
