"""Optimizers, written out: each is the few lines that turn a gradient into a step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor


class Optimizer(ABC):
    """Changes parameters by their gradients; a subclass says how.

    Attributes:
        parameters: The tensors that are changed in place.
        lr: Learning rate; a schedule may set it before each step.
    """

    def __init__(self, parameters: Iterable[Tensor], lr: float) -> None:
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError(
                "there is no parameter to optimize: pass model.parameters(), once"
            )
        if not lr > 0:
            raise ValueError(f"the learning rate must be above 0, got {lr}")
        self.lr = lr
        self._state: list[dict[str, Tensor]] = [{} for _ in self.parameters]
        self._steps = [0] * len(self.parameters)

    def zero_grad(self) -> None:
        """Forget the gradients: the next ``backward`` starts from nothing."""
        for parameter in self.parameters:
            parameter.grad = None

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        with torch.no_grad():
            for i, parameter in enumerate(self.parameters):
                if parameter.grad is not None:
                    self._steps[i] += 1
                    self._update(
                        parameter, parameter.grad, self._state[i], self._steps[i]
                    )

    @abstractmethod
    def _update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Tensor], step: int
    ) -> None:
        """Change one parameter in place.

        Args:
            parameter: The parameter, any shape.
            gradient: Its gradient, the same shape.
            state: What the optimizer remembers of this parameter; empty at the first step.
            step: How often this parameter has been changed, this time included.
        """

    def state_dict(self) -> dict[str, Any]:
        """Return all that is needed to go on after a pause, as tensors and numbers."""
        return {
            "kind": type(self).__name__,
            "lr": self.lr,
            "steps": list(self._steps),
            "state": [
                {name: tensor.clone() for name, tensor in state.items()}
                for state in self._state
            ],
        }

    def load_state_dict(self, stored: Mapping[str, Any]) -> None:
        """Go on where ``state_dict`` was taken.

        Args:
            stored: What ``state_dict`` returned.

        Raises:
            ValueError: If it belongs to another kind of optimizer or to other parameters.
        """
        if stored["kind"] != type(self).__name__:
            raise ValueError(
                f"this is the state of {stored['kind']}, and the optimizer is {type(self).__name__}"
            )
        if len(stored["state"]) != len(self.parameters) or any(
            tensor.shape != parameter.shape
            for state, parameter in zip(stored["state"], self.parameters, strict=True)
            for tensor in state.values()
        ):
            raise ValueError(
                "the stored state belongs to other parameters: was the model built with the same configuration?"
            )
        self.lr = stored["lr"]
        self._steps = list(stored["steps"])
        self._state = [
            {name: tensor.to(p.device, copy=True) for name, tensor in state.items()}
            for state, p in zip(stored["state"], self.parameters, strict=True)
        ]


def _remembered(state: dict[str, Tensor], name: str, like: Tensor) -> Tensor:
    return state.setdefault(name, torch.zeros_like(like))


class SGD(Optimizer):
    """Gradient descent, with momentum: v <- mu v + g, then p <- p - lr v.

    Args:
        parameters: The tensors to change.
        lr: Learning rate.
        momentum: mu, the share of the last step that carries on; 0 is plain gradient descent.

    Source: Polyak (1964), in the form of torch.

    Example:
        >>> p = torch.tensor([1.0], requires_grad=True)
        >>> (p**2).sum().backward()
        >>> SGD([p], lr=0.1).step()
        >>> round(p.item(), 6)
        0.8
    """

    def __init__(
        self, parameters: Iterable[Tensor], lr: float, momentum: float = 0.0
    ) -> None:
        super().__init__(parameters, lr)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be at least 0 and below 1, got {momentum}")
        self.momentum = momentum

    def _update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Tensor], step: int
    ) -> None:
        if self.momentum:
            v = _remembered(state, "velocity", parameter)
            v.mul_(self.momentum).add_(gradient)
            gradient = v
        parameter.sub_(self.lr * gradient)


class RMSProp(Optimizer):
    """Steps divided by the recent size of the gradient: s <- a s + (1 - a) g^2, p <- p - lr g / (sqrt(s) + eps).

    Args:
        parameters: The tensors to change.
        lr: Learning rate.
        decay: a, the share of the old average that stays.
        eps: Keeps the division finite.

    Source: Tieleman & Hinton (2012), lecture 6.5.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 0.01,
        decay: float = 0.99,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr)
        if not 0 <= decay < 1:
            raise ValueError(f"decay must be at least 0 and below 1, got {decay}")
        self.decay, self.eps = decay, eps

    def _update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Tensor], step: int
    ) -> None:
        s = _remembered(state, "square", parameter)
        s.mul_(self.decay).add_((1 - self.decay) * gradient**2)
        parameter.sub_(self.lr * gradient / (s.sqrt() + self.eps))


class Adam(Optimizer):
    """Momentum and RMSProp together, both corrected for having started from zero.

    m <- b1 m + (1 - b1) g, s <- b2 s + (1 - b2) g^2, and
    p <- p - lr * (m / (1 - b1^t)) / (sqrt(s / (1 - b2^t)) + eps).

    Args:
        parameters: The tensors to change.
        lr: Learning rate.
        betas: (b1, b2).
        eps: Keeps the division finite.

    Source: Kingma & Ba (2015), algorithm 1.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr)
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must be at least 0 and below 1, got {betas}")
        self.betas, self.eps = betas, eps

    def _update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Tensor], step: int
    ) -> None:
        b1, b2 = self.betas
        m, s = (_remembered(state, name, parameter) for name in ("mean", "square"))
        m.mul_(b1).add_((1 - b1) * gradient)
        s.mul_(b2).add_((1 - b2) * gradient**2)
        m_hat, s_hat = m / (1 - b1**step), s / (1 - b2**step)
        parameter.sub_(self.lr * m_hat / (s_hat.sqrt() + self.eps))


class AdamW(Adam):
    """Adam, with weight decay beside the gradient step and not inside it: first p <- p - lr * decay * p.

    Args:
        parameters: The tensors to change.
        lr: Learning rate.
        betas: (b1, b2).
        eps: Keeps the division finite.
        weight_decay: What share of each parameter is taken away per unit of learning rate.

    Source: Loshchilov & Hutter (2019), algorithm 2.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(parameters, lr, betas, eps)
        if weight_decay < 0:
            raise ValueError(f"weight_decay must be at least 0, got {weight_decay}")
        self.weight_decay = weight_decay

    def _update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Tensor], step: int
    ) -> None:
        parameter.mul_(1 - self.lr * self.weight_decay)
        super()._update(parameter, gradient, state, step)


def clip_gradients(parameters: Iterable[Tensor], max_norm: float) -> float:
    """Shorten the gradient, all parameters taken as one long vector, to at most a given length.

    Args:
        parameters: The parameters; those without a gradient are left out.
        max_norm: Greatest Euclidean length.

    Returns:
        The length before.

    Raises:
        ValueError: If ``max_norm`` is not positive.

    Source: Pascanu, Mikolov & Bengio (2013), algorithm 1.
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm must be above 0, got {max_norm}")
    gradients = [p.grad for p in parameters if p.grad is not None]
    if not gradients:
        return 0.0
    norm = torch.stack([g.norm() for g in gradients]).norm()
    factor = (max_norm / (norm + 1e-6)).clamp(max=1.0)
    for gradient in gradients:
        gradient.mul_(factor)
    return float(norm)
