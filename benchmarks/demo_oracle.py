"""The demo's first part: official tasks solved by scripted oracle, milestones shown as they fall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text
from webarena_gym.agents.rollout import EpisodeRequest

from reward_wrappers import MilestoneReward
from webarena_gym.env import WebArenaEnv
from webarena_gym.tasks.oracles import load_oracles
from webarena_gym.types import EngineName

from .episodes import Episode, OracleActing, StepEvent, play_episodes

LABEL = "scripted oracle, not a learned policy"
# One of each way of scoring: answers of several kinds, addresses, lists and forms changed, an order placed.
CHROMIUM_TASKS = (22, 31, 65, 77, 109, 117, 123, 148)


def solve(
    engine: EngineName, tasks: Sequence[int] | None, console: Console, *, max_steps: int = 30, **env_options: Any
) -> list[Episode]:
    """One episode of every official shopping task that has an oracle, or of ``tasks``, with a line on ``console`` for each.

    Raises:
        InfraError: The first start page could not be opened, say for want of a Chromium.
    """
    base = WebArenaEnv("shopping", engine=engine, max_steps=max_steps, **env_options)
    solvable = load_oracles().solutions
    wanted = [task for task in base.task_ids if task in solvable and (tasks is None or task in tasks)]
    columns = (TextColumn("[bold]{task.description}"), BarColumn(28), MofNCompleteColumn(), TimeElapsedColumn(),
               TextColumn("{task.fields[status]}", markup=False))  # fmt: skip
    episodes = []
    try:
        if wanted:
            base.reset(options={"task_id": wanted[0]})  # a missing browser is said here, before any bar
        env = MilestoneReward(base, scheme="pbrs", gamma=1.0)
        with Progress(*columns, console=console) as progress:
            bar = progress.add_task(f"scripted oracle, {'Chromium' if engine == 'browser' else engine}",
                                    total=len(wanted), status="")  # fmt: skip
            fallen = _Fallen()

            def watch(event: StepEvent) -> None:
                progress.update(bar, status=f"task {event.info['task_id']}  {fallen.hear(event)}")

            requests = [EpisodeRequest(0, 0, task) for task in wanted]
            for episode in play_episodes(env, OracleActing(base), requests, watch=watch):
                episodes.append(episode)
                progress.console.print(_line(episode, fallen), soft_wrap=True)
                progress.update(bar, advance=1, status="")
    finally:
        base.close()
    return episodes


class _Fallen:
    """The milestones of the running episode in the order in which they fell."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def hear(self, event: StepEvent) -> str:
        if event.action is None:
            self.names = []
        reached = event.info.get("milestones", {})
        self.names += [name for name, held in reached.items() if held and name not in self.names]
        return f"action {event.info['step']}  {'●' * len(self.names)}{'○' * (len(reached) - len(self.names))}"


def _line(episode: Episode, fallen: _Fallen) -> Text:
    trajectory = episode.trajectory
    mark, style = ("✓", "green") if trajectory.success else ("✕", "red")
    line = Text.assemble(
        (f" {mark} ", style), f"task {trajectory.task_id:<4}", (f"{len(trajectory.steps):>3} actions  ", "dim")
    )
    if trajectory.infra_error:
        line.append(trajectory.infra_error, style="red")
    else:
        line.append("  ".join(f"● {name}" for name in fallen.names), style="cyan")
    return line
