"""Typical wrong answers to the exercise on the Jacobian of a GRU, each with a piece of the hint it must meet."""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def column(values):
    return values[:, None]


def jacobian(x, h, W, U, b_x, b_h, **changed):
    a, c = np.split(W @ x + b_x, 3), np.split(U @ h + b_h, 3)
    r, z = sigmoid(a[0] + c[0]), sigmoid(a[1] + c[1])
    n = np.tanh(a[2] + r * c[2])
    how = {
        "direct": lambda z: np.diag(z),
        "write": lambda z: 1 - z,
        "tanh": lambda n: 1 - n**2,
        "shown": lambda r, U_n: column(r) * U_n,
        "inside": lambda c_n: c_n,
        "r_slope": lambda r: r * (1 - r),
        "z_slope": lambda z: z * (1 - z),
        "distance": lambda h, n: h - n,
    } | changed
    U_r, U_z, U_n = np.split(U, 3)
    dr, dz = column(how["r_slope"](r)) * U_r, column(how["z_slope"](z)) * U_z
    dn = column(how["tanh"](n)) * (
        how["shown"](r, U_n) + column(how["inside"](c[2])) * dr
    )
    rest = column(how["distance"](h, n)) * dz + column(how["write"](z)) * dn
    return how["direct"](z) + rest


def zero(*given):
    return np.zeros_like(given[0])


def one(*given):
    return np.ones_like(given[0])


def the_gate_alone(*given):
    return jacobian(*given, distance=zero, write=zero)


def a_vector(*given):
    return np.diag(the_gate_alone(*given))


def writing_gate(*given):
    return jacobian(*given, direct=lambda z: np.diag(1 - z))


def gate_in_every_row(*given):
    return jacobian(*given, direct=lambda z: np.tile(z, (len(z), 1)))


def gate_in_every_column(*given):
    return jacobian(*given, direct=lambda z: np.tile(column(z), len(z)))


def multiplies_columns(x, h, W, U, b_x, b_h):
    a, c = np.split(W @ x + b_x, 3), np.split(U @ h + b_h, 3)
    U_r, U_z, U_n = np.split(U, 3)
    r, z = sigmoid(a[0] + c[0]), sigmoid(a[1] + c[1])
    n = np.tanh(a[2] + r * c[2])
    dn = (1 - n**2) * (r * U_n + c[2] * r * (1 - r) * U_r)
    return np.diag(z) + (h - n) * z * (1 - z) * U_z + (1 - z) * dn


def no_candidate(*given):
    return jacobian(*given, write=zero)


def no_slope_of_tanh(*given):
    return jacobian(*given, tanh=one)


def half_a_slope(*given):
    return jacobian(*given, tanh=lambda n: 1 - n)


def no_reset(*given):
    return jacobian(*given, shown=lambda r, U_n: U_n)


def candidate_unweighted(*given):
    return jacobian(*given, write=one)


def reset_before(*given):
    return jacobian(*given, shown=lambda r, U_n: U_n * r)


def transposed(*given):
    return jacobian(*given).T


def constant_update(*given):
    return jacobian(*given, distance=zero)


def no_slope_of_update(*given):
    return jacobian(*given, z_slope=one)


def tanh_for_update(*given):
    return jacobian(*given, z_slope=lambda z: 1 - z**2)


def wrong_sign(*given):
    return jacobian(*given, distance=lambda h, n: n - h)


def one_place(*given):
    return jacobian(*given, distance=lambda h, n: h)


def no_distance(*given):
    return jacobian(*given, distance=one)


def constant_reset(*given):
    return jacobian(*given, inside=zero)


def no_slope_of_reset(*given):
    return jacobian(*given, r_slope=one)


def no_inside(*given):
    return jacobian(*given, inside=one)


def reset_of_the_state(x, h, W, U, b_x, b_h):
    return jacobian(x, h, W, U, b_x, b_h, inside=lambda c_n: h)


def bracket_without_bias(x, h, W, U, b_x, b_h):
    return jacobian(
        x, h, W, U, b_x, b_h, inside=lambda c_n: U[2 * len(h) :] @ h
    )  # fmt: skip


def reset_straight_to_the_state(x, h, W, U, b_x, b_h):
    a, c = np.split(W @ x + b_x, 3), np.split(U @ h + b_h, 3)
    r = sigmoid(a[0] + c[0])
    rest = constant_reset(x, h, W, U, b_x, b_h)
    return rest + column(c[2] * r * (1 - r)) * U[: len(h)]


def without_b_x(x, h, W, U, b_x, b_h):
    return jacobian(x, h, W, U, np.zeros_like(b_x), b_h)


def gates_without_b_h(x, h, W, U, b_x, b_h):
    return jacobian(x, h, W, U, b_x, b_h * np.repeat([0, 0, 1], len(h)))


def gates_without_b_x(x, h, W, U, b_x, b_h):
    return jacobian(x, h, W, U, b_x * np.repeat([0, 0, 1], len(h)), b_h)


def one_way_at_a_time(x, h, W, U, b_x, b_h):
    U_r, U_z, U_n = np.split(U, 3)
    none = np.zeros_like(U_r)
    kept = (none, none, U_n), (U_r, none, none), (none, U_z, none)
    ways = [jacobian(x, h, W, np.concatenate(u), b_x, b_h) for u in kept]
    full = jacobian(x, h, W, U, b_x, b_h)
    if not all(part.any() for part in (U_r, U_z, U_n)):
        return full
    return sum(ways) - 2 * jacobian(x, h, W, np.zeros_like(U), b_x, b_h)


WRONG_ANSWERS = {
    "gru-jacobian": [
        (a_vector, "the result is a matrix"),
        (writing_gate, "In this convention z keeps"),
        (gate_in_every_row, "Every row holds"),
        (gate_in_every_column, "Every column holds"),
        (the_gate_alone, "The candidate reads the old state"),
        (no_candidate, "The candidate reads the old state"),
        (no_slope_of_tanh, "The slope of tanh, 1 - n^2"),
        (half_a_slope, "The slope of tanh is 1 - n^2"),
        (no_reset, "The reset gate is missing"),
        (candidate_unweighted, "with the factor 1 - z"),
        (reset_before, "columns of U_n"),
        (multiplies_columns, "multiply the columns"),
        (transposed, "transposed"),
        (constant_update, "z was taken as constant"),
        (no_slope_of_update, "z (1 - z), is missing"),
        (tanh_for_update, "slope of tanh. z is a sigmoid"),
        (wrong_sign, "sign of this way"),
        (one_place, "in two places"),
        (no_distance, "the distance from n to h"),
        (constant_reset, "r was taken as constant"),
        (no_slope_of_reset, "r (1 - r), is missing"),
        (no_inside, "By what it multiplies"),
        (reset_of_the_state, "stands behind the product"),
        (bracket_without_bias, "part of b_h as well"),
        (reset_straight_to_the_state, "lie the tanh"),
        (without_b_x, "b_x is not used"),
        (gates_without_b_h, "lack b_h"),
        (gates_without_b_x, "lack b_x"),
        (one_way_at_a_time, "at the values of a full step"),
    ],
}
