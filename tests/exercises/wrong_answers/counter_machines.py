"""Typical wrong answers to the exercise on a counting LSTM, each with a piece of the hint it must meet."""

import numpy as np

# lstm-counter

INPUT, FORGET, CANDIDATE, OUTPUT = (slice(n, n + 3) for n in (0, 3, 6, 9))


def weights(size=40.0, threshold=1.4, forget=None):
    """W, U and b that count rightly: what the wrong answers start from."""
    W, U, b = np.zeros((12, 2)), np.zeros((12, 3)), np.zeros(12)
    b[INPUT] = [size, size, -threshold * size]
    b[FORGET] = size if forget is None else forget
    b[OUTPUT] = size
    W[CANDIDATE] = [[size, -size], [0, size], [0, 0]]
    b[8] = size
    W[2] = [size, 0]
    U[2, 1] = size
    return W, U, b


def changed(change):
    def answer():
        W, U, b = weights()
        return change(W, U, b) or (W, U, b)

    return answer


def put(array, place, value):
    array[place] = value


def weights_of_one():
    W, U, b = weights(1.0)
    return W, U, np.where(b == 1, 40.0, b)


def all_of_size_one():
    return weights(1.0)


def small_candidate(W, U, b):
    W[CANDIDATE] /= 40


half_open = changed(lambda W, U, b: put(b, INPUT, [0, 40, -56]))
shut = changed(lambda W, U, b: put(b, INPUT, [-40, 40, -56]))
upside_down = changed(lambda W, U, b: put(W, 6, [-40, 40]))
exchanged_columns = changed(lambda W, U, b: (W[:, ::-1], U, b))
shut_forget = changed(lambda W, U, b: put(b, FORGET, -40))
half_forget = changed(lambda W, U, b: put(b, FORGET, 0))
transposed = changed(lambda W, U, b: (W.T, U.T, b))
transposed_state = changed(lambda W, U, b: (W, U.T, b))
one_unit = changed(lambda W, U, b: (W[::3], U[::3, :1], b[::3]))
two_biases = changed(lambda W, U, b: (W, U, b, b))
infinite = changed(lambda W, U, b: put(b, FORGET, np.inf))
words = changed(lambda W, U, b: (W, U, "open"))

b_counts_up = changed(lambda W, U, b: put(W, 6, [40, 40]))
b_does_nothing = changed(lambda W, U, b: put(W, 6, [40, 0]))


def b_wipes_out(W, U, b):
    W[3] = W[0] = [0, -80]


def latched():
    """An unsigned gate for the sign: a b shuts the forget gate while the count is above zero."""
    W, U, b = weights()
    W[0], b[0] = [80, 0], -40
    W[3, 1] = -80
    b[3] = 40
    W[6] = [40, 0]
    return W, U, b


b_subtracts_from_a = changed(lambda W, U, b: put(W, 7, [-40, 40]))
a_counts_as_b = changed(lambda W, U, b: put(W, 7, [40, 40]))
last_b_alone = changed(lambda W, U, b: put(b, 4, -40))

every_a = changed(lambda W, U, b: put(b, 2, -20))
every_letter = changed(lambda W, U, b: put(b, 2, 40))
not_connected = changed(lambda W, U, b: put(U, 2, 0))
connected_to_the_counter = changed(lambda W, U, b: put(U, 2, [40, 0, 0]))
half_read = changed(lambda W, U, b: put(b, 10, 0))


def high_threshold():
    return weights(threshold=1.9)


def b_after_b(W, U, b):
    W[2] = 0
    b[2] = -20


def once(W, U, b):
    W[4] = [-80, 0]
    W[2], U[2, 1] = [40, 0], 40


def decides_by_the_candidate():
    W, U, b = weights()
    W[8], U[8], b[8] = W[2], U[2], b[2]
    W[2], U[2], b[2] = 0, 0, 40
    return W, U, b


def leaks():
    return weights(forget=5.0)


def leaks_slowly():
    return weights(forget=14.0)


def candidate_nearly_one():
    W, U, b = weights()
    W[CANDIDATE] = [[3, -3], [0, 3], [0, 0]]
    return W, U, b


WRONG_ANSWERS = {
    "lstm-counter": [
        (changed(small_candidate), "where tanh is flat"),
        (all_of_size_one, "in between"),
        (half_open, "half open: with weights"),
        (shut, "Nothing has been written"),
        (upside_down, "sign is wrong"),
        (exchanged_columns, "columns of W are exchanged"),
        (shut_forget, "open the forget gate"),
        (half_forget, "half of the count"),
        (transposed, "W is transposed"),
        (one_unit, "Three units"),
        (two_biases, "Return a tuple of three"),
        (infinite, "no number"),
        (words, "expected numbers"),
        (b_counts_up, "b has been counted up"),
        (b_does_nothing, "changed nothing"),
        (changed(b_wipes_out), "wiped the count out"),
        (latched, "wiped the count out"),
        (b_subtracts_from_a, "leaves cell 1 as it is"),
        (a_counts_as_b, "counted as well"),
        (last_b_alone, "every b counts"),
        (transposed_state, "U is transposed"),
        (every_a, "Every a has been counted"),
        (every_letter, "counts every letter"),
        (not_connected, "has not been seen"),
        (connected_to_the_counter, "every a comes before"),
        (half_read, "threshold that neither passes"),
        (high_threshold, "has not been seen"),
        (changed(b_after_b), "The letter must be an a"),
        (changed(once), "Cell 1 gets +1"),
        (decides_by_the_candidate, "shut the input gate"),
        (leaks, "Drive gates"),
        (leaks_slowly, "Drive gates"),
        (candidate_nearly_one, "Drive gates"),
    ],
}
