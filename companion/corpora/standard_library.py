"""The standard library's files, as they are installed: found and read, never imported."""

from __future__ import annotations

import importlib.util
import os
import platform
import sysconfig
from functools import cache
from pathlib import Path

from companion.corpora.cache import CorpusError

# Tests, tables made by a program, and other people's code: none of it is what the corpora are to teach.
_SKIPPED_FOLDERS = frozenset(
    {
        "test",
        "tests",
        "idle_test",
        "idlelib",
        "turtledemo",
        "lib2to3",
        "pydoc_data",
        "encodings",
        "ensurepip",
    }
    | {
        "_pyrepl",
        "_vendor",
        "site-packages",
        "dist-packages",
        "__pycache__",
        "lib-dynload",
        "__phello__",
    }
)
# The build's settings hold paths of the machine that built this Python.
_SKIPPED_FILES = ("test_", "_sysconfigdata", "_sysconfig_vars")


def standard_library() -> Path:
    """Return the folder of the standard library's sources.

    Returns:
        The folder, e.g. ``/usr/lib/python3.12``.

    Raises:
        CorpusError: If this Python was installed without its sources.
    """
    folder = Path(sysconfig.get_paths()["stdlib"])
    if not (folder / "argparse.py").is_file():
        raise CorpusError(
            f"the sources of the standard library are not in {folder} (no argparse.py there): this Python came "
            "without them. Use a Python from python.org, from conda, or your system's full package."
        )
    return folder


def library_files() -> dict[str, Path]:
    """Find the standard library's source files, without tests, generated tables and vendored packages.

    Returns:
        Path by name relative to the library, e.g. ``"email/parser.py"``, sorted by name on every system.

    Raises:
        CorpusError: If this Python was installed without its sources.
    """
    root = standard_library()
    found = {}
    for folder, subfolders, names in os.walk(root):
        # Pruned, not filtered: the site-packages below may hold a hundred thousand files.
        subfolders[:] = [
            name
            for name in subfolders
            if name not in _SKIPPED_FOLDERS and "-" not in name
        ]
        for name in names:
            if name.endswith(".py") and not name.startswith(_SKIPPED_FILES):
                path = Path(folder, name)
                found[path.relative_to(root).as_posix()] = path
    return dict(sorted(found.items()))


def topics_file() -> Path:
    """Return the file of the language reference's texts, those behind ``help("with")``.

    Returns:
        The path of ``pydoc_data/topics.py``.

    Raises:
        CorpusError: If this Python was installed without it.
    """
    try:
        spec = importlib.util.find_spec("pydoc_data.topics")
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None or not Path(spec.origin).is_file():
        raise CorpusError(
            'pydoc_data/topics.py, the text behind help("topics"), is missing from this Python. On Debian and '
            "Ubuntu  apt install libpython3-stdlib  brings it; otherwise use a Python from python.org or conda."
        )
    return Path(spec.origin)


@cache
def source_link(name: str) -> str:
    """Return the address of a library file, e.g. ``"email/parser.py"``, in Python's repository at this version."""
    version = platform.python_version().rstrip("+")
    return f"https://github.com/python/cpython/blob/v{version}/Lib/{name}"
