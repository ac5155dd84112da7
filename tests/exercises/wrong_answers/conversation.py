"""Typical wrong answers to the exercises on dialogue, each with a piece of the hint it must meet."""

import re
from fractions import Fraction

import numpy as np


def from_the_front(sizes, budget):
    used = 0
    for i, size in enumerate(sizes):
        used += size
        if used > budget:
            return i
    return 0


def below_the_budget(sizes, budget):
    i, used = len(sizes), 0
    while i > 0 and used + sizes[i - 1] < budget:
        i -= 1
        used += sizes[i]
    return i


def below_except_at_the_end(sizes, budget):
    i, used = len(sizes), 0
    while i > 0 and used + sizes[i - 1] <= min(budget, 14):
        i -= 1
        used += sizes[i]
    return i


def over_the_gap(sizes, budget):
    kept, used = len(sizes), 0
    for i in reversed(range(len(sizes))):
        if used + sizes[i] <= budget:
            used += sizes[i]
            kept = i
    return kept


def always_the_last(sizes, budget):
    i, used = len(sizes), 0
    while i > 0 and (used + sizes[i - 1] <= budget or i == len(sizes)):
        i -= 1
        used += sizes[i]
    return i


def one_step_too_many(m, first, step, reading, streaming):
    if streaming:
        return first + max(step, reading) * (m - 1) + reading
    return first + m * step + m * reading


def only_the_writing(m, first, step, reading, streaming):
    if not streaming:
        return first + (m - 1) * step + m * reading
    return first + (m - 1) * step + reading


def only_the_reading(m, first, step, reading, streaming):
    if not streaming:
        return first + (m - 1) * step + m * reading
    return first + m * reading


def token_by_token(m, first, step, reading, streaming):
    done = 0.0
    for i in range(min(m, 1000)):
        done = max(done, first + (i if streaming else m - 1) * step) + reading
    return done


def turned_around(inside, outside):
    a, b = np.array(inside)[:, None], np.array(outside)
    return float(np.mean((a < b) + 0.5 * (a == b)))


def ties_lost(inside, outside):
    below = np.searchsorted(np.sort(outside), inside, "left")
    return below.mean() / len(outside)


def all_pairs(inside, outside):
    a, b = np.array(inside), np.array(outside)
    if len(a) * len(b) > 10**8:
        raise MemoryError("too many pairs")
    return float(np.mean((a[:, None] > b) + 0.5 * (a[:, None] == b)))


def empty_is_nothing(inside, outside):
    if len(inside) == 0 or len(outside) == 0:
        return 0.0
    b = np.sort(outside)
    below = np.searchsorted(b, inside, "left") + np.searchsorted(b, inside, "right")
    return below.mean() / 2 / len(b)


def _checked(text, pattern=r"[\d.+\-*/() ]*"):
    if not re.fullmatch(pattern, text):
        raise ValueError("no calculation")


def in_floats(text):
    _checked(text)
    return eval(text)


def left_to_right(text):
    _checked(text)
    tokens = re.findall(r"\d+(?:\.\d+)?|[-+*/]", text)
    value = Fraction(tokens[0])
    for sign, number in zip(tokens[1::2], tokens[2::2], strict=True):
        other = Fraction(number)
        value = {"+": value + other, "-": value - other, "*": value * other}.get(
            sign, value / other
        )
    return value


class Reader:
    """A calculator that is right, with switches for what may go wrong."""

    def __init__(self, text, signs=True, whole=True, deepest=50):
        _checked(text)
        self.tokens = re.findall(r"\d+(?:\.\d+)?|\S", text)
        self.signs, self.whole, self.deepest, self.depth = signs, whole, deepest, 0

    def value(self):
        value = self.sum()
        if self.whole and self.tokens:
            raise ValueError("something is left")
        return value

    def sum(self):
        value = self.product()
        while self.tokens and self.tokens[0] in "+-":
            sign, other = self.tokens.pop(0), self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self):
        value = self.signed()
        while self.tokens and self.tokens[0] in "*/":
            sign, other = self.tokens.pop(0), self.signed()
            if sign == "/" and other == 0:
                raise ValueError("division by zero")
            value = value * other if sign == "*" else value / other
        return value

    def signed(self):
        self.depth += 1
        if self.depth > self.deepest:
            raise ValueError("too deep")
        if not self.tokens:
            raise ValueError("something is missing")
        token = self.tokens.pop(0)
        if token in "+-" and self.signs:
            value = self.signed() * (1 if token == "+" else -1)
        elif token == "(":
            value = self.sum()
            if not self.tokens or self.tokens.pop(0) != ")":
                raise ValueError("a parenthesis is missing")
        else:
            value = Fraction(token)
        self.depth -= 1
        return value


