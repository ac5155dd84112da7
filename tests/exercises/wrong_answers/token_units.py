"""Typical wrong answers to the exercise on bits per byte, each with a piece of the hint it must meet."""

import numpy as np


def size(text):
    return len(text.encode("utf-8"))


def per_token(perplexities, tokens, text):
    return np.log2(perplexities)


def of_the_text(perplexities, tokens, text):
    return np.log2(perplexities) * tokens


def nats(perplexities, tokens, text):
    return np.log(perplexities) * tokens / size(text)


def upside_down(perplexities, tokens, text):
    return np.log2(perplexities) * size(text) / tokens


def no_logarithm(perplexities, tokens, text):
    return perplexities * tokens / size(text)


def per_character(perplexities, tokens, text):
    return np.log2(perplexities) * tokens / len(text)


def two_bytes(perplexities, tokens, text):
    count = size(text) if text.isascii() else len(text.encode("utf-16-le"))
    return np.log2(perplexities) * tokens / count


WRONG_ANSWERS = {
    "per-byte": [
        (per_token, "These are bits per token"),
        (of_the_text, "the bits of the whole text"),
        (nats, "These are nats"),
        (upside_down, "Tokens and bytes are exchanged"),
        (no_logarithm, "The logarithm is missing"),
        (per_character, "bits per character"),
        (two_bytes, "this is UTF-16"),
    ]
}
