"""WebRL (Qi et al., 2024, arXiv:2411.02337): phases of collecting, fitting a value critic, and off-policy regression.

With V the probability of success, fitted by cross-entropy on the outcome, r the task's own reward and G its return::

    A_t = lambda (r_t + gamma V(s_{t+1}) - V(s_t)) + (1 - lambda) (G_t - V(s_t))
    L = E[ (beta log(pi(a|s) / pi_ref(a|s)) - A_t)^2 ]            pi_ref: the policy before this phase

Past successes are replayed where the policy neither knows them by heart nor has lost them, and new tasks are made near
failed ones. ``mira`` adds a potential.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ..critics import TrainedCritic
from ..curriculum import Curriculum, FirstStates, TaskId
from ..policy import ActionScores, Policy
from ..replay import ReplayBuffer, perplexities, pick_by_perplexity
from ..trajectory import Batch
from .advantages import discounted_returns, doubly_robust_advantages
from .base import AlgorithmConfig, Learner, Metrics, action_logprobs, tensor_rows


@dataclass(frozen=True, kw_only=True)
class WebRLConfig(AlgorithmConfig):
    """Defaults are the paper's where it gives any, else tuned for ``CandidatePolicy``."""

    gamma: float = 0.9
    episodes_per_update: int = 32
    """Of one phase."""
    lambda_: float = 0.5
    """Share of the one-step advantage in the mixture; the rest is the return's."""
    advantage: Literal["doubly_robust", "one_step", "return"] = "doubly_robust"
    """The mixture, or one of its two parts alone."""
    objective: Literal["mse", "kl"] = "mse"
    """The regression above, or the divergence KL(pi || pi*) from the same target pi* = pi_ref exp(A / beta)."""
    beta: float = 0.1
    """In reward units per nat: how far an advantage moves an action's log-probability."""
    epochs: int = 4
    """Passes of the policy over a phase's data."""
    critic_learning_rate: float = 2e-3
    critic_epochs: int = 2
    critic_memory: int = 256
    """Episodes of all outcomes that the value critic is fitted to, the newest."""
    replay: bool = True
    replay_capacity: int = 500
    """Past successes kept, in episodes."""
    replay_limit: float = 2.0
    """Replayed actions, at most this many times the new ones."""
    perplexity_low: float = 1 / 0.95
    perplexity_high: float = 1 / 0.5
    curriculum: bool = True
    """Make some of the next phase's tasks from failed ones."""
    curriculum_share: float = 0.5
    """Of a phase's episodes, at most."""
    value_low: float = 0.05
    value_high: float = 0.75

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.advantage not in ("doubly_robust", "one_step", "return") or self.objective not in ("mse", "kl"):
            raise ValueError(
                "advantage is 'doubly_robust', 'one_step' or 'return' and objective 'mse' or 'kl', "
                f"got {self.advantage!r} and {self.objective!r}"
            )
        if not (0 <= self.lambda_ <= 1 and self.beta > 0 and self.replay_limit >= 0):
            raise ValueError(f"want lambda_ in 0 to 1, beta positive and replay_limit >= 0, got {self}")

    @property
    def mixture(self) -> float:
        """lambda of the doubly robust advantage that ``advantage`` amounts to."""
        return {"doubly_robust": self.lambda_, "one_step": 1.0, "return": 0.0}[self.advantage]


def regression_loss(logprobs: Tensor, reference: Tensor, advantages: Tensor, *, beta: float) -> Tensor:
    """mean (beta log(pi / pi_ref) - A)^2 over B actions; log-probabilities in nats, summed over each action's tokens."""
    return ((beta * (logprobs - reference) - advantages.detach()) ** 2).mean()


def divergence_loss(logprobs: Tensor, reference: Tensor, advantages: Tensor, *, beta: float) -> Tensor:
    """beta KL(pi || pi*) up to a constant, with pi* = pi_ref exp(A / beta) / Z, from actions drawn by pi_ref.

    mean w (beta log w - A) with w = pi / pi_ref, at most 10 so that no single action decides.
    """
    log_ratio = logprobs - reference
    weight = torch.exp(log_ratio.clamp(max=float(np.log(10.0))))
    return (weight * (beta * log_ratio - advantages.detach())).mean()


