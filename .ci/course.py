#!/usr/bin/env python3
"""Everything `make` does, in plain Python, for where there is no make: `python .ci/course.py book`.

The first run creates `.venv` and installs what is needed, pinned by constraints.txt. Later runs see by
a stamp that nothing changed and install nothing. Only the standard library is used.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BUILD = ROOT / "_build"
SUPPORTED = ((3, 11), (3, 13))
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
# Disk that the set-up and the outputs need, in GiB, with room to spare.
DISK = {"book": 1.0, "test": 4.0}
_WINDOWS = os.name == "nt"


class CourseError(Exception):
    """Something the user can put right; the message says how."""


# ---------------------------------------------------------------- the environment


def python_for_venv() -> str:
    """Return an interpreter of a supported version: this one, or another on the PATH."""
    low, high = SUPPORTED
    if low <= sys.version_info[:2] <= high:
        return sys.executable
    for minor in range(high[1], low[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other:
            print(
                f"python3 is {platform.python_version()}; using {other} instead",
                flush=True,
            )
            return other
    raise CourseError(
        f"Python {platform.python_version()} cannot run the course: it needs Python 3.11, 3.12 or 3.13.\n"
        "Install one from https://www.python.org/downloads/ (conda: see environment.yml), then try again:\n"
        "  make book PYTHON=/path/to/python3.12"
    )


def check_disk(profile: str) -> None:
    """Stop before the disk is full, not when it is."""
    free = shutil.disk_usage(ROOT).free / 2**30
    if free < DISK[profile]:
        raise CourseError(
            f"only {free:.1f} GiB are free on the disk of {ROOT}; this step needs {DISK[profile]:.0f} GiB.\n"
            "Free some space, or clone the course on another disk."
        )


def venv_python() -> Path:
    """Return the interpreter of the environment."""
    return VENV / ("Scripts/python.exe" if _WINDOWS else "bin/python")


def tool(name: str) -> str:
    """Return the path of a command of the environment."""
    return str(
        VENV
        / ("Scripts" if _WINDOWS else "bin")
        / (f"{name}.exe" if _WINDOWS else name)
    )


def stamp_value() -> str:
    """Return a hash of all that decides what gets installed."""
    digest = hashlib.sha256()
    for path in (ROOT / "pyproject.toml", ROOT / "constraints.txt", Path(__file__)):
        digest.update(path.read_bytes())
    digest.update(os.environ.get("COURSE_UNPINNED", "").encode())
    return digest.hexdigest()


def pip(*arguments: str, may_fail: bool = False) -> bool:
    """Run pip in the environment; explain the failures that people meet."""
    command = [
        str(venv_python()),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--retries",
        "2",
        *arguments,
    ]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode == 0:
        return True
    if may_fail:
        return False
    output = done.stdout
    print("\n".join(output.splitlines()[-25:]), file=sys.stderr)
    if "No space left" in output:
        raise CourseError(
            f"the disk that holds {VENV} is full: free some space, then try again"
        )
    unreachable = (
        "NewConnectionError", "Temporary failure in name resolution", "ConnectTimeout", "ReadTimeout",
        "ProxyError", "getaddrinfo failed", "nodename nor servname", "Network is unreachable",
        "Connection refused", "SSLError",
    )  # fmt: skip
    if any(sign in output for sign in unreachable):
        raise CourseError(
            "the package index is out of reach (see the lines above). Check the network or the proxy;\n"
            "behind a mirror, set PIP_INDEX_URL to its address. What is installed so far is kept."
        )
    if "No matching distribution" in output or "ResolutionImpossible" in output:
        raise CourseError(
            "the package index does not offer a version that constraints.txt pins (see the lines above).\n"
            "To try without the pins: COURSE_UNPINNED=1 make test"
        )
    raise CourseError("pip failed: the lines above say why")


def constraints() -> list[str]:
    """Return pip's arguments for the pinned versions, or none when the newest are wanted."""
    return (
        []
        if os.environ.get("COURSE_UNPINNED")
        else ["-c", str(ROOT / "constraints.txt")]
    )


def has_nvidia() -> bool:
    """Tell whether an NVIDIA driver is there."""
    return (
        shutil.which("nvidia-smi") is not None or Path("/proc/driver/nvidia").exists()
    )


