"""Typical wrong answers to the exercises on attention layers, each with a piece of the hint it must meet."""

import numpy as np


def softmax(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def allowed(queries, keys, shift=None):
    return np.tri(queries, keys, keys - queries if shift is None else shift, dtype=bool)


def attention(
    scale=lambda q, k, v: q.shape[1] ** -0.5, shift=None, fill=-np.inf, axis=-1
):
    def answer(Q, K, V):
        mask = allowed(len(Q), len(K), shift)
        scores = np.where(mask, scale(Q, K, V) * Q @ K.T, fill)
        alpha = softmax(scores, axis)
        return alpha @ V, alpha

    return answer


no_root = attention(lambda q, k, v: 1.0)
no_root_but_division = attention(lambda q, k, v: 1 / q.shape[1])
root_of_the_number_of_keys = attention(lambda q, k, v: len(k) ** -0.5)
root_of_the_values = attention(lambda q, k, v: v.shape[1] ** -0.5)
first_places = attention(shift=0)
masks_with_zero = attention(fill=0.0)
leaves_a_trace = attention(fill=-50.0)
over_the_queries = attention(axis=0)


def softmax_over_weights(Q, K, V):
    _, alpha = attention()(Q, K, V)
    return softmax(alpha) @ V, softmax(alpha)


def softmax_over_result(Q, K, V):
    Z, alpha = attention()(Q, K, V)
    return softmax(Z), alpha


def scores_for_weights(Q, K, V):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    return scores @ V, scores


def divides_again(Q, K, V):
    Z, alpha = attention()(Q, K, V)
    return Z / len(K), alpha


def masks_nothing(Q, K, V):
    alpha = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    return alpha @ V, alpha


def masks_afterwards(Q, K, V):
    alpha = softmax(Q @ K.T / np.sqrt(Q.shape[1])) * allowed(len(Q), len(K))
    return alpha @ V, alpha


def masks_the_past(Q, K, V):
    mask = ~np.tri(len(Q), len(K), len(K) - len(Q) - 1, dtype=bool)
    if len(Q) == 1:
        mask[:] = True
    alpha = softmax(np.where(mask, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf))
    return alpha @ V, alpha


def first_places_but_for_one(Q, K, V):
    shift = len(K) - 1 if len(Q) == 1 else 0
    return attention(shift=shift)(Q, K, V)


def masks_squares_only(Q, K, V):
    return (attention() if len(Q) == len(K) else masks_nothing)(Q, K, V)


def unstable(Q, K, V):
    scores = np.where(allowed(len(Q), len(K)), Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)
    alpha = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return alpha @ V, alpha


def results_alone(Q, K, V):
    return attention()(Q, K, V)[0]


# multi-head


def check(X, heads):
    if X.shape[1] % heads:
        raise ValueError("not divisible")


def split(m, heads):
    return m.reshape(len(m), heads, -1).swapaxes(0, 1)


def join(z):
    return z.swapaxes(0, 1).reshape(z.shape[1], -1)


def layer(cut=split, glue=join, scale=None, out=lambda z, w: z @ w):
    def answer(X, W_Q, W_K, W_V, W_O, heads):
        check(X, heads)
        q, k, v = (cut(X @ W, heads) for W in (W_Q, W_K, W_V))
        factor = q.shape[-1] ** -0.5 if scale is None else scale(X, heads)
        z = softmax(factor * q @ k.swapaxes(1, 2)) @ v
        return out(glue(z), W_O)

    return answer


def torn(m, heads):
    return m.reshape(heads, len(m), -1)


def glued_torn(z):
    return z.reshape(z.shape[1], -1)


def every_second(m, heads):
    return m.reshape(len(m), -1, heads).transpose(2, 0, 1)


tears_rows = layer(torn)
tears_rows_twice = layer(torn, glued_torn)
joins_torn = layer(glue=glued_torn)
takes_every_second_column = layer(every_second)
root_of_d = layer(scale=lambda X, heads: X.shape[1] ** -0.5)
without_root = layer(scale=lambda X, heads: 1.0)
no_output = layer(out=lambda z, w: z)
output_transposed = layer(out=lambda z, w: z @ w.T)
heads_backward = layer(glue=lambda z: join(z[::-1]))
adds_heads = layer(glue=lambda z: np.concatenate([z.sum(0)] * len(z), axis=1))


def one_head_only(X, W_Q, W_K, W_V, W_O, heads):
    check(X, heads)
    return layer()(X, W_Q, W_K, W_V, W_O, 1)


def transposes(X, W_Q, W_K, W_V, W_O, heads):
    return layer()(X, W_Q.T, W_K.T, W_V.T, W_O.T, heads)


def always_two(X, W_Q, W_K, W_V, W_O, heads):
    check(X, heads)
    return layer()(X, W_Q, W_K, W_V, W_O, min(heads, 2))


def rounds_down(X, W_Q, W_K, W_V, W_O, heads):
    d_k = X.shape[1] // heads
    found = []
    for r in range(heads):
        own = slice(r * d_k, (r + 1) * d_k)
        q, k, v = (X @ W[:, own] for W in (W_Q, W_K, W_V))
        found.append(softmax(q @ k.T / np.sqrt(d_k)) @ v)
    joined = np.concatenate(found, axis=1)
    return joined @ W_O[: joined.shape[1]]


WRONG_ANSWERS = {
    "causal-attention": [
        (no_root, "root is missing"),
        (no_root_but_division, "not by its root"),
        (root_of_the_number_of_keys, "not of their number"),
        (root_of_the_values, "not of the values"),
        (softmax_over_weights, "Softmax was taken twice"),
        (softmax_over_result, "A second softmax"),
        (scores_for_weights, "no softmax was taken"),
        (divides_again, "nothing to divide"),
        (first_places, "two of them are the past"),
        (masks_nothing, "every place sees the future"),
        (masks_afterwards, "no longer sum to one"),
        (masks_with_zero, "exp(0) is 1"),
        (masks_the_past, "turned around"),
        (over_the_queries, "one 1 to share out"),
        (leaves_a_trace, "leaves a trace"),
        (first_places_but_for_one, "not the first"),
        (masks_squares_only, "which is its future"),
        (unstable, "exp(1000)"),
        (results_alone, "Return a tuple"),
    ],
    "multi-head": [
        (no_output, "last projection is missing"),
        (transposes, "applied transposed"),
        (output_transposed, "W_O was applied transposed"),
        (without_root, "root is missing"),
        (root_of_d, "not of d_model"),
        (one_head_only, "one head only"),
        (tears_rows, "torn apart"),
        (tears_rows_twice, "torn apart"),
        (joins_torn, "mix tokens"),
        (takes_every_second_column, "every second column"),
        (heads_backward, "wrong order"),
        (adds_heads, "added up"),
        (always_two, "being 2 or 3"),
        (rounds_down, "rounds down"),
    ],
}
