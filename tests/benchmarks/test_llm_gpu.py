"""``bench gpu`` at no real size: every part runs on a processor, and its arithmetic is worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from webarena_gym.benchmarks import llm_gpu
from webarena_gym.benchmarks.llm_gpu import Device, GpuConfig, device_limits, measure_gpu, to_table
from webarena_gym.benchmarks.llm_memory import TINY, parameters

from webarena_gym.cli import main

SMALL = GpuConfig(
    model="tiny",
    batches=(1, 2),
    prompt_tokens=600,
    new_tokens=4,
    lora_rank=4,
    step_actions=2,
    device="cpu",
    dtype="float32",
)


def test_rollouts_and_a_mira_step_are_measured_against_the_limits():
    torch.set_num_threads(1)
    report = measure_gpu(SMALL, limits=Device(10, 0.1, "by hand"))
    assert report["parameters"] == parameters(TINY) and report["device"]["limits"]["source"] == "by hand"
    for rollout, batch in zip(report["rollouts"], (1, 2), strict=True):
        assert (
            rollout["batch"] == batch
            and rollout["tokens_per_s"] > 0
            and rollout["peak_bytes"] > rollout["counted_bytes"] > 0
        )
        # float32: four bytes a weight, and the cache of 602 tokens, of which five of six layers keep 63:
        # 2 * 2 heads * 16 * 4 bytes * (602 + 5 * 63) a row.
        read = 4 * parameters(TINY) + batch * 256 * (602 + 5 * 63)
        assert rollout["share_of_bandwidth"] == pytest.approx(read / rollout["writing_s_per_token"] / 10e9)
        assert rollout["share_of_arithmetic"] == pytest.approx(
            batch * llm_gpu.forward_flops(TINY, 600) / rollout["reading_s"] / 0.1e12
        )
    step = report["mira_step"]
    assert 550 < step["prompt_tokens"] <= 600 and step["seconds"] > 0 and step["loss"] > 0
    # Two actions: 10 forward passes alone, 2 + 2 + 2 both ways, and a way back costs as much again.
    assert step["share_of_arithmetic"] == pytest.approx(
        (10 + 2 * 6) * llm_gpu.forward_flops(TINY, int(step["prompt_tokens"])) / step["seconds"] / 0.1e12
    )
    table = to_table(report)
    assert "rollouts, batch 2" in table and "MiRA step, 2 actions" in table and "%" in table


def test_too_little_memory_is_reported_not_raised(monkeypatch: pytest.MonkeyPatch):
    def full(*args):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GB")

    monkeypatch.setattr(llm_gpu, "_rollout", full)
    monkeypatch.setattr(llm_gpu, "_mira_step", full)
    report = measure_gpu(SMALL)
    assert all("Tried to allocate" in found["out_of_memory"] for found in (*report["rollouts"], report["mira_step"]))
    assert to_table(report).count("CUDA out of memory") == 3 and report["device"]["limits"] is None


def test_the_command_writes_its_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(llm_gpu, "_mira_step", lambda *args: {"seconds": 1.0, "loss": 1.0})
    out = tmp_path / "gpu.json"
    options = "--model tiny --batches 1 --prompt-tokens 300 --new-tokens 2 --device cpu --bandwidth-gb-s 10 --tflops 1"
    assert main(["bench", "gpu", *options.split(), "--json", str(out)]) == 0
    assert json.loads(out.read_text())["rollouts"][0]["batch"] == 1 and "tokens/s" in capsys.readouterr().out
    assert main(["bench", "gpu", "--tflops", "1"]) == 2 and "go together" in capsys.readouterr().err


def test_devices_are_known_by_name():
    assert device_limits("NVIDIA H100 PCIe").tflops == 756 and device_limits("NVIDIA H100 80GB HBM3").tflops == 989
    with pytest.raises(ValueError, match="model is one of"):
        GpuConfig(model="13B")
