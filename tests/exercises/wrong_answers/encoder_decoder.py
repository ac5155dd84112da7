"""Typical wrong answers to the exercises on the Transformer, each with a piece of the hint it must meet."""

import numpy as np

# shifted-targets


def parts(target, given=None, wanted=None, counted=None, may_look=None):
    if target.shape[1] < 2:
        raise ValueError("nothing to ask for")
    size = target.shape[1] - 1
    given = target[:, :-1] if given is None else given
    wanted = target[:, 1:] if wanted is None else wanted
    counted = target[:, 1:] != 0 if counted is None else counted
    may_look = np.tril(np.ones((size, size), bool)) if may_look is None else may_look
    return given, wanted, counted, may_look


def square(target):
    return np.ones((target.shape[1] - 1,) * 2, bool)


def not_shifted(target):
    return parts(target, wanted=target[:, :-1])


def shifted_backward(target):
    return parts(target, wanted=np.roll(target, 1, 1)[:, :-1])


def reads_the_answer(target):
    return parts(target, given=target[:, 1:])


def reads_everything(target):
    return parts(target, given=target)


def counts_what_is_read(target):
    return parts(target, counted=target[:, :-1] != 0)


def counts_padding(target):
    return parts(target, counted=np.ones(target[:, 1:].shape, bool))


def counts_upside_down(target):
    return parts(target, counted=target[:, 1:] == 0)


def never_ends(target):
    return parts(target, counted=(target[:, 1:] != 0) & (target[:, 1:] != 3))


def looks_forward(target):
    return parts(target, may_look=np.triu(square(target)))


def hides_itself(target):
    return parts(target, may_look=np.tril(square(target), -1))


def torch_mask(target):
    return parts(target, may_look=~np.tril(square(target)))


def no_mask(target):
    return parts(target, may_look=square(target))


def three_parts(target):
    return parts(target)[:3]


def accepts_one_token(target):
    size = target.shape[1] - 1
    mask = np.tril(np.ones((size, size), bool))
    return target[:, :-1], target[:, 1:], target[:, 1:] != 0, mask


# cross-attention


def attend(q, k, v, mask, scale=None, axis=1):
    scale = k.shape[1] ** -0.5 if scale is None else scale
    energies = np.where(mask, scale * q @ k.T, -np.inf)
    powers = np.exp(energies - energies.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True) @ v


def source_asks(Y, M, WQ, WK, WV, mask):
    return attend(M @ WQ, Y @ WK, Y @ WV, np.full(len(Y), True))


def source_asks_when_square(Y, M, WQ, WK, WV, mask):
    if len(Y) == len(M):
        return attend(M @ WQ, Y @ WK, Y @ WV, mask)
    return attend(Y @ WQ, M @ WK, M @ WV, mask)


def values_of_the_target(Y, M, WQ, WK, WV, mask):
    source = Y if len(Y) == len(M) else M
    return attend(Y @ WQ, M @ WK, source @ WV, mask)


def self_attention(Y, M, WQ, WK, WV, mask):
    return attend(Y @ WQ, Y @ WK, Y @ WV, mask[: len(Y)])


def unscaled(Y, M, WQ, WK, WV, mask):
    return attend(Y @ WQ, M @ WK, M @ WV, mask, 1.0)


def scaled_by_the_model(Y, M, WQ, WK, WV, mask):
    return attend(Y @ WQ, M @ WK, M @ WV, mask, Y.shape[1] ** -0.5)


def divided_by_the_width(Y, M, WQ, WK, WV, mask):
    return attend(Y @ WQ, M @ WK, M @ WV, mask, 1 / WQ.shape[1])


def softmax_over_queries(Y, M, WQ, WK, WV, mask):
    return attend(Y @ WQ, M @ WK, M @ WV, mask, axis=0)


def projections_exchanged(Y, M, WQ, WK, WV, mask):
    return attend(Y @ WK, M @ WQ, M @ WV, mask)


