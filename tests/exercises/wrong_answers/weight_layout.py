"""Typical wrong answers to the exercises on the weights of an LSTM, each with a piece of the hint it must meet."""

import numpy as np

# lstm-parameters


def count(d_x, d_h, layers, both, blocks=4, biases=2, state=1, above=None, first=None):
    """Right but for what is given; `state`, `above` and `first` replace widths, in multiples or by a function."""
    directions = 2 if both else 1
    total = 0
    for layer in range(layers):
        width = d_x if layer == 0 else directions * d_h
        if layer == 0 and first:
            width = first(d_x, d_h, directions)
        if layer > 0 and above:
            width = above(d_x, d_h, directions)
        total += directions * blocks * d_h * (width + state * d_h + biases)
    return total


def one_bias(*given):
    return count(*given, biases=1)


def no_bias(*given):
    return count(*given, biases=0)


def one_block(*given):
    return count(*given, blocks=1)


def gates_alone(*given):
    return count(*given, blocks=3)


def biases_once(d_x, d_h, layers, both):
    return count(d_x, d_h, layers, both, biases=0) + 2 * d_h


def always_both(d_x, d_h, layers, both):
    return count(d_x, d_h, layers, True)


def same_layers(*given):
    return count(*given, above=lambda d_x, d_h, n: d_x)


def first_as_wide(d_x, d_h, layers, both):
    if layers == 1:
        return count(d_x, d_h, layers, both)
    return count(d_x, d_h, layers, both, first=lambda d_x, d_h, n: d_h)


def one_layer(d_x, d_h, layers, both):
    return count(d_x, d_h, 1, both)


def one_direction(d_x, d_h, layers, both):
    return count(d_x, d_h, layers, False)


def joint_state(d_x, d_h, layers, both):
    return count(d_x, d_h, layers, both, state=2 if both else 1)


def wide_layer(d_x, d_h, layers, both):
    return count(d_x, 2 * d_h if both else d_h, layers, False)


def input_twice(*given):
    return count(*given, first=lambda d_x, d_h, n: n * d_x)


def twice_the_whole(d_x, d_h, layers, both):
    return (2 if both else 1) * count(d_x, d_h, layers, False)


def copies_of_the_first(d_x, d_h, layers, both):
    return layers * count(d_x, d_h, 1, both) if both else count(d_x, d_h, layers, both)


def joint_state_above(d_x, d_h, layers, both):
    if layers == 1 or not both:
        return count(d_x, d_h, layers, both)
    first = count(d_x, d_h, 1, True)
    return first + (layers - 1) * 8 * d_h * (4 * d_h + 2)


def second_layer_alone(d_x, d_h, layers, both):
    if layers < 3:
        return count(d_x, d_h, layers, both)
    return count(d_x, d_h, 2, both) + (layers - 2) * 8 * d_h * (2 * d_h + 2)


def one_direction_above(d_x, d_h, layers, both):
    if not both:
        return count(d_x, d_h, layers, both)
    return count(d_x, d_h, 1, True) + (layers - 1) * 4 * d_h * (3 * d_h + 2)


def in_words(*given):
    return f"{count(*given)} parameters"


# gate-order


def reorder(weights, places, axis=0):
    blocks = np.split(weights, len(places), axis=axis)
    return np.concatenate([blocks[place] for place in places], axis=axis)


def check_letters(order, wanted):
    if sorted(order) != sorted(wanted) or len(set(order)) != len(order):
        raise ValueError("other letters")


def inverse(weights, order, wanted="ifgo"):
    check_letters(order, wanted)
    return reorder(weights, [wanted.index(letter) for letter in order])


def unmoved(weights, order, wanted="ifgo"):
    return weights


def moves_columns(weights, order, wanted="ifgo"):
    places = [order.index(letter) for letter in wanted]
    return reorder(weights, places, axis=weights.ndim - 1)


def turns_blocks(weights, order, wanted="ifgo"):
    places = [order.index(letter) for letter in wanted]
    blocks = np.split(weights, len(places))
    return np.concatenate([blocks[place][::-1] for place in places])


