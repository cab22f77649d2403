"""``webarena-gym play``: a task in the terminal, by typing actions."""

from __future__ import annotations

import argparse

from .options import add_env_options, env_options

HELP = "play a task in the terminal by typing actions"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", default="shopping", help="shopping, ..., or all (default: shopping)")
    parser.add_argument("--task", default=None, help="task id (default: a random one)")
    parser.add_argument("--tasks", default="test", choices=("test", "train", "val", "heldout"))
    parser.add_argument("--seed", type=int, default=None)
    add_env_options(parser)


def run(args: argparse.Namespace) -> int:
    import gymnasium as gym

    from ..actions import describe_actions
    from ..registration import env_id

    env = gym.make(env_id(None if args.site == "all" else args.site), tasks=args.tasks, **env_options(args))
    task = int(args.task) if args.task is not None and args.task.isdigit() else args.task
    observation, info = env.reset(seed=args.seed, options={} if task is None else {"task_id": task})
    print(f"{describe_actions()}\n\nAn empty line ends the game.\n")
    try:
        while True:
            print(f"{observation}\n")
            try:
                action = input(f"task {info['task_id']}> ").strip()
            except EOFError:
                action = ""
            if not action:
                return 0
            observation, reward, terminated, truncated, info = env.step(action)
            reached = [name for name, held in info["milestones"].items() if held]
            print(
                f"\nreward {reward:g}   milestones {len(reached)}/{len(info['milestones'])}: {', '.join(reached) or 'none'}\n"
            )
            if terminated or truncated:
                print(_verdict(info))
                return 0
    finally:
        env.close()


def _verdict(info: dict) -> str:
    if info["infra_error"]:
        return f"the episode was cut off: {info['infra_error']}"
    checks = "\n".join(
        f"  {'ok ' if check.passed else 'NO '} {check.kind}: {check.detail}" for check in info["eval_result"].checks
    )
    return f"{'accepted' if info['success'] else 'rejected'}\n{checks}"
