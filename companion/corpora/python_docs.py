"""English that every reader has: Python's language reference and the docstrings of its standard library."""

from __future__ import annotations

import ast
import importlib.util
import platform
import re
import sysconfig
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal

from companion.corpora.cache import CorpusError, cached, content_key
from companion.corpora.corpus import Corpus, Document

Kind = Literal["prose", "raw"]

_BUILDER_VERSION = 1
_MIN_DOCUMENTS, _MIN_CHARACTERS = 200, 800_000
# Tests, vendored packages and generated tables are no documentation.
_SKIPPED = {"test", "tests", "idlelib", "lib2to3", "turtledemo", "site-packages", "pydoc_data", "encodings",
            "ensurepip", "__pycache__", "idle_test", "_pyrepl"}  # fmt: skip

_HEADING = re.compile(r"^[=\-~^*\"'#+.]{3,}$")
_TABLE = re.compile(r"^\s*[+|].*[+|]\s*$|^\s*[=\-+|]{3,}[=\-+|\s]*$", re.MULTILINE)
_CODE_LINE = re.compile(
    r"^\s*(>>>|\.\.\. |def |class |import |from \S+ import |for .*:$|if .*:$|while .*:$"
    r"|return\b(?! [a-z]+ [a-z]+)|raise |try:|with .*:$|print\(|@\w|#|\$ |\.\. \w)|::="
    r"|^\s*\w[\w.\[\]]* [-+*/]?= |^\s*\w+\(.*\)$"
)
_SENTENCE_END = re.compile(r"[.!?:][\"')\]]*$")


def standard_library() -> Path:
    """Return the folder of the standard library's sources.

    Raises:
        CorpusError: If this Python was installed without them.
    """
    folder = Path(sysconfig.get_paths()["stdlib"])
    if not (folder / "argparse.py").exists():
        raise CorpusError(
            f"the sources of the standard library are not in {folder}: this Python came without them. "
            "Use a Python from python.org, conda or your system's full package."
        )
    return folder


def library_files() -> list[Path]:
    """Return the standard library's source files, without tests and vendored packages, in a fixed order."""
    root = standard_library()
    return sorted(
        path
        for path in root.rglob("*.py")
        if not _SKIPPED & set(path.relative_to(root).parts) and not path.name.startswith("test_")
    )


def _topics_file() -> Path:
    spec = importlib.util.find_spec("pydoc_data.topics")
    if spec is None or spec.origin is None:
        raise CorpusError(
            "pydoc_data.topics, the text behind help('topics'), is missing from this Python. On Debian and "
            "Ubuntu it comes with libpython3-stdlib; otherwise use a Python from python.org or conda."
        )
    return Path(spec.origin)


def _topics(path: Path) -> Iterator[tuple[str, str]]:
    """Read the topics without running the file: it is one dictionary."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            for name, text in sorted(ast.literal_eval(node.value).items()):
                yield f"reference/{name}", text


def _docstrings(path: Path) -> list[str]:
    """Return the docstrings of a module, its classes and its functions, in the order of the file."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return []  # deliberately broken files exist among lib's samples
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = sorted(
        (node for node in ast.walk(tree) if isinstance(node, kinds)),
        key=lambda node: getattr(node, "lineno", 0),
    )
    return [text for node in nodes if (text := ast.get_docstring(node))]


def paragraphs(text: str) -> list[str]:
    """Split a text at blank lines; leading blank lines and trailing blanks go, indentation stays."""
    return [part.rstrip() for part in re.split(r"\n[ \t]*\n", text.expandtabs().strip("\n")) if part.strip()]


def _plain(text: str) -> str:
    """Drop the markup of reStructuredText and put the lines of a paragraph on one."""
    text = re.sub(r":[\w:+-]+:`~?([^`<]+?)(?:\s*<[^>]*>)?`", r"\1", text)  # roles
    text = re.sub(r"`+([^`]+)`+_?", r"\1", text)  # literals and links
    text = re.sub(r"\*{1,2}(\w[^*\n]*?)\*{1,2}", r"\1", text)  # emphasis
    text = re.sub(r"\[\d+\]_?|\|(\w+)\|", r"\1", text)
    text = re.sub(r"^\s*(?:[*\-•]|\d+[.)]|\([a-z0-9]\))\s+", "", text)  # bullets
    return " ".join(text.split())


def is_prose(paragraph: str) -> bool:
    """Tell whether a paragraph is running English: no code, table, grammar, heading or list of names."""
    lines = paragraph.splitlines()
    if any(_CODE_LINE.search(line) or _HEADING.match(line.strip()) for line in lines) or _TABLE.search(paragraph):
        return False
    flat = _plain(paragraph)
    words = re.findall(r"[A-Za-z]+", flat)
    letters = sum(character.isalpha() or character == " " for character in flat)
    return len(words) >= 5 and letters >= 0.85 * len(flat) and bool(_SENTENCE_END.search(flat))


def _documents(kind: Kind) -> Iterator[Document]:
    seen: set[str] = set()
    root = standard_library()
    sources: list[tuple[str, str, list[str]]] = [
        (name, "https://docs.python.org/3/reference/", [text]) for name, text in _topics(_topics_file())
    ]
    for path in library_files():
        name = path.relative_to(root).with_suffix("").as_posix()
        sources.append((f"library/{name}", "https://docs.python.org/3/library/", _docstrings(path)))
    for name, link, texts in sources:
        kept = []
        for text in texts:
            for paragraph in paragraphs(text):
                # The same paragraph in two places would leak from training into test: it is kept once.
                key = _plain(paragraph).casefold()
                if key in seen or (kind == "prose" and not is_prose(paragraph)):
                    continue
                seen.add(key)
                kept.append(_plain(paragraph) if kind == "prose" else paragraph)
        if kept:
            yield Document(name, "\n\n".join(kept), link)


@lru_cache
def python_docs(kind: Kind = "prose") -> Corpus:
    """Return Python's documentation: the language reference and the standard library's docstrings.

    Paragraphs that occur more than once are kept once, *before* any split, so that none leaks. A document is
    one topic of the reference, or the docstrings of one module.

    Args:
        kind: ``"prose"`` for running English on long lines, without code, tables, grammar and markup;
            ``"raw"`` for the text as it stands.

    Returns:
        The corpus: about 1.4 million characters of prose, or 1.9 million raw; it differs between Pythons.

    Raises:
        CorpusError: If a source is missing from this Python, or much smaller than it should be.
        ValueError: If ``kind`` is neither.

    Example:
        >>> python_docs("prose").language
        'en'
    """
    if kind not in ("prose", "raw"):
        raise ValueError(f'kind must be "prose" or "raw", got {kind!r}')

    def build() -> Corpus:
        corpus = Corpus(
            name=f"python_docs-{kind}",
            documents=tuple(_documents(kind)),
            language="en",
            license="PSF-2.0",
            source=f"language reference and library docstrings of Python {platform.python_version()}",
        )
        characters = len(corpus.text)
        if len(corpus) < _MIN_DOCUMENTS or characters < _MIN_CHARACTERS * (1 if kind == "raw" else 0.6):
            raise CorpusError(
                f"Python's documentation has only {len(corpus)} documents with {characters:,} characters: "
                f"is {standard_library()} complete? Some system packages drop docstrings."
            )
        return corpus

    return cached(f"python_docs-{kind}", content_key([_topics_file(), *library_files()], _BUILDER_VERSION), build)
