"""What every shaping wrapper shares: the formulas, the checks on their constants, and what goes into ``info``."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import gymnasium as gym
from gymnasium.core import ActType, ObsType
from gymnasium.error import ResetNeeded
from gymnasium.utils import RecordConstructorArgs

from reward_wrappers.transition import Transition

PotentialScheme = Literal["paper", "pbrs"]
Alpha = float | Callable[[int], float]
"""The scale of the shaping, in reward units: a number, or a function of the episode's index, counted from 0 per env."""

_NOT_RESET = object()


def shaping_term(
    scheme: PotentialScheme, before: float, after: float, *, terminated: bool, alpha: float, gamma: float | None
) -> float:
    """The reward to add for a step from potential ``before`` to potential ``after``.

    ``paper``: ``alpha * (after - before)`` (MiRA, arXiv:2603.19685). ``pbrs``: ``alpha * (gamma * after - before)``, with
    ``after`` 0 where the task ended, which is what leaves the optimal policies as they are (Ng, Harada and Russell,
    1999; the terminal zero: Grzes, 2017). Truncation ends no task, so there ``after`` counts.

    >>> shaping_term("paper", 0.5, 0.75, terminated=True, alpha=0.4, gamma=None)
    0.1
    >>> shaping_term("pbrs", 0.5, 0.75, terminated=True, alpha=0.4, gamma=0.9)
    -0.2
    """
    if scheme == "paper":
        return alpha * (after - before)
    assert gamma is not None
    return alpha * ((0.0 if terminated else gamma * after) - before)


def check_scheme(scheme: str, known: tuple[str, ...], gamma: float | None) -> None:
    """Raise ``ValueError`` unless ``scheme`` is known and has the ``gamma`` it needs."""
    if scheme not in known:
        raise ValueError(f"unknown scheme {scheme!r}; use one of {', '.join(map(repr, known))}")
    if scheme == "pbrs" and gamma is None:
        raise ValueError(
            "scheme='pbrs' needs gamma, the discount of the learner itself (0.99 by default in Stable-Baselines3): its "
            "guarantee holds for no other"
        )
    if gamma is not None and not (isinstance(gamma, Real) and 0.0 < gamma <= 1.0):
        raise ValueError(f"gamma is a discount, above 0 and at most 1, got {gamma!r}")


def check_alpha(alpha: Alpha) -> None:
    """Raise ``ValueError`` unless ``alpha`` is a positive finite number or a function."""
    if not callable(alpha) and not (isinstance(alpha, Real) and math.isfinite(alpha) and alpha > 0):
        raise ValueError(f"alpha must be positive and finite, got {alpha!r}; leave the wrapper out to turn shaping off")


def alpha_in(alpha: Alpha, episode: int) -> float:
    """The scale for an episode, by its index from 0; a schedule may reach 0 but not go below."""
    if not callable(alpha):
        return float(alpha)
    value = alpha(episode)
    if not (isinstance(value, Real) and math.isfinite(value) and value >= 0):
        raise ValueError(f"the alpha schedule gave {value!r} for episode {episode}; it must be finite and not negative")
    return float(value)


@dataclass(frozen=True)
class LinearAlpha:
    """An alpha schedule that moves from ``start`` to ``end`` over ``episodes`` episodes of one env, and stays there.

    >>> [LinearAlpha(0.3, 0.0, episodes=3)(episode) for episode in (0, 1, 3, 9)]
    [0.3, 0.2, 0.0, 0.0]
    """

    start: float
    end: float
    episodes: int

    def __post_init__(self) -> None:
        if not (self.episodes >= 1 and self.start >= 0 and self.end >= 0):
            raise ValueError(f"a schedule needs at least 1 episode and no negative alpha, got {self}")

    def __call__(self, episode: int) -> float:
        return self.start + (self.end - self.start) * min(episode / self.episodes, 1.0)


class ShapingWrapper(gym.RewardWrapper[ObsType, ActType], RecordConstructorArgs):
    """A reward wrapper that adds a term per step and keeps the task's own reward in sight.

    Every step's ``info`` gains ``task_reward``, the reward before any shaping, and ``shaping``, what was added to it.
    Stacked shaping wrappers keep the innermost ``task_reward`` and add up their ``shaping``. On a step whose info has a
    true ``infra_error`` (the machinery failed, not the policy) nothing is added and nothing counts as reached.

    A subclass says how an episode begins and what a step adds.
    """

    def __init__(self, env: gym.Env[ObsType, ActType]) -> None:
        super().__init__(env)
        self._observation: Any = _NOT_RESET
        self._shaping = 0.0

    @abstractmethod
    def _begin(self, start: Transition) -> None:
        """Start an episode; ``start`` is its reset."""

    @abstractmethod
    def _term(self, transition: Transition) -> float:
        """What to add to this step's reward."""

    def _report(self) -> dict[str, Any]:
        """Further entries for ``info``, at reset and on every step."""
        return {}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the env and start over: nothing of the last episode stays, also after a step that raised."""
        self._observation = _NOT_RESET
        observation, info = self.env.reset(seed=seed, options=options)
        self._shaping = 0.0
        self._begin(Transition.at_reset(observation, info))
        self._observation = observation
        return observation, {**info, **self._report()}

    def step(self, action: ActType) -> tuple[ObsType, float, bool, bool, dict[str, Any]]:
        """Step the env and add this step's term to its reward."""
        # RewardWrapper.step() hands reward() only the number; shaping needs the whole transition.
        if self._observation is _NOT_RESET:
            raise ResetNeeded(f"call reset() before step() on {type(self).__name__}")
        next_observation, reward, terminated, truncated, info = self.env.step(action)
        reward = float(reward)
        if info.get("infra_error"):
            self._shaping = 0.0
        else:
            transition = Transition(self._observation, action, next_observation, reward, terminated, truncated, info)
            self._shaping = self._term(transition)
        self._observation = next_observation
        info = {
            **info,
            "task_reward": info.get("task_reward", reward),
            "shaping": info.get("shaping", 0.0) + self._shaping,
            **self._report(),
        }
        return next_observation, self.reward(reward), terminated, truncated, info

    def reward(self, reward: float) -> float:
        """``reward`` plus the term of the last step."""
        return reward + self._shaping
