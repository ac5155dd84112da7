"""The examples in the docstrings of the whole package say what the code does."""

import doctest
import importlib

import pytest
from import_every_module import module_names

NAMES = [
    name for name in module_names() if not name.startswith("companion.exercises.bank.")
]


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    modules = map(importlib.import_module, NAMES)
    assert sum(doctest.testmod(module).attempted for module in modules) >= 100
