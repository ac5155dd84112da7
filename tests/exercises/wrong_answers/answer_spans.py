"""Typical wrong answers to the exercises on question answering, each with a piece of the hint it must meet."""

import numpy as np


def each_alone(start, end, longest):
    if longest < 1:
        raise ValueError
    return int(np.argmax(start)), int(np.argmax(end))


def _spans(start, end, longest, extra=0):
    if longest < 1:
        raise ValueError
    n = len(start)
    pairs = [(i, j) for i in range(n) for j in range(i, min(n, i + longest + extra))]
    return max(pairs, key=lambda p: start[p[0]] + end[p[1]])


def end_first(start, end, longest):
    if longest < 1:
        raise ValueError
    j = int(np.argmax(end))
    return int(np.argmax(start[: j + 1])), j


def one_past(start, end, longest):
    i, j = _spans(start, end, longest)
    return i, j + 1


def one_longer(start, end, longest):
    return _spans(start, end, longest, 1)


def one_shorter(start, end, longest):
    return _spans(start, end, longest, -1 if longest > 1 else 0)


def any_length(start, end, longest):
    return _spans(start, end, max(longest, 1))


def _log_softmax(scores):
    scores = scores - scores.max()
    return scores - np.log(np.exp(scores).sum())


def all_at_once(scores, right):
    return -_log_softmax(scores)[right].sum()


def mean_of_logs(scores, right):
    return -_log_softmax(scores)[right].mean()


def best_place(scores, right):
    return -_log_softmax(scores)[right].max()


def first_place(scores, right):
    return -_log_softmax(scores)[right][0]


def no_minus(scores, right):
    return np.log(np.exp(_log_softmax(scores)[right]).sum())


def overflows(scores, right):
    with np.errstate(all="ignore"):
        e = np.exp(scores)
        return -np.log(e[right].sum() / e.sum())


def no_refusal(scores, right):
    with np.errstate(all="ignore"):
        logs = _log_softmax(scores)[right]
        top = logs.max(initial=-1e300)
        return -(top + np.log(np.exp(logs - top).sum()))


def _soft(x):
    e = np.exp(x - x.max(initial=-1e300))
    return e / e.sum()


def each_passage(passages, null):
    return [_soft(p) for p in passages], 0.4


def without_null(passages, null):
    flat = _soft(np.concatenate(passages))
    return np.split(flat, np.cumsum([len(p) for p in passages])[:-1]), 0.4


def null_each_time(passages, null):
    return [_soft(np.append(p, null))[:-1] for p in passages], 0.4


def overflowing(passages, null):
    with np.errstate(all="ignore"):
        flat = np.exp(np.concatenate([*passages, [null * 1.1]]))
        flat = np.exp(np.concatenate([*passages, [null]])) / (
            flat.sum() - np.exp(null * 1.1) + np.exp(null)
        )
    cut = np.cumsum([len(p) for p in passages])
    return np.split(flat[:-1], cut[:-1]), flat[-1]


def drops_empty(passages, null):
    flat = _soft(np.concatenate([*passages, [null]]))
    parts = np.split(flat[:-1], np.cumsum([len(p) for p in passages])[:-1])
    return [p for p in parts if len(p)], flat[-1]


def _threshold(confidence, gain, choices=None):
    choices = np.append(np.unique(confidence), np.inf) if choices is None else choices
    return float(choices[int(np.argmax([gain(t) for t in choices]))])


def least_risk(confidence, right, answerable):
    def gain(t):
        taken = confidence >= t
        return right[taken].mean() if taken.any() else -1

    return _threshold(confidence, gain)


def answers_only(confidence, right, answerable):
    return _threshold(confidence, lambda t: (right & (confidence >= t)).sum())


def strictly(confidence, right, answerable):
    return _threshold(
        confidence,
        lambda t: (
            (right & (confidence > t)).sum() + (~answerable & (confidence <= t)).sum()
        ),
    )


def never_silent(confidence, right, answerable):
    return _threshold(
        confidence,
        lambda t: (
            (right & (confidence >= t)).sum() + (~answerable & (confidence < t)).sum()
        ),
        np.unique(confidence),
    )


def _inside(spans, test):
    found = [i for i, (a, b) in enumerate(spans) if test(a, b)]
    return (found[0], found[-1]) if found else ()


def touches(spans, first, stop):
    return _inside(spans, lambda a, b: a <= stop + 1 and b > first)


def touches_before(spans, first, stop):
    return _inside(spans, lambda a, b: a < stop and b >= first - 1)


def wholly_inside(spans, first, stop):
    return _inside(spans, lambda a, b: a >= first and b <= stop)


def loses_the_last(spans, first, stop):
    return _inside(spans, lambda a, b: a < stop - 1 and b > first)


def nearest(spans, first, stop):
    found = _inside(spans, lambda a, b: a < stop and b > first)
    return found or (0, 0)


WRONG_ANSWERS = {
    "best-span": [
        (each_alone, "ends before it starts"),
        (end_first, "fixed the best end first"),
        (one_past, "place of the last token"),
        (one_longer, "three tokens"),
        (one_shorter, "two tokens is allowed"),
        (any_length, "ValueError"),
    ],
    "span-loss": [
        (all_at_once, "added the logarithms"),
        (mean_of_logs, "averaged logarithms"),
        (best_place, "best place only"),
        (first_place, "first place only"),
        (no_minus, "minus the logarithm"),
        (overflows, "greatest score"),
        (no_refusal, "ValueError"),
    ],
    "passages-compete": [
        (each_passage, "softmax for each passage"),
        (without_null, "null answer takes part"),
        (null_each_time, "One sum for all passages"),
        (overflowing, "one array for each passage"),
        (drops_empty, "one array for each passage"),
    ],
    "refusal-threshold": [
        (least_risk, "minimized the risk"),
        (answers_only, "right answers only"),
        (strictly, "greater or equal"),
        (never_silent, "Infinity is a threshold"),
    ],
    "find-answer": [
        (touches, "nothing of the last token"),
        (touches_before, "after the first token"),
        (wholly_inside, "in part belong"),
        (loses_the_last, "is in the answer"),
        (nearest, "No token is there"),
    ],
}
