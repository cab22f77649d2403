"""What an evaluation is told, and the episodes that follow from it: equal configs ask for equal episodes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

import numpy as np
from webarena_gym.agents.rollout import EpisodeRequest

from webarena_gym.config import SPLITS
from webarena_gym.env import WebArenaEnv
from webarena_gym.errors import SiteNotAvailable
from webarena_gym.sites.registry import available_sites
from webarena_gym.tasks.catalog import belongs
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.schema import Task


@dataclass(frozen=True, kw_only=True)
class EvalConfig:
    """An evaluation.

    Raises:
        ValueError: A field is out of range.
    """

    policy: str
    """See ``policies``."""
    site: str | None = None
    """One of the env ids' sites; None for all."""
    tasks: str | tuple[int | str, ...] = "test"
    """``test`` (the official tasks), a generated split, or task ids."""
    episodes: int = 100
    """Tasks drawn from a generated split; official ones and lists are all played."""
    per_site: int | None = None
    """Official tasks of each site, drawn by ``seed``; None for all of them."""
    k: int = 1
    """Episodes of each task, for pass@k."""
    seed: int = 0
    engine: Literal["http", "browser"] = "http"
    sites: Literal["embedded", "remote"] = "embedded"
    scoring: Literal["lite", "strict", "hardened", "verified"] = "lite"
    judge: str | None = None
    """A language model that decides fuzzy matches, ``chat:MODEL``; None for the deterministic rules."""
    observation: Literal["text", "html", "axtree"] = "text"
    max_steps: int = 30
    max_obs_chars: int = 8000
    scale: float = 1.0
    temperature: float = 1.0
    """Of the policy's choices; 0 takes the most probable, and then every episode of a task is the same."""
    keep_pages: bool = True
    """Keep what every page looked like, for the report."""
    policy_options: Mapping[str, Any] = field(default_factory=dict)
    """Settings of a language model, such as ``max_prompt_tokens``."""

    def __post_init__(self) -> None:
        for name in ("episodes", "k", "max_steps"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is at least 1, got {getattr(self, name)}")
        if self.temperature < 0 or self.seed < 0:
            raise ValueError(f"temperature and seed cannot be negative, got {self.temperature} and {self.seed}")
        if self.temperature == 0 and self.k > 1:
            raise ValueError(
                f"at temperature 0 all {self.k} episodes of a task would be the same; use k=1 or a temperature"
            )
        if self.per_site is not None and (self.per_site < 1 or self.tasks != "test"):
            raise ValueError(f"per_site draws 1 or more of the official tasks, got {self.per_site} of {self.tasks!r}")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> EvalConfig:
        known = {field.name for field in fields(cls)}
        return cls(**{name: tuple(v) if isinstance(v, list) else v for name, v in data.items() if name in known})

    def env(self, cache_dir: str | None = None) -> WebArenaEnv:
        """The env that episodes are played in."""
        from .judging import load_judge

        return WebArenaEnv(
            self.site, tasks=self.tasks, engine=self.engine, sites=self.sites, scoring=self.scoring,
            observation=self.observation, max_obs_chars=self.max_obs_chars, max_steps=self.max_steps, scale=self.scale,
            cache_dir=cache_dir, judge=load_judge(self.judge),
        )  # fmt: skip


def planned_episodes(config: EvalConfig) -> list[EpisodeRequest]:
    """Every episode to play: the first of each task, then the second of each, and so on.

    A task's seeds come from its own id, so leaving tasks out changes nothing for the others.

    Raises:
        SiteNotAvailable: Tasks need a site that is not embedded; leaving them out silently would flatter the policy.
    """
    tasks = list(_tasks(config))
    return [
        EpisodeRequest(env_seed, _seed(config.seed, label, sample), task)
        for sample in range(config.k)
        for task, label, env_seed in tasks
    ]


def _tasks(config: EvalConfig) -> Iterator[tuple[int | str | None, str, int]]:
    """(task id or None to draw one, a name for its seeds, env seed)."""
    if isinstance(config.tasks, str) and config.tasks != "test":
        assert config.tasks in SPLITS
        for number in range(config.episodes):
            yield None, f"{config.tasks} {number}", _seed(config.seed, f"{config.tasks} {number}", -1)
        return
    ids = tuple(config.tasks) if not isinstance(config.tasks, str) else _official(config)
    for task in ids:
        yield task, str(task), _seed(config.seed, str(task), -1)


def _official(config: EvalConfig) -> tuple[int, ...]:
    found = [task for task in load_official_tasks() if belongs(task, config.site)]
    if config.sites == "embedded":
        missing = sorted({site for task in found for site in task.sites} - set(available_sites()))
        if missing:
            raise SiteNotAvailable(
                f"{', '.join(missing)} are not embedded here; choose tasks of one site with --site, or name them with --tasks"
            )
    if config.per_site is not None:
        found = _drawn(found, config.per_site, config.seed)
    return tuple(task.task_id for task in found)  # type: ignore[misc]


def _drawn(tasks: Sequence[Task], per_site: int, seed: int) -> list[Task]:
    """So many of each site, tasks over several sites as a site of their own; in the order that they came in."""
    by_site: dict[tuple[str, ...], list[Task]] = {}
    for task in tasks:
        by_site.setdefault(task.sites if len(task.sites) == 1 else (), []).append(task)
    random = np.random.default_rng(seed)
    chosen = set()
    for found in by_site.values():
        for index in random.permutation(len(found))[:per_site]:
            chosen.add(found[int(index)].task_id)
    return [task for task in tasks if task.task_id in chosen]


def _seed(seed: int, label: str, sample: int) -> int:
    return int(np.random.SeedSequence([seed, zlib.crc32(label.encode()), sample + 1]).generate_state(1)[0])


def command_of(config: EvalConfig) -> str:
    """The command that plays these episodes, defaults left out.

    >>> command_of(EvalConfig(policy="random", tasks="val", episodes=200, temperature=0.0))
    'webarena-gym eval --policy random --tasks val --episodes 200'
    """
    words = ["webarena-gym eval --policy", config.policy]
    usual = EvalConfig(policy=config.policy, temperature=float(config.k > 1))
    for name, value in config.to_json().items():
        if name in ("policy", "keep_pages", "policy_options") or value == getattr(usual, name):
            continue
        text = ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
        words += [f"--{name.replace('_', '-')}", text]
    words += [f"--policy-option {name}={json.dumps(value)}" for name, value in config.policy_options.items()]
    return " ".join(words)
