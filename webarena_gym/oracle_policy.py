"""An oracle as a policy: runs a scripted solution on an env, one action at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym

from .tasks.oracles import Oracle, OracleError, Screen
from .types import EvalResult


class OraclePolicy:
    """Plays ``oracle``: ``act(observation)`` is the next action text.

    When the oracle's generator ends without a stop, or does not find what it looks for, the policy stops with an empty
    answer; ``error`` then says why.
    """

    def __init__(self, oracle: Oracle) -> None:
        self._screen = Screen()
        self._oracle = oracle
        self._steps: Iterator[str] | None = None
        self.error = ""

    def act(self, observation: str) -> str:
        self._screen.update(observation)
        if self._steps is None:
            self._steps = self._oracle(self._screen)
        try:
            return next(self._steps)
        except StopIteration:
            return 'stop("")'
        except OracleError as error:
            self.error = str(error)
            return 'stop("")'


@dataclass(slots=True)
class Run:
    """One episode of a scripted policy. ``steps`` are (action, observation it led to, info)."""

    task_id: int | str
    success: bool
    observation: str
    steps: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    result: EvalResult | None = None
    error: str = ""

    @property
    def actions(self) -> list[str]:
        return [action for action, _, _ in self.steps]


def play(env: gym.Env[str, str], oracle: Oracle, task_id: int | str | None = None, *, seed: int | None = None) -> Run:
    """Play one episode to its end. An infrastructure error ends it with ``success`` False and ``error`` set."""
    observation, info = env.reset(seed=seed, options={} if task_id is None else {"task_id": task_id})
    policy = OraclePolicy(oracle)
    run = Run(info["task_id"], False, observation)
    ended = False
    while not ended:
        action = policy.act(observation)
        observation, reward, terminated, truncated, info = env.step(action)
        run.steps.append((action, observation, info))
        ended = terminated or truncated
    run.success, run.result = reward == 1.0, info["eval_result"]
    run.error = policy.error or info["infra_error"] or ("" if terminated else "the oracle never stopped")
    return run
