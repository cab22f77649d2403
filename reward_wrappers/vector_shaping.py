"""``VectorShapingWrapper``: what every shaping wrapper of a vector env shares, in all three autoreset modes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import numpy as np
from gymnasium.core import ActType, ObsType
from gymnasium.error import ResetNeeded
from gymnasium.utils import RecordConstructorArgs
from gymnasium.vector import AutoresetMode, VectorEnv, VectorWrapper

from reward_wrappers.vector_rows import VectorStep, autoreset_mode


class VectorShapingWrapper(VectorWrapper[ObsType, ActType, ObsType, ActType, np.ndarray], RecordConstructorArgs):
    """Adds a term per row and step; the same rewards as the single wrapper around each env.

    ``infos`` gains ``task_reward`` and ``shaping``, (N,) float64, always about the rewards returned with them; the masks
    ``_task_reward`` and ``_shaping`` are False for the reset rows of NEXT_STEP, which took no action. Under SAME_STEP,
    what ended is looked up in ``final_obs`` and ``final_info``. Under DISABLED, ``reset(options={"reset_mask": ...})`` starts
    over only the rows named. A step with an ``infra_error`` adds nothing.

    Raises:
        ValueError: If the vector env's metadata does not name its autoreset mode.
    """

    def __init__(self, env: VectorEnv[ObsType, ActType, np.ndarray]) -> None:
        super().__init__(env)
        self._mode = autoreset_mode(env)
        # With copy=False the next step overwrites the observations that the milestones still need to see.
        self._reused = getattr(env.unwrapped, "copy", True) is False
        self._ended: np.ndarray | None = (
            None  # (N,) bool, rows that ended in the last step; None before the first reset
        )

    @abstractmethod
    def _begin(self, rows: Sequence[int], observations: Any, infos: dict[str, Any]) -> None:
        """Start an episode in each of ``rows`` after ``reset``; the other rows of the batch carry on."""

    @abstractmethod
    def _terms(self, step: VectorStep) -> np.ndarray:
        """(N,) float64: what to add to each row's reward; where episodes began, also start them."""

    def _report(self, infos: dict[str, Any]) -> dict[str, Any]:
        """Entries to add to the env's ``infos``, masks included, at reset and on every step."""
        return {}

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset all rows, or those of ``options["reset_mask"]``, (N,) bool, and start their episodes over."""
        mask = (options or {}).get("reset_mask")  # read first: Gymnasium's vector envs pop it
        observations, infos = self.env.reset(seed=seed, options=options)
        if mask is None or self._ended is None:
            mask = np.ones(self.num_envs, dtype=bool)
        self._ended = np.zeros(self.num_envs, dtype=bool) if self._ended is None else self._ended & ~mask
        seen = deepcopy(observations) if self._reused else observations
        self._begin(np.flatnonzero(mask).tolist(), seen, infos)
        return observations, {**infos, **self._report(infos)}

    def step(self, actions: ActType) -> tuple[ObsType, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Step all rows and add each row's term to its reward."""
        if self._ended is None:
            raise ResetNeeded(f"call reset() before step() on {type(self).__name__}")
        observations, rewards, terminations, truncations, infos = self.env.step(actions)
        ended = np.logical_or(terminations, truncations)
        nobody = np.zeros(self.num_envs, dtype=bool)
        step = VectorStep(
            actions=actions,
            observations=deepcopy(observations) if self._reused else observations,
            rewards=np.asarray(rewards, dtype=np.float64),
            terminations=terminations,
            truncations=truncations,
            infos=infos,
            stepped=~self._ended if self._mode is AutoresetMode.NEXT_STEP else ~nobody,
            began={AutoresetMode.NEXT_STEP: self._ended, AutoresetMode.SAME_STEP: ended}.get(self._mode, nobody),
        )
        self._ended = ended
        shaping = self._terms(step)
        infos = {
            **infos,
            "task_reward": step.carried("task_reward", step.rewards),
            "_task_reward": step.stepped,
            "shaping": step.carried("shaping", np.zeros(self.num_envs)) + shaping,
            "_shaping": step.stepped,
            **self._report(infos),
        }
        return observations, step.rewards + shaping, terminations, truncations, infos