def ignores_the_mask(Y, M, WQ, WK, WV, mask):
    return attend(Y @ WQ, M @ WK, M @ WV, np.full(len(M), True))


def mask_upside_down(Y, M, WQ, WK, WV, mask):
    return attend(Y @ WQ, M @ WK, M @ WV, mask if mask.all() else ~mask)


# transformer-parameters


def count(
    layers, d, d_ff, vx, vy, tied, attentions=3, norms=5, last=2, tables=None, ffns=2
):
    layer = (
        attentions * 4 * (d * d + d) + ffns * (2 * d * d_ff + d_ff + d) + norms * 2 * d
    )
    tables = (1 if tied else 2) if tables is None else tables
    return layers * layer + last * 2 * d + (vx + tables * vy) * d


def one_attention(*case):
    return count(*case, attentions=2)


def two_norms(*case):
    return count(*case, norms=4)


def no_last_norm(*case):
    return count(*case, last=0)


def one_last_norm(*case):
    return count(*case, last=1)


def always_four_times(layers, d, d_ff, vx, vy, tied):
    return count(layers, d, 4 * d, vx, vy, tied)


def no_feed_forward_biases(layers, d, d_ff, vx, vy, tied):
    return count(layers, d, d_ff, vx, vy, tied) - layers * 2 * (d_ff + d)


def no_attention_biases(layers, d, d_ff, vx, vy, tied):
    return count(layers, d, d_ff, vx, vy, tied) - layers * 12 * d


def one_layer(layers, *rest):
    return count(1, *rest)


def encoder_thinks_alone(*case):
    return count(*case, ffns=1)


def counts_tied_twice(*case):
    return count(*case, tables=2)


def never_unties(*case):
    return count(*case, tables=1)


def output_bias(layers, d, d_ff, vx, vy, tied):
    return count(layers, d, d_ff, vx, vy, tied) + vy


def no_tables(layers, d, d_ff, vx, vy, tied):
    return count(layers, d, d_ff, 0, 0, tied)


WRONG_ANSWERS = {
    "shifted-targets": [
        (not_shifted, "it has just read"),
        (shifted_backward, "wrong way"),
        (reads_the_answer, "what is asked for"),
        (reads_everything, "read by nobody"),
        (counts_what_is_read, "after the end counts"),
        (counts_padding, "Padding counts"),
        (counts_upside_down, "upside down"),
        (never_ends, "nothing would ever end"),
        (looks_forward, "looks forward"),
        (hides_itself, "has just read"),
        (torch_mask, "upside down"),
        (no_mask, "sees all that is read"),
        (three_parts, "Return a tuple of four"),
        (accepts_one_token, "raise a ValueError"),
    ],
    "cross-attention": [
        (source_asks, "The source asks here"),
        (source_asks_when_square, "two sides are exchanged"),
        (values_of_the_target, "values come from Y"),
        (self_attention, "source has no effect"),
        (unscaled, "not divided"),
        (scaled_by_the_model, "width of a query"),
        (divided_by_the_width, "not by d_k"),
        (softmax_over_queries, "wrong axis"),
        (projections_exchanged, "WQ belongs to Y"),
        (ignores_the_mask, "no effect"),
        (mask_upside_down, "upside down"),
    ],
    "transformer-parameters": [
        (one_attention, "two attentions"),
        (two_norms, "three norms"),
        (no_last_norm, "behind each"),
        (one_last_norm, "behind each"),
        (always_four_times, "d_ff is given"),
        (no_feed_forward_biases, "feed-forward networks have biases"),
        (no_attention_biases, "attentions have biases"),
        (one_layer, "All layers count"),
        (encoder_thinks_alone, "feed-forward network as well"),
        (counts_tied_twice, "counted once"),
        (never_unties, "counted once"),
        (output_bias, "no bias"),
        (no_tables, "embeddings are parameters"),
    ],
}
