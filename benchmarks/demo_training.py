"""The demo's second part: one small policy trained from the task's own reward and with a milestone bonus, several seeds each.

An illustration at a size for a coffee break, not a benchmark: two families of generated tasks, one algorithm.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from .episodes import Episode, play_episodes
from .policies import critic_values
from .workers import process_pool, usable_cores

FAMILIES = ("product_price", "wish_list_add")
TRAIN_TASKS, VAL_TASKS = 400, 60  # listed of each family
REWARDS = ("sparse", "bonus")
LABELS = {"sparse": "task reward alone", "bonus": "with milestone bonus"}


@dataclass(frozen=True, kw_only=True)
class DemoTraining:
    """How much to train. Equal settings and seeds give equal weights on one machine."""

    env_steps: int = 4000
    """Of each run."""
    seeds: int = 3
    eval_every: int = 400
    """Env steps."""
    eval_episodes: int = 24
    """Val tasks of each evaluation, the same in every run."""
    max_steps: int = 8
    """Actions an episode; the oracle needs at most 4."""
    learning_rate: float = 3e-3
    """Of PPO; three times the default, since runs are short."""
    entropy_weight: float = 0.03
    """Of PPO; ten times the default, since nothing else finds the first success."""
    recorded: int = 24
    """Val episodes of each first seed's final policy to keep for the viewer."""
    cache_dir: str | None = None

    def __post_init__(self) -> None:
        for name in ("env_steps", "seeds", "eval_every", "eval_episodes", "max_steps", "learning_rate"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")


class Point(NamedTuple):
    """One evaluation: training steps before it, and which of the val tasks were solved (None: nobody can know)."""

    env_steps: int
    successes: tuple[bool | None, ...]


@dataclass(frozen=True, kw_only=True)
class TrainedRun:
    """What one run leaves behind."""

    reward: str
    seed: int
    points: tuple[Point, ...]
    env_steps: int
    infra_errors: int
    seconds: float
    """On one core, evaluation included."""
    episodes: tuple[Episode, ...]


Told = Callable[[str, int, int, float | None], None]
"""(reward, seed, env steps, newest success rate): progress of a run."""


def train_all(config: DemoTraining, folder: Path, told: Told, *, workers: int | None = None) -> list[TrainedRun]:
    """Every run, ``workers`` at a time in processes of their own; checkpoints go to ``folder/checkpoints``."""
    jobs = [(config, reward, seed, folder) for seed in range(config.seeds) for reward in REWARDS]
    news = get_context("spawn").Queue()
    with process_pool(min(workers or usable_cores(), len(jobs)), _begin_worker, news) as pool:
        futures = [pool.submit(_train_one, *job) for job in jobs]
        try:
            _listen(futures, news, told)
        except BaseException:  # KeyboardInterrupt too
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return [future.result() for future in futures]


def _listen(futures: Sequence[Future[TrainedRun]], news: Any, told: Told) -> None:
    while not all(future.done() for future in futures):
        for future in futures:
            if future.done() and (error := future.exception()) is not None:
                raise error
        try:
            while True:
                told(*news.get(timeout=0.2))
        except queue.Empty:
            pass


_news: Any = None  # of a worker process


def _begin_worker(news: Any) -> None:
    global _news
    _news = news


def _train_one(config: DemoTraining, reward: str, seed: int, folder: Path) -> TrainedRun:
    from webarena_gym.agents.run_folder import load_checkpoint
    from webarena_gym.agents.train import TrainEvent, train

    began = time.process_time()
    settings = train_config(config, reward, seed)
    rate: float | None = None

    def heard(event: TrainEvent) -> None:
        nonlocal rate
        rate = rate if event.point is None else event.point.success_rate
        _news.put((reward, seed, event.env_steps, rate))

    with TemporaryDirectory() as scratch:
        result = train(settings, _env_factory(config), out=Path(scratch) / "run", callbacks=(heard,))
        checkpoint = Path(scratch) / "run" / "checkpoint.pt"
        kept = folder / "checkpoints" / f"{reward}-seed{seed}"
        kept.mkdir(parents=True, exist_ok=True)
        for file in (checkpoint, checkpoint.with_name("config.json")):  # what candidate:FOLDER needs
            (kept / file.name).write_bytes(file.read_bytes())
        loaded = load_checkpoint(checkpoint)
    episodes = _record(config, settings, result.policy, loaded) if seed == 0 and config.recorded else ()
    return TrainedRun(
        reward=reward,
        seed=seed,
        points=tuple(Point(point.env_steps, point.successes) for point in result.learning_curve),
        env_steps=result.env_steps,
        infra_errors=result.infra_errors,
        seconds=time.process_time() - began,
        episodes=tuple(episodes),
    )


def train_config(config: DemoTraining, reward: str, seed: int) -> Any:
    """The ``TrainConfig`` of one run: equal but for reward and seed."""
    from webarena_gym.agents.train_config import TrainConfig

    return TrainConfig(
        algorithm="ppo",
        env_id="WebArenaLite-shopping-v0",
        env_steps=config.env_steps,
        seed=seed,
        tasks=task_ids("train", TRAIN_TASKS),
        reward=reward,  # type: ignore[arg-type]
        max_steps=config.max_steps,
        eval_tasks=task_ids("val", VAL_TASKS),
        eval_episodes=config.eval_episodes,
        eval_every=config.eval_every,
        checkpoint_every=config.env_steps,
        options={"learning_rate": config.learning_rate, "entropy_weight": config.entropy_weight},
    )


def task_ids(split: str, count: int, names: Sequence[str] = FAMILIES) -> tuple[str, ...]:
    """The first ``count`` tasks of each of these families that belong to a split; by default of the demo's."""
    from webarena_gym.tasks.generated import families

    found = []
    for family in families():
        if family.name in names:
            numbers = (number for number in range(40 * count) if family.split_of(number) == split)
            found += [f"{family.name}-{number:06d}" for number, _ in zip(numbers, range(count), strict=False)]
    return tuple(found)


def _env_factory(config: DemoTraining) -> Callable[[Any], Any]:
    from webarena_gym.env import WebArenaEnv

    def make(tasks: Any) -> Any:
        return WebArenaEnv("shopping", tasks=list(tasks), max_steps=config.max_steps, cache_dir=config.cache_dir)

    return make


def _record(config: DemoTraining, settings: Any, policy: Any, checkpoint: dict[str, Any]) -> list[Episode]:
    """The evaluation's episodes once more, to look at, with the rewards it trained on and its critic's values."""
    from itertools import islice

    from webarena_gym.agents.algorithms.registry import make_algorithm
    from webarena_gym.agents.rollout import episode_requests

    from reward_wrappers import MilestoneReward

    learner = make_algorithm(settings.algorithm, policy, settings.algorithm_config(), seed=settings.seed)
    learner.load_state_dict(checkpoint["algorithm"])
    env = _env_factory(config)(settings.eval_tasks)
    shaped = env
    if settings.reward != "sparse":
        gamma = settings.algorithm_config().gamma
        shaped = MilestoneReward(env, scheme=settings.reward, alpha=settings.alpha, gamma=gamma)
    requests = list(islice(episode_requests(settings.eval_seed), min(config.recorded, config.eval_episodes)))
    try:
        return [
            replace(episode, values=critic_values(learner, episode.trajectory.states()[:-1]))
            for episode in play_episodes(shaped, policy, requests, temperature=settings.eval_temperature)
        ]
    finally:
        env.close()
