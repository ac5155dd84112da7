"""The span reader: the best span against all pairs, the loss against cross_entropy, and that it learns."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from companion.models.span_reader import (
    Batch,
    Reading,
    SpanReader,
    SpanReaderConfig,
    best_span,
    span_loss,
)


def drawn(seed: int, passages: int, tokens: int) -> tuple[Reading, torch.Tensor]:
    scores = torch.randn(
        1 + passages * tokens, 2, generator=torch.Generator().manual_seed(seed)
    )
    both = scores.double().log_softmax(0)
    start, end = both[1:].view(passages, tokens, 2).unbind(2)
    return Reading(start, end, both[0, 0], both[0, 1]), both


def batch(seed: int = 0, owner: tuple[int, ...] = (2, 3), tokens: int = 7) -> Batch:
    draw = torch.Generator().manual_seed(seed)
    n = sum(owner)
    mask = torch.arange(tokens)[None] < torch.tensor([7, 3, 5, 1, 6, 4, 2])[:n, None]
    kinds = (torch.rand(n, 3, generator=draw) < 0.5).float()
    return Batch(
        torch.randn(n, tokens, 4, generator=draw),
        mask,
        kinds,
        torch.randn(len(owner), 2, generator=draw),
        owner,
    )


@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 9), st.integers(1, 12))
def test_the_best_span_is_the_best_of_all_pairs(seed, passages, tokens, longest):
    reading, _ = drawn(seed, passages, tokens)
    pairs = [
        (p, i, j)
        for p in range(passages)
        for i in range(tokens)
        for j in range(i, min(tokens, i + longest))
    ]
    want = max(pairs, key=lambda t: float(reading.start[t[0], t[1]] + reading.end[t[0], t[2]]))  # fmt: skip
    assert tuple(best_span(reading, longest)[:3]) == want


def test_with_one_right_span_the_loss_is_cross_entropy():
    reading, both = drawn(1, 3, 5)
    starts, ends = torch.zeros(3, 5, dtype=torch.bool), torch.zeros(3, 5, dtype=torch.bool)  # fmt: skip
    starts[1, 2], ends[1, 4] = True, True
    wanted = torch.tensor([1 + 5 + 2, 1 + 5 + 4])
    want = torch.nn.functional.cross_entropy(both.T, wanted)
    torch.testing.assert_close(span_loss(reading, starts, ends), want)
    nothing = torch.zeros_like(starts)
    assert span_loss(reading, nothing, nothing) == -(both[0, 0] + both[0, 1]) / 2


def test_a_second_right_place_lowers_the_loss():
    reading, _ = drawn(2, 2, 5)
    mark = torch.zeros(2, 5, dtype=torch.bool)
    mark[0, 1] = True
    more = mark.clone()
    more[1, 3] = True
    assert span_loss(reading, more, more) < span_loss(reading, mark, mark)


@pytest.mark.parametrize("hidden", [0, 6])
def test_all_places_of_a_question_sum_to_one_and_padding_has_none(hidden):
    torch.manual_seed(0)
    reader, item = SpanReader(SpanReaderConfig(4, 3, 2, hidden)).eval(), batch()
    for reading, mask in zip(reader(item), item.mask.split(item.owner), strict=True):
        for part, null in ((reading.start, reading.null_start), (reading.end, reading.null_end)):  # fmt: skip
            assert float((part.exp().sum() + null.exp()).detach()) == pytest.approx(1)
            assert (part.exp()[~mask] == 0).all()


@pytest.mark.parametrize("hidden", [0, 6])
def test_what_stands_at_the_padding_changes_nothing(hidden):
    torch.manual_seed(0)
    reader, item = SpanReader(SpanReaderConfig(4, 3, 2, hidden)).eval(), batch()
    with torch.no_grad():
        reader.weight.normal_()
    other = item.features.clone()
    other[~item.mask] = 50.0
    for a, b in zip(reader(item), reader(item._replace(features=other)), strict=True):
        torch.testing.assert_close(a.start, b.start)


def test_a_linear_reader_adds_the_weights_of_the_question_s_kinds():
    torch.manual_seed(0)
    reader, item = SpanReader(SpanReaderConfig(4, 3, 2, 0)), batch()
    with torch.no_grad():
        reader.weight.normal_()
    weight = reader.weight[0] + (item.kinds[0][:, None, None] * reader.weight[1:]).sum(
        0
    )
    scores = item.features[0] @ weight
    start = reader(item)[0].start[0]
    # Two tokens of one passage differ as their scores do.
    torch.testing.assert_close(start[3] - start[1], scores[3, 0] - scores[1, 0])


@pytest.mark.parametrize("hidden", [0, 8])
def test_it_learns_where_a_flag_stands_and_that_without_one_there_is_no_answer(hidden):
    torch.manual_seed(0)
    item = batch(3, (2, 3, 2))
    features = item.features.clone()
    features[..., 0] = 0
    features[1, 2, 0] = features[4, 1, 0] = 1
    starts = torch.zeros_like(item.mask)
    starts[1, 2] = starts[4, 1] = True
    null = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    item = item._replace(features=features, null=null)
    reader = SpanReader(SpanReaderConfig(4, 3, 2, hidden, dropout=0.0))
    optimizer = torch.optim.Adam(reader.parameters(), lr=0.05)
    for _ in range(200):
        marks = starts.split(item.owner)
        loss = torch.stack([span_loss(r, m, m) for r, m in zip(reader(item), marks, strict=True)]).mean()  # fmt: skip
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    first, second, none = reader(item)
    assert tuple(best_span(first)[:3]) == (1, 2, 2)
    assert tuple(best_span(second)[:3]) == (2, 1, 1)
    assert float(none.null_start.exp().detach()) > 0.8


@pytest.mark.parametrize(
    ("change", "says"),
    [({"features": 0}, "at least 1"), ({"width": 4}, "odd"), ({"hidden": -1}, "at least 0")],
)  # fmt: skip
def test_a_wrong_shape_says_what_is_right(change, says):
    with pytest.raises(ValueError, match=says):
        SpanReaderConfig(**{"features": 4, "kinds": 3, "null_features": 2, **change})


def test_passages_that_do_not_fit_and_a_bad_length_are_refused():
    reader, item = SpanReader(SpanReaderConfig(4, 3, 2)), batch()
    with pytest.raises(ValueError, match="do not fit"):
        reader(item._replace(owner=(2, 2)))
    with pytest.raises(ValueError, match="max_length"):
        best_span(drawn(0, 1, 3)[0], 0)
