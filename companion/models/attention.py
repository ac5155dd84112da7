"""Attention: every query looks at all keys, and takes the average of the values that they stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.kv_cache import LayerCache
from companion.models.positions import apply_rope


def causal_mask(
    queries: int, keys: int, device: torch.device | str | None = None
) -> Bool[Tensor, "queries keys"]:
    """Return who may look where if nobody may look ahead: True in and below the diagonal.

    The last query stands at the place of the last key; with more keys than queries, the first keys are the past.

    Args:
        queries: Number of queries.
        keys: Number of keys, at least as many.
        device: Where the mask is made.

    Returns:
        Shape [queries, keys].

    Raises:
        ValueError: If there are fewer keys than queries.

    Example:
        >>> causal_mask(2, 3).int().tolist()
        [[1, 1, 0], [1, 1, 1]]
    """
    if keys < queries:
        raise ValueError(
            f"a causal mask needs a key for each query, got {queries} queries and {keys} keys"
        )
    mask = torch.ones(queries, keys, dtype=torch.bool, device=device)
    return mask.tril(keys - queries)


def padding_mask(
    lengths: Int[Tensor, " batch"], keys: int
) -> Bool[Tensor, "batch 1 1 keys"]:
    """Return which keys are tokens and not padding.

    Args:
        lengths: Number of tokens of each sequence, shape [batch].
        keys: Length of the padded sequences.

    Returns:
        Shape [batch, 1, 1, keys], for all heads and queries.

    Raises:
        ValueError: If a length is above ``keys``.

    Example:
        >>> padding_mask(torch.tensor([1, 2]), 2).int().squeeze().tolist()
        [[1, 0], [1, 1]]
    """
    if int(lengths.max()) > keys:
        raise ValueError(
            f"a sequence of {int(lengths.max())} tokens does not fit into {keys}"
        )
    inside = torch.arange(keys, device=lengths.device) < lengths.unsqueeze(1)
    return inside[:, None, None, :]


def _check(q: Tensor, k: Tensor, mask: Tensor | None, bias: Tensor | None) -> None:
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(
            f"queries and keys are compared number by number, but their widths are {q.shape[-1]} and {k.shape[-1]}"
        )
    wanted = (*q.shape[:-1], k.shape[-2])
    for name, given in (("mask", mask), ("bias", bias)):
        if given is None:
            continue
        shape = tuple(given.shape)
        pairs = zip(reversed(shape), reversed(wanted), strict=False)
        if len(shape) > len(wanted) or any(a not in (1, b) for a, b in pairs):
            raise ValueError(
                f"the {name} has the shape {list(shape)}, the scores have {list(wanted)} ([..., queries, keys]): "
                f"each of its sizes, from the right, must be equal or 1"
            )
    if mask is not None and mask.dtype != torch.bool:
        raise ValueError(
            f"the mask must be of type bool, True where a query may look, got {mask.dtype}; numbers to be added to the "
            "scores go into bias"
        )


def attention_weights(
    q: Float[Tensor, "*batch queries d_k"],
    k: Float[Tensor, "*batch keys d_k"],
    mask: Bool[Tensor, "..."] | None = None,
    bias: Float[Tensor, "..."] | None = None,
    scale: float | None = None,
) -> Float[Tensor, "*batch queries keys"]:
    """Return how much each query takes from each key.

    Args:
        q: Queries, shape [..., queries, d_k].
        k: Keys, shape [..., keys, d_k].
        mask: True where a query may look, broadcast to [..., queries, keys]; None allows everything.
        bias: Added to the scores, broadcast likewise.
        scale: Factor of the scores; None takes ``1 / sqrt(d_k)``.

    Returns:
        Shape [..., queries, keys]. Each row sums to one, or is zero where a query may look nowhere.

    Raises:
        ValueError: If shapes do not fit, or the mask is not of type bool.

    Source: Vaswani et al. (2017), equation 1.

    Example:
        >>> attention_weights(torch.ones(1, 2), torch.ones(4, 2)).tolist()
        [[0.25, 0.25, 0.25, 0.25]]
    """
    _check(q, k, mask, bias)
    scale = q.shape[-1] ** -0.5 if scale is None else scale
    scores = scale * q @ k.transpose(-2, -1)
    if bias is not None:
        scores = scores + bias
    if mask is None:
        return scores.softmax(-1)
    # A row without any key would be 0 / 0: it goes through the softmax open, and is closed behind it.
    open_row = ~mask.any(-1, keepdim=True)
    weights = scores.masked_fill(~(mask | open_row), -math.inf).softmax(-1)
    return weights.masked_fill(~mask, 0.0)


def scaled_dot_product_attention(
    q: Float[Tensor, "*batch queries d_k"],
    k: Float[Tensor, "*batch keys d_k"],
    v: Float[Tensor, "*batch keys d_v"],
    mask: Bool[Tensor, "..."] | None = None,
    bias: Float[Tensor, "..."] | None = None,
    scale: float | None = None,
) -> Float[Tensor, "*batch queries d_v"]:
    """Return, for each query, the average of the values, weighted by how well their keys fit the query.

    Args:
        q: Queries, shape [..., queries, d_k].
        k: Keys, shape [..., keys, d_k].
        v: Values, shape [..., keys, d_v].
        mask: True where a query may look, broadcast to [..., queries, keys]; None allows everything.
        bias: Added to the scores, broadcast likewise.
        scale: Factor of the scores; None takes ``1 / sqrt(d_k)``.

    Returns:
        Shape [..., queries, d_v]; zero where a query may look nowhere.

    Raises:
        ValueError: If shapes do not fit, or the mask is not of type bool.

    Source: Vaswani et al. (2017), equation 1.
    """
    return attention_weights(q, k, mask, bias, scale) @ v


def online_softmax_attention(
    q: Float[Tensor, "*batch queries d_k"],
    k: Float[Tensor, "*batch keys d_k"],
    v: Float[Tensor, "*batch keys d_v"],
    block: int = 64,
    causal: bool = False,
) -> Float[Tensor, "*batch queries d_v"]:
    """Compute attention block by block of the keys, without ever holding all scores.

    For each query three things are kept: the greatest score so far, the sum of the exponentials, and the sum of the
    values weighted by them. When a block brings a greater score, the two sums are scaled down to it.

    Args:
        q: Queries, shape [..., queries, d_k].
        k: Keys, shape [..., keys, d_k].
        v: Values, shape [..., keys, d_v].
        block: Number of keys that are looked at together.
        causal: Whether a query may not look behind its place, see `causal_mask`.

    Returns:
        What `scaled_dot_product_attention` returns, up to rounding.

    Raises:
        ValueError: If ``block`` is below 1, or there are fewer keys than queries in a causal attention.

    Source: Milakov & Gimelshein (2018), algorithm 3; for attention: Dao et al. (2022), algorithm 1.
    """
    if block < 1:
        raise ValueError(f"block must be at least 1, got {block}")
    queries, keys = q.shape[-2], k.shape[-2]
    if causal and keys < queries:
        raise ValueError(
            f"causal attention needs a key for each query, got {queries} queries and {keys} keys"
        )
    q = q * q.shape[-1] ** -0.5
    at = torch.arange(keys - queries, keys, device=q.device).unsqueeze(1)
    greatest = q.new_full((*q.shape[:-1], 1), -math.inf)
    total = torch.zeros_like(greatest)
    out = q.new_zeros(*q.shape[:-1], v.shape[-1])
    for first in range(0, keys, block):
        part = slice(first, first + block)
        scores = q @ k[..., part, :].transpose(-2, -1)
        if causal:
            place = torch.arange(first, min(first + block, keys), device=q.device)
            scores = scores.masked_fill(place > at, -math.inf)
        higher = torch.maximum(greatest, scores.amax(-1, keepdim=True))
        shrink = torch.exp(greatest - higher)  # 0 at the first block: exp(-inf)
        powers = torch.exp(scores - higher)
        total = total * shrink + powers.sum(-1, keepdim=True)
        out = out * shrink + powers @ v[..., part, :]
        greatest = higher
    return out / total


def _cut(
    x: Float[Tensor, "batch time width"], heads: int
) -> Float[Tensor, "batch heads time d_head"]:
    """Cut every row into the parts of the heads."""
    batch, time, width = x.shape
    return x.view(batch, time, heads, width // heads).transpose(1, 2)


def _join(
    x: Float[Tensor, "batch heads time d_head"],
) -> Float[Tensor, "batch time width"]:
    """Put the heads' parts side by side again."""
    batch, heads, time, d_head = x.shape
    return x.transpose(1, 2).reshape(batch, time, heads * d_head)


