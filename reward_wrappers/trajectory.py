"""Recorded episodes: the little that mining, labels and quality need of them, and a recorder for any env.

A trajectory is anything with ``steps`` and ``success``; each step has ``observation``, ``action``, ``reward`` and ``info``.
``Trajectory`` and ``Step`` here are the plainest such things. Letters: H steps in an episode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import gymnasium as gym

from reward_wrappers.milestone import Milestone, milestones_from_info
from reward_wrappers.tracker import MilestoneTracker
from reward_wrappers.transition import Transition


class StepLike(Protocol):
    """One step: what was seen, what was done, and what the env answered."""

    @property
    def observation(self) -> Any:
        """What the action was chosen on."""
        ...

    @property
    def action(self) -> Any: ...

    @property
    def reward(self) -> float:
        """The env's reward for the action."""
        ...

    @property
    def info(self) -> Mapping[str, Any]:
        """The info that the env's step returned."""
        ...


class TrajectoryLike(Protocol):
    """One episode.

    Optional further attributes, used where they exist: ``final_observation`` (what the last action led to; without it the
    last observation stands in, which is right where a last action only ends the episode), ``reset_info`` (the info that
    came with the first observation; without it, empty), ``terminated`` and ``truncated`` (without them, terminated).
    """

    @property
    def steps(self) -> Sequence[StepLike]: ...

    @property
    def success(self) -> bool | None:
        """Whether the task was solved; None where that is not known, say after a failure of the machinery."""
        ...


@dataclass(frozen=True)
class Step:
    """A recorded step."""

    observation: Any
    action: Any
    reward: float
    info: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trajectory:
    """A recorded episode."""

    steps: Sequence[Step]
    success: bool | None
    final_observation: Any = None
    reset_info: Mapping[str, Any] = field(default_factory=dict)
    terminated: bool = True
    truncated: bool = False


def transitions(trajectory: TrajectoryLike) -> list[Transition]:
    """The reset and the H steps as H + 1 transitions.

    Raises:
        ValueError: If there are no steps.
    """
    steps = trajectory.steps
    if not steps:
        raise ValueError("a trajectory needs at least one step, got none")
    final = getattr(trajectory, "final_observation", None)
    observations = [step.observation for step in steps] + [steps[-1].observation if final is None else final]
    replayed = [Transition.at_reset(observations[0], getattr(trajectory, "reset_info", None) or {})]
    for t, step in enumerate(steps):
        last = t == len(steps) - 1
        replayed.append(
            Transition(
                step.observation,
                step.action,
                observations[t + 1],
                float(step.reward),
                last and bool(getattr(trajectory, "terminated", True)),
                last and bool(getattr(trajectory, "truncated", False)),
                step.info,
            )
        )
    return replayed


def reach_times(
    trajectory: TrajectoryLike, milestones: Sequence[Milestone] | None = None, *, ordered: bool = False
) -> dict[str, int | None]:
    """By milestone, the step at which it was reached: 0 at reset, t after the t-th action, None if never.

    Without ``milestones`` they are the env's own, as ``info["milestones"]`` of the first transition that has it reports
    them. Steps with an ``infra_error`` reach nothing.

    Raises:
        ValueError: If there are no steps, or no milestones are given and the infos report none.

    >>> episode = Trajectory([Step(0, 1, 0.0), Step(4, 1, 0.0)], success=False, final_observation=8)
    >>> from reward_wrappers import observation_equals
    >>> marks = [Milestone("four", observation_equals(4)), Milestone("nine", observation_equals(9))]
    >>> reach_times(episode, marks)
    {'four': 1, 'nine': None}
    """
    replayed = transitions(trajectory)
    start = 0
    if milestones is None:
        # Recorders that keep no reset info report from the first step on; what held at reset then counts as step 1.
        start = next((t for t, transition in enumerate(replayed) if "milestones" in transition.info), 0)
        milestones = milestones_from_info(replayed[start].info)
    times: dict[str, int | None] = {milestone.name: None for milestone in milestones}
    tracker = MilestoneTracker(milestones, replayed[start], ordered=ordered)
    times.update((name, start) for name in tracker.reached)
    for t in range(start + 1, len(replayed)):
        if replayed[t].info.get("infra_error"):
            continue
        before = len(tracker.reached)
        tracker.advance(replayed[t])
        times.update((name, t) for name in tracker.reached[before:])
    return times


def record_trajectory(
    env: gym.Env,
    policy: Callable[[Any], Any],
    *,
    seed: int | None = None,
    success: Callable[[Trajectory], bool] | None = None,
) -> Trajectory:
    """One episode of ``policy``, which maps an observation to an action, in ``env``.

    ``success`` decides whether it was one; by default ``info["success"]`` of the last step where the env gives it, else a
    positive last reward. The reward recorded is the task's own: a wrapper's ``info["task_reward"]`` where there is one.
    """
    observation, reset_info = env.reset(seed=seed)
    steps: list[Step] = []
    terminated = truncated = False
    while not (terminated or truncated):
        action = policy(observation)
        next_observation, reward, terminated, truncated, info = env.step(action)
        steps.append(Step(observation, action, float(info.get("task_reward", reward)), info))
        observation = next_observation
    episode = Trajectory(steps, None, observation, reset_info, terminated, truncated)
    won = success(episode) if success else steps[-1].info.get("success", steps[-1].reward > 0)
    return Trajectory(steps, None if won is None else bool(won), observation, reset_info, terminated, truncated)
