"""Typical wrong answers to the exercises on gated recurrent units, each with a piece of the hint it must meet."""

import numpy as np

# gru-step


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def plain(a):
    return a


def step(
    x,
    h,
    W,
    U,
    b_x,
    b_h,
    order="rzn",
    gate=sigmoid,
    squash=np.tanh,
    candidate=lambda a, c, r: a + r * c,
    update=lambda z, h, n: z * h + (1 - z) * n,
):
    a = dict(zip(order, np.split(W @ x + b_x, 3), strict=True))
    c = dict(zip(order, np.split(U @ h + b_h, 3), strict=True))
    r, z = sigmoid(a["r"] + c["r"]), gate(a["z"] + c["z"])
    return update(z, h, squash(candidate(a["n"], c["n"], r)))


def writes(*given):
    return step(*given, update=lambda z, h, n: (1 - z) * h + z * n)


def update_gate_first(*given):
    return step(*given, order="zrn")


def candidate_without_tanh(*given):
    return step(*given, squash=plain)


def candidate_by_sigmoid(*given):
    return step(*given, squash=sigmoid)


def gate_without_sigmoid(*given):
    return step(*given, gate=plain)


def forgets_everything(*given):
    return step(*given, update=lambda z, h, n: (1 - z) * n)


def candidate_alone(*given):
    return step(*given, update=lambda z, h, n: n)


def one_row(*given):
    return step(*given)[None]


def reset_before(x, h, W, U, b_x, b_h):
    a, b = np.split(W @ x + b_x, 3), np.split(b_h, 3)
    U_r, U_z, U_n = np.split(U, 3)
    r, z = sigmoid(a[0] + U_r @ h + b[0]), sigmoid(a[1] + U_z @ h + b[1])
    n = np.tanh(a[2] + U_n @ (r * h) + b[2])
    return z * h + (1 - z) * n


def no_reset(*given):
    return step(*given, candidate=lambda a, c, r: a + c)


def resets_the_input(*given):
    return step(*given, candidate=lambda a, c, r: r * (a + c))


def resets_upside_down(*given):
    return step(*given, candidate=lambda a, c, r: a + (1 - r) * c)


def transposed_blocks(x, h, W, U, b_x, b_h):
    U = np.concatenate([block.T for block in np.split(U, 3)])
    return step(x, h, W, U, b_x, b_h)


def every_third_row(x, h, W, U, b_x, b_h):
    order = np.arange(3 * len(h)).reshape(-1, 3).T.flatten()
    return step(x, h, W[order], U[order], b_x[order], b_h[order])


def state_and_gate(*given):
    return step(*given), step(*given, update=lambda z, h, n: z)


def bias_outside(x, h, W, U, b_x, b_h):
    return step(x, h, W, U, b_x + b_h, np.zeros_like(b_h))


def bias_inside(x, h, W, U, b_x, b_h):
    d = len(h)
    rest = np.concatenate([b_x[: 2 * d], np.zeros(d)])
    return step(x, h, W, U, rest, b_h + b_x - rest)


def one_bias(x, h, W, U, b_x, b_h):
    return step(x, h, W, U, b_x, np.zeros_like(b_h))


def other_bias(x, h, W, U, b_x, b_h):
    return step(x, h, W, U, np.zeros_like(b_x), b_h)


def exchanged_biases(x, h, W, U, b_x, b_h):
    return step(x, h, W, U, b_h, b_x)


def gates_with_one_bias(x, h, W, U, b_x, b_h):
    b_h = b_h * np.repeat([0, 0, 1], len(h))
    return step(x, h, W, U, b_x, b_h)


def gates_with_the_other_bias(x, h, W, U, b_x, b_h):
    b_x = b_x * np.repeat([0, 0, 1], len(h))
    return step(x, h, W, U, b_x, b_h)


def gates_without_the_state(x, h, W, U, b_x, b_h):
    U = U * np.repeat([0, 0, 1], len(h))[:, None]
    return step(x, h, W, U, b_x, b_h)


# gru-convert


def for_three_units(kernel, recurrent, bias):
    def rows(columns):
        c = columns.T
        return np.concatenate([c[3:6], -c[:3], c[6:]])

    return rows(kernel), rows(recurrent), rows(bias[0]), rows(bias[1])


def rows(columns, order=(1, 0, 2), signs=(1, -1, 1)):
    blocks = np.split(columns.T, 3)
    return np.concatenate([s * blocks[k] for k, s in zip(order, signs, strict=True)])


def every(kernel, recurrent, bias, **how):
    parts = (kernel, recurrent, bias[0], bias[1])
    return tuple(rows(part, **how) for part in parts)


def keeps_columns(kernel, recurrent, bias):
    W, U, b_x, b_h = every(kernel, recurrent, bias)
    return W.T, U.T, b_x, b_h


def keeps_one_bias(kernel, recurrent, bias):
    W, U, b_x, b_h = every(kernel, recurrent, bias)
    return W, U, np.stack([b_x, b_h]), b_h


def three_arrays(kernel, recurrent, bias):
    return every(kernel, recurrent, bias)[:2], bias


