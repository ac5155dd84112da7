"""Executes one submission in a process of its own; started by `companion.exercises.marking`, not by hand.

Reads a job from standard input: the code of the cells, the exercises, the limits, the file for the report and a
secret. Whoever wants to write the report must know the secret, so that a submission that ends the process early
cannot leave a report of its own making by accident or by a simple trick. This is a fence, not a sandbox.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import io
import json
import linecache
import math
import os
import signal
import sys
import threading
import time
import types
from typing import Any, NamedTuple

_TRUSTED = (
    builtins,
    contextlib,
    importlib,
    io,
    json,
    linecache,
    math,
    os,
    signal,
    sys,
    threading,
    time,
)


def _limit_memory(megabytes: int) -> None:
    """Let the process have no more memory than this, where the system can do that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    size = megabytes * 2**20
    with contextlib.suppress(ValueError, OSError):  # macOS refuses some limits
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


class Snapshot(NamedTuple):
    """What the interpreter looked like before any code of the submission ran."""

    modules: dict[types.ModuleType, dict[str, Any]]
    lists: tuple[list[Any], list[Any], list[Any]]


def _snapshot() -> Snapshot:
    """Remember the functions and classes that a check relies on, and where modules are found."""
    importlib.import_module("numpy")
    numeric = [
        module
        for name, module in sys.modules.items()
        if name.split(".")[0] == "numpy" and module
    ]
    modules = {
        module: {name: value for name, value in vars(module).items() if callable(value)}
        for module in [*_TRUSTED, *numeric]
    }
    return Snapshot(
        modules, (list(sys.path), list(sys.meta_path), list(sys.path_hooks))
    )


def _restore(snapshot: Snapshot) -> None:
    """Undo what a submission put in the place of trusted functions, and forget the whole of `companion`."""
    for module, names in snapshot.modules.items():
        for name, value in names.items():
            if vars(module).get(name) is not value:
                with contextlib.suppress(AttributeError, TypeError):
                    setattr(module, name, value)
    sys.path[:], sys.meta_path[:], sys.path_hooks[:] = snapshot.lists
    for name in [name for name in sys.modules if name.split(".")[0] == "companion"]:
        del sys.modules[name]


def _execute(
    cells: list[str], seconds: float, call_with_time_limit: Any
) -> tuple[dict[str, Any], list[str]]:
    """Execute the cells in one namespace; a cell that fails does not stop the next."""
    main = types.ModuleType("__main__")
    main.__dict__.update(
        {"display": lambda *objects, **options: None, "input": _no_input}
    )
    sys.modules["__main__"] = main  # pickle and dataclasses look classes up there
    errors = []
    for number, source in enumerate(cells, start=1):
        name = f"<cell {number}>"
        linecache.cache[name] = (
            len(source),
            None,
            source.splitlines(keepends=True),
            name,
        )
        try:
            code = compile(source, name, "exec")
            call_with_time_limit(lambda code=code: exec(code, main.__dict__), seconds)
        except BaseException as error:  # SystemExit and the time limit included
            text = " ".join(str(error).split())[:200]
            errors.append(
                f"cell {number}: {type(error).__name__}" + (f": {text}" if text else "")
            )
    return main.__dict__, errors


def _no_input(prompt: object = "") -> str:
    """Refuse to wait for a keyboard that is not there."""
    raise EOFError("input() has nobody to ask while a submission is marked")


def _examine(id: str, namespace: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Check one answer against a registry that the submission has never seen."""
    registry = importlib.import_module("companion.exercises.registry")
    item = registry.get(id)
    if item.answer not in namespace:
        message = f"nothing called {item.answer} is defined"
        return {"status": "missing", "points": 0, "failed": "", "message": message}
    result = item.examine(namespace[item.answer], seconds, stop_at_first=False)
    failure = result.first_failure
    message = f"{failure.message} {failure.hint or ''}" if failure else result.message
    return {
        "status": result.status,
        "points": result.points,
        "failed": failure.title if failure else "",
        "message": message.strip(),
    }


def main() -> None:
    """Execute a submission and write one line of JSON for each exercise."""
    job = json.loads(sys.stdin.buffer.read())
    sys.stdin = io.StringIO()
    _limit_memory(job["megabytes"])
    from companion.exercises.limits import call_with_time_limit

    snapshot = _snapshot()
    with (
        open(job["report"], "w", encoding="utf-8") as report,
        open(os.devnull, "w") as nowhere,
    ):

        def write(**line: Any) -> None:
            report.write(json.dumps({"secret": job["secret"], **line}) + "\n")
            report.flush()

        # What answers print is nobody's business here, and may be endless.
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            namespace, errors = _execute(
                job["cells"], job["seconds"], call_with_time_limit
            )
            _restore(snapshot)
            write(errors=errors)
            for id in job["exercises"]:
                line = _examine(id, namespace, job["seconds"])
                _restore(snapshot)
                write(exercise=id, **line)
        write(done=True)


if __name__ == "__main__":
    main()
    # Threads that a submission left behind must not keep the process alive.
    os._exit(0)
