"""The folder of an evaluation, safe against a process that dies at any moment.

``config.json`` says what was asked, ``trajectories.jsonl`` holds one finished episode a line, ``pages/`` what each looked
like. An episode counts as played once its line is whole; its pages are written before, so a line never lacks them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from webarena_gym.agents.rollout import EpisodeRequest
from webarena_gym.agents.trajectory import Trajectory
from webarena_gym.agents.trajectory_file import TrajectoryFileError, append_trajectories, trajectory_from_json
from webarena_gym.agents.whole_file import write_atomically

from webarena_gym.errors import WebArenaGymError

from .episodes import Episode
from .eval_config import EvalConfig

Key = tuple[int, int]  # env seed and policy seed: together one planned episode


class EvalFolderError(WebArenaGymError):
    """A folder holds another evaluation, or none."""


class Described(NamedTuple):
    """A policy in words."""

    name: str
    note: str = ""
    """What must be said beside its results."""
    training: str = ""
    """The command that trained it, if one did."""


class BadLine(NamedTuple):
    """A line of the results that is no episode, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Played:
    """What a folder holds so far."""

    trajectories: tuple[Trajectory, ...]
    """In the order of their lines; of an episode played again, the newest."""
    bad_lines: tuple[BadLine, ...]
    """Skipped: most often one cut short when a process died."""


def key_of(episode: EpisodeRequest | Trajectory) -> Key:
    assert episode.env_seed is not None
    return episode.env_seed, episode.policy_seed


class EvalFolder:
    """One evaluation's files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, config: EvalConfig, about: dict[str, Any]) -> None:
        """Make the folder, or see that it was begun with the same config; ``about`` is kept beside it.

        Raises:
            EvalFolderError: It was begun with another config.
        """
        file = self.path / "config.json"
        if file.exists():
            before = self.config()
            changed = [name for name, value in config.to_json().items() if value != before.to_json()[name]]
            if changed:
                raise EvalFolderError(
                    f"{self.path} holds an evaluation with another {', '.join(changed)}; choose another folder, or the same "
                    "settings to go on with it"
                )
            return
        self.path.mkdir(parents=True, exist_ok=True)
        write_atomically(file, json.dumps({**config.to_json(), "about": about}, indent=1).encode())

    def config(self) -> EvalConfig:
        return EvalConfig.from_json(self._stored())

    def about(self) -> dict[str, Any]:
        """What was noted at the beginning: the machine and versions."""
        return self._stored()["about"]

    def name_policy(self, described: Described) -> None:
        """Note what the policy calls itself, which only its worker processes know."""
        file = self.path / "policy.json"
        if not file.exists():
            write_atomically(file, json.dumps(described._asdict()).encode())

    def policy(self) -> Described:
        """What the policy calls itself; as the config does while no episode was played."""
        file = self.path / "policy.json"
        if not file.exists():
            return Described(self.config().policy)
        return Described(**json.loads(file.read_text(encoding="utf-8")))

    def _stored(self) -> dict[str, Any]:
        try:
            return json.loads((self.path / "config.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise EvalFolderError(f"{self.path} holds no evaluation; webarena-gym eval --out makes one") from None

    def played(self) -> Played:
        """Every whole episode; lines that are none are reported, never fatal."""
        file = self.path / "trajectories.jsonl"
        lines = file.read_bytes().split(b"\n") if file.exists() else []
        found: dict[Key, Trajectory] = {}
        bad = []
        for number, line in enumerate(lines, 1):
            if not line:
                continue
            try:
                trajectory = trajectory_from_json(line.decode("ascii"))
            except (TrajectoryFileError, UnicodeDecodeError) as error:
                last = number == len(lines)
                bad.append(BadLine(number, "cut short" if last else f"{type(error).__name__}: {str(error)[:120]}"))
                continue
            found.pop(key_of(trajectory), None)
            found[key_of(trajectory)] = trajectory
        return Played(tuple(found.values()), tuple(bad))

    def add(self, episodes: Iterable[Episode]) -> None:
        """Keep finished episodes; on return they are on disk."""
        episodes = list(episodes)
        for episode in episodes:
            if episode.pages or episode.values:
                beside = {"pages": episode.pages, "values": episode.values}
                write_atomically(
                    self._beside(episode.trajectory), gzip.compress(json.dumps(beside).encode(), 6, mtime=0)
                )
        append_trajectories(self.path / "trajectories.jsonl", [episode.trajectory for episode in episodes])

    def episode(self, trajectory: Trajectory) -> Episode:
        """The trajectory with its pages and values, as far as they are kept."""
        try:
            beside = json.loads(gzip.decompress(self._beside(trajectory).read_bytes()))
        except (FileNotFoundError, EOFError, ValueError, OSError):
            return Episode(trajectory=trajectory)
        return Episode(trajectory=trajectory, pages=tuple(beside["pages"]), values=tuple(beside["values"]))

    def _beside(self, trajectory: Trajectory) -> Path:
        env_seed, policy_seed = key_of(trajectory)
        return self.path / "pages" / f"{env_seed}-{policy_seed}.json.gz"
