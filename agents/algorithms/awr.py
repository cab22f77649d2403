"""Advantage-weighted regression (Peng et al., 2019, arXiv:1910.00177), over the newest episodes.

Advantages are G'_t - V(s_t), both of the shaped reward r'; the critic is fitted to G'.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..critics import TrainedCritic
from ..policy import ActionScores, Policy
from ..replay import ReplayBuffer
from ..trajectory import Batch
from .advantages import discounted_returns
from .base import AlgorithmConfig, Learner, Metrics, tensor_rows


@dataclass(frozen=True, kw_only=True)
class AWRConfig(AlgorithmConfig):
    """Defaults tuned for ``CandidatePolicy``."""

    gamma: float = 0.95
    temperature: float = 0.1
    """In reward units: an advantage of this much multiplies an action's weight by e."""
    max_weight: float = 20.0
    capacity: int = 64
    """Episodes to learn from, the newest."""
    epochs: int = 2
    """Passes of the policy over them per update."""
    critic_learning_rate: float = 2e-3
    critic_epochs: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.temperature <= 0 or self.max_weight <= 0:
            raise ValueError(
                f"temperature and max_weight must be positive, got {self.temperature} and {self.max_weight}"
            )


def awr_policy_loss(
    logprobs: Tensor, advantages: Tensor, action_mask: Tensor, *, temperature: float, max_weight: float
) -> Tensor:
    """Advantage-weighted negative log-likelihood (equation 7).

    ``logprobs`` (B, T) in nats under the current policy; ``advantages`` (B,) in reward units, taken as constants;
    ``action_mask`` (B, T) bool, True on action tokens. Returns a scalar to minimise, the mean over B actions.
    """
    if not (logprobs.dim() == 2 and logprobs.shape == action_mask.shape and advantages.shape == logprobs.shape[:1]):
        shapes = [tuple(x.shape) for x in (logprobs, action_mask, advantages)]
        raise ValueError(f"want logprobs and action_mask (B, T) and advantages (B,), got {shapes}")
    weights = torch.exp(advantages.detach() / temperature).clamp(max=max_weight)  # (B,)
    # masked_fill, not a product: a padded logprob may be -inf, and -inf * 0 is nan.
    action_logprobs = logprobs.masked_fill(~action_mask, 0.0).sum(dim=1)  # (B,)
    return -(weights * action_logprobs).mean()


class AWR(Learner):
    """See the module's docstring."""

    def __init__(self, policy: Policy, config: AWRConfig, *, seed: int) -> None:
        super().__init__(policy, config, seed=seed)
        self.config = config
        self.critic = TrainedCritic(policy, "return", learning_rate=config.critic_learning_rate, seed=seed)
        self._recent = ReplayBuffer(config.capacity)
        self._parts |= {"critic": self.critic, "recent": self._recent}

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        config = self.config
        self._recent.add(batch.trajectories)
        recent = Batch.of(self._recent.episodes)
        returns = discounted_returns(recent.rewards, recent.last, config.gamma)
        critic_loss = self.critic.fit(recent.states, returns, self._random, epochs=config.critic_epochs)
        advantages = returns - self.critic(recent.states)

        def loss_of(scores: ActionScores, rows: np.ndarray) -> Tensor:
            return awr_policy_loss(
                scores.logprobs,
                tensor_rows(advantages, rows, like=scores.logprobs),
                scores.mask,
                temperature=config.temperature,
                max_weight=config.max_weight,
            )

        loss = self._fit_policy(recent, loss_of, epochs=config.epochs)
        return {"policy_loss": loss, "critic_loss": critic_loss, "advantage_std": float(advantages.std())}
