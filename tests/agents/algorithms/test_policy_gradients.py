"""Losses of REINFORCE and PPO against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch
from webarena_gym.agents.algorithms.ppo import PPOConfig, ppo_policy_loss
from webarena_gym.agents.algorithms.reinforce import policy_gradient_loss


def test_the_policy_gradient_loss_weighs_log_probabilities_by_advantages():
    # -(2 * -1 + -1 * -3) / 2 = -0.5
    loss = policy_gradient_loss(torch.tensor([-1.0, -3.0]), torch.tensor([2.0, -1.0]))
    assert loss.item() == pytest.approx(-0.5)


def test_advantages_are_constants():
    advantages = torch.tensor([1.0], requires_grad=True)
    policy_gradient_loss(torch.tensor([-1.0], requires_grad=True), advantages).backward()
    assert advantages.grad is None


def test_ppo_takes_the_smaller_of_plain_and_clipped_gain():
    # Ratios 2 and 0.5, advantages 1 and -1, clip 0.2: min(2, 1.2) = 1.2; min(-0.5, -0.8) = -0.8; -(1.2 - 0.8) / 2 = -0.2
    logprobs = torch.tensor([math.log(2.0), math.log(0.5)])
    loss = ppo_policy_loss(logprobs, torch.zeros(2), torch.tensor([1.0, -1.0]), clip=0.2)
    assert loss.item() == pytest.approx(-0.2)


def test_ppo_has_no_gradient_beyond_the_clip():
    logprobs = torch.tensor([math.log(2.0), 0.0], requires_grad=True)
    ppo_policy_loss(logprobs, torch.zeros(2), torch.tensor([1.0, 1.0]), clip=0.2).backward()
    # The second's ratio is 1: the gradient of -ratio * A / 2 is -0.5.
    assert logprobs.grad.tolist() == [0.0, -0.5]


@pytest.mark.parametrize(
    "wrong", [{"gamma": 0.0}, {"gamma": 1.1}, {"clip": 0.0}, {"gae_lambda": 2.0}, {"epochs": 0}, {"minibatch": 0}]
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        PPOConfig(**wrong)
