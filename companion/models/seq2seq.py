"""Encoder-decoder: one recurrent network reads a sentence, another writes its translation; attention between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from companion.models.gru import GRU
from companion.models.recurrent import RecurrentConfig

ATTENTIONS = ("none", "bahdanau", "luong")


@dataclass(frozen=True)
class Seq2SeqConfig:
    """Shape of the model.

    Attributes:
        source_vocab: Number of token types that are read.
        target_vocab: Number of token types that are written.
        attention: ``"none"`` hands the decoder one vector for the whole sentence, ``"bahdanau"`` looks before each
            step with an additive score, ``"luong"`` looks after each step with a product.
        embedding_size: Width of the vector of a token.
        hidden_size: Width of the decoder's state, and of the encoder's in both directions together; even.
        lexical: Whether the words that attention looks at vote for the next token directly, beside the states.
        dropout: Probability of dropping a number of what enters the networks and the output layer, while training.
        max_length: Longest source and target, in tokens; longer ones are refused.
        pad_id: The id that fills up a target; it is never predicted.
    """

    source_vocab: int
    target_vocab: int
    attention: str = "bahdanau"
    embedding_size: int = 64
    hidden_size: int = 128
    lexical: bool = False
    dropout: float = 0.0
    max_length: int = 100
    pad_id: int = 0

    def __post_init__(self) -> None:
        if self.attention not in ATTENTIONS:
            raise ValueError(
                f"attention must be one of {', '.join(ATTENTIONS)}, got {self.attention!r}"
            )
        if self.lexical and self.attention == "none":
            raise ValueError(
                "lexical=True weighs the words of the source by attention, and there is none: "
                'choose attention="bahdanau" or "luong"'
            )
        for name in (
            "source_vocab",
            "target_vocab",
            "embedding_size",
            "hidden_size",
            "max_length",
        ):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 1, got {getattr(self, name)}"
                )
        if self.hidden_size % 2:
            raise ValueError(
                f"hidden_size must be even, one half for each direction of the encoder, got {self.hidden_size}"
            )
        if not 0 <= self.dropout < 1:
            raise ValueError(
                f"dropout must be at least 0 and below 1, got {self.dropout}"
            )


def masked_softmax(
    energies: Float[Tensor, "*places source"], mask: Bool[Tensor, "*#places source"]
) -> Float[Tensor, "*places source"]:
    """Return weights that sum to one and are exactly zero where the mask is False.

    Args:
        energies: Scores, shape [..., source].
        mask: True where there is a token, False at padding; at least one True in a row.

    Returns:
        Weights, shape [..., source].

    Example:
        >>> masked_softmax(torch.tensor([1.0, 1.0, 9.0]), torch.tensor([True, True, False])).tolist()
        [0.5, 0.5, 0.0]
    """
    return energies.masked_fill(~mask, -math.inf).softmax(-1)


class AdditiveAttention(nn.Module):
    """Bahdanau's score: e_ij = v . tanh(W s_{i-1} + U h_j + b).

    Args:
        hidden_size: Width of the decoder's states and of the encoder's.

    Source: Bahdanau, Cho & Bengio (2015), appendix A.1.2.
    """

    def __init__(self, hidden_size: int) -> None:
        super().__init__()
        self.query = nn.Linear(hidden_size, hidden_size, bias=False)
        self.key = nn.Linear(hidden_size, hidden_size)
        self.score = nn.Linear(hidden_size, 1, bias=False)

    def keys(
        self, memory: Float[Tensor, "batch source hidden"]
    ) -> Float[Tensor, "batch source hidden"]:
        """Return what does not depend on the decoder, U h_j: computed once a sentence."""
        projected: Tensor = self.key(memory)
        return projected

    def forward(
        self,
        states: Float[Tensor, "batch target hidden"],
        keys: Float[Tensor, "batch source hidden"],
    ) -> Float[Tensor, "batch target source"]:
        """Return the energies of every decoder state with every encoder state."""
        both = torch.tanh(self.query(states)[:, :, None] + keys[:, None])
        energies: Tensor = self.score(both)[..., 0]
        return energies


class MultiplicativeAttention(nn.Module):
    """Luong's score, called *general*: e_ij = s_i . W h_j.

    Args:
        hidden_size: Width of the decoder's states and of the encoder's.

    Source: Luong, Pham & Manning (2015), equation 8.
    """

    def __init__(self, hidden_size: int) -> None:
        super().__init__()
        self.key = nn.Linear(hidden_size, hidden_size, bias=False)

    def keys(
        self, memory: Float[Tensor, "batch source hidden"]
    ) -> Float[Tensor, "batch source hidden"]:
        """Return what does not depend on the decoder, W h_j: computed once a sentence."""
        projected: Tensor = self.key(memory)
        return projected

    def forward(
        self,
        states: Float[Tensor, "batch target hidden"],
        keys: Float[Tensor, "batch source hidden"],
    ) -> Float[Tensor, "batch target source"]:
        """Return the energies of every decoder state with every encoder state."""
        return states @ keys.transpose(1, 2)


class DecoderState(NamedTuple):
    """All that the decoder needs to go on.

    Attributes:
        h: Its recurrent state, shape [batch, hidden].
        memory: The encoder's states, shape [batch, source, hidden].
        keys: What attention compares them by, shape [batch, source, hidden].
        mask: True at tokens of the source, False at padding, shape [batch, source].
        summary: The encoder's last states in both directions, shape [batch, hidden].
        words: The embeddings of the source, shape [batch, source, embedding].
    """

    h: Tensor
    memory: Tensor
    keys: Tensor
    mask: Tensor
    summary: Tensor
    words: Tensor

    def select(self, rows: Int[Tensor, " chosen"]) -> DecoderState:
        """Return the states of chosen rows of the batch, in that order; a row may be taken twice."""
        return DecoderState(*(part[rows] for part in self))


class Seq2Seq(nn.Module):
    """Encoder-decoder with GRUs, and attention of three kinds.

    The encoder reads in both directions; its states h_j are the memory. The decoder starts from the last states of both
    directions, reads the token written last and what attention returns, a_i, and scores the next token from its state
    s_i and a_i together: O tanh(W [s_i; a_i]) + b. With ``lexical`` the score has one more term, which knows of nothing
    but the source words x_j that attention looks at: L tanh(V sum_j alpha_ij x_j).

    Args:
        config: The shape.

    Source: Cho et al. (2014); Sutskever, Vinyals & Le (2014); Bahdanau, Cho & Bengio (2015); Luong, Pham & Manning
    (2015); lexical term: Nguyen & Chiang (2018), section 4. Simpler than the papers': one layer, one output layer for
    all three kinds, no maxout, no input feeding; in the lexical term no inner tanh, bias or skip connection.

    Example:
        >>> model = Seq2Seq(Seq2SeqConfig(source_vocab=10, target_vocab=12))
        >>> source, target = torch.ones(2, 5, dtype=torch.long), torch.ones(2, 4, dtype=torch.long)
        >>> logits, weights = model(source, torch.tensor([5, 3]), target)
        >>> tuple(logits.shape), tuple(weights.shape)
        ((2, 4, 12), (2, 4, 5))
    """

    def __init__(self, config: Seq2SeqConfig) -> None:
        super().__init__()
        self.config = config
        e, d = config.embedding_size, config.hidden_size
        self.source_embedding = nn.Embedding(config.source_vocab, e)
        self.target_embedding = nn.Embedding(config.target_vocab, e)
        self.encoder = GRU(RecurrentConfig(e, d // 2, bidirectional=True))
        # Luong's decoder looks after its step, so that nothing but the last token enters it.
        self.decoder = GRU(
            RecurrentConfig(e if config.attention == "luong" else e + d, d)
        )
        self.bridge = nn.Linear(d, d)
        self.attention: AdditiveAttention | MultiplicativeAttention | None = None
        if config.attention == "bahdanau":
            self.attention = AdditiveAttention(d)
        elif config.attention == "luong":
            self.attention = MultiplicativeAttention(d)
        self.combine = nn.Linear(2 * d, d)
        self.output = nn.Linear(d, config.target_vocab)
        if config.lexical:
            self.lexical_hidden = nn.Linear(e, d, bias=False)
            self.lexical_output = nn.Linear(d, config.target_vocab, bias=False)

    def _dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.config.dropout, self.training)

    def _check(self, tokens: Tensor, vocab: int, side: str) -> None:
        if tokens.ndim != 2 or tokens.numel() == 0:
            raise ValueError(
                f"the {side} batch is empty or not of shape [batch, time]: its shape is {list(tokens.shape)}"
            )
        if tokens.shape[1] > self.config.max_length:
            raise ValueError(
                f"a {side} of {tokens.shape[1]} tokens is longer than the model was made for, "
                f"{self.config.max_length}: shorten or split it, or make the model with a larger max_length"
            )
        if int(tokens.min()) < 0 or int(tokens.max()) >= vocab:
            raise ValueError(
                f"a {side} token id is outside 0..{vocab - 1}: was the model made for this vocabulary?"
            )

    def encode(
        self, source: Int[Tensor, "batch source"], lengths: Int[Tensor, " batch"]
    ) -> DecoderState:
        """Read sentences.

        Args:
            source: Token ids, shape [batch, source]; what stands behind a sentence's length is padding.
            lengths: Number of tokens of each sentence, shape [batch].

        Returns:
            The state that the decoder starts from.

        Raises:
            ValueError: If the batch is empty, a sentence too long, a token outside the vocabulary or a length
                impossible.
        """
        self._check(source, self.config.source_vocab, "source")
        words = self.source_embedding(source)
        memory, (last,) = self.encoder(self._dropped(words), lengths=lengths)
        summary = torch.cat([last[0], last[1]], dim=1)
        places = torch.arange(source.shape[1], device=source.device)
        mask = places[None] < lengths[:, None].to(source.device)
        keys = memory if self.attention is None else self.attention.keys(memory)
        h = torch.tanh(self.bridge(summary))
        return DecoderState(h, memory, keys, mask, summary, words)

    def attend(
        self, states: Float[Tensor, "batch target hidden"], state: DecoderState
    ) -> tuple[
        Float[Tensor, "batch target hidden"], Float[Tensor, "batch target source"]
    ]:
        """Look at the source.

        Args:
            states: States of the decoder, shape [batch, target, hidden].
            state: What the encoder made.

        Returns:
            What attention returns, a_i = sum of alpha_ij h_j, and the weights alpha; without attention the encoder's
            last states for every i, and weights of zero.
        """
        if self.attention is None:
            steps = states.shape[1]
            weights = state.mask[:, None].expand(-1, steps, -1) * states.new_zeros(())
            return state.summary[:, None].expand(-1, steps, -1), weights
        weights = self.weights(states, state)
        return weights @ state.memory, weights

    def weights(
        self, states: Float[Tensor, "batch target hidden"], state: DecoderState
    ) -> Float[Tensor, "batch target source"]:
        """Return the weights of attention, alpha_ij, for decoder states s_i."""
        if self.attention is None:
            raise ValueError(
                'this model has no attention: make it with attention="bahdanau" or "luong"'
            )
        energies = self.attention(states, state.keys)
        return masked_softmax(energies, state.mask[:, None])

    def decode(
        self, tokens: Int[Tensor, "batch target"], state: DecoderState
    ) -> tuple[
        Float[Tensor, "batch target vocab"],
        DecoderState,
        Float[Tensor, "batch target source"],
    ]:
        """Score the token after each of the given ones, whether or not the model would have written those.

        Args:
            tokens: What has been written, shape [batch, target]; first the token for the beginning.
            state: As `encode` or this method returns it.

        Returns:
            Logits, shape [batch, target, vocab]; the state after the last token; the weights of attention.

        Raises:
            ValueError: If the batch is empty, a target too long, or a token outside the vocabulary.
        """
        self._check(tokens, self.config.target_vocab, "target")
        y = self._dropped(self.target_embedding(tokens))
        if self.config.attention == "bahdanau":
            s, a, weights = self._look_then_step(y, state)
            h = s[:, -1]
        else:
            if self.config.attention == "none":
                y = torch.cat([y, state.summary[:, None].expand(-1, y.shape[1], -1)], 2)
            s, (last,) = self.decoder(y, (state.h[None],))
            h = last[0]
            a, weights = self.attend(s, state)
        joined = torch.tanh(self.combine(torch.cat([s, a], dim=2)))
        logits = self.output(self._dropped(joined))
        if self.config.lexical:
            logits = logits + self.lexical_score(weights, state)
        return logits, state._replace(h=h), weights

    def lexical_score(
        self, weights: Float[Tensor, "batch target source"], state: DecoderState
    ) -> Float[Tensor, "batch target vocab"]:
        """Score the next token by the source words that attention looks at, and by nothing else."""
        seen = torch.tanh(self.lexical_hidden(weights @ state.words))
        score: Tensor = self.lexical_output(seen)
        return score

    def _look_then_step(
        self, y: Float[Tensor, "batch target embedding"], state: DecoderState
    ) -> tuple[
        Float[Tensor, "batch target hidden"],
        Float[Tensor, "batch target hidden"],
        Float[Tensor, "batch target source"],
    ]:
        """Run the decoder on [y_i; a_i], where a_i depends on the state before, and so cannot be had in advance."""
        parameters = dict(self.decoder.named_parameters())
        from_y, from_a = parameters["weight_ih_l0"].split(
            [self.config.embedding_size, self.config.hidden_size], dim=1
        )
        # W [y; a] in parts that need no state: a is a weighted sum of the memory, so W may be applied before the sum.
        projected = F.linear(y, from_y, parameters["bias_ih_l0"]).unbind(1)
        memory = F.linear(state.memory, from_a)
        recurrent, bias = parameters["weight_hh_l0"].t(), parameters["bias_hh_l0"]
        h, states, seen = state.h, [], []
        for x in projected:
            weights = self.weights(h[:, None], state)
            x = x + (weights @ memory)[:, 0]
            (h,) = self.decoder.step(x, (h,), recurrent, bias)
            states.append(h)
            seen.append(weights)
        alpha = torch.cat(seen, 1)
        return torch.stack(states, 1), alpha @ state.memory, alpha

    def forward(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"],
        target: Int[Tensor, "batch target"],
    ) -> tuple[
        Float[Tensor, "batch target vocab"], Float[Tensor, "batch target source"]
    ]:
        """Score translations with teacher forcing.

        Args:
            source: Token ids, shape [batch, source].
            lengths: Number of tokens of each source, shape [batch].
            target: Token ids, shape [batch, target].

        Returns:
            Logits, where entry i scores the token after ``target[:, i]``, and the weights of attention.
        """
        logits, _, weights = self.decode(target, self.encode(source, lengths))
        return logits, weights

    def loss(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"],
        target: Int[Tensor, "batch target"],
        label_smoothing: float = 0.0,
    ) -> Float[Tensor, ""]:
        """Return the mean cross-entropy of the target's tokens but the first, in nats; padding is left out.

        Args:
            source: Token ids, shape [batch, source].
            lengths: Number of tokens of each source, shape [batch].
            target: Token ids from the beginning token to the end token, then ``pad_id``, shape [batch, target].
            label_smoothing: Share of the probability that is asked to be spread over all tokens.

        Returns:
            A scalar.
        """
        logits, _ = self(source, lengths, target[:, :-1])
        return F.cross_entropy(
            logits.flatten(0, 1),
            target[:, 1:].flatten(),
            ignore_index=self.config.pad_id,
            label_smoothing=label_smoothing,
        )

    def advance(
        self, tokens: Int[Tensor, " batch"], state: DecoderState
    ) -> tuple[Float[Tensor, "batch vocab"], DecoderState]:
        """Read one token a row and return the log-probabilities of the next, for a search.

        Args:
            tokens: The tokens written last, shape [batch].
            state: The state before them.

        Returns:
            Natural logarithms, shape [batch, vocab], and the state after the tokens.
        """
        logits, state, _ = self.decode(tokens[:, None].to(state.h.device), state)
        return logits[:, 0].log_softmax(-1), state
