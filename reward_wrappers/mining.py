"""``mine_milestones``: propose milestones from recorded episodes, what most successes pass on their way and failures don't."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from reward_wrappers.milestone import Milestone
from reward_wrappers.mining_events import clarity, events_of, name_of
from reward_wrappers.predicate import Predicate
from reward_wrappers.trajectory import TrajectoryLike, transitions
from reward_wrappers.transition import Transition

_SAME_ORDER = 0.8  # of the successes that pass both of two milestones, how many must pass them in the order proposed


@dataclass(frozen=True)
class MinedMilestone:
    """A proposed milestone, with how the episodes support it."""

    milestone: Milestone
    support: float
    """Share of the successes that pass it after their start and before their end, 0 to 1."""
    failure_rate: float
    """Share of the failures that pass it after their start, 0 to 1; 0 if there were no failures."""
    mean_time: float
    """When the successes pass it, on average, as a share of their length: 0 at the start, 1 at the end."""


@dataclass(frozen=True)
class _Passing:
    """When an event first holds: by success as a share of its length (nan: never, or not on the way), and in how many failures."""

    times: np.ndarray  # (S,) float64 in (0, 1)
    failure_rate: float

    @property
    def support(self) -> float:
        return float(np.mean(~np.isnan(self.times)))

    @property
    def gap(self) -> float:
        return self.support - self.failure_rate

    @property
    def mean_time(self) -> float:
        return float(np.nanmean(self.times))


def mine_milestones(
    trajectories: Iterable[TrajectoryLike],
    *,
    max_milestones: int = 4,
    min_support: float = 0.8,
    min_gap: float = 0.2,
    events: Callable[[Transition], Iterable[Predicate]] | None = None,
) -> list[MinedMilestone]:
    """Milestones in the order in which successes pass them, in the declarative form; possibly fewer than asked for, or none.

    A candidate is an event that can be said of a transition (``events``; by default URLs, elements and lines of text, info
    entries, discrete observations and rewards). It is kept if at least ``min_support`` of the successes pass it on the way,
    and failures pass it less often by at least ``min_gap``. What holds at reset, or first on the last step, is not on the
    way. Of the candidates kept, those are proposed that set successes apart best and lie far from the ends and from each
    other in time (gap times distance, greedily), in an order that most successes share.

    The trajectories should be of one task, or of tasks with the same steps to them. Those whose ``success`` is None are
    left out. Few trajectories support anything: hold some back and look at ``milestone_quality`` on them.

    Raises:
        ValueError: If no trajectory is a success, or a limit makes no sense.
    """
    if max_milestones < 1 or not 0 < min_support <= 1 or not 0 <= min_gap <= 1:
        raise ValueError(
            f"expected 1 or more milestones and shares up to 1, got {max_milestones=}, {min_support=}, {min_gap=}"
        )
    episodes = [(transitions(t), bool(t.success)) for t in trajectories if t.success is not None]
    successes = [replayed for replayed, success in episodes if success]
    failures = [replayed for replayed, success in episodes if not success]
    if not successes:
        raise ValueError(
            f"mining needs successes, got 0 among {len(episodes)} trajectories; relax the task or record more"
        )

    def good_enough(passing: _Passing) -> bool:
        return passing.support >= min_support and passing.gap >= min_gap

    candidates = {e: p for e, p in _candidates(successes, failures, events or events_of).items() if good_enough(p)}
    chosen: dict[Predicate, _Passing] = {}
    while candidates and len(chosen) < max_milestones:
        taken = [0.0, 1.0, *(passing.mean_time for passing in chosen.values())]
        best = max(candidates, key=lambda event: _worth(event, candidates[event], taken))
        del candidates[best]
        # An event was noted where it was seen; its predicate may hold elsewhere too (a text inside a longer line).
        passing = _passing(best, successes, failures)
        if good_enough(passing) and all(_same_order(passing, other) for other in chosen.values()):
            chosen[best] = passing
    ordered = sorted(chosen.items(), key=lambda item: item[1].mean_time)
    return [MinedMilestone(Milestone(name_of(e), e), p.support, p.failure_rate, p.mean_time) for e, p in ordered]


def _candidates(
    successes: Sequence[list[Transition]],
    failures: Sequence[list[Transition]],
    events: Callable[[Transition], Iterable[Predicate]],
) -> dict[Predicate, _Passing]:
    first_in_successes = [_first_seen(replayed, events) for replayed in successes]
    passed_by_failures: dict[Predicate, int] = {}
    for replayed in failures:
        for event, t in _first_seen(replayed, events).items():
            passed_by_failures[event] = passed_by_failures.get(event, 0) + (t > 0)
    # A dict, not a set: the order of a set of objects changes from one process to the next.
    seen = dict.fromkeys(event for first in first_in_successes for event in first)
    candidates = {}
    for event in seen:
        times = [
            _share(first.get(event), replayed) for first, replayed in zip(first_in_successes, successes, strict=True)
        ]
        if not all(np.isnan(times)):
            candidates[event] = _Passing(np.array(times), passed_by_failures.get(event, 0) / max(len(failures), 1))
    return candidates


def _first_seen(
    replayed: list[Transition], events: Callable[[Transition], Iterable[Predicate]]
) -> dict[Predicate, int]:
    first: dict[Predicate, int] = {}
    for t, transition in enumerate(replayed):
        for event in events(transition):
            first.setdefault(event, t)
    return first


def _passing(event: Predicate, successes: Sequence[list[Transition]], failures: Sequence[list[Transition]]) -> _Passing:
    def first(replayed: list[Transition]) -> int | None:
        predicate = event.fresh()
        return next((t for t, transition in enumerate(replayed) if predicate(transition)), None)

    times = np.array([_share(first(replayed), replayed) for replayed in successes])
    failed = sum((first(replayed) or 0) > 0 for replayed in failures)
    return _Passing(times, failed / max(len(failures), 1))


def _share(t: int | None, replayed: list[Transition]) -> float:
    end = len(replayed) - 1
    return t / end if t is not None and 0 < t < end else float("nan")


def _worth(event: Predicate, passing: _Passing, taken: list[float]) -> tuple[float, float, int, int, str]:
    distance = min(abs(passing.mean_time - time) for time in taken)
    text = repr(event)
    # Of events at the same moment the clearest and shortest; rounded, so that floating point makes no difference where there
    # is none; at last alphabetical, so that equal input is equal output.
    return round(passing.gap * distance, 9), passing.support, -clarity(event), -len(text), text


def _same_order(one: _Passing, other: _Passing) -> bool:
    both = ~np.isnan(one.times) & ~np.isnan(other.times)
    earlier = one.times[both] < other.times[both]
    later = one.times[both] > other.times[both]
    return bool(both.any()) and max(earlier.mean(), later.mean()) >= _SAME_ORDER
