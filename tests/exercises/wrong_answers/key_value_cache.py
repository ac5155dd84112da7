"""Typical wrong answers to the exercises on the cache, each with a piece of the hint it must meet."""

import numpy as np

# cached-attention


def softmax(scores, shift=True):
    powers = np.exp(scores - scores.max(-1, keepdims=True) if shift else scores)
    return powers / powers.sum(-1, keepdims=True)


def attention(q, keys, values, scale=True, share=np.repeat, shift=True):
    times = len(q) // len(keys)
    if share is np.repeat:
        keys, values = np.repeat(keys, times, 0), np.repeat(values, times, 0)
    else:
        keys, values = np.tile(keys, (times, 1, 1)), np.tile(values, (times, 1, 1))
    scores = np.einsum("hd,htd->ht", q, keys) / (q.shape[1] ** 0.5 if scale else 1)
    return np.einsum("ht,htd->hd", softmax(scores, shift), values).ravel()


def stored(x, keys, values, w_k, w_v, front=False):
    new_k, new_v = (w_k @ x)[:, None], (w_v @ x)[:, None]
    pairs = ((new_k, keys), (new_v, values)) if front else ((keys, new_k), (values, new_v))  # fmt: skip
    return tuple(np.concatenate(pair, 1) for pair in pairs)


def but(**changes):
    def answer(x, keys, values, w_q, w_k, w_v):
        keys, values = stored(x, keys, values, w_k, w_v)
        return attention(w_q @ x, keys, values, **changes), keys, values

    return answer


def looks_before_it_stores(x, keys, values, w_q, w_k, w_v):
    q, d = w_q @ x, w_q.shape[1]
    out = attention(q, keys, values) if keys.shape[1] else np.zeros(len(q) * d)
    return out, *stored(x, keys, values, w_k, w_v)


def sees_itself_only_at_first(x, keys, values, w_q, w_k, w_v):
    new = stored(x, keys, values, w_k, w_v)
    seen = (keys, values) if keys.shape[1] else new
    return attention(w_q @ x, *seen), *new


def averages_keys(x, keys, values, w_q, w_k, w_v):
    keys, values = stored(x, keys, values, w_k, w_v)
    return attention(w_q @ x, keys, keys), keys, values


def averages_keys_later(x, keys, values, w_q, w_k, w_v):
    first = not keys.shape[1]
    keys, values = stored(x, keys, values, w_k, w_v)
    return attention(w_q @ x, keys, values if first else keys), keys, values


def averages_queries(x, keys, values, w_q, w_k, w_v):
    return (w_q @ x).ravel(), *stored(x, keys, values, w_k, w_v)


def forgets(x, keys, values, w_q, w_k, w_v):
    return attention(w_q @ x, *stored(x, keys, values, w_k, w_v)), keys, values


def in_front(x, keys, values, w_q, w_k, w_v):
    keys, values = stored(x, keys, values, w_k, w_v, front=True)
    return attention(w_q @ x, keys, values), keys, values


def all_alike(x, keys, values, w_q, w_k, w_v):
    keys, values = stored(x, keys, values, w_k, w_v)
    return attention(0 * (w_q @ x), keys, values), keys, values


def heads_in_turn(x, keys, values, w_q, w_k, w_v):
    out, keys, values = but()(x, keys, values, w_q, w_k, w_v)
    return out.reshape(len(w_q), -1).T.ravel(), keys, values


def out_alone(*given):
    return but()(*given)[0]


def window_of_four(x, keys, values, w_q, w_k, w_v):
    keys, values = stored(x, keys, values, w_k, w_v)
    return attention(w_q @ x, keys[:, -4:], values[:, -4:]), keys, values


# slide-cache


def turned(x, places, base=10_000.0, exponent=2.0, neighbors=False):
    half = x.shape[1] // 2
    angle = np.outer(places, base ** (-exponent * np.arange(half) / x.shape[1]))
    cos, sin = np.cos(angle), np.sin(angle)
    a, b = (x[:, ::2], x[:, 1::2]) if neighbors else (x[:, :half], x[:, half:])
    parts = [a * cos - b * sin, b * cos + a * sin]
    return np.stack(parts, 2).reshape(x.shape) if neighbors else np.hstack(parts)


def slid(places, kept=lambda keys, drop: keys[drop:], **changes):
    def answer(keys, drop, base=10_000.0):
        if not 0 <= drop <= len(keys):
            raise ValueError("drop")
        left = kept(keys, drop)
        return turned(left, places(len(left), drop), **({"base": base} | changes))

    return answer


def by_drop(n, drop):
    return np.full(n, -float(drop))


def at_their_old_places(keys, drop, base=10_000.0):
    if not 0 <= drop <= len(keys):
        raise ValueError("drop")
    return keys[drop:].copy()


def to_nothing(keys, drop, base=10_000.0):
    return turned(keys[drop:], -np.arange(len(keys))[drop:], base)


def to_nothing_if_any(keys, drop, base=10_000.0):
    return to_nothing(keys, drop, base) if drop else keys.copy()


def takes_everything(keys, drop, base=10_000.0):
    drop = min(max(drop, 0), len(keys))
    return slid(by_drop)(keys, drop, base)


def numpy_does(keys, drop, base=10_000.0):
    left = keys[drop:]
    return turned(left, by_drop(len(left), drop), base)


def not_in_front(keys, drop, base=10_000.0):
    return slid(by_drop, lambda k, n: k[: len(k) - n])(keys, drop, base)


def last_rows(keys, drop, base=10_000.0):
    return slid(by_drop, lambda k, n: k[len(k) :] if not n else k[n:])(keys, drop, base)


WRONG_ANSWERS = {
    "cached-attention": [
        (looks_before_it_stores, "belong into the cache before"),
        (averages_keys, "This is the key"),
        (averages_queries, "This is the query"),
        (out_alone, "Return a tuple of three"),
        (forgets, "behind those that are there"),
        (in_front, "put in front"),
        (but(scale=False), "root of d_head"),
        (sees_itself_only_at_first, "must see itself"),
        (averages_keys_later, "You averaged the keys"),
        (all_alike, "weights are equal"),
        (but(share=np.tile), "np.repeat, not np.tile"),
        (heads_in_turn, "one behind the other"),
        (window_of_four, "causal attention"),
        (but(shift=False), "subtract the largest score"),
    ],
    "slide-cache": [
        (to_nothing, "turned back to place 0"),
        (last_rows, "every key stays as it is"),
        (at_their_old_places, "still stand at their old places"),
        (slid(lambda n, drop: np.full(n, float(drop))), "turned forward"),
        (to_nothing_if_any, "The second is to stand at place 1"),
        (not_in_front, "The oldest is the first"),
        (slid(by_drop, neighbors=True), "not neighbors here"),
        (slid(by_drop, exponent=1.0), "exponent is -2 i / d_head"),
        (slid(by_drop, exponent=0.0), "its own frequency"),
        (slid(lambda n, drop: np.full(n, -float(drop > 0))), "Four tokens were dropped"),
        (slid(by_drop, base=10_000.0), "base has no effect"),
        (takes_everything, "Raise a ValueError"),
        (numpy_does, "Raise a ValueError"),
    ],
}  # fmt: skip
