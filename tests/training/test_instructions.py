"""Supervised fine-tuning: what is scored and what is not, padding, exact matches against decoding, learning."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from companion.models.gpt import GPT, GPTConfig
from companion.text import CharTokenizer
from companion.training.instructions import (
    IGNORED,
    Instruction,
    InstructionBatch,
    PromptTemplate,
    encode_instructions,
    exact_matches,
    instruction_batches,
    instruction_loss,
    write_answer,
)
from companion.training.optimizers import Adam

TOKENIZER = CharTokenizer.train("Task: abcdefgh\nAnswer:", min_count=1)
TEMPLATE = PromptTemplate("{prompt}:", before=" ", end="\n")
WORDS = ["abc", "cab", "de", "fghe", "had", "bad", "f"]
EXAMPLES = [Instruction(word, word[::-1]) for word in WORDS]
DATA = encode_instructions(EXAMPLES, TOKENIZER, TEMPLATE)
V = TOKENIZER.vocab_size


def small_gpt(seed: int = 0) -> GPT:
    torch.manual_seed(seed)
    return GPT(GPTConfig(V, context=16, layers=2, d_model=32, heads=2))


def test_a_row_is_the_start_the_prompt_the_answer_and_padding() -> None:
    for i, example in enumerate(EXAMPLES):
        ids = DATA.tokens[i].tolist()
        length = int(DATA.is_text[i].sum())
        assert ids[0] == V
        text = TOKENIZER.decode(ids[1:length])
        assert text == f"{example.prompt}: {example.answer}\n"
        answer = DATA.tokens[i][DATA.is_answer[i]].tolist()
        assert TOKENIZER.decode(answer) == f" {example.answer}\n"
        assert set(ids[length:]) <= {0}
    assert DATA.is_text[:, 0].all()
    assert not DATA.is_answer[:, 0].any()
    assert not (DATA.is_answer & ~DATA.is_text).any()


def test_targets() -> None:
    targets = DATA.targets()
    assert targets.shape == DATA.tokens[:, 1:].shape
    assert (targets != IGNORED).sum() == sum(len(word) + 2 for word in WORDS)
    everything = DATA.targets(answers_only=False)
    assert (everything != IGNORED).sum() == sum(2 * len(word) + 3 for word in WORDS)


class Fixed(nn.Module):
    """Logits by place, whatever is read."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.randn(shape, dtype=torch.float64))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.logits[: len(tokens), : tokens.shape[1]]


@pytest.mark.parametrize("answers_only", [True, False])
def test_the_loss_is_the_mean_over_the_tokens_that_count(answers_only: bool) -> None:
    torch.manual_seed(1)
    model = Fixed((len(EXAMPLES), DATA.tokens.shape[1], V))
    total, count = 0.0, 0
    logits = model.logits.detach().numpy()
    for i, example in enumerate(EXAMPLES):
        text = f"{example.prompt}: {example.answer}\n"
        begin = len(example.prompt) + 1 if answers_only else 0
        for t in range(begin, len(text)):
            row = logits[i, t]
            target = int(TOKENIZER.encode(text[t])[0])
            total -= row[target] - np.log(np.exp(row).sum())
            count += 1
    loss = instruction_loss(model, DATA, answers_only)
    assert loss.item() == pytest.approx(total / count, rel=1e-12)


def test_tokens_of_the_prompt_are_no_targets() -> None:
    """No gradient reaches the scores from which a token of a prompt, or padding, would be predicted."""
    model = Fixed((len(EXAMPLES), DATA.tokens.shape[1], V))
    instruction_loss(model, DATA).backward()
    touched = (model.logits.grad != 0).any(-1)
    assert torch.equal(touched[:, :-1], DATA.is_answer[:, 1:])


def test_the_prompt_still_counts_as_something_that_is_read() -> None:
    model = small_gpt()
    other = InstructionBatch(DATA.tokens.clone(), DATA.is_answer, DATA.is_text)
    other.tokens[:, 1] = (other.tokens[:, 1] + 1) % V
    assert instruction_loss(model, DATA) != instruction_loss(model, other)


@given(padding=st.integers(0, 4), filler=st.integers(0, 10), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=20)
def test_padding_has_no_influence(padding: int, filler: int, seed: int) -> None:
    model = small_gpt(seed).double()
    tokens = F.pad(DATA.tokens.masked_fill(~DATA.is_text, filler), (0, padding), value=filler)  # fmt: skip
    masks = (F.pad(mask, (0, padding)) for mask in (DATA.is_answer, DATA.is_text))
    wider = InstructionBatch(tokens, *masks)
    for answers_only in (True, False):
        torch.testing.assert_close(
            instruction_loss(model, wider, answers_only),
            instruction_loss(model, DATA, answers_only),
        )
    assert torch.equal(exact_matches(model, wider), exact_matches(model, DATA))


def test_batches_are_rows_of_the_data_and_the_same_for_the_same_number() -> None:
    draw = instruction_batches(DATA, 5, seed=3)
    batch, again = draw(7), draw(7)
    assert torch.equal(batch.tokens, again.tokens)
    assert not torch.equal(draw(8).is_text.sum(1), batch.is_text.sum(1))
    rows = {
        tuple(row[keep].tolist())
        for row, keep in zip(DATA.tokens, DATA.is_text, strict=True)
    }
    for row, keep in zip(batch.tokens, batch.is_text, strict=True):
        assert tuple(row[keep].tolist()) in rows
    assert batch.is_text.any(0).all(), "a column of nothing but padding"


def test_it_learns_and_exact_matches_are_what_greedy_decoding_writes() -> None:
    model = small_gpt()
    optimizer = Adam(model.parameters(), lr=5e-3)
    seen = set()
    for step in range(120):
        if step % 12 == 0:
            matches = exact_matches(model, DATA, batch=3).tolist()
            written = [
                write_answer(model, TOKENIZER, TEMPLATE.prompt(e.prompt), max_tokens=8)
                for e in EXAMPLES
            ]
            wanted = [TEMPLATE.answer(e.answer)[:-1] for e in EXAMPLES]
            assert matches == [w == t for w, t in zip(written, wanted, strict=True)]
            seen |= set(matches)
        optimizer.zero_grad()
        instruction_loss(model, DATA).backward()
        optimizer.step()
    assert seen == {True, False}, "the comparison above has not seen both"
    assert exact_matches(model, DATA).all()


def test_a_text_without_an_end_is_cut() -> None:
    model = small_gpt()
    assert len(write_answer(model, TOKENIZER, "abc", end="#", max_tokens=3)) == 3


def test_evaluation_leaves_the_mode_alone() -> None:
    model = small_gpt().train()
    exact_matches(model, DATA)
    write_answer(model, TOKENIZER, "a", max_tokens=1)
    assert model.training


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(ValueError, match=r"must hold \{prompt\}"):
        PromptTemplate("Answer:")
    with pytest.raises(ValueError, match="ends with a space"):
        PromptTemplate("{prompt}: ")
    with pytest.raises(ValueError, match="needs an end"):
        PromptTemplate(end="")
    with pytest.raises(ValueError, match="no instruction"):
        encode_instructions([], TOKENIZER, TEMPLATE)
    with pytest.raises(ValueError, match="batch must be at least 1"):
        instruction_batches(DATA, 0)
