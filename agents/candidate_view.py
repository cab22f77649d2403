"""``CandidateView``: any text env as numbers, for libraries that know boxes and discrete actions.

Observation ``Dict(candidates=Box(N, d), mask=MultiBinary(N))``: one row of features per action possible on the page, zeros
after the last. Action ``Discrete(N)``: the row to take; a row past the list is a no-op that costs a step. Features are those
of ``CandidatePolicy``, words as fixed random projections.
"""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary

from .features import DENSE_FEATURES, STATE_FEATURES, VOCABULARY, Bags, Featurizer, StateFeatures
from .trajectory import State

PROJECTION = 16  # numbers per bag of words
ROW = 1 + DENSE_FEATURES + STATE_FEATURES + 4 * PROJECTION
"""d: the prior's log-probability first, then page and history features, the state's, and the words'."""
NO_OP = "noop()"

_PROJECTIONS = np.random.default_rng(0).standard_normal((VOCABULARY, PROJECTION)).astype(np.float32)  # fixed for ever


def candidate_rows(features: StateFeatures, size: int) -> tuple[np.ndarray, np.ndarray]:
    """(size, ROW) float16 and the mask (size,) int8 of a state's candidates."""
    count = min(len(features.actions), size)
    rows = np.zeros((size, ROW), dtype=np.float16)
    of_state = np.concatenate([features.state, _mean(features.goal), _mean(features.page)])
    whole = np.concatenate(
        [
            np.maximum(features.prior, -20.0)[:, None],
            features.dense,
            np.tile(of_state, (len(features.actions), 1)),
            _means(features.names),
            _means(features.around),
        ],
        axis=1,
    )
    rows[:count] = whole[:count]
    mask = np.zeros(size, dtype=np.int8)
    mask[:count] = 1
    return rows, mask


class CandidateView(gym.Wrapper[dict[str, np.ndarray], int, str, str]):
    """See the module's docstring.

    Args:
        env: A text env.
        candidates: N; pages with more show the first of them, answers last.
        featurizer: Shared between views to share its cache; by default one of its own.
    """

    def __init__(self, env: gym.Env[str, str], *, candidates: int = 128, featurizer: Featurizer | None = None) -> None:
        super().__init__(env)
        self._size = candidates
        self._featurize = featurizer or Featurizer(max_candidates=candidates)
        self.observation_space = Dict(
            {"candidates": Box(-np.inf, np.inf, (candidates, ROW), np.float16), "mask": MultiBinary(candidates)}
        )
        self.action_space = Discrete(candidates)
        self._state = State(("",))
        self._actions: tuple[str, ...] = ()
        self._mask = np.zeros(candidates, dtype=np.int8)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        observation, info = self.env.reset(seed=seed, options=options)
        self._state = State((observation,))
        return self._view(), info

    def step(self, action: int) -> tuple[dict[str, np.ndarray], float, bool, bool, dict[str, Any]]:
        text = self._actions[int(action)] if int(action) < len(self._actions) else NO_OP
        observation, reward, terminated, truncated, info = self.env.step(text)
        self._state = self._state.after(text, observation)
        return self._view(), float(reward), terminated, truncated, info

    def action_masks(self) -> np.ndarray:
        """(N,) bool: the rows that are actions now. The name is the one that sb3-contrib looks for."""
        return self._mask.astype(bool)

    def _view(self) -> dict[str, np.ndarray]:
        features = self._featurize(self._state)
        self._actions = features.actions[: self._size]
        rows, self._mask = candidate_rows(features, self._size)
        return {"candidates": rows, "mask": self._mask}


def _means(bags: Bags) -> np.ndarray:
    """(N, PROJECTION) the mean projection of each row's words; zeros for a row without any."""
    lengths = np.diff(np.append(bags.starts, len(bags.ids)))
    sums = np.zeros((len(lengths), PROJECTION), dtype=np.float32)
    filled = lengths > 0
    if filled.any():
        sums[filled] = np.add.reduceat(_PROJECTIONS[bags.ids], bags.starts[filled])
    return sums / np.maximum(lengths, 1)[:, None]


def _mean(ids: np.ndarray) -> np.ndarray:
    return _PROJECTIONS[ids].mean(axis=0) if len(ids) else np.zeros(PROJECTION, dtype=np.float32)
