"""Returns and advantages against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from webarena_gym.agents.algorithms.advantages import (
    discounted_returns,
    doubly_robust_advantages,
    generalized_advantages,
    standardized,
    temporal_differences,
)

# Two episodes: one of two steps that terminates, one of one step that is truncated.
REWARDS = np.array([0.0, 1.0, 0.5])
VALUES = np.array([0.4, 0.6, 0.2])
NEXT_VALUES = np.array([0.6, 0.7, 0.8])
TERMINATED = np.array([False, True, False])
LAST = np.array([False, True, True])


def test_returns_discount_later_rewards_and_stop_at_the_end_of_the_episode():
    # G_0 = 0 + 0.9 * 1; G_1 = 1; the next episode: 0.5
    np.testing.assert_allclose(discounted_returns(REWARDS, LAST, gamma=0.9), [0.9, 1.0, 0.5])


def test_the_value_after_a_terminated_step_is_zero_and_after_a_truncated_one_counts():
    # 0 + 0.9 * 0.6 - 0.4 = 0.14; 1 - 0.6 = 0.4; 0.5 + 0.9 * 0.8 - 0.2 = 1.02
    differences = temporal_differences(REWARDS, VALUES, NEXT_VALUES, TERMINATED, gamma=0.9)
    np.testing.assert_allclose(differences, [0.14, 0.4, 1.02])


def test_generalized_advantages_add_up_discounted_differences():
    # gamma * lambda = 0.9 * 0.5 = 0.45: 0.14 + 0.45 * 0.4 = 0.32; 0.4; 1.02
    advantages = generalized_advantages(REWARDS, VALUES, NEXT_VALUES, TERMINATED, LAST, gamma=0.9, lambda_=0.5)
    np.testing.assert_allclose(advantages, [0.32, 0.4, 1.02])


@pytest.mark.parametrize(("lambda_", "what"), [(1.0, "return"), (0.0, "difference")])
def test_generalized_advantages_at_the_ends_of_lambda(lambda_, what):
    advantages = generalized_advantages(
        REWARDS[:2], VALUES[:2], NEXT_VALUES[:2], TERMINATED[:2], LAST[:2], gamma=1.0, lambda_=lambda_
    )
    # lambda 1: G - V = 1 - 0.4, 1 - 0.6; lambda 0: 0.6 - 0.4, 1 - 0.6
    np.testing.assert_allclose(advantages, [0.6, 0.4] if what == "return" else [0.2, 0.4])


def test_the_doubly_robust_advantage_mixes_shaped_difference_and_own_return():
    # r' = 0.1, then 1.05, then 0.5; G of the task's own r (gamma 0.9) = 0.9, 1, 0.5; lambda 0.5, gamma 0.9:
    # 0.5 * (0.1 + 0.54 - 0.4) + 0.5 * (0.9 - 0.4) = 0.5 * 0.24 + 0.5 * 0.5 = 0.37
    # 0.5 * (1.05 - 0.6) + 0.5 * (1 - 0.6) = 0.225 + 0.2 = 0.425
    # 0.5 * (0.5 + 0.72 - 0.2) + 0.5 * (0.5 - 0.2) = 0.51 + 0.15 = 0.66
    shaped = np.array([0.1, 1.05, 0.5])
    returns = discounted_returns(REWARDS, LAST, gamma=0.9)
    advantages = doubly_robust_advantages(shaped, returns, VALUES, NEXT_VALUES, TERMINATED, gamma=0.9, lambda_=0.5)
    np.testing.assert_allclose(advantages, [0.37, 0.425, 0.66])


def test_shaping_enters_the_temporal_difference_and_never_the_return():
    plain, shaped = REWARDS, REWARDS + 1.0
    returns = discounted_returns(REWARDS, LAST, gamma=1.0)
    arguments = (returns, VALUES, NEXT_VALUES, TERMINATED)
    only_return = [doubly_robust_advantages(r, *arguments, gamma=1.0, lambda_=0.0) for r in (plain, shaped)]
    only_difference = [doubly_robust_advantages(r, *arguments, gamma=1.0, lambda_=1.0) for r in (plain, shaped)]
    np.testing.assert_allclose(only_return[0], only_return[1])
    np.testing.assert_allclose(only_difference[1] - only_difference[0], 1.0)


def test_standardized_advantages_have_mean_zero_and_deviation_one():
    np.testing.assert_allclose(standardized(np.array([1.0, 3.0])), [-1, 1])


def test_advantages_that_are_noise_stay_small():
    # Deviation 0.003 is below the floor of 0.3: -0.003 / 0.3 and 0.003 / 0.3.
    np.testing.assert_allclose(standardized(np.array([0.003, 0.009])), [-0.01, 0.01])
    assert standardized(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]
