"""LoRA: a change of low rank beside frozen weights, which can be added to them when training is over."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class LoRAConfig:
    """Which layers get a change, and how large it may be.

    Attributes:
        rank: Rank of the change of each weight matrix.
        alpha: The change is multiplied by ``alpha / rank``.
        dropout: Probability of dropping a number of what enters the change, while training.
        targets: Last part of the names of the linear layers that are changed, e.g. ``("q_proj", "v_proj")``.
    """

    rank: int = 8
    alpha: int | float = 16
    dropout: float = 0.0
    targets: tuple[str, ...] = ("q_proj", "k_proj", "v_proj", "o_proj")

    def __post_init__(self) -> None:
        if self.rank < 1:
            raise ValueError(f"rank must be at least 1, got {self.rank}")
        if not self.alpha > 0:
            raise ValueError(f"alpha must be above 0, got {self.alpha}")
        if not 0 <= self.dropout < 1:
            raise ValueError(
                f"dropout must be at least 0 and below 1, got {self.dropout}"
            )
        if isinstance(self.targets, str) or not self.targets:
            raise ValueError(
                f'targets must be a tuple of names such as ("q_proj",), got {self.targets!r}'
            )

    @property
    def scale(self) -> float:
        """Factor of the change."""
        return self.alpha / self.rank


class LoRALinear(nn.Linear):
    """A linear layer whose weights are frozen, with a change of low rank beside them.

    It computes ``W x + b + (alpha / rank) B A x``. The weights ``W`` and ``b`` are those of the layer that is given,
    under the names that they had, without a copy.

    Args:
        layer: The layer to change.
        config: The shape of the change.
        generator: Source of randomness for ``A``, on the CPU; ``B`` begins at zero, so that nothing is changed yet.

    Source: Hu et al. (2022), section 4.1, equation 3.

    Example:
        >>> layer = LoRALinear(nn.Linear(6, 4), LoRAConfig(rank=2), torch.Generator())
        >>> layer(torch.zeros(3, 6)).shape, layer.lora_a.shape, layer.lora_b.shape
        (torch.Size([3, 4]), torch.Size([2, 6]), torch.Size([4, 2]))
    """

    def __init__(
        self, layer: nn.Linear, config: LoRAConfig, generator: torch.Generator
    ) -> None:
        nn.Module.__init__(self)  # not nn.Linear's, which would draw weights
        self.in_features, self.out_features = layer.in_features, layer.out_features
        self.weight, self.bias = layer.weight, layer.bias
        self.config = config
        bound = 1 / math.sqrt(layer.in_features)
        a = torch.empty(config.rank, layer.in_features)
        a.uniform_(-bound, bound, generator=generator)
        self.lora_a = nn.Parameter(a.to(layer.weight))
        self.lora_b = nn.Parameter(
            layer.weight.new_zeros(self.out_features, config.rank)
        )

    def forward(
        self, input: Float[Tensor, "*places d_in"]
    ) -> Float[Tensor, "*places d_out"]:
        """Transform vectors, shape [..., d_in] to [..., d_out]."""
        x = F.dropout(input, self.config.dropout, self.training)
        # The factor meets the few numbers in the middle, not the many that come out.
        low = F.linear(x, self.lora_a) * self.config.scale
        return F.linear(input, self.weight, self.bias) + F.linear(low, self.lora_b)

    def change(self) -> Float[Tensor, "d_out d_in"]:
        """Return the change of the weights, shape [d_out, d_in]."""
        return self.config.scale * self.lora_b @ self.lora_a


def add_lora(
    model: nn.Module, config: LoRAConfig, generator: torch.Generator
) -> nn.Module:
    """Freeze a model, and give the chosen linear layers a change of low rank that can be trained.

    Args:
        model: Any model; it is changed in place.
        config: Which layers, and the shape of the change.
        generator: Source of randomness, on the CPU.

    Returns:
        The same model.

    Raises:
        ValueError: If a target names no linear layer, or the model has LoRA layers already.

    Example:
        >>> model = add_lora(nn.Sequential(nn.Linear(6, 4)), LoRAConfig(2, targets=("0",)), torch.Generator())
        >>> sum(p.numel() for p in model.parameters() if p.requires_grad)
        20
    """
    expect_no_lora(model)
    linear = [n for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    for target in config.targets:
        if not any(_fits(name, target) for name in linear):
            ends = sorted({name.rsplit(".", 1)[-1] for name in linear})
            raise ValueError(
                f"the model has no linear layer {target!r}; it has {', '.join(map(repr, ends)) or 'none at all'}"
            )
    model.requires_grad_(False)

    def wrapped(name: str, layer: nn.Module) -> nn.Module | None:
        chosen = any(_fits(name, target) for target in config.targets)
        return (
            LoRALinear(layer, config, generator)
            if chosen and isinstance(layer, nn.Linear)
            else None
        )

    _replace(model, wrapped)
    return model


def merge_lora(model: nn.Module) -> nn.Module:
    """Add every change to its weights: the model computes the same, at the cost that it had without LoRA.

    Args:
        model: A model with LoRA layers; it is changed in place. Tensors that it shared with others are not.

    Returns:
        The same model, with linear layers in their place and nothing frozen.

    Raises:
        ValueError: If there is no LoRA layer.
    """
    return _plain(model, merge=True)


def remove_lora(model: nn.Module) -> nn.Module:
    """Take every change away: the model is what it was before `add_lora`, and nothing is frozen.

    Args:
        model: A model with LoRA layers; it is changed in place.

    Returns:
        The same model.

    Raises:
        ValueError: If there is no LoRA layer.
    """
    return _plain(model, merge=False)


def lora_layers(model: nn.Module) -> dict[str, LoRALinear]:
    """Return the LoRA layers of a model by name."""
    return {n: m for n, m in model.named_modules() if isinstance(m, LoRALinear)}


def lora_parameters(model: nn.Module) -> list[nn.Parameter]:
    """Return what is trained: ``A`` and ``B`` of every LoRA layer, in the model's order.

    Raises:
        ValueError: If there is no LoRA layer.
    """
    layers = lora_layers(model)
    if not layers:
        raise ValueError("the model has no LoRA layer: call add_lora first")
    return [p for layer in layers.values() for p in (layer.lora_a, layer.lora_b)]


def _fits(name: str, target: str) -> bool:
    return name == target or name.endswith(f".{target}")


def expect_no_lora(model: nn.Module) -> None:
    """Refuse a model that has LoRA layers.

    Raises:
        ValueError: If there is one.
    """
    if lora_layers(model):
        raise ValueError(
            "the model has LoRA layers already: merge_lora or remove_lora them first"
        )


def _replace(
    model: nn.Module, make: Callable[[str, nn.Module], nn.Module | None]
) -> None:
    """Put what ``make`` returns in the place of each module for which it returns one; a module in two places is one."""
    made: dict[nn.Module, nn.Module] = {}
    for path, module in list(model.named_modules(remove_duplicate=False)):
        if module not in made:
            new = make(path, module)
            if new is None:
                continue
            made[module] = new.train(module.training)
        owner, _, name = path.rpartition(".")
        if not path:
            raise ValueError("the model is a single linear layer: put it into a module")
        setattr(model.get_submodule(owner), name, made[module])


def _plain(model: nn.Module, merge: bool) -> nn.Module:
    lora_parameters(model)

    def plain(name: str, layer: nn.Module) -> nn.Module | None:
        if not isinstance(layer, LoRALinear):
            return None
        # Drawn on no device, since the weights are given.
        new = nn.Linear(layer.in_features, layer.out_features, device="meta")
        new.weight, new.bias = layer.weight, layer.bias
        if merge:
            new.weight = nn.Parameter((layer.weight + layer.change()).detach())
        return new

    _replace(model, plain)
    return model.requires_grad_(True)
