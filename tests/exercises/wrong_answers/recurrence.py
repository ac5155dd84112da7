"""Typical wrong answers to the exercises on running a recurrent network, each with a piece of the hint it must meet."""

import numpy as np

# elman-states


def run(x, w, u, b, h0, act=np.tanh):
    h, states = h0, []
    for now in x:
        h = act(w @ now + u @ h + b)
        states.append(h)
    return np.array(states)


def no_tanh(x, w, u, b, h0):
    return run(x, w, u, b, h0, act=lambda a: a)


def no_bias(x, w, u, b, h0):
    return run(x, w, u, 0 * b, h0)


def ignores_the_state(x, w, u, b, h0):
    return np.tanh(x @ w.T + b)


def keeps_the_state_without_weights(x, w, u, b, h0):
    return run(x, w, np.eye(len(b)), b, h0)


def adds_outside(x, w, u, b, h0):
    h, states = h0, []
    for now in x:
        h = np.tanh(w @ now + b) + u @ h
        states.append(h)
    return np.array(states)


def transposes_u(x, w, u, b, h0):
    return run(x, w, u.T, b, h0)


def transposes_w(x, w, u, b, h0):
    return run(x, w.T if len(w) == len(w.T) else w, u, b, h0)


def transposes_both(x, w, u, b, h0):
    h, states = h0, []
    for now in x:
        h = np.tanh(now @ w + h @ u + b)
        states.append(h)
    return np.array(states)


def exchanges_the_matrices(x, w, u, b, h0):
    return run(x, u, w, b, h0)


def with_the_first(x, w, u, b, h0):
    return np.vstack([h0, run(x, w, u, b, h0)])


def last_alone(x, w, u, b, h0):
    return run(x, w, u, b, h0)[-1]


def states_and_last(x, w, u, b, h0):
    states = run(x, w, u, b, h0)
    return states, states[-1]


def always_from_h0(x, w, u, b, h0):
    return np.tanh(x @ w.T + u @ h0 + b)


def one_array(x, w, u, b, h0):
    h, states = h0.copy(), []
    for now in x:
        h[:] = np.tanh(w @ now + u @ h + b)
        states.append(h)
    return np.array(states)


def hands_on_the_sum(x, w, u, b, h0):
    return np.tanh(run(x, w, u, b, h0, act=lambda a: a))


def overwrites_h0(x, w, u, b, h0):
    states = []
    for now in x:
        h0[:] = np.tanh(w @ now + u @ h0 + b)
        states.append(h0.copy())
    return np.array(states)


def backwards(x, w, u, b, h0):
    return run(x, w, u, b, h0)[::-1]


def a_step_late(x, w, u, b, h0):
    if len(x) == 1:
        return run(x, w, u, b, h0)
    return np.vstack([h0, run(x, w, u, b, h0)])[:-1]


def columns(x, w, u, b, h0):
    states = run(x, w, u, b, h0)
    return states.T if len(x) > len(b) + 2 else states


def four_steps(x, w, u, b, h0):
    return run(x[:4], w, u, b, h0)


# carried-batches


def pieces(stream, batch, steps, stride=None, row=None):
    row = row or (len(stream) - 1) // batch
    if (len(stream) - 1) // batch < steps:
        raise ValueError("too short")
    starts = np.arange(batch)[:, None] * row + np.arange(steps)
    return [
        (stream[starts + i], stream[starts + i + 1])
        for i in range(0, row - steps + 1, stride or steps)
    ]


def dealt_pieces(stream, batch, steps):
    n = (len(stream) - 1) // (batch * steps) * batch * steps
    inputs = stream[:n].reshape(-1, batch, steps)
    return list(zip(inputs, stream[1 : n + 1].reshape(-1, batch, steps), strict=True))


def dealt_tokens(stream, batch, steps):
    row = (len(stream) - 1) // batch
    inputs = stream[: row * batch].reshape(row, batch).T
    targets = stream[1 : row * batch + 1].reshape(row, batch).T
    return [
        (inputs[:, i : i + steps], targets[:, i : i + steps])
        for i in range(0, row - steps + 1, steps)
    ]


def long_rows(stream, batch, steps):
    row = len(stream) // batch
    return [
        tuple(
            np.array([stream[r * row + i + one :][:steps] for r in range(batch)])
            for one in (0, 1)
        )
        for i in range(0, row - steps + 1, steps)
    ]


