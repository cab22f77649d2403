"""The runs that faults strike, each beside one that nothing struck, and how the two are compared."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from webarena_gym.agents.candidate_policy import CandidatePolicyConfig
from webarena_gym.agents.ray_rollout import RayConfig
from webarena_gym.agents.rollout import episode_requests
from webarena_gym.agents.train import train
from webarena_gym.agents.train_config import TrainConfig
from webarena_gym.agents.trajectory import Trajectory
from webarena_gym.agents.trajectory_file import read_trajectories, trajectory_to_json

from ..engines import chromium
from ..env import WebArenaEnv
from .eval_config import EvalConfig, planned_episodes
from .eval_folder import EvalFolder, Key, key_of
from .fault_outcomes import Outcome
from .playing import PlayCounts
from .success_rate import Progress, evaluate

TASKS = (36, 46, 65, 104, 120, 142)
"""Of the shop; a random policy plays them."""
JUDGED_TASKS = (28, 42, 10, 79, 22)
"""Of the shop, with answers that a judge is asked about; the oracle plays them."""
EPISODES_PER_UPDATE, UPDATES = 4, 3
PATIENCE_S = 10.0
"""For a browser that hangs, in training runs; evaluations wait as long as usual."""


@dataclass(frozen=True)
class Fault:
    """A fault, and the run that it strikes."""

    name: str
    run: Literal["eval", "train"]
    strike: Callable[[Path], AbstractContextManager[Callable[[], None]]]
    """Told the run's folder, a context in which calling what it gives strikes. Its end puts everything right again."""
    engine: Literal["http", "browser"] = "http"
    sites: Literal["embedded", "remote"] = "embedded"
    actors: int = 0
    judged: bool = False


@dataclass
class Stage:
    """Where runs leave their files, and what they share."""

    folder: Path
    cache_dir: str | None
    tasks: tuple[int, ...] = TASKS
    updates: int = UPDATES
    undisturbed: dict[str, dict[Key, str]] = field(default_factory=dict)
    """What runs without faults recorded, by their settings: an episode's line by its key."""


def run_eval(fault: Fault, number: int, stage: Stage) -> Outcome:
    """An evaluation of one worker, struck after its first episode while the next is played."""
    config = EvalConfig(
        policy="oracle" if fault.judged else "random",
        site="shopping",
        tasks=JUDGED_TASKS[: len(stage.tasks)] if fault.judged else stage.tasks,
        engine=fault.engine,
        sites=fault.sites,
        max_steps=5 if fault.engine == "browser" else 30,
        judge="chat:stand-in" if fault.judged else None,
        keep_pages=False,
        seed=number,
    )
    folder = stage.folder / f"{fault.name}-eval-{number}".replace(" ", "-")
    counts = PlayCounts()
    began = time.perf_counter()
    with fault.strike(folder) as strike:
        expected = _undisturbed(f"eval {config}", stage, lambda path: _evaluated(config, path, stage))
        once = _Once(strike, later_s=0.1 if fault.engine == "browser" else 0.0)

        def tell(progress: Progress) -> None:
            if progress.played >= 1:
                once()

        evaluate(config, EvalFolder(folder), workers=1, cache_dir=stage.cache_dir, retries=2, counts=counts, tell=tell)
        lines = (folder / "trajectories.jsonl").read_text("ascii").splitlines()
        played = read_trajectories(folder / "trajectories.jsonl").trajectories
    planned = [key_of(request) for request in planned_episodes(config)]
    found = _compared(planned, played, lines, expected)
    return Outcome(
        fault=fault.name, run="eval", number=number, struck=once.done, retried=counts.retried_episodes,
        seconds=round(time.perf_counter() - began, 1), **found,
    )  # fmt: skip


def _evaluated(config: EvalConfig, path: Path, stage: Stage) -> Path:
    evaluate(config, EvalFolder(path), workers=1, cache_dir=stage.cache_dir)
    return path / "trajectories.jsonl"


