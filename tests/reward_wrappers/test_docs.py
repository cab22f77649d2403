"""The docs page: its code runs and prints what it says, its names exist, its figures are those that were measured."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import reward_wrappers

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reward_wrappers.md").read_text(encoding="utf-8")
SECTIONS = dict(section.split("\n", 1) for section in PAGE.split("\n## ")[1:])
WITH_CODE = [title for title, text in SECTIONS.items() if "```python" in text]


def code_of(title: str) -> str:
    return "\n".join(re.findall(r"```python\n(.*?)```", SECTIONS[title], flags=re.DOTALL))


def promised_output(code: str) -> list[str]:
    """Comments that stand alone at the start of a line: what the code before them prints."""
    return [line[2:] for line in code.splitlines() if line.startswith("# ")]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_dir: Path) -> Iterator[Path]:
    """A folder to write to, so that examples leave nothing behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEBARENA_GYM_CACHE", str(cache_dir))
    yield tmp_path


@pytest.mark.parametrize("title", WITH_CODE)
def test_the_code_of_each_section_runs_and_prints_what_it_says(
    title: str, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = code_of(title)
    exec(compile(code, f"docs/reward_wrappers.md, {title}", "exec"), {"__name__": "example"})
    printed, promised = capsys.readouterr().out.splitlines(), promised_output(code)
    assert printed == promised
    assert promised  # an example that shows nothing shows nothing


def test_every_kind_of_env_has_its_example() -> None:
    assert {"FrozenLake in 15 lines", "MiniGrid", "WebArenaLite", "TextWorld"} <= set(WITH_CODE)


def test_frozen_lake_takes_fifteen_lines() -> None:
    code = code_of("FrozenLake in 15 lines")
    assert len([line for line in code.splitlines() if line and not line.startswith("#")]) <= 15


def test_every_name_that_the_page_calls_is_public() -> None:
    called = set(re.findall(r"`(\w+)\(", PAGE)) - {"pip", "decide"}
    assert called <= set(reward_wrappers.__all__) | {"then"}


def measured_rows(report: dict[str, Any]) -> list[str]:
    """The rows of the page's table, from the results."""
    rows = []
    for task, arms in report["summary"].items():
        for arm, row in arms.items():
            low, high = row["mean_steps_interval"]
            sign = "≥ " if row["misses"] else ""
            fewer = "{:.1f} ({:.1f} to {:.1f})".format(row["times_fewer"], *row["times_fewer_interval"])
            rows.append(
                f"| {task} | {arm} | {sign}{row['mean_steps']:,.0f} ({low:,.0f} to {high:,.0f}) | {row['misses']} of "
                f"{report['config']['seeds']} | {'' if arm == 'unshaped' else fewer} |"
            )
    return rows


def claimed_rows(report: dict[str, Any]) -> list[str]:
    """The rows of the page's table of web tasks, from the results."""
    rows = []
    for arm, row in report["summary"]["arms"].items():
        sign = "≥ " if any(row["censored"]) else ""
        fewer = "{:.2f} ({:.2f} to {:.2f})".format(*row["times_fewer"])
        success = "{:.0f}% ({:.0f} to {:.0f})".format(*(100 * bound for bound in row["final_success"]))
        misses = f"{sum(row['censored'])} of {len(row['censored'])}"
        rows.append(
            f"| {arm} | {sign}{row['mean_steps']:,.0f} | {misses} | {'' if arm == 'sparse' else fewer} | {success} |"
        )
    return rows


def test_the_overhead_is_what_was_measured() -> None:
    results = json.loads((ROOT / "benchmarks" / "results" / "wrapper_overhead.json").read_text())["results"]
    single, vector = (results[f"{kind}, bonus"]["overhead_us"] for kind in ("single", "vector"))
    assert f"{single:.1f} µs to a step of FrozenLake" in PAGE
    assert f"{vector:.2f} µs per env and milestone" in PAGE


def test_the_figures_are_those_that_were_measured() -> None:
    report = json.loads((ROOT / "benchmarks" / "results" / "milestones_doorkey.json").read_text())
    shown = PAGE.split("<!-- measured:")[1].split("<!-- end of measured -->")[0].strip().splitlines()[3:]
    assert shown == measured_rows(report)
    assert report["config"]["cap"] == 400_000
    assert report["config"]["seeds"] == 10
    assert report["config"]["window"] == 40


def test_the_figures_on_web_tasks_are_those_that_were_measured() -> None:
    report = json.loads((ROOT / "benchmarks" / "results" / "claim.json").read_text())
    shown = PAGE.split("<!-- claim:")[1].split("<!-- end of claim -->")[0].strip().splitlines()[3:]
    assert shown == claimed_rows(report)
    config = report["config"]
    assert (config["seeds"], config["env_steps"], config["window"]) == (10, 4000, 48)
    assert config["families"] == ["product_price", "wish_list_add"]
