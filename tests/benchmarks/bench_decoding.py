"""Writing text with a cache against transformers' generate, and against the matrix products alone."""

from __future__ import annotations

import torch
from torch.nn import functional as F

try:  # sets one thread a side, before the peers are imported
    from harness import Row, paired
except ModuleNotFoundError:  # imported from the tests, not run from this folder
    from benchmarks.harness import Row, paired

import numpy as np
from transformers import GPT2Config, GPT2LMHeadModel

from companion.decoding import generate
from companion.models.pretrained.gpt2 import load_gpt2

VOCAB, WIDTH, LAYERS, LENGTH = 8192, 256, 4, 256
DATA = f"{LENGTH} tokens, batch 1, {LAYERS} layers, d = {WIDTH}, V = {VOCAB:,}"


def _row(name: str, peer: str, ours, theirs, goal: float | None, pairs: int) -> Row:
    seconds, reference, ratio = paired(ours, theirs, pairs=pairs)
    return Row(
        name,
        DATA,
        peer,
        f"{LENGTH / seconds:.0f} tokens/s",
        f"{LENGTH / reference:.0f} tokens/s",
        ratio,
        goal,
        pairs=pairs,
    )


def run(quick: bool) -> list[Row]:
    """Time greedy writing and sampling.

    Args:
        quick: Whether few pairs will do: to see that it works, not for figures.

    Returns:
        A row for each comparison.
    """
    torch.set_num_threads(1)
    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=VOCAB,
        n_positions=512,
        n_embd=WIDTH,
        n_layer=LAYERS,
        n_head=8,
        bos_token_id=None,
        eos_token_id=None,
    )
    peer = GPT2LMHeadModel(config).eval()
    model = load_gpt2(peer.state_dict(), config.to_dict())
    prompt = torch.randint(0, VOCAB, (1, 16))
    fixed = {
        "attention_mask": torch.ones_like(prompt),
        "max_new_tokens": LENGTH,
        "pad_token_id": 0,
    }

    def greedy() -> list[int]:
        return generate(model, prompt[0].tolist(), LENGTH, temperature=0.0)

    def their_greedy() -> list[int]:
        return peer.generate(prompt, do_sample=False, **fixed)[0, 16:].tolist()

    def sample() -> list[int]:
        rng = np.random.default_rng(0)
        return generate(model, prompt[0].tolist(), LENGTH, rng, top_k=50)

    def their_sample() -> torch.Tensor:
        return peer.generate(prompt, do_sample=True, top_k=50, **fixed)

    matrices = [p for p in model.parameters() if p.ndim == 2 and p.shape[0] != 512]

    def products() -> None:
        with torch.inference_mode():
            for _ in range(LENGTH):
                for matrix in matrices:
                    F.linear(inputs[matrix.shape[1]], matrix)

    inputs = {n: torch.randn(1, n) for n in {m.shape[1] for m in matrices}}
    # Equal up to the last bits: where two tokens are as good, the texts may part.
    assert greedy()[:32] == their_greedy()[:32]
    pairs = 2 if quick else 9
    return [
        _row("greedy, cached", "transformers generate", greedy, their_greedy, 1.3, pairs),
        _row("top-k 50, cached", "transformers generate", sample, their_sample, 1.3, pairs),
        _row("greedy, cached", "the matrix products alone", greedy, products, 0.75, pairs),
    ]  # fmt: skip