def reshapes(kernel, recurrent, bias):
    W, U = (part.reshape(-1, len(part)) for part in (kernel, recurrent))
    return W, U, *every(kernel, recurrent, bias)[2:]


def recurrent_blocks_as_they_are(kernel, recurrent, bias):
    z, r, n = np.split(recurrent, 3, axis=1)
    W, _, b_x, b_h = every(kernel, recurrent, bias)
    return W, np.concatenate([r, -z, n]), b_x, b_h


def old_order(kernel, recurrent, bias):
    return every(kernel, recurrent, bias, order=(0, 1, 2), signs=(-1, 1, 1))


def reversed_order(kernel, recurrent, bias):
    return every(kernel, recurrent, bias, order=(2, 1, 0), signs=(1, 1, -1))


def still_writes(kernel, recurrent, bias):
    return every(kernel, recurrent, bias, signs=(1, 1, 1))


def both_gates(kernel, recurrent, bias):
    return every(kernel, recurrent, bias, signs=(-1, -1, 1))


def all_signs(kernel, recurrent, bias):
    return every(kernel, recurrent, bias, signs=(-1, -1, -1))


def the_other_gate(kernel, recurrent, bias):
    return every(kernel, recurrent, bias, signs=(-1, 1, 1))


def the_candidate(kernel, recurrent, bias):
    return every(kernel, recurrent, bias, signs=(1, 1, -1))


def mixed(kernel, recurrent, bias, turned):
    parts = every(kernel, recurrent, bias)
    same = still_writes(kernel, recurrent, bias)
    return tuple(a if t else b for a, b, t in zip(parts, same, turned, strict=True))


def only_the_kernel(kernel, recurrent, bias):
    return mixed(kernel, recurrent, bias, (True, False, False, False))


def only_the_recurrent(kernel, recurrent, bias):
    return mixed(kernel, recurrent, bias, (False, True, False, False))


def weights_alone(kernel, recurrent, bias):
    return mixed(kernel, recurrent, bias, (True, True, False, False))


def one_bias_turned(kernel, recurrent, bias):
    return mixed(kernel, recurrent, bias, (True, True, True, False))


def other_bias_turned(kernel, recurrent, bias):
    return mixed(kernel, recurrent, bias, (True, True, False, True))


def one_minus(kernel, recurrent, bias):
    def rows(columns):
        z, r, n = np.split(columns.T, 3)
        return np.concatenate([r, 1 - z, n])

    return rows(kernel), rows(recurrent), rows(bias[0]), rows(bias[1])


def biases_exchanged(kernel, recurrent, bias):
    return every(kernel, recurrent, bias[::-1])


def biases_summed(kernel, recurrent, bias):
    W, U, b_x, b_h = every(kernel, recurrent, bias)
    return W, U, b_x + b_h, np.zeros_like(b_h)


WRONG_ANSWERS = {
    "gru-step": [
        (writes, "z = 1 keeps"),
        (update_gate_first, "in the order r, z, n"),
        (candidate_without_tanh, "lacks its tanh"),
        (candidate_by_sigmoid, "a state may be negative"),
        (gate_without_sigmoid, "z lacks its sigmoid"),
        (forgets_everything, "The old state is lost"),
        (candidate_alone, "This is the candidate"),
        (one_row, "shape [1, 1]"),
        (reset_before, "puts it behind"),
        (no_reset, "no effect"),
        (resets_the_input, "not the input"),
        (resets_upside_down, "upside down"),
        (transposed_blocks, "applied transposed"),
        (every_third_row, "every third row"),
        (state_and_gate, "Return the new state alone"),
        (bias_outside, "outside of the reset gate's bracket"),
        (bias_inside, "also multiplies b_x"),
        (one_bias, "b_h is not used"),
        (other_bias, "b_x is not used"),
        (exchanged_biases, "The two biases are exchanged"),
        (gates_with_one_bias, "lack b_h"),
        (gates_with_the_other_bias, "lack b_x"),
        (gates_without_the_state, "do not look at h"),
    ],
    "gru-convert": [
        (keeps_columns, "blocks of columns become blocks of rows"),
        (keeps_one_bias, "Row 0 of bias becomes b_x"),
        (three_arrays, "Return a tuple of four"),
        (reshapes, "does not transpose"),
        (recurrent_blocks_as_they_are, "They are square"),
        (old_order, "still in the order z, r, n"),
        (reversed_order, "whole order was reversed"),
        (still_writes, "z still means write"),
        (both_gates, "The reset gate changed its sign"),
        (the_other_gate, "The reset gate changed its sign"),
        (the_candidate, "The candidate changed its sign"),
        (all_signs, "All blocks changed their sign"),
        (only_the_kernel, "U did not"),
        (only_the_recurrent, "W did not"),
        (weights_alone, "the biases did not"),
        (one_bias_turned, "b_h did not"),
        (other_bias_turned, "b_x did not"),
        (one_minus, "1 minus the gate"),
        (biases_exchanged, "row 0 came with x"),
        (for_three_units, "d_x = d_h = 2"),
        (biases_summed, "The biases were added up"),
    ],
}