def rows_of_whole_pieces(stream, batch, steps):
    if len(stream) <= batch * steps:
        raise ValueError("too short")
    row = (len(stream) - 1) // (batch * steps) * steps
    return pieces(stream, batch, steps, row=row)


def time_first(stream, batch, steps):
    return [(x.T, y.T) for x, y in pieces(stream, batch, steps)]


def two_arrays(stream, batch, steps):
    pairs = pieces(stream, batch, steps)
    return np.array([x for x, _ in pairs]), np.array([y for _, y in pairs])


def inputs_alone(stream, batch, steps):
    return [x for x, _ in pieces(stream, batch, steps)]


def same_targets(stream, batch, steps):
    return [(x, x) for x, _ in pieces(stream, batch, steps)]


def rolled_targets(stream, batch, steps):
    return [(x, np.roll(x, -1, axis=1)) for x, _ in pieces(stream, batch, steps)]


def short_targets(stream, batch, steps):
    return [(x, x[:, 1:]) for x, _ in pieces(stream, batch, steps)]


def targets_a_piece_on(stream, batch, steps):
    pairs = pieces(stream, batch, steps)
    return [(x, x + steps) for x, _ in pairs]


def skips_a_token(stream, batch, steps):
    return pieces(stream, batch, steps, stride=steps + 1)


def repeats_a_token(stream, batch, steps):
    return pieces(stream, batch, steps, stride=steps - 1)


def overlaps(stream, batch, steps):
    return pieces(stream, batch, steps, stride=1)


def first_batch_alone(stream, batch, steps):
    return pieces(stream, batch, steps)[:1]


def targets_of_the_row(stream, batch, steps):
    row = (len(stream) - 1) // batch
    table = stream[: row * batch].reshape(batch, row)
    return [
        (table[:, i : i + steps], table[:, i + 1 : i + steps + 1])
        for i in range(0, row - steps, steps)
    ]


def keeps_the_rest(stream, batch, steps):
    row = (len(stream) - 1) // batch
    inputs = stream[: row * batch].reshape(batch, row)
    targets = stream[1 : row * batch + 1].reshape(batch, row)
    return [
        (inputs[:, i : i + steps], targets[:, i : i + steps])
        for i in range(0, row, steps)
    ]


def nothing_in_silence(stream, batch, steps):
    return pieces(stream, batch, steps) if len(stream) > batch * steps else []


WRONG_ANSWERS = {
    "elman-states": [
        (no_tanh, "tanh is missing"),
        (no_bias, "bias is missing"),
        (ignores_the_state, "h0 has no effect"),
        (keeps_the_state_without_weights, "U has no effect"),
        (adds_outside, "outside of tanh"),
        (transposes_u, "U is transposed"),
        (transposes_w, "W is transposed"),
        (transposes_both, "W and U are transposed"),
        (exchanges_the_matrices, "W and U are exchanged"),
        (with_the_first, "The first row is h0"),
        (last_alone, "not the last state alone"),
        (states_and_last, "nothing beside them"),
        (always_from_h0, "handed on"),
        (one_array, "every row is that array"),
        (hands_on_the_sum, "sum before tanh"),
        (overwrites_h0, "changed its argument number 5"),
        (backwards, "turned round"),
        (a_step_late, "before token t"),
        (columns, "a state is a row"),
        (four_steps, "Use the sizes"),
    ],
    "carried-batches": [
        (dealt_pieces, "Pieces were dealt"),
        (dealt_tokens, "Tokens were dealt"),
        (long_rows, "9 for each row"),
        (rows_of_whole_pieces, "Each row gets (T - 1) // batch"),
        (time_first, "a row for each text"),
        (two_arrays, "one pair for each batch"),
        (inputs_alone, "Each batch is a pair"),
        (same_targets, "learn to copy"),
        (rolled_targets, "np.roll"),
        (short_targets, "the stream goes on after the piece"),
        (targets_a_piece_on, "not one piece"),
        (skips_a_token, "never read"),
        (repeats_a_token, "read twice"),
        (overlaps, "overlap"),
        (first_batch_alone, "three pieces of 3"),
        (targets_of_the_row, "A full piece is missing"),
        (keeps_the_rest, "makes no batch"),
        (nothing_in_silence, "in silence"),
    ],
}
