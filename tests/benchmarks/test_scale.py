"""The benchmark of large shops: at a small size, and what the committed figures say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from webarena_gym.benchmarks import scale

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "scale.json"


def test_a_small_shop_is_measured(tmp_path: Path):
    figures = scale.measure(2000, tmp_path, steps=2)
    assert figures.products == 2000
    assert 0 < figures.listing_ms <= figures.listing_p95_ms and 0 < figures.search_ms <= figures.search_p95_ms
    assert "products" in scale.to_table([figures, figures])


def test_figures_above_their_limits_are_named():
    figures = scale.ScaleFigures(
        products=2000, build_s=1.0, build_wall_s=1.0, listing_ms=5.0, listing_p95_ms=40.0, search_ms=5.0, search_p95_ms=20.0, env_mb=2.0
    )  # fmt: skip
    assert scale.beyond_limits(figures, figures) == []
    slow = replace(figures, build_s=181.0, listing_ms=10.5, search_p95_ms=31.0, env_mb=2.6)
    assert [failure.split()[0] for failure in scale.beyond_limits(figures, slow)] == [
        "build_s",
        "listing_ms",
        "search_p95_ms",
        "env_mb",
    ]


def test_the_committed_figures_of_a_hundred_thousand_products_are_within_their_limits():
    report = json.loads(RESULTS.read_text())
    usual, large = (scale.ScaleFigures(**size) for size in report["sizes"])
    assert (usual.products, large.products) == (2000, 100_000)
    assert scale.beyond_limits(usual, large) == []