@dataclass(frozen=True)
class AttentionConfig:
    """Shape of a `MultiHeadAttention`.

    Attributes:
        d_model: Width of the vectors that come in and go out.
        heads: Number of heads of the queries; each has the width ``d_model / heads``.
        kv_heads: Number of heads of keys and values, each shared by ``heads / kv_heads`` heads of queries; None has as
            many as there are heads, 1 is multi-query attention.
        bias: Whether the four projections have a bias.
        dropout: Probability of dropping a weight, while training.
        fused: Whether torch's fused kernel computes the attention, or `scaled_dot_product_attention` above.
    """

    d_model: int
    heads: int
    kv_heads: int | None = None
    bias: bool = True
    dropout: float = 0.0
    fused: bool = True

    def __post_init__(self) -> None:
        if self.heads < 1 or self.d_model < 1 or self.d_model % self.heads:
            raise ValueError(
                f"d_model must be a multiple of the number of heads, got d_model={self.d_model}, heads={self.heads}"
            )
        groups = self.heads if self.kv_heads is None else self.kv_heads
        if groups < 1 or self.heads % groups:
            raise ValueError(
                f"heads must be a multiple of kv_heads, got heads={self.heads}, kv_heads={self.kv_heads}"
            )
        if not 0 <= self.dropout < 1:
            raise ValueError(
                f"dropout must be at least 0 and below 1, got {self.dropout}"
            )

    @property
    def groups(self) -> int:
        """Number of heads of keys and values."""
        return self.heads if self.kv_heads is None else self.kv_heads

    @property
    def d_head(self) -> int:
        """Width of a head."""
        return self.d_model // self.heads


