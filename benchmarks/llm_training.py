"""``webarena-gym bench llm``: a language model before training, cloned from demonstrations, and trained on from there.

``base`` is the model as it came, ``sft`` clones the scripted oracles' solutions; ``filtered-bc``, ``webrl`` and ``mira`` start
from ``sft`` and play the same number of environment steps. Compared is success at tasks that training never met, of its
families (val) and of others (held-out).

Two sizes. ``full`` is an experiment and wants a GPU. ``small`` proves the path on a processor in minutes: a handful of
episodes and prompts cut short, from which nothing follows about the methods; its report says so.

Every finished arm is kept, and a second call goes on where the first was stopped.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .machine import describe_machine
from .result_file import write_result
from .stats import Interval, clustered_wilson

if TYPE_CHECKING:
    from webarena_gym.agents.train import EnvFactory
    from webarena_gym.agents.train_config import TrainConfig

HELP = "a language model before and after SFT, filtered BC, WebRL and MiRA, on val and held-out tasks"

ARMS = ("base", "sft", "filtered-bc", "webrl", "mira")
SPLITS = ("val", "heldout")
SMALL_NOTE = "SMALL SIZE: proves that the path runs, on a handful of episodes; says nothing about the methods."
_ALGORITHM = {"sft": "bc"}


@dataclass(frozen=True, kw_only=True)
class LLMTrainingConfig:
    """What is trained and compared. Written beside the results; results of another config are not gone on with."""

    size: Literal["small", "full"] = "full"
    model: str = "gemma-3-270m"
    env_id: str = "WebArenaLite-shopping-v0"
    families: tuple[str, ...] = ()
    """Of training and val tasks; none for all."""
    heldout_families: tuple[str, ...] = ()
    """None for all."""
    seeds: int = 3
    max_steps: int = 15
    """Actions an episode."""
    max_prompt_tokens: int = 4096
    max_action_tokens: int = 64
    lora_rank: int = 16
    learning_rate: float = 1e-4
    minibatch: int = 32
    micro_batch: int = 4
    sft_env_steps: int = 6000
    """Demonstrated actions."""
    env_steps: int = 6000
    """Of the arms that start from ``sft``."""
    episodes_per_update: int = 64
    epochs: int = 1
    """Passes over the data of an update, of policy and critics alike."""
    eval_episodes: int = 100
    """Of each split."""
    num_envs: int = 16
    gradient_checkpointing: bool = False

    def __post_init__(self) -> None:
        if self.size not in ("small", "full"):
            raise ValueError(f"size is 'small' or 'full', got {self.size!r}")
        counts = "seeds", "sft_env_steps", "env_steps", "episodes_per_update", "eval_episodes", "num_envs", "max_steps"
        for name in counts:
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is 1 or more, got {getattr(self, name)}")


SMALL = LLMTrainingConfig(
    size="small", families=("product_unknown",), heldout_families=("price_range",), seeds=1, max_steps=2, max_prompt_tokens=768,
    max_action_tokens=24, lora_rank=4, minibatch=4, micro_batch=1, sft_env_steps=8, env_steps=4, episodes_per_update=2,
    eval_episodes=2, num_envs=2,
)  # fmt: skip


def measure_llm_training(
    config: LLMTrainingConfig,
    out: Path,
    work: Path,
    *,
    env_factory: EnvFactory | None = None,
    demos: Path | None = None,
    told: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train and evaluate whatever ``out`` does not hold yet, writing it after each arm, and return the report.

    Args:
        out: The report, as JSON.
        work: Folder for the training runs.
        env_factory: Makes envs in place of ``config.env_id``'s.
        demos: A trajectory file to imitate in place of the scripted oracles.

    Raises:
        ValueError: ``out`` holds results of another config.
        ModelError, MissingDependency: The model cannot be had.
    """
    report = _opened(out, config)
    done = {(run["arm"], run["seed"]) for run in report["runs"]}
    missing = [(arm, seed) for seed in range(config.seeds) for arm in ARMS if (arm, seed) not in done]
    if not missing:
        return report
    for arm, seed in missing:
        began = time.process_time()
        record, report["model"] = _arm(config, arm, seed, work, env_factory, demos)
        record["cpu_s"] = round(time.process_time() - began, 1)
        report["runs"].append(record)
        report["summary"] = summarise(report["runs"])
        write_result(out, report)
        rates = ", ".join(f"{split} {Interval(*report['summary'][arm][split]).percent(0)}" for split in SPLITS)
        told(f"{arm} seed {seed}: {rates}; {record['cpu_s']:.0f} s of processor time")
    return report


