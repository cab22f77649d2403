"""Intervals and tests against scipy, statsmodels and numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from webarena_gym.benchmarks.stats import (
    Interval,
    bootstrap_mean,
    clustered_wilson,
    crossed_bootstrap,
    holm,
    mcnemar,
    pass_at_k,
    sign_flip_test,
    wilson_interval,
)


@pytest.mark.parametrize(("successes", "count"), [(0, 45), (1, 45), (20, 45), (45, 45), (71, 165), (1, 1)])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_wilson_interval_equals_statsmodels(successes, count, confidence):
    low, high = proportion_confint(successes, count, alpha=1 - confidence, method="wilson")
    interval = wilson_interval(successes, count, confidence=confidence)
    assert interval == pytest.approx((successes / count, low, high), abs=1e-12)


def test_wilson_interval_of_nothing_is_nan_and_shows_as_a_dash():
    interval = wilson_interval(0, 0)
    assert all(math.isnan(value) for value in interval) and interval.percent() == "–"


def test_wilson_interval_refuses_more_successes_than_trials():
    with pytest.raises(ValueError, match="got 3 of 2"):
        wilson_interval(3, 2)


def test_without_clusters_the_clustered_interval_is_wilsons():
    assert clustered_wilson([True, False, True]) == wilson_interval(2, 3)


def test_one_episode_of_each_task_is_plain_wilson_too():
    assert clustered_wilson([True, False, True], ["a", "b", "c"]) == wilson_interval(2, 3)


def test_clusters_that_agree_within_count_once_each():
    # Four tasks, three episodes each, all three alike; two tasks solved. Residual sums are +-3/2, so the variance is
    # 4/3 * 4 * 9/4 / 12^2 = 1/12, and 1/4 over that is 3: three independent episodes, one fewer than tasks.
    outcomes = [True] * 6 + [False] * 6
    tasks = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert clustered_wilson(outcomes, tasks) == pytest.approx(wilson_interval(1.5, 3))


def test_one_way_and_two_way_cluster_variances_equal_statsmodels():
    random = np.random.default_rng(3)
    seeds, tasks = np.repeat(np.arange(5), 12), np.tile(np.arange(12), 5)
    chance = 0.5 + 0.3 * random.standard_normal(12)[tasks] + 0.2 * random.standard_normal(5)[seeds]
    outcomes = (random.random(60) < chance).astype(float)
    model = OLS(outcomes, np.ones((60, 1)))
    one = model.fit(cov_type="cluster", cov_kwds={"groups": tasks}).bse[0] ** 2
    two = model.fit(cov_type="cluster", cov_kwds={"groups": np.column_stack([seeds, tasks])}).bse[0] ** 2
    share = outcomes.mean()
    for interval, variance in (
        (clustered_wilson(list(outcomes > 0), list(tasks)), one),
        (clustered_wilson(list(outcomes > 0), list(seeds), list(tasks)), two),
    ):
        effective = share * (1 - share) / variance
        assert 2 < effective < 60  # else the bounds on the effective number would hide a difference
        assert interval == pytest.approx(wilson_interval(share * effective, effective))


def test_when_every_episode_succeeds_each_task_counts_once():
    outcomes = [True] * 30
    seeds, tasks = [i // 10 for i in range(30)], [i % 10 for i in range(30)]
    assert clustered_wilson(outcomes, seeds, tasks) == wilson_interval(10, 10)
    assert clustered_wilson(outcomes, tasks) == wilson_interval(10, 10)


def test_bootstrap_mean_equals_scipys_percentile_bootstrap():
    values = np.random.default_rng(0).exponential(size=60)
    theirs = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=40_000, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    ours = bootstrap_mean(values, resamples=40_000)
    # Two runs of 40,000 resamples differ by about 0.002 standard deviations of the bounds' Monte Carlo error.
    assert ours == pytest.approx((values.mean(), theirs.low, theirs.high), abs=0.01)


def test_bootstrap_is_the_same_for_the_same_seed():
    assert bootstrap_mean([1, 2, 5, 9], seed=4) == bootstrap_mean([1, 2, 5, 9], seed=4)


def test_crossed_bootstrap_of_one_seed_is_the_bootstrap_over_tasks():
    values = np.random.default_rng(2).random(40)
    one = crossed_bootstrap(values[None, :], resamples=40_000)
    assert one == pytest.approx(bootstrap_mean(values, resamples=40_000), abs=0.004)


def test_crossed_bootstrap_is_wider_when_seeds_differ_than_when_only_tasks_do():
    alike = np.tile([1.0, 0.0] * 20, (3, 1))
    differing = np.array([[1.0] * 40, [0.5] * 40, [0.0] * 40])
    narrow, wide = crossed_bootstrap(alike), crossed_bootstrap(differing)
    assert narrow.estimate == wide.estimate == 0.5
    # Three seeds at 1, 1/2, 0: a resample takes the worst seed thrice with chance 1/27 > 2.5%, so the bounds are 0 and 1.
    assert (wide.low, wide.high) == (0.0, 1.0) and narrow.high - narrow.low < 0.35


def test_crossed_bootstrap_leaves_out_episodes_without_outcome():
    assert crossed_bootstrap(np.array([[1.0, np.nan], [1.0, 1.0]])) == Interval(1.0, 1.0, 1.0)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (1, 8), (5, 5), (13, 0), (30, 17)])
def test_mcnemar_equals_statsmodels(first, second):
    theirs = statsmodels_mcnemar([[40, first], [second, 60]], exact=True).pvalue
    assert mcnemar(first, second) == pytest.approx(theirs)


def test_mcnemar_worked_by_hand():
    # Of 9 tasks that only one policy solved, the second solved 8: 2 * (C(9,0) + C(9,1)) / 2^9 = 20/512.
    assert mcnemar(1, 8) == 20 / 512


def test_sign_flip_test_equals_scipys_exact_permutation_test():
    differences = np.array([2, -1, 3, 0, 1, 1, -2, 4])
    theirs = scipy.stats.permutation_test(
        (differences, np.zeros_like(differences)),
        lambda x, y, axis: np.sum(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
    ).pvalue
    assert sign_flip_test(list(differences)) == pytest.approx(theirs)


def test_the_difference_that_mira_publishes_over_webrl_is_not_significant_on_one_run():
    # 71 against 58 of 165: were 37 tasks solved by one alone (25 and 12), p is 0.047; with 20 more on each side, 0.17.
    assert mcnemar(25, 12) == pytest.approx(0.047, abs=0.001)
    assert mcnemar(45, 32) == pytest.approx(0.17, abs=0.01)


@pytest.mark.parametrize(("successes", "samples", "k"), [(0, 8, 3), (3, 8, 3), (8, 8, 1), (1, 6, 6)])
def test_pass_at_k_is_the_share_of_draws_of_k_episodes_with_a_success(successes, samples, k):
    # Drawing k of the samples without replacement and meeting no success is hypergeometric.
    assert pass_at_k(successes, samples, k) == pytest.approx(1 - scipy.stats.hypergeom(samples, successes, k).pmf(0))


def test_pass_at_k_refuses_more_draws_than_samples():
    with pytest.raises(ValueError, match="at k=9"):
        pass_at_k(1, 8, 9)


def test_holm_equals_statsmodels():
    p_values = [0.01, 0.04, 0.03, 0.005, 0.5]
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]))
