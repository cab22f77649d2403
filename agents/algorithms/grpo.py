"""Group relative policy optimization (Shao et al., 2024, arXiv:2402.03300), with one outcome per episode.

The advantage of every action of an episode is its return of r', standardized within the group of episodes of its task;
the surrogate is PPO's, token by token, and an estimate of the divergence from a reference policy (the one before this
update) is subtracted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..policy import ActionScores, Policy
from ..trajectory import Batch
from .base import AlgorithmConfig, Learner, Metrics, action_logprobs, tensor_rows
from .rloo import groups_of


@dataclass(frozen=True, kw_only=True)
class GRPOConfig(AlgorithmConfig):
    """Defaults tuned for ``CandidatePolicy``."""

    episodes_per_update: int = 32
    group_size: int = 8
    epochs: int = 4
    clip: float = 0.2
    divergence_weight: float = 0.01
    """Of the estimate of KL(pi || pi_ref), in reward units per nat."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.group_size < 2 or self.clip <= 0 or self.divergence_weight < 0:
            raise ValueError(f"want a group_size of 2 or more, a positive clip, divergence_weight >= 0, got {self}")


def group_advantages(returns: np.ndarray, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """(E,) (R_i - mean) / standard deviation within each group; 0 where all are equal.

    >>> group_advantages(np.array([1.0, 0.0, 3.0, 3.0]), [[0, 1], [2, 3]]).tolist()  # mean 0.5, deviation 0.5
    [1.0, -1.0, 0.0, 0.0]
    """
    advantages = np.zeros(len(returns))
    for group in groups:
        members = returns[list(group)]
        if members.std() > 1e-8:
            advantages[list(group)] = (members - members.mean()) / members.std()
    return advantages


def grpo_policy_loss(
    logprobs: Tensor, old: Tensor, reference: Tensor, advantages: Tensor, *, clip: float, divergence_weight: float
) -> Tensor:
    """Clipped surrogate less divergence (equation 3), to minimise. All (B,), log-probabilities in nats.

    The divergence is estimated without bias by ref / pi - log(ref / pi) - 1 (equation 4).
    """
    ratio = torch.exp(logprobs - old)  # (B,)
    surrogate = torch.minimum(ratio * advantages, ratio.clamp(1.0 - clip, 1.0 + clip) * advantages)
    log_ratio = reference - logprobs
    divergence = torch.exp(log_ratio) - log_ratio - 1.0
    return -(surrogate - divergence_weight * divergence).mean()


class GRPO(Learner):
    """See the module's docstring."""

    def __init__(self, policy: Policy, config: GRPOConfig, *, seed: int) -> None:
        super().__init__(policy, config, seed=seed)
        self.config = config

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        config = self.config
        returns = np.array([episode.return_ for episode in batch.trajectories])  # (E,)
        advantages = group_advantages(returns, groups_of(batch.trajectories))[batch.episode]  # (B,)
        if not advantages.any():
            return {"policy_loss": 0.0, "informative": 0.0}
        reference, _ = action_logprobs(self.policy, batch)

        def loss_of(scores: ActionScores, rows: np.ndarray) -> Tensor:
            old = tensor_rows(batch.logprobs, rows, like=scores.logprobs)
            logprobs = torch.where(scores.known, scores.action_logprobs, old)
            return grpo_policy_loss(
                logprobs,
                old,
                torch.where(scores.known, tensor_rows(reference, rows, like=old), old),
                tensor_rows(advantages, rows, like=old),
                clip=config.clip,
                divergence_weight=config.divergence_weight,
            )

        loss = self._fit_policy(batch, loss_of, epochs=config.epochs)
        return {"policy_loss": loss, "informative": float(np.mean(advantages != 0))}
