"""REINFORCE leave-one-out (Ahmadian et al., 2024, arXiv:2402.14740): several episodes of a task are each other's baseline.

The advantage of every action of an episode is the episode's return of r' less the mean of the others in its group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from ..policy import ActionScores, Policy
from ..trajectory import Batch, Trajectory
from .base import AlgorithmConfig, Learner, Metrics, tensor_rows
from .reinforce import policy_gradient_loss


@dataclass(frozen=True, kw_only=True)
class RLOOConfig(AlgorithmConfig):
    """Defaults tuned for ``CandidatePolicy``."""

    learning_rate: float = 2e-3
    episodes_per_update: int = 32
    group_size: int = 8
    entropy_weight: float = 0.003
    """In reward units per nat."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.group_size < 2:
            raise ValueError(f"comparing within a group takes a group_size of 2 or more, got {self.group_size}")


def groups_of(episodes: Sequence[Trajectory]) -> list[list[int]]:
    """The indices of episodes of the same task and the same env seed, in order of first appearance."""
    groups: dict[tuple[object, object], list[int]] = {}
    for index, episode in enumerate(episodes):
        groups.setdefault((episode.task_id, episode.env_seed), []).append(index)
    return list(groups.values())


def leave_one_out_advantages(returns: np.ndarray, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """(E,) R_i - mean of the other R_j of its group; 0 where there is no other.

    >>> leave_one_out_advantages(np.array([1.0, 0.0, 0.0, 5.0]), [[0, 1, 2], [3]]).tolist()  # 1 - 0, 0 - 1/2, 0 - 1/2
    [1.0, -0.5, -0.5, 0.0]
    """
    advantages = np.zeros(len(returns))
    for group in groups:
        if len(group) > 1:
            members = returns[list(group)]
            advantages[list(group)] = (members - members.mean()) * len(group) / (len(group) - 1)
    return advantages


class RLOO(Learner):
    """See the module's docstring."""

    def __init__(self, policy: Policy, config: RLOOConfig, *, seed: int) -> None:
        super().__init__(policy, config, seed=seed)
        self.config = config

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        returns = np.array([episode.return_ for episode in batch.trajectories])  # (E,)
        advantages = leave_one_out_advantages(returns, groups_of(batch.trajectories))[batch.episode]  # (B,)
        if not advantages.any():  # every group agrees: there is nothing to compare
            return {"policy_loss": 0.0, "informative": 0.0}

        def loss_of(scores: ActionScores, rows: np.ndarray) -> Tensor:
            logprobs = scores.action_logprobs
            loss = policy_gradient_loss(logprobs, tensor_rows(advantages, rows, like=logprobs))
            return loss - self.config.entropy_weight * scores.entropy.mean()

        loss = self._fit_policy(batch, loss_of)
        return {"policy_loss": loss, "informative": float(np.mean(advantages != 0))}
