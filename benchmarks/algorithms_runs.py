"""The runs of ``bench algorithms``: one start for each site and seed, and one run for each arm from there.

Each takes its place in the work folder when it is finished: ``starts/SITE-SEED.json`` with the weights beside it, and
``runs/ARM-SITE-SEED.json``. A run is determined by its config, so one that was lost half-way is simply repeated.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from webarena_gym.agents.whole_file import write_atomically

from webarena_gym.registration import env_id

from .algorithms_config import START, AlgorithmsConfig, Arm, SiteTasks, arm_of
from .demo_training import task_ids

if TYPE_CHECKING:
    from webarena_gym.agents.policy import Policy
    from webarena_gym.agents.train_config import TrainConfig

EVAL_SEED = 20_000  # which tasks an evaluation draws, and what the policy's random numbers are there
_START_SEEDS = 1_000  # added to a start's seed: no arm is to meet the demonstrated tasks in the same order again


def start_path(work: Path, site: str, seed: int) -> Path:
    return work / "starts" / f"{site}-{seed}.json"


def run_path(work: Path, arm: str, site: str, seed: int) -> Path:
    return work / "runs" / f"{arm}-{site}-{seed}.json"


def train_start(config: AlgorithmsConfig, tasks: SiteTasks, seed: int, work: Path) -> dict[str, Any]:
    """Clone demonstrations, evaluate, and keep the weights. The record is that of an arm's run, without a curve."""
    import torch
    from webarena_gym.agents.train import train

    torch.set_num_threads(1)
    began = time.process_time()
    cloning = Arm(name=START, algorithm="bc", about="", options={"learning_rate": config.start_learning_rate})
    settings = train_config(config, cloning, tasks, seed + _START_SEEDS)
    result = train(settings.with_changes(env_steps=tasks.start_steps, eval_episodes=0))
    path = start_path(work, tasks.site, seed)
    weights = io.BytesIO()
    torch.save({"policy": result.policy.state_dict()}, weights)
    write_atomically(path.with_suffix(".pt"), weights.getvalue())
    record = {
        "arm": START,
        "site": tasks.site,
        "seed": seed,
        "env_steps": result.env_steps,
        "curve": [],
        "val": outcomes(config, tasks, result.policy, "val", config.val_episodes),
        "heldout": outcomes(config, tasks, result.policy, "heldout", config.heldout_episodes),
        "infra_errors": result.infra_errors,
        "cpu_s": round(time.process_time() - began, 1),
    }
    write_atomically(path, json.dumps(record).encode())
    return record


def train_arm(config: AlgorithmsConfig, arm: str, tasks: SiteTasks, seed: int, work: Path) -> dict[str, Any]:
    """One run from its start. Outcomes are one character an episode: 1, 0, or - where an infrastructure error hides it."""
    import torch
    from webarena_gym.agents.train import train

    torch.set_num_threads(1)
    began = time.process_time()
    init = str(start_path(work, tasks.site, seed).with_suffix(".pt"))
    result = train(train_config(config, arm_of(arm), tasks, seed).with_changes(init=init))
    curve = [(point.env_steps, spelled(point.successes)) for point in result.learning_curve]
    more = outcomes(config, tasks, result.policy, "val", config.val_episodes, skip=config.curve_episodes)
    record = {
        "arm": arm,
        "site": tasks.site,
        "seed": seed,
        "env_steps": result.env_steps,
        "curve": curve,
        "val": curve[-1][1] + more,
        "heldout": outcomes(config, tasks, result.policy, "heldout", config.heldout_episodes),
        "infra_errors": result.infra_errors,
        "cpu_s": round(time.process_time() - began, 1),
    }
    path = run_path(work, arm, tasks.site, seed)
    write_atomically(path, json.dumps(record).encode())
    return record


def train_config(config: AlgorithmsConfig, arm: Arm, tasks: SiteTasks, seed: int) -> TrainConfig:
    """What one run is told: equal for all arms but for the algorithm, and the options and reward that the arm is about."""
    from webarena_gym.agents.train_config import TrainConfig

    return TrainConfig(
        algorithm=arm.algorithm,
        env_id=env_id(tasks.site),
        env_steps=config.env_steps,
        seed=seed,
        tasks=task_ids("train", config.train_tasks, tasks.families),
        reward=arm.reward,  # type: ignore[arg-type]
        alpha=arm.alpha,
        max_steps=config.max_steps,
        eval_tasks=listed(config, tasks, "val"),
        eval_episodes=config.curve_episodes,
        eval_every=config.eval_every,
        eval_seed=EVAL_SEED,
        options={"learning_rate": config.learning_rate, **arm.options},
    )


def listed(config: AlgorithmsConfig, tasks: SiteTasks, split: str) -> tuple[str, ...]:
    """The ids that an evaluation draws from."""
    return task_ids(split, config.val_tasks, tasks.heldout if split == "heldout" else tasks.families)


def outcomes(
    config: AlgorithmsConfig, tasks: SiteTasks, policy: Policy, split: str, count: int, *, skip: int = 0
) -> str:
    """How episodes number ``skip`` to ``count - 1`` of a split's evaluation end."""
    from webarena_gym.agents.rollout import InProcessCollector, episode_requests
    from webarena_gym.agents.train import default_env_factory, evaluate

    if skip >= count:
        return ""
    settings = train_config(config, Arm(name=START, algorithm="bc", about=""), tasks, 0)
    make = default_env_factory(settings)
    collector = InProcessCollector([make(listed(config, tasks, split)) for _ in range(settings.num_envs)])
    try:
        requests = list(islice(episode_requests(EVAL_SEED), skip, count))
        temperature = settings.eval_temperature
        return spelled(evaluate(policy, collector, requests, env_steps=0, temperature=temperature).successes)
    finally:
        collector.close()


def spelled(successes: Sequence[bool | None]) -> str:
    """Outcomes as text, a character each.

    >>> spelled([True, False, None])
    '10-'
    """
    return "".join("-" if success is None else str(int(success)) for success in successes)


def settings_of(config: AlgorithmsConfig) -> dict[str, Any]:
    """The config as it stands in a file."""
    return json.loads(json.dumps(asdict(config)))
