"""Nothing dangles: citations, cross-references, equations, terms, glued numbers."""

import re
from pathlib import Path

import nbformat
import notebooks
import pytest

BOOK = Path(__file__).parents[2] / "book"
PAGES = sorted([*BOOK.glob("*.md"), *BOOK.glob("text/*/*.md")])
IDS = [path.relative_to(BOOK).as_posix() for path in PAGES]


def everything() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in PAGES)


ALL = everything()
CITABLE = set(
    re.findall(
        r"^@\w+\{([^,]+),",
        (BOOK / "references.bib").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
)
LABELS = set(re.findall(r"^\(([\w-]+)\)=$", ALL, flags=re.MULTILINE)) | set(
    re.findall(r"^:label: ([\w-]+)$", ALL, flags=re.MULTILINE)
)
LABELS |= set(re.findall(r"^\s+name: ([\w-]+)$", ALL, flags=re.MULTILINE))
LABELS |= set(re.findall(r"\{solution-start\} ([\w-]+)", ALL))
EQUATIONS = set(re.findall(r"^:label: (eq-[\w-]+)$", ALL, flags=re.MULTILINE))
GLOSSARY = (BOOK / "glossary.md").read_text(encoding="utf-8")


def dangling(text: str) -> list[str]:
    """References of a page that lead nowhere."""
    lost = []
    for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", text):
        lost += [f"cite {key}" for key in keys.split(",") if key.strip() not in CITABLE]
    for target in re.findall(r"\{(?:ref|numref)\}`(?:[^`<]*<)?([\w-]+)>?`", text):
        if target not in LABELS:
            lost.append(f"ref {target}")
    lost += [
        f"eq {target}"
        for target in re.findall(r"\{eq\}`([\w-]+)`", text)
        if target not in EQUATIONS
    ]
    for term in re.findall(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`", text):
        if f"\n{term}\n" not in GLOSSARY:
            lost.append(f"term {term}")
    return lost


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_no_reference_dangles(path: Path) -> None:
    assert dangling(path.read_text(encoding="utf-8")) == []


def test_the_check_sees_what_dangles() -> None:
    text = "{cite}`nobody1999` {ref}`nowhere` {eq}`eq-nothing` {term}`unheard` {numref}`fig-none`"
    assert len(dangling(text)) == 5


def test_labels_are_unique() -> None:
    labels = re.findall(r"^\(([\w-]+)\)=$", ALL, flags=re.MULTILINE) + re.findall(
        r"^:label: ([\w-]+)$", ALL, flags=re.MULTILINE
    )
    assert len(labels) == len(set(labels))


def test_every_reference_is_cited_somewhere() -> None:
    cited = {
        key.strip()
        for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", ALL)
        for key in keys.split(",")
    }
    assert cited == CITABLE


@pytest.mark.parametrize("pair", notebooks.pairs(BOOK), ids=lambda p: p.name)
def test_every_quoted_number_was_computed_and_every_computed_one_has_a_value(
    pair: notebooks.Pair,
) -> None:
    text = pair.text.read_text(encoding="utf-8")
    quoted = set(re.findall(r"\{glue:text\}`([^`:]+)`", text))
    glued = {
        output.metadata["scrapbook"]["name"]
        for cell in nbformat.read(pair.notebook, as_version=4).cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "scrapbook" in output.get("metadata", {})
    }
    assert quoted <= glued, f"quoted and never computed: {sorted(quoted - glued)}"
    assert glued <= quoted, f"computed and never quoted: {sorted(glued - quoted)}"


@pytest.mark.parametrize(
    "path", sorted((BOOK / "text" / "chapters").glob("*.md")), ids=lambda p: p.stem
)
def test_every_term_in_bold_stands_in_the_glossary(path: Path) -> None:
    text = re.sub(
        r"```\{code-cell\}.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    defined = {
        " ".join(t.split()).lower()
        for t in re.findall(r"\*\*([A-Za-z][A-Za-z -]+?)\*\*", text)
    }
    ignored = {"verdict", "different tokens"}
    known = GLOSSARY.lower()
    absent = [
        t
        for t in sorted(defined - ignored)
        if len(t.split()) <= 3 and t.rstrip("s") not in known
    ]
    assert absent == []
