"""The examples in the docstrings of companion.text say what the code does."""

import doctest
import importlib
import pkgutil

import pytest

import companion.text

MODULES = [
    "companion.text",
    *(
        f"companion.text.{m.name}"
        for m in pkgutil.iter_modules(companion.text.__path__)
    ),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_there_are_examples() -> None:
    attempted = [
        doctest.testmod(importlib.import_module(name)).attempted for name in MODULES
    ]
    assert sum(attempted) >= 30


def test_everything_exported_exists_and_is_documented() -> None:
    for name in companion.text.__all__:
        thing = getattr(companion.text, name)
        assert isinstance(thing, str) or thing.__doc__
