"""Companion package of the course *From Counts to Transformers*.

Importing it is instant: NumPy, torch and the plotting libraries are loaded only by the modules that need them.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Public name -> module that defines it; resolved on first use.
_LAZY = {
    "device": "companion._device",
    "glue": "companion.notebook",
    "show": "companion.notebook",
}

__all__ = ["__version__", "device", "glue", "show"]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'companion' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_LAZY))
