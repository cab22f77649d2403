"""RESULTS.md and README.md say what the recorded figures say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from webarena_gym.benchmarks.results_page import headlines, recorded, rendered, results_page

from webarena_gym.cli import main

ROOT = Path(__file__).parents[2]


def test_the_committed_pages_agree_with_the_committed_figures():
    for path, text in rendered(ROOT).items():
        assert path.read_text("utf-8") == text, f"{path.name} is stale: webarena-gym results writes it"


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


def test_no_figures_no_rows():
    assert headlines({}).count("\n") == 1
