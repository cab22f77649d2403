"""Behaviour cloning: cross-entropy on demonstrations, -mean log pi(a|s).

The training loop hands over demonstrations in place of rollouts. Actions that the policy cannot take are left out and
reported as ``coverage``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from ..policy import ActionScores, Policy
from ..replay import ReplayBuffer
from ..trajectory import Batch
from .base import AlgorithmConfig, Learner, Metrics, action_logprobs


@dataclass(frozen=True, kw_only=True)
class BCConfig(AlgorithmConfig):
    """Defaults tuned for ``CandidatePolicy``."""

    actions_per_update: int = 512
    """Demonstrated actions, old and new, that one update passes over."""
    capacity: int = 5000
    """Demonstrations kept, in episodes."""


def cloning_loss(scores: ActionScores) -> Tensor:
    """-mean log pi over the actions that the policy can take, in nats per action; 0 if there is none."""
    known = scores.known
    return -(scores.action_logprobs * known).sum() / known.sum().clamp(min=1)


class BC(Learner):
    """See the module's docstring."""

    learns_from_demonstrations = True

    def __init__(self, policy: Policy, config: BCConfig, *, seed: int) -> None:
        super().__init__(policy, config, seed=seed)
        self.config = config
        self._demonstrations = ReplayBuffer(config.capacity)
        self._parts |= {"demonstrations": self._demonstrations}

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        self._demonstrations.add(batch.trajectories)
        everything = Batch.of(self._demonstrations.episodes)
        count = min(self.config.actions_per_update, everything.size)
        rows = self._random.choice(everything.size, size=count, replace=False)
        loss = self._fit_policy(everything, lambda scores, _: cloning_loss(scores), rows=rows)
        _, tokens = action_logprobs(self.policy, batch)
        return {"policy_loss": loss, "coverage": float(np.mean(tokens > 0))}
