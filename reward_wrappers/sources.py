"""Where the milestones of an episode come from: a fixed list, a plug-in by name, a callable, or the env itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reward_wrappers.declarative import milestone_from_dict, milestone_to_dict
from reward_wrappers.errors import PluginError, RewardWrapperError
from reward_wrappers.milestone import Milestone, check_milestones, milestones_from_info
from reward_wrappers.plugins import load_milestone_set

Declared = Sequence[Milestone | Mapping[str, Any]]
"""Milestones, each as an object or in its declarative form."""

MilestonesArgument = Declared | Callable[[Mapping[str, Any]], Declared] | str | None
"""What ``milestones=`` takes: a list, a callable of an episode's reset info, ``"package:set"``, or None for the env's own."""


class MilestoneSource:
    """The milestones of each episode, checked.

    Raises:
        ValueError: If a list is empty or invalid.
        TypeError: If ``milestones`` is something else.
        PluginError: If a plug-in asked for by name is missing or broken.
    """

    def __init__(self, milestones: MilestonesArgument) -> None:
        self._plugin = milestones if isinstance(milestones, str) else None
        offered = load_milestone_set(milestones) if isinstance(milestones, str) else milestones
        self._choose: Callable[[Mapping[str, Any]], Declared] | None = None
        self._fixed: tuple[Milestone, ...] = ()
        self.from_env = offered is None
        if offered is None:
            self._choose = milestones_from_info
        elif callable(offered):
            self._choose = offered
        elif isinstance(offered, Sequence):
            self._fixed = self._checked(offered)
            if not self._fixed:
                raise ValueError("the list of milestones is empty; name some, or leave the wrapper out")
        else:
            raise TypeError(
                "milestones is a list of Milestone, a callable of the reset info, a name 'package:set' or None for the "
                f"env's own, got {offered!r}"
            )

    def for_episode(self, info: Mapping[str, Any]) -> tuple[Milestone, ...]:
        """The milestones of the episode that starts with this reset ``info``; none means that it is not shaped."""
        if self._choose is None:
            return self._fixed
        try:
            return self._checked(self._choose(info))
        except RewardWrapperError:
            raise
        except Exception as error:  # a set is code of others, and of a plug-in's the error must name it
            if self._plugin is None:
                raise  # the caller's own callable, or the env: their traceback says it best
            raise PluginError(f"milestone set {self._plugin!r} failed: {type(error).__name__}: {error}") from error

    def _checked(self, declared: Declared) -> tuple[Milestone, ...]:
        try:
            return check_milestones(milestone_from_dict(m) if isinstance(m, Mapping) else m for m in declared)
        except (ValueError, TypeError) as error:
            if self._plugin is None:
                raise
            raise PluginError(f"milestone set {self._plugin!r} is not valid: {error}") from error


def as_recorded(milestones: MilestonesArgument) -> MilestonesArgument:
    """``milestones`` as an env spec should keep them: as plain data where that is possible, so that the spec has a JSON form."""
    if not isinstance(milestones, Sequence) or isinstance(milestones, str):
        return milestones
    try:
        return [milestone_to_dict(m) if isinstance(m, Milestone) else dict(m) for m in milestones]
    except ValueError:  # some predicate is Python code: the spec then holds the objects, and has no JSON form
        return list(milestones)
