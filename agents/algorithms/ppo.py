"""Proximal policy optimization with clipping (Schulman et al., 2017, arXiv:1707.06347), over whole episodes.

The critic estimates the discounted return of the shaped reward r', as the policy is trained on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..policy import Policy
from ..trajectory import Batch
from .advantages import generalized_advantages, standardized
from .base import AlgorithmConfig, Metrics, gradient_step, in_chunks, minibatches


@dataclass(frozen=True, kw_only=True)
class PPOConfig(AlgorithmConfig):
    """Defaults tuned for ``CandidatePolicy``."""

    gamma: float = 0.99
    epochs: int = 4
    """Passes over each batch."""
    clip: float = 0.2
    """How far the probability of an action may move in one update, as a ratio's distance from 1."""
    gae_lambda: float = 0.95
    entropy_weight: float = 0.01
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


class PPO:
    """See the module's docstring."""

    def __init__(self, policy: Policy, config: PPOConfig, *, seed: int) -> None:
        self.policy, self.config = policy, config
        self.critic = policy.new_critic(seed)
        self._random = np.random.default_rng(seed)
        self._optimizer = torch.optim.Adam(policy.parameters(), lr=config.learning_rate)
        self._critic_optimizer = torch.optim.Adam(self.critic.parameters(), lr=config.critic_learning_rate)

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        config = self.config
        values = in_chunks(self.critic, batch.states)
        advantages = generalized_advantages(
            batch.rewards,
            values,
            in_chunks(self.critic, batch.next_states),
            batch.terminated,
            batch.last,
            gamma=config.gamma,
            lambda_=config.gae_lambda,
        )
        targets = torch.as_tensor(advantages + values, dtype=torch.float32)  # (B,)
        weights = torch.as_tensor(standardized(advantages), dtype=torch.float32)  # (B,)
        old = torch.as_tensor(batch.logprobs, dtype=torch.float32)  # (B,)
        sums = np.zeros(4)
        steps = 0
        for _ in range(config.epochs):
            for rows in minibatches(batch.size, config.minibatch, self._random):
                sums += self._step(batch, rows, weights[rows], old[rows], targets[rows])
                steps += 1
        policy_loss, critic_loss, entropy, divergence = (sums / steps).tolist()
        return {
            "policy_loss": policy_loss,
            "critic_loss": critic_loss,
            "entropy": entropy,
            "kl": divergence,
            "explained_variance": _explained_variance(values, advantages + values),
        }

    def _step(self, batch: Batch, rows: np.ndarray, advantages: Tensor, old: Tensor, targets: Tensor) -> np.ndarray:
        states = [batch.states[row] for row in rows]
        scores = self.policy.score(states, [batch.actions[row] for row in rows])
        logprobs = torch.where(scores.known, scores.action_logprobs, old)  # an action it cannot take teaches nothing
        policy_loss = ppo_policy_loss(logprobs, old, advantages, clip=self.config.clip)
        entropy = scores.entropy.mean()
        loss = policy_loss - self.config.entropy_weight * entropy
        gradient_step(self._optimizer, self.policy.parameters(), loss, self.config.max_grad_norm)
        critic_loss = torch.nn.functional.mse_loss(self.critic(states), targets)
        gradient_step(self._critic_optimizer, self.critic.parameters(), critic_loss, self.config.max_grad_norm)
        divergence = (old - logprobs.detach()).mean()
        return np.array([policy_loss.item(), critic_loss.item(), entropy.item(), divergence.item()])

    def state_dict(self) -> dict[str, Any]:
        return {
            "critic": self.critic.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "critic_optimizer": self._critic_optimizer.state_dict(),
            "random": self._random.bit_generator.state,
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        self.critic.load_state_dict(state_dict["critic"])
        self._optimizer.load_state_dict(state_dict["optimizer"])
        self._critic_optimizer.load_state_dict(state_dict["critic_optimizer"])
        self._random.bit_generator.state = state_dict["random"]


def _explained_variance(values: np.ndarray, targets: np.ndarray) -> float:
    """1 for a perfect critic, 0 for one no better than a constant."""
    spread = targets.var()
    return float(1.0 - (targets - values).var() / spread) if spread > 0 else 0.0
