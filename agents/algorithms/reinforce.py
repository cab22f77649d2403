"""REINFORCE with a learned baseline (Williams, 1992): one pass over each batch, weights G'_t - b(s_t).

G' is the discounted return of the shaped reward r'; the baseline estimates it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from ..critics import TrainedCritic
from ..policy import ActionScores, Policy
from ..trajectory import Batch
from .advantages import discounted_returns, standardized
from .base import AlgorithmConfig, Learner, Metrics, tensor_rows


@dataclass(frozen=True, kw_only=True)
class ReinforceConfig(AlgorithmConfig):
    """Defaults tuned for ``CandidatePolicy``."""

    gamma: float = 0.99
    learning_rate: float = 2e-3
    entropy_weight: float = 0.003
    """In reward units per nat."""
    baseline_learning_rate: float = 2e-3
    baseline_epochs: int = 4
    """Passes of the baseline over each batch."""


def policy_gradient_loss(logprobs: Tensor, advantages: Tensor) -> Tensor:
    """-mean(A * log pi) over B actions; ``logprobs`` (B,) in nats, ``advantages`` (B,) constants."""
    return -(advantages.detach() * logprobs).mean()


class Reinforce(Learner):
    """See the module's docstring."""

    def __init__(self, policy: Policy, config: ReinforceConfig, *, seed: int) -> None:
        super().__init__(policy, config, seed=seed)
        self.config = config
        self.baseline = TrainedCritic(policy, "return", learning_rate=config.baseline_learning_rate, seed=seed)
        self._parts |= {"baseline": self.baseline}

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        config = self.config
        returns = discounted_returns(batch.rewards, batch.last, config.gamma)
        advantages = standardized(returns - self.baseline(batch.states))
        entropies = []

        def loss_of(scores: ActionScores, rows: np.ndarray) -> Tensor:
            logprobs = scores.action_logprobs  # (B,)
            entropy = scores.entropy.mean()
            entropies.append(entropy.item())
            weights = tensor_rows(advantages, rows, like=logprobs)  # (B,)
            return policy_gradient_loss(logprobs, weights) - config.entropy_weight * entropy

        loss = self._fit_policy(batch, loss_of)
        baseline_loss = self.baseline.fit(batch.states, returns, self._random, epochs=config.baseline_epochs)
        return {"policy_loss": loss, "baseline_loss": baseline_loss, "entropy": float(np.mean(entropies))}
