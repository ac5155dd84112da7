"""Typical wrong answers to the exercises on the weights of a GPT, each with a piece of the hint it must meet."""

import numpy as np

# gpt-parameters


def count(
    vocab, d, layers, heads, kv_heads, d_ff, tied, qo=2, kv=2, ff=3, norms=2, last=1, width=None, table=1
):  # fmt: skip
    narrow = (width or (lambda d, h, g: d // h * g))(d, heads, kv_heads)
    block = qo * d * d + kv * d * narrow + ff * d * d_ff + norms * d
    return (table + (not tied)) * vocab * d + layers * block + last * d


def but(**changes):
    return lambda *given: count(*given, **changes)


def always_untied(*given):
    return count(*given[:-1], False)


def always_tied(*given):
    return count(*given[:-1], True)


def with_shifts(*given):
    return count(*given, norms=4, last=2)


def output_bias(*given):
    return count(*given) + (0 if given[-1] else given[0])


def one_block(*given):
    return count(*given[:2], 1, *given[3:])


def everything_per_block(*given):
    return given[2] * one_block(*given)


def norm_per_block(*given):
    return count(*given) + (given[2] - 1) * given[1]


def all_narrow(vocab, d, layers, heads, kv_heads, d_ff, tied):
    narrow = d // heads * kv_heads
    return count(vocab, d, layers, heads, kv_heads, d_ff, tied, qo=0, kv=4) * (narrow > 0)  # fmt: skip


def values_alone(*given):
    _, d, layers, heads, kv_heads, *_ = given
    return count(*given) + layers * (d * d - d * (d // heads * kv_heads))


# split-qkv


def check_fits(weight, bias, heads):
    d = weight.shape[0]
    if weight.shape != (d, 3 * d) or bias.shape != (3 * d,) or d % heads:
        raise ValueError("does not fit")


def right(weight, bias, heads):
    d = weight.shape[0]
    return weight.T.reshape(3, heads, d // heads, d), bias.reshape(3, heads, -1)


def but_weight(make):
    def answer(weight, bias, heads):
        check_fits(weight, bias, heads)
        d = weight.shape[0]
        return make(weight, heads, d // heads, d), right(weight, bias, heads)[1]

    return answer


def reshaped(w, h, k, d):
    return w.reshape(3, h, k, d)


def other_side(w, h, k, d):
    return w.T.reshape(3, h, k, d).swapaxes(2, 3) if h == 1 else w.T.reshape(3, h, k, d)


def values_first(w, h, k, d):
    return w.T.reshape(3, h, k, d)[::-1]


def in_turn(w, h, k, d):
    return w.T.reshape(k, 3, h, d).swapaxes(0, 1).swapaxes(1, 2)


def heads_first(w, h, k, d):
    return w.T.reshape(h, 3, k, d).swapaxes(0, 1)


def heads_in_turn(w, h, k, d):
    return w.T.reshape(3, k, h, d).swapaxes(1, 2)


def bias_in_turn(weight, bias, heads):
    check_fits(weight, bias, heads)
    return right(weight, bias, heads)[0], bias.reshape(3, -1, heads).swapaxes(1, 2)


def no_bias(weight, bias, heads):
    check_fits(weight, bias, heads)
    return right(weight, 0 * bias, heads)


def weight_alone(weight, bias, heads):
    return right(weight, bias, heads)[0][:1]


def takes_anything(weight, bias, heads):
    d = bias.size // 3
    parts = bias.reshape(3, heads, -1) if d % heads == 0 else bias
    return np.resize(weight.T, (3, heads, max(d // heads, 1), d)), parts


def takes_the_transpose(weight, bias, heads):
    d = len(bias) // 3
    if d % heads:
        raise ValueError("heads")
    rows = weight.T if weight.shape == (d, 3 * d) else weight
    return rows.reshape(3, heads, d // heads, d), bias.reshape(3, heads, -1)


WRONG_ANSWERS = {
    "gpt-parameters": [
        (but(norms=0, last=0), "scales of the norms are missing"),
        (but(last=0), "One norm is missing"),
        (but(norms=1), "One norm is missing"),
        (but(ff=2), "three matrices"),
        (but(qo=1), "four matrices"),
        (but(table=0), "table of the embedding is missing"),
        (always_untied, "counts once"),
        (with_shifts, "no shift"),
        (one_block, "number of blocks has no effect"),
        (everything_per_block, "not once a block"),
        (norm_per_block, "last norm is there once"),
        (always_tied, "a matrix of its own"),
        (output_bias, "no bias"),
        (but(width=lambda d, h, g: d), "kv_heads has no effect"),
        (but(width=lambda d, h, g: d // g * g), "is d / heads for all heads"),
        (but(width=lambda d, h, g: g if h > g else d), "is a number of heads"),
        (values_alone, "both shared"),
        (but(qo=0, kv=4), "only keys and values"),
    ],
    "split-qkv": [
        (but_weight(reshaped), "not transposed"),
        (but_weight(other_side), "multiplied from the left"),
        (but_weight(values_first), "first d columns"),
        (but_weight(in_turn), "not in turn"),
        (but_weight(heads_first), "Blocks first, heads second"),
        (but_weight(heads_in_turn), "do not take turns"),
        (weight_alone, "Return a tuple of two"),
        (bias_in_turn, "in the bias as in the weight"),
        (no_bias, "bias is lost"),
        (takes_anything, "Raise a ValueError"),
        (takes_the_transpose, "Raise a ValueError"),
    ],
}
