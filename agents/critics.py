"""``TrainedCritic``: a critic with its optimizer and the meaning of its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from . import parallel
from .algorithms.base import gradient_step, minibatches
from .policy import Policy
from .trajectory import State

Meaning = Literal["return", "probability", "potential"]


def critic_loss(meaning: Meaning, outputs: Tensor, targets: Tensor) -> Tensor:
    """The mean loss over B states; ``outputs`` are the critic's raw numbers.

    ``return``: squared error. ``probability``: cross-entropy on the outcome r, -(r log V + (1 - r) log(1 - V)) with
    V = sigmoid(output). ``potential``: squared error of sigmoid(output) (MiRA, arXiv:2603.19685, for both).
    """
    if meaning == "probability":
        return functional.binary_cross_entropy_with_logits(outputs, targets)
    predicted = torch.sigmoid(outputs) if meaning == "potential" else outputs
    return functional.mse_loss(predicted, targets)


class TrainedCritic:
    """A critic of ``policy``'s own kind. ``return`` gives reward units, the others numbers from 0 to 1."""

    def __init__(
        self,
        policy: Policy,
        meaning: Meaning,
        *,
        learning_rate: float,
        seed: int,
        minibatch: int = 64,
        max_grad_norm: float = 1.0,
    ) -> None:
        self.critic = policy.new_critic(seed)
        self._meaning: Meaning = meaning
        self._optimizer = torch.optim.Adam(self.critic.parameters(), lr=learning_rate)
        self._minibatch, self._max_grad_norm = minibatch, max_grad_norm

    def __call__(self, states: Sequence[State], *, size: int = 256) -> np.ndarray:
        """(B,) float64, without gradient."""
        mine = parallel.share(np.arange(len(states)))
        found: list[float] = []
        with torch.no_grad():
            for i in range(0, len(mine), size):
                outputs = self.critic([states[row] for row in mine[i : i + size]])
                values = outputs if self._meaning == "return" else torch.sigmoid(outputs)
                found += values.double().tolist()
        return np.array(parallel.gathered(found))

    def fit(self, states: Sequence[State], targets: np.ndarray, random: np.random.Generator, *, epochs: int) -> float:
        """Train towards ``targets`` (B,); the mean loss of the last pass, 0 for no states."""
        mean = 0.0
        for _ in range(epochs):
            losses = [
                self.step([states[row] for row in rows], targets[rows])
                for rows in minibatches(len(states), self._minibatch, random)
            ]
            mean = float(np.mean(losses)) if losses else 0.0
        return mean

    def step(self, states: Sequence[State], targets: np.ndarray) -> float:
        """One gradient step; returns the loss before it."""
        mine = parallel.share(np.arange(len(states)))
        loss = None
        if len(mine):
            outputs = self.critic([states[row] for row in mine])
            wanted = torch.as_tensor(targets[mine], dtype=outputs.dtype, device=outputs.device)
            loss = critic_loss(self._meaning, outputs, wanted) * (len(mine) / len(states))
        return gradient_step(self._optimizer, self.critic.parameters(), loss, self._max_grad_norm)

    def state_dict(self) -> dict[str, Any]:
        return {"critic": self.critic.state_dict(), "optimizer": self._optimizer.state_dict()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        self.critic.load_state_dict(state_dict["critic"])
        self._optimizer.load_state_dict(state_dict["optimizer"])
