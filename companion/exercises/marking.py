"""Marking a class: every submission is executed in a process of its own and checked afresh."""

from __future__ import annotations

import csv
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from companion.exercises.registry import exercises, get
from companion.exercises.submission import BrokenNotebook, Submission, read_submission


@dataclass(frozen=True)
class Mark:
    """One exercise of one submission; a row of the table.

    Attributes:
        file: The submission.
        chapter: Number of the chapter; empty where no exercise could be told.
        exercise: Id of the exercise; empty where none could be told.
        points: Points earned.
        max_points: Points to earn.
        status: ``passed``, ``failed``, ``not started``, ``missing`` (the answer is not defined), ``stopped`` (the
            process ended or had to be ended) or ``broken`` (not a notebook).
        failed_check: The check that failed first.
        message: Why, in words; and the cells that raised an error.
    """

    file: str
    chapter: str
    exercise: str
    points: int
    max_points: int
    status: str
    failed_check: str = ""
    message: str = ""


def _run(
    submission: Submission, wanted: list[str], seconds: float, megabytes: int
) -> tuple[list[Any], str]:
    """Execute a submission; return the lines of its report and, if it did not come to its end, why."""
    with tempfile.TemporaryDirectory(
        prefix="marking-", ignore_cleanup_errors=True
    ) as folder:
        report = Path(folder) / f"{secrets.token_hex(8)}.jsonl"
        secret = secrets.token_hex(16)
        work = Path(folder) / "work"
        work.mkdir()
        job = {
            "cells": list(submission.cells),
            "exercises": wanted,
            "seconds": seconds,
            "megabytes": megabytes,
            "report": str(report),
            "secret": secret,
        }
        # The process has its own time limits; this one is for code that they cannot interrupt.
        patience = 30 + seconds * (len(submission.cells) + len(wanted))
        threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = os.environ | dict.fromkeys(threads, "1") | {"MPLBACKEND": "Agg"}
        # -P: a file that a submission writes must not be found in the place of a module.
        command = [sys.executable, "-P", "-m", "companion.exercises._worker"]
        complaints = Path(folder) / "stderr"
        try:
            with complaints.open("wb") as stderr:
                code = subprocess.run(
                    command,
                    input=json.dumps(job).encode(),
                    stdout=subprocess.DEVNULL,
                    stderr=stderr,
                    cwd=work,
                    timeout=patience,
                    env=environment,
                    check=False,
                ).returncode
            told = (
                complaints.read_text(encoding="utf-8", errors="replace")[-2000:]
                .strip()
                .splitlines()
            )
            ended = f"the process ended with code {code}" + (
                f": {told[-1][:200]}" if told else ""
            )
        except subprocess.TimeoutExpired:
            ended = f"the process did not end within {patience:g} s and was killed"
        lines = []
        if report.exists():
            for text in report.read_text(
                encoding="utf-8", errors="replace"
            ).splitlines():
                try:
                    line = json.loads(text)
                except json.JSONDecodeError:  # the last line of a killed process
                    continue
                if isinstance(line, dict) and line.get("secret") == secret:
                    lines.append(line)
        return lines, "" if any(line.get("done") for line in lines) else ended


def _wanted(
    chapters: Iterable[int] | None, seconds: float, megabytes: int
) -> list[str] | None:
    """Check what the teacher asks for; return the exercises, None for those that the notebook mentions."""
    if not (seconds > 0 and megabytes > 0):
        raise ValueError(
            f"the limits must be positive, got {seconds} s and {megabytes} MB"
        )
    if chapters is None:
        return None
    wanted: list[str] = []
    for chapter in chapters:
        found = [item.id for item in exercises(chapter)]
        if not found:
            raise ValueError(
                f"chapter {chapter} has no exercises; see: companion exercises list"
            )
        wanted += found
    return wanted


