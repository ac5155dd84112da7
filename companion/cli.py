"""The command `companion`: a doctor for the machine, and the exercises for teachers."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

from companion import __version__
from companion.exercises.cli import app as exercises_app

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Tools of From Counts to Transformers.",
)
app.add_typer(
    exercises_app, name="exercises", help="List, hand out and mark the exercises."
)


@app.callback(invoke_without_command=True)
def main(
    show_version: bool = typer.Option(
        False, "--version", help="Print the version and leave."
    ),
) -> None:
    """Tools of From Counts to Transformers."""
    if show_version:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def doctor() -> None:
    """Check that this machine can run the course; exit code 1 when something is red."""
    from companion.doctor import examine

    findings = examine()
    table = Table(title="companion doctor", title_justify="left")
    for column in ("", "what", "found", "cure"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        mark = "[green]ok[/green]" if finding.good else "[red]red[/red]"
        style = None if finding.good else "red"
        table.add_row(mark, finding.what, finding.found, finding.cure, style=style)
    Console().print(table)
    red = [finding for finding in findings if not finding.good]
    if red:
        Console().print(
            f"[red]{len(red)} of {len(findings)} checks are red: the last column says what to do.[/red]"
        )
        raise typer.Exit(1)
    Console().print("[green]Everything the course needs is here.[/green]")
