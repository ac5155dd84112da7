"""Direct preference optimization: from pairs of answers, one of them preferred, to a loss without a reward model."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from companion.training.instructions import InstructionBatch


@dataclass(frozen=True)
class PreferencePairs:
    """Answers to the same prompts, row by row: the preferred ones and the others.

    Attributes:
        chosen: Prompts with the preferred answers.
        rejected: The same prompts with the others.
    """

    chosen: InstructionBatch
    rejected: InstructionBatch

    def __post_init__(self) -> None:
        if len(self.chosen.tokens) != len(self.rejected.tokens):
            raise ValueError(
                f"each preferred answer needs another one beside it, got {len(self.chosen.tokens)} and "
                f"{len(self.rejected.tokens)}"
            )


def answer_log_prob(
    model: nn.Module, data: InstructionBatch
) -> Float[Tensor, " batch"]:
    """Return the log-probability of each whole answer given its prompt: a sum over its tokens, not a mean.

    Args:
        model: A language model: token ids, shape [batch, time], to logits, shape [batch, time, vocab].
        data: Prompts and answers.

    Returns:
        Natural logarithms, shape [batch].
    """
    logits = model(data.tokens[:, :-1])
    targets = data.targets()
    losses = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
    return -losses.view(targets.shape).sum(1)


def pair_log_prob(
    model: nn.Module, pairs: PreferencePairs
) -> tuple[Float[Tensor, " batch"], Float[Tensor, " batch"]]:
    """Return the log-probabilities of the preferred answers and of the others, each of shape [batch]."""
    return answer_log_prob(model, pairs.chosen), answer_log_prob(model, pairs.rejected)


def reward_margin(
    policy: tuple[Float[Tensor, " batch"], Float[Tensor, " batch"]],
    reference: tuple[Float[Tensor, " batch"], Float[Tensor, " batch"]],
    beta: float,
) -> Float[Tensor, " batch"]:
    """Return by how much the implicit reward of the preferred answer exceeds that of the other.

    The implicit reward of an answer is ``beta`` times the logarithm of what the policy has made of its probability.

    Args:
        policy: What `pair_log_prob` says of the model that is trained.
        reference: What it says of the model that training began with.
        beta: How dear it is to leave the reference; above 0.

    Returns:
        Shape [batch]; above 0 where the policy has learned to prefer the preferred answer.

    Raises:
        ValueError: If ``beta`` is not above 0.
    """
    if not beta > 0:
        raise ValueError(f"beta must be above 0, got {beta}")
    chosen, rejected = (p - r for p, r in zip(policy, reference, strict=True))
    return beta * (chosen - rejected)


def dpo_loss(
    policy: tuple[Float[Tensor, " batch"], Float[Tensor, " batch"]],
    reference: tuple[Float[Tensor, " batch"], Float[Tensor, " batch"]],
    beta: float,
) -> Float[Tensor, ""]:
    """Return the loss of direct preference optimization, a mean over the pairs.

    Args:
        policy: Log-probabilities of the preferred answers and of the others under the model that is trained.
        reference: The same under the model that training began with; no gradient flows into them.
        beta: How dear it is to leave the reference; above 0.

    Returns:
        A scalar; log 2 where the policy is the reference.

    Raises:
        ValueError: If ``beta`` is not above 0.

    Source: Rafailov et al. (2023), equation 7.

    Example:
        >>> import torch
        >>> same = (torch.tensor([-3.0]), torch.tensor([-5.0]))
        >>> round(dpo_loss(same, same, beta=0.1).item(), 4)
        0.6931
    """
    fixed = (reference[0].detach(), reference[1].detach())
    return -F.logsigmoid(reward_margin(policy, fixed, beta)).mean()
