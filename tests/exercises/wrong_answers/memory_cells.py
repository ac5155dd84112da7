"""Typical wrong answers to the exercises on the cell of an LSTM, each with a piece of the hint it must meet."""

import math

import numpy as np

# lstm-step


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def blocks(rows, order="ifgo"):
    return dict(zip(order, np.split(rows, 4), strict=True))


def step(x, h, c, W, U, b, order="ifgo", gate=sigmoid, candidate=np.tanh, cell=None, out=None):  # fmt: skip
    rows = blocks(W @ x + U @ h + b, order)
    i, f, o = gate(rows["i"]), gate(rows["f"]), gate(rows["o"])
    g = candidate(rows["g"])
    new = cell(i, f, g) if cell else f * c + i * g
    return (out(o, new) if out else o * np.tanh(new)), new


def forget_first(*given):
    return step(*given, order="figo")


def output_third(*given):
    return step(*given, order="ifog")


def as_onnx_has_it(*given):
    return step(*given, order="iofg")


def candidate_as_a_gate(*given):
    return step(*given, candidate=sigmoid)


def gates_as_they_are(*given):
    return step(*given, gate=lambda a: a)


def never_forgets(x, h, c, W, U, b):
    return step(x, h, c, W, U, b, cell=lambda i, f, g: c + i * g)


def writes_everything(x, h, c, W, U, b):
    return step(x, h, c, W, U, b, cell=lambda i, f, g: f * c + g)


def coupled_gates(x, h, c, W, U, b):
    return step(x, h, c, W, U, b, cell=lambda i, f, g: f * c + (1 - f) * g)


def forgets_everything(x, h, c, W, U, b):
    return step(x, h, c, W, U, b, cell=lambda i, f, g: i * g)


def fades_the_output(x, h, c, W, U, b):
    return step(x, h, c, W, U, b, cell=lambda i, f, g: f * h + i * g)


def never_looks_back(x, h, c, W, U, b):
    return step(x, np.zeros_like(h), c, W, U, b)


def without_bias(x, h, c, W, U, b):
    return step(x, h, c, W, U, np.zeros_like(b))


def exchanges_the_matrices(x, h, c, W, U, b):
    return step(x, h, c, U, W, b) if W.shape == U.shape else step(x, h, c, W, U, b)


def reads_its_own_output(x, h, c, W, U, b):
    _, c = step(x, h, c, W, U, b)
    o = sigmoid(blocks(W @ x + U @ np.tanh(c) + b)["o"])
    return o * np.tanh(c), c


def cell_first(*given):
    return step(*given)[::-1]


def output_alone(*given):
    return step(*given)[0]


def reads_the_cell_as_it_is(*given):
    return step(*given, out=lambda o, c: o * c)


def reads_the_old_cell(x, h, c, W, U, b):
    return step(x, h, c, W, U, b, out=lambda o, _: o * np.tanh(c))


def tanh_after_the_gate(*given):
    return step(*given, out=lambda o, c: np.tanh(o * c))


def reads_everything(*given):
    return step(*given, out=lambda o, c: np.tanh(c))


def gate_for_output(*given):
    return step(*given, out=lambda o, c: o)


def output_gate_by_tanh(x, h, c, W, U, b):
    o = np.tanh(blocks(W @ x + U @ h + b)["o"])
    return step(x, h, c, W, U, b, out=lambda _, new: o * np.tanh(new))


def every_fourth_row(x, h, c, W, U, b):
    order = np.arange(len(b)).reshape(-1, 4).T.ravel()
    return step(x, h, c, W[order], U[order], b[order])


def row_vectors(x, h, c, W, U, b):
    if W.shape[1] == 1:
        return step(x, h, c, W, U, b)
    return step(x, h, c, W.T, U.T, b)


def infinity_by_infinity(*given):
    return step(*given, gate=lambda a: np.exp(a) / (1 + np.exp(a)))


def overflows(*given):
    def gate(a):
        return np.array([1 / (1 + math.exp(-v)) for v in a])

    return step(*given, gate=gate)


# forget-bias


def gate_of(half_lives):
    return 0.5 ** (1 / half_lives)


