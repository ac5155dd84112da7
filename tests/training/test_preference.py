"""DPO: the loss by its formula, its gradient, its start, its optimum, and learning."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from companion.models.gpt import GPT, GPTConfig
from companion.text import CharTokenizer
from companion.training.instructions import (
    Instruction,
    PromptTemplate,
    encode_instructions,
)
from companion.training.optimizers import Adam
from companion.training.preference import (
    PreferencePairs,
    answer_log_prob,
    dpo_loss,
    pair_log_prob,
    reward_margin,
)

number = st.floats(-30, 0)
row = st.tuples(number, number, number, number)
TOKENIZER = CharTokenizer.train("abcdefgh:\n ", min_count=1)
TEMPLATE = PromptTemplate("{prompt}:")


def columns(rows: list[tuple[float, ...]]):
    table = torch.tensor(rows, dtype=torch.float64)
    return (table[:, 0], table[:, 1]), (table[:, 2], table[:, 3])


@given(rows=st.lists(row, min_size=1, max_size=5), beta=st.floats(0.01, 3))
@settings(deadline=None)
def test_the_loss_is_that_of_the_formula(rows, beta) -> None:
    policy, reference = columns(rows)
    terms = []
    for chosen, rejected, ref_chosen, ref_rejected in rows:
        # The probability of Bradley and Terry, from two rewards.
        one, two = beta * (chosen - ref_chosen), beta * (rejected - ref_rejected)
        highest = max(one, two)
        share = math.exp(one - highest) / (
            math.exp(one - highest) + math.exp(two - highest)
        )
        terms.append(-math.log(share) if share > 0 else two - one)
    want = sum(terms) / len(terms)
    assert dpo_loss(policy, reference, beta).item() == pytest.approx(want, abs=1e-9)


@given(rows=st.lists(row, min_size=1, max_size=4), beta=st.floats(0.05, 2))
@settings(deadline=None, max_examples=30)
def test_its_gradient_is_that_of_finite_differences(rows, beta) -> None:
    policy, reference = columns(rows)
    for p in policy:
        p.requires_grad_()
    dpo_loss(policy, reference, beta).backward()
    step = 1e-5
    for side in (0, 1):
        for i in range(len(rows)):
            values = []
            for sign in (1, -1):
                moved = [p.detach().clone() for p in policy]
                moved[side][i] += sign * step
                values.append(dpo_loss((moved[0], moved[1]), reference, beta).item())
            want = (values[0] - values[1]) / (2 * step)
            assert policy[side].grad[i].item() == pytest.approx(want, abs=1e-7)


def test_the_gradient_has_the_closed_form() -> None:
    """Minus beta times how wrong the pair is, for the preferred answer; the same upward for the other."""
    policy, reference = columns([(-4.0, -3.0, -5.0, -6.0)])
    for p in policy:
        p.requires_grad_()
    dpo_loss(policy, reference, 0.5).backward()
    margin = 0.5 * ((-4 + 5) - (-3 + 6))
    wrong = 1 / (1 + math.exp(margin))
    assert policy[0].grad.item() == pytest.approx(-0.5 * wrong)
    assert policy[1].grad.item() == pytest.approx(0.5 * wrong)


def test_at_the_reference_it_is_log_two_and_no_gradient_enters_the_reference() -> None:
    policy, _ = columns([(-2.0, -9.0, 0, 0), (-7.0, -1.0, 0, 0)])
    assert dpo_loss(policy, policy, 0.3).item() == pytest.approx(math.log(2))
    reference = tuple(p.clone().requires_grad_() for p in policy)
    moving = tuple((p + 1.0).requires_grad_() for p in policy)
    dpo_loss(moving, reference, 0.3).backward()
    assert reference[0].grad is None
    assert moving[0].grad is not None


def test_extreme_margins_stay_finite() -> None:
    policy, reference = columns([(-1e4, 0.0, 0.0, -1e4)])
    loss = dpo_loss(policy, reference, 1.0)
    assert loss.item() == pytest.approx(2e4)


@pytest.mark.parametrize("beta", [0.2, 1.0, 3.0])
def test_the_optimum_of_two_answers_is_the_reference_times_the_exponential_of_the_reward(beta) -> None:  # fmt: skip
    """With preferences drawn from the rewards, DPO ends at pi ~ pi_ref exp(r / beta)."""
    rewards = (0.9, 0.2)
    reference = torch.log(torch.tensor([0.3, 0.7], dtype=torch.float64))
    # How often the first is preferred to the second, by Bradley and Terry.
    share = 1 / (1 + math.exp(rewards[1] - rewards[0]))
    logit = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = Adam([logit], lr=0.05)
    for _ in range(1500):
        optimizer.zero_grad()
        logs = torch.stack([logit, torch.zeros_like(logit)]).log_softmax(0)
        refs = (reference[:1], reference[1:])
        first = dpo_loss((logs[0], logs[1]), refs, beta)
        second = dpo_loss((logs[1], logs[0]), (refs[1], refs[0]), beta)
        (share * first + (1 - share) * second).backward()
        optimizer.step()
    weights = [p * math.exp(r / beta) for p, r in zip((0.3, 0.7), rewards, strict=True)]
    want = weights[0] / sum(weights)
    assert torch.sigmoid(logit).item() == pytest.approx(want, abs=1e-4)


def data(answers: list[str]):
    prompts = ["ab", "cd", "ef"]
    examples = [Instruction(p, a) for p, a in zip(prompts, answers, strict=True)]
    return encode_instructions(examples, TOKENIZER, TEMPLATE)


def small_gpt() -> GPT:
    torch.manual_seed(0)
    return GPT(GPTConfig(TOKENIZER.vocab_size, context=16, layers=1, d_model=32, heads=2))  # fmt: skip


def test_the_log_probability_of_an_answer_is_that_of_the_chain_rule() -> None:
    """Against next_probs, token by token, for answers of different lengths."""
    model, answers = small_gpt(), ["gh", "a", "bdfa"]
    got = answer_log_prob(model, data(answers))
    for i, (prompt, answer) in enumerate(zip(["ab:", "cd:", "ef:"], answers, strict=True)):  # fmt: skip
        before, total = TOKENIZER.encode(prompt).tolist(), 0.0
        for token in TOKENIZER.encode(f" {answer}\n").tolist():
            total += math.log(model.next_probs(before)[token])
            before.append(token)
        assert got[i].item() == pytest.approx(total, rel=1e-4)


def test_it_learns_to_prefer_and_a_high_beta_stays_nearer() -> None:
    pairs = PreferencePairs(data(["g", "g", "g"]), data(["hh", "hh", "hh"]))
    moved = {}
    for beta in (0.1, 2.0):
        model: nn.Module = small_gpt()
        with torch.no_grad():
            reference = pair_log_prob(model, pairs)
        optimizer = Adam(model.parameters(), lr=3e-3)
        for _ in range(80):
            optimizer.zero_grad()
            dpo_loss(pair_log_prob(model, pairs), reference, beta).backward()
            optimizer.step()
        with torch.no_grad():
            policy = pair_log_prob(model, pairs)
            margin = reward_margin(policy, reference, beta)
        assert (margin > 0).all()
        moved[beta] = (policy[0] - policy[1]).mean().item()
    assert moved[0.1] > moved[2.0] > 0


def test_what_cannot_be_done_is_said() -> None:
    policy, _ = columns([(-1.0, -2.0, 0, 0)])
    for beta in (0.0, -1.0):
        with pytest.raises(ValueError, match="beta must be above 0"):
            dpo_loss(policy, policy, beta)
    three = data(["g", "g", "g"])
    one = encode_instructions([Instruction("ab", "g")], TOKENIZER, TEMPLATE)
    with pytest.raises(ValueError, match="got 3 and 1"):
        PreferencePairs(three, one)
