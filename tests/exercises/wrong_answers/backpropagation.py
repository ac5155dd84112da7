"""Typical wrong answers to the exercises on the gradient of a recurrent network, each with a piece of its hint."""

import numpy as np

# step-back


def right_step(delta, h, h_prev, x, w, u, slope=lambda h: 1 - h**2):
    a = slope(h) * delta
    return u.T @ a, w.T @ a, np.outer(a, x), np.outer(a, h_prev), a


def no_slope(delta, h, h_prev, x, w, u):
    return right_step(delta, h, h_prev, x, w, u, slope=np.ones_like)


def tanh_twice(delta, h, h_prev, x, w, u):
    return right_step(
        delta, h, h_prev, x, w, u, slope=lambda h: 1 - np.tanh(h) ** 2
    )  # fmt: skip


def slope_of_the_sigmoid(delta, h, h_prev, x, w, u):
    return right_step(delta, h, h_prev, x, w, u, slope=lambda h: h * (1 - h))


def no_square(delta, h, h_prev, x, w, u):
    return right_step(delta, h, h_prev, x, w, u, slope=lambda h: 1 - h)


def without_delta(delta, h, h_prev, x, w, u):
    return right_step(np.ones_like(delta), h, h_prev, x, w, u)


def four_parts(delta, h, h_prev, x, w, u):
    before, _, *rest = right_step(delta, h, h_prev, x, w, u)
    return before, *rest


def transposes_dw(delta, h, h_prev, x, w, u):
    before, dx, dw, du, db = right_step(delta, h, h_prev, x, w, u)
    return before, dx, dw.T, du, db


def slope_in_the_bias_alone(delta, h, h_prev, x, w, u):
    *_, db = right_step(delta, h, h_prev, x, w, u)
    return u.T @ delta, w.T @ delta, np.outer(delta, x), np.outer(delta, h_prev), db


def dot_product(delta, h, h_prev, x, w, u):
    before, dx, _, du, db = right_step(delta, h, h_prev, x, w, u)
    return before, dx, db @ x, du, db


def transposes_du(delta, h, h_prev, x, w, u):
    before, dx, dw, du, db = right_step(delta, h, h_prev, x, w, u)
    return before, dx, dw, du.T, db


def the_new_state(delta, h, h_prev, x, w, u):
    before, dx, dw, _, db = right_step(delta, h, h_prev, x, w, u)
    return before, dx, dw, np.outer(db, h), db


def no_slope_in_du(delta, h, h_prev, x, w, u):
    before, dx, dw, _, db = right_step(delta, h, h_prev, x, w, u)
    return before, dx, dw, np.outer(delta, h_prev), db


def forgets_to_transpose(delta, h, h_prev, x, w, u):
    _, dx, dw, du, db = right_step(delta, h, h_prev, x, w, u)
    return u @ db, dx, dw, du, db


def no_slope_on_the_way(delta, h, h_prev, x, w, u):
    _, _, dw, du, db = right_step(delta, h, h_prev, x, w, u)
    return u.T @ delta, w.T @ delta, dw, du, db


def passes_delta_on(delta, h, h_prev, x, w, u):
    before, dx, dw, du, db = right_step(delta, h, h_prev, x, w, u)
    return before + delta, dx, dw, du, db


def input_without_slope(delta, h, h_prev, x, w, u):
    before, _, dw, du, db = right_step(delta, h, h_prev, x, w, u)
    return before, w.T @ delta, dw, du, db


def input_not_transposed(delta, h, h_prev, x, w, u):
    before, _, dw, du, db = right_step(delta, h, h_prev, x, w, u)
    return before, w @ db, dw, du, db


def overwrites_delta(delta, h, h_prev, x, w, u):
    delta *= 1 - h**2
    return u.T @ delta, w.T @ delta, np.outer(delta, x), np.outer(delta, h_prev), delta


# largest-stretch


def iterate(step, v, rounds):
    for _ in range(rounds):
        v = step(v)
        length = np.linalg.norm(v)
        if length == 0:
            return v
        v = v / length
    return v


def squared(forward, backward, v, rounds):
    v = iterate(lambda v: backward(forward(v)), v, rounds)
    return np.linalg.norm(backward(forward(v)))


def length_of_the_last_round(forward, backward, v, rounds):
    length = 0.0
    for _ in range(rounds):
        v = backward(forward(v))
        length = np.linalg.norm(v)
        v = v / length
    return length


def unit_length(forward, backward, v, rounds):
    return np.linalg.norm(iterate(lambda v: backward(forward(v)), v, rounds))


def the_direction(forward, backward, v, rounds):
    return iterate(lambda v: backward(forward(v)), v, rounds)


def of_the_start(forward, backward, v, rounds):
    length = 0.0
    for _ in range(rounds):
        u = forward(v)
        length = np.linalg.norm(u)
        v = backward(u)
        v = v / np.linalg.norm(v)
    return length


def never_normalized(forward, backward, v, rounds):
    for _ in range(rounds):
        v = backward(forward(v))
    return np.linalg.norm(forward(v))


def one_too_many(forward, backward, v, rounds):
    v = iterate(lambda v: backward(forward(v)), v, rounds + 1)
    return np.linalg.norm(forward(v))


def forward_alone(forward, backward, v, rounds):
    return np.linalg.norm(forward(iterate(forward, v, rounds)))


def always_a_hundred(forward, backward, v, rounds):
    v = iterate(lambda v: backward(forward(v)), v, 100)
    return np.linalg.norm(forward(v))


def wants_a_square(forward, backward, v, rounds):
    v = iterate(lambda v: backward(forward(v)), v, rounds)
    return np.linalg.norm(forward(v) + 0 * v)


def divides_at_the_end(forward, backward, v, rounds):
    for _ in range(rounds):
        v = backward(forward(v))
    return np.linalg.norm(forward(v)) / np.linalg.norm(v)


def zero_by_zero(forward, backward, v, rounds):
    for _ in range(rounds):
        v = backward(forward(v))
        v = v / np.linalg.norm(v)
    return np.linalg.norm(forward(v))


WRONG_ANSWERS = {
    "step-back": [
        (no_slope, "b acts inside of it"),
        (tanh_twice, "a second time"),
        (slope_of_the_sigmoid, "slope of the sigmoid"),
        (no_square, "a square in it"),
        (without_delta, "delta is missing"),
        (four_parts, "Return a tuple of 5"),
        (overwrites_delta, "changed its argument number 1"),
        (transposes_dw, "dW is transposed"),
        (slope_in_the_bias_alone, "not in dW"),
        (dot_product, "two vectors make a matrix"),
        (transposes_du, "dU is transposed"),
        (the_new_state, "the state before, not by the new one"),
        (no_slope_in_du, "missing in dU"),
        (forgets_to_transpose, "U has to be transposed"),
        (no_slope_on_the_way, "missing in delta_prev"),
        (passes_delta_on, "through U only"),
        (input_without_slope, "missing in dx"),
        (input_not_transposed, "a matrix is to be transposed"),
    ],
    "largest-stretch": [
        (squared, "stretched twice"),
        (length_of_the_last_round, "stretched twice"),
        (unit_length, "set to 1"),
        (the_direction, "not the direction"),
        (of_the_start, "before the round was over"),
        (never_normalized, "not of length 1"),
        (one_too_many, "One round too many"),
        (forward_alone, "What comes out has to go back"),
        (always_a_hundred, "as many as asked for"),
        (wants_a_square, "another number of rows"),
        (divides_at_the_end, "overflows, or vanishes"),
        (zero_by_zero, "not NaN"),
    ],
}
