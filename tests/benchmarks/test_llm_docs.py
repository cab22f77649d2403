"""docs/llm.md: its tables are what the counting says, its options and metrics exist, its code is code."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import torch
from webarena_gym.agents.algorithms.registry import config_class
from webarena_gym.agents.llm_config import LLMPolicyConfig
from webarena_gym.agents.llm_served import sampler_mismatch
from webarena_gym.agents.policy import ActionScores
from webarena_gym.agents.trajectory import Batch, Step, Trajectory
from webarena_gym.benchmarks import llm_memory
from webarena_gym.benchmarks.results_page import results_page

TEXT = (Path(__file__).parents[2] / "docs" / "llm.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["training_table", "rollout_table"])
def test_the_tables_are_counted(name):
    (shown,) = re.findall(rf"<!-- counted: {name} -->\n(.*?)\n<!-- end -->", TEXT, flags=re.DOTALL)
    assert shown == getattr(llm_memory, name)()


def test_the_options_are_the_policys_and_the_algorithms():
    policy = {field.name: field.default for field in fields(LLMPolicyConfig)}
    rows = re.findall(r"^\| `(\w+)=(\S+)` \|", TEXT, flags=re.M)
    assert [(name, str(policy[name])) for name, _ in rows] == rows and len(rows) == 4
    assert set(re.findall(r"--policy-option (\w+)=", TEXT)) <= set(policy)
    assert set(re.findall(r"--option (\w+)=", TEXT)) <= {field.name for field in fields(config_class("mira"))}


def test_the_metrics_are_those_that_are_reported():
    class Sure:
        def score(self, states, actions):
            return ActionScores(torch.zeros(1, 1), torch.ones(1, 1, dtype=torch.bool), torch.zeros(1))

    step = Step(observation="o", action="a", logprob=0.0, token_logprobs=(0.0,))
    episode = Trajectory(task_id=1, env_seed=0, policy_seed=0, steps=(step,), final_observation="p", success=True, terminated=True, truncated=False)  # fmt: skip
    reported = sampler_mismatch(Sure(), Batch.of([episode]))
    listed = {
        name
        for row in re.findall(r"^\| (`(?:sampler|importance).*?) \|", TEXT, flags=re.M)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert listed == set(reported) and np.isfinite(list(reported.values())).all()


def test_the_example_is_python():
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    compile(code, "docs/llm.md", "exec")


def test_results_say_loudly_what_a_small_run_is_worth():
    run = {
        "arm": "sft",
        "seed": 0,
        "env_steps": 8,
        "cpu_s": 120.0,
        "metrics": {"policy_loss": 1.25},
        "val": [["t", True]],
        "heldout": [["h", None]],
    }
    data = {
        "note": "SMALL SIZE", "config": {"size": "small", "lora_rank": 4, "max_prompt_tokens": 640, "sft_env_steps": 8, "env_steps": 4, "seeds": 1},
        "model": {"name": "Gemma", "note": "", "device": "cpu"}, "machine": {}, "runs": [run],
        "summary": {"sft": {"val": [1.0, 0.2, 1.0], "heldout": [float("nan")] * 3}},
    }  # fmt: skip
    page = results_page({"llm_training_cpu": data})
    assert "**SMALL SIZE** Gemma on cpu" in page and "2 minutes of processor time" in page
    assert "| sft | 8 | 1.250 | 100% [20, 100] of 1 | – of 0 |" in page and "bench llm --size small" in page
