"""One vector for a sentence, trained so that what belongs together lies together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.bert import Bert

POOLINGS = ("mean", "cls")


def mean_pool(
    h: Float[Tensor, "batch time d_model"], lengths: Int[Tensor, " batch"]
) -> Float[Tensor, "batch d_model"]:
    """Return the mean vector of each text's tokens; padding does not count.

    Args:
        h: One vector a token, shape [batch, time, d_model].
        lengths: Number of tokens of each text, at least 1, shape [batch].

    Returns:
        Shape [batch, d_model].

    Raises:
        ValueError: If a length is below 1 or above ``time``.

    Source: Reimers & Gurevych (2019), section 3.

    Example:
        >>> mean_pool(torch.tensor([[[1.0], [3.0], [99.0]]]), torch.tensor([2])).tolist()
        [[2.0]]
    """
    if int(lengths.min()) < 1 or int(lengths.max()) > h.shape[1]:
        raise ValueError(
            f"lengths must lie between 1 and {h.shape[1]}, got {lengths.tolist()}"
        )
    inside = torch.arange(h.shape[1], device=h.device) < lengths.unsqueeze(1)
    # Not a product with 0: padding may hold anything, and infinity times zero is no number.
    total = h.masked_fill(~inside.unsqueeze(-1), 0.0).sum(1)
    return total / lengths.unsqueeze(1)


def info_nce(
    a: Float[Tensor, "batch d"], b: Float[Tensor, "batch d"], temperature: float = 0.05
) -> Float[Tensor, ""]:
    """Return the loss of finding the partner of each vector among all of the batch, in both directions.

    Args:
        a: One side of the pairs, shape [batch, d]; the length of a vector does not count.
        b: The other side, shape [batch, d]: row i belongs to row i, and to no other.
        temperature: Divides the cosines; a small one looks at the nearest wrong partners alone.

    Returns:
        The mean cross-entropy, in nats; ln of the batch size if all are equally near.

    Raises:
        ValueError: If there are fewer than two pairs, or the temperature is not above 0.

    Source: van den Oord, Li & Vinyals (2018), equation 4.

    Example:
        >>> round(info_nce(torch.ones(4, 3), torch.ones(4, 3)).item(), 4)  # ln 4
        1.3863
    """
    if a.shape[0] < 2:
        raise ValueError(
            f"a wrong partner is taken from the same batch: it needs at least two pairs, got {a.shape[0]}"
        )
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0, got {temperature}")
    cosines = F.normalize(a, dim=-1) @ F.normalize(b, dim=-1).T
    right = torch.arange(a.shape[0], device=a.device)
    scores = cosines / temperature
    return (F.cross_entropy(scores, right) + F.cross_entropy(scores.T, right)) / 2


def padded(
    texts: Sequence[Int[np.ndarray, " _"]],
    pad_id: int = 0,
    device: torch.device | str | None = None,
) -> tuple[Int[Tensor, "texts time"], Int[Tensor, " texts"]]:
    """Put texts of different lengths into one table.

    Args:
        texts: Token ids, one array a text.
        pad_id: What fills the rows up.
        device: Where the table is to be.

    Returns:
        The table, shape [texts, time], and the number of tokens of each text, shape [texts].

    Raises:
        ValueError: If there is no text, or one without a token.

    Example:
        >>> padded([np.array([3, 4]), np.array([5])])[0].tolist()
        [[3, 4], [5, 0]]
    """
    if not texts or not all(len(text) for text in texts):
        raise ValueError("every text needs a token, and there must be a text")
    rows = [torch.from_numpy(np.asarray(text, dtype=np.int64)) for text in texts]
    table = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=pad_id)
    return table.to(device), torch.tensor([len(row) for row in rows], device=device)


class SentenceEncoder(nn.Module):
    """A BERT with pooling: the vector of a text, of length 1.

    Args:
        bert: The encoder.
        read: Turns a text into token ids, special tokens included, as long as the model may read.
        pooling: ``"mean"`` of the tokens, or ``"cls"``, the first one's vector.
        pad_id: What fills a batch up; it is not looked at.

    Raises:
        ValueError: If the pooling is neither.

    Source: Reimers & Gurevych (2019), section 3.
    """

    def __init__(
        self,
        bert: Bert,
        read: Callable[[str], Int[np.ndarray, " _"]],
        pooling: str = "mean",
        pad_id: int = 0,
    ) -> None:
        super().__init__()
        if pooling not in POOLINGS:
            raise ValueError(
                f"pooling must be one of {', '.join(POOLINGS)}, got {pooling!r}"
            )
        self.bert, self.read, self.pooling, self.pad_id = bert, read, pooling, pad_id

    def forward(
        self, tokens: Int[Tensor, "batch time"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch d_model"]:
        """Return the vectors of texts, each of length 1.

        Args:
            tokens: Token ids, shape [batch, time].
            lengths: Number of tokens of each text, shape [batch].

        Returns:
            Shape [batch, d_model].
        """
        h = self.bert(tokens, lengths)
        pooled = h[:, 0] if self.pooling == "cls" else mean_pool(h, lengths)
        return F.normalize(pooled, dim=-1)

    def encode(
        self, texts: Sequence[str], batch: int = 32
    ) -> Float[np.ndarray, "texts d_model"]:
        """Return the vectors of texts, without gradients and without dropout.

        Args:
            texts: At least one.
            batch: Number of texts read side by side; texts of like length go together.

        Returns:
            Shape [texts, d_model], in the order of the texts; each of length 1, so that products are cosines.

        Raises:
            TypeError: If ``texts`` is one string.
            ValueError: If there is no text.
        """
        if isinstance(texts, str):
            raise TypeError("encode takes several texts, got one string: use [text]")
        if not texts:
            raise ValueError("there is no text to encode")
        ids = [self.read(text) for text in texts]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        found = np.empty((len(ids), self.bert.config.d_model), dtype=np.float32)
        trained = self.training
        self.eval()
        with torch.inference_mode():
            for at in range(0, len(order), batch):
                rows = order[at : at + batch]
                tokens, lengths = padded([ids[i] for i in rows], self.pad_id)
                device = self.bert.embedding.weight.device
                vectors = self(tokens.to(device), lengths.to(device))
                found[rows] = vectors.float().cpu().numpy()
        self.train(trained)
        return found
