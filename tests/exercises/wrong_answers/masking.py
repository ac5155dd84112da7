"""Typical wrong answers to the exercises on gaps, each with a piece of the hint it must meet."""

import numpy as np

# bert-parameters


def count(
    v,
    t,
    d,
    layers,
    d_ff,
    tables=None,
    norm=None,
    attention=None,
    feed=None,
    norms=None,
    pooler=None,
):
    block = 4 * (d * d + d) if attention is None else attention
    block += 2 * d * d_ff + d_ff + d if feed is None else feed
    block += 4 * d if norms is None else norms
    total = (v + t + 2) * d if tables is None else tables
    total += 2 * d if norm is None else norm
    return total + layers * block + (d * d + d if pooler is None else pooler)


def without_first_norm(v, t, d, layers, d_ff):
    return count(v, t, d, layers, d_ff, norm=0)


def without_pooler(v, t, d, layers, d_ff):
    return count(v, t, d, layers, d_ff, pooler=0)


def pooler_without_bias(v, t, d, layers, d_ff):
    return count(v, t, d, layers, d_ff, pooler=d * d)


def without_segments(v, t, d, layers, d_ff):
    return count(v, t, d, layers, d_ff, tables=(v + t) * d)


def with_output_layer(v, t, d, layers, d_ff):
    return count(v, t, d, layers, d_ff, tables=(2 * v + t + 2) * d)


def projections_without_bias(v, t, d, layers, d_ff):
    return count(v, t, d, layers, d_ff, attention=4 * d * d)


def feed_forward_without_bias(v, t, d, layers, d_ff):
    return count(v, t, d, layers, d_ff, feed=2 * d * d_ff)


def one_norm(v, t, d, layers, d_ff):
    return count(v, t, d, layers, d_ff, norms=2 * d)


def three_projections(v, t, d, layers, d_ff):
    return count(v, t, d, layers, d_ff, attention=3 * (d * d + d))


def always_four_times(v, t, d, layers, d_ff):
    return count(v, t, d, layers, 4 * d)


def norms_have_one_vector(v, t, d, layers, d_ff):
    return count(v, t, d, layers, d_ff, norm=d, norms=2 * d)


# hide-tokens


def hide(tokens, chosen, u, drawn, mask_id, mask=0.8, swap=0.9):
    inputs = tokens.copy()
    inputs[chosen & (u < swap)] = drawn[chosen & (u < swap)]
    inputs[chosen & (u < mask)] = mask_id
    return inputs, np.where(chosen, tokens, -100)


def everything_is_asked(tokens, chosen, u, drawn, mask_id):
    return hide(tokens, chosen, u, drawn, mask_id)[0], tokens.copy()


def what_stays_is_not_asked(tokens, chosen, u, drawn, mask_id):
    inputs, _ = hide(tokens, chosen, u, drawn, mask_id)
    return inputs, np.where(chosen & (u < 0.9), tokens, -100)


def masks_alone_are_asked(tokens, chosen, u, drawn, mask_id):
    inputs, _ = hide(tokens, chosen, u, drawn, mask_id)
    return inputs, np.where(inputs == mask_id, tokens, -100)


def targets_after_hiding(tokens, chosen, u, drawn, mask_id):
    inputs, _ = hide(tokens, chosen, u, drawn, mask_id)
    return inputs, np.where(chosen, inputs, -100)


def targets_first(*given):
    return hide(*given)[::-1]


def inputs_alone(*given):
    return hide(*given)[0]


def masks_only(tokens, chosen, u, drawn, mask_id):
    return hide(tokens, chosen, 0 * u, drawn, mask_id)


def hides_everywhere(tokens, chosen, u, drawn, mask_id):
    inputs, _ = hide(tokens, np.ones_like(chosen), u, drawn, mask_id)
    return inputs, np.where(chosen, tokens, -100)


def swaps_last(tokens, chosen, u, drawn, mask_id):
    inputs = np.where(chosen & (u < 0.8), mask_id, tokens)
    inputs = np.where(chosen & (u >= 0.9), drawn, inputs)
    return inputs, np.where(chosen, tokens, -100)


def nothing_stays(tokens, chosen, u, drawn, mask_id):
    return hide(tokens, chosen, u, drawn, mask_id, swap=1.1)


