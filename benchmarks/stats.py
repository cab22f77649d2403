"""Intervals and paired tests for success rates and learning curves. Rates and confidences are shares, 0 to 1.

Every interval is two-sided. Nothing here assumes that episodes are independent where they are not: several episodes of one
task, or of one training seed, count as a cluster.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

CONFIDENCE = 0.95
RESAMPLES = 10_000


class Interval(NamedTuple):
    """An estimate between its bounds; all nan where there is nothing to estimate from."""

    estimate: float
    low: float
    high: float

    def percent(self, digits: int = 1) -> str:
        """As a table shows it.

        >>> Interval(0.4303, 0.357, 0.5067).percent()
        '43.0% [35.7, 50.7]'
        """
        if math.isnan(self.estimate):
            return "–"
        values = (f"{100 * value:.{digits}f}" for value in self)
        return "{}% [{}, {}]".format(*values)

    def plain(self, digits: int = 1) -> str:
        """The same for a quantity that is no share.

        >>> Interval(4.25, 3.5, 5.0).plain()
        '4.2 [3.5, 5.0]'
        """
        if math.isnan(self.estimate):
            return "–"
        return "{} [{}, {}]".format(*(f"{value:.{digits}f}" for value in self))


NOTHING = Interval(math.nan, math.nan, math.nan)


def wilson_interval(successes: float, count: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval for a share (Wilson, 1927); never leaves 0 to 1, and is not empty at 0 or 1.

    ``count`` may be an effective number, not whole (see ``clustered_wilson``).

    >>> wilson_interval(0, 10).percent()
    '0.0% [0.0, 27.8]'

    Raises:
        ValueError: more successes than trials, or a negative number.
    """
    if not 0 <= successes <= count:
        raise ValueError(f"want 0 <= successes <= count, got {successes} of {count}")
    if count == 0:
        return NOTHING
    z2 = _z(confidence) ** 2
    share = successes / count
    centre = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = math.sqrt(z2) / (1 + z2 / count) * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    # At 0 and 1 the bound is exact; rounding must not move it past the estimate.
    return Interval(share, min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half)))


def clustered_wilson(
    outcomes: Sequence[bool], *clusterings: Sequence[Hashable], confidence: float = CONFIDENCE
) -> Interval:
    """Wilson's interval for episodes that are not independent, such as several of one task, or of one seed, or both.

    Each clustering names the cluster of each episode. The variance of the mean is that of Cameron, Gelbach and Miller
    (2011), by each clustering, less that of what all share; the score interval is then taken at the number of independent
    episodes with that variance (Korn and Graubard, 1998), at least 2 and never more than there are episodes. Where all
    outcomes agree there is no variance to learn from, and each cluster of the finest clustering counts as one episode.
    """
    count = len(outcomes)
    if any(len(clusters) != count for clusters in clusterings):
        raise ValueError(f"every clustering needs a cluster for each of the {count} outcomes")
    clusterings = tuple(clusters for clusters in clusterings if len(set(clusters)) < count)  # else each stands alone
    if count == 0:
        return NOTHING
    share = sum(map(bool, outcomes)) / count
    if not clusterings:
        effective = float(count)
    elif share in (0.0, 1.0):
        effective = float(max(len(set(clusters)) for clusters in clusterings))
    else:
        variance = sum(_cluster_variance(outcomes, clusters) for clusters in clusterings)
        if len(clusterings) > 1:
            variance -= _cluster_variance(outcomes, list(zip(*clusterings, strict=True)))
        effective = count if variance <= 0 else min(count, max(2.0, share * (1 - share) / variance))
    return wilson_interval(share * effective, effective, confidence=confidence)


