"""The book itself as a corpus: its sections, glossary and questions, each with its link."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from companion.corpora.cache import CorpusError, check_size
from companion.corpora.corpus import Corpus, Document
from companion.corpora.inline import plain, term_anchor
from companion.corpora.myst import Section, sections

_FEWEST_DOCUMENTS, _FEWEST_CHARACTERS = 30, 10_000


def book_folder() -> Path:
    """Return the folder of the book's text: ``COURSE_BOOK``, or ``book/`` beside the package in a clone.

    Raises:
        CorpusError: If neither is there.
    """
    chosen = os.environ.get("COURSE_BOOK", "").strip()
    folder = Path(chosen).expanduser() if chosen else Path(__file__).parents[2] / "book"
    if not (folder / "_toc.yml").is_file():
        where = (
            f"COURSE_BOOK={chosen} holds no _toc.yml"
            if chosen
            else f"there is no {folder / '_toc.yml'}"
        )
        raise CorpusError(
            f"the text of the book is not there: {where}. The package installed alone has no book: clone the course "
            "and install it from the clone (make book), or set COURSE_BOOK to the clone's folder book/."
        )
    return folder


def _pages(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the pages in the order of the table of contents: name on the site, and file of the text."""
    contents = (folder / "_toc.yml").read_text(encoding="utf-8")
    for name in re.findall(
        r"^\s*(?:-\s+)?(?:file|root):\s*[\"']?([^\s\"'#]+)", contents, re.MULTILINE
    ):
        name = name.removesuffix(".md").removesuffix(".ipynb")
        # A notebook is written as text, in a folder of that name.
        for path in (
            folder / f"{name}.md",
            folder / f"{name.replace('notebooks/', 'text/', 1)}.md",
        ):
            if path.is_file():
                yield name, path
                break


def _glued(folder: Path, page: str) -> dict[str, str]:
    """Return the numbers that a page quotes from its cells, by name, as the executed notebook holds them."""
    path = folder / f"{page}.ipynb"
    if not path.is_file():
        return {}
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(
            f"{path} is not a notebook any more ({error}); run  make notebooks"
        ) from error
    found = {}
    for output in (output for cell in cells for output in cell.get("outputs", ())):
        name = output.get("metadata", {}).get("scrapbook", {}).get("name")
        for kind, value in output.get("data", {}).items():
            if name and kind.endswith("text/plain"):
                found[name] = "".join(value).strip("'\"")
    return found


def _resolve(
    role: str, target: str, titles: dict[str, str], glued: dict[str, str]
) -> str:
    """Return what a role of the book's pages reads as."""
    kind = role.split(":")[0]
    if kind == "glue":
        return glued.get(target, "…")
    if kind in ("ref", "doc", "numref"):
        name = target.removeprefix("/")
        return titles.get(
            name,
            titles.get(
                name.rpartition("/")[2], "the figure" if kind == "numref" else name
            ),
        )
    if kind == "cite":
        found = [
            re.match(r"([a-z]+?)[-_]?(\d{4})", key.strip()) for key in target.split(",")
        ]
        return (
            "(" + "; ".join(f"{one[1].title()} {one[2]}" for one in found if one) + ")"
            if any(found)
            else ""
        )
    if kind == "eq":
        return "the equation"
    return target


def _documents(
    page: str, parts: list[Section], titles: dict[str, str], glued: dict[str, str]
) -> Iterator[Document]:
    read = partial(plain, resolve=partial(_resolve, titles=titles, glued=glued))
    label = {"glossary": "glossary", "faq": "question"}.get(page) or next(
        (
            kind
            for folder, kind in (("/chapters/", "chapter"), ("/exercises/", "exercise"))
            if folder in page
        ),
        "page",
    )
    path: list[Section] = []
    used: set[str] = set()
    for number, part in enumerate(parts):
        path = [*(above for above in path if above.level < part.level), part]
        link = f"{page}.html#{part.anchor}" if part.anchor else f"{page}.html"
        identity = f"{page}#{part.anchor or number}"
        if identity in used:
            identity = f"{identity}-{number}"
        used.add(identity)
        paragraphs = [text for text in map(read, part.paragraphs) if text]
        if paragraphs:
            # A section is read without its chapter: the chapter's name says what it is about.
            heading = (
                part.title
                if len(path) == 1 or label == "question"
                else f"{path[0].title}: {part.title}"
            )
            yield Document(identity, "\n\n".join([heading, *paragraphs]), link, label)
        for term, definition in part.terms:
            name = read(term)
            term_link = term_anchor(name)
            yield Document(
                f"{page}#{term_link}",
                f"{name}: {read(definition)}",
                f"{page}.html#{term_link}",
                label,
            )


def course() -> Corpus:
    """Return the pages of this book: one document a section, a term of the glossary, or a question.

    The text is what a reader sees without code, displays of mathematics and outputs; numbers that a cell computed are
    taken from the executed notebook. It is read from the book's files at each call, so it grows with the book.

    Returns:
        The corpus in the order of the table of contents. ``document.link`` is relative to the site, e.g.
        ``"notebooks/chapters/01-what-is-a-language-model.html#summary"``; ``document.label`` is ``"chapter"``,
        ``"exercise"``, ``"glossary"``, ``"question"`` or ``"page"``.

    Raises:
        CorpusError: If the book's text is neither beside the package nor at ``COURSE_BOOK``, or not what it should be.
    """
    folder = book_folder()
    try:
        read = {
            name: sections(path.read_text(encoding="utf-8"))
            for name, path in _pages(folder)
        }
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"cannot read a page of the book in {folder}: {error}"
        ) from error
    titles = {
        label: part.title
        for parts in read.values()
        for part in parts
        for label in part.labels
    }
    titles |= {name: parts[0].title for name, parts in read.items() if parts}
    titles |= {
        name.rpartition("/")[2]: parts[0].title for name, parts in read.items() if parts
    }
    corpus = Corpus(
        name="course",
        documents=tuple(
            document
            for page, parts in read.items()
            for document in _documents(page, parts, titles, _glued(folder, page))
        ),
        language="en",
        license="CC-BY-4.0",
        source=f"the pages of From Counts to Transformers, {len(read)} files",
    )
    return check_size(
        corpus,
        _FEWEST_DOCUMENTS,
        _FEWEST_CHARACTERS,
        f"Is {folder} the folder book/ of a whole clone?",
    )
