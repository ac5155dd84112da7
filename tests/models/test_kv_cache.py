"""The cache of keys and values: what is written is read, rows are chosen, places are forgotten."""

import pytest
import torch

from companion.models.kv_cache import ContextOverflow, KVCache


def filled(new: int = 3) -> tuple[KVCache, torch.Tensor]:
    cache = KVCache(layers=2, batch=2, kv_heads=1, capacity=5, d_head=4)
    k = torch.randn(2, 2, 1, new, 4)
    for layer, keys in zip(cache.layers, k, strict=True):
        layer.append(keys, -keys)
    return cache, k


def test_what_was_written_comes_back_in_order() -> None:
    cache, k = filled(3)
    more = torch.randn(2, 1, 2, 4)
    keys, values = cache.layers[1].append(more, 2 * more)
    torch.testing.assert_close(keys, torch.cat((k[1], more), 2))
    torch.testing.assert_close(values, torch.cat((-k[1], 2 * more), 2))


def test_a_full_cache_refuses_and_keeps_what_it_has() -> None:
    cache, k = filled(4)
    with pytest.raises(ContextOverflow, match="room for 5 tokens, 6"):
        cache.layers[0].append(torch.ones(2, 1, 2, 4), torch.ones(2, 1, 2, 4))
    assert cache.length == 4
    torch.testing.assert_close(cache.layers[0].keys[:, :, :4], k[0])


def test_rows_are_copied_not_shared() -> None:
    cache, k = filled()
    chosen = cache.select(torch.tensor([1, 1, 0]))
    torch.testing.assert_close(chosen.layers[0].keys[:, :, :3], k[0][[1, 1, 0]])
    chosen.layers[0].append(torch.ones(3, 1, 1, 4), torch.ones(3, 1, 1, 4))
    assert chosen.layers[0].length == 4
    assert cache.length == 3


def test_truncate_forgets_the_end() -> None:
    cache, k = filled(4)
    cache.truncate(1)
    new = torch.randn(2, 1, 1, 4)
    keys, _ = cache.layers[0].append(new, new)
    torch.testing.assert_close(keys, torch.cat((k[0][:, :, :1], new), 2))
    for wrong in (-1, 3):
        with pytest.raises(ValueError, match="cannot keep"):
            cache.truncate(wrong)
