"""``MilestoneTracker``: which milestones of one env's current episode have been reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reward_wrappers.errors import JudgeUnanswered, PredicateError
from reward_wrappers.milestone import Milestone
from reward_wrappers.transition import Transition


class MilestoneTracker:
    """The milestones of one episode, from its reset on. A wrapper makes one per episode and env.

    Unordered, each open milestone is asked about every transition. ``ordered=True`` asks only the first open one, and on
    the same transition the next, for as long as they hold; so the reached ones are always a prefix of the list.
    """

    __slots__ = ("_open", "_ordered", "_reached_weight", "_total_weight", "progress", "reached")

    def __init__(self, milestones: Sequence[Milestone], start: Transition, *, ordered: bool = False) -> None:
        self._ordered = ordered
        # Reversed where ordered, so that taking the first is a pop from the end.
        todo = reversed(milestones) if ordered else milestones
        self._open: list[tuple[Milestone, Callable[[Transition], Any]]] = [(m, _fresh(m.predicate)) for m in todo]
        self._total_weight = float(sum(m.weight for m in milestones))
        self._reached_weight = 0.0
        self.reached: tuple[str, ...] = ()
        """Names, in the order reached; those that already held at reset come first."""
        self.progress = 0.0
        """Weight reached over weight in all, 0 to 1; 0 for an episode without milestones."""
        self.advance(start)

    @property
    def open(self) -> list[Milestone]:
        """The milestones that the next transition will be asked about; where ordered, at most one."""
        todo = self._open[-1:] if self._ordered else self._open
        return [milestone for milestone, _ in todo]

    def advance(self, transition: Transition) -> float:
        """Ask the open milestones about ``transition``; returns the share of the total weight newly reached, 0 to 1.

        Raises:
            PredicateError: If a predicate raises or returns None.
        """
        newly = self._next_in_order(transition) if self._ordered else self._any_order(transition)
        if not newly:
            return 0.0
        weight = float(sum(m.weight for m in newly))
        self.reached += tuple(m.name for m in newly)
        self._reached_weight += weight
        # Exactly 1 when all are reached, whatever the order in which floating point summed them.
        self.progress = self._reached_weight / self._total_weight if self._open else 1.0
        return weight / self._total_weight

    def _any_order(self, transition: Transition) -> list[Milestone]:
        newly: list[Milestone] = []
        for milestone, predicate in self._open:
            try:
                held = predicate(transition)
                if held:
                    newly.append(milestone)
                elif held is None:
                    raise TypeError("it returned None; return True or False")
            except JudgeUnanswered:
                continue  # no verdict is not a yes; the judge's client has counted it
            except Exception as error:  # a predicate is code of others: whatever it raises, the error must name it
                raise _predicate_error(milestone, transition, error) from error
        if newly:
            names = {m.name for m in newly}
            self._open = [entry for entry in self._open if entry[0].name not in names]
        return newly

    def _next_in_order(self, transition: Transition) -> list[Milestone]:
        newly: list[Milestone] = []
        while self._open:
            milestone, predicate = self._open[-1]
            try:
                held = predicate(transition)
                if held is None:
                    raise TypeError("it returned None; return True or False")
                if not held:
                    break
            except JudgeUnanswered:
                break
            except Exception as error:  # a predicate is code of others: whatever it raises, the error must name it
                raise _predicate_error(milestone, transition, error) from error
            newly.append(milestone)
            self._open.pop()
        return newly


def _fresh(predicate: Callable[[Transition], Any]) -> Callable[[Transition], Any]:
    """``predicate`` without memory of other episodes or envs; any callable may offer this by a method ``fresh``."""
    fresh = getattr(predicate, "fresh", None)
    return predicate if fresh is None else fresh()


def _predicate_error(milestone: Milestone, transition: Transition, error: Exception) -> PredicateError:
    problem = f"raised {type(error).__name__}: {error}"
    return PredicateError(milestone.name, problem, at_reset=transition.is_reset)
