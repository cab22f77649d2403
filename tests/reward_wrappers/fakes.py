"""Envs small enough to work every reward out by hand."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium as gym
import numpy as np

EXAMPLES = 1000 if os.environ.get("WEBARENA_GYM_TEST_SIZE") == "full" else 60
"""Random examples per property: a decorator cannot ask a fixture."""


class ScriptedEnv(gym.Env):
    """Plays a script whatever the actions: ``observations[0]`` at reset, ``observations[t]`` after the t-th step.

    ``rewards[t - 1]`` and ``infos[t]`` come with it; lists that are too short mean 0.0 and {}. The last step ends the episode
    in the way that ``end`` names.
    """

    def __init__(
        self,
        observations: Sequence[int],
        rewards: Sequence[float] = (),
        infos: Sequence[Mapping[str, Any]] = (),
        end: str = "terminated",
    ) -> None:
        self.observation_space, self.action_space = gym.spaces.Discrete(1000), gym.spaces.Discrete(2)
        self._observations, self._end = list(observations), end
        length = len(self._observations)
        self._rewards = [*rewards, *[0.0] * length][: length - 1]
        self._infos = [*infos, *[{}] * length][:length]

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        super().reset(seed=seed)
        self._t = 0
        return self._observations[0], dict(self._infos[0])

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        self._t += 1
        last = self._t == len(self._observations) - 1
        return (
            self._observations[self._t],
            self._rewards[self._t - 1],
            last and self._end == "terminated",
            last and self._end == "truncated",
            dict(self._infos[self._t]),
        )


class TextCorridor(gym.Env):
    """Rooms in a row; ``right`` and ``left`` walk, anything else waits. The last room ends it with reward 1.

    Text observations and actions, a URL in the info, and, like WebArenaLite, milestones of its own. A walk into the wall
    on the left is a failure of the machinery: truncated, with ``infra_error``.
    """

    def __init__(self, rooms: int = 4, weights: Mapping[str, float] | None = None) -> None:
        self.observation_space = gym.spaces.Text(max_length=200)
        self.action_space = gym.spaces.Text(max_length=20)
        self._rooms, self._weights = rooms, dict(weights or {})

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        self._room, self._seen = 0, {0}
        return self._observe()

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        moved = self._room + {"right": 1, "left": -1}.get(action, 0)
        if moved < 0:
            observation, info = self._observe()
            return observation, 0.0, False, True, {**info, "infra_error": "the wall fell over"}
        self._room = moved
        self._seen.add(moved)
        goal = moved == self._rooms - 1
        observation, info = self._observe()
        return observation, float(goal), goal, False, info

    def _observe(self) -> tuple[str, dict[str, Any]]:
        milestones = {f"room {room}": room in self._seen for room in range(1, self._rooms)}
        info = {"url": f"http://corridor.test/room/{self._room}", "milestones": milestones}
        if self._weights:
            info["milestone_weights"] = dict(self._weights)
        return f'## Room {self._room}\n[1] link "Go right"', info


class TabularEnv(gym.Env):
    """A Markov decision process whose outcomes the action picks: ``step((a, s'))`` does ``a`` and lands in ``s'``.

    So a test can visit every outcome, and keep the probabilities to itself. States in ``terminal`` end the episode;
    ``cut`` names transitions ``(s, a, s')`` that are truncated instead.
    """

    def __init__(self, rewards: np.ndarray, terminal: frozenset[int], cut: frozenset[tuple[int, int, int]]) -> None:
        states, actions, _ = rewards.shape  # (S, A, S) reward of s, a, s'
        self.observation_space = gym.spaces.Discrete(states)
        self.action_space = gym.spaces.MultiDiscrete([actions, states])
        self._rewards, self._terminal, self._cut = rewards, terminal, cut

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        super().reset(seed=seed)
        self._state = (options or {}).get("state", 0)
        return self._state, {}

    def step(self, action: tuple[int, int]) -> tuple[int, float, bool, bool, dict[str, Any]]:
        chosen, outcome = action
        reward = float(self._rewards[self._state, chosen, outcome])
        cut = (self._state, chosen, outcome) in self._cut
        self._state = outcome
        return outcome, reward, outcome in self._terminal, cut, {}


def play(env: gym.Env, actions: Sequence[Any], *, seed: int | None = None) -> list[tuple[float, dict[str, Any]]]:
    """Reset, take the actions, and return each step's reward and info."""
    env.reset(seed=seed)
    return [(reward, info) for _, reward, _, _, info in map(env.step, actions)]
