"""Playing episodes to look at: a recorder that keeps what the pages looked like, and scripted oracles as policies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from webarena_gym.agents.metrics import RunMetrics
from webarena_gym.agents.policy import ActingPolicy, ActionSample
from webarena_gym.agents.rollout import EpisodeRequest, InProcessCollector
from webarena_gym.agents.trajectory import State, Trajectory

from webarena_gym.actions import Noop, Scroll, Stop, parse_action
from webarena_gym.env import WebArenaEnv
from webarena_gym.errors import ActionSyntaxError, InfraError
from webarena_gym.oracle_policy import OraclePolicy
from webarena_gym.tasks.generated import families
from webarena_gym.tasks.oracles import Oracle, load_oracles
from webarena_gym.tasks.schema import Task

from .page_snapshot import snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A trajectory and what a viewer shows beside it."""

    trajectory: Trajectory
    pages: tuple[str, ...] = ()
    """What each of the H + 1 observations showed, as inert HTML; empty if nobody kept it."""
    values: tuple[float, ...] = ()
    """What a critic thought of each state, H or H + 1 of them; empty without a critic."""


class StepEvent(NamedTuple):
    """What a watcher hears after every reset (``action`` None) and step."""

    action: str | None
    info: dict[str, Any]
    ended: bool


class EpisodeRecorder(gym.Wrapper[str, str, str, str]):
    """Keeps the pages of the running episode, and tells ``watch`` of every step. Changes nothing that the policy meets."""

    def __init__(
        self, env: gym.Env[str, str], *, keep_pages: bool = True, watch: Callable[[StepEvent], None] | None = None
    ) -> None:
        super().__init__(env)
        self._keep, self._watch = keep_pages, watch
        self._styles: dict[str, str] = {}
        self._pages: list[str] = []

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        self._pages = []
        observation, info = self.env.reset(seed=seed, options=options)
        self._note(None, info, ended=False)
        return observation, info

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:  # type: ignore[override]
        observation, reward, terminated, truncated, info = self.env.step(action)
        self._note(action, info, ended=terminated or truncated)
        return observation, float(reward), terminated, truncated, info

    def pages(self) -> tuple[str, ...]:
        """One for each observation of the episode so far; empty if pages are not kept."""
        return tuple(self._pages)

    def _note(self, action: str | None, info: dict[str, Any], *, ended: bool) -> None:
        if self._keep:
            same = self._pages and (info.get("infra_error") or (action is not None and _changes_nothing(action)))
            self._pages.append(self._pages[-1] if same else self._snapshot())
        if self._watch is not None:
            self._watch(StepEvent(action, info, ended))

    def _snapshot(self) -> str:
        engine = self.env.unwrapped.engine  # type: ignore[attr-defined]
        client = engine.client()

        def style_sheet(url: str) -> str:
            if url not in self._styles:
                reply = client.get(url)
                self._styles[url] = reply.text if reply.status == 200 else ""
            return self._styles[url]

        try:
            return snapshot(engine.document(), style_sheet)
        except InfraError:  # a page that cannot be drawn must not end an episode
            return ""


def _changes_nothing(action: str) -> bool:
    try:
        return isinstance(parse_action(action), Stop | Scroll | Noop)
    except ActionSyntaxError:
        return True


def oracle_of(task: Task) -> Oracle:
    """The scripted solution of an official or a generated task.

    Raises:
        ValueError: there is none.
    """
    if isinstance(task.task_id, int):
        solutions = load_oracles().solutions
        if task.task_id not in solutions:
            raise ValueError(f"there is no scripted oracle for task {task.task_id}")
        return solutions[task.task_id]
    return next(family.oracle for family in families() if family.name == task.family)


class OracleActing:
    """The scripted oracle of whatever task ``env`` runs, as a policy. Plays one episode at a time.

    It reads the observations that any policy would, but is told the task's number: no learned policy is.
    """

    def __init__(self, env: WebArenaEnv) -> None:
        self._env = env
        self._oracle: OraclePolicy | None = None

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]:
        (state,) = states
        if not state.actions:
            self._oracle = OraclePolicy(oracle_of(self._env.task))
        assert self._oracle is not None
        return [ActionSample(self._oracle.act(state.observation), None)]


def play_episodes(
    env: gym.Env[str, str],
    policy: ActingPolicy,
    requests: Sequence[EpisodeRequest],
    *,
    keep_pages: bool = True,
    temperature: float = 1.0,
    watch: Callable[[StepEvent], None] | None = None,
    metrics: RunMetrics | None = None,
) -> Iterator[Episode]:
    """The episodes asked for, one after another, as they end. Leaves ``env`` open. What they take is added to ``metrics``."""
    recorder = EpisodeRecorder(env, keep_pages=keep_pages, watch=watch)
    collector = InProcessCollector([recorder])
    collector.metrics = collector.metrics if metrics is None else metrics
    for request in requests:
        (trajectory,) = collector.collect(policy, [request], temperature=temperature)
        pages = recorder.pages() if keep_pages else ()
        yield Episode(trajectory=trajectory, pages=pages if len(pages) == len(trajectory.steps) + 1 else ())
