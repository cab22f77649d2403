"""Both engines side by side on an embedded site: equal pages on a random walk, names as Playwright has them, house rules."""

from __future__ import annotations

import random

import pytest

from tests.walks import SITEMAPS, walk_action, walking_env
from tests.yardstick import node_pairs, snapshot_pairs
from webarena_gym.sites.lint import lint, lint_css

SEED = 7


class Pair:
    """An env of each engine, stepped alike."""

    def __init__(self, site: str, cache_dir) -> None:
        self.envs = [
            walking_env(site, engine=engine, max_steps=10**6, cache_dir=cache_dir) for engine in ("http", "browser")
        ]

    def reset(self, task_id) -> None:
        self.compare([env.reset(options={"task_id": task_id})[0] for env in self.envs], "reset")

    def step(self, action: str) -> None:
        results = [env.step(action) for env in self.envs]
        assert all(result[4]["infra_error"] is None for result in results), (
            action,
            [r[4]["infra_error"] for r in results],
        )
        self.compare([result[0] for result in results], action)

    def compare(self, observations: list[str], action: str) -> None:
        assert observations[0] == observations[1], f"the engines differ after {action}"
        pages = [env.engine.page() for env in self.envs]
        assert pages[0].nodes == pages[1].nodes, f"the engines differ after {action} on {pages[0].url}"

    @property
    def nodes(self):
        return self.envs[0].engine.page().nodes

    @property
    def html(self) -> str:
        return self.envs[0].engine.document().html

    def snapshot(self) -> str:
        return self.envs[1].engine.aria_snapshot()

    def close(self) -> None:
        for env in self.envs:
            env.close()


@pytest.fixture(params=sorted(SITEMAPS))
def site(request) -> str:
    return request.param


def test_pages_are_equal_on_a_random_walk_and_named_as_playwright_names_them(site, full_size, cache_dir):
    rng = random.Random(SEED)
    pair = Pair(site, cache_dir)
    task_id = pair.envs[0].task_ids[0]
    pair.reset(task_id)
    elements = equal = 0
    differing = []
    for number in range(500 if full_size else 60):
        if number % 50 == 49:
            pair.reset(task_id)
        pair.step(walk_action(rng, pair.nodes, SITEMAPS[site]))
        ours, theirs = node_pairs(pair.nodes), snapshot_pairs(pair.snapshot())
        elements += max(ours.total(), theirs.total())
        equal += (ours & theirs).total()
        differing += [*(ours - theirs), *(theirs - ours)]
        assert lint(pair.html) == [], pair.envs[0].engine.page().url
    pair.close()
    print(f"seed {SEED}: {equal} of {elements} elements named alike; {sorted(set(differing))[:20]}")
    assert elements > 300 and equal >= 0.995 * elements, sorted(set(differing))[:40]


def test_every_page_type_keeps_the_house_rules_and_is_equal_in_both_engines(site, cache_dir):
    pair = Pair(site, cache_dir)
    pair.reset(pair.envs[0].task_ids[0])
    for path in SITEMAPS[site]:
        pair.step(f'goto("{path}")')
        assert lint(pair.html) == [], path
    pair.close()


def test_style_sheets_hide_nothing(site):
    from webarena_gym.sites.registry import get_site

    sheets = list(get_site(site).folder.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        assert lint_css(sheet.read_text(encoding="utf-8")) == []


def test_equal_seeds_give_equal_bytes_in_two_processes_and_both_engines(site, cache_dir):
    import subprocess
    import sys

    code = f"""
import hashlib, random
from tests.walks import SITEMAPS, fuzz_action, walking_env
env = walking_env({site!r}, engine=ENGINE, cache_dir={str(cache_dir)!r})
rng, digest = random.Random(5), hashlib.sha256()
observation, info = env.reset(seed=11)
for _ in range(40):
    digest.update(repr((observation, info["task_id"], info["url"], info["milestones"], info["last_error"])).encode())
    observation, reward, terminated, truncated, info = env.step(fuzz_action(rng, env.engine.page().nodes, SITEMAPS[{site!r}]))
    if terminated or truncated:
        observation, info = env.reset()
print(digest.hexdigest())
env.close()
"""
    runs = [code.replace("ENGINE", repr(engine)) for engine in ("http", "http", "browser")]
    digests = {
        subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True).stdout for run in runs
    }
    assert len(digests) == 1