def refuse(half_lives):
    if not (half_lives > 0).all():
        raise ValueError("a half-life must be above 0")


def log_odds(f):
    return np.log(f / (1 - f))


def biased(bias, left=lambda t, k: 0.5 ** (k / t)):
    def answer(half_lives, k):
        refuse(half_lives)
        return bias(half_lives), left(half_lives, k)

    return answer


def right_bias(t):
    return log_odds(gate_of(t))


gate_for_bias = biased(gate_of)
log_of_the_gate = biased(lambda t: np.log(gate_of(t)))
one_over_e = biased(lambda t: log_odds(np.exp(-1 / t)))
rule_of_thumb = biased(np.log)
long_limit = biased(
    lambda t: np.where(t > 1, np.log(t / np.log(2)), 0.0),
)
upside_down = biased(lambda t: -right_bias(t))
one_minus_one_over_k = biased(lambda t: np.log(np.maximum(t - 1, 1e-9)) * (t > 1))
share_lost = biased(right_bias, lambda t, k: 1 - 0.5 ** (k / t))
one_step_left = biased(right_bias, lambda t, k: gate_of(t))
one_half_life_left = biased(right_bias, lambda t, k: np.full(t.shape, 0.5))
exponent_upside_down = biased(right_bias, lambda t, k: 0.5 ** (t / k))
in_a_line = biased(right_bias, lambda t, k: np.maximum(0, 1 - k / (2 * t)))
never_negative = biased(lambda t: np.maximum(0, right_bias(t)))
first_unit_alone = biased(lambda t: right_bias(t[:1]), lambda t, k: 0.5 ** (k / t[:1]))


def infinite_bias(half_lives, k):
    return right_bias(half_lives), 0.5 ** (k / half_lives)


def bias_alone(half_lives, k):
    return float(right_bias(half_lives)[0])


def refuses_zero_only(half_lives, k):
    if (half_lives == 0).any():
        raise ValueError("zero")
    return right_bias(half_lives), 0.5 ** (k / half_lives)


WRONG_ANSWERS = {
    "lstm-step": [
        (forget_first, "the first block is i"),
        (output_third, "Candidate and output gate"),
        (as_onnx_has_it, "order i, o, f, g"),
        (candidate_as_a_gate, "can also be negative"),
        (gates_as_they_are, "have not gone through"),
        (never_forgets, "forget gate is missing"),
        (writes_everything, "input gate is missing"),
        (coupled_gates, "not 1 - f"),
        (forgets_everything, "old cell is lost"),
        (fades_the_output, "not to the old output"),
        (never_looks_back, "U h is missing"),
        (without_bias, "bias b has no effect"),
        (exchanges_the_matrices, "W and U are exchanged"),
        (cell_first, "exchanged: return (h, c)"),
        (output_alone, "Return a tuple"),
        (reads_the_cell_as_it_is, "tanh is missing"),
        (reads_the_old_cell, "Update c first"),
        (tanh_after_the_gate, "before the output gate"),
        (reads_everything, "output gate is missing"),
        (gate_for_output, "output gate alone"),
        (output_gate_by_tanh, "not through tanh"),
        (reads_its_own_output, "as the other gates have"),
        (every_fourth_row, "every fourth row"),
        (row_vectors, "applied from the left"),
        (infinity_by_infinity, "is no number"),
        (overflows, "is no number"),
    ],
    "forget-bias": [
        (gate_for_bias, "This is the gate"),
        (log_of_the_gate, "Invert the logistic function"),
        (one_over_e, "1/e is left"),
        (rule_of_thumb, "rule of thumb"),
        (long_limit, "limit for long half-lives"),
        (upside_down, "sign is wrong"),
        (one_minus_one_over_k, "more than a third"),
        (bias_alone, "Return a tuple"),
        (share_lost, "share that is lost"),
        (one_step_left, "what one step leaves"),
        (one_half_life_left, "k has no effect"),
        (exponent_upside_down, "upside down"),
        (in_a_line, "fade in a line"),
        (never_negative, "bias is negative"),
        (first_unit_alone, "both results have their shape"),
        (infinite_bias, "raise a ValueError"),
        (refuses_zero_only, "raise a ValueError"),
    ],
}
