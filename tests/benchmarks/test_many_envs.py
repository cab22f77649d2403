"""Many envs and the soak at a small size, and what counts as a failure of either."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from webarena_gym.benchmarks import many_envs, soak
from webarena_gym.benchmarks.many_envs import Figures, Plan
from webarena_gym.benchmarks.soak import Soaked
from webarena_gym.benchmarks.wanderer import Wanderer

from webarena_gym.actions import parse_action
from webarena_gym.errors import ActionSyntaxError


def level(value: float) -> dict[str, float]:
    return {"first": value, "last": value, "per_minute": 0.0, "noise_per_minute": 0.0}


STILL = {"memory_mb": level(1000.0), "open_files": level(50.0), "processes": level(3.0), "threads": level(9.0)}
FEW = Figures(engine="http", envs=8, workers=None, seconds=60.0, steps=1000, episodes=50, steps_per_s=500.0, processor_ms=4.0,
              infra_errors=0, errors=(), memory_mb=500.0, usage=STILL)  # fmt: skip


@pytest.mark.parametrize(("engine", "envs"), [("http", 50), ("browser", 3)])
def test_a_batch_is_stepped_and_measured(engine, envs, full_size, cache_dir):
    steps = 40 if full_size else 4
    figures = many_envs.measure(
        Plan(engine=engine, envs=envs, workers=2, warm_up_steps=1, steps=steps),
        site="shopping",
        cache_dir=str(cache_dir),
    )
    assert (figures.steps, figures.infra_errors, figures.errors) == (steps * envs, 0, ())
    assert figures.memory_mb > 50 and figures.processor_ms > 0 and figures.usage["processes"]["last"] >= 3
    assert f"{envs} {engine} envs" in many_envs.to_text([figures])


def test_what_is_beyond_its_limit_is_named():
    many = replace(FEW, envs=1000, memory_mb=6144.0, processor_ms=5.0)  # 4.0 / 5.0 is 80% of the throughput
    assert many_envs.beyond_limits(FEW, many) == []
    growing = {**STILL, "memory_mb": {**level(1000.0), "last": 1021.0}}
    bad = replace(many, memory_mb=6145.0, processor_ms=5.1, infra_errors=2, usage=growing)
    words = [failure.split(": ")[1] for failure in many_envs.beyond_limits(FEW, bad)]
    assert [word.split()[0] for word in words] == ["2", "6145", "memory", "5.1"]


def test_a_random_policy_speaks_the_grammar_and_nonsense_now_and_then():
    policy, shown = Wanderer(1, ["http://a.test/"]), 'goal: x\n\n[1] link "A" [2] textbox "B" [3] combobox "C"'
    bad, seen = 0, set()
    for _ in range(2000):
        try:
            seen.add(type(parse_action(policy.act(shown))).__name__)
        except ActionSyntaxError:
            bad += 1
    assert {"Click", "Fill", "Select", "Stop", "Goto", "Back", "Scroll", "NewTab", "Press"} <= seen and 0 < bad < 100


def test_a_soak_counts_steps_of_both_engines_and_finds_nothing(full_size, cache_dir):
    soaked = soak.soak(
        rounds=200 if full_size else 12, warm_up_steps=24, http_envs=1, browser_envs=1, cache_dir=str(cache_dir)
    )
    assert (soaked.infra_errors, soaked.http_500, soaked.unhandled) == ((), (), ())
    assert soaked.http_steps > soaked.browser_steps > 5 and sum(soaked.episodes.values()) >= 2
    assert "0 episodes broken" in soak.to_text(soaked)


def test_what_a_soak_must_not_find_is_named():
    good = Soaked(
        seconds=1.0,
        warm_up_steps=0,
        http_steps=1,
        browser_steps=1,
        episodes={},
        infra_errors=(),
        http_500=(),
        unhandled=(),
        usage=STILL,
    )
    assert soak.violations(good) == []
    grown = {**STILL, "open_files": {**level(50.0), "last": 63.0}, "memory_mb": {**level(1000.0), "last": 1031.0}}
    bad = replace(good, infra_errors=("http: SiteError",), http_500=("GET /x",), unhandled=("boom",), usage=grown)
    assert [failure.split()[0] for failure in soak.violations(bad)] == ["1", "1", "1", "memory", "open_files"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_exception_that_ends_a_thread_is_heard_of():
    heard: list[str] = []
    with soak._listening(heard):
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
    assert len(heard) == 1 and heard[0].startswith("ZeroDivisionError")
