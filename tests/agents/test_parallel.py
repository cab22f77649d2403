"""Two processes train one tiny Gemma 3 (gloo, on the processor) to the weights that one process reaches."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from webarena_gym.agents import parallel
from webarena_gym.agents.llm_config import LLMPolicyConfig
from webarena_gym.agents.llm_policy import LLMPolicy
from webarena_gym.agents.train import train
from webarena_gym.agents.train_config import TrainConfig

from tests.agents.fakes import TwoArms
from tests.agents.two_processes import run


def torchrun(*words: str) -> None:
    # --standalone finds a free port of its own.
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr[-3000:]


def test_two_processes_train_as_one_does(tmp_path: Path):
    torchrun(str(Path(__file__).with_name("two_processes.py")), str(tmp_path), "mira")
    first, second = (torch.load(tmp_path / f"of-{rank}.pt", weights_only=True) for rank in range(2))
    alone = run(None, "mira")
    assert first["weights"].keys() == alone.policy.state_dict().keys()
    moved = 0.0
    for name, weight in alone.policy.state_dict().items():
        assert torch.equal(first["weights"][name], second["weights"][name]), name
        torch.testing.assert_close(first["weights"][name], weight, atol=2e-4, rtol=0)
        moved += float(weight.abs().sum()) if "lora_B" in name else 0.0  # which starts at zero
    assert moved > 1e-2
    assert first["result"]["env_steps"] == second["result"]["env_steps"] == alone.env_steps == 6
    assert first["result"]["learning_curve"] == second["result"]["learning_curve"]
    # The first process alone wrote: a line for each of two updates and of the evaluations before and after.
    logged = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert len(logged) == 4 and sum("policy_loss" in record for record in logged) == 2
    by_command = json.loads((tmp_path / "command" / "result.json").read_text())
    assert by_command["env_steps"] == 8 and by_command["episodes"] == 8
    assert [point["episodes"] for point in by_command["learning_curve"]] == [3, 3]


def test_what_cannot_be_shared_out_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parallel, "count", lambda: 2)
    with pytest.raises(ValueError, match="device=auto"):
        LLMPolicy(LLMPolicyConfig(model="tiny-gemma3", device="map"))
    with pytest.raises(ValueError, match="trains in one process"):
        train(TrainConfig(algorithm="sb3-ppo"), lambda tasks: TwoArms())


def test_alone_nothing_is_shared_out():
    assert (parallel.count(), parallel.number()) == (1, 0)
    assert parallel.share(np.arange(3)).tolist() == [0, 1, 2]
    assert parallel.gathered([1, 2]) == [1, 2] and parallel.from_first("x") == "x" and parallel.added_up(2.0) == 2.0
