"""RESULTS.md and README.md say what the recorded figures say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from webarena_gym.benchmarks.results_charts import drawings
from webarena_gym.benchmarks.results_evals import commands, grouped, mode_table, success_table
from webarena_gym.benchmarks.results_page import headlines, recorded, rendered, results_page, stale_files

from webarena_gym.cli import main

ROOT = Path(__file__).parents[2]


def test_the_committed_pages_agree_with_the_committed_figures():
    for path, text in rendered(ROOT).items():
        assert path.read_text("utf-8") == text, f"{path.name} is stale: webarena-gym results writes it"
    assert stale_files(ROOT) == []  # the charts too


def test_every_picture_and_page_that_the_pages_point_to_is_there():
    for page in ("README.md", "RESULTS.md"):
        text = (ROOT / page).read_text("utf-8")
        targets = re.findall(r"\]\(([^)#]+)[^)]*\)|(?:src|href)=\"([^\"#]+)", text)
        local = [target for pair in targets for target in pair if target and not target.startswith("http")]
        assert local and [target for target in local if not (ROOT / target).exists()] == []


def test_pictures_are_small():
    assert [path.name for path in (ROOT / "docs" / "images").iterdir() if path.stat().st_size > 150_000] == []


def test_every_recorded_file_is_shown():
    shown = results_page(recorded(ROOT / "benchmarks" / "results"))
    for file in (ROOT / "benchmarks" / "results").glob("*.json"):
        assert (
            results_page({k: v for k, v in recorded(ROOT / "benchmarks" / "results").items() if k != file.stem})
            != shown
        ), file.name


def test_a_changed_figure_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = tmp_path / "benchmarks" / "results"
    folder.mkdir(parents=True)
    figures = {"http_step_ms": 4.5, "http_step_p95_ms": 6.0, "http_light_step_ms": 1.5, "http_light_step_p95_ms": 2.0, "import_s": 0.2,
               "http_reset_ms": 0.1, "http_reset_p95_ms": 0.2, "env_mb": 2.0, "browsergym_step_ms": 2250.0, "browsergym_step_p95_ms": 2300.0,
               "axtree_chars": 50_000, "obs_chars": 10_000}  # fmt: skip
    (folder / "speed.json").write_text(json.dumps(figures))
    (tmp_path / "README.md").write_text("# x\n<!-- results -->\nold\n<!-- end -->\nrest\n")
    assert main(["results", "--root", str(tmp_path), "--check"]) == 1
    assert main(["results", "--root", str(tmp_path)]) == 0
    assert main(["results", "--root", str(tmp_path), "--check"]) == 0
    readme = (tmp_path / "README.md").read_text()
    # 2250 / 4.5 = 500 times; 10,000 / 50,000 = 0.2 of the characters.
    assert "step 4.50 ms" in readme and "500 times" in readme and "old" not in readme and readme.endswith("rest\n")
    assert "10,000 characters, 0.20 of BrowserGym's 50,000" in (tmp_path / "RESULTS.md").read_text()
    (folder / "speed.json").write_text(json.dumps({**figures, "http_step_ms": 9.0}))
    assert main(["results", "--root", str(tmp_path), "--check"]) == 1 and "differs" in capsys.readouterr().out


def test_a_chart_of_other_figures_is_noticed(tmp_path: Path):
    figures = {"http_step_ms": 4.0, "browser_step_ms": 100.0}
    drawing = drawings({"speed": figures})["speed"]
    svg = drawing.svg()
    assert drawing.shown_by(svg) and "<svg" in svg and "25×" in svg  # 100 / 4
    assert not drawings({"speed": {**figures, "http_step_ms": 5.0}})["speed"].shown_by(svg)


def evaluated(policy: str, solved: int, *, tasks: str = "test", **config) -> dict:
    counts = {
        "success": solved,
        "wrong stop": 3,
        "stuck midway": 1,
        "no reasonable attempt": 0,
        "other": 6 - solved,
        "infra error": 0,
    }
    group = {
        "episodes": 10,
        "success": [solved / 10, 0.0, 1.0],
        "steps": [4.0, 3.0, 5.0],
        "milestones": [0.5, 0.4, 0.6],
        "infra_errors": 0,
    }
    return {
        "policy": policy, "note": "", "command": f"eval {policy}", "training": f"train {policy}", "planned": 10,
        "config": {"tasks": tasks, "site": None, "per_site": None, "seed": 0, "scoring": "lite", "sites": "embedded", "max_steps": 9, **config},
        "groups": [{**group, "group": "map"}, {**group, "group": "shopping"}, {**group, "group": "all", "outcomes": counts}],
    }  # fmt: skip


def test_policies_on_different_tasks_stand_in_different_tables():
    evals = [evaluated("b", 2), evaluated("a", 1), evaluated("a", 5, tasks="val"), evaluated("c", 4, per_site=2)]
    found = {title: [data["policy"] for data in rows] for title, rows in grouped(evals).items()}
    assert list(found.values()) == [["a", "b"], ["c"], ["a"]] and "val" in list(found)[2]
    shown = headlines({f"eval_{number}": data for number, data in enumerate(evals)})
    assert shown.count("| policy |") == 3


def test_a_row_of_a_policy_says_what_was_played_and_how_it_failed():
    data = evaluated("a", 1)
    row = success_table([data]).rows[0]
    assert row == ["a", "10", "10.0% [0.0, 100.0]", "1/10", "1/10", "4.0 [3.0, 5.0] of 9", "50% [40, 60]", "0"]
    # 3 wrong stops, 1 stuck, 5 others: 9 failures of 10 episodes.
    assert mode_table([data]).rows[0] == ["a", "10", "9", "3 (30%, 33%)", "1 (10%, 11%)", "0", "5 (50%, 56%)"]
    assert commands([data]) == ["- a: `train a`, then `eval a`."]


def test_no_figures_no_rows():
    assert headlines({}).count("\n") == 1
