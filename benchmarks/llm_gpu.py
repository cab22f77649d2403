"""``webarena-gym bench gpu``: speed and memory of Gemma 3 at real size, on the GPU that is there.

Weights are random, which changes neither. Measured are rollouts (reading prompts, then writing tokens) by batch, and a MiRA
step of LoRA with gradient checkpointing: policy, value critic and potential. Each is set against the device: bytes that had
to be read over its bandwidth, arithmetic that had to be done over its peak. What checkpointing repeats does not count as work.

With ``--model tiny`` everything runs on a processor in seconds, which tests do; that says nothing about a GPU.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .llm_memory import (
    GEMMA_3,
    TINY,
    Architecture,
    TrainingPlan,
    cache_bytes,
    parameters,
    rollout_memory,
    training_memory,
)
from .machine import describe_machine
from .result_file import write_result

if TYPE_CHECKING:
    from webarena_gym.agents.llm_config import LLMPolicyConfig
    from webarena_gym.agents.llm_loading import LoadedModel
    from webarena_gym.agents.trajectory import Trajectory

HELP = "speed and memory of Gemma 3 at real size: rollouts by batch, and a MiRA step, against the device's limits"


class Device(NamedTuple):
    """What a device can do at best."""

    bandwidth_gb_s: float
    """Of its memory."""
    tflops: float
    """Dense bfloat16 arithmetic."""
    source: str


# By what the name that torch reports contains; the first match counts.
DEVICES = {
    "H200": Device(4800, 989, "NVIDIA H200 data sheet"),
    "H100 PCIe": Device(2000, 756, "NVIDIA H100 data sheet, PCIe"),
    "H100 NVL": Device(3900, 835, "NVIDIA H100 data sheet, NVL"),
    "H100": Device(3350, 989, "NVIDIA H100 data sheet, SXM"),
    "B200": Device(8000, 2250, "NVIDIA DGX B200 data sheet, an eighth"),
    "A100 80GB PCIe": Device(1935, 312, "NVIDIA A100 data sheet, PCIe 80 GB"),
    "A100-SXM4-80GB": Device(2039, 312, "NVIDIA A100 data sheet, SXM 80 GB"),
    "A100-SXM4-40GB": Device(1555, 312, "NVIDIA A100 data sheet, SXM 40 GB"),
    "L40S": Device(864, 362, "NVIDIA L40S data sheet"),
    "RTX 4090": Device(1008, 165, "NVIDIA Ada GPU architecture paper, float32 accumulation"),
    "MI300X": Device(5300, 1307, "AMD Instinct MI300X data sheet"),
}
MODELS: dict[str, Architecture] = {**GEMMA_3, "tiny": TINY}


@dataclass(frozen=True, kw_only=True)
class GpuConfig:
    """What is measured."""

    model: str = "12B"
    """One of ``MODELS``."""
    batches: tuple[int, ...] = (1, 16, 64)
    prompt_tokens: int = 4096
    new_tokens: int = 32
    """Written after each prompt."""
    lora_rank: int = 16
    step_actions: int = 8
    """Of the MiRA step, from two episodes."""
    micro_batch: int = 1
    attention: str = "sdpa"
    device: str = "auto"
    dtype: str = "auto"

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise ValueError(f"model is one of {', '.join(MODELS)}, got {self.model!r}")
        if (
            min((*self.batches, self.new_tokens, self.micro_batch)) < 1
            or self.step_actions < 2
            or self.prompt_tokens < 256
        ):
            raise ValueError(
                f"want batches, new_tokens and micro_batch of 1 or more, 2 actions and 256 prompt tokens, got {self}"
            )


def measure_gpu(
    config: GpuConfig, *, limits: Device | None = None, told: Callable[[str], None] = lambda line: None
) -> dict[str, Any]:
    """The report. ``limits`` replaces what ``DEVICES`` says of the device; where neither knows it, shares are None."""
    import torch
    from webarena_gym.agents.llm_config import LLMPolicyConfig
    from webarena_gym.agents.llm_loading import device_of, random_gemma3

    settings = LLMPolicyConfig(
        model="tiny-gemma3", lora_rank=config.lora_rank, dtype=config.dtype, device=config.device, attention=config.attention,
        max_prompt_tokens=config.prompt_tokens, max_action_tokens=max(16, config.new_tokens), micro_batch=config.micro_batch,
        generation_batch=max(config.batches), gradient_checkpointing=True,
    )  # fmt: skip
    device = device_of(settings)
    on_gpu = device.startswith("cuda")
    name = torch.cuda.get_device_name() if on_gpu else "processor"
    limits = limits or device_limits(name)
    model = MODELS[config.model]
    told(f"making {config.model} on {name}")
    loaded = random_gemma3(model.to_transformers(), settings, f"Gemma 3 {config.model} (random weights)")
    width = next(loaded.model.parameters()).element_size()
    rollouts = []
    for batch in config.batches:
        rollouts.append(
            _measured(lambda batch=batch: _rollout(config, model, loaded, batch, limits), on_gpu, batch=batch)
        )
        told(f"batch {batch}: {rollouts[-1]}")
    step = _measured(lambda: _mira_step(config, model, loaded, settings, limits), on_gpu, actions=config.step_actions)
    told(f"MiRA step: {step}")
    plan = TrainingPlan(
        rank=config.lora_rank, tokens=config.prompt_tokens, action_tokens=config.new_tokens, micro_batch=config.micro_batch, width=width
    )  # fmt: skip
    return {
        "config": asdict(config),
        "machine": describe_machine() | {package: version(package) for package in ("torch", "transformers", "peft")},
        "device": {"name": name, "limits": None if limits is None else limits._asdict(), "memory_bytes": _device_memory(on_gpu)},
        "parameters": parameters(model),
        "rollouts": [{**r, "counted_bytes": rollout_memory(model, r["batch"], config.prompt_tokens, width=width).total} for r in rollouts],
        "mira_step": {**step, "counted_bytes": training_memory(model, plan).total},
    }  # fmt: skip


def device_limits(name: str) -> Device | None:
    """What is known of the device that torch calls so.

    >>> device_limits("NVIDIA H100 80GB HBM3").bandwidth_gb_s, device_limits("abacus")
    (3350, None)
    """
    return next((device for part, device in DEVICES.items() if part in name), None)


def _rollout(
    config: GpuConfig, model: Architecture, loaded: LoadedModel, batch: int, limits: Device | None
) -> dict[str, Any]:
    import numpy as np
    from webarena_gym.agents.llm_generation import ActionWriter

    random = np.random.default_rng(0)
    vocabulary = len(loaded.tokenizer)
    prompts = [random.integers(3, vocabulary, config.prompt_tokens).tolist() for _ in range(batch)]

    def seconds(tokens: int) -> tuple[float, int]:
        writer = ActionWriter(loaded.model, loaded.tokenizer, max_tokens=tokens)
        began = _now()
        written = writer.write(prompts, [np.random.default_rng(i) for i in range(batch)], temperature=1.0)
        return _now() - began, max(len(w.token_ids) for w in written)

    seconds(2)  # kernels are chosen and memory is taken the first time
    reading, _ = seconds(1)
    whole, steps = seconds(config.new_tokens + 1)
    writing = max(whole - reading, 1e-9)
    width = next(loaded.model.parameters()).element_size()
    middle = config.prompt_tokens + config.new_tokens // 2
    to_read = parameters(model) * width + cache_bytes(model, batch, middle, width=width)
    to_compute = batch * forward_flops(model, config.prompt_tokens)
    return {
        "prompt_tokens_per_s": batch * config.prompt_tokens / reading,
        "tokens_per_s": batch * (steps - 1) / writing,
        "actions_per_s": batch / whole,
        "reading_s": reading,
        "writing_s_per_token": writing / max(1, steps - 1),
        "share_of_bandwidth": limits and to_read * (steps - 1) / writing / (limits.bandwidth_gb_s * 1e9),
        "share_of_arithmetic": limits and to_compute / reading / (limits.tflops * 1e12),
    }


def _mira_step(
    config: GpuConfig, model: Architecture, loaded: LoadedModel, settings: LLMPolicyConfig, limits: Device | None
) -> dict[str, Any]:
    import torch
    from webarena_gym.agents.algorithms.registry import default_config, make_algorithm
    from webarena_gym.agents.llm_policy import LLMPolicy
    from webarena_gym.agents.trajectory import Batch

    policy = LLMPolicy(settings, loaded=loaded)
    options = default_config(
        "mira", minibatch=config.step_actions, epochs=1, critic_epochs=1, potential_epochs=1, curriculum=False, replay=False
    )  # fmt: skip
    learner = make_algorithm("mira", policy, options, seed=0)
    half = config.step_actions // 2
    batch = Batch.of([_episode(half, success=True), _episode(config.step_actions - half, success=False)])
    with torch.no_grad():
        policy.score(batch.states[:1], batch.actions[:1])
    tokens = sum(len(policy.prompts.ids(state)) for state in batch.states) / batch.size
    began = _now()
    metrics = learner.update(batch)
    took = _now() - began
    # Forward: the reference, then values and potentials of both ends of a step. Both ways: policy, critic, and the potential
    # over the success's states. Backward costs a forward once more, since frozen weights need no gradient of their own.
    forward, both_ways = 5 * batch.size, 2 * batch.size + half + 1
    work = (forward + 2 * both_ways) * forward_flops(model, int(tokens))
    return {
        "seconds": took,
        "prompt_tokens": tokens,
        "actions_per_s": batch.size / took,
        "loss": metrics["policy_loss"],
        "share_of_arithmetic": limits and work / took / (limits.tflops * 1e12),
    }


def forward_flops(model: Architecture, tokens: int) -> float:
    """Operations of reading one row: two a weight and token, and attention to what each token sees; the last token's output alone.

    >>> one = Architecture(6, 8, 16, 1, 1, 4, 10, vocabulary=100)
    >>> # weights a layer: 4 * 8 * 4 + 3 * 8 * 16 = 512; seen by 4 tokens: 1 + 2 + 3 + 4 = 10; 4 operations for each of 4 numbers
    >>> forward_flops(one, 4) == 2 * 4 * 6 * 512 + 4 * 4 * 6 * 10 + 2 * 8 * 100
    True
    """
    weights = model.layers * sum(i * o for i, o in model.linear)
    everything = tokens * (tokens + 1) / 2
    window = min(tokens, model.window)
    near = window * (window + 1) / 2 + (tokens - window) * window
    seen = model.full_layers * everything + (model.layers - model.full_layers) * near
    attention = 4 * model.heads * model.head_dim * seen
    return 2 * tokens * weights + attention + 2 * model.hidden * model.vocabulary


def _episode(actions: int, *, success: bool) -> Trajectory:
    """One on a page that is longer than any prompt."""
    from webarena_gym.agents.trajectory import Step, Trajectory

    page = "\n".join(f'[{i}] link "Item {i}, {i * 7919 % 1000} in stock"' for i in range(1, 1500))
    observations = [
        f"goal: Buy item 7\nstep {t}/30\ntitle: Shop\nurl: http://a.test/{t}\n\n{page}" for t in range(actions + 1)
    ]
    steps = tuple(
        Step(observation=observations[t], action=f"click({t + 1})", task_reward=float(success and t == actions - 1), milestones={"m": t > 0})
        for t in range(actions)
    )  # fmt: skip
    return Trajectory(
        task_id="bench", env_seed=0, policy_seed=0, steps=steps, final_observation=observations[-1], success=success, terminated=True,
        truncated=False, reset_milestones={"m": False},
    )  # fmt: skip


def _measured(measure: Callable[[], dict[str, Any]], on_gpu: bool, **of: Any) -> dict[str, Any]:
    """What ``measure`` finds, with the peak of memory meanwhile; or that there was not enough."""
    import torch

    if on_gpu:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    try:
        found = {**of, **measure()}
    except torch.OutOfMemoryError as error:
        return {**of, "out_of_memory": str(error).splitlines()[0], "peak_bytes": _peak_bytes(on_gpu)}
    return {**found, "peak_bytes": _peak_bytes(on_gpu)}


def _peak_bytes(on_gpu: bool) -> int:
    """On a GPU of the allocator; else of the whole process since its start."""
    import torch

    if on_gpu:
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _device_memory(on_gpu: bool) -> int | None:
    import torch

    return torch.cuda.get_device_properties(0).total_memory if on_gpu else None


def _now() -> float:
    import torch

    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


def to_table(report: dict[str, Any]) -> str:
    """The report as a Markdown table."""
    lines = [f"Gemma 3 {report['config']['model']} (random weights), {report['device']['name']}", "", "| | peak memory | counted | speed | of bandwidth | of arithmetic |", "|---|---|---|---|---|---|"]  # fmt: skip
    for rollout in report["rollouts"]:
        speed = (
            rollout.get("out_of_memory")
            or f"{rollout['tokens_per_s']:,.1f} tokens/s written, {rollout['prompt_tokens_per_s']:,.0f} read"
        )
        lines.append(_row(f"rollouts, batch {rollout['batch']}", rollout, speed))
    step = report["mira_step"]
    lines.append(
        _row(f"MiRA step, {step['actions']} actions", step, step.get("out_of_memory") or f"{step['seconds']:.2f} s")
    )
    return "\n".join(lines)


def _row(name: str, found: dict[str, Any], speed: str) -> str:
    shares = ["–" if found.get(k) is None else f"{found[k]:.0%}" for k in ("share_of_bandwidth", "share_of_arithmetic")]
    sizes = [f"{found[k] / 1e9:.1f} GB" for k in ("peak_bytes", "counted_bytes")]
    return "| " + " | ".join([name, *sizes, speed, *shares]) + " |"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    default = GpuConfig()
    parser.add_argument(
        "--model", choices=tuple(MODELS), default=default.model, help="size of Gemma 3 (default: %(default)s)"
    )
    parser.add_argument(
        "--batches", default=",".join(map(str, default.batches)), help="of rollouts (default: %(default)s)"
    )
    parser.add_argument("--prompt-tokens", type=int, default=default.prompt_tokens, help="(default: %(default)s)")
    parser.add_argument(
        "--new-tokens", type=int, default=default.new_tokens, help="written after each prompt (default: %(default)s)"
    )
    parser.add_argument("--lora-rank", type=int, default=default.lora_rank, help="(default: %(default)s)")
    parser.add_argument(
        "--step-actions", type=int, default=default.step_actions, help="of the MiRA step (default: %(default)s)"
    )
    parser.add_argument(
        "--micro-batch", type=int, default=default.micro_batch, help="prompts in one pass (default: %(default)s)"
    )
    parser.add_argument(
        "--attention", default=default.attention, help="as transformers names it (default: %(default)s)"
    )
    parser.add_argument("--device", default=default.device, help="(default: the GPU if there is one)")
    parser.add_argument("--bandwidth-gb-s", type=float, help="of the device's memory, for one that is not in the table")
    parser.add_argument("--tflops", type=float, help="dense bfloat16 of the device")
    parser.add_argument("--json", type=Path, default=None, help="write the figures here")


def run(args: argparse.Namespace) -> int:
    """Measure, print, write."""
    if (args.bandwidth_gb_s is None) != (args.tflops is None):
        raise ValueError("--bandwidth-gb-s and --tflops go together")
    limits = None if args.tflops is None else Device(args.bandwidth_gb_s, args.tflops, "given on the command line")
    config = GpuConfig(
        model=args.model, batches=tuple(int(part) for part in args.batches.split(",")), prompt_tokens=args.prompt_tokens,
        new_tokens=args.new_tokens, lora_rank=args.lora_rank, step_actions=args.step_actions, micro_batch=args.micro_batch,
        attention=args.attention, device=args.device,
    )  # fmt: skip
    report = measure_gpu(config, limits=limits, told=lambda line: print(line, flush=True))
    print(to_table(report))
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_result(args.json, report)
    return 0
