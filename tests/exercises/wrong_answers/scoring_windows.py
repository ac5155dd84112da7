"""Typical wrong answers to the exercise on windows, each with a piece of the hint it must meet."""


def refuse(context, stride):
    if not 1 <= stride <= context:
        raise ValueError("stride")


def right(n, context, stride, scored_from=lambda first, scored: scored):
    refuse(context, stride)
    found, first, scored = [], 0, 0
    while scored < n:
        end = min(first + context, n)
        found.append((first, end, scored_from(first, scored)))
        first, scored = first + stride, end
    return found


def past_the_end(n, context, stride):
    return [(first, first + context, scored) for first, _, scored in right(n, context, stride)]  # fmt: skip


def to_the_last_stride(n, context, stride):
    refuse(context, stride)
    found, scored = [], 0
    for first in range(0, n, stride):
        end = min(first + context, n)
        found.append((first, end, scored))
        scored = end
    return found


def scores_again(n, context, stride):
    return right(n, context, stride, lambda first, scored: first)


def scores_again_to_the_last_stride(n, context, stride):
    return [(a, b, a) for a, b, _ in to_the_last_stride(n, context, stride)]


def whole_windows(n, context, stride):
    return [w for w in right(n, context, stride) if w[1] - w[0] == context]


def no_short_end(n, context, stride):
    if n <= context:
        return right(n, context, stride)
    return whole_windows(n, context, stride)


def never_overlaps(n, context, stride):
    refuse(context, stride)
    return right(n, context, context)


def last_stride_alone(n, context, stride):
    windows = right(n, context, stride)
    if n <= context or stride == context:
        return windows
    return [(a, b, max(a, b - stride)) for a, b, _ in windows]


def fixed_number_of_new(n, context, stride):
    return [
        (a, b, max(a, b - stride) if a else 0) for a, b, _ in right(n, context, stride)
    ]


def takes_every_stride(n, context, stride):
    return right(n, context, min(max(stride, 1), context))


def leaves_gaps(n, context, stride):
    if stride < 1:
        raise ValueError("stride")
    return right(n, max(context, stride), stride)


def past_the_end_when_long(n, context, stride):
    return right(n, context, stride) if n < context else past_the_end(n, context, stride)  # fmt: skip


WRONG_ANSWERS = {
    "scoring-windows": [
        (past_the_end, "ends where the text ends"),
        (to_the_last_stride, "after the first window: stop"),
        (scores_again_to_the_last_stride, "after the first window: stop"),
        (whole_windows, "may be shorter"),
        (no_short_end, "never scored"),
        (past_the_end_when_long, "ends where the text ends"),
        (scores_again, "scored twice"),
        (never_overlaps, "stride has no effect"),
        (last_stride_alone, "Nobody scores the first tokens"),
        (fixed_number_of_new, "fewer new tokens"),
        (takes_every_stride, "Raise a ValueError"),
        (leaves_gaps, "Raise a ValueError"),
    ],
}
