"""The recorded figures of many envs, faults, the soak and Ray: at full size, and within their limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from webarena_gym.benchmarks import many_envs, soak
from webarena_gym.benchmarks.fault_outcomes import Outcome
from webarena_gym.benchmarks.faults import FAULTS
from webarena_gym.benchmarks.many_envs import Figures
from webarena_gym.benchmarks.soak import Soaked

RESULTS = Path(__file__).parents[2] / "benchmarks/results"


def recorded(name: str) -> dict[str, Any]:
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def test_a_thousand_http_and_sixteen_browser_envs_stepped_for_five_minutes_within_their_limits():
    batches = [Figures(**batch) for batch in recorded("many")["batches"]]
    assert [(b.engine, b.envs) for b in batches] == [("http", 8), ("http", 1000), ("browser", 8), ("browser", 16)]
    for few, many in (batches[:2], batches[2:]):
        assert many.seconds >= 300
        assert many_envs.beyond_limits(few, many) == []


def test_every_fault_struck_five_times_and_no_episode_was_lost_recorded_twice_or_changed():
    outcomes = [Outcome(**outcome) for outcome in recorded("faults")["outcomes"]]
    struck = [(o.fault, o.run, o.number) for o in outcomes]
    assert sorted(struck) == sorted((f.name, f.run, number) for f in FAULTS for number in range(5))
    assert [violation for o in outcomes for violation in o.violations()] == []


def test_twenty_minutes_of_soak_broke_nothing_and_grew_nothing():
    data = recorded("soak")
    assert data.pop("minutes") == 20 and data.pop("machine")
    soaked = Soaked(**data)
    assert soaked.seconds >= 1200 and soaked.http_steps > 10_000 and soaked.browser_steps > 1000
    assert soak.violations(soaked) == []


def test_ray_actors_played_the_same_trajectories():
    spreads = recorded("ray")["spreads"]
    assert [spread["workers"] for spread in spreads] == [0, 1, 2]
    assert [spread["different"] for spread in spreads] == [0, 0, 0]
