"""``ReplayBuffer``: past episodes for off-policy learners, and the filter that picks actions still worth learning from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .trajectory import Trajectory
from .trajectory_file import trajectory_from_json, trajectory_to_json


class ReplayBuffer:
    """The newest ``capacity`` episodes that were not cut off by an infrastructure error."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"a replay buffer holds at least one episode, got capacity={capacity}")
        self._capacity = capacity
        self.episodes: list[Trajectory] = []

    def add(self, episodes: Iterable[Trajectory]) -> None:
        kept = [*self.episodes, *(e for e in episodes if e.infra_error is None and e.success is not None and e.steps)]
        self.episodes = kept[-self._capacity :]

    def state_dict(self) -> dict[str, Any]:
        return {"episodes": [trajectory_to_json(episode) for episode in self.episodes]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        self.episodes = [trajectory_from_json(line) for line in state_dict["episodes"]]


def perplexities(logprobs: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """(B,) exp(-log pi(a) / T): 1 for an action that the policy is sure of; infinite where it cannot take it.

    ``logprobs`` (B,) in nats, summed over each action's tokens, of which there are ``tokens`` (B,).

    >>> perplexities(np.log([0.5, 0.25, 1.0]), np.array([1.0, 2.0, 0.0])).tolist()  # 1 / 0.5, 1 / sqrt(0.25)
    [2.0, 2.0, inf]
    """
    per_token = np.divide(logprobs, tokens, out=np.full(len(logprobs), -np.inf), where=tokens > 0)
    return np.exp(-per_token)


def pick_by_perplexity(
    perplexity: np.ndarray, *, low: float, high: float, limit: int, random: np.random.Generator
) -> np.ndarray:
    """Rows whose perplexity lies from ``low`` to ``high``: neither known by heart nor out of reach; at most ``limit`` of them,
    chosen at random, in order (WebRL, arXiv:2411.02337)."""
    rows = np.flatnonzero((perplexity >= low) & (perplexity <= high))
    if len(rows) > limit:
        rows = np.sort(random.choice(rows, size=limit, replace=False))
    return rows
