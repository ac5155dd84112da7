"""The controls of the running notebooks; their rules live in plain classes under test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from companion._optional import require
from companion.metrics.shannon import EntropyBounds, shannon_bounds


@dataclass
class GuessingGame:
    """Shannon's guessing game: name the next character until it is right, then go on to the one after.

    Attributes:
        text: The hidden text.
        start: How many characters are shown at the beginning.
    """

    text: str
    start: int = 0
    position: int = field(init=False)
    wrong: list[str] = field(init=False, default_factory=list)
    ranks: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        if not 0 <= self.start < len(self.text):
            raise ValueError(
                f"start must leave something to guess: got start={self.start} for {len(self.text)} characters"
            )
        self.position = self.start

    @property
    def over(self) -> bool:
        """Whether every character has been found."""
        return self.position == len(self.text)

    @property
    def shown(self) -> str:
        """The part of the text that the player can see."""
        return self.text[: self.position]

    def guess(self, character: str) -> bool:
        """Take one guess.

        Args:
            character: A single character. Naming the same wrong one twice counts once.

        Returns:
            Whether it was right; then the game has moved on.

        Raises:
            ValueError: If the guess is not one character, or the game is over.
        """
        if len(character) != 1:
            raise ValueError(f"guess one character at a time, got {character!r}")
        if self.over:
            raise ValueError("the text is complete: start a new game")
        if character != self.text[self.position]:
            if character not in self.wrong:
                self.wrong.append(character)
            return False
        self.ranks.append(len(self.wrong) + 1)
        self.wrong.clear()
        self.position += 1
        return True

    def bounds(self) -> EntropyBounds | None:
        """Shannon's bounds on the player's entropy, in bits a character; None before the first hit."""
        return shannon_bounds(np.array(self.ranks)) if self.ranks else None


def guessing_game(text: str, start: int, model_ranks: list[int] | None = None) -> Any:
    """Show Shannon's guessing game as a control: type a character, press Enter.

    Args:
        text: The hidden text, one line.
        start: How many characters are shown at the beginning.
        model_ranks: How many guesses a model needed for each hidden character, to compare with.

    Returns:
        An ipywidgets box.

    Raises:
        ValueError: If ``model_ranks`` does not have one entry a hidden character.
    """
    if model_ranks is not None and len(model_ranks) != len(text) - start:
        raise ValueError(
            f"{len(text) - start} characters are hidden, got {len(model_ranks)} ranks"
        )
    widgets = require("ipywidgets", extra="notebook")
    game = GuessingGame(text, start)
    shown = widgets.Textarea(disabled=True, rows=3, layout={"width": "100%"})
    # ␣ stands for a blank, which is hard to see in a text field.
    entry = widgets.Text(
        placeholder="one character, then Enter (_ for a blank)", continuous_update=False
    )
    told = widgets.HTML()

    def refresh(message: str) -> None:
        shown.value = game.shown + ("" if game.over else "▁")
        lines = [message]
        if game.wrong:
            lines.append(
                "Wrong so far: " + " ".join("_" if c == " " else c for c in game.wrong)
            )
        bounds = game.bounds()
        if bounds is not None:
            n = len(game.ranks)
            lines.append(
                f"{n} characters found in {np.mean(game.ranks):.2f} guesses each on average"
            )
            if model_ranks is not None:
                lines[-1] += f"; the model needed {np.mean(model_ranks[:n]):.2f}"
            lines.append(
                f"Shannon's bounds: {bounds.lower:.2f} to {bounds.upper:.2f} bits a character"
            )
        told.value = "<br>".join(lines)

    def on_submit(change: dict[str, Any]) -> None:
        character = str(change["new"])
        if not character:
            return
        entry.value = ""
        if game.over:
            refresh("The text is complete.")
        elif len(character) != 1:
            refresh("One character at a time.")
        else:
            right = game.guess(" " if character == "_" else character)
            refresh("Right." if right else "No.")

    entry.observe(on_submit, names="value")
    refresh("Which character comes next?")
    return widgets.VBox([shown, entry, told])


def temperature_slider(draw: Callable[[float], None], value: float = 1.0) -> Any:
    """Show a slider for the sampling temperature that redraws as it moves.

    Args:
        draw: Called with the temperature; what it displays appears under the slider.
        value: Where the slider starts.

    Returns:
        The interactive control.
    """
    widgets = require("ipywidgets", extra="notebook")
    slider = widgets.FloatSlider(
        value=value,
        min=0.0,
        max=2.0,
        step=0.1,
        description="temperature",
        continuous_update=False,
    )
    return widgets.interactive(draw, temperature=slider)
