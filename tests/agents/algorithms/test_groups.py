"""RLOO and GRPO against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from webarena_gym.agents.algorithms.grpo import GRPOConfig, group_advantages, grpo_policy_loss
from webarena_gym.agents.algorithms.rloo import RLOOConfig, groups_of, leave_one_out_advantages

from tests.agents.episodes import episode


def test_a_group_is_the_same_task_from_the_same_seed():
    episodes = [episode([1.0]), episode([1.0], env_seed=1), episode([0.0]), episode([1.0], task_id="u")]
    assert groups_of(episodes) == [[0, 2], [1], [3]]


def test_leaving_one_out_compares_with_the_mean_of_the_others():
    # 1.3 - (0 + 0.3) / 2 = 1.15; 0 - (1.3 + 0.3) / 2 = -0.8; 0.3 - (1.3 + 0) / 2 = -0.35
    advantages = leave_one_out_advantages(np.array([1.3, 0.0, 0.3]), [[0, 1, 2]])
    np.testing.assert_allclose(advantages, [1.15, -0.8, -0.35])


def test_group_advantages_have_mean_zero_and_deviation_one():
    # Mean 0.5, deviation sqrt((0.25 + 0.25 + 0 + 0) / 4) = sqrt(0.125): +-0.5 / 0.35355 = +-1.41421
    advantages = group_advantages(np.array([1.0, 0.0, 0.5, 0.5]), [[0, 1, 2, 3]])
    np.testing.assert_allclose(advantages, [math.sqrt(2), -math.sqrt(2), 0, 0])


def test_a_group_that_agrees_teaches_nothing():
    assert group_advantages(np.array([1.0, 1.0]), [[0, 1]]).tolist() == [0.0, 0.0]
    assert leave_one_out_advantages(np.array([1.0, 1.0]), [[0, 1]]).tolist() == [0.0, 0.0]


def test_the_loss_is_the_clipped_gain_less_the_divergence():
    # pi / old = 2, clipped to 1.2: 1.2 * 1. pi / ref = 2: 1/2 - log(1/2) - 1 = 0.193147. -(1.2 - 0.5 * 0.193147) = -1.103426
    loss = grpo_policy_loss(
        torch.tensor([math.log(2.0)]),
        torch.zeros(1),
        torch.zeros(1),
        torch.ones(1),
        clip=0.2,
        divergence_weight=0.5,
    )
    assert loss.item() == pytest.approx(-1.2 + 0.5 * (0.5 + math.log(2) - 1))


@pytest.mark.parametrize("config", [RLOOConfig, GRPOConfig])
def test_a_group_of_one_is_refused(config):
    with pytest.raises(ValueError, match="group_size"):
        config(group_size=1)
