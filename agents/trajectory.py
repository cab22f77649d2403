"""What happened, as typed records: ``Step``, ``Trajectory``, and ``Batch``, what an algorithm learns from.

The letters of shapes, for all of ``agents``: B actions in a batch, E episodes in a batch, H steps in an episode, T tokens
of an action (a candidate policy's actions have one), N candidates of a page, V vocabulary.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

import numpy as np

FORMAT = 1  # of a trajectory on disk; rises when an old reader would misread a new file


class State(NamedTuple):
    """s_t of the papers: all that a policy may look at before an action.

    ``observations`` are o_0 to o_t and ``actions`` a_0 to a_{t-1}, so there is one observation more than actions.
    """

    observations: tuple[str, ...]
    actions: tuple[str, ...] = ()

    @property
    def observation(self) -> str:
        """What shows now, o_t."""
        return self.observations[-1]

    def after(self, action: str, observation: str) -> State:
        """The state that ``action`` led to."""
        return State((*self.observations, observation), (*self.actions, action))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action and what the env answered."""

    observation: str
    """What the action was chosen on."""
    action: str
    logprob: float | None = None
    """log-probability of the action, in nats, under the policy that took it; None for scripted policies."""
    token_logprobs: tuple[float, ...] = ()
    """(T,) the same token by token, where the policy writes tokens; they add up to ``logprob``."""
    reward: float = 0.0
    """r'_t: the reward to train on, shaping included."""
    task_reward: float = 0.0
    """r_t: the task's own reward, which success rates are computed from."""
    milestones: Mapping[str, bool] = field(default_factory=dict)
    """Which milestones the env reports as reached after this action. No policy ever sees this."""
    infra_error: str | None = None
    """What failed under the episode during this step, if something did."""

    @property
    def info(self) -> dict[str, Any]:
        """The part of the env's info that labels and mining read."""
        return {"milestones": dict(self.milestones), "infra_error": self.infra_error}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """One episode, with all that is needed to play it again. The plainest thing that the tools of ``reward_wrappers`` read."""

    task_id: int | str
    env_seed: int | None
    """What ``env.reset`` was given; None where the task id was enough."""
    policy_seed: int | None
    """Of the random numbers that the policy drew its actions with; None for scripted policies."""
    steps: tuple[Step, ...]
    final_observation: str
    """What the last action led to."""
    success: bool | None
    """Whether the scorer accepts; None where nobody can know, after an infrastructure error."""
    terminated: bool
    """The policy stopped."""
    truncated: bool
    """The step limit, or an infrastructure error, cut the episode off."""
    infra_error: str | None = None
    reset_milestones: Mapping[str, bool] = field(default_factory=dict)
    """What already held at reset, by milestone in task order."""
    site: str = ""
    requested_task: int | str | None = None
    """The task that ``env.reset`` was asked for; None where the env drew it by its seed."""
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def reset_info(self) -> dict[str, Any]:
        return {"milestones": dict(self.reset_milestones), "task_id": self.task_id}

    @property
    def return_(self) -> float:
        """The undiscounted sum of r'_t."""
        return sum(step.reward for step in self.steps)

    def states(self) -> list[State]:
        """s_0 to s_H, the last being what the last action led to."""
        observations = (*(step.observation for step in self.steps), self.final_observation)
        actions = tuple(step.action for step in self.steps)
        return [State(observations[: t + 1], actions[:t]) for t in range(len(observations))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The B actions of E whole episodes, in order. Episodes that an infrastructure error cut off are left out and counted.

    Every per-action field is in the same order; ``states[b]`` to ``next_states[b]`` is one step of ``trajectories[episode[b]]``.
    """

    trajectories: tuple[Trajectory, ...]
    states: tuple[State, ...]
    next_states: tuple[State, ...]
    actions: tuple[str, ...]
    logprobs: np.ndarray
    """(B,) float64, nats, under the policy that acted; nan where it had none."""
    rewards: np.ndarray
    """(B,) float64, r'_t."""
    task_rewards: np.ndarray
    """(B,) float64, r_t."""
    terminated: np.ndarray
    """(B,) bool: the task ended with this action."""
    last: np.ndarray
    """(B,) bool: the episode ended with this action, by termination or truncation."""
    success: np.ndarray
    """(B,) float64, 1 or 0: the outcome of the episode that the action belongs to."""
    episode: np.ndarray
    """(B,) int64: index into ``trajectories``."""
    time: np.ndarray
    """(B,) int64: t, from 0 in each episode."""
    infra_errors: int = 0
    """Episodes left out."""

    @property
    def size(self) -> int:
        """B."""
        return len(self.actions)

    @classmethod
    def of(cls, trajectories: Sequence[Trajectory]) -> Batch:
        """The batch of these episodes' actions.

        >>> one = Trajectory(task_id=1, env_seed=0, policy_seed=0, steps=(Step(observation="o", action="back()", reward=0.5),),
        ...                  final_observation="p", success=True, terminated=True, truncated=False)
        >>> batch = Batch.of([one])
        >>> batch.size, batch.rewards.tolist(), batch.next_states[0].observation
        (1, [0.5], 'p')
        """
        kept = tuple(t for t in trajectories if t.infra_error is None and t.success is not None and t.steps)
        steps = [step for t in kept for step in t.steps]
        states = [t.states() for t in kept]
        lengths = [len(t.steps) for t in kept]
        ends = np.cumsum(lengths, dtype=np.int64) - 1
        last = np.zeros(len(steps), dtype=bool)
        last[ends] = True
        episode = np.repeat(np.arange(len(kept)), lengths)
        return cls(
            trajectories=kept,
            states=tuple(state for path in states for state in path[:-1]),
            next_states=tuple(state for path in states for state in path[1:]),
            actions=tuple(step.action for step in steps),
            logprobs=np.array([np.nan if s.logprob is None else s.logprob for s in steps], dtype=np.float64),
            rewards=np.array([step.reward for step in steps], dtype=np.float64),
            task_rewards=np.array([step.task_reward for step in steps], dtype=np.float64),
            terminated=last & np.array([t.terminated for t in kept], dtype=bool)[episode],
            last=last,
            success=np.array([float(bool(t.success)) for t in kept])[episode],
            episode=episode,
            time=np.concatenate([np.arange(n) for n in lengths]) if lengths else np.zeros(0, dtype=np.int64),
            infra_errors=sum(t.infra_error is not None or t.success is None for t in trajectories),
        )


@functools.cache
def installed_versions() -> dict[str, str]:
    """What made a trajectory: the versions of the packages that its bytes depend on."""
    versions = {"format": str(FORMAT)}
    for package in ("webarena-gym", "gymnasium", "numpy"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "unknown"
    return versions
