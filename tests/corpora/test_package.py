"""The package's doors: lazy, complete, and not blocked by a module of the same name."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

from companion import corpora


@pytest.mark.parametrize("name", corpora.__all__)
def test_every_public_name_is_there(name) -> None:
    assert getattr(corpora, name) is not None
    assert name in dir(corpora)


@pytest.mark.parametrize(
    "name", ["catalogs", "course", "phrasebook", "python_docs", "python_source"]
)
def test_a_function_stays_a_function_whatever_was_imported_before(name) -> None:
    for module in pkgutil.iter_modules(corpora.__path__):
        importlib.import_module(f"companion.corpora.{module.name}")
    assert callable(getattr(corpora, name))


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'wikipedia'"):
        corpora.wikipedia  # noqa: B018


def test_importing_the_package_loads_no_corpus_and_nothing_heavy() -> None:
    code = (
        "import sys, companion.corpora; names = set(sys.modules); print(sorted({'babel', 'torch', 'numpy', "
        "'companion.corpora.documentation', 'companion.corpora.phrases'} & names))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
