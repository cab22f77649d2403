"""``EpisodeShaper``: the milestone shaping of one env, episode after episode, for single and vector wrappers alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reward_wrappers.milestone import Milestone
from reward_wrappers.shaping import Alpha, alpha_in, check_alpha, check_scheme, shaping_term
from reward_wrappers.sources import MilestonesArgument, MilestoneSource, as_recorded
from reward_wrappers.tracker import MilestoneTracker
from reward_wrappers.transition import Transition

Scheme = Literal["bonus", "paper", "pbrs"]
SCHEMES: tuple[Scheme, ...] = ("bonus", "paper", "pbrs")


@dataclass(frozen=True, kw_only=True)
class MilestoneShaping:
    """What a milestone wrapper was told, checked; ``MilestoneReward`` says what each field means."""

    milestones: MilestonesArgument
    scheme: Scheme
    alpha: Alpha
    gamma: float | None
    ordered: bool

    def __post_init__(self) -> None:
        check_scheme(self.scheme, SCHEMES, self.gamma)
        check_alpha(self.alpha)

    def recorded(self) -> dict[str, Any]:
        """The arguments as an env spec should keep them."""
        return {**self.__dict__, "milestones": as_recorded(self.milestones)}


class EpisodeShaper:
    """The shaping of one env. ``begin`` at each reset, then ``term`` for each step."""

    __slots__ = ("_alpha", "_config", "_episode", "_source", "tracker")

    tracker: MilestoneTracker
    """The current episode's; there is none before the first ``begin``."""

    def __init__(self, config: MilestoneShaping, source: MilestoneSource) -> None:
        self._config, self._source = config, source
        self._episode = -1  # index of the current one
        self._alpha = 0.0  # the current episode's, in reward units

    def choose(self, info: Mapping[str, Any]) -> tuple[Milestone, ...]:
        """The milestones of the episode that starts with this reset info."""
        return self._source.for_episode(info)

    def begin(self, milestones: tuple[Milestone, ...], start: Transition) -> None:
        """Start the next episode with ``milestones``, those that hold at ``start`` already reached."""
        self._episode += 1
        self._alpha = alpha_in(self._config.alpha, self._episode)
        self.tracker = MilestoneTracker(milestones, start, ordered=self._config.ordered)

    def term(self, transition: Transition) -> float:
        """What to add to the reward of this step, in reward units."""
        tracker, scheme = self.tracker, self._config.scheme
        before = tracker.progress
        newly = tracker.advance(transition)
        if scheme == "bonus":
            return self._alpha * newly
        return shaping_term(
            scheme,
            before,
            tracker.progress,
            terminated=transition.terminated,
            alpha=self._alpha,
            gamma=self._config.gamma,
        )
