"""What a training run is told, in one record that is checked, written beside every result, and compared on resume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from .algorithms.base import AlgorithmConfig
from .algorithms.registry import default_config
from .candidate_policy import CandidatePolicyConfig
from .llm_config import LLMPolicyConfig

Reward = Literal["sparse", "bonus", "paper", "pbrs"]


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """A training run. Equal configs give equal weights on one machine.

    Raises:
        ValueError: If a field is out of range, the official tasks would be trained on without ``train_on_test``, or
            ``gamma`` is not the learner's own.
    """

    algorithm: str = "ppo"
    """One of ``webarena_gym.agents.algorithms.registry.algorithm_names()``."""
    env_id: str = "WebArenaLite-shopping-v0"
    env_steps: int = 6000
    """Stop at the first update after this many steps of the training envs; evaluation steps come on top."""
    seed: int = 0
    tasks: str | tuple[int | str, ...] = "train"
    train_on_test: bool = False
    """Allow ``tasks`` to name official ones. Stamped on every result."""
    reward: Reward = "sparse"
    """``sparse``: the task's own. Otherwise a scheme of ``MilestoneReward``."""
    alpha: float = 0.3
    """Scale of the milestone reward, in units of the task's reward."""
    alpha_end: float | None = None
    """Where alpha falls to, linearly over the run and changing between episodes only; None to keep it."""
    gamma: float | None = None
    """The discount of learner and milestone reward alike; None for the algorithm's default."""
    num_envs: int = 8
    max_steps: int = 30
    engine: str = "http"
    eval_tasks: str | tuple[int | str, ...] = "val"
    eval_episodes: int = 50
    """Episodes of each evaluation; 0 evaluates nothing. Every run with the same ``eval_seed`` meets the same tasks."""
    eval_every: int = 1000
    """Env steps between evaluations; there is one at the start and one at the end."""
    eval_seed: int = 20_000
    eval_temperature: float = 1.0
    """1 evaluates the policy that is trained, 0 what it finds most probable."""
    checkpoint_every: int = 1000
    """Env steps between checkpoints, where the run has a folder."""
    save_trajectories: bool = False
    """Write every training episode to ``trajectories.jsonl``."""
    init: str | None = None
    """A checkpoint whose policy weights to start from."""
    demos: str | None = None
    """A trajectory file to imitate, for algorithms that do; None lets the installed demonstrator play."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the algorithm's own config."""
    policy: CandidatePolicyConfig | LLMPolicyConfig = field(default_factory=CandidatePolicyConfig)
    """Which kind of policy is trained, and its settings."""

    def __post_init__(self) -> None:
        if self.reward not in get_args(Reward):
            raise ValueError(f"reward is one of {', '.join(get_args(Reward))}, got {self.reward!r}")
        for name in ("env_steps", "num_envs", "max_steps", "eval_every", "checkpoint_every", "alpha"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        if self.eval_episodes < 0 or self.eval_temperature < 0 or (self.alpha_end or 0) < 0:
            raise ValueError("eval_episodes, eval_temperature and alpha_end cannot be negative")
        if trains_on_test(self.tasks) and not self.train_on_test:
            raise ValueError(
                f"tasks={self.tasks!r} would train on the official tasks, which results are reported on; use 'train', or "
                "say train_on_test=True (--train-on-test), which every result will then show"
            )
        learner = self.algorithm_config().gamma
        if self.gamma is not None and learner != self.gamma:
            raise ValueError(
                f"gamma={self.gamma} for the milestone reward, but {learner} for {self.algorithm}: they must be one number"
            )

    def algorithm_config(self) -> AlgorithmConfig:
        """The algorithm's own config, with this run's gamma."""
        gamma = {} if self.gamma is None else {"gamma": self.gamma}
        return default_config(self.algorithm, **{**gamma, **self.options})

    def to_json(self) -> dict[str, Any]:
        """As plain data, the algorithm's config written out."""
        return {**asdict(self), "options": asdict(self.algorithm_config()), "gamma": self.algorithm_config().gamma}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TrainConfig:
        """The reverse of ``to_json``; lists come back as tuples."""
        known = {f.name for f in fields(cls)}
        values = {name: tuple(v) if isinstance(v, list) else v for name, v in data.items() if name in known}
        kind = LLMPolicyConfig if "model" in data["policy"] else CandidatePolicyConfig
        return cls(**{**values, "policy": kind(**data["policy"])})

    def with_changes(self, **changes: Any) -> TrainConfig:
        return replace(self, **changes)


def trains_on_test(tasks: str | tuple[int | str, ...]) -> bool:
    """True for the official tasks: the set "test", or a list with the number of one."""
    if isinstance(tasks, str):
        return tasks == "test"
    return any(isinstance(task, int) for task in tasks)
