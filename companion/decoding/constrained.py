"""Make a model write what a regular expression allows: only tokens after which the text can still be finished."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Tensor

from companion.decoding.regular import NOTHING, Regex, derivative, parse
from companion.decoding.streaming import token_bytes
from companion.text.tokenizer import Tokenizer

MAX_STATES = 4000
_DEAD = -1


def automaton(expression: Regex) -> tuple[Int[np.ndarray, "states 256"], list[bool]]:
    """Turn an expression into a table: a state for each derivative of it, the first for the expression itself.

    Args:
        expression: The set of byte strings.

    Returns:
        The next state for each state and byte, shape [states, 256], -1 where no string goes on so; and for each state
        whether the text may end there. From every state a text can be finished.

    Raises:
        ValueError: If there are more than 4,000 states.

    Source: Brzozowski (1964), section 5.
    """
    # Bytes that occur in the same sets have the same derivatives: one of each kind is enough.
    masks = sorted(expression.masks())
    kinds: dict[tuple[int, ...], list[int]] = {}
    for byte in range(256):
        kinds.setdefault(tuple(mask >> byte & 1 for mask in masks), []).append(byte)
    numbers, todo, rows = {expression: 0}, [expression], []
    for state in todo:
        row = np.full(256, _DEAD, dtype=np.int32)
        for alike in kinds.values():
            rest = derivative(state, alike[0])
            if rest == NOTHING:
                continue
            if rest not in numbers:
                if len(numbers) >= MAX_STATES:
                    raise ValueError(
                        f"the pattern needs more than {MAX_STATES} states: repeat less, or split it"
                    )
                numbers[rest] = len(numbers)
                todo.append(rest)
            row[alike] = numbers[rest]
        rows.append(row)
    return np.stack(rows), [state.nullable for state in todo]


class RegexConstraint:
    """Which tokens a model may write next, so that the whole text matches a regular expression.

    Tokens are walked through the automaton byte by byte, so a token may begin in one part of the pattern and end in
    another, or inside a character. A token is allowed if after it the text can still be finished with the tokens that
    there are.

    Args:
        pattern: The expression, see `companion.decoding.regular.parse`; the whole text must match.
        pieces: The bytes that each token stands for; an empty entry is a token that is never written.

    Attributes:
        pattern: The expression.
        vocab_size: Number of tokens.
        start: The state at the beginning.

    Raises:
        ValueError: If the pattern cannot be read, or no text made of these tokens matches it.

    Source: Willard & Louf (2023), section 3; book, chapter 13.

    Example:
        >>> constraint = RegexConstraint("a+b", [b"a", b"b", b"ab"])
        >>> constraint.allowed(constraint.start).tolist()
        [True, False, True]
        >>> constraint.allowed(constraint.start, left=1).tolist()
        [False, False, True]
    """

    def __init__(self, pattern: str, pieces: Sequence[bytes]) -> None:
        self.pattern = pattern
        self.vocab_size = len(pieces)
        self.start = 0
        table, self._final = automaton(parse(pattern))
        dead = len(table)
        # One more state, from which nothing leads back, and one more byte, which changes nothing and fills up tokens.
        self._table = np.full((dead + 1, 257), dead, dtype=np.int32)
        self._table[:-1, :256] = np.where(table == _DEAD, dead, table)
        self._table[:, 256] = np.arange(dead + 1)
        longest = max((len(piece) for piece in pieces), default=0)
        self._bytes = np.full((longest, len(pieces)), 256, dtype=np.int32)
        for token, piece in enumerate(pieces):
            self._bytes[: len(piece), token] = list(piece)
        self._silent = np.array([not piece for piece in pieces], dtype=bool)
        self._next: dict[int, Int[np.ndarray, " vocab"]] = {}
        self._explore()
        self._left = self._distances()
        self._farthest = self._left[np.isfinite(self._left)].max(initial=0)
        self._masks: dict[tuple[int, int | None], Tensor] = {}
        if not np.isfinite(self._left[self.start]):
            raise ValueError(
                f"no text made of these {len(pieces)} tokens matches {pattern!r}: is a character missing from the "
                "vocabulary?"
            )

    @classmethod
    def for_tokenizer(cls, pattern: str, tokenizer: Tokenizer) -> RegexConstraint:
        """Make a constraint on the tokens of a tokenizer, which must join to the text (BPE, characters, bytes).

        Raises:
            TypeError: If they do not.
            ValueError: See the class.
        """
        return cls(pattern, token_bytes(tokenizer))

    def _walk(self, state: int) -> Int[np.ndarray, " vocab"]:
        """Return the state after each token, all tokens at once."""
        at = np.full(self.vocab_size, state, dtype=np.int32)
        for column in self._bytes:
            at = self._table[at, column]
        return np.where(self._silent, len(self._table) - 1, at)

    def _explore(self) -> None:
        """Walk all tokens from every state that tokens lead to."""
        todo = [self.start]
        for state in todo:
            self._next[state] = self._walk(state)
            for after in np.unique(self._next[state]).tolist():
                if after < len(self._final) and after not in self._next:
                    self._next[after] = np.empty(0, dtype=np.int32)  # is on the list
                    todo.append(after)

    def _distances(self) -> np.ndarray:
        """Return how many tokens a text still needs from each state, infinity where none lead to an end."""
        left = np.full(len(self._table), np.inf)
        left[:-1][self._final] = 0
        after = {state: np.unique(targets) for state, targets in self._next.items()}
        changed = True
        while changed:
            changed = False
            for state, targets in after.items():
                best = 1 + left[targets].min(initial=np.inf)
                if best < left[state]:
                    left[state], changed = best, True
        return left

    def allowed(self, state: int, left: int | None = None) -> Bool[Tensor, " vocab"]:
        """Return which tokens may come next.

        Args:
            state: Where the text stands.
            left: How many tokens may still be written; None for no limit.

        Returns:
            Shape [vocab]; True where the text can be finished after the token, within what is then left.
        """
        # Where there is time enough, the limit makes no difference and one mask serves all.
        if left is not None and left > self._farthest:
            left = None
        if (state, left) not in self._masks:
            limit = np.inf if left is None else left
            after = 1 + self._left[self._next[state]]
            mask = np.isfinite(after) & (after <= limit)
            self._masks[state, left] = torch.from_numpy(mask)
        return self._masks[state, left]

    def advance(self, state: int, token: int) -> int:
        """Return the state after one more token.

        Raises:
            ValueError: If the token is not allowed there.
        """
        after = int(self._next[state][token])
        if not np.isfinite(self._left[after]):
            raise ValueError(
                f"token {token} is not allowed here: {self.pattern!r} could no longer be matched"
            )
        return after

    def accepts(self, state: int) -> bool:
        """Return whether the text may end here."""
        return self._final[state]

    def tokens_left(self, state: int) -> int:
        """Return how many tokens the text needs at least until it may end."""
        return int(self._left[state])
