"""``MilestoneReward``: pay for the milestones on the way to the goal."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
from gymnasium.core import ActType, ObsType
from gymnasium.utils import RecordConstructorArgs

from reward_wrappers.episode_shaper import EpisodeShaper, MilestoneShaping, Scheme
from reward_wrappers.judge_client import JudgeClient
from reward_wrappers.judged import ask_together, judge_clients
from reward_wrappers.shaping import Alpha, ShapingWrapper
from reward_wrappers.sources import MilestonesArgument, MilestoneSource
from reward_wrappers.transition import Transition


class MilestoneReward(ShapingWrapper[ObsType, ActType]):
    """Add a shaping term to the reward of any env, from the milestones that the episode has reached.

    With P the weight reached over the weight in all, 0 to 1, a step from P to P' adds

    - ``bonus``: ``alpha`` times the share newly reached, so each milestone pays once an episode, at most ``alpha`` in all;
    - ``paper``: ``alpha * (P' - P)`` (MiRA, arXiv:2603.19685), which for milestones is the same number, since P never falls;
    - ``pbrs``: ``alpha * (gamma * P' - P)``, P' being 0 where the task ended (``terminated``; not ``truncated``). Only this
      leaves the set of optimal policies as it is (Ng, Harada and Russell, 1999), among policies that can tell which
      milestones have been reached.

    What already holds at reset was not earned: it sets the first P and is never paid. ``info`` gains ``task_reward``,
    ``shaping`` and ``milestones_reached``, the names in the order reached (also at reset); with judged milestones also
    ``judge_unanswered``, the questions that their judges gave no verdict on so far.

    Args:
        env: Any Gymnasium env.
        milestones: A list (of ``Milestone``, or its declarative form), a callable from an episode's reset info to such a
            list, the name ``"package:set"`` of an installed plug-in, or None for the env's own ``info["milestones"]``.
        scheme: One of the three above.
        alpha: The scale, in reward units: positive, or a function of the episode's index, applied at reset only.
        gamma: The learner's discount, above 0 and at most 1. Needed by ``pbrs``, ignored by the others.
        ordered: Reach milestones only in the order listed.

    Raises:
        ValueError: If a milestone, ``scheme``, ``alpha`` or ``gamma`` is invalid, or ``gamma`` is missing for ``pbrs``; at
            reset, if the env has no milestones of its own to offer.
        PredicateError: At reset or on a step, if a predicate raises.
        PluginError: If a plug-in is missing or broken.

    >>> from reward_wrappers import Milestone, observation_equals
    >>> env = gym.make("FrozenLake-v1", map_name="4x4", is_slippery=False)
    >>> half_way = [Milestone("edge", observation_equals(4)), Milestone("middle", observation_equals(9))]
    >>> env = MilestoneReward(env, half_way, alpha=0.3)
    >>> _ = env.reset(seed=0)
    >>> _, reward, _, _, info = env.step(1)  # down, from 0 to 4
    >>> reward, info["task_reward"], info["milestones_reached"]
    (0.15, 0.0, ('edge',))
    """

    def __init__(
        self,
        env: gym.Env[ObsType, ActType],
        milestones: MilestonesArgument = None,
        *,
        scheme: Scheme = "bonus",
        alpha: Alpha = 0.3,
        gamma: float | None = None,
        ordered: bool = False,
    ) -> None:
        shaping = MilestoneShaping(milestones=milestones, scheme=scheme, alpha=alpha, gamma=gamma, ordered=ordered)
        # So that gym.make(env.spec) rebuilds it. Copying would give each rebuilt env a judge of its own.
        RecordConstructorArgs.__init__(self, _disable_deepcopy=True, **shaping.recorded())
        super().__init__(env)
        self._shaper = EpisodeShaper(shaping, MilestoneSource(milestones))
        self._ordered = ordered
        self._judges: list[JudgeClient] = []

    def _begin(self, start: Transition) -> None:
        milestones = self._shaper.choose(start.info)
        self._judges = judge_clients(milestones)
        if self._judges:
            ask_together([(milestones[:1] if self._ordered else milestones, start)])
        self._shaper.begin(milestones, start)

    def _term(self, transition: Transition) -> float:
        if self._judges:
            ask_together([(self._shaper.tracker.open, transition)])
        return self._shaper.term(transition)

    def _report(self) -> dict[str, Any]:
        report: dict[str, Any] = {"milestones_reached": self._shaper.tracker.reached}
        if self._judges:
            report["judge_unanswered"] = sum(client.stats.unanswered for client in self._judges)
        return report
