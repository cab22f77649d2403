"""``PotentialReward``: shaping by the change of a potential, any function of the observation or a trained critic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.core import ActType, ObsType
from gymnasium.utils import RecordConstructorArgs
from gymnasium.vector import VectorEnv
from gymnasium.vector.utils import concatenate, create_empty_array, iterate

from reward_wrappers.shaping import (
    Alpha,
    PotentialScheme,
    ShapingWrapper,
    alpha_in,
    check_alpha,
    check_scheme,
    shaping_term,
)
from reward_wrappers.transition import Transition
from reward_wrappers.vector_rows import VectorStep
from reward_wrappers.vector_shaping import VectorShapingWrapper

SCHEMES: tuple[PotentialScheme, ...] = ("paper", "pbrs")


class PotentialReward(ShapingWrapper[ObsType, ActType]):
    """Add the change of ``potential`` to the reward: ``alpha * (gamma * P(s') - P(s))`` for ``pbrs``.

    ``pbrs`` takes P of a terminal state as 0 (``potential`` is not asked there) and so leaves the set of optimal policies
    as it is, whatever the function, as long as it does not change within an episode. ``paper`` adds ``alpha * (P(s') -
    P(s))``, also at the end, and promises nothing.

    Args:
        env: Any Gymnasium env.
        potential: One observation to one finite number; a 0-d or one-element array or tensor will do.
        scheme: ``pbrs`` or ``paper``.
        alpha: The scale, in reward units per unit of potential: positive, or a function of the episode's index.
        gamma: The learner's discount, needed by ``pbrs``.

    Raises:
        ValueError: If an argument is invalid, or, on a step, the potential is not one finite number.

    >>> env = gym.make("FrozenLake-v1", map_name="4x4", is_slippery=False)
    >>> env = PotentialReward(env, lambda state: (state // 4 + state % 4) / 6, scheme="pbrs", alpha=1.0, gamma=1.0)
    >>> _ = env.reset(seed=0)
    >>> round(env.step(1)[1], 3)  # one of six steps closer
    0.167
    """

    def __init__(
        self,
        env: gym.Env[ObsType, ActType],
        potential: Callable[[ObsType], Any],
        *,
        scheme: PotentialScheme = "pbrs",
        alpha: Alpha = 0.3,
        gamma: float | None = None,
    ) -> None:
        _check(potential, scheme, alpha, gamma)
        # Not copied: a critic may be large, and goes on being trained.
        RecordConstructorArgs.__init__(
            self, _disable_deepcopy=True, potential=potential, scheme=scheme, alpha=alpha, gamma=gamma
        )
        super().__init__(env)
        self._potential, self._scheme, self._alpha, self._gamma = potential, scheme, alpha, gamma
        self._episode, self._scale, self._value = -1, 0.0, 0.0

    def _begin(self, start: Transition) -> None:
        self._episode += 1
        self._scale = alpha_in(self._alpha, self._episode)
        self._value = self._ask(start.next_observation)

    def _term(self, transition: Transition) -> float:
        unused = transition.terminated and self._scheme == "pbrs"
        before, self._value = self._value, 0.0 if unused else self._ask(transition.next_observation)
        ended = transition.terminated
        return shaping_term(self._scheme, before, self._value, terminated=ended, alpha=self._scale, gamma=self._gamma)

    def _ask(self, observation: ObsType) -> float:
        return float(_values(self._potential(observation), count=1)[0])


class VectorPotentialReward(VectorShapingWrapper[ObsType, ActType]):
    """``PotentialReward`` for a vector env: the same rewards, with one call of the potential for all rows.

    ``potential`` maps a batch of observations, as the vector env gives them (an (N, ...) array, a tuple of N texts, a dict
    of such), to N numbers, (N,) or (N, 1). Under SAME_STEP the final observations make a second batch, of those rows
    only. ``batched=False`` asks for one observation at a time, with the same function as ``PotentialReward`` takes.
    """

    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, np.ndarray],
        potential: Callable[[Any], Any],
        *,
        scheme: PotentialScheme = "pbrs",
        alpha: Alpha = 0.3,
        gamma: float | None = None,
        batched: bool = True,
    ) -> None:
        _check(potential, scheme, alpha, gamma)
        RecordConstructorArgs.__init__(
            self, _disable_deepcopy=True, potential=potential, scheme=scheme, alpha=alpha, gamma=gamma, batched=batched
        )
        super().__init__(env)
        self._potential, self._scheme, self._alpha, self._gamma = potential, scheme, alpha, gamma
        self._batched = batched
        self._episodes = np.full(self.num_envs, -1)
        self._scales = np.zeros(self.num_envs)
        self._values = np.zeros(self.num_envs)  # (N,) P of what the next action is chosen on

    def _begin(self, rows: Sequence[int], observations: Any, infos: dict[str, Any]) -> None:
        self._values[rows] = self._ask(observations)[rows]
        self._next_episode(rows)

    def _terms(self, step: VectorStep) -> np.ndarray:
        values = self._ask(step.observations)  # (N,), of the next episode where one began
        after = values.copy()
        ended_within = np.flatnonzero(step.began & step.stepped)
        if self._scheme == "pbrs":  # P of a terminal state is 0 by definition
            ended_within = ended_within[~step.terminations[ended_within]]
        if len(ended_within):
            after[ended_within] = self._ask_each([step.infos["final_obs"][row] for row in ended_within])
        failed = step.failed()
        terms = np.zeros(self.num_envs)
        for row in np.flatnonzero(step.stepped & ~failed).tolist():
            terms[row] = shaping_term(
                self._scheme,
                float(self._values[row]),
                float(after[row]),
                terminated=bool(step.terminations[row]),
                alpha=float(self._scales[row]),
                gamma=self._gamma,
            )
        kept = failed & ~step.began  # nothing happened there, so P stays what it was
        self._values = np.where(kept, self._values, values)
        self._next_episode(np.flatnonzero(step.began))
        return terms

    def _next_episode(self, rows: Sequence[int] | np.ndarray) -> None:
        self._episodes[rows] += 1
        self._scales[rows] = [alpha_in(self._alpha, int(episode)) for episode in self._episodes[rows]]

    def _ask(self, observations: Any) -> np.ndarray:
        if self._batched:
            return _values(self._potential(observations), self.num_envs)
        return self._ask_each(list(iterate(self.observation_space, observations)))

    def _ask_each(self, observations: list[Any]) -> np.ndarray:
        if self._batched:
            space = self.single_observation_space
            batch = concatenate(space, observations, create_empty_array(space, n=len(observations)))
            return _values(self._potential(batch), len(observations))
        return np.array([_values(self._potential(observation), count=1)[0] for observation in observations])


def _check(potential: Callable[[Any], Any], scheme: str, alpha: Alpha, gamma: float | None) -> None:
    check_scheme(scheme, SCHEMES, gamma)
    check_alpha(alpha)
    if not callable(potential):
        raise TypeError(f"a potential is called with an observation and gives a number, got {potential!r}")


def _values(values: Any, count: int) -> np.ndarray:
    """``count`` finite numbers, (count,) float64, from what a potential returned."""
    if hasattr(values, "detach"):  # a torch tensor, which knows its own way to numpy; torch is not imported for it
        values = values.detach().cpu().numpy()
    array = np.asarray(values, dtype=np.float64)
    if array.size != count:
        raise ValueError(
            f"the potential gave shape {array.shape} for {count} observation(s); it should give one number each"
        )
    array = array.reshape(count)
    if not np.isfinite(array).all():
        raise ValueError(f"the potential gave {array.tolist()}; every value must be finite")
    return array
