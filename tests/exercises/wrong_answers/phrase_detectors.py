"""Typical wrong answers to the exercises on words in a row, each with a piece of the hint it must meet."""

import numpy as np

# best-match


def matches(x, W, b):
    width = W.shape[2]
    if len(x) < width:
        raise ValueError("too short")
    places = range(len(x) - width + 1)
    return np.stack([(x[t : t + width].T * W).sum((1, 2)) + b for t in places])


def sums(x, W, b):
    return np.maximum(matches(x, W, b), 0).sum(0)


def means(x, W, b):
    return np.maximum(matches(x, W, b), 0).mean(0)


def without_bias(x, W, b):
    return np.maximum(matches(x, W, 0), 0).max(0)


def turned(x, W, b):
    return np.maximum(matches(x, W[:, :, ::-1], b), 0).max(0)


def first_place(x, W, b):
    return np.maximum(matches(x, W, b), 0)[0]


def last_place(x, W, b):
    return np.maximum(matches(x, W, b), 0)[-1]


def without_relu(x, W, b):
    return matches(x, W, b).max(0)


def absolute(x, W, b):
    return np.abs(matches(x, W, b)).max(0)


def one_number(x, W, b):
    return np.maximum(matches(x, W, b), 0).max(keepdims=True)[0]


def best_place_of_all(x, W, b):
    found = np.maximum(matches(x, W, b), 0)
    return found[found.sum(1).argmax()]


def pads_instead(x, W, b):
    short = max(0, W.shape[2] - len(x))
    return np.maximum(matches(np.pad(x, ((0, short), (0, 0))), W, b), 0).max(0)


# mark-negation


def marking(
    words, negations, ends, double=True, keep=True, mark_no=False, mark_end=False
):
    out, inside = [], False
    for word in words:
        if word in ends:
            out.append(f"NOT_{word}" if inside and mark_end else word)
            inside = False
        elif word in negations and not (inside and not double and mark_no == "second"):
            inside = not inside if double else True
            if keep:
                out.append(f"NOT_{word}" if mark_no is True else word)
        else:
            out.append(f"NOT_{word}" if inside else word)
    return out


def next_word_alone(words, negations, ends):
    return [
        f"NOT_{word}" if i and words[i - 1] in negations else word
        for i, word in enumerate(words)
    ]


def marks_the_negation(words, negations, ends):
    return marking(words, negations, ends, mark_no=True)


def drops_the_negation(words, negations, ends):
    return marking(words, negations, ends, keep=False)


def marks_the_end(words, negations, ends):
    return marking(words, negations, ends, mark_end=True)


def once(words, negations, ends):
    where = [i for i, word in enumerate(words) if word in negations]
    if not where:
        return list(words)
    start = where[0]
    stop = next((i for i in range(start, len(words)) if words[i] in ends), len(words))
    return [f"NOT_{w}" if start < i < stop else w for i, w in enumerate(words)]


def never_ends(words, negations, ends):
    return marking(words, negations, set())


def never_turns_off(words, negations, ends):
    return marking(words, negations, ends, double=False)


def second_is_a_word(words, negations, ends):
    return marking(words, negations, ends, double=False, mark_no="second")


def does_nothing(words, negations, ends):
    return list(words)


def needs_a_word(words, negations, ends):
    if not words:
        return [""]
    return marking(words, negations, ends)


WRONG_ANSWERS = {
    "best-match": [
        (sums, "sum over the places"),
        (means, "mean over the places"),
        (without_bias, "bias is missing"),
        (turned, "turned around"),
        (first_place, "first place alone"),
        (last_place, "last place alone"),
        (without_relu, "reports 0"),
        (absolute, "without its sign"),
        (one_number, "the result has shape [F]"),
        (best_place_of_all, "its own maximum"),
        (pads_instead, "raise a ValueError"),
    ],
    "mark-negation": [
        (next_word_alone, "Only the next word"),
        (marks_the_negation, "negation itself stays"),
        (drops_the_negation, "negation has gone"),
        (does_nothing, "No word is marked"),
        (marks_the_end, "that ends it is not marked"),
        (once, "begins anew"),
        (never_ends, "A word of `ends` ends it"),
        (never_turns_off, "denied twice"),
        (second_is_a_word, "is a negation too"),
        (needs_a_word, "an empty list stays empty"),
    ],
}
