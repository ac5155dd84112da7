"""The command `companion`: a doctor for the machine, training, and the exercises for teachers."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

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
train_app = typer.Typer(no_args_is_help=True)
app.add_typer(train_app, name="train", help="Train the models of the course.")


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


@app.command("benchmark")
def benchmark(
    name: Annotated[
        str,
        typer.Argument(
            help="shakespeare, wikitext-2, sst2, multi30k, cranfield or xquad."
        ),
    ],
    keep: Annotated[
        Path | None,
        typer.Option(help="A folder in which the report is kept, as NAME.json."),
    ] = None,
) -> None:
    """Run the course's models on public data, beside the figures that others report.

    The data is downloaded once, and checked; or set COURSE_DATA to a folder that holds it.
    """
    from companion import device
    from companion.benchmarks.command import run_benchmark, show
    from companion.corpora import CorpusError

    try:
        report = run_benchmark(name, typer.echo, device())
    except (ValueError, CorpusError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    show(report, Console())
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        report.save(keep / f"{report.name}.json")


@train_app.command("gpt")
def train_gpt(
    folder: Annotated[
        Path, typer.Option(help="Where the checkpoint is written.")
    ] = Path("course_gpt"),
    steps: Annotated[
        int | None, typer.Option(help="Number of steps; the recipe's if left out.")
    ] = None,
    seed: Annotated[
        int, typer.Option(help="Of the weights and of the order of the text.")
    ] = 0,
    resume: Annotated[
        bool, typer.Option(help="Go on with a run that was cut off.")
    ] = False,
) -> None:
    """Train the course's GPT on Python's documentation, by the recipe of its checkpoint."""
    from dataclasses import replace

    from companion import device
    from companion.training.pretraining import PretrainingConfig, pretrain_gpt

    config = replace(PretrainingConfig(), seed=seed)
    try:
        if steps is not None:
            if steps < 1:
                raise ValueError(f"--steps must be at least 1, got {steps}")
            fewer = min(config.evaluate_every, steps)
            config = replace(config, steps=steps, again=0, evaluate_every=fewer)
        trained = pretrain_gpt(
            folder,
            config,
            device=device(),
            resume=resume,
            progress=Console().is_terminal,
            report=typer.echo,
        )
    except ValueError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    for name, value in trained.card.items():
        typer.echo(f"{name}: {value}")
    typer.echo(f"The checkpoint is in {folder}.")


@app.command()
def chat(
    language: Annotated[
        str, typer.Option(help="Answer in en or zh; auto: as you write.")
    ] = "auto",
) -> None:
    """Talk with the bot of chapter 24; Ctrl-C stops an answer, Ctrl-D leaves."""
    from companion.apps.chat import ChatBot
    from companion.chat_terminal import TerminalChat

    if language not in ("auto", "en", "zh"):
        typer.echo(
            f"error: --language must be auto, en or zh, got {language!r}", err=True
        )
        raise typer.Exit(2)
    with suppress(ImportError):  # Windows has none, and line editing of its own
        import readline  # noqa: F401  (arrow keys and history while a line is typed)
    TerminalChat(
        ChatBot(language=None if language == "auto" else language)  # type: ignore[arg-type]
    ).run()