def _cluster_variance(outcomes: Sequence[bool], clusters: Sequence[Hashable]) -> float:
    """Variance of the mean from sums of residuals by cluster, with the small-sample factor m / (m - 1)."""
    mean = sum(map(bool, outcomes)) / len(outcomes)
    sums: dict[Hashable, float] = {}
    for outcome, cluster in zip(outcomes, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + bool(outcome) - mean
    m = len(sums)
    return 0.0 if m < 2 else m / (m - 1) * sum(s**2 for s in sums.values()) / len(outcomes) ** 2


def bootstrap_mean(
    values: Sequence[float], *, seed: int = 0, resamples: int = RESAMPLES, confidence: float = CONFIDENCE
) -> Interval:
    """Percentile bootstrap of a mean (Efron, 1979); values must be independent. Also for paired differences over tasks."""
    data = np.asarray(values, dtype=np.float64)
    if data.size == 0:
        return NOTHING
    random = np.random.default_rng(seed)
    rows = random.integers(data.size, size=(resamples, data.size))
    return _percentiles(float(data.mean()), data[rows].mean(axis=1), confidence)


def crossed_bootstrap(
    values: np.ndarray, *, seed: int = 0, resamples: int = RESAMPLES, confidence: float = CONFIDENCE
) -> Interval:
    """Percentile bootstrap of the mean of ``values`` (seeds, tasks), where each seed met the same tasks.

    Seeds and tasks are drawn anew, each with replacement (the pigeonhole bootstrap of Owen, 2007): the interval speaks about
    other seeds and other tasks. nan marks an episode without outcome.
    """
    data = np.asarray(values, dtype=np.float64)
    if data.ndim != 2:
        raise ValueError(f"want values of shape (seeds, tasks), got {data.shape}")
    if data.size == 0 or np.isnan(data).all():
        return NOTHING
    random = np.random.default_rng(seed)
    present, filled = ~np.isnan(data), np.nan_to_num(data)
    seeds, tasks = data.shape
    # How often each row and column was drawn; the mean of a resample is then two products.
    by_seed = random.multinomial(seeds, np.full(seeds, 1 / seeds), size=resamples).astype(np.float64)
    by_task = random.multinomial(tasks, np.full(tasks, 1 / tasks), size=resamples).astype(np.float64)
    sums = np.einsum("rs,st,rt->r", by_seed, filled, by_task, optimize=True)
    counts = np.einsum("rs,st,rt->r", by_seed, present.astype(np.float64), by_task, optimize=True)
    means = sums[counts > 0] / counts[counts > 0]
    return _percentiles(float(np.nanmean(data)), means, confidence)


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided p-value of McNemar's test from the tasks that one of two policies solved (McNemar, 1947).

    >>> mcnemar(1, 8)
    0.0390625
    """
    return sign_flip_test([1] * only_first + [-1] * only_second)


def sign_flip_test(differences: Sequence[int]) -> float:
    """Exact two-sided p-value that paired differences are symmetric about 0 (Fisher, 1935), by all sign changes at once.

    With several episodes of a task, ``differences`` are first minus second policy's successes on it; with one of each this
    is McNemar's exact test.
    """
    sizes = [abs(int(difference)) for difference in differences if difference]
    observed, total = abs(sum(map(int, differences))), sum(sizes)
    if not sizes:
        return 1.0
    ways = np.zeros(2 * total + 1)  # ways[total + s]: probability of the sum s
    ways[total] = 1.0
    for size in sizes:
        ways = (np.roll(ways, size) + np.roll(ways, -size)) / 2  # never wraps: total bounds the sum
    sums = np.abs(np.arange(-total, total + 1))
    return float(min(1.0, ways[sums >= observed].sum()))


def pass_at_k(successes: int, samples: int, k: int) -> float:
    """Unbiased estimate of the chance that at least one of ``k`` episodes of a task succeeds (Chen et al., 2021, equation 1).

    >>> pass_at_k(2, 5, 1), pass_at_k(2, 5, 2)
    (0.4, 0.7)

    Raises:
        ValueError: fewer samples than ``k``, or more successes than samples.
    """
    if not (1 <= k <= samples and 0 <= successes <= samples):
        raise ValueError(f"want 1 <= k <= samples and 0 <= successes <= samples, got {successes} of {samples} at k={k}")
    return 1.0 - math.comb(samples - successes, k) / math.comb(samples, k)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted for being several (Holm, 1979), in the same order."""
    adjusted, highest = [1.0] * len(p_values), 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def cohens_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Agreement of two raters beyond what their own frequencies would give by chance (Cohen, 1960); nan without any variety.

    >>> cohens_kappa([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    0.5
    """
    count = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[label] * second[label] for label in first) / count**2 if count else 1.0
    if chance == 1.0:
        return math.nan
    return (sum(a == b for a, b in pairs) / count - chance) / (1 - chance)


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share between 0 and 1, got {confidence}")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def _percentiles(estimate: float, resampled: np.ndarray, confidence: float) -> Interval:
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(resampled, [tail, 100 - tail])
    return Interval(estimate, float(low), float(high))
