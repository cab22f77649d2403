"""``webarena-gym train``: train a policy with any algorithm, the same flags for all."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

HELP = "train a policy with any algorithm"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .algorithms.registry import algorithm_names, sb3_names
    from .train_config import Reward, TrainConfig

    defaults = TrainConfig()
    names = (*algorithm_names(), *sb3_names())
    parser.add_argument("--algorithm", required=True, choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("--env", default=defaults.env_id, help=f"env id (default: {defaults.env_id})")
    parser.add_argument(
        "--env-steps", type=int, default=defaults.env_steps, help="training steps (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="folder for config, logs, checkpoints and result.json")
    parser.add_argument("--resume", action="store_true", help="go on from the newest checkpoint in --out")
    parser.add_argument(
        "--tasks", default="train", help="train, val, heldout, or ids separated by commas (default: train)"
    )
    parser.add_argument("--train-on-test", action="store_true", help="allow the official tasks; stamped on the result")
    parser.add_argument("--reward", choices=get_args(Reward), default=defaults.reward,
                        help="the task's own reward, or a milestone scheme added (default: %(default)s)")  # fmt: skip
    parser.add_argument(
        "--alpha", type=float, default=defaults.alpha, help="scale of the milestone reward (default: 0.3)"
    )
    parser.add_argument("--alpha-end", type=float, default=None, help="where alpha falls to over the run")
    parser.add_argument("--gamma", type=float, default=None, help="discount of learner and milestone reward alike")
    parser.add_argument("--num-envs", type=int, default=defaults.num_envs)
    parser.add_argument("--max-steps", type=int, default=defaults.max_steps, help="of an episode (default: 30)")
    parser.add_argument("--engine", choices=("http", "browser"), default="http")
    parser.add_argument("--eval-tasks", default="val", help="what to evaluate on (default: val)")
    parser.add_argument("--eval-episodes", type=int, default=defaults.eval_episodes)
    parser.add_argument("--eval-every", type=int, default=defaults.eval_every, help="env steps between evaluations")
    parser.add_argument("--checkpoint-every", type=int, default=defaults.checkpoint_every)
    parser.add_argument("--save-trajectories", action="store_true", help="keep every training episode")
    parser.add_argument("--init", default=None, help="checkpoint whose policy to start from")
    parser.add_argument("--demos", default=None, help="trajectory file to imitate, for bc")
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE",
                        help="a setting of the algorithm, such as learning_rate=0.001")  # fmt: skip
    parser.add_argument("--policy", default="candidate", metavar="KIND",
                        help="candidate (a small network), or llm:MODEL: a hub name, a folder, gemma-3-270m, smollm2-135m")  # fmt: skip
    parser.add_argument("--policy-option", action="append", default=[], metavar="NAME=VALUE",
                        help="a setting of the policy, such as lora_rank=32")  # fmt: skip
    parser.add_argument("--threads", type=int, default=1, help="threads of torch (default: 1)")
    parser.add_argument("--ray-workers", type=int, default=0, metavar="N",
                        help="Ray actors that play the episodes (default: none, all are played here)")  # fmt: skip
    parser.add_argument("--ray-envs", type=int, default=1, metavar="N", help="envs of each actor (default: 1)")
    parser.add_argument("--ray-gpus", type=float, default=0.0, metavar="SHARE", help="GPUs of each actor (default: 0)")
    parser.add_argument(
        "--ray-address", default=None, help="of a running Ray cluster, such as auto (default: one here)"
    )


def run(args: argparse.Namespace) -> int:
    import os

    import torch
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from . import parallel
    from .train import TrainEvent, train

    torch.set_num_threads(args.threads)
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:  # accelerate launch and torchrun say so
        parallel.join()
    config = config_of(args)
    first = parallel.number() == 0
    console = Console(stderr=True, quiet=not first)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"{config.algorithm} seed {config.seed}", total=config.env_steps)

        def show(event: TrainEvent) -> None:
            progress.update(task, completed=event.env_steps)
            if event.point is not None:
                rate, count = event.point.success_rate, event.point.episodes
                progress.console.print(
                    f"{event.env_steps:>7} steps: success {rate:6.1%} of {count} on {config.eval_tasks}"
                )

        result = train(config, out=args.out, resume=args.resume, callbacks=(show,), rollouts=_rollouts(args),
                       on_step=lambda steps: progress.update(task, completed=steps))  # fmt: skip
    parallel.leave()
    if not first:
        return 0
    stamp = "  TRAINED ON THE OFFICIAL TASKS" if result.to_json()["trained_on_test"] else ""
    final = result.learning_curve[-1].success_rate if result.learning_curve else float("nan")
    print(f"{config.algorithm}: {final:.1%} success on {config.eval_tasks} after {result.env_steps} env steps, "
          f"{result.infra_errors} infra errors; {args.out / 'result.json'}{stamp}")  # fmt: skip
    if result.metrics is not None:
        print(f"training: {result.metrics.to_text()}")
    return 0


def _rollouts(args: argparse.Namespace) -> Any:
    from .ray_rollout import RayConfig

    if args.ray_workers == 0:
        return None
    return RayConfig(
        workers=args.ray_workers, envs_per_worker=args.ray_envs, gpus_per_worker=args.ray_gpus, address=args.ray_address
    )


def config_of(args: argparse.Namespace) -> Any:
    """The ``TrainConfig`` that the options stand for."""
    from .train_config import TrainConfig

    return TrainConfig(
        algorithm=args.algorithm,
        env_id=args.env,
        env_steps=args.env_steps,
        seed=args.seed,
        tasks=task_selection(args.tasks),
        train_on_test=args.train_on_test,
        reward=args.reward,
        alpha=args.alpha,
        alpha_end=args.alpha_end,
        gamma=args.gamma,
        num_envs=args.num_envs,
        max_steps=args.max_steps,
        engine=args.engine,
        eval_tasks=task_selection(args.eval_tasks),
        eval_episodes=args.eval_episodes,
        eval_every=args.eval_every,
        checkpoint_every=args.checkpoint_every,
        save_trajectories=args.save_trajectories,
        init=args.init,
        demos=args.demos,
        options=dict(named_option(text) for text in args.option),
        policy=_policy_config(args.policy, dict(named_option(text) for text in args.policy_option)),
    )


def _policy_config(kind: str, options: dict[str, Any]) -> Any:
    from .candidate_policy import CandidatePolicyConfig
    from .llm_config import LLMPolicyConfig

    name, _, model = kind.partition(":")
    if name not in ("candidate", "llm") or (name == "candidate" and model):
        raise ValueError(f"--policy is candidate, or llm: and a model, got {kind!r}")
    cls = LLMPolicyConfig if name == "llm" else CandidatePolicyConfig
    if unknown := sorted(set(options) - {field.name for field in fields(cls)}):
        raise ValueError(
            f"this policy has no option {', '.join(unknown)}; its options are {', '.join(f.name for f in fields(cls))}"
        )
    return cls(**{**({"model": model} if model else {}), **options})


def task_selection(text: str) -> str | tuple[int | str, ...]:
    """A split's name, or the ids that ``text`` lists between commas."""
    if text in ("train", "val", "heldout", "test"):
        return text
    return tuple(int(part) if part.isdecimal() else part for part in text.split(","))


def named_option(text: str) -> tuple[str, Any]:
    """NAME=VALUE as a pair; VALUE as JSON where it is some.

    Raises:
        ValueError: there is no =.
    """
    name, separator, value = text.partition("=")
    if not separator:
        raise ValueError(f"an option is NAME=VALUE, got {text!r}")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
