"""``train_with_sb3``: a training run by Stable-Baselines3, with this package's evaluation, logs and result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from .rollout import InProcessCollector, episode_requests
from .run_folder import RunFolder
from .sb3 import SB3Policy, load_model, make_model, steps_heard_by
from .sb3_config import SB3Config

if TYPE_CHECKING:
    from .train import EnvFactory, LearningPoint, TrainEvent, TrainResult
    from .train_config import TrainConfig


def train_with_sb3(
    config: TrainConfig,
    env_factory: EnvFactory,
    *,
    out: Path | None,
    resume: bool,
    callbacks: Sequence[Callable[[TrainEvent], None]],
    on_step: Callable[[int], None] | None,
) -> TrainResult:
    """What ``train`` does for algorithms whose name begins with ``sb3-``.

    Raises:
        ValueError: If the config asks for what only this package's own policies can do.
    """
    from .train import TrainEvent, TrainResult, evaluate, shaped_env

    if config.init is not None or config.alpha_end is not None or config.save_trajectories:
        raise ValueError(f"{config.algorithm} takes no init, alpha_end or save_trajectories; leave them out")
    settings = config.algorithm_config()
    assert isinstance(settings, SB3Config)
    folder = None if out is None else RunFolder(out, config.to_json(), resume=resume)
    envs = [shaped_env(env_factory(config.tasks), config, lambda: config.alpha) for _ in range(config.num_envs)]
    model = make_model(config.algorithm, settings, envs, seed=config.seed)
    checkpoint = None if folder is None else folder.load_checkpoint()
    curve: list[LearningPoint] = [] if checkpoint is None else _curve(checkpoint["curve"])
    if checkpoint is not None and out is not None:
        model = load_model(model, out / "model.zip")
    policy = SB3Policy(model, settings.candidates)
    collector = (
        InProcessCollector([env_factory(config.eval_tasks) for _ in range(config.num_envs)])
        if config.eval_episodes
        else None
    )
    counts = {"episodes": 0, "infra_errors": 0} if checkpoint is None else checkpoint["counts"]

    def look(steps: int) -> None:
        point = None
        if collector is not None:
            requests = list(islice(episode_requests(config.eval_seed), config.eval_episodes))
            point = evaluate(policy, collector, requests, env_steps=steps, temperature=config.eval_temperature)
            curve.append(point)
        for callback in callbacks:
            callback(TrainEvent(steps, {}, point))
        if folder is None or out is None:
            return
        if point is not None:
            folder.log({"env_steps": steps, "eval_success_rate": point.success_rate})
        model.save(out / "model.zip")
        folder.save_checkpoint({"env_steps": steps, "curve": [asdict(p) for p in curve], "counts": counts})

    def after_step(steps: int, infos: Sequence[dict], ended: Sequence[bool]) -> None:
        counts["episodes"] += sum(map(bool, ended))
        counts["infra_errors"] += sum(bool(info.get("infra_error")) for info in infos)
        if on_step is not None:
            on_step(steps)
        if curve and steps // config.eval_every > curve[-1].env_steps // config.eval_every and steps < config.env_steps:
            look(steps)

    try:
        if not curve:
            look(0)
        left = config.env_steps - model.num_timesteps
        if left > 0:
            model.learn(total_timesteps=left, callback=steps_heard_by(after_step), reset_num_timesteps=False)
            look(model.num_timesteps)
    finally:
        model.env.close()
        if collector is not None:
            collector.close()
        if folder is not None:
            folder.close()
    result = TrainResult(config, policy, tuple(curve), model.num_timesteps, counts["episodes"], counts["infra_errors"])
    if folder is not None:
        folder.write_result(result.to_json())
    return result


def _curve(points: Sequence[dict]) -> list[LearningPoint]:
    from .train import LearningPoint

    return [LearningPoint(**{**point, "successes": tuple(point["successes"])}) for point in points]
