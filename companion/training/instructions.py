"""Supervised fine-tuning: instructions and their answers as text, with a loss on the answers alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.text import Tokenizer
from companion.training.windows import step_generator

IGNORED = -100  # what cross_entropy leaves out by itself


@dataclass(frozen=True)
class Instruction:
    """What is asked for, and the right answer.

    Attributes:
        prompt: The instruction, input included.
        answer: The answer.
        task: Name of its kind, for tables.
    """

    prompt: str
    answer: str
    task: str = ""


@dataclass(frozen=True)
class PromptTemplate:
    r"""How an instruction and its answer are written as one text.

    The answer begins with what stands before it and ends with a mark, from which the model learns to stop. What stands
    before it belongs to the answer, not to the prompt: tokenizers tie a space to the word behind it.

    Attributes:
        pattern: The prompt; ``{prompt}`` is where the instruction goes.
        before: What stands before an answer.
        end: What ends an answer.

    Example:
        >>> template = PromptTemplate()
        >>> template.prompt("one plus one"), template.answer("two")
        ('Task: one plus one\nAnswer:', ' two\n')
    """

    pattern: str = "Task: {prompt}\nAnswer:"
    before: str = " "
    end: str = "\n"

    def __post_init__(self) -> None:
        if "{prompt}" not in self.pattern:
            raise ValueError(
                f"the pattern must hold {{prompt}}, where the instruction goes, got {self.pattern!r}"
            )
        if self.pattern.endswith(" "):
            raise ValueError(
                f"the pattern ends with a space, {self.pattern!r}: put it into `before`, since a tokenizer ties it to "
                "the word behind it"
            )
        if not self.end:
            raise ValueError("an answer needs an end, or the model never stops")

    def prompt(self, prompt: str) -> str:
        """Return the text that the model is given."""
        return self.pattern.replace("{prompt}", prompt)

    def answer(self, answer: str) -> str:
        """Return the text that the model is to write."""
        return f"{self.before}{answer}{self.end}"


@dataclass(frozen=True)
class InstructionBatch:
    """Instructions with their answers, filled up to one length at the right.

    Attributes:
        tokens: The beginning of a text, a prompt and an answer, shape [batch, time].
        is_answer: Where the tokens of the answer stand, shape [batch, time].
        is_text: Where there is no padding, shape [batch, time].
    """

    tokens: Int[Tensor, "batch time"]
    is_answer: Bool[Tensor, "batch time"]
    is_text: Bool[Tensor, "batch time"]

    def to(self, device: torch.device | str) -> InstructionBatch:
        """Return the batch on a device."""
        return InstructionBatch(
            self.tokens.to(device), self.is_answer.to(device), self.is_text.to(device)
        )

    def targets(self, answers_only: bool = True) -> Int[Tensor, "batch places"]:
        """Return the token that each place but the last has to predict; `IGNORED` where none counts.

        Args:
            answers_only: Whether the tokens of the prompts count for nothing.

        Returns:
            Shape [batch, time - 1].
        """
        counts = self.is_answer if answers_only else self.is_text
        return self.tokens[:, 1:].masked_fill(~counts[:, 1:], IGNORED)


def encode_instructions(
    examples: Sequence[Instruction],
    tokenizer: Tokenizer,
    template: PromptTemplate,
    start: int | None = None,
) -> InstructionBatch:
    """Turn instructions into one batch.

    Prompt and answer are tokenized apart, as they are at the time of use, when there is no answer yet.

    Args:
        examples: The instructions.
        tokenizer: The model's tokenizer.
        template: How they are written.
        start: Id of the token that stands before a text; None is ``tokenizer.vocab_size``, as in `GPT`.

    Returns:
        The batch. Padding is the id 0, which no loss looks at; causal attention keeps it from what stands before.

    Raises:
        ValueError: If there is no instruction.
    """
    if not examples:
        raise ValueError("there is no instruction to encode")
    first = tokenizer.vocab_size if start is None else start
    texts = [
        [template.prompt(example.prompt), template.answer(example.answer)]
        for example in examples
    ]
    rows = [[tokenizer.encode(part) for part in parts] for parts in texts]
    longest = 1 + max(len(prompt) + len(answer) for prompt, answer in rows)
    tokens = np.zeros((len(rows), longest), dtype=np.int64)
    kind = np.zeros((len(rows), longest), dtype=np.int64)  # 1 prompt, 2 answer
    tokens[:, 0], kind[:, 0] = first, 1
    for i, (prompt, answer) in enumerate(rows):
        middle, end = 1 + len(prompt), 1 + len(prompt) + len(answer)
        tokens[i, 1:middle], tokens[i, middle:end] = prompt, answer
        kind[i, 1:middle], kind[i, middle:end] = 1, 2
    kinds = torch.from_numpy(kind)
    return InstructionBatch(torch.from_numpy(tokens), kinds == 2, kinds > 0)


def instruction_batches(
    data: InstructionBatch, batch: int, seed: int = 0
) -> Callable[[int], InstructionBatch]:
    """Return a function from the number of a step to a batch drawn from the data, what `Trainer` asks for.

    Args:
        data: All instructions, see `encode_instructions`.
        batch: Number of instructions of a batch.
        seed: Other seeds draw others.

    Returns:
        The function; its batches are cut to their longest text.

    Raises:
        ValueError: If ``batch`` is below 1.
    """
    if batch < 1:
        raise ValueError(f"batch must be at least 1, got {batch}")

    def draw(step: int) -> InstructionBatch:
        generator = step_generator(seed, step)
        rows = torch.randint(len(data.tokens), (batch,), generator=generator)
        rows = rows.to(data.tokens.device)
        is_text = data.is_text[rows]
        longest = int(is_text.sum(1).max())
        return InstructionBatch(
            data.tokens[rows, :longest],
            data.is_answer[rows, :longest],
            is_text[:, :longest],
        )

    return draw


def instruction_loss(
    model: nn.Module, batch: InstructionBatch, answers_only: bool = True
) -> Float[Tensor, ""]:
    """Return the mean cross-entropy of the answers' tokens, given all that stands before them, in nats.

    Args:
        model: A language model: token ids, shape [batch, time], to logits, shape [batch, time, vocab].
        batch: Instructions and answers.
        answers_only: Whether the tokens of the prompts count for nothing; False counts all tokens but the padding.

    Returns:
        A scalar.

    Source: book, chapter 16, equation eq-sft.
    """
    logits = model(batch.tokens[:, :-1])
    targets = batch.targets(answers_only)
    return F.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED
    )


def exact_matches(
    model: nn.Module, data: InstructionBatch, batch: int = 128
) -> Bool[Tensor, " examples"]:
    """Return for each instruction whether greedy decoding writes exactly its answer, the end included.

    Nothing has to be written for that: greedy decoding writes the answer if and only if each of its tokens is the most
    probable one after those before it, and one reading of prompt and answer tells this of all of them.

    Args:
        model: A language model, as for `instruction_loss`.
        data: Instructions and answers.
        batch: Number of them read side by side.

    Returns:
        Shape [examples].
    """
    trained = model.training
    model.eval()
    right = []
    with torch.no_grad():
        for i in range(0, len(data.tokens), batch):
            tokens, is_answer = (
                data.tokens[i : i + batch],
                data.is_answer[i : i + batch],
            )
            guesses = model(tokens[:, :-1]).argmax(-1)
            right.append(~((guesses != tokens[:, 1:]) & is_answer[:, 1:]).any(1))
    model.train(trained)
    return torch.cat(right)


def write_answer(
    model: nn.Module,
    tokenizer: Tokenizer,
    prompt: str,
    end: str = "\n",
    max_tokens: int = 24,
    start: int | None = None,
) -> str:
    """Let a model answer by greedy decoding.

    Args:
        model: A language model, as for `instruction_loss`.
        tokenizer: Its tokenizer.
        prompt: The whole prompt, template included.
        end: What ends an answer.
        max_tokens: Greatest number of tokens.
        start: See `encode_instructions`.

    Returns:
        The text up to the end mark, without it; all of it if the mark never comes.
    """
    trained, device = model.training, next(model.parameters()).device
    model.eval()
    first = tokenizer.vocab_size if start is None else start
    tokens = [first, *map(int, tokenizer.encode(prompt))]
    written: list[int] = []
    with torch.no_grad():
        while len(written) < max_tokens and end not in tokenizer.decode(written):
            logits = model(torch.tensor([tokens + written], device=device))
            written.append(int(logits[0, -1].argmax()))
    model.train(trained)
    return tokenizer.decode(written).split(end)[0]
