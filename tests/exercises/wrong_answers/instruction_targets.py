"""Typical wrong answers to the exercise on targets, each with a piece of the hint it must meet."""

import numpy as np


def build(prompts, answers, fill=0, left=False):
    if not all(prompts):
        raise ValueError("empty prompt")
    rows = [p + a for p, a in zip(prompts, answers, strict=True)]
    longest = max(map(len, rows))
    pad = [[fill] * (longest - len(row)) for row in rows]
    tokens = np.array(
        [(p + r) if left else (r + p) for r, p in zip(rows, pad, strict=True)]
    )
    place = np.arange(longest)
    begins = np.array([[len(p)] for p in prompts])
    ends = np.array([[len(row)] for row in rows])
    return tokens, place, begins, ends


def masked(tokens, keep):
    return np.where(keep, tokens, -100)[:, 1:]


def right(prompts, answers):
    tokens, place, begins, ends = build(prompts, answers)
    return tokens, masked(tokens, (place >= begins) & (place < ends))


def targets_alone(prompts, answers):
    return right(prompts, answers)[1]


def ragged(prompts, answers):
    tokens = [p + a for p, a in zip(prompts, answers, strict=True)]
    return tokens, right(prompts, answers)[1]


def left_padding(prompts, answers):
    tokens, *_ = build(prompts, answers, left=True)
    return tokens, right(prompts, answers)[1]


def marks_in_the_tokens(prompts, answers):
    tokens, *_ = build(prompts, answers, fill=-100)
    return tokens, right(prompts, answers)[1]


def reads_too_little(prompts, answers):
    tokens, targets = right(prompts, answers)
    return tokens[:, :-1], targets


def not_shifted(prompts, answers):
    tokens, place, begins, ends = build(prompts, answers)
    return tokens, np.where((place >= begins) & (place < ends), tokens, -100)


def not_shifted_and_cut(prompts, answers):
    tokens, targets = not_shifted(prompts, answers)
    return tokens, targets[:, :-1]


def first_token_missing(prompts, answers):
    tokens, place, begins, ends = build(prompts, answers)
    return tokens, masked(tokens, (place > begins) & (place < ends))


def one_of_the_prompt(prompts, answers):
    tokens, place, begins, ends = build(prompts, answers)
    return tokens, masked(tokens, (place >= begins - 1) & (place < ends))


def padding_counts(prompts, answers):
    tokens, place, begins, _ = build(prompts, answers)
    return tokens, masked(tokens, place >= begins)


def prompts_count(prompts, answers):
    tokens, place, _, ends = build(prompts, answers)
    return tokens, masked(tokens, place < ends)


def all_count(prompts, answers):
    tokens, *_ = build(prompts, answers)
    return tokens, tokens[:, 1:]


def padding_by_value(prompts, answers):
    tokens, place, begins, _ = build(prompts, answers)
    return tokens, masked(tokens, (place >= begins) & (tokens != 0))


def takes_empty_prompts(prompts, answers):
    marked = [p or [0] for p in prompts]
    return right(marked, answers)


WRONG_ANSWERS = {
    "answer-targets": [
        (targets_alone, "Return a tuple of two"),
        (ragged, "fill the short ones up"),
        (left_padding, "Fill up at the right"),
        (marks_in_the_tokens, "-100 is no token"),
        (reads_too_little, "last column is missing"),
        (not_shifted, "not shifted"),
        (not_shifted_and_cut, "not shifted"),
        (first_token_missing, "first token of each answer is missing"),
        (one_of_the_prompt, "last token of each prompt"),
        (padding_counts, "Padding counts"),
        (prompts_count, "tokens of the prompts count"),
        (all_count, "All tokens count"),
        (padding_by_value, "not by its value"),
        (takes_empty_prompts, "Raise a ValueError"),
    ],
}
