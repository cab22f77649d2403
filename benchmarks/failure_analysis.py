"""Why episodes fail, by rules alone: four modes that exclude each other, the loop an episode ended in, and the step at which
it left the paths of successful ones.

The modes and their priority are those of MiRA (arXiv:2603.19685, failure analysis). What is meant by them here:

1. **wrong stop**: the policy stopped and the evaluator did not accept.
2. **stuck midway**: the episode ended in a loop (see ``find_loop``).
3. **no reasonable attempt**: it never stopped though every milestone short of the answer was reached, or it got nowhere:
   no milestone, and either no action had an effect or it never left the pages it started on.
4. **other**: the rest, mostly wandering until the step limit.

Not covered: whether the answer given at a wrong stop was a near miss; ``info["eval_result"]`` says that at run time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
from webarena_gym.agents.trajectory import Trajectory

from reward_wrappers.trajectory import reach_times

from .read_steps import ReadStep, casefolded, read_steps
from .stats import Interval, wilson_interval

FailureMode = Literal["wrong stop", "stuck midway", "no reasonable attempt", "other"]
Outcome = Literal["success", "wrong stop", "stuck midway", "no reasonable attempt", "other", "infra error"]
MODES: tuple[FailureMode, ...] = get_args(FailureMode)

SAME_ACTIONS = 4  # of one action in a row that make a loop
CYCLES = 3  # repetitions of a longer sequence that make one
MAX_CYCLE_ACTIONS = 5


class Loop(NamedTuple):
    """The last ``length * cycles`` steps or more repeat ``length`` steps, from step ``start`` (0 for the first) on."""

    start: int
    length: int
    cycles: int


def find_loop(steps: Sequence[ReadStep]) -> Loop | None:
    """The loop that an episode ends in: the shortest cycle of up to ``MAX_CYCLE_ACTIONS`` steps.

    Two steps are alike if they do the same thing to an element of the same role and name and lead to the same page and
    part of it. Paging through a long list therefore is no loop, adding the same thing to the cart again and again is one.
    """
    marks = [(step.described, step.next_page) for step in map(casefolded, steps)]
    for length in range(1, MAX_CYCLE_ACTIONS + 1):
        matching = 0
        while matching + length < len(marks) and marks[-1 - matching] == marks[-1 - matching - length]:
            matching += 1
        cycles = (matching + length) // length
        if cycles >= (SAME_ACTIONS if length == 1 else CYCLES):
            return Loop(len(marks) - matching - length, length, cycles)
    return None


def outcome_of(trajectory: Trajectory) -> Outcome:
    """Success, the failure mode, or "infra error" where nobody can know."""
    if trajectory.infra_error is not None or trajectory.success is None:
        return "infra error"
    if trajectory.success:
        return "success"
    if trajectory.terminated:
        return "wrong stop"
    steps = read_steps(trajectory)
    if find_loop(steps) is not None:
        return "stuck midway"
    if _all_but_the_answer(trajectory) or _got_nowhere(trajectory, steps):
        return "no reasonable attempt"
    return "other"


def milestone_times(trajectory: Trajectory) -> dict[str, int | None]:
    """By milestone, the number of actions after which it held: 0 at reset, None if never. Empty for a task without any."""
    if not trajectory.reset_milestones and not any(step.milestones for step in trajectory.steps):
        return {}
    if not trajectory.steps:
        return {name: 0 if held else None for name, held in trajectory.reset_milestones.items()}
    return reach_times(trajectory)


def _all_but_the_answer(trajectory: Trajectory) -> bool:
    """An unstopped episode can lack the last milestone only because stopping is what reaches it."""
    times = list(milestone_times(trajectory).values())
    return len(times) > 1 and None not in times[:-1]


def _got_nowhere(trajectory: Trajectory, steps: Sequence[ReadStep]) -> bool:
    if any(time for time in milestone_times(trajectory).values()):
        return False
    start = steps[0].page[0] if steps else ""
    return all(step.error for step in steps) or all(step.next_page[0] == start for step in steps)


def key_decision(trajectory: Trajectory, references: Iterable[Trajectory]) -> int | None:
    """The step (0 for the first) at which a failed episode first did what no successful one of the same task did there.

    "There" is the page the action was taken on. A stop of a failed episode is always such a step, since the same stop after
    the same deeds would have succeeded. None if the episode succeeded or there is no success to compare with.
    """
    known: dict[tuple[str, int], set[str]] = {}
    for reference in references:
        if reference.success:
            for step in map(casefolded, read_steps(reference)):
                known.setdefault(step.page, set()).add(step.described)
    if trajectory.success is not False or not known:
        return None
    for t, step in enumerate(map(casefolded, read_steps(trajectory))):
        if step.kind == "stop" or step.described not in known.get(step.page, ()):
            return t
    return None


@dataclass(frozen=True, kw_only=True)
class FailureCounts:
    """How the episodes of one policy ended. Shares come with the denominator that they are of."""

    counts: Mapping[Outcome, int]

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> FailureCounts:
        found = Counter(outcomes)
        return cls(counts={outcome: found[outcome] for outcome in get_args(Outcome)})

    @property
    def scored(self) -> int:
        """Episodes with an outcome; infrastructure errors have none."""
        return sum(count for outcome, count in self.counts.items() if outcome != "infra error")

    @property
    def failures(self) -> int:
        return self.scored - self.counts["success"]

    def of_all(self, mode: Outcome) -> Interval:
        """Share of all scored episodes, with Wilson's interval."""
        return wilson_interval(self.counts[mode], self.scored)

    def of_failures(self, mode: FailureMode) -> Interval:
        """Share of the failures, with Wilson's interval."""
        return wilson_interval(self.counts[mode], self.failures)


class HeatMap(NamedTuple):
    """Chance that a milestone has been reached after a number of actions."""

    reached: np.ndarray
    """(K, H + 1): row j for the j-th milestone of a task, column t for after t actions."""
    episodes: tuple[int, ...]
    """(K,) episodes whose task has a j-th milestone."""


def milestone_heat_map(trajectories: Iterable[Trajectory], *, max_steps: int | None = None) -> HeatMap:
    """Over all scored episodes; what an ended episode had reached stays reached.

    ``max_steps`` is H; by default the longest episode's.
    """
    scored = [t for t in trajectories if t.infra_error is None and t.success is not None]
    times = [list(found.values()) for found in map(milestone_times, scored) if found]
    horizon = max_steps if max_steps is not None else max((len(t.steps) for t in scored), default=0)
    rows = max(map(len, times), default=0)
    reached = np.zeros((rows, horizon + 1))
    episodes = [sum(len(row) > j for row in times) for j in range(rows)]
    for row in times:
        for j, time in enumerate(row):
            if time is not None and time <= horizon:
                reached[j, time:] += 1
    return HeatMap(reached / np.maximum(1, np.array(episodes))[:, None], tuple(episodes))