def no_signs(text):
    return Reader(text, signs=False).value()


def the_rest_is_ignored(text):
    return Reader(text, whole=False).value()


def as_deep_as_it_goes(text):
    return Reader(text, deepest=10**9).value()


def with_eval(text):
    numbers = re.sub(r"(\d+(?:\.\d+)?)", r"Fraction('\1')", text)
    try:
        return eval(numbers, {"Fraction": Fraction})
    except (SyntaxError, ZeroDivisionError, NameError, TypeError) as error:
        raise ValueError("no calculation") from error


def each_piece_alone(pieces, forbidden):
    for piece in pieces:
        if any(phrase in piece for phrase in forbidden):
            return
        yield piece


def loses_the_tail(pieces, forbidden):
    longest, held = max(map(len, forbidden)), ""
    for piece in pieces:
        held += piece
        yield held[: max(len(held) - longest, 0)]
        held = held[max(len(held) - longest, 0) :]


def first_found(pieces, forbidden):
    held = ""
    for piece in pieces:
        for character in piece:
            held += character
            ends = [p for p in forbidden if held.endswith(p)]
            if ends:
                yield held[: -max(map(len, ends))]
                return
        keep = max(
            k
            for k in range(len(held) + 1)
            if k == 0 or any(p.startswith(held[-k:]) for p in forbidden)
        )
        yield held[: len(held) - keep]
        held = held[len(held) - keep :]
    yield held


def _scan(held, forbidden, final):
    for i in range(len(held)):
        rest = held[i:]
        if any(rest.startswith(p) for p in forbidden):
            return i, True
        if not final and any(p.startswith(rest) for p in forbidden):
            return i, False
    return len(held), False


def everything_at_the_end(pieces, forbidden):
    text = "".join(pieces)
    yield text[: _scan(text, forbidden, True)[0]]


def reads_on(pieces, forbidden):
    held, over = "", False
    for piece in pieces:
        if over:
            continue
        held += piece
        place, over = _scan(held, forbidden, False)
        yield held[:place]
        held = held[place:]
    if not over:
        yield held[: _scan(held, forbidden, True)[0]]


WRONG_ANSWERS = {
    "turns-that-fit": [
        (from_the_front, "Count from the end"),
        (below_the_budget, "Count from the end"),
        (below_except_at_the_end, "may be equal to it"),
        (over_the_gap, "leave a hole"),
        (always_the_last, "none is kept"),
    ],
    "reading-along": [
        (one_step_too_many, "first + (m - 1) * step"),
        (only_the_writing, "never waits again"),
        (only_the_reading, "waits for each token"),
        (token_by_token, "No loop"),
    ],
    "roc-area": [
        (turned_around, "the other side"),
        (ties_lost, "half a success"),
        (all_pairs, "np.searchsorted"),
        (empty_is_nothing, "raise a ValueError"),
    ],
    "safe-calculator": [
        (in_floats, "is exact"),
        (left_to_right, "bind more tightly"),
        (no_signs, "a sign may stand"),
        (the_rest_is_ignored, "the part that could be read"),
        (as_deep_as_it_goes, "not a RecursionError"),
        (with_eval, "eval runs whatever"),
    ],
    "guarded-stream": [
        (each_piece_alone, "hold back"),
        (loses_the_tail, "held back included"),
        (first_found, "begins first"),
        (everything_at_the_end, "has to be shown"),
        (reads_on, "need not write on"),
    ],
}
