"""DigiRL (Bai et al., 2024, arXiv:2406.11896): imitate only actions that two value functions find better than expected.

An instruction-level value function says how likely a task is to succeed at all; episodes that did best against it are
kept. A step-level one gives each action an advantage; actions below a threshold are dropped, the rest imitated. Both
are fitted to the outcome by cross-entropy; shaped reward enters nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..critics import TrainedCritic
from ..policy import Policy
from ..replay import ReplayBuffer
from ..trajectory import Batch
from .base import AlgorithmConfig, Learner, Metrics
from .bc import cloning_loss


@dataclass(frozen=True, kw_only=True)
class DigiRLConfig(AlgorithmConfig):
    """Defaults tuned for ``CandidatePolicy``."""

    lambda_: float = 0.5
    """How fast trust moves from the outcome to the value function with the distance from the end."""
    step_threshold: float = 0.05
    """Advantage above which an action is imitated; the released code's 0.05 is 1 over its horizon of 20."""
    keep_share: float = 0.3
    """Share of the remembered episodes that the instruction-level filter keeps."""
    capacity: int = 256
    """Episodes remembered."""
    epochs: int = 2
    critic_learning_rate: float = 2e-3
    critic_epochs: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (0 <= self.lambda_ <= 1 and 0 < self.keep_share <= 1):
            raise ValueError(
                f"want lambda_ in 0 to 1 and keep_share above 0 to 1, got {self.lambda_}, {self.keep_share}"
            )


def step_advantages(batch: Batch, values: np.ndarray, next_values: np.ndarray, *, lambda_: float) -> np.ndarray:
    """(B,) lambda^(H-t) r_H + (1 - lambda^(H-t)) (V(s_{t+1}) + r_t - V(s_t)), the paper's equation for step-level advantages.

    H - t counts the actions after this one, so the last action's advantage is its outcome alone. V of a terminated task's
    end is 0: its reward has been paid.
    """
    lengths = np.bincount(batch.episode, minlength=len(batch.trajectories))  # (E,)
    trust = lambda_ ** (lengths[batch.episode] - 1 - batch.time)  # (B,)
    one_step = np.where(batch.terminated, 0.0, next_values) + batch.task_rewards - values
    return trust * batch.success + (1.0 - trust) * one_step


def best_episodes(outcomes: np.ndarray, expected: np.ndarray, keep_share: float) -> np.ndarray:
    """(E,) bool: the ``keep_share`` of episodes whose outcome, 0 or 1, exceeds its expectation most."""
    surplus = outcomes - expected
    return surplus >= np.quantile(surplus, 1.0 - keep_share)


class DigiRL(Learner):
    """See the module's docstring."""

    def __init__(self, policy: Policy, config: DigiRLConfig, *, seed: int) -> None:
        super().__init__(policy, config, seed=seed)
        self.config = config
        rate = config.critic_learning_rate
        self.instruction_critic = TrainedCritic(policy, "probability", learning_rate=rate, seed=seed)
        self.step_critic = TrainedCritic(policy, "probability", learning_rate=rate, seed=seed + 1)
        self._memory = ReplayBuffer(config.capacity)
        self._parts |= {
            "instruction_critic": self.instruction_critic,
            "step_critic": self.step_critic,
            "memory": self._memory,
        }

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        config = self.config
        self._memory.add(batch.trajectories)
        memory = Batch.of(self._memory.episodes)
        outcomes = np.array([float(bool(e.success)) for e in memory.trajectories])  # (E,)
        starts = [memory.states[b] for b in np.flatnonzero(memory.time == 0)]
        instruction_loss = self.instruction_critic.fit(starts, outcomes, self._random, epochs=config.critic_epochs)
        step_loss = self.step_critic.fit(memory.states, memory.success, self._random, epochs=config.critic_epochs)
        values, next_values = self.step_critic(memory.states), self.step_critic(memory.next_states)
        kept = best_episodes(outcomes, self.instruction_critic(starts), config.keep_share)[memory.episode]  # (B,)
        advantages = step_advantages(memory, values, next_values, lambda_=config.lambda_)
        rows = np.flatnonzero(kept & (advantages > config.step_threshold))
        loss = self._fit_policy(memory, lambda scores, _: cloning_loss(scores), rows=rows, epochs=config.epochs)
        return {
            "policy_loss": loss,
            "instruction_critic_loss": instruction_loss,
            "step_critic_loss": step_loss,
            "kept_share": len(rows) / memory.size,
        }
