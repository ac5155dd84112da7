"""What a GPT costs, by formula: parameters, floating-point operations, bytes; and what a machine can give."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

from companion.models.gpt import GPTConfig


def matrix_parameters(config: GPTConfig) -> int:
    """Return the number of weights that every token is multiplied by: all matrices, the output layer included.

    Args:
        config: Shape of the model.
    """
    d, shape = config.d_model, config.attention
    attention = 2 * d * d + 2 * d * shape.groups * shape.d_head
    matrices = 3 if config.activation == "swiglu" else 2
    block = attention + matrices * d * config.feed_forward
    return config.layers * block + config.vocab_size * d


def parameter_count(config: GPTConfig) -> int:
    """Return the number of parameters of a GPT.

    Args:
        config: Shape of the model.

    Example:
        >>> from companion.models.gpt import GPT
        >>> config = GPTConfig(vocab_size=10, context=8, layers=2, d_model=16)
        >>> parameter_count(config) == sum(p.numel() for p in GPT(config).parameters())
        True
    """
    d, shape = config.d_model, config.attention
    narrow = shape.groups * shape.d_head
    norm = d * (2 if config.norm == "layernorm" and config.bias else 1)
    matrices = 2 if config.activation == "swiglu" else 1
    biases = 2 * d + 2 * narrow + matrices * config.feed_forward + d
    block = 2 * norm + (biases if config.bias else 0)
    total = matrix_parameters(config) + config.layers * block + norm
    # A tied table is the output layer, which is counted already, and the row of the start token.
    rows = int(config.start_token) + (0 if config.tied else config.vocab_size)
    learned = config.context if config.positions == "learned" else 0
    return total + (rows + learned) * d


def flops_per_token(config: GPTConfig, length: int, backward: bool = True) -> int:
    """Return the floating-point operations that one token costs, those of the matrix products.

    A weight costs one multiplication and one addition a token; a score and a weighted value cost as much for each of
    the ``length`` places, those ahead included, which common kernels compute and mask. The backward pass costs twice
    the forward pass: a product for the gradient of the weights, and one for that of the inputs.

    Args:
        config: Shape of the model.
        length: Number of tokens of the text that the token stands in.
        backward: Whether the token is trained on, or only read.

    Returns:
        Operations.

    Source: Kaplan et al. (2020), section 2.1; Hoffmann et al. (2022), appendix F.
    """
    forward = (
        2 * matrix_parameters(config) + 4 * config.layers * length * config.d_model
    )
    return 3 * forward if backward else forward


def count_flops(function: Callable[[], Any]) -> int:
    """Return the operations that torch counts while a function runs, those of matrix products.

    Args:
        function: What to run; attention is taken apart into the products that the counter knows.
    """
    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        function()
    return int(counter.get_total_flops())


class _ByteCounter(TorchDispatchMode):
    total = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        if not func.is_view:  # a view moves nothing
            for side in ((args, kwargs), out):
                tensors = {id(t): t for t in tree_leaves(side)}.values()
                self.total += sum(t.nbytes for t in tensors if isinstance(t, Tensor))
        return out


def count_bytes(function: Callable[[], Any]) -> int:
    """Return the bytes that move while a function runs, if each operation reads its inputs and writes its outputs once.

    What stays in a cache from one operation to the next is not known here: the memory may move less.

    Args:
        function: What to run.

    Example:
        >>> x = torch.zeros(10)
        >>> count_bytes(lambda: x + 1)
        80
    """
    with _ByteCounter() as counter:
        function()
    return int(counter.total)


@dataclass(frozen=True)
class TrainingMemory:
    """Bytes that a training step holds.

    Attributes:
        weights: The parameters.
        gradients: One number a parameter.
        optimizer: What the optimizer remembers.
        activations: What the forward pass keeps for the backward pass.
    """

    weights: int
    gradients: int
    optimizer: int
    activations: int

    @property
    def total(self) -> int:
        """All together."""
        return self.weights + self.gradients + self.optimizer + self.activations


def training_memory(
    config: GPTConfig,
    batch: int,
    length: int,
    recompute: bool = False,
    shards: int = 1,
) -> TrainingMemory:
    """Return the bytes that a step of training with Adam holds, all numbers in 32 bits.

    Args:
        config: Shape of the model: LayerNorm, an activation that is not SwiGLU, as many heads of keys as of queries,
            no dropout.
        batch: Number of texts.
        length: Number of tokens that each is read for.
        recompute: Whether blocks keep their input only, and are computed again on the way back; the activations are
            then those inputs and one block.
        shards: Number of processes over which weights, gradients and optimizer are split.

    Returns:
        The bytes of one process. Buffers of kernels and of the allocator come on top.

    Source: after Korthikanti et al. (2022), section 4, for this package's block and 32 bits.
    """
    d, ff, tokens = config.d_model, config.feed_forward, batch * length
    # Two inputs and outputs of norms, q, k, v, what attention puts out, the feed-forward layer before and after its
    # activation; then one number a head, and mean and deviation of two norms.
    widths = 1 if config.activation == "relu" else 2  # ReLU needs its output only
    block = 8 * d + widths * ff + config.heads + 4
    # Input and output of the last norm, log-probabilities; its mean and deviation.
    ends = 2 * d + 2 + config.vocab_size
    kept = (config.layers * d + block) if recompute else config.layers * block
    weights = 4 * parameter_count(config) // shards
    return TrainingMemory(weights, weights, 2 * weights, 4 * tokens * (kept + ends))


@dataclass(frozen=True)
class Roofline:
    """The two limits of a machine.

    Attributes:
        peak: Floating-point operations a second.
        bandwidth: Bytes a second from and to memory.

    Source: Williams, Waterman & Patterson (2009).

    Example:
        >>> Roofline(peak=100e9, bandwidth=20e9).attainable(2.0)
        40000000000.0
    """

    peak: float
    bandwidth: float

    @property
    def ridge(self) -> float:
        """Operations a byte from which on the machine computes, and below which it waits for memory."""
        return self.peak / self.bandwidth

    def attainable(self, intensity: float) -> float:
        """Return the operations a second that are possible at so many operations a byte."""
        return min(self.peak, self.bandwidth * intensity)


def synchronize(device: torch.device) -> None:
    """Wait until the device has done what it was given; a CPU always has."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def seconds_per_call(
    function: Callable[[], Any],
    device: torch.device,
    seconds: float = 0.1,
    repeats: int = 3,
) -> float:
    """Return how long a call takes, the shortest of several measurements.

    Args:
        function: What to time; it is called once before, to warm up.
        device: What it computes on.
        seconds: Least time of a measurement.
        repeats: Number of measurements.

    Returns:
        Seconds.
    """
    function()
    synchronize(device)
    best, calls = float("inf"), 1
    done = 0
    while done < repeats:
        started = time.perf_counter()
        for _ in range(calls):
            function()
        synchronize(device)
        took = time.perf_counter() - started
        best = min(best, took / calls)
        if took < seconds / repeats and calls < 1_000_000:
            calls *= 2
        else:
            done += 1
    return best


def measure_roofline(
    device: torch.device, size: int = 1536, numbers: int = 2**24, seconds: float = 0.4
) -> Roofline:
    """Measure a machine: the rate of a large matrix product, and of adding two long vectors.

    Args:
        device: What to measure, at 32 bits.
        size: Of the matrices.
        numbers: Length of the vectors; they have to be larger than the caches.
        seconds: Time for each of the two.

    Returns:
        The two limits as measured; the machine's data sheet promises more.
    """
    a, b = (torch.randn(size, size, device=device) for _ in range(2))
    product = seconds_per_call(lambda: a @ b, device, seconds)
    x, y = (torch.randn(numbers, device=device) for _ in range(2))
    out = torch.empty_like(x)
    added = seconds_per_call(lambda: torch.add(x, y, out=out), device, seconds)
    return Roofline(2 * size**3 / product, 3 * 4 * numbers / added)
