"""A session says what next_probs says, after any order of taking, scoring and rewinding."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from decoding.models_for_tests import KINDS, VOCAB, louder, make
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.decoding import DecodingSession, start
from companion.decoding.states import new_state
from companion.models.gpt import GPT, ContextOverflow, GPTConfig

MODELS = {kind: make(kind) for kind in KINDS}


def expected(model, tokens) -> np.ndarray:
    return np.log(model.next_probs(tokens))


def test_every_kind_of_model_gives_its_own_distribution_step_by_step():
    for kind, model in MODELS.items():
        session = start(model, [3, 1])
        for token in (4, 4, 0, 11):
            wanted = expected(model, session.tokens)
            np.testing.assert_allclose(
                session.log_probs, wanted, atol=2e-5, err_msg=kind
            )
            session.take(token)
        assert session.tokens == [3, 1, 4, 4, 0, 11]


@given(
    kind=st.sampled_from(KINDS),
    actions=st.lists(
        st.one_of(
            st.tuples(st.just("take"), st.integers(0, VOCAB - 1)),
            st.tuples(
                st.just("score"), st.lists(st.integers(0, VOCAB - 1), max_size=3)
            ),
            st.tuples(st.just("rewind"), st.floats(0, 1)),
            st.tuples(st.just("look"), st.none()),
        ),
        max_size=7,
    ),
)
@settings(deadline=None, max_examples=40)
def test_any_order_of_actions_ends_in_the_distribution_of_the_text(kind, actions):
    model, text = MODELS[kind], [2]
    session = start(model, text)
    for action, value in actions:
        if action == "take":
            session.take(value)
            text.append(value)
        elif action == "score":
            logits = session.score(value)
            assert len(logits) == len(value) + 1
            for i, row in enumerate(logits.log_softmax(-1)):
                wanted = expected(model, text + value[:i])
                np.testing.assert_allclose(row, wanted, atol=2e-5)
            text += value
        elif action == "rewind":
            text = text[: int(value * len(text))]
            session.rewind(len(text))
        else:
            assert session.logits.shape == (VOCAB,)
        assert session.tokens == text
    np.testing.assert_allclose(session.log_probs, expected(model, text), atol=2e-5)


def test_a_transformer_reads_each_token_once():
    model = make("gpt")
    read = []
    model.register_forward_pre_hook(lambda module, given: read.append(given[0].numel()))
    session = start(model, [1, 2, 3, 4])
    for _ in range(5):
        session.take(int(session.logits.argmax()))
        session.logits  # asked for twice  # noqa: B018
    # the token for the beginning, the context, and one a step
    assert read == [1, 4, 1, 1, 1, 1, 1]


def test_nothing_is_read_before_it_is_asked_for():
    model = make("gpt")
    model.register_forward_pre_hook(lambda module, given: pytest.fail("read"))
    start(model, [1, 2]).take(3)


def test_dropout_is_off_while_decoding_and_on_again_after():
    torch.manual_seed(0)
    model = louder(GPT(GPTConfig(VOCAB, 32, 2, 16, 2, dropout=0.5)), 0.5).train()
    a, b = start(model, [1]).logits, start(model, [1]).logits
    assert torch.equal(a, b)
    assert model.training


def test_a_full_context_is_refused_or_slides():
    model = make("gpt", context=8)
    session = start(model, [1, 2, 3, 4, 5, 6, 7])  # and the token for the beginning
    assert session.logits.shape == (VOCAB,)
    session.take(0)
    with pytest.raises(ContextOverflow, match="overflow"):
        session.logits  # noqa: B018
    session = start(model, [1, 2, 3, 4, 5, 6, 7], overflow="slide")
    session.logits  # noqa: B018
    session.take(0)
    # the newest half of the context, from the middle of a text: no token for the beginning
    with torch.no_grad():
        wanted = model(torch.tensor([[5, 6, 7, 0]]))[0, -1]
    torch.testing.assert_close(session.logits, wanted, atol=1e-5, rtol=1e-5)
    for token in range(30):
        session.take(token % VOCAB)
        assert session.logits.isfinite().all()
    session.rewind(2)  # behind what was forgotten
    np.testing.assert_allclose(session.log_probs, expected(model, [1, 2]), atol=2e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_a_state_go_their_own_ways(kind):
    model = MODELS[kind]
    state = new_state(model)
    state.read(torch.tensor([[3, 1]]))
    state = state.select(torch.tensor([0, 0, 0]))
    state.read(torch.tensor([[5], [6], [7]]))
    state = state.select(torch.tensor([2, 0]))
    logits = state.read(torch.tensor([[1], [1]]))
    for row, text in zip(logits[:, -1], ([3, 1, 7, 1], [3, 1, 5, 1]), strict=True):
        np.testing.assert_allclose(
            row.log_softmax(-1), expected(model, text), atol=2e-5
        )


def test_bad_input_says_what_is_wrong():
    model = MODELS["gpt"]
    with pytest.raises(ValueError, match=r"outside 0\.\.11"):
        start(model, [12])
    with pytest.raises(ValueError, match=r"outside 0\.\.11"):
        start(model).take(-1)
    # a ValueError, or what the shape checker of the tests makes of it
    with pytest.raises(Exception, match="overflow"):
        start(model, overflow="wrap")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cannot keep 3 of 1"):
        start(model, [1]).rewind(3)
    no_start = GPT(GPTConfig(VOCAB, d_model=16, heads=2, layers=1, start_token=False))
    with pytest.raises(ValueError, match="context is empty"):
        start(no_start)
    with pytest.raises(TypeError, match="next_probs"):
        DecodingSession(type("Stone", (), {"vocab_size": 3})())


def test_a_model_without_a_distribution_is_named():
    from companion.models.ngram import NGramModel

    model = NGramModel.fit(
        [np.array([0, 1, 2])], order=2, vocab_size=4, smoothing="mle"
    )
    with pytest.raises(ValueError, match="no distribution"):
        start(model, [3]).logits  # noqa: B018
