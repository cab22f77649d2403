"""What WebRL's released trainer does, where it differs from its paper (github.com/THUDM/WebRL, webrl/algorithms/webrl/trainer.py).

- The advantage is V(s') - V(s) - 0.05 + r + G, only its sign is used, and only actions where it is not negative are
  learned from, towards the target 1.
- The log-ratio is divided by the number of tokens of the minibatch's positive actions, beta is 1, or 5 where the
  reference policy is sure already (geometric mean probability of 0.8 or more), and never more than |1 / log-ratio|.
- The loss is SmoothL1(beta * log-ratio, 1) / beta, averaged over all actions of the minibatch.

Its critic is the minimum of two networks; here it is one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..policy import ActionScores
from ..replay import perplexities
from ..trajectory import Batch
from .advantages import discounted_returns
from .base import Metrics, action_logprobs, tensor_rows
from .webrl import WebRL, WebRLConfig

_STEP_COST = 0.05
_SURE = 0.8
_BETA, _BETA_WHERE_SURE = 1.0, 5.0


@dataclass(frozen=True, kw_only=True)
class WebRLCodeConfig(WebRLConfig):
    """WebRL's; ``lambda_``, ``advantage``, ``objective`` and ``beta`` have no effect here."""


def released_advantages(batch: Batch, values: np.ndarray, next_values: np.ndarray, *, gamma: float) -> np.ndarray:
    """(B,) V(s_{t+1}) - V(s_t) - 0.05 + r_t + G_t, clipped to -1 to 1. V counts after the last action too, as there."""
    returns = discounted_returns(batch.task_rewards, batch.last, gamma)
    return np.clip(next_values - values - _STEP_COST + batch.task_rewards + returns, -1.0, 1.0)


def released_policy_loss(logprobs: Tensor, reference: Tensor, tokens: Tensor, positive: Tensor) -> Tensor:
    """The loss above. All (B,): log-probabilities in nats, numbers of tokens, and which advantages are not negative."""
    count = tokens[positive].sum().clamp(min=1)
    log_ratio = (logprobs - reference) / count
    sure = torch.exp(reference / tokens.clamp(min=1)) >= _SURE
    beta = torch.where(sure, _BETA_WHERE_SURE, _BETA)
    beta = torch.minimum(beta, (1.0 / log_ratio).abs()).detach()
    losses = functional.smooth_l1_loss(beta * log_ratio, torch.ones_like(log_ratio), reduction="none") / beta
    return losses.masked_fill(~positive, 0.0).mean()


class WebRLCode(WebRL):
    """See the module's docstring."""

    def update(self, batch: Batch) -> Metrics:
        if not batch.size:
            return {}
        metrics = self._fit_critics(batch)
        data, fresh = self._with_replay(batch)
        reference, tokens = action_logprobs(self.policy, data)
        rows = self._rows(fresh, perplexities(reference, tokens), tokens)
        values, next_values = self.critic(data.states), self.critic(data.next_states)
        positive = released_advantages(data, values, next_values, gamma=self.config.gamma) >= 0

        def loss_of(scores: ActionScores, rows: np.ndarray) -> Tensor:
            logprobs = scores.action_logprobs
            good = torch.as_tensor(positive[rows], device=logprobs.device)
            of_reference, counts = (tensor_rows(values, rows, like=logprobs) for values in (reference, tokens))
            return released_policy_loss(logprobs, of_reference, counts, good)

        metrics["policy_loss"] = self._fit_policy(data, loss_of, rows=rows, epochs=self.config.epochs)
        self._remember(batch)
        return {**metrics, "positive_share": float(positive[fresh].mean())}
