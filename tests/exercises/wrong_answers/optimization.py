"""Typical wrong answers to the exercises on training, each with a piece of the hint it must meet."""

import math

import numpy as np

# momentum-step


def dampens(theta, v, gradient, lr, momentum=0.9):
    v = momentum * v + (1 - momentum) * gradient
    return theta - lr * v, v


def learning_rate_in_the_velocity(theta, v, gradient, lr, momentum=0.9):
    v = momentum * v - lr * gradient
    return theta + v, v


def uphill(theta, v, gradient, lr, momentum=0.9):
    v = momentum * v + gradient
    return theta + lr * v, v


def moves_by_the_old_velocity(theta, v, gradient, lr, momentum=0.9):
    return theta - lr * v, momentum * v + gradient


def forgets_theta(theta, v, gradient, lr, momentum=0.9):
    return momentum * v + gradient


def writes_over_the_velocity(theta, v, gradient, lr, momentum=0.9):
    v *= momentum
    v += gradient
    return theta - lr * v, v


def never_fades(theta, v, gradient, lr, momentum=0.9):
    v = v + gradient
    return theta - lr * v, v


def forgets_the_velocity(theta, v, gradient, lr, momentum=0.9):
    return theta - lr * gradient, gradient


def moves_by_the_gradient(theta, v, gradient, lr, momentum=0.9):
    return theta - lr * gradient, momentum * v + gradient


def always_nine_tenths(theta, v, gradient, lr, momentum=0.9):
    v = 0.9 * v + gradient
    return theta - lr * v, v


# adam-step


