"""``bench llm`` at its smallest: a tiny Gemma 3 goes through every arm on a toy shop, and a second call goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from webarena_gym.agents.rollout import EpisodeRequest, InProcessCollector
from webarena_gym.agents.trajectory_file import write_trajectories
from webarena_gym.benchmarks import llm_training
from webarena_gym.benchmarks.llm_training import (
    ARMS,
    SMALL,
    LLMTrainingConfig,
    measure_llm_training,
    selection,
    summarise,
    to_table,
)

from tests.agents.fakes import TwoArms

CONFIG = LLMTrainingConfig(
    size="small", model="tiny-gemma3", families=("product_price",), seeds=1, max_steps=2, max_prompt_tokens=800, max_action_tokens=16,
    lora_rank=4, learning_rate=1e-2, minibatch=4, micro_batch=4, sft_env_steps=24, env_steps=2, episodes_per_update=2, eval_episodes=3,
    num_envs=2,
)  # fmt: skip


class Right:
    def sample(self, states, randoms, *, temperature=1.0):
        from webarena_gym.agents.policy import ActionSample

        return [ActionSample("click(2)", None) for _ in states]


@pytest.fixture
def demos(tmp_path: Path) -> Path:
    file = tmp_path / "demos.jsonl"
    write_trajectories(file, InProcessCollector([TwoArms()]).collect(Right(), [EpisodeRequest(i, i) for i in range(4)]))
    return file


def test_every_arm_is_trained_evaluated_and_kept(tmp_path: Path, demos: Path, monkeypatch: pytest.MonkeyPatch):
    torch.set_num_threads(1)
    out, told = tmp_path / "report.json", list[str]()

    def measure(config=CONFIG):
        return measure_llm_training(
            config, out, tmp_path / "work", env_factory=lambda tasks: TwoArms(), demos=demos, told=told.append
        )

    with monkeypatch.context() as broken:  # dies in the third arm
        arm = llm_training._arm
        broken.setattr(
            llm_training, "_arm", lambda c, name, *rest: arm(c, name, *rest) if name != "filtered-bc" else 1 / 0
        )
        with pytest.raises(ZeroDivisionError):
            measure()
    assert [run["arm"] for run in json.loads(out.read_text())["runs"]] == ["base", "sft"]
    report = measure()
    assert [run["arm"] for run in report["runs"]] == list(ARMS) and len(told) == len(ARMS)
    assert (
        report == json.loads(out.read_text()) | {"summary": report["summary"]} and measure()["runs"] == report["runs"]
    )
    for run in report["runs"]:
        assert len(run["val"]) == len(run["heldout"]) == 3 and run["infra_errors"] == 0
        assert (run["env_steps"] >= (24 if run["arm"] == "sft" else 2)) == (run["arm"] != "base")
        assert ("policy_loss" in run["metrics"]) == (run["arm"] != "base")
    assert (
        report["summary"]["base"]["val"].estimate == 0 and report["summary"]["sft"]["val"].estimate == 1
    )  # one answer to clone
    table = to_table(report)
    assert table.startswith("SMALL SIZE") and "tiny Gemma 3 (random weights)" in table and "100%" in table
    with pytest.raises(ValueError, match="another config"):
        measure(replace(CONFIG, seeds=2))


def test_intervals_are_over_tasks_and_seeds():
    def run(seed: int, *outcomes: bool | None) -> dict:
        return {"arm": "sft", "seed": seed, "val": [[f"t{i}", s] for i, s in enumerate(outcomes)], "heldout": []}

    found = summarise([run(0, True, False, None), run(1, True, False, True)])["sft"]
    assert found["val"].estimate == pytest.approx(3 / 5)  # an episode that something broke under counts nowhere
    assert found["val"].low < 0.3 and found["val"].high > 0.8 and found["heldout"].estimate != found["heldout"].estimate


def test_the_small_size_names_tasks_of_its_own_and_the_full_one_takes_all():
    assert (
        all(task.startswith("product_unknown-") for task in selection(SMALL, "train"))
        and len(selection(SMALL, "val")) == 200
    )
    assert not set(selection(SMALL, "train")) & set(selection(SMALL, "val"))
    assert all(task.startswith("price_range-") for task in selection(SMALL, "heldout"))
    assert [selection(LLMTrainingConfig(), split) for split in ("train", "val", "heldout")] == [
        "train",
        "val",
        "heldout",
    ]
    with pytest.raises(ValueError, match="seeds is 1 or more"):
        LLMTrainingConfig(seeds=0)
