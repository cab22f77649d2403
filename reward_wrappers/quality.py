"""``milestone_quality``: do milestones tell successes from failures, and does paying for them look safe?

The three numbers are those of MiRA (arXiv:2603.19685), which reports AUROC 0.84, Kendall's tau 0.4585 and F1 0.6847 for its
own subgoals on WebArena-Lite.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from reward_wrappers.milestone import Milestone
from reward_wrappers.trajectory import TrajectoryLike, reach_times

_STANDARD_ERRORS = 2.0  # how far apart two halves must be to call it a change
_MIN_HALF = 10  # trajectories in a half, below which no change is claimed


@dataclass(frozen=True)
class ReachedCount:
    """The trajectories that reached the same number of milestones."""

    reached: int
    trajectories: int
    success_rate: float


@dataclass(frozen=True)
class MilestoneRate:
    """How often one milestone is reached, over the trajectories that have it; None where there are none."""

    name: str
    among_successes: float | None
    among_failures: float | None


@dataclass(frozen=True)
class MilestoneQuality:
    """How a set of milestones relates to success. ``plot_quality`` draws it."""

    trajectories: int
    successes: int
    left_out: int
    """Trajectories without a known outcome or without milestones."""
    auroc: float | None
    """Chance that a random success completed a larger fraction of its milestones than a random failure, ties counting
    half; 0.5 is no relation. None without both successes and failures."""
    kendall_tau: float | None
    """Kendall's tau-b of completed fraction against success, -1 to 1; None where either never varies."""
    f1: float | None
    """F1 of "all reached" as a guess of success; None if nothing was reached in full and nothing succeeded."""
    by_reached: tuple[ReachedCount, ...]
    """Success by number reached, ascending; should rise."""
    by_milestone: tuple[MilestoneRate, ...]
    halves: tuple[tuple[float, float], tuple[float, float]] | None
    """Mean completed fraction and success rate, in the earlier and in the later half; None below 20 trajectories."""
    warnings: tuple[str, ...]
    """What speaks against paying for these milestones, in words; empty if nothing does."""

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, for JSON."""
        return asdict(self)


def milestone_quality(
    trajectories: Iterable[TrajectoryLike], milestones: Sequence[Milestone] | None = None, *, ordered: bool = False
) -> MilestoneQuality:
    """Measure milestones on trajectories, given in the order in which they were collected.

    ``milestones=None`` takes the env's own as the trajectories' infos report them; tasks may then differ in theirs.

    Raises:
        ValueError: If no trajectory has both a known outcome and milestones.
    """
    fractions, counts, successes, by_name, left_out = [], [], [], {}, 0
    for trajectory in trajectories:
        times = {} if trajectory.success is None else reach_times(trajectory, milestones, ordered=ordered)
        if not times:
            left_out += 1
            continue
        reached = sum(t is not None for t in times.values())
        fractions.append(reached / len(times))
        counts.append(reached)
        successes.append(bool(trajectory.success))
        for name, t in times.items():
            by_name.setdefault(name, {True: [], False: []})[bool(trajectory.success)].append(t is not None)
    if not fractions:
        raise ValueError(
            f"none of the {left_out} trajectories has a known outcome and milestones; there is nothing to measure"
        )
    fraction, count, success = np.array(fractions), np.array(counts), np.array(successes)
    auroc = _auroc(fraction, success)
    by_reached = tuple(
        ReachedCount(int(k), int(np.sum(count == k)), float(success[count == k].mean())) for k in np.unique(count)
    )
    halves = _halves(fraction, success)
    return MilestoneQuality(
        trajectories=len(fraction),
        successes=int(success.sum()),
        left_out=left_out,
        auroc=auroc,
        kendall_tau=_kendall_tau(fraction, success),
        f1=_f1(fraction == 1.0, success),
        by_reached=by_reached,
        by_milestone=tuple(MilestoneRate(name, _mean(r[True]), _mean(r[False])) for name, r in by_name.items()),
        halves=halves,
        warnings=tuple(_warnings(fraction, success, auroc, by_reached, halves)),
    )


def _mean(reached: list[bool]) -> float | None:
    return sum(reached) / len(reached) if reached else None


def _auroc(score: np.ndarray, positive: np.ndarray) -> float | None:
    """Mann-Whitney U over the number of pairs; (n,) float64 and (n,) bool."""
    pairs = int(positive.sum()) * int((~positive).sum())
    if not pairs:
        return None
    below = np.searchsorted(np.sort(score[~positive]), score[positive], side="left")
    below_or_equal = np.searchsorted(np.sort(score[~positive]), score[positive], side="right")
    return float((below + below_or_equal).sum() / 2 / pairs)


def _kendall_tau(score: np.ndarray, positive: np.ndarray) -> float | None:
    """Tau-b: concordant less discordant pairs over the geometric mean of the pairs not tied in each.

    With one of the two binary, concordant less discordant is the number of mixed pairs times (2 AUROC - 1).
    """
    auroc = _auroc(score, positive)
    total = len(score) * (len(score) - 1) // 2
    tied = sum(int(n) * (int(n) - 1) // 2 for n in np.unique(score, return_counts=True)[1])
    mixed = int(positive.sum()) * int((~positive).sum())
    if auroc is None or total == tied:
        return None
    return mixed * (2 * auroc - 1) / math.sqrt((total - tied) * mixed)


def _f1(predicted: np.ndarray, actual: np.ndarray) -> float | None:
    denominator = int(predicted.sum()) + int(actual.sum())
    return 2 * int((predicted & actual).sum()) / denominator if denominator else None


def _halves(fraction: np.ndarray, success: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]] | None:
    middle = len(fraction) // 2
    if middle < _MIN_HALF:
        return None
    return (
        (float(fraction[:middle].mean()), float(success[:middle].mean())),
        (float(fraction[middle:].mean()), float(success[middle:].mean())),
    )


def _warnings(
    fraction: np.ndarray,
    success: np.ndarray,
    auroc: float | None,
    by_reached: tuple[ReachedCount, ...],
    halves: tuple[tuple[float, float], tuple[float, float]] | None,
) -> Iterable[str]:
    if halves is not None:
        (progress_0, success_0), (progress_1, success_1) = halves
        if _grew(fraction) and _grew(-success.astype(float)):
            yield (
                f"shaping looks hackable: from the earlier to the later half, milestones rose from {progress_0:.2f} to "
                f"{progress_1:.2f} while success fell from {success_0:.2f} to {success_1:.2f}; use pbrs, or a lower alpha"
            )
    if auroc is None:
        yield "all trajectories have the same outcome, so nothing can be said about telling outcomes apart"
    elif auroc < 0.5:
        yield f"milestones speak against success: AUROC {auroc:.2f} is below 0.5"
    for fewer, more in itertools.pairwise(by_reached):
        if _fell(fewer, more):
            yield (
                f"success does not rise with milestones: {fewer.success_rate:.2f} of {fewer.trajectories} with {fewer.reached} "
                f"reached, {more.success_rate:.2f} of {more.trajectories} with {more.reached}"
            )


def _fell(fewer: ReachedCount, more: ReachedCount) -> bool:
    """Whether ``more`` succeeds less often than ``fewer``, by more than two standard errors of the difference."""
    n, m = fewer.trajectories, more.trajectories
    pooled = (fewer.success_rate * n + more.success_rate * m) / (n + m)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return fewer.success_rate - more.success_rate > _STANDARD_ERRORS * error


def _grew(values: np.ndarray) -> bool:
    """Whether the later half's mean lies above the earlier's by more than two standard errors of the difference."""
    middle = len(values) // 2
    earlier, later = values[:middle], values[middle:]
    error = math.sqrt(earlier.var(ddof=1) / len(earlier) + later.var(ddof=1) / len(later))
    return bool(later.mean() - earlier.mean() > _STANDARD_ERRORS * error)
