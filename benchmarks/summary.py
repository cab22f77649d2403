"""The numbers of an evaluation: by site and in all, each with its interval. Infrastructure errors stand apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from webarena_gym.agents.trajectory import Trajectory

from .failure_analysis import FailureCounts, milestone_times, outcome_of
from .stats import Interval, bootstrap_mean, clustered_wilson, pass_at_k

ALL = "all"
Task = tuple[int | str, int | None]  # id and env seed: a generated task drawn twice is two tasks


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One group of episodes, a site's or all."""

    group: str
    tasks: int
    """With at least one scored episode."""
    episodes: int
    """Scored ones."""
    infra_errors: int
    success: Interval
    """Share of episodes; Wilson's interval, at the effective number where tasks were played more than once."""
    pass_at: dict[int, Interval]
    """By k: mean over tasks of the unbiased estimate, bootstrap over tasks; k up to the fewest episodes of any task."""
    steps: Interval
    """Actions of an episode; mean and bootstrap over tasks, like the next."""
    milestones: Interval
    """Share of a task's milestones that were reached."""
    failures: FailureCounts

    def to_json(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "tasks": self.tasks,
            "episodes": self.episodes,
            "infra_errors": self.infra_errors,
            "success": list(self.success),
            "pass_at": {str(k): list(interval) for k, interval in self.pass_at.items()},
            "steps": list(self.steps),
            "milestones": list(self.milestones),
            "outcomes": dict(self.failures.counts),
        }


def task_of(trajectory: Trajectory) -> Task:
    return trajectory.task_id, trajectory.env_seed


def group_of(trajectory: Trajectory) -> str:
    """The site, or "multisite" for a task over several."""
    return "multisite" if "+" in trajectory.site else trajectory.site or "unknown"


def summarize(trajectories: Sequence[Trajectory]) -> list[Summary]:
    """One summary for each site in the order of first appearance, and one for all last."""
    groups: dict[str, list[Trajectory]] = {}
    for trajectory in trajectories:
        groups.setdefault(group_of(trajectory), []).append(trajectory)
    return [summary_of(name, found) for name, found in [*groups.items(), (ALL, list(trajectories))]]


def summary_of(group: str, trajectories: Sequence[Trajectory]) -> Summary:
    """The numbers of one group."""
    scored = [t for t in trajectories if t.infra_error is None and t.success is not None]
    by_task: dict[Task, list[Trajectory]] = {}
    for trajectory in scored:
        by_task.setdefault(task_of(trajectory), []).append(trajectory)
    return Summary(
        group=group,
        tasks=len(by_task),
        episodes=len(scored),
        infra_errors=len(trajectories) - len(scored),
        success=clustered_wilson([bool(t.success) for t in scored], [task_of(t) for t in scored]),
        pass_at=_pass_at(list(by_task.values())),
        steps=_task_mean(by_task.values(), lambda t: float(len(t.steps))),
        milestones=_task_mean(by_task.values(), _share_reached),
        failures=FailureCounts.of(map(outcome_of, trajectories)),
    )


def _pass_at(by_task: Sequence[Sequence[Trajectory]]) -> dict[int, Interval]:
    """k = 1, 2, 4, ... and the most that every task allows."""
    most = min(map(len, by_task), default=0)
    if most < 2:
        return {}
    counts = [(sum(bool(t.success) for t in found), len(found)) for found in by_task]
    ks = sorted({*(2**i for i in range(most.bit_length()) if 2**i <= most), most})
    return {k: bootstrap_mean([pass_at_k(successes, samples, k) for successes, samples in counts]) for k in ks}


def _task_mean(by_task: Any, of: Callable[[Trajectory], float | None]) -> Interval:
    means = []
    for found in by_task:
        values = [value for value in map(of, found) if value is not None]
        if values:
            means.append(float(np.mean(values)))
    return bootstrap_mean(means)


def _share_reached(trajectory: Trajectory) -> float | None:
    times = milestone_times(trajectory)
    return float(np.mean([time is not None for time in times.values()])) if times else None
