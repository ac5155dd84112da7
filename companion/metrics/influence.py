"""How much of a prediction hangs on what stood how far back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Int


def influence(
    predict: Callable[[np.ndarray], np.ndarray],
    contexts: Int[np.ndarray, "number length"],
    distances: Sequence[int],
) -> Float[np.ndarray, " distances"]:
    """Return how far a model's prediction moves when one token of the context is changed.

    The token at the distance k is replaced by the one that stands there in the row before, so that what is put in is
    as frequent as what is taken out; rows where both are the same are left out.

    Args:
        predict: The model: contexts, shape [number, length], to distributions of the next token, [number, vocab].
        contexts: Token ids, at least two rows, shape [number, length].
        distances: The k's; 1 is the last token of the context.

    Returns:
        Mean total variation distance between the two predictions, shape [distances]: 0 where the token is not seen, at
        most 1.

    Raises:
        ValueError: If there are fewer than two contexts, a distance lies outside them, or no row can be changed.

    Example:
        >>> def copies_the_last(rows):
        ...     return np.eye(3)[rows[:, -1]]
        >>> influence(copies_the_last, np.array([[0, 1], [1, 2]]), [1, 2]).tolist()
        [1.0, 0.0]
    """
    if len(contexts) < 2:
        raise ValueError(
            f"at least two contexts are needed, to take replacements from, got {len(contexts)}"
        )
    length = contexts.shape[1]
    for k in distances:
        if not 1 <= k <= length:
            raise ValueError(
                f"a distance must lie between 1 and the length of the contexts, {length}, got {k}"
            )
    before = predict(contexts)
    moved = []
    for k in distances:
        changed = contexts.copy()
        changed[:, -k] = np.roll(contexts[:, -k], 1)
        rows = changed[:, -k] != contexts[:, -k]
        if not rows.any():
            raise ValueError(
                f"all contexts have the same token at the distance {k}: there is nothing to replace it by"
            )
        after = predict(changed[rows])
        moved.append(0.5 * np.abs(after - before[rows]).sum(1).mean())
    return np.array(moved)
