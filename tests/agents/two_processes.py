"""What ``test_parallel`` runs twice over, by ``torchrun``: one training run of a tiny Gemma 3, and what came of it.

torchrun --nproc-per-node 2 tests/agents/two_processes.py FOLDER ALGORITHM
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import gymnasium as gym
import torch
from webarena_gym.agents import parallel
from webarena_gym.agents.llm_config import LLMPolicyConfig
from webarena_gym.agents.train import TrainResult, train
from webarena_gym.agents.train_config import TrainConfig

from webarena_gym.cli import main

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.agents.fakes import TwoArms


def run(out: Path | None, algorithm: str) -> TrainResult:
    """Two updates of three actions: of two processes one has two of them and the other one."""
    torch.set_num_threads(1)
    policy = LLMPolicyConfig(
        model="tiny-gemma3", lora_rank=4, max_prompt_tokens=800, max_action_tokens=16, micro_batch=2
    )
    options = {"episodes_per_update": 3, "minibatch": 3, "learning_rate": 1e-2}
    if algorithm == "mira":
        options |= {"epochs": 2, "critic_epochs": 1, "curriculum": False}
    return train(
        TrainConfig(algorithm=algorithm, env_steps=6, eval_episodes=2, eval_every=100, num_envs=2, checkpoint_every=3, policy=policy,
                    options=options),
        lambda tasks: TwoArms(),
        out=out,
    )  # fmt: skip


def command(out: Path) -> int:
    """The command itself, as ``accelerate launch --no_python webarena-gym train ...`` starts it."""
    gym.register("TwoArms-v0", entry_point=lambda **options: TwoArms())
    return main([
        "train", "--algorithm", "reinforce", "--env", "TwoArms-v0", "--env-steps", "8", "--eval-episodes", "3",
        "--option", "episodes_per_update=4", "--out", str(out),
    ])  # fmt: skip


if __name__ == "__main__":
    folder, algorithm = Path(sys.argv[1]), sys.argv[2]
    parallel.join()
    result = run(folder / "run", algorithm)
    found = {"weights": result.policy.state_dict(), "result": result.to_json()}
    torch.save(found, folder / f"of-{os.environ['RANK']}.pt")
    sys.exit(command(folder / "command"))
