"""RESULTS.md's sections about language models, from the JSON of ``bench llm`` and ``bench gpu``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .llm_gpu import to_table as gpu_table
from .report import Table
from .stats import Interval

Data = Mapping[str, Any]


def training_command(data: Data) -> str:
    """What made the file."""
    name = "cpu" if data["model"]["device"] == "cpu" else "gpu"
    size = data["config"]["size"]
    return f"webarena-gym bench llm --size {size} --out benchmarks/results/llm_training_{name}.json --work WORK"


def training_text(data: Data) -> str:
    """What was trained, said loudly where the size is small."""
    config, model = data["config"], data["model"]
    loud = f"**{data['note']}** " if data["note"] else ""
    cpu_s = sum(run["cpu_s"] for run in data["runs"])
    return (
        f"{loud}{model['name']} on {model['device']}, LoRA rank {config['lora_rank']}, prompts of at most {config['max_prompt_tokens']} tokens; "
        f"SFT on {config['sft_env_steps']:,} demonstrated actions, the other arms {config['env_steps']:,} environment steps from there; "
        f"{config['seeds']} seed{'s' * (config['seeds'] > 1)}, {cpu_s / 60:.0f} minutes of processor time in all. {model['note']}".strip()
    )


def training_table(data: Data) -> Table:
    """Success by arm and split, and what the last update reported."""
    rows = []
    for arm, row in data["summary"].items():
        runs = [run for run in data["runs"] if run["arm"] == arm]
        losses = [run["metrics"]["policy_loss"] for run in runs if "policy_loss" in run["metrics"]]
        steps = sum(run["env_steps"] for run in runs) / len(runs)
        counted = [sum(s is not None for run in runs for _, s in run[split]) for split in ("val", "heldout")]
        rows.append((
            arm, f"{steps:,.0f}", f"{sum(losses) / len(losses):.3f}" if losses else "",
            *(f"{Interval(*row[split]).percent(0)} of {count}" for split, count in zip(("val", "heldout"), counted, strict=True)),
        ))  # fmt: skip
    return Table(columns=("arm", "env steps ", "last loss ", "val", "held-out"), rows=rows)


def gpu_text(data: Data) -> str:
    """The table of one device."""
    return gpu_table(dict(data))
