"""REINFORCE with a learned baseline (Williams, 1992): one gradient step per minibatch, weights G'_t - b(s_t).

G' is the discounted return of the shaped reward r'; the baseline estimates it.
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
from .advantages import discounted_returns, standardized
from .base import AlgorithmConfig, Metrics, fit_critic, gradient_step, in_chunks, minibatches


@dataclass(frozen=True, kw_only=True)
class ReinforceConfig(AlgorithmConfig):
    """Defaults tuned for ``CandidatePolicy``."""

    gamma: float = 0.99
    learning_rate: float = 2e-3
    entropy_weight: float = 0.01
    baseline_learning_rate: float = 2e-3
    baseline_epochs: int = 4


def policy_gradient_loss(logprobs: Tensor, advantages: Tensor) -> Tensor:
    """-mean(A * log pi) over B actions; ``logprobs`` (B,) in nats, ``advantages`` (B,) constants."""
    return -(advantages.detach() * logprobs).mean()


class Reinforce:
    """See the module's docstring."""

    def __init__(self, policy: Policy, config: ReinforceConfig, *, seed: int) -> None:
        self.policy, self.config = policy, config
        self.baseline = policy.new_critic(seed)
        self._random = np.random.default_rng(seed)
        self._optimizer = torch.optim.Adam(policy.parameters(), lr=config.learning_rate)
        self._baseline_optimizer = torch.optim.Adam(self.baseline.parameters(), lr=config.baseline_learning_rate)

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        config = self.config
        returns = discounted_returns(batch.rewards, batch.last, config.gamma)
        advantages = standardized(returns - in_chunks(self.baseline, batch.states))
        weights = torch.as_tensor(advantages, dtype=torch.float32)  # (B,)
        losses, entropies = [], []
        for rows in minibatches(batch.size, config.minibatch, self._random):
            scores = self.policy.score([batch.states[row] for row in rows], [batch.actions[row] for row in rows])
            loss = policy_gradient_loss(scores.action_logprobs, weights[rows])
            entropy = scores.entropy.mean()
            gradient_step(
                self._optimizer, self.policy.parameters(), loss - config.entropy_weight * entropy, config.max_grad_norm
            )
            losses.append(loss.item())
            entropies.append(entropy.item())
        baseline_loss = fit_critic(
            self.baseline,
            self._baseline_optimizer,
            batch.states,
            returns,
            torch.nn.functional.mse_loss,
            epochs=config.baseline_epochs,
            minibatch=config.minibatch,
            max_grad_norm=config.max_grad_norm,
            random=self._random,
        )
        return {
            "policy_loss": float(np.mean(losses)),
            "entropy": float(np.mean(entropies)),
            "baseline_loss": baseline_loss,
        }

    def state_dict(self) -> dict[str, Any]:
        return {
            "baseline": self.baseline.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "baseline_optimizer": self._baseline_optimizer.state_dict(),
            "random": self._random.bit_generator.state,
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        self.baseline.load_state_dict(state_dict["baseline"])
        self._optimizer.load_state_dict(state_dict["optimizer"])
        self._baseline_optimizer.load_state_dict(state_dict["baseline_optimizer"])
        self._random.bit_generator.state = state_dict["random"]