def _arm(
    config: LLMTrainingConfig, arm: str, seed: int, work: Path, factory: EnvFactory | None, demos: Path | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """One arm's record, and what its model is."""
    from webarena_gym.agents.llm_policy import LLMPolicy
    from webarena_gym.agents.train import default_env_factory, train

    model = unpacked_model(config, work)
    settings = train_config(config, arm, seed, work, model=model["folder"])
    make = factory or default_env_factory(settings)
    record: dict[str, Any] = {"arm": arm, "seed": seed, "env_steps": 0, "episodes": 0, "infra_errors": 0, "metrics": {}}
    if arm == "base":
        policy: Any = LLMPolicy(settings.policy, seed=seed)
    else:
        folder, metrics = work / f"{arm}-{seed}", {}
        settings = settings.with_changes(demos=str(demos)) if demos is not None and arm == "sft" else settings
        result = train(settings, make, out=folder, resume=(folder / "config.json").exists(),
                       callbacks=(lambda event: metrics.update(event.metrics),))  # fmt: skip
        policy = result.policy
        record |= {
            "env_steps": result.env_steps,
            "episodes": result.episodes,
            "infra_errors": result.infra_errors,
            "metrics": metrics,
        }
    for split in SPLITS:
        record[split] = _evaluated(config, policy, make, split)
    return record, {"name": model["name"], "note": model["note"], "device": str(policy.device)}


def unpacked_model(config: LLMTrainingConfig, work: Path) -> dict[str, str]:
    """``folder``, or hub name, of the model, with its ``name`` and ``note`` for tables.

    Weights that come quantised in a package take most of a minute to expand, so that is done once.
    """
    from webarena_gym.agents.llm_loading import load_model, packaged_models

    if config.model not in packaged_models():
        return {"folder": config.model, "name": Path(config.model).name, "note": ""}
    folder, about = work / "model", work / "model.json"
    if not about.exists():
        loaded = load_model(policy_config(config, config.model))
        loaded.model.save_pretrained(str(folder))
        loaded.tokenizer.save_pretrained(str(folder))
        about.write_text(
            json.dumps({"folder": str(folder), "name": loaded.name, "note": loaded.note}), encoding="utf-8"
        )
    return json.loads(about.read_text(encoding="utf-8"))


def _evaluated(config: LLMTrainingConfig, policy: Any, make: EnvFactory, split: str) -> list[list[Any]]:
    """[task id, success or None] of each episode; every arm and seed meets the same tasks, and takes what it finds most probable."""
    from webarena_gym.agents.rollout import InProcessCollector, episode_requests

    tasks = selection(config, split)
    collector = InProcessCollector([make(tasks) for _ in range(min(config.num_envs, config.eval_episodes))])
    try:
        played = collector.collect(
            policy, list(islice(episode_requests(20_000), config.eval_episodes)), temperature=0.0
        )
    finally:
        collector.close()
    return [[trajectory.task_id, trajectory.success] for trajectory in played]


def policy_config(config: LLMTrainingConfig, model: str) -> Any:
    """The ``LLMPolicyConfig`` of every arm."""
    from webarena_gym.agents.llm_config import LLMPolicyConfig

    return LLMPolicyConfig(
        model=model, lora_rank=config.lora_rank, max_prompt_tokens=config.max_prompt_tokens,
        max_action_tokens=config.max_action_tokens, micro_batch=config.micro_batch, generation_batch=config.num_envs,
        gradient_checkpointing=config.gradient_checkpointing,
    )  # fmt: skip


def train_config(config: LLMTrainingConfig, arm: str, seed: int, work: Path, *, model: str) -> TrainConfig:
    """What an arm's run is told; ``base`` gets that of ``sft``, which it never uses."""
    from webarena_gym.agents.train_config import TrainConfig

    algorithm = _ALGORITHM.get(arm, "bc" if arm == "base" else arm)
    rate = config.learning_rate
    options: dict[str, Any] = {
        "learning_rate": rate, "minibatch": config.minibatch, "episodes_per_update": config.episodes_per_update,
    }  # fmt: skip
    if arm in ("filtered-bc", "webrl", "mira"):
        options["epochs"] = config.epochs
    if arm in ("webrl", "mira"):
        options |= {"critic_learning_rate": rate, "critic_epochs": config.epochs}
    if arm == "mira":
        options |= {"potential_learning_rate": rate, "potential_epochs": config.epochs}
    imitates = algorithm == "bc"
    steps = config.sft_env_steps if imitates else config.env_steps
    return TrainConfig(
        algorithm=algorithm, env_id=config.env_id, env_steps=steps, seed=seed, tasks=selection(config, "train"), max_steps=config.max_steps,
        num_envs=config.num_envs, eval_episodes=0, checkpoint_every=max(1, steps // 10), policy=policy_config(config, model), options=options,
        init=None if imitates else str(work / f"sft-{seed}" / "checkpoint.pt"),
    )  # fmt: skip


def selection(config: LLMTrainingConfig, split: str) -> str | tuple[str, ...]:
    """The tasks of a split: all of it, or those of the families that the config names."""
    from .demo_training import task_ids

    names = config.heldout_families if split == "heldout" else config.families
    return task_ids(split, 200, names) if names else split


def summarise(runs: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Interval]]:
    """Success by arm and split, with 95% intervals over tasks and seeds."""
    found: dict[str, dict[str, Interval]] = {}
    for arm in dict.fromkeys(run["arm"] for run in runs):
        found[arm] = {}
        for split in SPLITS:
            known = [
                (bool(s), task, run["seed"])
                for run in runs
                if run["arm"] == arm
                for task, s in run[split]
                if s is not None
            ]
            outcomes, tasks, seeds = zip(*known, strict=True) if known else ((), (), ())
            found[arm][split] = (
                clustered_wilson(outcomes, tasks, seeds) if len(set(seeds)) > 1 else clustered_wilson(outcomes, tasks)
            )
    return found


def to_table(report: Mapping[str, Any]) -> str:
    """The summary as lines for people."""
    config = report["config"]
    lines = [SMALL_NOTE] if config["size"] == "small" else []
    lines.append(f"{report['model']['name']} on {report['model']['device']}, {config['seeds']} seeds")
    lines.append(f"{'':12}{'val':>22}{'held-out':>22}")
    for arm, row in report["summary"].items():
        lines.append(f"{arm:12}" + "".join(f"{Interval(*row[split]).percent(0):>22}" for split in SPLITS))
    return "\n".join(lines)


def _opened(out: Path, config: LLMTrainingConfig) -> dict[str, Any]:
    settings = json.loads(json.dumps(asdict(config)))
    if not out.exists():
        packages = {package: version(package) for package in ("gymnasium", "torch", "transformers", "peft")}
        note = SMALL_NOTE if config.size == "small" else ""
        return {
            "note": note,
            "config": settings,
            "machine": describe_machine() | packages,
            "model": {},
            "runs": [],
            "summary": {},
        }
    report = json.loads(out.read_text(encoding="utf-8"))
    if report["config"] != settings:
        raise ValueError(f"{out} holds results of another config; name another file, or delete it to start over")
    return report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--size",
        choices=("small", "full"),
        default="full",
        help="full wants a GPU; small proves the path on a processor",
    )
    parser.add_argument("--out", type=Path, required=True, help="JSON file for results; gone on with if it is there")
    parser.add_argument("--work", type=Path, required=True, help="folder for the training runs")
    parser.add_argument("--model", default=None, help="hub name, folder, or a packaged model (default: gemma-3-270m)")
    parser.add_argument("--seeds", type=int, default=None)
    parser.add_argument("--max-prompt-tokens", type=int, default=None)
    parser.add_argument("--learning-rate", type=float, default=None)
    parser.add_argument("--env-steps", type=int, default=None, help="of the arms that start from sft")
    parser.add_argument("--sft-env-steps", type=int, default=None, help="demonstrated actions")
    parser.add_argument("--eval-episodes", type=int, default=None, help="of each split")
    parser.add_argument("--gradient-checkpointing", action="store_true", default=None)
    parser.add_argument("--threads", type=int, default=1, help="threads of torch (default: 1)")


def run(args: argparse.Namespace) -> int:
    """Train, evaluate, write and print."""
    import torch

    torch.set_num_threads(args.threads)
    names = (
        "model",
        "seeds",
        "max_prompt_tokens",
        "learning_rate",
        "env_steps",
        "sft_env_steps",
        "eval_episodes",
        "gradient_checkpointing",
    )
    given = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    config = replace(SMALL if args.size == "small" else LLMTrainingConfig(), **given)
    report = measure_llm_training(config, args.out, args.work, told=lambda line: print(line, flush=True))
    print(to_table(report))
    return 0
