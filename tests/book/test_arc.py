"""Every chapter walks the same way: promise, question, intuition, ..., further reading."""

import re
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted((BOOK / "text" / "chapters").glob("*.md"))
EXERCISES = sorted((BOOK / "text" / "exercises").glob("*.md"))
ARC = (
    "The question",
    "Intuition",
    "Mathematics",
    "From scratch",
    "Proof",
    "Experiment",
    "Claim examined",
    "Play",
    "What goes wrong",
    "Summary",
    "Further reading",
)


def prose_of(text: str) -> str:
    """The text without code cells."""
    return re.sub(r"```\{code-cell\}.*?```", "", text, flags=re.DOTALL)


def headings(text: str) -> list[str]:
    return re.findall(r"^## (.+)$", prose_of(text), flags=re.MULTILINE)


def missing(text: str) -> list[str]:
    """The steps of the arc that a chapter lacks, or has out of order."""
    found = headings(text)
    absent = [step for step in ARC if not any(h.startswith(step) for h in found)]
    places = [
        next(i for i, h in enumerate(found) if h.startswith(step))
        for step in ARC
        if step not in absent
    ]
    return absent or ([] if places == sorted(places) else ["the order of the arc"])


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_a_chapter_has_every_step_in_order(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert missing(text) == []
    assert ":class: promise" in text
    assert text.count(":class: claim") >= 1
    assert re.search(r"^:label: eq-", text, flags=re.MULTILINE), "no numbered equation"
    assert f"{{doc}}`../exercises/{path.stem}`" in text
    assert "remove-output" in text, "no control to play with"
    assert "nbval-check-output" in text, "no cell whose output is exact"


@pytest.mark.parametrize("step", ARC)
def test_the_check_sees_a_missing_step(step: str) -> None:
    whole = "\n\n".join(f"## {name}: more\n\ntext" for name in ARC)
    assert missing(whole) == []
    assert missing(whole.replace(f"## {step}", "## Something else")) == [step]


def test_the_check_sees_steps_out_of_order() -> None:
    turned = "\n\n".join(f"## {name}" for name in (*ARC[1:], ARC[0]))
    assert missing(turned) == ["the order of the arc"]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_every_chapter_has_exercises_and_every_figure_a_caption(path: Path) -> None:
    assert (BOOK / "text" / "exercises" / path.name).exists()
    text = path.read_text(encoding="utf-8")
    assert text.count("display_figure(fig)") >= 3


@pytest.mark.parametrize("path", EXERCISES, ids=lambda p: p.stem)
def test_four_to_six_exercises(path: Path) -> None:
    assert 4 <= path.read_text(encoding="utf-8").count("```{exercise}") <= 6


FILLER = (
    "simply",
    "obviously",
    "in this section we will",
    "powerful",
    "delve",
    "of course,",
    "it is worth noting",
)


@pytest.mark.parametrize(
    "path", [*CHAPTERS, *EXERCISES], ids=lambda p: f"{p.parent.name}-{p.stem}"
)
def test_no_filler(path: Path) -> None:
    prose = prose_of(path.read_text(encoding="utf-8")).lower()
    assert [word for word in FILLER if re.search(rf"\b{re.escape(word)}", prose)] == []
