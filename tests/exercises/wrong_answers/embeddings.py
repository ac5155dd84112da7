"""Typical wrong answers to the exercises on embeddings, each with a piece of the hint it must meet."""

import math

import numpy as np

# embedding-gradient


def table(ids, upstream, vocab_size, dtype=float):
    rows = np.zeros((vocab_size, upstream.shape[-1]), dtype=dtype)
    np.add.at(rows, ids.reshape(-1), upstream.reshape(-1, upstream.shape[-1]))
    return rows


def plus_equals(ids, upstream, vocab_size):
    rows = np.zeros((vocab_size, upstream.shape[-1]))
    rows[ids] += upstream
    return rows


def first_occurrence(ids, upstream, vocab_size):
    rows = np.zeros((vocab_size, upstream.shape[-1]))
    words, places = np.unique(ids.reshape(-1), return_index=True)
    rows[words] = upstream.reshape(-1, upstream.shape[-1])[places]
    return rows


def mean_of_occurrences(ids, upstream, vocab_size):
    times = np.bincount(ids.reshape(-1), minlength=vocab_size)
    return table(ids, upstream, vocab_size) / np.maximum(times, 1)[:, None]


def mean_of_batch(ids, upstream, vocab_size):
    return table(ids, upstream, vocab_size) / ids.size


def by_place(ids, upstream, vocab_size):
    rows = np.zeros((vocab_size, upstream.shape[-1]))
    rows[: len(ids)] = upstream
    return rows


def which_words(ids, upstream, vocab_size):
    return table(ids, np.ones_like(upstream), vocab_size)


def rows_of_the_batch_only(ids, upstream, vocab_size):
    return upstream


def transposed(ids, upstream, vocab_size):
    return table(ids, upstream, vocab_size).T


def one_text_only(ids, upstream, vocab_size):
    if ids.ndim == 1:
        return table(ids, upstream, vocab_size)
    return table(ids[0], upstream[0], vocab_size)


def for_id_in_ids(ids, upstream, vocab_size):
    rows = np.zeros((vocab_size, upstream.shape[-1]))
    for word in set(ids):
        rows[word] = upstream[ids == word].sum(axis=0)
    return rows


def text_by_text(ids, upstream, vocab_size):
    if ids.ndim == 1:
        return table(ids, upstream, vocab_size)
    rows = np.zeros((vocab_size, upstream.shape[-1]))
    for words, arrived in zip(ids, upstream, strict=True):
        rows[words] += arrived
    return rows


def largest_id(ids, upstream, vocab_size):
    return table(ids, upstream, ids.max() + 1)


# softmax-loss


def stable(logits, targets):
    rows = np.arange(len(targets))
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    ones = np.eye(logits.shape[1])[targets]
    return logs[rows, targets], np.exp(logs), ones


def sum_of_losses(logits, targets):
    logs, probs, ones = stable(logits, targets)
    return -logs.sum(), probs - ones


def all_losses(logits, targets):
    logs, probs, ones = stable(logits, targets)
    return -logs, probs - ones


def wrong_sign(logits, targets):
    logs, probs, ones = stable(logits, targets)
    return logs.mean(), (ones - probs) / len(targets)


def bits(logits, targets):
    logs, probs, ones = stable(logits, targets)
    return -logs.mean() / math.log(2), (probs - ones) / len(targets)


def probability(logits, targets):
    logs, probs, ones = stable(logits, targets)
    return np.exp(logs).mean(), (probs - ones) / len(targets)


def log_of_mean(logits, targets):
    logs, probs, ones = stable(logits, targets)
    return -math.log(np.exp(logs).mean()), (probs - ones) / len(targets)


def target_logit(logits, targets):
    _, probs, ones = stable(logits, targets)
    return -logits[ones > 0].mean(), (probs - ones) / len(targets)


def mean_of_table(logits, targets):
    _, probs, ones = stable(logits, targets)
    return -(ones * np.log(probs)).mean(), (probs - ones) / len(targets)