def answers(url: str) -> bool:
    """Tell whether a host answers within a few seconds."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, method="HEAD"), timeout=4
        ):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False


def install_torch(requirement: str) -> None:
    """Install torch; on Linux without a GPU its CPU build, which is a tenth of the size."""
    linux_cpu = (
        sys.platform == "linux" and platform.machine() == "x86_64" and not has_nvidia()
    )
    configured = any(
        name in os.environ
        for name in ("PIP_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX")
    )
    if (
        linux_cpu
        and not configured
        and answers(TORCH_CPU_INDEX + "/torch/")
        and pip(
            "install",
            "-q",
            requirement,
            *constraints(),
            "--index-url",
            TORCH_CPU_INDEX,
            may_fail=True,
        )
    ):
        return
    pip("install", "-q", requirement, *constraints())


def ensure_environment(profile: str) -> None:
    """Create `.venv` and install what a profile ("book" or "test") needs, unless a stamp says it is there."""
    stamps = {name: VENV / f".course-{name}" for name in ("book", "test")}
    wanted = stamp_value()
    good_enough = ("test",) if profile == "test" else ("book", "test")
    if venv_python().exists() and any(
        stamps[name].exists() and stamps[name].read_text(encoding="utf-8") == wanted
        for name in good_enough
    ):
        return
    start = time.monotonic()
    if not venv_python().exists():
        check_disk(profile)
        python = python_for_venv()
        print(f"Creating {VENV} ...", flush=True)
        made = subprocess.run(
            [python, "-m", "venv", str(VENV)], capture_output=True, text=True
        )
        if made.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            raise CourseError(
                f"{python} cannot create a virtual environment:\n{(made.stdout + made.stderr).strip()}\n"
                "On Debian and Ubuntu:  sudo apt install python3-venv"
            )
    import tomllib  # not at the top: an older Python must reach the message above

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    core, extras = project["dependencies"], project["optional-dependencies"]
    torch = next(line for line in core if line.startswith("torch"))
    lean = [line for line in core if line != torch]
    if profile == "book":
        print(
            "Installing what builds the book (under a minute on a fast line) ...",
            flush=True,
        )
        pip("install", "-q", *lean, *extras["book"], *constraints())
    else:
        print("Installing torch ...", flush=True)
        install_torch(torch)
        print("Installing what runs the chapters and the checks ...", flush=True)
        pip(
            "install",
            "-q",
            *lean,
            *extras["book"],
            *extras["notebook"],
            *extras["test"],
            *constraints(),
        )
        if not pip("install", "-q", *extras["bench"], *constraints(), may_fail=True):
            print(
                "kenlm does not compile here: its tests and benchmarks will be skipped.",
                flush=True,
            )
    pip("install", "-q", "--no-deps", "-e", ".")
    stamps[profile].write_text(wanted, encoding="utf-8")
    print(f"Environment ready in {time.monotonic() - start:.0f} s.", flush=True)


# ---------------------------------------------------------------- the commands


def environment() -> dict[str, str]:
    """Return the variables that a command of the environment runs with."""
    values = dict(os.environ)
    values["PATH"] = str(venv_python().parent) + os.pathsep + values.get("PATH", "")
    values["VIRTUAL_ENV"] = str(VENV)
    values.pop("PYTHONHOME", None)
    return values


def call(*command: str, cwd: Path = ROOT) -> int:
    """Run a command of the environment and return its exit code."""
    return subprocess.run(command, cwd=cwd, env=environment()).returncode


def build_book() -> int:
    """Build the book with warnings as errors; return the exit code."""
    log = BUILD / "book.log"
    BUILD.mkdir(exist_ok=True)
    with log.open("w", encoding="utf-8") as out:
        command = [
            tool("jupyter-book"),
            "build",
            "book",
            "--config",
            "_config.yml",
            "-W",
            "--keep-going",
        ]
        code = subprocess.run(
            command,
            cwd=ROOT,
            env={**environment(), "NO_COLOR": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        ).returncode
    if code:
        # A page that was read keeps no memory of its warnings: forget them all, or the next build would pass.
        shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)
        lines = log.read_text(encoding="utf-8").splitlines()
        told = [
            line
            for line in lines
            if "WARNING" in line or "ERROR" in line or "Error" in line
        ]
        print("\n".join(told or lines[-40:]), file=sys.stderr)
        print(
            f"The book did not build cleanly; the whole log is in {log}",
            file=sys.stderr,
        )
    return code


def command_book(_: argparse.Namespace) -> int:
    """Build the book and say where it is."""
    ensure_environment("book")
    start = time.monotonic()
    print("Building the book ...", flush=True)
    code = build_book()
    if code == 0:
        page = BUILD / "html" / "index.html"
        print(
            f"The book is ready ({time.monotonic() - start:.0f} s). Open in a browser:\n  {page.as_uri()}"
        )
        print("or run `make serve` and open http://localhost:8000")
    return code


def offline_prefix() -> list[str]:
    """Return what to put before a command to cut it off from the network, where the system can do that."""
    if sys.platform != "linux" or os.environ.get("COURSE_ONLINE"):
        return []
    wrapper = [sys.executable, str(ROOT / ".ci" / "offline.py")]
    probe = subprocess.run([*wrapper, sys.executable, "-c", ""], capture_output=True)
    return wrapper if probe.returncode == 0 else []


def count_junit(path: Path) -> tuple[int, int, int]:
    """Return how many tests of a JUnit file passed, failed and were skipped."""
    passed = failed = skipped = 0
    for case in ElementTree.parse(path).iter("testcase"):
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            failed += 1
        elif "skipped" in kinds:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def command_test(arguments: argparse.Namespace) -> int:
    """Run every check: lint, format, types, the book's build, unit tests, notebooks, the site."""
    ensure_environment("test")
    passed = failed = skipped = 0
    steps: list[tuple[str, Sequence[str]]] = [
        ("lint", (tool("ruff"), "check", ".")),
        ("format", (tool("ruff"), "format", "--check", "-q", ".")),
        ("types", (tool("mypy"),)),
    ]
    for name, command in steps:
        print(f"== {name}", flush=True)
        good = call(*command) == 0
        passed, failed = passed + good, failed + (not good)
    print("== book", flush=True)
    good = build_book() == 0
    passed, failed = passed + good, failed + (not good)

    prefix = offline_prefix()
    network = "a network namespace without a route" if prefix else "pytest-socket"
    print(f"== tests and notebooks, with the network cut off by {network}", flush=True)
    report = BUILD / "junit.xml"
    report.unlink(missing_ok=True)
    pytest = [
        *prefix, str(venv_python()), "-m", "pytest", "--junitxml", str(report), "-q",
        "--disable-socket", "--allow-unix-socket", "--allow-hosts=127.0.0.1,::1,localhost",
        "--nbval-lax", "--nbval-cell-timeout=600", "-p", "nbval_timing",
        "tests", "companion", "book/notebooks", *arguments.pytest,
    ]  # fmt: skip
    code = call(*pytest)
    if report.exists():
        counts = count_junit(report)
        passed, failed, skipped = (
            passed + counts[0],
            failed + counts[1],
            skipped + counts[2],
        )
    if code not in (0, 1) or not report.exists():
        print(f"pytest ended with code {code}", file=sys.stderr)
        failed += 1
    elif code == 1 and failed == 0:
        failed += 1
    if skipped:
        print(f"{skipped} skipped (the reasons stand above)")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def command_lab(_: argparse.Namespace) -> int:
    """Open JupyterLab on the notebooks."""
    ensure_environment("test")
    print(
        "Open notebooks/chapters and start with 01-what-is-a-language-model.ipynb",
        flush=True,
    )
    return call(tool("jupyter"), "lab", "--ServerApp.root_dir", str(ROOT / "book"))


