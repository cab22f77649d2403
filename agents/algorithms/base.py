"""``Algorithm``: what the training loop asks of a learner, and ``Learner``, what learners share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor, nn

from .. import parallel
from ..curriculum import FirstStates, TaskId
from ..policy import ActionScores, Policy
from ..trajectory import Batch

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


@runtime_checkable
class ProposesTasks(Protocol):
    """An algorithm that chooses some of the tasks it learns from."""

    def next_tasks(self, first_states: FirstStates) -> list[TaskId]:
        """Tasks for the next update, at most as many as it has episodes. ``first_states`` opens tasks to look at them."""
        ...


@dataclass(frozen=True, kw_only=True)
class AlgorithmConfig:
    """What every algorithm is told; each adds its own. Defaults are for ``CandidatePolicy``."""

    gamma: float = 1.0
    """Discount of rewards, above 0 and at most 1. Potential-based shaping in the env must use the same one."""
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
        positive = "learning_rate", "minibatch", "max_grad_norm", "episodes_per_update", "group_size"
        for name in positive:
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")


class _Stateful(Protocol):
    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: Any) -> Any: ...


class Learner:
    """A policy with its optimizer and random numbers, and the parts that a checkpoint must hold.

    A subclass adds its critics and buffers to ``_parts`` and writes ``update``.
    """

    def __init__(self, policy: Policy, config: AlgorithmConfig, *, seed: int) -> None:
        self.policy = policy
        self._random = np.random.default_rng(seed)
        self._optimizer = torch.optim.Adam(policy.parameters(), lr=config.learning_rate)
        self._minibatch, self._max_grad_norm = config.minibatch, config.max_grad_norm
        self._parts: dict[str, _Stateful] = {"optimizer": self._optimizer}

    def _fit_policy(
        self,
        batch: Batch,
        loss_of: Callable[[ActionScores, np.ndarray], Tensor],
        *,
        rows: np.ndarray | None = None,
        epochs: int = 1,
    ) -> float:
        """Passes over ``rows`` of the batch (all by default) in random order; the mean loss of the last pass.

        ``loss_of`` gets the scores of a minibatch and the rows it is made of.
        """
        rows = np.arange(batch.size) if rows is None else rows
        mean = 0.0
        for _ in range(epochs):
            losses = []
            for chosen in minibatches(len(rows), self._minibatch, self._random):
                taken = parallel.share(rows[chosen])
                loss = None
                if len(taken):
                    scores = self.policy.score([batch.states[r] for r in taken], [batch.actions[r] for r in taken])
                    loss = loss_of(scores, taken) * (len(taken) / len(chosen))
                losses.append(gradient_step(self._optimizer, self.policy.parameters(), loss, self._max_grad_norm))
            mean = float(np.mean(losses)) if losses else 0.0
        return mean

    def state_dict(self) -> dict[str, Any]:
        parts = {name: part.state_dict() for name, part in self._parts.items()}
        return {**parts, "random": self._random.bit_generator.state}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        for name, part in self._parts.items():
            part.load_state_dict(state_dict[name])
        self._random.bit_generator.state = state_dict["random"]


def action_logprobs(policy: Policy, batch: Batch, *, size: int = 256) -> tuple[np.ndarray, np.ndarray]:
    """(B,) float64 log-probabilities of the batch's actions now, in nats, and (B,) their numbers of tokens; no gradient.

    An action that the policy cannot take has no tokens.
    """
    mine = parallel.share(np.arange(batch.size))
    found: list[tuple[float, float]] = []
    with torch.no_grad():
        for i in range(0, len(mine), size):
            rows = mine[i : i + size]
            scores = policy.score([batch.states[r] for r in rows], [batch.actions[r] for r in rows])
            tokens = scores.mask.sum(dim=1).double().tolist()
            found += zip(scores.action_logprobs.double().tolist(), tokens, strict=True)
    everything = np.array(parallel.gathered(found)).reshape(-1, 2)
    return everything[:, 0], everything[:, 1]


def minibatches(count: int, size: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """The indices 0 to ``count - 1`` in random order, ``size`` at a time; the last ones may be fewer."""
    order = random.permutation(count)
    for start in range(0, count, size):
        yield order[start : start + size]


def gradient_step(
    optimizer: torch.optim.Optimizer, parameters: Iterable[nn.Parameter], loss: Tensor | None, max_norm: float
) -> float:
    """One step down the gradient of ``loss``, its norm clipped; returns the loss.

    Where several processes train, both are sums over them; None for one that has no part in this step.
    """
    weights = list(parameters)
    optimizer.zero_grad(set_to_none=True)
    if loss is not None:
        loss.backward()
    parallel.add_up_gradients(weights)
    nn.utils.clip_grad_norm_(weights, max_norm)
    optimizer.step()
    return parallel.added_up(0.0 if loss is None else loss.item())


def tensor_rows(values: np.ndarray, rows: np.ndarray | Sequence[int], like: Tensor) -> Tensor:
    """Some of ``values`` (B,) as a tensor of the type and place of ``like``."""
    return torch.as_tensor(values[rows], dtype=like.dtype, device=like.device)
