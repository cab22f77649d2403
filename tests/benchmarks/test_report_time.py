"""The time that a report takes to open is that of a whole report, and the recorded one is short enough."""

from __future__ import annotations

import json
from pathlib import Path

from webarena_gym.benchmarks import report_time
from webarena_gym.benchmarks.episodes import Episode
from webarena_gym.benchmarks.report import Report
from webarena_gym.benchmarks.viewer_data import Run
from webarena_gym.benchmarks.written_episodes import Did, episode

RECORDED = Path(__file__).parents[2] / "benchmarks" / "results" / "report.json"


def test_a_report_is_opened_until_an_episode_shows_and_pictured_in_both_themes(tmp_path):
    episodes = [
        Episode(trajectory=episode([Did("click(1)", "/"), Did('stop("")', "/")], seed=seed)) for seed in range(3)
    ]
    report = Report(title="t", runs=[Run(label="r", episodes=episodes)]).write(tmp_path / "report.html")
    found = report_time.measure(report, 2)
    assert found["episodes"] == 3 and 0 < found["open_s"] <= found["slowest_s"]
    names = {path.name for path in report_time.pictures(report, tmp_path / "pictures")}
    assert names == {f"{scene}_{theme}.png" for scene in ("report", "viewer", "compare") for theme in ("light", "dark")}
    light, dark = (tmp_path / "pictures" / f"report_{theme}.png" for theme in ("light", "dark"))
    assert light.read_bytes() != dark.read_bytes() and light.read_bytes()[:4] == b"\x89PNG"


def test_the_recorded_report_of_200_episodes_opens_within_its_limit():
    recorded = json.loads(RECORDED.read_text("utf-8"))
    assert recorded["episodes"] == 200 and recorded["open_s"] < report_time.LIMIT_S == 2.0