class MultiHeadAttention(nn.Module):
    """Several attentions side by side, each in a projection of its own; their outputs are joined and projected.

    Args:
        config: The shape.

    Source: Vaswani et al. (2017), section 3.2.2; shared keys and values: Shazeer (2019), Ainslie et al. (2023).

    Example:
        >>> layer = MultiHeadAttention(AttentionConfig(d_model=8, heads=2))
        >>> tuple(layer(torch.zeros(3, 5, 8), causal=True).shape)
        (3, 5, 8)
    """

    def __init__(self, config: AttentionConfig) -> None:
        super().__init__()
        self.config = config
        narrow = config.groups * config.d_head
        self.q_proj = nn.Linear(config.d_model, config.d_model, bias=config.bias)
        self.k_proj = nn.Linear(config.d_model, narrow, bias=config.bias)
        self.v_proj = nn.Linear(config.d_model, narrow, bias=config.bias)
        self.o_proj = nn.Linear(config.d_model, config.d_model, bias=config.bias)

    def forward(
        self,
        x: Float[Tensor, "batch queries d_model"],
        memory: Float[Tensor, "batch keys d_model"] | None = None,
        mask: Bool[Tensor, "..."] | None = None,
        bias: Float[Tensor, "..."] | None = None,
        causal: bool = False,
        rope: tuple[Float[Tensor, "queries half"], Float[Tensor, "queries half"]]
        | None = None,
        cache: LayerCache | None = None,
    ) -> Float[Tensor, "batch queries d_model"]:
        """Let every position of ``x`` look at ``memory``, or at ``x`` itself.

        Args:
            x: What asks, shape [batch, queries, d_model].
            memory: What is looked at, shape [batch, keys, d_model]; None is self-attention.
            mask: True where a query may look, broadcast to [batch, heads, queries, keys].
            bias: Added to the scores, broadcast likewise, e.g. ALiBi's.
            causal: Whether a position may look at itself and those before it only.
            rope: Cosines and sines of the positions of ``x``, see `companion.models.positions.rope_table`.
            cache: Keys and values of the tokens before ``x``; those of ``x`` are added to it.

        Returns:
            Shape [batch, queries, d_model].

        Raises:
            ValueError: If a shape does not fit.
            ContextOverflow: If the cache is full.
        """
        source = x if memory is None else memory
        q = _cut(self.q_proj(x), self.config.heads)
        k = _cut(self.k_proj(source), self.config.groups)
        v = _cut(self.v_proj(source), self.config.groups)
        if rope is not None:
            q, k = apply_rope(q, *rope), apply_rope(k, *rope)
        if cache is not None:
            k, v = cache.append(k, v)
        out = self._attend(q, k, v, mask, bias, causal)
        return self.o_proj(_join(out))

    def _attend(
        self,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        mask: Tensor | None,
        bias: Tensor | None,
        causal: bool,
    ) -> Tensor:
        queries, keys, share = q.shape[2], k.shape[2], q.shape[1] // k.shape[1]
        if share > 1 and queries == 1 and mask is None and bias is None:
            # One token: the heads that share a key are queries of one head, and nothing is copied.
            grouped = q.view(q.shape[0], k.shape[1], share, q.shape[3])
            out = self._kernel(grouped, k, v, None, None, False)
            return out.reshape(q.shape)
        if share > 1:
            k, v = k.repeat_interleave(share, 1), v.repeat_interleave(share, 1)
        plain = mask is None and bias is None and queries == keys
        if causal and queries > 1 and not plain:
            ahead = causal_mask(queries, keys, q.device)
            mask = ahead if mask is None else mask & ahead
        return self._kernel(q, k, v, mask, bias, causal and plain and queries > 1)

    def _kernel(
        self,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        mask: Tensor | None,
        bias: Tensor | None,
        causal: bool,
    ) -> Tensor:
        _check(q, k, mask, bias)
        dropout = self.config.dropout if self.training else 0.0
        if not self.config.fused:
            if causal:
                mask = causal_mask(q.shape[2], k.shape[2], q.device)
            weights = attention_weights(q, k, mask, bias)
            return F.dropout(weights, dropout, self.training) @ v
        if bias is not None:
            bias = bias.to(q.dtype)
            mask = bias if mask is None else bias.masked_fill(~mask, -math.inf)
        return F.scaled_dot_product_attention(
            q, k, v, mask, dropout_p=dropout, is_causal=causal
        )
