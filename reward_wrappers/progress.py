"""``ProgressLabeler``: how far along a successful episode was at each step, the target that a potential critic learns.

Source: MiRA (arXiv:2603.19685). K milestones reached at steps t_1 <= ... <= t_K of an episode of H steps, with t_0 = 0 and
the last anchored at the end, t_K = H. For t_j <= t <= t_{j+1}, taking the greatest such j::

    a = (t - t_j) / (t_{j+1} - t_j)        p*_t = (1 - a) * j / K + a * (j + 1) / K
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from reward_wrappers.milestone import Milestone, check_milestones
from reward_wrappers.trajectory import TrajectoryLike, reach_times


def progress_labels(reached_at: Iterable[int | None], horizon: int) -> np.ndarray:
    """p*_0 to p*_H, (H + 1,) float64 from 0 to 1, for milestones reached at these steps of an episode of ``horizon`` steps.

    What held at reset (0) and what was never reached (None) is left out, and K shrinks. With none left, p*_t = t / H.
    Milestones reached together count together: the label jumps there.

    Raises:
        ValueError: If ``horizon`` is below 1 or a step lies outside 0 to ``horizon``.

    >>> progress_labels([2, 4, 9], horizon=9)[[0, 1, 2, 3, 4, 9]].round(3).tolist()
    [0.0, 0.167, 0.333, 0.5, 0.667, 1.0]
    """
    if horizon < 1:
        raise ValueError(f"an episode has at least one step, got horizon={horizon}")
    given = [t for t in reached_at if t is not None]
    if any(not 0 <= t <= horizon for t in given):
        raise ValueError(f"milestones are reached at steps 0 to {horizon}, got {given}")
    times = sorted(t for t in given if t > 0)
    times[-1:] = [horizon]  # the last one, or, without any, the end itself
    count, labels = len(times), np.empty(horizon + 1)
    bounds = [0, *times]
    for j in range(count):
        start, end = bounds[j], bounds[j + 1]
        if start < end:  # else j and j + 1 were reached together: no step lies between them
            share = (np.arange(start, end) - start) / (end - start)
            labels[start:end] = (j + share) / count
    labels[horizon] = 1.0
    return labels


class ProgressLabeler:
    """Labels the steps of successful trajectories with their progress.

    Args:
        milestones: The milestones, or None for the env's own as the trajectory's infos report them.
        ordered: Reach them only in the order listed.

    >>> from reward_wrappers import Step, Trajectory, observation_equals
    >>> episode = Trajectory([Step(s, 2, 0.0) for s in range(4)], success=True, final_observation=4)
    >>> marks = [Milestone("one", observation_equals(1)), Milestone("four", observation_equals(4))]
    >>> ProgressLabeler(marks)(episode).round(3).tolist()
    [0.0, 0.5, 0.667, 0.833, 1.0]
    """

    def __init__(self, milestones: Sequence[Milestone] | None = None, *, ordered: bool = False) -> None:
        self._milestones = None if milestones is None else check_milestones(milestones)
        self._ordered = ordered

    def __call__(self, trajectory: TrajectoryLike) -> np.ndarray:
        """p*_0 to p*_H, (H + 1,) float64: one per observation, the final one included.

        Raises:
            ValueError: If the trajectory was not a success; progress towards a goal that was missed is not defined.
        """
        if not trajectory.success:
            raise ValueError(f"progress is defined for successes only, got success={trajectory.success}; filter first")
        times = reach_times(trajectory, self._milestones, ordered=self._ordered)
        return progress_labels(times.values(), horizon=len(trajectory.steps))
