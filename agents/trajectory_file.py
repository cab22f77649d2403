"""Trajectories on disk: JSON Lines, one episode a line, written whole or not at all.

A process that dies while it writes leaves at most one line cut short. Readers skip and report it; the next writer removes
it first. Text is ASCII with JSON escapes, so that any string that an env or a policy can hold comes back as it was,
unpaired surrogates included.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from webarena_gym.errors import WebArenaGymError

from .trajectory import FORMAT, Step, Trajectory


class TrajectoryFileError(WebArenaGymError):
    """A trajectory file holds something that is no trajectory of a format known here."""


@dataclass(frozen=True)
class ReadTrajectories:
    """What a file held."""

    trajectories: tuple[Trajectory, ...]
    cut_short_bytes: int
    """Length of an unfinished last line, which was skipped; 0 if there was none."""


def trajectory_to_json(trajectory: Trajectory) -> str:
    """One line, without its end."""
    return json.dumps({"format": FORMAT, **asdict(trajectory)}, allow_nan=False, separators=(",", ":"))


def trajectory_from_json(line: str) -> Trajectory:
    """The reverse of ``trajectory_to_json``.

    Raises:
        TrajectoryFileError: If the line is no JSON object, of another format, or lacks a field.
    """
    try:
        data: dict[str, Any] = json.loads(line)
        if data.pop("format") != FORMAT:
            raise TrajectoryFileError(
                f"this trajectory is not of format {FORMAT}; read it with the version that wrote it"
            )
        steps = tuple(Step(**{**s, "token_logprobs": tuple(s["token_logprobs"])}) for s in data.pop("steps"))
        return Trajectory(steps=steps, **data)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        shown = line if len(line) <= 80 else line[:77] + "..."
        raise TrajectoryFileError(f"not a trajectory: {shown!r} ({type(error).__name__}: {error})") from error


def append_trajectories(path: Path, trajectories: Iterable[Trajectory]) -> int:
    """Add episodes to a file, which is made if need be, and wait until the disk has them; returns the file's size in bytes.

    An unfinished last line, left by a process that died, is removed first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(trajectory_to_json(t) + "\n" for t in trajectories).encode("ascii")
    with open(path, "a+b") as file:
        size = file.seek(0, os.SEEK_END)
        whole = _whole_bytes(path)
        if whole < size:
            file.truncate(whole)
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    return whole + len(lines)


def write_trajectories(path: Path, trajectories: Sequence[Trajectory]) -> None:
    """Replace a file by these episodes: readers see the old file or the new one, never a part."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    append_trajectories(unfinished, trajectories)
    os.replace(unfinished, path)


def read_trajectories(path: Path) -> ReadTrajectories:
    """All whole episodes of a file.

    Raises:
        TrajectoryFileError: If a whole line is no trajectory; names the line.
        FileNotFoundError: If there is no such file.
    """
    *whole, rest = path.read_bytes().split(b"\n")
    trajectories = []
    for number, line in enumerate(whole, start=1):
        try:
            trajectories.append(trajectory_from_json(line.decode("ascii")))
        except (TrajectoryFileError, UnicodeDecodeError) as error:
            raise TrajectoryFileError(f"{path}, line {number}: {error}") from error
    return ReadTrajectories(tuple(trajectories), cut_short_bytes=len(rest))


def _whole_bytes(path: Path) -> int:
    """Bytes up to and including the last line end."""
    with open(path, "rb") as file:
        position = file.seek(0, os.SEEK_END)
        while position > 0:
            start = max(0, position - 65536)
            file.seek(start)
            found = file.read(position - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            position = start
    return 0
