"""BC, filtered BC, AWR and DigiRL against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from webarena_gym.agents.algorithms.awr import AWRConfig, awr_policy_loss
from webarena_gym.agents.algorithms.bc import cloning_loss
from webarena_gym.agents.algorithms.digirl import DigiRLConfig, best_episodes, step_advantages
from webarena_gym.agents.algorithms.filtered_bc import FilteredBCConfig, went_well
from webarena_gym.agents.policy import ActionScores
from webarena_gym.agents.trajectory import Batch

from tests.agents.episodes import episode


def test_cloning_averages_over_the_actions_that_the_policy_can_take():
    # Two tokens of -1 and -0.5, then one of -2, then an action that it cannot take: (1.5 + 2) / 2 = 1.75
    logprobs = torch.tensor([[-1.0, -0.5], [-2.0, -math.inf], [-9.0, -9.0]])
    mask = torch.tensor([[True, True], [True, False], [False, False]])
    assert cloning_loss(ActionScores(logprobs, mask, torch.zeros(3))).item() == pytest.approx(1.75)


def test_cloning_nothing_costs_nothing():
    scores = ActionScores(torch.zeros(1, 1), torch.zeros(1, 1, dtype=torch.bool), torch.zeros(1))
    assert cloning_loss(scores).item() == 0.0


def test_filtered_cloning_keeps_successes():
    episodes = [episode([1.0]), episode([0.0], success=False)]
    assert went_well(episodes, FilteredBCConfig()) == episodes[:1]


def test_filtered_cloning_of_the_top_keeps_the_best_returns_of_shaped_reward():
    # Returns 0, 0.1, 0.2, 1.3; the 70th percentile lies between 0.2 and 1.3, at position 0.7 * 3 = 2.1: 0.2 + 0.1 * 1.1 = 0.31
    episodes = [episode([r], shaping=[s], success=r > 0) for r, s in [(0, 0), (0, 0.1), (0, 0.2), (1, 0.3)]]
    assert went_well(episodes, FilteredBCConfig(keep="top")) == episodes[3:]


def test_among_equal_returns_nobody_is_the_best():
    assert went_well([episode([0.0], success=False)] * 3, FilteredBCConfig(keep="top")) == []


def test_awr_weighs_log_likelihood_by_exponential_advantage():
    # Weights exp(0.1 / 0.1) = e and exp(0) = 1; the second action's padding is -inf: -(e * -2 + 1 * -1) / 2
    logprobs = torch.tensor([[-0.5, -1.5], [-1.0, -math.inf]])
    mask = torch.tensor([[True, True], [True, False]])
    loss = awr_policy_loss(logprobs, torch.tensor([0.1, 0.0]), mask, temperature=0.1, max_weight=20.0)
    assert loss.item() == pytest.approx((2 * math.e + 1) / 2)


def test_awr_caps_the_weight():
    # exp(10 / 0.1) would be astronomic; capped at 20: 20 * 1
    loss = awr_policy_loss(
        torch.tensor([[-1.0]]), torch.tensor([10.0]), torch.tensor([[True]]), temperature=0.1, max_weight=20.0
    )
    assert loss.item() == pytest.approx(20.0)


def test_awr_refuses_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match=r"want logprobs and action_mask \(B, T\)"):
        awr_policy_loss(
            torch.zeros(2), torch.zeros(2), torch.zeros(2, dtype=torch.bool), temperature=1.0, max_weight=1.0
        )


def test_digirl_trusts_the_outcome_near_the_end_and_the_value_function_far_from_it():
    # H = 3, lambda 0.5, outcome 1. Trust: 0.5^2, 0.5^1, 0.5^0.
    # t=0: 0.25 * 1 + 0.75 * (0.5 - 0.2) = 0.475; t=1: 0.5 * 1 + 0.5 * (0.9 - 0.5) = 0.7; t=2: 1
    batch = Batch.of([episode([0.0, 0.0, 1.0])])
    advantages = step_advantages(batch, np.array([0.2, 0.5, 0.9]), np.array([0.5, 0.9, 0.4]), lambda_=0.5)
    np.testing.assert_allclose(advantages, [0.475, 0.7, 1.0])


def test_shaped_reward_enters_no_advantage_of_digirl():
    values = np.array([0.2, 0.5])
    plain, shaped = (Batch.of([episode([0.0, 1.0], shaping=s)]) for s in (None, [0.3, 0.3]))
    one, two = (step_advantages(batch, values, values, lambda_=0.5) for batch in (plain, shaped))
    np.testing.assert_array_equal(one, two)


def test_digirl_keeps_the_episodes_that_did_best_against_expectation():
    # Surplus: 1 - 0.9 = 0.1, 1 - 0.2 = 0.8, 0 - 0.1 = -0.1, 0 - 0.6 = -0.6; the best quarter is the second alone.
    outcomes, expected = np.array([1.0, 1.0, 0.0, 0.0]), np.array([0.9, 0.2, 0.1, 0.6])
    assert best_episodes(outcomes, expected, keep_share=0.25).tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        (AWRConfig, {"temperature": 0.0}),
        (FilteredBCConfig, {"percentile": 101.0}),
        (DigiRLConfig, {"keep_share": 0.0}),
    ],
)
def test_settings_out_of_range_are_refused(config, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        config(**wrong)
