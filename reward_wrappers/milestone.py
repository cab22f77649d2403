"""``Milestone``: a named predicate with a weight, and the checks on a set of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from reward_wrappers.predicates import milestone_reported
from reward_wrappers.transition import Transition


@dataclass(frozen=True)
class Milestone:
    """A step on the way to the task's goal, reached at most once an episode.

    ``predicate`` is asked at reset and after every step until it holds; it is never asked again in that episode. A
    milestone's share of the shaping is its ``weight``, in no unit, over the sum of the set's weights.

    Raises:
        ValueError: If the name is empty, or the weight is not a positive finite number.
        TypeError: If the predicate cannot be called.

    >>> from reward_wrappers import observation_equals
    >>> Milestone("half way", observation_equals(31), weight=2.0).weight
    2.0
    """

    name: str
    predicate: Callable[[Transition], bool]
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and self.name):
            raise ValueError(f"a milestone's name is a non-empty string, got {self.name!r}")
        if not callable(self.predicate):
            raise TypeError(f"the predicate of milestone {self.name!r} must be callable, got {self.predicate!r}")
        if not (isinstance(self.weight, Real) and math.isfinite(self.weight) and self.weight > 0):
            raise ValueError(
                f"the weight of milestone {self.name!r} must be positive and finite, got {self.weight!r}; "
                "leave the milestone out to give it no share"
            )


def check_milestones(milestones: Iterable[Milestone]) -> tuple[Milestone, ...]:
    """The milestones as a tuple, known to have different names and a finite sum of weights.

    Raises:
        TypeError: If an item is not a ``Milestone``.
        ValueError: If two have the same name, or the weights together overflow.
    """
    checked = tuple(milestones)
    for item in checked:
        if not isinstance(item, Milestone):
            raise TypeError(f"expected Milestone objects or their declarative form, got {item!r}")
    repeated = sorted(name for name, count in Counter(m.name for m in checked).items() if count > 1)
    if repeated:
        raise ValueError(f"milestone names must differ, got more than one {', '.join(map(repr, repeated))}")
    if not math.isfinite(sum(float(m.weight) for m in checked)):
        raise ValueError("the weights together are not a finite number; only their ratio matters, so scale them down")
    return checked


def milestones_from_info(info: Mapping[str, Any]) -> tuple[Milestone, ...]:
    """The milestones that the env itself offers: ``info["milestones"]``, name to reached, in task order.

    ``info["milestone_weights"]``, name to weight, is optional; a name that it leaves out weighs 1. A task without
    milestones (an empty dict) is not shaped.

    Raises:
        ValueError: If ``info`` has no such entry.

    >>> [m.name for m in milestones_from_info({"milestones": {"key": False, "door": False}})]
    ['key', 'door']
    """
    reported = info.get("milestones")
    if not isinstance(reported, Mapping):
        raise ValueError(
            f"this env's reset offers no milestones: info['milestones'] is {reported!r} among the keys {sorted(info)}; "
            "pass milestones=[...] to the wrapper"
        )
    weights = info.get("milestone_weights") or {}
    return tuple(Milestone(name, milestone_reported(name), weights.get(name, 1.0)) for name in reported)
