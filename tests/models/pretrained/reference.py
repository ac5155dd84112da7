"""What the tests of the loaders share: comparing our GPT with a model of the library `transformers`."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from companion.models.gpt import GPT


def disturb(model: nn.Module, seed: int = 0) -> None:
    """Draw every parameter anew: fresh biases are zero and fresh scales one, which would hide a mistake."""
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            scale = "norm" in name or "ln_" in name
            drawn = torch.randn(parameter.shape, generator=g) * (0.3 if scale else 0.2)
            parameter.copy_(drawn + float(scale and name.endswith("weight")))


def random_model(
    config: type, model: type, tiny: dict[str, Any], seed: int, **changes: object
) -> Any:
    """Build a language model of `transformers` with every parameter drawn, ready to predict."""
    made = model(config(**(tiny | changes), bos_token_id=None, eos_token_id=None))
    disturb(made, seed)
    return made.eval()


def greedy(model: GPT, prompt: list[int], length: int) -> list[int]:
    """Continue a prompt by the most probable token, with the cache."""
    cache, read, written = model.new_cache(), prompt, []
    with torch.inference_mode():
        for _ in range(length):
            read = [int(model(torch.tensor([read]), cache, last=True).argmax())]
            written += read
    return written


def assert_same(ours: GPT, theirs: nn.Module, vocab_size: int, length: int) -> None:
    """Compare the logits of whole texts, those with the cache, and what greedy decoding writes."""
    g = torch.Generator().manual_seed(1)
    tokens = torch.randint(vocab_size, (3, length), generator=g)
    theirs.eval()
    with torch.no_grad():
        expected = theirs(tokens).logits
        torch.testing.assert_close(ours(tokens), expected, rtol=1e-4, atol=1e-4)
        cache, parts = ours.new_cache(batch=3), []
        for piece in tokens.split([1, 3, *[1] * (length - 4)], dim=1):
            parts.append(ours(piece, cache))
        torch.testing.assert_close(
            torch.cat(parts, 1), expected, rtol=1e-4, atol=1e-4
        )  # fmt: skip
    prompt = tokens[:1, :3]
    written = theirs.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=length - 3,
        do_sample=False,
        eos_token_id=None,
        pad_token_id=0,
    )
    assert greedy(ours, prompt[0].tolist(), length - 3) == written[0, 3:].tolist()