def mark(
    path: Path,
    chapters: Iterable[int] | None = None,
    seconds: float = 10.0,
    megabytes: int = 2048,
) -> list[Mark]:
    """Mark one submission. The file is only read.

    Args:
        path: A notebook.
        chapters: Mark all exercises of these chapters, those too that the notebook does not mention; None marks
            those that it mentions.
        seconds: Time limit for each cell, and for the checks of each exercise.
        megabytes: Memory limit of the process; has no effect on Windows and little on macOS.

    Returns:
        One mark an exercise; a submission that cannot be read has its marks too, with the reason.

    Raises:
        ValueError: If a limit is not positive, or a chapter has no exercise.
    """
    wanted = _wanted(chapters, seconds, megabytes)

    def blank(status: str, message: str) -> list[Mark]:
        if not wanted:
            return [Mark(str(path), "", "", 0, 0, status, "", message)]
        items = [get(id) for id in wanted]
        return [
            Mark(str(path), str(i.chapter), i.id, 0, i.points, status, "", message)
            for i in items
        ]

    try:
        submission = read_submission(path.read_bytes())
    except BrokenNotebook as error:
        return blank("broken", str(error))
    except OSError as error:
        return blank("broken", f"the file cannot be read: {error}")
    wanted = list(submission.exercises) if wanted is None else wanted
    if not wanted:
        return blank(
            "missing",
            "no exercise was found in it: name the chapter to mark it against",
        )
    lines, ended = _run(submission, wanted, seconds, megabytes)
    reported = {line["exercise"]: line for line in lines if "exercise" in line}
    errors = "; ".join(next((line["errors"] for line in lines if "errors" in line), []))
    marks = []
    for id in wanted:
        item = get(id)
        line = reported.get(
            id, {"status": "stopped", "points": 0, "failed": "", "message": ended}
        )
        message = line["message"]
        if errors and line["status"] != "passed":
            message = f"{message} [{errors}]".strip()
        marks.append(
            Mark(
                str(path),
                str(item.chapter),
                id,
                line["points"],
                item.points,
                line["status"],
                line["failed"],
                message,
            )
        )
    return marks


def mark_all(
    paths: Iterable[Path],
    table: Path,
    chapters: Iterable[int] | None = None,
    seconds: float = 10.0,
    megabytes: int = 2048,
    progress: Callable[[Mark], None] = lambda mark: None,
) -> list[Mark]:
    """Mark submissions one by one and write each row as soon as it is known.

    Args:
        paths: Notebooks.
        table: The CSV file to write.
        chapters: See `mark`.
        seconds: See `mark`.
        megabytes: See `mark`.
        progress: Called with each mark.

    Returns:
        All marks.

    Raises:
        FileExistsError: If the table is there already: marks are never overwritten.
        ValueError: If a limit is not positive, or a chapter has no exercise.
    """
    chosen = None if chapters is None else list(chapters)
    _wanted(chosen, seconds, megabytes)  # complain before the table is made
    marks: list[Mark] = []
    # The byte-order mark tells spreadsheets that this is UTF-8.
    with table.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(Mark)])
        for path in paths:
            for row in _mark_or_say_why(path, chosen, seconds, megabytes):
                writer.writerow(list(_safe_cells(row)))
                marks.append(row)
                progress(row)
            file.flush()
    return marks


def _mark_or_say_why(
    path: Path, chapters: list[int] | None, seconds: float, megabytes: int
) -> list[Mark]:
    """Mark a submission; whatever goes wrong with this one becomes its mark, and the next one has its turn."""
    try:
        return mark(path, chapters, seconds, megabytes)
    except Exception as error:
        return [
            Mark(
                str(path),
                "",
                "",
                0,
                0,
                "broken",
                "",
                f"marking failed: {type(error).__name__}: {error}",
            )
        ]


def _safe_cells(row: Mark) -> Iterator[object]:
    """Keep a spreadsheet from taking a student's text for a formula."""
    for value in astuple(row):
        yield (
            "'" + value
            if isinstance(value, str) and value.startswith(("=", "+", "-", "@"))
            else value
        )
