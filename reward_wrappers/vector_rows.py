"""Vector envs, row by row: one env's part of the batched infos, and what happened to each row in a step.

A *row* is one env of a vector env, by its index from 0; N is the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv


class InfoRow(Mapping[str, Any]):
    """Row ``i`` of a vector env's infos, looked up when asked: what the single env would have put there.

    Gymnasium batches the infos of N envs into one dict of arrays, each ``key`` with a mask ``_key`` of the rows that have
    it. Numbers come back as Python numbers. The order of nested keys is that of the batch, not of the single env.

    >>> infos = {"url": np.array(["/a", None], dtype=object), "_url": np.array([True, False])}
    >>> dict(InfoRow(infos, 0)), dict(InfoRow(infos, 1))
    ({'url': '/a'}, {})
    """

    __slots__ = ("_infos", "_row")

    def __init__(self, infos: Mapping[str, Any], row: int) -> None:
        self._infos, self._row = infos, row

    def __getitem__(self, key: str) -> Any:
        value = self._infos[key]
        mask = self._infos.get(f"_{key}")
        if mask is not None and not mask[self._row]:
            raise KeyError(key)
        if isinstance(value, dict):
            return InfoRow(value, self._row)
        value = value[self._row]
        return value.item() if isinstance(value, np.generic) else value

    def get(self, key: str, default: Any = None) -> Any:
        # Mapping.get() goes by way of an exception, which is slow for a key asked for on every step.
        return self[key] if key in self else default  # noqa: SIM401

    def __contains__(self, key: object) -> bool:
        if key not in self._infos:
            return False
        mask = self._infos.get(f"_{key}")
        return mask is None or bool(mask[self._row])

    def __iter__(self) -> Iterator[str]:
        is_mask = {f"_{key}" for key in self._infos}
        return (key for key in self._infos if key not in is_mask and key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"InfoRow({dict(self)!r})"


@dataclass(frozen=True)
class VectorStep:
    """One step of a vector env, with the rows told apart by what happened to them. Masks are (N,) bool."""

    actions: Any
    observations: Any
    """Batched, as the learner sees them: already of the next episode where an env was reset."""
    rewards: np.ndarray
    """(N,) float64, the wrapped env's."""
    terminations: np.ndarray
    truncations: np.ndarray
    infos: dict[str, Any]
    stepped: np.ndarray
    """Rows whose env took a step. Under NEXT_STEP the others were reset instead: no action, no reward."""
    began: np.ndarray
    """Rows whose observation is the first of an episode."""

    def ended_within(self, row: int) -> bool:
        """Whether the row's episode both ended and gave way to the next in this step, as SAME_STEP does."""
        return bool(self.began[row] and self.stepped[row])

    def info_of_step(self, row: int) -> Mapping[str, Any]:
        """The info that the env's step returned."""
        return InfoRow(self.infos["final_info"] if self.ended_within(row) else self.infos, row)

    def info_of_reset(self, row: int) -> Mapping[str, Any]:
        """The info that the env's reset returned."""
        infos = self.infos
        if self.ended_within(row):
            final = ("final_obs", "_final_obs", "final_info", "_final_info")
            infos = {key: value for key, value in infos.items() if key not in final}
        return InfoRow(infos, row)

    def failed(self) -> np.ndarray:
        """(N,) bool: rows whose step the machinery, not the policy, made fail (a true ``infra_error``)."""
        failed = np.zeros(len(self.rewards), dtype=bool)
        if any("infra_error" in place for place in (self.infos, self._final_info())):
            for row in np.flatnonzero(self.stepped):
                failed[row] = bool(self.info_of_step(row).get("infra_error"))
        return failed

    def carried(self, key: str, otherwise: np.ndarray) -> np.ndarray:
        """(N,) float64: what a shaping wrapper further in put at ``key`` about this step, else ``otherwise``."""
        values = otherwise.copy()
        for place in (self._final_info(), self.infos):  # of envs wrapped one by one, then of a wrapped vector env
            if key in place:
                rows = place[f"_{key}"] & self.stepped
                values[rows] = place[key][rows]
        return values

    def _final_info(self) -> dict[str, Any]:
        return self.infos.get("final_info") or {}


def autoreset_mode(envs: VectorEnv) -> AutoresetMode:
    """When a vector env resets rows that ended.

    Raises:
        ValueError: If its metadata does not say.
    """
    mode = envs.metadata.get("autoreset_mode")
    if not isinstance(mode, AutoresetMode):
        raise ValueError(
            f"{envs} does not say when it resets envs that ended: metadata['autoreset_mode'] is {mode!r}; set it to a "
            "gymnasium.vector.AutoresetMode, since rewards at the end of an episode depend on it"
        )
    return mode
