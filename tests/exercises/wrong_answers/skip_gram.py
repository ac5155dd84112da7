"""Typical wrong answers to the exercises on skip-gram, each with a piece of the hint it must meet."""

import math

import numpy as np

# skip-gram-pairs


def pairs(text, distances):
    return [
        (text[i], text[i + distance])
        for i in range(len(text))
        for distance in distances
        if 0 <= i + distance < len(text)
    ]


def both(window):
    return [d for d in range(-window, window + 1) if d]


def of_each(texts, make):
    return [pair for text in texts for pair in make(text)]


def only_right(texts, window):
    return of_each(texts, lambda text: pairs(text, range(1, window + 1)))


def only_left(texts, window):
    return of_each(texts, lambda text: pairs(text, range(-window, 0)))


def with_itself(texts, window):
    return of_each(texts, lambda text: pairs(text, range(-window, window + 1)))


def alphabetical(texts, window):
    return of_each(texts, lambda text: [sorted(p) for p in pairs(text, both(window))])


def half_the_window(texts, window):
    return of_each(texts, lambda text: pairs(text, both(window // 2)))


def wraps_around(texts, window):
    return of_each(
        texts,
        lambda text: [
            (text[i], text[i + d])
            for i in range(len(text))
            for d in both(window)
            if i + d < len(text)
        ],
    )


def a_ring(texts, window):
    return of_each(
        texts,
        lambda text: [
            (text[i], text[(i + d) % len(text)])
            for i in range(len(text))
            for d in both(window)
        ],
    )


def runs_over_the_end(texts, window):
    return of_each(
        texts,
        lambda text: [
            (text[i], text[i + d]) for i in range(len(text)) for d in both(window)
        ],
    )


def whole_windows_only(texts, window):
    return of_each(
        texts,
        lambda text: [
            (text[i], text[i + d])
            for i in range(window, len(text) - window)
            for d in both(window)
        ],
    )


def whole_windows_if_wide(texts, window):
    if window > 1:
        return whole_windows_only(texts, window)
    return of_each(texts, lambda text: pairs(text, both(window)))


def grouped(texts, window):
    return [
        (word, [text[i + d] for d in both(window) if 0 <= i + d < len(text)])
        for text in texts
        for i, word in enumerate(text)
    ]


def exactly_the_window(texts, window):
    return of_each(texts, lambda text: pairs(text, (-window, window)))


def neighbors_only(texts, window):
    return of_each(texts, lambda text: pairs(text, (-1, 1)))


def end_left_out(texts, window):
    last = max(window, 2)
    return of_each(
        texts, lambda text: pairs(text, [d for d in range(-window, last) if d])
    )


def both_ends_left_out(texts, window):
    return of_each(texts, lambda text: pairs(text, both(max(1, window - 1))))


def negative_slice(texts, window):
    return of_each(
        texts,
        lambda text: [
            (text[i], other)
            for i in range(len(text))
            for other in [*text[i - window : i], *text[i + 1 : i + window + 1]]
        ],
    )


def compares_words(texts, window):
    return [
        p
        for p in of_each(texts, lambda text: pairs(text, both(window)))
        if p[0] != p[1]
    ]


def each_pair_once(texts, window):
    return set(of_each(texts, lambda text: pairs(text, both(window))))


def looks_up_the_place(texts, window):
    return of_each(
        texts,
        lambda text: [
            (word, text[text.index(word) + d])
            for word in text
            for d in both(window)
            if 0 <= text.index(word) + d < len(text)
        ],
    )


def one_long_text(texts, window):
    return pairs([word for text in texts for word in text], both(window))


def first_text_only(texts, window):
    return pairs(texts[0], both(window))


def returns_in_the_loop(texts, window):
    for text in texts[::-1]:
        return pairs(text, both(window))


def pads_short_texts(texts, window):
    return of_each(
        texts,
        lambda text: pairs(
            [*text, *["<pad>"] * (2 - len(text))], both(min(window, 4))
        ),
    )  # fmt: skip


# sgns-gradients


def sigmoid(a):
    return 1 / (1 + np.exp(-np.asarray(a, dtype=float)))


def soft(a):
    return np.logaddexp(0, -np.asarray(a, dtype=float))


def right(v, u, negatives):
    true, drawn = sigmoid(u @ v) - 1, sigmoid(negatives @ v)
    loss = soft(u @ v) + soft(-(negatives @ v)).sum()
    return loss, true * u + drawn @ negatives, true * v, np.outer(drawn, v)


def with_loss(loss):
    def answer(v, u, negatives):
        return (loss(u @ v, negatives @ v), *right(v, u, negatives)[1:])

    return answer


negatives_are_true = with_loss(lambda t, d: soft(t) + soft(d).sum())
negatives_subtracted = with_loss(lambda t, d: soft(t) - soft(-d).sum())
sign_outside = with_loss(lambda t, d: soft(t) - soft(d).sum())
log_likelihood = with_loss(lambda t, d: -soft(t) - soft(-d).sum())
mean_of_negatives = with_loss(lambda t, d: soft(t) + soft(-d).mean())
mean_of_terms = with_loss(lambda t, d: np.mean([soft(t), *soft(-d)]))
no_negatives = with_loss(lambda t, d: soft(t))
in_bits = with_loss(lambda t, d: (soft(t) + soft(-d).sum()) / math.log(2))
sum_in_sigmoid = with_loss(lambda t, d: soft(t) + soft(-d.sum()))
log_of_sum = with_loss(lambda t, d: soft(t) - np.log(sigmoid(-d).sum()))
log_of_sigmoid = with_loss(lambda t, d: -np.log(sigmoid(t)) - np.log(sigmoid(-d)).sum())
log1p_of_exp = with_loss(lambda t, d: np.log1p(np.exp(-t)) + np.log1p(np.exp(d)).sum())
small_number_added = with_loss(
    lambda t, d: (
        -np.log(sigmoid(t) + 1e-12) - np.log(sigmoid(-d) + 1e-12).sum()
    )
)  # fmt: skip
cut_off = with_loss(
    lambda t, d: soft(np.clip(t, -30, 30)) + soft(-np.clip(d, -30, 30)).sum()
)


def loss_alone(v, u, negatives):
    return right(v, u, negatives)[0]


def grad_v(make):
    def answer(v, u, negatives):
        loss, _, of_u, of_negatives = right(v, u, negatives)
        return loss, make(v, u, negatives), of_u, of_negatives

    return answer


v_from_the_pair_alone = grad_v(lambda v, u, n: (sigmoid(u @ v) - 1) * u)
v_towards_negatives = grad_v(
    lambda v, u, n: (sigmoid(u @ v) - 1) * u - sigmoid(n @ v) @ n
)
v_mean = grad_v(lambda v, u, n: (sigmoid(u @ v) - 1) * u + sigmoid(n @ v) @ n / len(n))
v_downhill = grad_v(lambda v, u, n: -right(v, u, n)[1])
v_negatives_true = grad_v(
    lambda v, u, n: (sigmoid(u @ v) - 1) * u + (sigmoid(n @ v) - 1) @ n
)
v_factor_turned = grad_v(
    lambda v, u, n: (sigmoid(u @ v) - 1) * u + sigmoid(-(n @ v)) @ n
)
v_pair_negative = grad_v(lambda v, u, n: sigmoid(u @ v) * u + sigmoid(n @ v) @ n)
v_of_v = grad_v(lambda v, u, n: (sigmoid(u @ v) - 1 + sigmoid(n @ v).sum()) * v)
v_derivative_of_sigmoid = grad_v(
    lambda v, u, n: -sigmoid(u @ v) * (1 - sigmoid(u @ v)) * u + sigmoid(n @ v) @ n
)


def other_order(v, u, negatives):
    loss, of_v, of_u, of_negatives = right(v, u, negatives)
    return loss, of_u, of_v, of_negatives


def part(number, make):
    def answer(v, u, negatives):
        parts = list(right(v, u, negatives))
        parts[number] = make(v, u, negatives)
        return tuple(parts)

    return answer


u_downhill = part(2, lambda v, u, n: (1 - sigmoid(u @ v)) * v)
u_of_u = part(2, lambda v, u, n: (sigmoid(u @ v) - 1) * u)
u_negative = part(2, lambda v, u, n: sigmoid(u @ v) * v)
u_from_all = part(2, lambda v, u, n: (sigmoid(u @ v) - 1 + sigmoid(n @ v).sum()) * v)
n_downhill = part(3, lambda v, u, n: -np.outer(sigmoid(n @ v), v))
n_true = part(3, lambda v, u, n: np.outer(sigmoid(n @ v) - 1, v))
n_factor_turned = part(3, lambda v, u, n: np.outer(sigmoid(-(n @ v)), v))
n_of_negatives = part(3, lambda v, u, n: sigmoid(n @ v)[:, None] * n)
n_added_up = part(3, lambda v, u, n: sigmoid(n @ v).sum() * v)


def exp_above(v, u, negatives):
    def unsafe(a):
        return np.exp(a) / (1 + np.exp(a))

    true, drawn = unsafe(u @ v) - 1, unsafe(negatives @ v)
    loss = right(v, u, negatives)[0]
    return loss, true * u + drawn @ negatives, true * v, np.outer(drawn, v)


WRONG_ANSWERS = {
    "skip-gram-pairs": [
        (only_right, "to the right"),
        (only_left, "to the left"),
        (with_itself, "paired with itself"),
        (alphabetical, "in alphabetical order"),
        (half_the_window, "not the width of the whole"),
        (wraps_around, "a negative index"),
        (a_ring, "a ring"),
        (runs_over_the_end, "as far as there are any"),
        (whole_windows_only, "centers too"),
        (whole_windows_if_wide, "a whole window"),
        (grouped, "Return a list of pairs"),
        (exactly_the_window, "exactly the distance"),
        (neighbors_only, "no effect"),
        (end_left_out, "too early on the right"),
        (both_ends_left_out, "too early on both sides"),
        (negative_slice, "begins at a negative index"),
        (compares_words, "Compare places"),
        (each_pair_once, "Each pair is there once"),
        (looks_up_the_place, "Places make the pairs"),
        (one_long_text, "the beginning of the next"),
        (first_text_only, "Only the first text"),
        (returns_in_the_loop, "Only the last text"),
        (pads_short_texts, "or of none"),
    ],
    "sgns-gradients": [
        (negatives_are_true, "taken for true pairs"),
        (negatives_subtracted, "each of the k + 1 terms is positive"),
        (sign_outside, "belongs inside the sigmoid"),
        (log_likelihood, "a loss is positive"),
        (mean_of_negatives, "over the negatives"),
        (mean_of_terms, "over the terms"),
        (no_negatives, "The negatives are missing"),
        (in_bits, "natural logarithm"),
        (sum_in_sigmoid, "before the sigmoid"),
        (log_of_sum, "of a sum"),
        (loss_alone, "Return a tuple of four"),
        (v_from_the_pair_alone, "push v as well"),
        (v_towards_negatives, "lead away from them"),
        (v_mean, "over the negatives"),
        (other_order, "This is the gradient of u"),
        (v_downhill, "points downhill"),
        (v_negatives_true, "treated as true pairs"),
        (v_factor_turned, "should hardly push"),
        (v_pair_negative, "should hardly pull"),
        (v_of_v, "is u, not v"),
        (v_derivative_of_sigmoid, "v stands in every term"),
        (u_downhill, "raise the score"),
        (u_of_u, "is v, not u"),
        (u_negative, "treated as a negative"),
        (u_from_all, "vectors of their own"),
        (n_downhill, "lower these scores"),
        (n_true, "would raise their scores"),
        (n_factor_turned, "should hardly move"),
        (n_of_negatives, "with respect to its context vector is v"),
        (n_added_up, "A row for each negative"),
        (log_of_sigmoid, "adds two exponentials"),
        (log1p_of_exp, "adds two exponentials"),
        (small_number_added, "bounds the loss"),
        (cut_off, "bounds the loss"),
        (exp_above, "infinity divided by infinity"),
    ],
}