def adam(theta, m, v, gradient, step, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat, v_hat = m / (1 - beta1**step), v / (1 - beta2**step)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def returns_the_corrected(
    theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    new, m, v = adam(theta, m, v, gradient, step, lr, beta1, beta2, eps)
    return new, m / (1 - beta1**step), v / (1 - beta2**step)


def exchanges_the_betas(
    theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    return adam(theta, m, v, gradient, step, lr, beta2, beta1, eps)


def squares_nothing(theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new, m, _ = adam(theta, m, v, gradient, step, lr, beta1, beta2, eps)
    return new, m, beta2 * v + (1 - beta2) * np.abs(gradient)


def corrects_nothing(theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, m, v = adam(theta, m, v, gradient, step, lr, beta1, beta2, eps)
    return theta - lr * m / (np.sqrt(v) + eps), m, v


def corrects_m_alone(theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, m, v = adam(theta, m, v, gradient, step, lr, beta1, beta2, eps)
    return theta - lr * m / (1 - beta1**step) / (np.sqrt(v) + eps), m, v


def counts_from_zero(theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam(theta, m, v, gradient, step - 1, lr, beta1, beta2, eps)


def counts_one_more(theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam(theta, m, v, gradient, step + 1, lr, beta1, beta2, eps)


def corrects_without_the_power(
    theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    _, m, v = adam(theta, m, v, gradient, step, lr, beta1, beta2, eps)
    corrected = m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps)
    return theta - lr * corrected, m, v


def eps_inside_the_root(
    theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    _, m, v = adam(theta, m, v, gradient, step, lr, beta1, beta2, eps)
    root = np.sqrt(v / (1 - beta2**step) + eps)
    return theta - lr * m / (1 - beta1**step) / root, m, v


def eps_before_the_correction(
    theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    _, m, v = adam(theta, m, v, gradient, step, lr, beta1, beta2, eps)
    rate = lr * math.sqrt(1 - beta2**step) / (1 - beta1**step)
    return theta - rate * m / (np.sqrt(v) + eps), m, v


def no_eps(theta, m, v, gradient, step, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    return adam(theta, m, v, gradient, step, lr, beta1, beta2, 0.0)


# warmup-cosine


def schedule(step, peak, warmup, total, floor):
    if not 1 <= warmup < total:
        raise ValueError("no room")
    if step < warmup:
        return peak * (step + 1) / warmup
    u = min(1.0, (step - warmup + 1) / (total - warmup))
    return floor + (peak - floor) * (1 + math.cos(math.pi * u)) / 2


def begins_at_zero(step, peak, warmup, total, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    return schedule(step, peak, warmup, total, floor)


def line_down(step, peak, warmup, total, floor=0.0):
    if step < warmup:
        return schedule(step, peak, warmup, total, floor)
    return floor + (peak - floor) * (total - 1 - step) / (total - warmup)


def cosine_from_zero(step, peak, warmup, total, floor=0.0):
    if step < warmup:
        return schedule(step, peak, warmup, total, floor)
    return floor + (peak - floor) * (1 + math.cos(math.pi * step / total)) / 2


def one_step_late(step, peak, warmup, total, floor=0.0):
    if step < warmup:
        return schedule(step, peak, warmup, total, floor)
    u = (step - warmup) / (total - warmup)
    return floor + (peak - floor) * (1 + math.cos(math.pi * u)) / 2


def no_floor(step, peak, warmup, total, floor=0.0):
    return schedule(step, peak, warmup, total, 0.0)


def cut_off_at_the_floor(step, peak, warmup, total, floor=0.0):
    if step < warmup:
        return schedule(step, peak, warmup, total, floor)
    return max(floor, schedule(step, peak, warmup, total, 0.0))


def on_top_of_the_floor(step, peak, warmup, total, floor=0.0):
    if step < warmup:
        return schedule(step, peak, warmup, total, floor)
    return floor + schedule(step, peak, warmup, total, 0.0)


def rises_again(step, peak, warmup, total, floor=0.0):
    if not 1 <= warmup < total:
        raise ValueError("no room")
    if step < warmup:
        return peak * (step + 1) / warmup
    u = (step - warmup + 1) / (total - warmup)
    return floor + (peak - floor) * (1 + math.cos(math.pi * u)) / 2


def refuses_nothing(step, peak, warmup, total, floor=0.0):
    if not 1 <= warmup < total:
        return peak
    return schedule(step, peak, warmup, total, floor)


def refuses_no_empty_warmup(step, peak, warmup, total, floor=0.0):
    return schedule(step, peak, warmup or 1, total, floor)


# accumulate


def weighted(gradients, counts):
    used = [(n, g) for n, g in zip(counts, gradients, strict=True) if n > 0]
    return sum(n * g for n, g in used) / sum(n for n, _ in used)


def mean_of_means(gradients, counts):
    return np.mean(gradients, axis=0)


def sum_of_means(gradients, counts):
    return np.sum(gradients, axis=0)


def sum_over_tokens(gradients, counts):
    return sum(n * g for n, g in zip(counts, gradients, strict=True))


def divides_by_the_pieces(gradients, counts):
    return sum_over_tokens(gradients, counts) / len(counts)


def vectors_only(gradients, counts):
    weights = np.array(counts)[:, None] / sum(counts)
    return (weights * np.array(gradients)).sum(axis=0)


def keeps_the_empty_piece(gradients, counts):
    return sum_over_tokens(gradients, counts) / sum(counts)


def zero_without_tokens(gradients, counts):
    if sum(counts) == 0:
        return np.zeros_like(gradients[0])
    return weighted(gradients, counts)


# group-split


def fill(groups, order, enough):
    test = np.zeros(len(groups), dtype=bool)
    for group in order:
        if enough(test):
            break
        test |= groups == group
    if test.all():
        raise ValueError("nothing left to train on")
    return test


def shuffles_items(groups, test_share, rng):
    test = np.zeros(len(groups), dtype=bool)
    test[rng.permutation(len(groups))[: math.ceil(test_share * len(groups))]] = True
    return test


def marks_the_training_part(groups, test_share, rng):
    order = rng.permutation(np.unique(groups))
    return ~fill(groups, order, lambda test: test.mean() >= test_share)


def a_group_too_many(groups, test_share, rng):
    order = rng.permutation(np.unique(groups))
    return fill(groups, order, lambda test: test.mean() > test_share)


def returns_indices(groups, test_share, rng):
    order = rng.permutation(np.unique(groups))
    return np.flatnonzero(
        fill(groups, order, lambda test: test.mean() >= test_share)
    )  # fmt: skip


def share_of_groups(groups, test_share, rng):
    order = rng.permutation(np.unique(groups))
    chosen = order[: math.ceil(test_share * len(order))]
    return np.isin(groups, chosen)


def stays_below(groups, test_share, rng):
    test = np.zeros(len(groups), dtype=bool)
    for group in rng.permutation(np.unique(groups)):
        more = test | (groups == group)
        if more.mean() <= test_share:
            test = more
    return test


def shuffles_nothing(groups, test_share, rng):
    return fill(groups, np.unique(groups), lambda test: test.mean() >= test_share)


def in_order_of_appearance(groups, test_share, rng):
    order = rng.permutation(list(dict.fromkeys(groups.tolist())))
    return fill(groups, order, lambda test: test.mean() >= test_share)


def another_generator(groups, test_share, rng):
    order = np.random.default_rng(99).permutation(np.unique(groups))
    return fill(groups, order, lambda test: test.mean() >= test_share)


def takes_everything(groups, test_share, rng):
    test = np.zeros(len(groups), dtype=bool)
    for group in rng.permutation(np.unique(groups)):
        if test.mean() >= test_share:
            break
        test |= groups == group
    return test


# decoupled-decay


def adams(theta, gradients, lr, l2, decay, *, correct=True, first=1):
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for step, gradient in enumerate(gradients, start=first):
        gradient = gradient + l2 * theta
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        by_m, by_v = (1 - 0.9**step, 1 - 0.999**step) if correct else (1, 1)
        theta = (1 - decay) * theta - lr * (m / by_m) / (np.sqrt(v / by_v) + 1e-8)
    return theta


def corrects_no_moment(theta, gradients, lr, weight_decay):
    return (
        adams(theta, gradients, lr, weight_decay, 0, correct=False),
        adams(theta, gradients, lr, 0, lr * weight_decay, correct=False),
    )


def one_step_ahead(theta, gradients, lr, weight_decay):
    return (
        adams(theta, gradients, lr, weight_decay, 0, first=2),
        adams(theta, gradients, lr, 0, lr * weight_decay, first=2),
    )


def exchanges_the_results(theta, gradients, lr, weight_decay):
    return (
        adams(theta, gradients, lr, 0, lr * weight_decay),
        adams(theta, gradients, lr, weight_decay, 0),
    )


def decays_by_the_beginning(theta, gradients, lr, weight_decay):
    pulled = [gradient + weight_decay * theta for gradient in gradients]
    return (
        adams(theta, pulled, lr, 0, 0),
        adams(theta, gradients, lr, 0, lr * weight_decay),
    )


def twice_the_decay(theta, gradients, lr, weight_decay):
    return (
        adams(theta, gradients, lr, 2 * weight_decay, 0),
        adams(theta, gradients, lr, 0, lr * weight_decay),
    )


def l2_twice(theta, gradients, lr, weight_decay):
    same = adams(theta, gradients, lr, weight_decay, 0)
    return same, same.copy()


def decay_without_lr(theta, gradients, lr, weight_decay):
    return (
        adams(theta, gradients, lr, weight_decay, 0),
        adams(theta, gradients, lr, 0, weight_decay),
    )


def decays_after_the_step(theta, gradients, lr, weight_decay):
    m, v, new = np.zeros_like(theta), np.zeros_like(theta), theta
    for step, gradient in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        new = new - lr * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
        new = (1 - lr * weight_decay) * new
    return adams(theta, gradients, lr, weight_decay, 0), new


def skips_without_gradient(theta, gradients, lr, weight_decay):
    seen = np.any(gradients, axis=0)
    return (
        np.where(seen, adams(theta, gradients, lr, weight_decay, 0), theta),
        np.where(seen, adams(theta, gradients, lr, 0, lr * weight_decay), theta),
    )


WRONG_ANSWERS = {
    "momentum-step": [
        (dampens, "enters whole"),
        (learning_rate_in_the_velocity, "Keep both out"),
        (uphill, "goes uphill"),
        (moves_by_the_old_velocity, "old velocity"),
        (forgets_theta, "Return a tuple of 2"),
        (writes_over_the_velocity, "works on the caller's data"),
        (never_fades, "did not fade"),
        (forgets_the_velocity, "nothing builds up"),
        (moves_by_the_gradient, "goes along the velocity"),
        (always_nine_tenths, "Use the argument"),
    ],
    "adam-step": [
        (returns_the_corrected, "for this step only"),
        (exchanges_the_betas, "beta2's average"),
        (squares_nothing, "averages the squares"),
        (corrects_nothing, "3.16 times too long"),
        (corrects_m_alone, "Only m was corrected"),
        (counts_from_zero, "Steps count from 1"),
        (counts_one_more, "those of step 2"),
        (corrects_without_the_power, "to the power"),
        (eps_inside_the_root, "inside the root"),
        (eps_before_the_correction, "correction enlarges it"),
        (no_eps, "0 / 0"),
    ],
    "warmup-cosine": [
        (begins_at_zero, "computed and not taken"),
        (line_down, "straight line"),
        (cosine_from_zero, "under the warm-up"),
        (one_step_late, "one step late"),
        (no_floor, "no effect"),
        (cut_off_at_the_floor, "cuts the cosine off"),
        (on_top_of_the_floor, "peak + floor"),
        (rises_again, "rise again"),
        (refuses_nothing, "warmup=6, total=6"),
        (refuses_no_empty_warmup, "warmup=0"),
    ],
    "accumulate": [
        (mean_of_means, "mean of the means"),
        (sum_of_means, "means were added up"),
        (sum_over_tokens, "Divide by their number"),
        (divides_by_the_pieces, "number of pieces"),
        (vectors_only, "one for each piece"),
        (keeps_the_empty_piece, "0 times NaN"),
        (zero_without_tokens, "every piece is empty"),
    ],
    "group-split": [
        (shuffles_items, "Shuffle the groups"),
        (marks_the_training_part, "True marks the test"),
        (a_group_too_many, "A group too many"),
        (returns_indices, "Return a mask"),
        (share_of_groups, "64 items"),
        (stays_below, "at least a quarter"),
        (shuffles_nothing, "rng.permutation"),
        (in_order_of_appearance, "rng.permutation"),
        (another_generator, "rng.permutation"),
        (takes_everything, "training part is empty"),
    ],
    "decoupled-decay": [
        (corrects_no_moment, "plain Adam"),
        (one_step_ahead, "plain Adam"),
        (exchanges_the_results, "exchanged"),
        (decays_by_the_beginning, "of the beginning"),
        (twice_the_decay, "twice as strong"),
        (l2_twice, "result with L2 again"),
        (decay_without_lr, "lacks the learning rate"),
        (decays_after_the_step, "after the step"),
        (skips_without_gradient, "without gradient decays too"),
    ],
}
