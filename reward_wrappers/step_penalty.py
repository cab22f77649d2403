"""``StepPenalty``: a cost per step, for one env and for a vector env."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.core import ActType, ObsType
from gymnasium.utils import RecordConstructorArgs
from gymnasium.vector import VectorEnv

from reward_wrappers.shaping import ShapingWrapper
from reward_wrappers.transition import Transition
from reward_wrappers.vector_rows import VectorStep
from reward_wrappers.vector_shaping import VectorShapingWrapper


class StepPenalty(ShapingWrapper[ObsType, ActType]):
    """Take ``penalty``, in reward units, off the reward of every step, so that shorter episodes are worth more.

    This changes the task: with a large penalty, ending early may beat succeeding. Keep ``penalty`` times the longest
    episode below the reward for success.

    Raises:
        ValueError: If ``penalty`` is not positive and finite.

    >>> env = StepPenalty(gym.make("FrozenLake-v1", is_slippery=False), penalty=0.01)
    >>> _ = env.reset(seed=0)
    >>> env.step(2)[1]
    -0.01
    """

    def __init__(self, env: gym.Env[ObsType, ActType], penalty: float = 0.01) -> None:
        _check(penalty)
        RecordConstructorArgs.__init__(self, penalty=penalty)
        super().__init__(env)
        self._penalty = float(penalty)

    def _begin(self, start: Transition) -> None:
        pass

    def _term(self, transition: Transition) -> float:
        return -self._penalty


class VectorStepPenalty(VectorShapingWrapper[ObsType, ActType]):
    """``StepPenalty`` for a vector env. Reset rows, which take no step, cost nothing."""

    def __init__(self, env: VectorEnv[ObsType, ActType, np.ndarray], penalty: float = 0.01) -> None:
        _check(penalty)
        RecordConstructorArgs.__init__(self, penalty=penalty)
        super().__init__(env)
        self._penalty = float(penalty)

    def _begin(self, rows: Sequence[int], observations: Any, infos: dict[str, Any]) -> None:
        pass

    def _terms(self, step: VectorStep) -> np.ndarray:
        return np.where(step.stepped & ~step.failed(), -self._penalty, 0.0)


def _check(penalty: float) -> None:
    if not (isinstance(penalty, Real) and math.isfinite(penalty) and penalty > 0):
        raise ValueError(f"penalty is taken off the reward, so it is positive and finite, got {penalty!r}")
