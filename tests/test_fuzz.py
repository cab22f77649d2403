"""Thousands of valid, malformed and hostile actions: no crash, no HTTP 500, and a reset that restores everything."""

from __future__ import annotations

import random

import pytest

from tests.walks import SITEMAPS, fuzz_action, walking_env
from webarena_gym.env import WebArenaEnv

SEED = 20231


def fuzz(env: WebArenaEnv, site: str, count: int, seed: int) -> None:
    rng = random.Random(seed)
    env.reset(seed=seed)
    env.world.reset()
    clean = env.world.state_hash()
    env.reset(seed=seed)
    running = True
    for number in range(count):
        if not running:
            env.world.reset()
            assert env.world.state_hash() == clean, f"a reset left something behind before action {number}"
            env.reset()
        action = fuzz_action(rng, env.engine.page().nodes, SITEMAPS[site])
        observation, reward, terminated, truncated, info = env.step(action)
        assert info["infra_error"] is None, f"action {number} {action!r}: {info['infra_error']}"
        assert observation in env.observation_space and isinstance(reward, float)
        running = not (terminated or truncated)


@pytest.mark.parametrize("site", sorted(SITEMAPS))
def test_the_http_engine_survives_hostile_actions(site, full_size, cache_dir):
    env = walking_env(site, cache_dir=cache_dir)
    print(f"seed {SEED}")
    fuzz(env, site, 10_000 if full_size else 2_000, SEED)
    env.close()


@pytest.mark.parametrize("site", sorted(SITEMAPS))
def test_the_browser_engine_survives_hostile_actions(site, full_size, cache_dir):
    env = walking_env(site, engine="browser", cache_dir=cache_dir)
    print(f"seed {SEED}")
    fuzz(env, site, 1_000 if full_size else 300, SEED)
    env.close()
