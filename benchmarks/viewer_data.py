"""Episodes as the report's trajectory viewer reads them. ``static/viewer.js`` is the other half of this format.

Texts (observations, pages) are numbers in a ``TextStore``; everything else is plain and small, so that a report of thousands
of episodes filters and lists them without unpacking anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webarena_gym.agents.trajectory import Trajectory

from .episodes import Episode
from .failure_analysis import find_loop, key_decision, milestone_times, outcome_of
from .read_steps import goal_of, read_steps
from .text_store import TextStore


@dataclass(frozen=True, kw_only=True)
class Run:
    """The episodes of one policy under one label."""

    label: str
    episodes: Sequence[Episode]
    note: str = ""
    """What must be said wherever these episodes are shown, such as that a script played them."""


def viewer_data(
    runs: Sequence[Run], *, references: Mapping[int | str, Sequence[Trajectory]] | None = None
) -> dict[str, Any]:
    """All that the viewer needs, as plain data.

    ``references`` are successful episodes by task, to find the step at which a failed one left their paths; those among
    ``runs`` are used besides.
    """
    successes: dict[int | str, list[Trajectory]] = {task: list(found) for task, found in (references or {}).items()}
    for run in runs:
        for episode in run.episodes:
            if episode.trajectory.success:
                successes.setdefault(episode.trajectory.task_id, []).append(episode.trajectory)
    store = TextStore()
    return {
        "runs": [{"label": run.label, "note": run.note} for run in runs],
        "episodes": [
            _episode(number, episode, store, successes.get(episode.trajectory.task_id, ()))
            for number, run in enumerate(runs)
            for episode in run.episodes
        ],
        "texts": store.to_json(),
    }


def _episode(run: int, episode: Episode, store: TextStore, references: Sequence[Trajectory]) -> dict[str, Any]:
    trajectory = episode.trajectory
    read = read_steps(trajectory)
    loop = find_loop(read) if trajectory.success is False and not trajectory.terminated else None
    texts = [*(step.observation for step in trajectory.steps), trajectory.final_observation]
    pages = [store.add(page) if page else None for page in episode.pages]
    return {
        "run": run,
        "task": str(trajectory.task_id),
        "seed": trajectory.policy_seed,
        "site": trajectory.site,
        "goal": goal_of(trajectory),
        "outcome": outcome_of(trajectory),
        "stopped": trajectory.terminated,
        "infra": trajectory.infra_error,
        "key": key_decision(trajectory, references),
        "loop": None if loop is None else [loop.start, loop.length, loop.cycles],
        "milestones": [[name, time] for name, time in milestone_times(trajectory).items()],
        "steps": [
            {
                "action": step.action,
                "says": seen.described,
                "element": seen.element,
                "reward": _short(step.task_reward),
                "shaping": _short(step.reward - step.task_reward),
                "error": seen.error,
            }
            for step, seen in zip(trajectory.steps, read, strict=True)
        ],
        "observations": [store.add(text) for text in texts],
        "pages": pages,
        "values": [_short(value) for value in episode.values],
    }


def _short(value: float) -> float:
    """Six digits are plenty to look at; -0.0 is 0."""
    return float(f"{value:.6g}") + 0.0
