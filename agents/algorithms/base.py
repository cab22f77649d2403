"""``Algorithm``: what the training loop asks of a learner, and what learners share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from ..policy import Critic, Policy
from ..trajectory import Batch, State

Metrics = dict[str, float]
"""Numbers worth a curve, by name; losses in nats or reward units."""


class Algorithm(Protocol):
    """Learns from batches of whole episodes. Trains ``policy`` in place."""

    policy: Policy

    def update(self, batch: Batch) -> Metrics:
        """Learn from the newest episodes."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """All that a resumed run needs beside the policy's weights: critics, optimizers, buffers, generators."""
        ...

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True, kw_only=True)
class AlgorithmConfig:
    """What every algorithm is told; each adds its own."""

    gamma: float = 1.0
    """Discount of r, above 0 and at most 1. Potential-based shaping in the env must use the same one."""
    learning_rate: float = 1e-3
    """Of the policy, for Adam."""
    minibatch: int = 64
    """Actions per gradient step."""
    max_grad_norm: float = 1.0
    episodes_per_update: int = 16
    """New episodes that one update learns from."""
    group_size: int = 1
    """Episodes of the same task among them, for algorithms that compare within a group."""

    def __post_init__(self) -> None:
        if not 0.0 < self.gamma <= 1.0:
            raise ValueError(f"gamma is a discount, above 0 and at most 1, got {self.gamma}")
        for name in ("learning_rate", "minibatch", "max_grad_norm", "episodes_per_update", "group_size"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")


def minibatches(count: int, size: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """The indices 0 to ``count - 1`` in random order, ``size`` at a time; the last ones may be fewer."""
    order = random.permutation(count)
    for start in range(0, count, size):
        yield order[start : start + size]


def gradient_step(
    optimizer: torch.optim.Optimizer, parameters: Iterable[nn.Parameter], loss: Tensor, max_norm: float
) -> None:
    """One step down the gradient of ``loss``, its norm clipped."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(list(parameters), max_norm)
    optimizer.step()


def in_chunks(function: Callable[[Sequence[State]], Tensor], states: Sequence[State], size: int = 256) -> np.ndarray:
    """(B,) float64: a critic's numbers for many states, without gradient."""
    with torch.no_grad():
        parts = [function(states[i : i + size]).double().numpy() for i in range(0, len(states), size)]
    return np.concatenate(parts) if parts else np.zeros(0)


def fit_critic(
    critic: Critic,
    optimizer: torch.optim.Optimizer,
    states: Sequence[State],
    targets: np.ndarray,
    loss_of: Callable[[Tensor, Tensor], Tensor],
    *,
    epochs: int,
    minibatch: int,
    max_grad_norm: float,
    random: np.random.Generator,
) -> float:
    """Train a critic towards ``targets`` (B,); the mean loss of the last epoch, 0 for no states."""
    mean = 0.0
    for _ in range(epochs):
        losses = []
        for rows in minibatches(len(states), minibatch, random):
            predicted = critic([states[row] for row in rows])
            loss = loss_of(predicted, torch.as_tensor(targets[rows], dtype=predicted.dtype, device=predicted.device))
            gradient_step(optimizer, critic.parameters(), loss, max_grad_norm)
            losses.append(loss.item())
        mean = float(np.mean(losses)) if losses else 0.0
    return mean
