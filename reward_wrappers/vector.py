"""``VectorMilestoneReward``: milestone shaping for a vector env, the same rewards as wrapping each env."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.core import ActType, ObsType
from gymnasium.utils import RecordConstructorArgs
from gymnasium.vector import VectorEnv
from gymnasium.vector.utils import iterate

from reward_wrappers.episode_shaper import EpisodeShaper, MilestoneShaping, Scheme
from reward_wrappers.judge_client import JudgeClient
from reward_wrappers.judged import ask_together, judge_clients
from reward_wrappers.shaping import Alpha
from reward_wrappers.sources import MilestonesArgument, MilestoneSource
from reward_wrappers.transition import Transition
from reward_wrappers.vector_rows import InfoRow, VectorStep
from reward_wrappers.vector_shaping import VectorShapingWrapper


class VectorMilestoneReward(VectorShapingWrapper[ObsType, ActType]):
    """``MilestoneReward`` for a vector env: the same arguments, and the same rewards on the same actions.

    Each row has its own episode, milestones and alpha schedule. Judged milestones of all rows go to the judge together.
    ``infos["milestones_reached"]`` is an (N,) object array of tuples of names; under SAME_STEP a row that just ended
    shows the new episode there, and the finished one's in ``infos["final_info"]["milestones_reached"]``.

    Not covered: ``ordered=True`` with the env's own milestones. A vector env merges the info dicts of its envs, which
    loses the order of each; wrap the single envs instead, ``gym.make_vec(..., wrappers=[MilestoneReward])``.

    >>> import gymnasium as gym
    >>> from reward_wrappers import Milestone, observation_equals
    >>> envs = gym.make_vec("FrozenLake-v1", num_envs=2, vectorization_mode="sync", is_slippery=False)
    >>> envs = VectorMilestoneReward(envs, [Milestone("edge", observation_equals(4))], alpha=0.3)
    >>> _ = envs.reset(seed=0)
    >>> envs.step(np.array([1, 2]))[1]  # the first goes down to 4, the second right to 1
    array([0.3, 0. ])
    """

    def __init__(
        self,
        env: VectorEnv[ObsType, ActType, np.ndarray],
        milestones: MilestonesArgument = None,
        *,
        scheme: Scheme = "bonus",
        alpha: Alpha = 0.3,
        gamma: float | None = None,
        ordered: bool = False,
    ) -> None:
        shaping = MilestoneShaping(milestones=milestones, scheme=scheme, alpha=alpha, gamma=gamma, ordered=ordered)
        source = MilestoneSource(milestones)
        if ordered and source.from_env:
            raise ValueError(
                "a vector env's infos lose the order of each env's own milestones; for ordered=True pass the milestones, "
                "or wrap the single envs: gym.make_vec(..., wrappers=[MilestoneReward])"
            )
        RecordConstructorArgs.__init__(self, _disable_deepcopy=True, **shaping.recorded())
        super().__init__(env)
        self._ordered = ordered
        self._shapers = [EpisodeShaper(shaping, source) for _ in range(self.num_envs)]
        self._judges: dict[int, JudgeClient] = {}  # by id, every client seen so far
        self._observations: list[Any] = []  # by row, what the next action is chosen on
        self._reached = np.empty(self.num_envs, dtype=object)  # (N,) tuples of names, of the current episodes
        self._finished: dict[
            int, tuple[str, ...]
        ] = {}  # by row, of the episodes that gave way to the next in this step

    def _begin(self, rows: Sequence[int], observations: Any, infos: dict[str, Any]) -> None:
        self._observations = list(iterate(self.observation_space, observations))
        self._finished = {}
        self._start({row: Transition.at_reset(self._observations[row], InfoRow(infos, row)) for row in rows})

    def _start(self, starts: dict[int, Transition]) -> None:
        chosen = {row: self._shapers[row].choose(start.info) for row, start in starts.items()}
        self._judges |= {id(client): client for ms in chosen.values() for client in judge_clients(ms)}
        if self._judges:
            ask_together((chosen[row][: 1 if self._ordered else None], start) for row, start in starts.items())
        for row, start in starts.items():
            self._shapers[row].begin(chosen[row], start)
            self._reached[row] = self._shapers[row].tracker.reached

    def _terms(self, step: VectorStep) -> np.ndarray:
        observations = list(iterate(self.observation_space, step.observations))
        transitions = self._transitions(step, observations)
        self._observations = observations
        if self._judges:
            ask_together((self._shapers[row].tracker.open, transition) for row, transition in transitions.items())
        terms = np.zeros(self.num_envs)
        for row, transition in transitions.items():
            terms[row] = self._shapers[row].term(transition)
            self._reached[row] = self._shapers[row].tracker.reached
        began = np.flatnonzero(step.began).tolist()
        self._finished = {row: self._reached[row] for row in began if step.ended_within(row)}
        if began:
            self._start({row: Transition.at_reset(observations[row], step.info_of_reset(row)) for row in began})
        return terms

    def _transitions(self, step: VectorStep, observations: list[Any]) -> dict[int, Transition]:
        """By row, what happened in each env that took a step which did not fail."""
        actions = list(iterate(self.action_space, step.actions))
        rewards, terminations, truncations = (
            step.rewards.tolist(),
            step.terminations.tolist(),
            step.truncations.tolist(),
        )
        ended_within = (step.began & step.stepped).tolist()
        transitions = {}
        for row in np.flatnonzero(step.stepped & ~step.failed()).tolist():
            transitions[row] = Transition(
                self._observations[row],
                actions[row],
                step.infos["final_obs"][row] if ended_within[row] else observations[row],
                rewards[row],
                terminations[row],
                truncations[row],
                step.info_of_step(row) if ended_within[row] else InfoRow(step.infos, row),
            )
        return transitions

    def _report(self, infos: dict[str, Any]) -> dict[str, Any]:
        everywhere = np.ones(self.num_envs, dtype=bool)
        report: dict[str, Any] = {"milestones_reached": self._reached.copy(), "_milestones_reached": everywhere}
        if self._judges:
            unanswered = sum(client.stats.unanswered for client in self._judges.values())
            report |= {"judge_unanswered": np.full(self.num_envs, unanswered), "_judge_unanswered": everywhere}
        if self._finished:
            reached = np.empty(self.num_envs, dtype=object)
            for row, names in self._finished.items():
                reached[row] = names
            mask = np.isin(np.arange(self.num_envs), list(self._finished))
            final = {"milestones_reached": reached, "_milestones_reached": mask}
            report["final_info"] = infos["final_info"] | final
        return report
