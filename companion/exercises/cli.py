"""The commands `companion exercises ...`: for authors, and for teachers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(no_args_is_help=True, help="List, hand out and mark the exercises.")

Book = Annotated[
    Path | None,
    typer.Option(help="The folder `book` of a clone; looked for from here upwards."),
]
Chapters = Annotated[
    list[int] | None,
    typer.Option(
        "--chapter", "-c", help="Only this chapter; may be given several times."
    ),
]


def _stop(error: Exception) -> typer.Exit:
    """Print what went wrong, without a traceback, and leave with code 2."""
    Console(stderr=True, soft_wrap=True).print(
        f"[red]error:[/red] {error}", highlight=False
    )
    return typer.Exit(2)


@app.command("list")
def list_exercises(chapter: Chapters = None) -> None:
    """List the exercises with their level and points."""
    from companion.exercises.registry import exercises

    table = Table()
    table.add_column("chapter", justify="right")
    table.add_column("exercise", no_wrap=True)
    table.add_column("level", no_wrap=True)
    table.add_column("points", justify="right")
    table.add_column("title")
    for item in exercises():
        if not chapter or item.chapter in chapter:
            row = (item.chapter, item.id, item.level, item.points, item.title)
            table.add_row(*map(str, row))
    Console().print(table)


@app.command()
def stubs(
    write: Annotated[
        bool, typer.Option("--write", help="Write them; without it, only compare.")
    ] = False,
    book: Book = None,
) -> None:
    """Compare the stubs in the text with those made from the worked solutions; exit code 1 when one differs."""
    from companion.exercises.pages import find_pages, read_page, with_stubs

    stale = []
    try:
        for path in find_pages(book):
            page = read_page(path)
            text = with_stubs(page)
            if text != page.text:
                stale.append(path)
                if write:
                    path.write_text(text, encoding="utf-8", newline="\n")
    except (ValueError, OSError) as error:
        raise _stop(error) from error
    for path in stale:
        typer.echo(
            f"{path}: {'stubs written' if write else 'stubs differ from the worked solutions'}"
        )
    if not stale:
        typer.echo("every stub equals the one made from its worked solution")
    elif not write:
        typer.echo("write them with: companion exercises stubs --write")
        raise typer.Exit(1)


@app.command("check-stubs")
def check_stubs(book: Book = None) -> None:
    """Do the same as `stubs` without `--write`."""
    stubs(write=False, book=book)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where the notebooks go.")],
    chapter: Chapters = None,
    book: Book = None,
) -> None:
    """Write the students' notebooks: statements, stubs and checks, without solutions and outputs."""
    from companion.exercises.export import export as write_notebooks
    from companion.exercises.pages import find_pages

    try:
        for path in write_notebooks(find_pages(book), folder, chapter or None):
            typer.echo(str(path))
    except (ValueError, OSError, ModuleNotFoundError) as error:
        raise _stop(error) from error


@app.command()
def mark(
    files: Annotated[
        list[Path],
        typer.Argument(help="The submitted notebooks, or folders that hold them."),
    ],
    csv: Annotated[Path, typer.Option(help="Table to write; must not exist yet.")],
    chapter: Chapters = None,
    seconds: Annotated[
        float,
        typer.Option(
            min=0.1, help="Time limit for each cell, and for each exercise's checks."
        ),
    ] = 10.0,
    memory: Annotated[
        int,
        typer.Option(
            min=64, help="Memory limit in MB (Linux; little effect elsewhere)."
        ),
    ] = 2048,
) -> None:
    """Mark submissions: each is executed in a process of its own and checked by this installation.

    The submitted files are only read. Students' code can do what you can do on this machine: the limits stop
    accidents, not attacks. Mark work of people you do not know in a container without network.
    """
    from companion.exercises.marking import Mark, mark_all

    paths = [
        path
        for given in files
        for path in (sorted(given.rglob("*.ipynb")) if given.is_dir() else [given])
    ]
    paths = [path for path in paths if ".ipynb_checkpoints" not in path.parts]
    console = Console(soft_wrap=True, highlight=False)
    console.print(
        "Students' code runs with your rights: use a container for people you do not know.",
        style="yellow",
    )
    if not paths:
        raise _stop(ValueError("no notebook among the files given"))

    def progress(row: Mark) -> None:
        color = {"passed": "green", "not started": "yellow"}.get(row.status, "red")
        console.print(
            f"{row.file}: {row.exercise or '-'}: {row.points}/{row.max_points} ",
            end="",
            markup=False,
        )
        console.print(row.status, style=color, end="")
        console.print(
            f" ({row.failed_check})" if row.failed_check else "", markup=False
        )

    try:
        marks = mark_all(paths, csv, chapter or None, seconds, memory, progress)
    except FileExistsError as error:
        raise _stop(
            FileExistsError(f"{csv} is there already: marks are never overwritten")
        ) from error
    except (ValueError, OSError) as error:
        raise _stop(error) from error
    console.print(
        f"{len(marks)} marks of {len(paths)} submissions in {csv}", markup=False
    )
