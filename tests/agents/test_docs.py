"""docs/training.md names what there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from webarena_gym.agents.algorithms.registry import algorithm_names, config_class, sb3_names
from webarena_gym.agents.llm_config import LLMPolicyConfig

TEXT = (Path(__file__).parents[2] / "docs" / "training.md").read_text("utf-8")


def test_the_table_names_every_algorithm():
    section = TEXT.split("## Algorithms", 1)[1].split("## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`([\w-]+)`", row.split("|")[1])]
    assert sorted(named) == sorted((*algorithm_names(), *sb3_names()))


def test_options_are_fields_of_their_configs():
    mira = {field.name for field in fields(config_class("mira"))}
    assert {name for name in re.findall(r"--option (\w+)=", TEXT) if name != "NAME"} <= mira
    policy = {field.name: field.default for field in fields(LLMPolicyConfig)}
    rows = re.findall(r"^\| `(\w+)=(\S+)` \|", TEXT, flags=re.M)
    assert len(rows) >= 9
    for name, value in rows:
        assert name in policy, name
        if value != "true":
            assert str(policy[name]) == value, name
