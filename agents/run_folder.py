"""The folder of a training run: config, metrics, checkpoint, results; safe against a process that dies at any moment.

A checkpoint is replaced whole and remembers how long the logs were, so that a resumed run cuts off what a dead one
wrote after it.
"""

from __future__ import annotations

import io
import json
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from webarena_gym.errors import WebArenaGymError
from webarena_gym.logs import note

from .patience import once_there_is_space
from .trajectory import Trajectory
from .trajectory_file import append_trajectories
from .whole_file import write_atomically

_LOGS = ("metrics.jsonl", "trajectories.jsonl")
_log = logging.getLogger("webarena_gym.agents.run_folder")


class RunFolderError(WebArenaGymError):
    """A folder holds another run, or none to resume."""


class RunFolder:
    """One run's files under ``path``.

    Raises:
        RunFolderError: If the folder holds a run already and ``resume`` is False, or ``resume`` is True and its config
            differs from ``config``.
    """

    def __init__(self, path: Path, config: Mapping[str, Any], *, resume: bool) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        stored = path / "config.json"
        written = json.dumps(config, indent=2, sort_keys=True)
        if stored.exists():
            if not resume:
                raise RunFolderError(f"{path} holds a run already; choose another folder, or resume it (--resume)")
            before = json.loads(stored.read_text())
            changed = sorted(k for k in before.keys() | config.keys() if before.get(k) != json.loads(written).get(k))
            if changed:
                raise RunFolderError(
                    f"{path} was started with another {', '.join(changed)}; resume with the same settings"
                )
        else:
            write_atomically(stored, written.encode())
        self._tensorboard = _tensorboard_writer(path)

    def load_checkpoint(self) -> dict[str, Any] | None:
        """The newest checkpoint, the logs cut back to it; None if there is none yet."""
        file = self.path / "checkpoint.pt"
        checkpoint = load_checkpoint(file) if file.exists() else None
        for name in _LOGS:
            log = self.path / name
            if log.exists():
                os.truncate(log, 0 if checkpoint is None else checkpoint["log_sizes"].get(name, 0))
        return checkpoint

    def save_checkpoint(self, checkpoint: Mapping[str, Any]) -> None:
        sizes = {name: (self.path / name).stat().st_size for name in _LOGS if (self.path / name).exists()}
        buffer = io.BytesIO()
        torch.save({**checkpoint, "log_sizes": sizes}, buffer)
        once_there_is_space(lambda: write_atomically(self.path / "checkpoint.pt", buffer.getvalue()))

    def log(self, record: Mapping[str, Any]) -> None:
        """One line of ``metrics.jsonl``; numbers also go to TensorBoard where it is installed."""
        file = self.path / "metrics.jsonl"
        size = file.stat().st_size if file.exists() else 0
        line = (json.dumps(record) + "\n").encode()
        once_there_is_space(lambda: _append_at(file, size, line))
        try:
            self._draw(record)
        except OSError as error:  # the curves are in metrics.jsonl too
            self._tensorboard = None
            note(_log, logging.WARNING, "TensorBoard's file cannot be written to and is left", error=str(error))

    def _draw(self, record: Mapping[str, Any]) -> None:
        if self._tensorboard is not None:
            for name, value in record.items():
                if isinstance(value, int | float) and name != "env_steps":
                    self._tensorboard.add_scalar(name, value, record["env_steps"])

    def keep(self, trajectories: Sequence[Trajectory]) -> None:
        once_there_is_space(lambda: append_trajectories(self.path / "trajectories.jsonl", trajectories))

    def write_result(self, result: Mapping[str, Any]) -> None:
        content = json.dumps(result, indent=2).encode()
        once_there_is_space(lambda: write_atomically(self.path / "result.json", content))

    def close(self) -> None:
        try:
            if self._tensorboard is not None:
                self._tensorboard.close()
        except OSError as error:  # a full disk: see ``log``
            note(_log, logging.WARNING, "TensorBoard's file cannot be written to and is left", error=str(error))


def _append_at(path: Path, size: int, line: bytes) -> None:
    """Write ``line`` after the first ``size`` bytes; what a failed try left after them goes."""
    with open(path, "ab") as file:
        file.truncate(size)
        file.write(line)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """A checkpoint, read without running code from it."""
    return torch.load(path, map_location="cpu", weights_only=True)


def _tensorboard_writer(path: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:  # the curves are in metrics.jsonl too
        return None
    return SummaryWriter(str(path / "tensorboard"))
