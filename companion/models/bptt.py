"""Backpropagation through time by hand: the gradients of a plain recurrent network, in NumPy."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float, Int


@dataclass
class RNNParameters:
    """Weights of a plain recurrent language model, or the gradients with respect to them.

    Attributes:
        embedding: Input vector of each token, shape [vocab, width].
        w: From the input to the state, shape [hidden, width].
        u: From the last state to the state, shape [hidden, hidden].
        b: Bias of the state, shape [hidden].
        o: From the state to the logits, shape [vocab, hidden].
        b_o: Bias of the logits, shape [vocab].
    """

    embedding: Float[np.ndarray, "vocab width"]
    w: Float[np.ndarray, "hidden width"]
    u: Float[np.ndarray, "hidden hidden"]
    b: Float[np.ndarray, " hidden"]
    o: Float[np.ndarray, "vocab hidden"]
    b_o: Float[np.ndarray, " vocab"]

    @classmethod
    def draw(
        cls, vocab: int, width: int, hidden: int, generator: np.random.Generator
    ) -> RNNParameters:
        """Draw parameters.

        Args:
            vocab: Number of token types.
            width: Width of an input vector.
            hidden: Width of the state.
            generator: Source of randomness.

        Returns:
            Uniform numbers between -1/sqrt(hidden) and 1/sqrt(hidden).

        Raises:
            ValueError: If a size is below 1.
        """
        if min(vocab, width, hidden) < 1:
            raise ValueError(
                f"vocab, width and hidden must be at least 1, got {vocab}, {width}, {hidden}"
            )
        shapes = {
            "embedding": (vocab, width),
            "w": (hidden, width),
            "u": (hidden, hidden),
            "b": (hidden,),
            "o": (vocab, hidden),
            "b_o": (vocab,),
        }
        bound = hidden**-0.5
        return cls(
            **{n: generator.uniform(-bound, bound, size=s) for n, s in shapes.items()}
        )


def forward(
    parameters: RNNParameters,
    tokens: Int[np.ndarray, " time"],
    h0: Float[np.ndarray, " hidden"] | None = None,
) -> tuple[Float[np.ndarray, "steps hidden"], Float[np.ndarray, "time vocab"]]:
    """Read a text: h_t = tanh(W x_t + U h_{t-1} + b), and logits O h_t + b_o.

    Args:
        parameters: The weights.
        tokens: Token ids, shape [time].
        h0: The state before the first token; None takes zeros.

    Returns:
        The states h_0 to h_T, shape [time + 1, hidden], and the logits for the token after each, shape [time, vocab].
    """
    p = parameters
    states = [np.zeros(len(p.b)) if h0 is None else h0]
    for token in tokens:
        states.append(np.tanh(p.w @ p.embedding[token] + p.u @ states[-1] + p.b))
    h = np.stack(states)
    return h, h[1:] @ p.o.T + p.b_o


def loss(
    logits: Float[np.ndarray, "time vocab"], targets: Int[np.ndarray, " time"]
) -> float:
    """Return the cross-entropy of the targets, summed over time, in nats.

    Args:
        logits: Scores of every token at each place, shape [time, vocab].
        targets: What came, shape [time].

    Returns:
        The sum of -ln softmax(logits)[target].
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -float(log_probs[np.arange(len(targets)), targets].sum())


def backward(
    parameters: RNNParameters,
    tokens: Int[np.ndarray, " time"],
    targets: Int[np.ndarray, " time"],
    h: Float[np.ndarray, "steps hidden"],
    logits: Float[np.ndarray, "time vocab"],
    truncate: int | None = None,
) -> RNNParameters:
    """Walk back through time and collect the gradient of `loss` with respect to every weight.

    Args:
        parameters: The weights.
        tokens: What was read, shape [time].
        targets: What came after each token, shape [time].
        h: The states that `forward` returned, shape [time + 1, hidden].
        logits: The logits that `forward` returned, shape [time, vocab].
        truncate: The gradient of one place's loss walks back at most this many steps; None walks to the beginning.

    Returns:
        The gradients, in the shape of the weights.

    Raises:
        ValueError: If ``truncate`` is below 1.

    Source: Werbos (1990); truncated: Williams & Peng (1990).
    """
    if truncate is not None and truncate < 1:
        raise ValueError(f"truncate must be at least 1, got {truncate}")
    p = parameters
    gradient = RNNParameters(
        **{f.name: np.zeros_like(getattr(p, f.name)) for f in fields(p)}
    )
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    d_logits = exponentials / exponentials.sum(axis=1, keepdims=True)
    d_logits[np.arange(len(targets)), targets] -= 1  # softmax minus one-hot
    gradient.o += d_logits.T @ h[1:]
    gradient.b_o += d_logits.sum(axis=0)
    d_outputs = d_logits @ p.o  # what each place's loss asks of its own state

    def through_the_step(t: int, d_h: np.ndarray) -> np.ndarray:
        """Add the share of step t, and hand back what it asks of the state before."""
        d_sum = d_h * (1 - h[t + 1] ** 2)  # the slope of tanh
        x = p.embedding[tokens[t]]
        gradient.w += np.outer(d_sum, x)
        gradient.u += np.outer(d_sum, h[t])
        gradient.b += d_sum
        gradient.embedding[tokens[t]] += p.w.T @ d_sum
        before: np.ndarray = p.u.T @ d_sum
        return before

    if truncate is None:
        d_h = np.zeros(len(p.b))
        for t in reversed(range(len(tokens))):
            d_h = through_the_step(t, d_outputs[t] + d_h)
        return gradient
    for place in range(len(tokens)):
        d_h = d_outputs[place]
        for t in range(place, max(place - truncate, -1), -1):
            d_h = through_the_step(t, d_h)
    return gradient