def run_train(fault: Fault, number: int, stage: Stage) -> Outcome:
    """A training run of a few updates, struck in its first."""
    config = TrainConfig(
        algorithm="reinforce", engine=fault.engine, num_envs=1 if fault.actors else 2, max_steps=4, eval_episodes=0, seed=number,
        env_steps=10**6, options={"episodes_per_update": EPISODES_PER_UPDATE}, save_trajectories=True,
        policy=CandidatePolicyConfig(embedding=4, hidden=8),
    )  # fmt: skip
    folder = stage.folder / f"{fault.name}-train-{number}".replace(" ", "-")
    began = time.perf_counter()
    with fault.strike(folder) as strike, _impatient():
        expected = _undisturbed(f"train {config.to_json()}", stage, lambda path: _trained(config, path, stage))
        once = _Once(strike, later_s=0.05)
        _trained(config, folder, stage, on_step=lambda steps: once() if steps >= 3 else None, actors=fault.actors)
        lines = (folder / "trajectories.jsonl").read_text("ascii").splitlines()
        played = read_trajectories(folder / "trajectories.jsonl").trajectories
    requests = islice(episode_requests(config.seed), stage.updates * EPISODES_PER_UPDATE)
    planned = [(request.env_seed, request.policy_seed) for request in requests]
    # After an update without the episodes that were hit, weights are others, and so are the episodes of the next update.
    first_hit = next((i for i, t in enumerate(played) if t.infra_error is not None), len(played))
    alike = -(-(first_hit + 1) // EPISODES_PER_UPDATE) * EPISODES_PER_UPDATE
    found = _compared(planned, played, lines, expected, alike=alike)
    return Outcome(
        fault=fault.name, run="train", number=number, struck=once.done, retried=0,
        seconds=round(time.perf_counter() - began, 1), **found,
    )  # fmt: skip


class _Spent(Exception):
    """The updates that a run is to have are done."""


def _trained(
    config: TrainConfig, path: Path, stage: Stage, *, on_step: Callable[[int], None] | None = None, actors: int = 0
) -> Path:
    """Train for the stage's number of updates: by their number, as steps differ where episodes are cut short."""
    updates = 0

    def count(event: Any) -> None:
        nonlocal updates
        updates += bool(event.metrics)
        if updates == stage.updates:
            raise _Spent

    def factory(tasks: Any) -> WebArenaEnv:
        return WebArenaEnv(
            "shopping", tasks=tasks, engine=config.engine, max_steps=config.max_steps, cache_dir=stage.cache_dir
        )

    rollouts = RayConfig(workers=actors) if actors else None
    try:
        train(config, factory, out=path, callbacks=(count,), on_step=on_step, rollouts=rollouts)
    except _Spent:
        pass
    return path / "trajectories.jsonl"


class _Once:
    """Strikes at the first call, or a moment later from a thread of its own, so that it strikes in mid-step."""

    def __init__(self, strike: Callable[[], None], *, later_s: float) -> None:
        self._strike, self._later_s = strike, later_s
        self.done = False

    def __call__(self) -> None:
        if not self.done:
            self.done = True
            if self._later_s:
                threading.Timer(self._later_s, self._strike).start()
            else:
                self._strike()


def _undisturbed(settings: str, stage: Stage, play: Callable[[Path], Path]) -> dict[Key, str]:
    if settings not in stage.undisturbed:
        lines = play(stage.folder / f"undisturbed-{len(stage.undisturbed)}").read_text("ascii").splitlines()
        stage.undisturbed[settings] = {_key(line): line for line in lines}
    return stage.undisturbed[settings]


def _key(line: str) -> Key:
    data = json.loads(line)
    return data["env_seed"], data["policy_seed"]


def _compared(
    planned: Sequence[Key],
    played: Sequence[Trajectory],
    lines: Sequence[str],
    expected: dict[Key, str],
    *,
    alike: int | None = None,
) -> dict[str, int]:
    """Counts for an ``Outcome``; of the first ``alike`` episodes those that were not hit must be as expected."""
    recorded = Counter(key_of(t) for t in played)
    kept = [t for t in played[:alike] if t.infra_error is None]
    return {
        "planned": len(planned),
        "hit": sum(t.infra_error is not None for t in played),
        "different": sum(trajectory_to_json(t) != expected.get(key_of(t)) for t in kept),
        "lost": len(set(planned) - set(recorded)),
        "twice": sum(count > 1 for count in recorded.values()) + len(lines) - len(played),
    }


@contextmanager
def _impatient() -> Iterator[None]:
    """A hanging browser is given up after seconds."""
    before = chromium.CALL_TIMEOUT_S, chromium.CHECK_TIMEOUT_S
    chromium.CALL_TIMEOUT_S, chromium.CHECK_TIMEOUT_S = PATIENCE_S, PATIENCE_S / 2
    try:
        yield
    finally:
        chromium.CALL_TIMEOUT_S, chromium.CHECK_TIMEOUT_S = before