def command_notebooks(arguments: argparse.Namespace) -> int:
    """Re-execute the notebooks whose text or package code changed, and store their outputs."""
    ensure_environment("test")
    return call(str(venv_python()), "book/_tools/notebooks.py", "run", *arguments.rest)


def command_bench(arguments: argparse.Namespace) -> int:
    """Print the benchmark table."""
    ensure_environment("test")
    return call(str(venv_python()), "tests/benchmarks/run.py", *arguments.rest)


def command_serve(arguments: argparse.Namespace) -> int:
    """Serve the built book on localhost."""
    folder = BUILD / "html"
    if not (folder / "index.html").exists():
        raise CourseError("there is no built book yet: run `make book` first")
    print(
        f"The book is at http://localhost:{arguments.port} (stop with Ctrl-C)",
        flush=True,
    )
    try:
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "http.server",
                str(arguments.port),
                "--bind",
                "127.0.0.1",
                "-d",
                str(folder),
            ],
            stderr=subprocess.DEVNULL,
        ).returncode
    except KeyboardInterrupt:
        return 0


def command_install(arguments: argparse.Namespace) -> int:
    """Only create the environment."""
    ensure_environment(arguments.profile)
    print(json.dumps({"python": str(venv_python())}))
    return 0


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="course.py", description="Set up, build, test and run the course."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("book", help="build the book").set_defaults(run=command_book)
    test = commands.add_parser("test", help="run every check")
    test.add_argument(
        "pytest", nargs="*", help="further arguments for pytest, after --"
    )
    test.set_defaults(run=command_test)
    commands.add_parser("lab", help="open JupyterLab").set_defaults(run=command_lab)
    for name, function in (("notebooks", command_notebooks), ("bench", command_bench)):
        sub = commands.add_parser(name, help=function.__doc__)
        sub.add_argument("rest", nargs=argparse.REMAINDER)
        sub.set_defaults(run=function)
    serve = commands.add_parser("serve", help="serve the built book")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=command_serve)
    install = commands.add_parser("install", help="only create the environment")
    install.add_argument("profile", choices=("book", "test"))
    install.set_defaults(run=command_install)
    return parser.parse_args()


def main() -> int:
    """Run one command; a `CourseError` is a message, not a traceback."""
    arguments = parse()
    try:
        return int(arguments.run(arguments))
    except CourseError as error:
        print(f"\nerror: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno == 28:
            print(
                f"\nerror: the disk is full ({error.filename or ROOT}): free some space, then try again",
                file=sys.stderr,
            )
            return 2
        raise


if __name__ == "__main__":
    sys.exit(main())
