"""The rules of the guessing game, and the control around it."""

import pytest

from companion.widgets import GuessingGame, guessing_game, temperature_slider


def test_a_right_guess_moves_on_and_counts_the_guesses() -> None:
    game = GuessingGame("abc", start=1)
    assert game.shown == "a"
    assert not game.guess("x")
    assert not game.guess("y")
    assert game.guess("b")
    assert game.guess("c")
    assert game.ranks == [3, 1]
    assert game.over


def test_the_same_wrong_guess_counts_once() -> None:
    game = GuessingGame("ab")
    game.guess("x")
    game.guess("x")
    game.guess("a")
    assert game.ranks == [2]


def test_bounds_appear_with_the_first_hit() -> None:
    game = GuessingGame("aab")
    assert game.bounds() is None
    for character in "aab":
        game.guess(character)
    bounds = game.bounds()
    assert bounds is not None
    assert (bounds.lower, bounds.upper) == (0.0, 0.0)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="leave something to guess"):
        GuessingGame("ab", start=2)
    game = GuessingGame("a")
    with pytest.raises(ValueError, match="one character"):
        game.guess("ab")
    game.guess("a")
    with pytest.raises(ValueError, match="new game"):
        game.guess("b")


def test_the_control_plays_a_whole_game() -> None:
    box = guessing_game("a b", start=1, model_ranks=[1, 2])
    shown, entry, told = box.children
    entry.value = "x"
    assert "No." in told.value
    entry.value = "_"  # a blank
    assert "Right." in told.value
    assert "the model needed 1.00" in told.value
    entry.value = "b"
    assert shown.value == "a b"
    entry.value = "c"
    assert "complete" in told.value


def test_the_control_refuses_ranks_of_another_length() -> None:
    with pytest.raises(ValueError, match="3 characters are hidden, got 1 ranks"):
        guessing_game("abcd", start=1, model_ranks=[1])


def test_the_slider_draws_at_the_temperature_it_shows() -> None:
    drawn: list[float] = []
    control = temperature_slider(
        lambda temperature: drawn.append(temperature), value=0.5
    )
    control.update()
    control.children[0].value = 1.5
    assert drawn[0] == 0.5
    assert drawn[-1] == 1.5
