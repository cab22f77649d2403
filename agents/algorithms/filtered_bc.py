"""Filtered behaviour cloning: cross-entropy on the policy's own episodes that went well.

``successes`` keeps those that the scorer accepted, ``top`` those whose return of r' is in the best 30%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..policy import Policy
from ..replay import ReplayBuffer
from ..trajectory import Batch, Trajectory
from .base import AlgorithmConfig, Learner, Metrics
from .bc import cloning_loss


@dataclass(frozen=True, kw_only=True)
class FilteredBCConfig(AlgorithmConfig):
    """Defaults tuned for ``CandidatePolicy``."""

    keep: Literal["successes", "top"] = "successes"
    percentile: float = 70.0
    """Of returns among the newest episodes, for ``top``."""
    capacity: int = 500
    """Kept episodes to learn from, the newest."""
    epochs: int = 1
    """Passes over them per update."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.keep not in ("successes", "top") or not 0 <= self.percentile <= 100:
            raise ValueError(f"keep is 'successes' or 'top', percentile 0 to 100, got {self.keep!r}, {self.percentile}")


def went_well(episodes: Sequence[Trajectory], config: FilteredBCConfig) -> list[Trajectory]:
    """The episodes to imitate. Returns that all are equal are nobody's best."""
    if config.keep == "successes":
        return [episode for episode in episodes if episode.success]
    returns = np.array([episode.return_ for episode in episodes])
    cutoff = np.percentile(returns, config.percentile)
    return [e for e, return_ in zip(episodes, returns, strict=True) if return_ >= cutoff and return_ > returns.min()]


class FilteredBC(Learner):
    """See the module's docstring."""

    def __init__(self, policy: Policy, config: FilteredBCConfig, *, seed: int) -> None:
        super().__init__(policy, config, seed=seed)
        self.config = config
        self._kept = ReplayBuffer(config.capacity)
        self._parts |= {"kept": self._kept}

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        chosen = went_well(batch.trajectories, self.config)
        self._kept.add(chosen)
        kept = Batch.of(self._kept.episodes)
        loss = self._fit_policy(kept, lambda scores, _: cloning_loss(scores), epochs=self.config.epochs)
        return {"policy_loss": loss, "kept_share": len(chosen) / len(batch.trajectories)}
