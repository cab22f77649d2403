"""MiRA, milestoning a reinforcement learning agent (arXiv:2603.19685): WebRL's phases with a learned potential P.

P(s) from 0 to 1 is fitted by squared error to the progress labels of successful episodes: how many milestones were
reached, interpolated in time. Its change is added to the reward of the one-step advantage and to nothing else::

    paper:  r'_t = r_t + alpha (P(s_{t+1}) - P(s_t))
    pbrs:   r'_t = r_t + alpha (gamma P(s_{t+1}) - P(s_t)),  P of a terminated task's end being 0
    A_t = lambda (r'_t + gamma V(s_{t+1}) - V(s_t)) + (1 - lambda) (G_t - V(s_t)),  V and G of r alone

The milestones of the labels are those that the env reports in its infos; neither policy nor critics see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from reward_wrappers import ProgressLabeler

from ..critics import TrainedCritic
from ..policy import Policy
from ..replay import ReplayBuffer
from ..trajectory import Batch, Trajectory
from .base import Metrics
from .webrl import WebRL, WebRLConfig


@dataclass(frozen=True, kw_only=True)
class MiRAConfig(WebRLConfig):
    """Defaults are the paper's where it gives any, else tuned for ``CandidatePolicy``."""

    shaping: Literal["paper", "pbrs", "env", "none"] = "paper"
    """How the potential enters the reward; ``env`` takes the env's own shaped reward instead of a learned potential."""
    alpha: float = 0.3
    """Scale of the shaping, in reward units."""
    alpha_end: float | None = None
    """Where alpha falls to, linearly over ``alpha_updates`` updates; None to keep it."""
    alpha_updates: int = 20
    potential_learning_rate: float = 2e-3
    potential_epochs: int = 2
    potential_memory: int = 256
    """Successful episodes that the potential is fitted to, the newest."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.shaping not in ("paper", "pbrs", "env", "none"):
            raise ValueError(f"shaping is 'paper', 'pbrs', 'env' or 'none', got {self.shaping!r}")
        if self.alpha < 0 or (self.alpha_end or 0) < 0 or self.alpha_updates < 1:
            raise ValueError(f"want alpha and alpha_end >= 0 and alpha_updates of 1 or more, got {self}")


def potential_shaping(
    potentials: np.ndarray,
    next_potentials: np.ndarray,
    terminated: np.ndarray,
    *,
    scheme: Literal["paper", "pbrs"],
    alpha: float,
    gamma: float,
) -> np.ndarray:
    """(B,) what the change of P adds to the reward, in reward units."""
    if scheme == "paper":
        return alpha * (next_potentials - potentials)
    return alpha * (gamma * np.where(terminated, 0.0, next_potentials) - potentials)


class MiRA(WebRL):
    """See the module's docstring."""

    config: MiRAConfig

    def __init__(self, policy: Policy, config: MiRAConfig, *, seed: int) -> None:
        super().__init__(policy, config, seed=seed)
        self.potential = TrainedCritic(policy, "potential", learning_rate=config.potential_learning_rate, seed=seed + 1)
        self._labelled = ReplayBuffer(config.potential_memory)
        self._updates = _Counter()
        self._parts |= {"potential": self.potential, "labelled": self._labelled, "updates": self._updates}

    @property
    def alpha(self) -> float:
        """The scale of the shaping in this phase."""
        config = self.config
        if config.alpha_end is None:
            return config.alpha
        passed = min(self._updates.count / config.alpha_updates, 1.0)
        return config.alpha + (config.alpha_end - config.alpha) * passed

    def update(self, batch: Batch) -> Metrics:
        metrics = super().update(batch)
        if metrics:
            metrics["alpha"] = self.alpha
            self._updates.count += 1
        return metrics

    def _fit_critics(self, batch: Batch) -> Metrics:
        metrics = super()._fit_critics(batch)
        if self.config.shaping not in ("paper", "pbrs"):
            return metrics
        self._labelled.add(episode for episode in batch.trajectories if episode.success)
        if self._labelled.episodes:
            states = [state for episode in self._labelled.episodes for state in episode.states()]
            labels = np.concatenate([progress_of(episode) for episode in self._labelled.episodes])
            epochs = self.config.potential_epochs
            metrics["potential_loss"] = self.potential.fit(states, labels, self._random, epochs=epochs)
        return metrics

    def _rewards(self, batch: Batch) -> np.ndarray:
        scheme = self.config.shaping
        if scheme == "env":
            return batch.rewards
        # An untrained potential is one half everywhere: without a success there is no progress to speak of.
        if scheme == "none" or not self._labelled.episodes:
            return batch.task_rewards
        potentials, next_potentials = self.potential(batch.states), self.potential(batch.next_states)
        return batch.task_rewards + potential_shaping(
            potentials, next_potentials, batch.terminated, scheme=scheme, alpha=self.alpha, gamma=self.config.gamma
        )


def progress_of(episode: Trajectory) -> np.ndarray:
    """(H + 1,) progress labels of a successful episode, from the milestones that its env reported."""
    return ProgressLabeler()(episode)


class _Counter:
    """Updates so far, as a part of the checkpoint."""

    def __init__(self) -> None:
        self.count = 0

    def state_dict(self) -> dict[str, int]:
        return {"count": self.count}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        self.count = state_dict["count"]
