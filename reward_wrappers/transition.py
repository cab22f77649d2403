"""``Transition``: what a predicate, a potential or a judge gets to see of one step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Transition(NamedTuple):
    """One step of one env, or the start of an episode.

    At reset ``observation``, ``action`` and ``reward`` are None and ``next_observation`` is the first observation, so a
    predicate that reads only ``next_observation`` and ``info`` needs no special case.
    """

    observation: Any
    """What the action was chosen on; None at reset."""
    action: Any
    """The action taken; None at reset."""
    next_observation: Any
    """What the action led to."""
    reward: float | None
    """The reward that the wrapped env gave for the step, in its own units; None at reset."""
    terminated: bool
    """The task itself ended."""
    truncated: bool
    """A limit, or a failure of the machinery, cut the episode off."""
    info: Mapping[str, Any]
    """The info dict that came with ``next_observation``."""

    @classmethod
    def at_reset(cls, observation: Any, info: Mapping[str, Any]) -> Transition:
        """The start of an episode.

        >>> Transition.at_reset(observation=0, info={}).action is None
        True
        """
        return cls(None, None, observation, None, False, False, info)

    @property
    def is_reset(self) -> bool:
        """Whether this is the start of an episode rather than a step."""
        return self.reward is None