class WebRL(Learner):
    """See the module's docstring."""

    def __init__(self, policy: Policy, config: WebRLConfig, *, seed: int) -> None:
        super().__init__(policy, config, seed=seed)
        self.config = config
        self.critic = TrainedCritic(policy, "probability", learning_rate=config.critic_learning_rate, seed=seed)
        self._memory = ReplayBuffer(config.critic_memory)
        self._successes = ReplayBuffer(config.replay_capacity)
        self._parts |= {"critic": self.critic, "memory": self._memory, "successes": self._successes}
        self._curriculum = Curriculum(low=config.value_low, high=config.value_high)
        self._parts |= {"curriculum": self._curriculum}

    def next_tasks(self, first_states: FirstStates) -> list[TaskId]:
        """Tasks that the next phase should hold, made from failed ones."""
        config = self.config
        count = int(config.curriculum_share * config.episodes_per_update) if config.curriculum else 0
        return self._curriculum.propose(count, first_states, self.critic, self._random)

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        config = self.config
        metrics = self._fit_critics(batch)
        data, fresh = self._with_replay(batch)
        reference, tokens = action_logprobs(self.policy, data)
        rows = self._rows(fresh, perplexities(reference, tokens), tokens)
        advantages = self._advantages(data)

        def loss_of(scores: ActionScores, rows: np.ndarray) -> Tensor:
            logprobs = scores.action_logprobs
            of_reference = tensor_rows(reference, rows, like=logprobs)
            weights = tensor_rows(advantages, rows, like=logprobs)
            loss = regression_loss if config.objective == "mse" else divergence_loss
            return loss(logprobs, of_reference, weights, beta=config.beta)

        metrics["policy_loss"] = self._fit_policy(data, loss_of, rows=rows, epochs=config.epochs)
        self._remember(batch)
        return {
            **metrics,
            "advantage_mean": float(advantages[fresh].mean()),
            "advantage_std": float(advantages[fresh].std()),
            "replayed": float(len(rows) - np.count_nonzero(fresh[rows])),
        }

    def _fit_critics(self, batch: Batch) -> Metrics:
        self._memory.add(batch.trajectories)
        memory = Batch.of(self._memory.episodes)
        loss = self.critic.fit(memory.states, memory.success, self._random, epochs=self.config.critic_epochs)
        return {"critic_loss": loss}

    def _remember(self, batch: Batch) -> None:
        self._successes.add(episode for episode in batch.trajectories if episode.success)
        self._curriculum.note(batch.trajectories)

    def _with_replay(self, batch: Batch) -> tuple[Batch, np.ndarray]:
        """The new episodes and the past successes, and (B,) bool, which actions are of the new ones."""
        past = self._successes.episodes if self.config.replay else []
        data = Batch.of([*batch.trajectories, *past])
        return data, data.episode < len(batch.trajectories)

    def _rows(self, fresh: np.ndarray, perplexity: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        """What to learn from: every new action that the policy can take, and the replayed ones that pass the filter."""
        config = self.config
        new = np.flatnonzero(fresh & (tokens > 0))
        limit = int(config.replay_limit * np.count_nonzero(fresh))
        old = pick_by_perplexity(
            np.where(fresh, np.inf, perplexity),
            low=config.perplexity_low,
            high=config.perplexity_high,
            limit=limit,
            random=self._random,
        )
        return np.concatenate([new, old])

    def _rewards(self, batch: Batch) -> np.ndarray:
        """(B,) the reward of the one-step advantage; here the task's own."""
        return batch.task_rewards

    def _advantages(self, batch: Batch) -> np.ndarray:
        return doubly_robust_advantages(
            self._rewards(batch),
            discounted_returns(batch.task_rewards, batch.last, self.config.gamma),
            self.critic(batch.states),
            self.critic(batch.next_states),
            batch.terminated,
            gamma=self.config.gamma,
            lambda_=self.config.mixture,
        )
