"""Milestone quality: the numbers against hand-worked ones and SciPy's, the warnings, and the picture."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, mannwhitneyu

from reward_wrappers import Milestone, Step, Trajectory, milestone_quality, observation_equals, plot_quality
from tests.reward_wrappers.fakes import EXAMPLES

MARKS = [Milestone(f"m{s}", observation_equals(s)) for s in (1, 2)]


def reaching(count: int, success: bool | None) -> Trajectory:
    """A trajectory that reaches ``count`` of the two milestones."""
    states = [0, 1, 2, 0][: count + 1]
    return Trajectory([Step(state, 0, 0.0) for state in states], success, final_observation=0)


def many(*groups: tuple[int, bool, int]) -> list[Trajectory]:
    return [reaching(count, success) for count, success, times in groups for _ in range(times)]


def test_the_numbers_of_a_small_set_worked_out_by_hand() -> None:
    # Reached and outcome: (2, won), (1, won), (1, lost), (0, lost).
    quality = milestone_quality(many((2, True, 1), (1, True, 1), (1, False, 1), (0, False, 1)), MARKS)
    # Four pairs of a success and a failure: 2>1, 2>0, 1=1 (half), 1>0.
    assert quality.auroc == 3.5 / 4
    # Concordant 3, discordant 0. Pairs: 6; tied in reached 1; tied in outcome 2. 3 / sqrt(5 * 4).
    assert quality.kendall_tau == pytest.approx(3 / np.sqrt(20))
    # "All reached" guesses one success, rightly, and misses one: precision 1, recall 1/2.
    assert quality.f1 == pytest.approx(2 / 3)
    assert [(g.reached, g.trajectories, g.success_rate) for g in quality.by_reached] == [
        (0, 1, 0.0),
        (1, 2, 0.5),
        (2, 1, 1.0),
    ]
    assert [(r.name, r.among_successes, r.among_failures) for r in quality.by_milestone] == [
        ("m1", 1.0, 0.5),
        ("m2", 0.5, 0.0),
    ]
    assert (quality.trajectories, quality.successes, quality.halves, quality.warnings) == (4, 2, None, ())


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=2, max_size=40))
@settings(max_examples=EXAMPLES)
def test_auroc_and_tau_agree_with_scipy(cases: list[tuple[int, bool]]) -> None:
    quality = milestone_quality([reaching(*case) for case in cases], MARKS)
    counts, outcomes = np.array([c for c, _ in cases]), np.array([o for _, o in cases])
    if outcomes.all() or not outcomes.any():
        assert quality.auroc is None
        assert quality.kendall_tau is None
        return
    u = mannwhitneyu(counts[outcomes], counts[~outcomes]).statistic
    assert quality.auroc == pytest.approx(u / (outcomes.sum() * (~outcomes).sum()))
    tau = kendalltau(counts, outcomes).statistic
    assert quality.kendall_tau is None if np.isnan(tau) else quality.kendall_tau == pytest.approx(tau)


def test_one_outcome_only_is_undefined_and_said_so() -> None:
    quality = milestone_quality(many((2, True, 3)), MARKS)
    assert (quality.auroc, quality.kendall_tau, quality.f1) == (None, None, 1.0)
    assert quality.warnings == (
        "all trajectories have the same outcome, so nothing can be said about telling outcomes apart",
    )


def test_f1_is_undefined_where_nothing_was_reached_in_full_and_nothing_succeeded() -> None:
    assert milestone_quality(many((1, False, 3)), MARKS).f1 is None


def test_shaping_looks_hackable_when_milestones_rise_while_success_falls() -> None:
    early = many((1, True, 20), (0, False, 10))
    late = many((2, False, 25), (1, True, 5))
    quality = milestone_quality(early + late, MARKS)
    # Completed: (20 * 1/2) / 30 = 1/3, then (25 + 2.5) / 30. Success: 20 / 30, then 5 / 30.
    assert quality.halves == (pytest.approx((1 / 3, 2 / 3)), pytest.approx((27.5 / 30, 1 / 6)))
    assert "shaping looks hackable" in quality.warnings[0]
    assert "rose from 0.33 to 0.92 while success fell from 0.67 to 0.17" in quality.warnings[0]


def test_milestones_that_rise_with_success_raise_no_warning() -> None:
    early = many((0, False, 20), (1, False, 5), (2, True, 5))
    late = many((0, False, 5), (1, False, 5), (2, True, 20))
    assert milestone_quality(early + late, MARKS).warnings == ()


def test_a_change_that_chance_explains_raises_no_warning() -> None:
    early = many((1, True, 10), (1, False, 10))
    late = many((1, True, 9), (1, False, 10), (2, False, 1))
    assert not any("hackable" in warning for warning in milestone_quality(early + late, MARKS).warnings)


def test_milestones_that_speak_against_success_are_warned_of() -> None:
    quality = milestone_quality(many((0, True, 30), (2, False, 30)), MARKS)
    assert quality.auroc == 0.0
    assert any("AUROC 0.00 is below 0.5" in warning for warning in quality.warnings)
    assert any("1.00 of 30 with 0 reached, 0.00 of 30 with 2" in warning for warning in quality.warnings)


def test_unknown_outcomes_and_tasks_without_milestones_are_left_out_and_counted() -> None:
    no_milestones = Trajectory([Step(0, 0, 0.0, {"milestones": {}})], True)
    reported = Trajectory([Step(0, 0, 0.0, {"milestones": {"x": True, "y": False}})], True)
    unknown = Trajectory([Step(0, 0, 0.0, {"milestones": {"x": True, "y": False}})], None)
    quality = milestone_quality([no_milestones, reported, unknown])
    assert (quality.trajectories, quality.left_out) == (1, 2)
    with pytest.raises(ValueError, match="none of the 1 trajectories has a known outcome and milestones"):
        milestone_quality([unknown])


def test_the_report_is_plain_data() -> None:
    report = milestone_quality(many((2, True, 1), (0, False, 1)), MARKS).to_dict()
    assert json.loads(json.dumps(report))["by_reached"][1] == {"reached": 2, "trajectories": 1, "success_rate": 1.0}


def test_the_plot_shows_both_panels_and_every_warning(tmp_path: Path) -> None:
    quality = milestone_quality(many((1, True, 20), (0, False, 10), (2, False, 25), (1, True, 5)), MARKS)
    figure = plot_quality(quality, tmp_path / "quality.png")
    left, right = figure.axes
    assert [bar.get_height() for bar in left.patches] == [g.success_rate for g in quality.by_reached]
    assert [label.get_text() for label in right.get_yticklabels()] == ["m1", "m2"]
    assert all(warning in figure.get_suptitle() for warning in quality.warnings)
    assert (tmp_path / "quality.png").read_bytes().startswith(b"\x89PNG")