def over_the_batch(logits, targets):
    _, probs, _ = stable(logits.T, np.zeros(logits.shape[1], dtype=int))
    targeted = probs.T[np.arange(len(targets)), targets]
    return -np.log(targeted).mean(), probs.T


def all_words(logits, targets):
    _, probs, ones = stable(logits, targets)
    return -np.log(probs).mean(), (probs - ones) / len(targets)


def loss_alone(logits, targets):
    return -stable(logits, targets)[0].mean()


def in_place(logits, targets):
    logits -= logits.max(axis=1, keepdims=True)
    logs, probs, ones = stable(logits, targets)
    return -logs.mean(), (probs - ones) / len(targets)


def gradient_of_sum(logits, targets):
    logs, probs, ones = stable(logits, targets)
    return -logs.mean(), probs - ones


def uphill(logits, targets):
    logs, probs, ones = stable(logits, targets)
    return -logs.mean(), (ones - probs) / len(targets)


def only_predicted(logits, targets):
    logs, probs, _ = stable(logits, targets)
    return -logs.mean(), probs / len(targets)


def all_columns(logits, targets):
    logs, probs, _ = stable(logits, targets)
    probs[:, targets] -= 1
    return -logs.mean(), probs / len(targets)


def target_column_alone(logits, targets):
    logs, probs, ones = stable(logits, targets)
    return -logs.mean(), (probs - ones) * ones / len(targets)


def naive(logits, targets):
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    ones = np.eye(logits.shape[1])[targets]
    return -np.log(probs[ones > 0]).mean(), (probs - ones) / len(targets)


def largest_of_the_batch(logits, targets):
    shifted = logits - logits.max()
    sums = np.exp(shifted).sum(axis=1, keepdims=True)
    ones = np.eye(logits.shape[1])[targets]
    logs = shifted - np.log(sums)
    return -logs[ones > 0].mean(), (np.exp(shifted) / sums - ones) / len(targets)


def log_of_the_softmax(logits, targets):
    _, probs, ones = stable(logits, targets)
    return -np.log(probs[ones > 0]).mean(), (probs - ones) / len(targets)


def bounded(logits, targets):
    _, probs, ones = stable(logits, targets)
    return -np.log(probs[ones > 0].clip(1e-12)).mean(), (probs - ones) / len(targets)


WRONG_ANSWERS = {
    "embedding-gradient": [
        (mean_of_batch, "divided by the number of words"),
        (by_place, "Rows are numbered by word"),
        (which_words, "only which words occurred"),
        (rows_of_the_batch_only, "shape of the table"),
        (transposed, "shape of the table"),
        (plus_equals, "only its last occurrence"),
        (first_occurrence, "only its first occurrence"),
        (mean_of_occurrences, "mean over the occurrences"),
        (one_text_only, "Only the first text"),
        (text_by_text, "in one text, only the last occurrence"),
        (for_id_in_ids, "any shape"),
        (largest_id, "whatever the batch holds"),
    ],
    "softmax-loss": [
        (sum_of_losses, "the sum over the batch"),
        (all_losses, "the mean over the rows"),
        (wrong_sign, "The sign is wrong"),
        (bits, "These are bits"),
        (probability, "mean probability of the targets"),
        (log_of_mean, "Take the mean of the logarithms"),
        (target_logit, "the other logits"),
        (mean_of_table, "one loss in each row"),
        (over_the_batch, "ran over the batch"),
        (all_words, "all words were averaged"),
        (loss_alone, "Return a tuple of two"),
        (in_place, "changed its argument"),
        (gradient_of_sum, "The loss is their mean"),
        (uphill, "points downhill"),
        (only_predicted, "Take away what came"),
        (all_columns, "Each row has one target"),
        (target_column_alone, "Only the logit of the target"),
        (naive, "exp(1000) is infinite"),
        (largest_of_the_batch, "its own largest logit"),
        (log_of_the_softmax, "without taking the logarithm of a probability"),
        (bounded, "bounds the loss"),
    ],
}