def single_rows(weights, order, wanted="ifgo"):
    return weights[[order.index(letter) for letter in wanted]]


def unit_by_unit(weights, order, wanted="ifgo"):
    places = [order.index(letter) for letter in wanted]
    rows = np.arange(len(weights)).reshape(-1, len(places))
    return weights[rows[:, places].ravel()]


def always_ours(weights, order, wanted="ifgo"):
    return reorder(weights, [order.index(letter) for letter in "ifgo"])


def always_four(weights, order, wanted="ifgo"):
    blocks = dict(zip(order, np.split(weights, 4), strict=True))
    return np.concatenate([blocks[letter] for letter in wanted])


def ignores_wanted(weights, order, wanted="ifgo"):
    if order == "ifgo":
        return weights
    return reorder(weights, [order.index(letter) for letter in "ifgo"])


def exchanges_the_orders(weights, order, wanted="ifgo"):
    if wanted == "ifgo":
        return reorder(weights, [order.index(letter) for letter in wanted])
    return reorder(weights, [wanted.index(letter) for letter in order])


def takes_any_letters(weights, order, wanted="ifgo"):
    return reorder(weights, [order.find(letter) for letter in wanted])


def looks_up(weights, order, wanted="ifgo"):
    size = len(weights) // len(order)
    blocks = {
        letter: weights[n * size : (n + 1) * size] for n, letter in enumerate(order)
    }
    return np.concatenate([blocks[letter] for letter in wanted])


def compares_lengths(weights, order, wanted="ifgo"):
    if len(order) != len(wanted):
        raise ValueError("other letters")
    return reorder(weights, [order.find(letter) for letter in wanted])


def compares_sets(weights, order, wanted="ifgo"):
    if set(order) != set(wanted):
        raise ValueError("other letters")
    return looks_up(weights, order, wanted)


def compares_sorted(weights, order, wanted="ifgo"):
    if sorted(order) != sorted(wanted):
        raise ValueError("other letters")
    return looks_up(weights, order, wanted)


def loses_rows(weights, order, wanted="ifgo"):
    check_letters(order, wanted)
    return looks_up(weights, order, wanted)


def uneven_blocks(weights, order, wanted="ifgo"):
    check_letters(order, wanted)
    blocks = np.array_split(weights, len(order))
    return np.concatenate([blocks[order.index(letter)] for letter in wanted])


WRONG_ANSWERS = {
    "lstm-parameters": [
        (one_bias, "two biases here"),
        (no_bias, "biases are missing"),
        (one_block, "four blocks"),
        (gates_alone, "candidate has weights"),
        (biases_once, "in each of the four blocks"),
        (always_both, "Only one direction"),
        (same_layers, "reads the outputs of the first"),
        (first_as_wide, "first layer reads the input"),
        (one_layer, "number of layers has no effect"),
        (one_direction, "weights of its own"),
        (joint_state, "never sees the other's"),
        (wide_layer, "never sees the other's"),
        (input_twice, "both directions read the input"),
        (twice_the_whole, "side by side"),
        (copies_of_the_first, "not the input vectors"),
        (joint_state_above, "above the first layer, too"),
        (second_layer_alone, "third layer reads both"),
        (one_direction_above, "two directions as well"),
        (in_words, "Four blocks"),
    ],
    "gate-order": [
        (inverse, "runs backward"),
        (unmoved, "Nothing has moved"),
        (moves_columns, "columns have moved"),
        (turns_blocks, "unit 1 stays unit 1"),
        (single_rows, "four single rows"),
        (unit_by_unit, "do not stand together"),
        (always_ours, "`wanted` has no effect"),
        (ignores_wanted, "`wanted` has no effect"),
        (exchanges_the_orders, "`order` is what is given"),
        (always_four, "GRU has three blocks"),
        (takes_any_letters, "same letters"),
        (looks_up, "same letters"),
        (compares_lengths, "same letters"),
        (compares_sets, "each of them once"),
        (compares_sorted, "each of them once"),
        (loses_rows, "nobody notices"),
        (uneven_blocks, "nobody notices"),
    ],
}
