"""Messages of the toolchain and their translations: the gettext catalogs that come with the book's packages."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from companion.corpora.cache import CorpusError
from companion.corpora.corpus import Pair, ParallelCorpus

# Import name -> the extra of this package that installs it. All are free software under BSD or MIT licenses.
_PACKAGES = {
    "sphinx": "book",
    "sphinxcontrib": "book",
    "pydata_sphinx_theme": "book",
    "sphinx_book_theme": "book",
    "sphinx_exercise": "book",
    "sphinx_togglebutton": "book",
    "jupyter_server": "notebook",
}
_FEWEST_LANGUAGES = 20
_INSTALL = 'pip install "from-counts-to-transformers[{extra}]"'


def _folders(package: str) -> list[Path]:
    """Find where a package is installed, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        extra = _PACKAGES[package]
        raise CorpusError(
            f"the messages of {package!r} are missing: the package is not installed. It comes with the extra "
            f"{extra!r}: run  {_INSTALL.format(extra=extra)}  (in a clone of the course: make test)."
        )
    return [Path(folder) for folder in spec.submodule_search_locations]


def _normal(code: str) -> str:
    return code.replace("-", "_").casefold()


@lru_cache
def _catalogs() -> dict[str, dict[str, list[Path]]]:
    """Find all catalogs: paths by package and language."""
    found: dict[str, dict[str, list[Path]]] = {}
    for package in _PACKAGES:
        found[package] = {}
        for folder in _folders(package):
            for path in sorted(folder.rglob("LC_MESSAGES/*.po")):
                found[package].setdefault(_normal(path.parent.parent.name), []).append(
                    path
                )
        if not found[package]:
            raise CorpusError(
                f"the package {package!r} is installed, but there is no */LC_MESSAGES/*.po in it any more. Install "
                "the versions of constraints.txt."
            )
    return found


def _messages(path: Path) -> Iterator[tuple[str, str]]:
    """Read the translated messages of one catalog; a plural message is two pairs."""
    try:
        with path.open("rb") as file:
            catalog = read_po(file)
    except (OSError, PoFileError, UnicodeDecodeError, ValueError) as error:
        raise CorpusError(f"cannot read the message catalog {path}: {error}") from error
    for message in catalog:
        if not message.id or message.fuzzy:
            continue  # the header, or a guess that nobody has checked
        if isinstance(message.id, str):
            yield message.id, str(message.string or "")
        else:
            forms = [form for form in message.string if form]
            if forms:
                yield message.id[0], forms[0]
                yield message.id[1], forms[-1]


def _origin() -> str:
    names = importlib.metadata.packages_distributions()
    versions = {
        name: importlib.metadata.version(name)
        for package in _PACKAGES
        for name in names.get(package, [])
        if package != "sphinxcontrib" or name.startswith("sphinxcontrib")
    }
    listed = ", ".join(
        f"{name} {version}" for name, version in sorted(versions.items())
    )
    return f"gettext messages of {listed}"


@lru_cache
def catalogs(target: str = "zh_CN") -> ParallelCorpus:
    """Return the messages of the toolchain in English and another language.

    Short, technical, and full of placeholders such as ``%s``: not a corpus to learn translation from, but one to see
    what a model makes of another kind of text than it was trained on. The packages are not imported.

    Args:
        target: Language of ``pair.target``, e.g. ``"zh_CN"``, ``"fr"`` or ``"pt-BR"``. Where a package has only the
            language without a region, that is taken.

    Returns:
        The pairs, tagged with their package and, where there are any, with ``"placeholder"``: ``"package:sphinx"``.
        About 900 for Chinese, 880 for French.

    Raises:
        CorpusError: If a package is not installed, with the extra that brings it, or its catalogs have gone.
        ValueError: If no package has the language; the message lists those there are.
    """
    wanted = _normal(target)
    found = _catalogs()
    languages = sorted(
        {language for of_package in found.values() for language in of_package}
    )
    if len(languages) < _FEWEST_LANGUAGES:
        raise CorpusError(
            f"the toolchain has messages in {len(languages)} languages, expected at least {_FEWEST_LANGUAGES}: its "
            "packages are not complete. Install them again, in the versions of constraints.txt."
        )
    pairs: dict[tuple[str, str], Pair] = {}
    for package, of_package in found.items():
        for path in of_package.get(wanted) or of_package.get(
            wanted.partition("_")[0], []
        ):
            for left, right in _messages(path):
                left, right = " ".join(left.split()), " ".join(right.split())
                # An equal text is a message that nobody has translated, or nothing to translate.
                if not right or left == right:
                    continue
                tags = {f"package:{package}"}
                if "%" in left or "{" in left:
                    tags.add("placeholder")
                pairs.setdefault((left, right), Pair(left, right, frozenset(tags)))
    if not pairs:
        raise ValueError(
            f"no package of the toolchain has messages in {target!r}; there are {', '.join(languages)}"
        )
    return ParallelCorpus(
        name=f"catalogs-{target.replace('_', '-')}",
        pairs=tuple(pairs.values()),
        source_language="en",
        target_language=target.replace("_", "-"),
        license="BSD-2-Clause AND BSD-3-Clause AND MIT",
        source=_origin(),
    )
