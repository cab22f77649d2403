"""What ``docs/scoring.md`` says and a test can check."""

from __future__ import annotations

import re
from pathlib import Path

from webarena_gym.evaluators import SCORINGS
from webarena_gym.evaluators.negatives import LENIENCIES
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.task_file import overrides

DOCS = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text("utf-8")


def section(title: str) -> str:
    return re.split(r"^## ", DOCS.split(f"## {title}\n", 1)[1], flags=re.M)[0]


def numbers(text: str) -> set[int]:
    return set(map(int, re.findall(r"\b\d+\b", text)))


def second_column(text: str) -> set[int]:
    return {number for row in re.findall(r"^\|[^|]*\|([^|]*)\|", text, flags=re.M) for number in numbers(row)}


def test_every_mode_is_described():
    for scoring in SCORINGS:
        assert f'| `"{scoring}"`' in section("Modes")


def test_every_known_leniency_is_listed():
    listed = second_column(section("What the official rules accept wrongly"))
    assert listed == {task_id for tasks in LENIENCIES.values() for task_id in tasks}


def test_every_fuzzy_task_is_listed_with_its_kind():
    fuzzy = {
        task.task_id
        for task in load_official_tasks()
        if any(check.rule == "fuzzy_match" for check in (*task.spec.strings, *task.spec.html))
    }
    assert len(fuzzy) == 40  # upstream's 39 and 114, where a bare N/A needs no judge
    assert second_column(section("Fuzzy matches")) == fuzzy


def test_the_tasks_in_which_webarena_verifieds_question_is_asked_are_listed():
    (listed,) = re.findall(r"In 25 tasks.*?\((\d[\d,\s]+)\)", DOCS, flags=re.S)
    assert numbers(listed) == set(overrides()["asked_by_verified"]) and len(numbers(listed)) == 25
