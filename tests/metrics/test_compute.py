"""Cost by formula: equal to what torch counts."""

from typing import Any

import pytest
import torch

from companion.metrics.compute import (
    Roofline,
    count_bytes,
    count_flops,
    flops_per_token,
    matrix_parameters,
    measure_roofline,
    parameter_count,
    seconds_per_call,
    training_memory,
)
from companion.models.gpt import GPT, GPTConfig

CONFIGS: list[GPTConfig] = [
    GPTConfig(50, 32, layers=2, d_model=32, heads=4),
    GPTConfig(7, 16, layers=3, d_model=24, heads=3, tied=False, d_ff=40),
    GPTConfig(50, 32, layers=2, d_model=32, heads=4, bias=False, positions="rope"),
    GPTConfig(50, 32, layers=1, d_model=32, activation="relu", start_token=False),
    GPTConfig(50, 32, layers=2, d_model=32, norm="rmsnorm", activation="swiglu"),
    GPTConfig.llama(50, context=32, d_model=32, layers=2, kv_heads=2),
    GPTConfig.gpt2(50, context=32, d_model=48, layers=2, heads=6),
]


@pytest.mark.parametrize("config", CONFIGS, ids=repr)
def test_parameters(config: GPTConfig) -> None:
    model = GPT(config)
    assert parameter_count(config) == sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("config", CONFIGS, ids=repr)
def test_flops_equal_the_counter(config: GPTConfig, backward: bool) -> None:
    model = GPT(config)
    tokens = torch.randint(config.vocab_size, (2, 13))

    def run() -> Any:
        loss = model.loss(tokens)
        return loss.backward() if backward else loss

    assert count_flops(run) == 2 * 12 * flops_per_token(config, 12, backward)


def test_gpt2_has_124_million_parameters_and_the_rule_of_six_nearly_holds() -> None:
    config = GPTConfig.gpt2(
        50257, context=1024, layers=12, d_model=768, heads=12, start_token=False
    )
    assert parameter_count(config) == 124_439_808
    ratio = flops_per_token(config, 1024) / (6 * matrix_parameters(config))
    assert 1.1 < ratio < 1.2


def test_shards_share_all_but_activations() -> None:
    config = CONFIGS[0]
    one, four = (training_memory(config, 8, 32, shards=n) for n in (1, 4))
    assert one.weights == 4 * parameter_count(config)
    assert one.optimizer == 2 * one.weights
    assert four.activations == one.activations
    assert four.total - four.activations == (one.total - one.activations) // 4


def test_roofline() -> None:
    roof = Roofline(peak=100.0, bandwidth=20.0)
    assert roof.ridge == 5
    assert [roof.attainable(x) for x in (1.0, 5.0, 50.0)] == [20, 100, 100]


def test_a_machine_is_measured() -> None:
    roof = measure_roofline(torch.device("cpu"), 256, 2**16, seconds=0.02)
    assert roof.peak > 1e9
    assert roof.bandwidth > 1e8


def test_time_grows_with_the_work() -> None:
    x, device = torch.randn(256, 256), torch.device("cpu")
    once = seconds_per_call(lambda: x @ x, device, 0.05)
    often = seconds_per_call(lambda: [x @ x for _ in range(20)], device, 0.05)
    assert often > 5 * once


def test_bytes_of_a_product_are_those_of_its_three_matrices() -> None:
    a, b = torch.zeros(3, 5), torch.zeros(5, 7)
    assert count_bytes(lambda: a @ b) == 4 * (15 + 35 + 21)
    assert count_bytes(lambda: a.T.reshape(1, 5, 3)[0]) == 0


def test_a_token_alone_moves_all_weights_for_two_operations_each() -> None:
    model = GPT(CONFIGS[0]).eval()
    tokens = torch.zeros(1, 1, dtype=torch.long)
    with torch.no_grad():
        moved = count_bytes(lambda: model(tokens))
    assert moved > 4 * matrix_parameters(CONFIGS[0])