def turned_around(tokens, chosen, u, drawn, mask_id):
    inputs = np.where(chosen & (u > 0.9), mask_id, tokens)
    return inputs, np.where(chosen, tokens, -100)


def borders_included(tokens, chosen, u, drawn, mask_id):
    return hide(tokens, chosen, u, drawn, mask_id, mask=0.8 + 1e-9, swap=0.9 + 1e-9)


def one_row_alone(tokens, chosen, u, drawn, mask_id):
    if tokens.ndim == 1:
        return hide(tokens, chosen, u, drawn, mask_id)
    return hide(tokens[0], chosen[0], u[0], drawn[0], mask_id)


# fill-gap


def exact(P, left, right, n):
    forward, backward = [P[left]], [P[:, right]]
    for _ in range(n - 1):
        forward.append(forward[-1] @ P)
        backward.append(P @ backward[-1])
    both = np.array(forward) * np.array(backward[::-1])
    if not both.sum() > 0:
        raise ValueError("no filling is possible")
    return both / both.sum(1, keepdims=True)


def left_alone(P, left, right, n):
    return np.array([np.linalg.matrix_power(P, i + 1)[left] for i in range(n)])


def right_alone(P, left, right, n):
    columns = [np.linalg.matrix_power(P, n - i)[:, right] for i in range(n)]
    return np.array([c / c.sum() for c in columns])


def unnormalized(P, left, right, n):
    sums = [
        np.linalg.matrix_power(P, i + 1)[left]
        * np.linalg.matrix_power(P, n - i)[:, right]
        for i in range(n)
    ]
    return np.array(sums)


def row_of_the_right(P, left, right, n):
    both = P[left] * P[right]
    return np.tile(both / both.sum(), (n, 1))


def one_row_flat(P, left, right, n):
    return exact(P, left, right, n)[0]


def backwards(P, left, right, n):
    return exact(P, left, right, n)[::-1]


def neighbors_alone(P, left, right, n):
    """Look at the ends as if they were next to each word."""
    both = P[left] * P[:, right]
    return np.tile(both / both.sum(), (n, 1))


def lists_all_fillings(P, left, right, n):
    if n > 20:
        raise MemoryError("too many fillings")
    return exact(P, left, right, n)


def not_a_number(P, left, right, n):
    forward = [np.linalg.matrix_power(P, i + 1)[left] for i in range(n)]
    backward = [np.linalg.matrix_power(P, n - i)[:, right] for i in range(n)]
    both = np.array(forward) * np.array(backward)
    return both / both.sum(1, keepdims=True)


WRONG_ANSWERS = {
    "bert-parameters": [
        (without_first_norm, "LayerNorm after the sum"),
        (without_pooler, "pooler is missing"),
        (pooler_without_bias, "the pooler has a bias"),
        (without_segments, "table of the two segments"),
        (with_output_layer, "no parameter of its own"),
        (projections_without_bias, "four projections of attention have biases"),
        (feed_forward_without_bias, "feed-forward part have biases"),
        (one_norm, "two LayerNorms, with 2 d"),
        (three_projections, "four matrices"),
        (always_four_times, "not always 4 d"),
        (norms_have_one_vector, "a scale and a shift"),
    ],
    "hide-tokens": [
        (everything_is_asked, "they are not asked for"),
        (what_stays_is_not_asked, "asked for all the same"),
        (masks_alone_are_asked, "not only those with [MASK]"),
        (targets_after_hiding, "stood there before"),
        (targets_first, "whatever the model sees"),
        (inputs_alone, "Return a tuple"),
        (masks_only, "use u"),
        (hides_everywhere, "were changed as well"),
        (swaps_last, "from 0.9 on the old one"),
        (nothing_stays, "stays as it was"),
        (turned_around, "inequality"),
        (borders_included, "first that stays"),
        (one_row_alone, "write conditions"),
    ],
    "fill-gap": [
        (left_alone, "left side alone"),
        (right_alone, "right side alone"),
        (unnormalized, "divide by their sum"),
        (row_of_the_right, "column of `right`"),
        (one_row_flat, "also for one"),
        (backwards, "wrong order"),
        (neighbors_alone, "sum over all fillings"),
        (lists_all_fillings, "do not list them"),
        (not_a_number, "raise a ValueError"),
    ],
}
