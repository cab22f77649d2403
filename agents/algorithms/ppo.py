"""Proximal policy optimization with clipping (Schulman et al., 2017, arXiv:1707.06347), over whole episodes.

The critic estimates the discounted return of the shaped reward r', as the policy is trained on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..critics import TrainedCritic
from ..policy import ActionScores, Policy
from ..trajectory import Batch
from .advantages import generalized_advantages, standardized
from .base import AlgorithmConfig, Learner, Metrics, tensor_rows


@dataclass(frozen=True, kw_only=True)
class PPOConfig(AlgorithmConfig):
    """Defaults tuned for ``CandidatePolicy``."""

    gamma: float = 0.99
    epochs: int = 4
    """Passes over each batch."""
    clip: float = 0.2
    """How far the probability of an action may move in one update, as a ratio's distance from 1."""
    gae_lambda: float = 0.95
    entropy_weight: float = 0.003
    """In reward units per nat."""
    critic_learning_rate: float = 2e-3

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.epochs < 1 or self.clip <= 0 or not 0 <= self.gae_lambda <= 1 or self.entropy_weight < 0:
            raise ValueError(
                f"want epochs of 1 or more, a positive clip, gae_lambda in 0 to 1, entropy_weight >= 0, got {self}"
            )


def ppo_policy_loss(logprobs: Tensor, old_logprobs: Tensor, advantages: Tensor, *, clip: float) -> Tensor:
    """The clipped surrogate, to minimise (equation 7). All (B,), log-probabilities in nats, advantages constants."""
    ratio = torch.exp(logprobs - old_logprobs)  # (B,)
    clipped = ratio.clamp(1.0 - clip, 1.0 + clip)
    return -torch.minimum(ratio * advantages, clipped * advantages).mean()


class PPO(Learner):
    """See the module's docstring."""

    def __init__(self, policy: Policy, config: PPOConfig, *, seed: int) -> None:
        super().__init__(policy, config, seed=seed)
        self.config = config
        self.critic = TrainedCritic(policy, "return", learning_rate=config.critic_learning_rate, seed=seed)
        self._parts |= {"critic": self.critic}

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        config = self.config
        values, next_values = self.critic(batch.states), self.critic(batch.next_states)
        advantages = generalized_advantages(
            batch.rewards,
            values,
            next_values,
            batch.terminated,
            batch.last,
            gamma=config.gamma,
            lambda_=config.gae_lambda,
        )
        targets, weights = advantages + values, standardized(advantages)
        sums = np.zeros(3)

        def loss_of(scores: ActionScores, rows: np.ndarray) -> Tensor:
            old = tensor_rows(batch.logprobs, rows, like=scores.logprobs)  # (B,)
            logprobs = torch.where(scores.known, scores.action_logprobs, old)  # what it cannot take teaches nothing
            loss = ppo_policy_loss(logprobs, old, tensor_rows(weights, rows, like=logprobs), clip=config.clip)
            entropy = scores.entropy.mean()
            sums[:] += 1.0, entropy.item(), (old - logprobs).mean().item()
            return loss - config.entropy_weight * entropy

        loss = self._fit_policy(batch, loss_of, epochs=config.epochs)
        critic_loss = self.critic.fit(batch.states, targets, self._random, epochs=config.epochs)
        return {
            "policy_loss": loss,
            "critic_loss": critic_loss,
            "entropy": float(sums[1] / sums[0]),
            "kl": float(sums[2] / sums[0]),
            "explained_variance": _explained_variance(values, targets),
        }


def _explained_variance(values: np.ndarray, targets: np.ndarray) -> float:
    """1 for a perfect critic, 0 for one no better than a constant."""
    spread = targets.var()
    return float(1.0 - (targets - values).var() / spread) if spread > 0 else 0.0
