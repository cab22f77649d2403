"""Tasks over two sites: signed in on both, and a home page that leads from one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.observed import parse_observation

FORUM_AND_GITLAB = 161


@pytest.fixture(scope="module", params=["http", "browser"])
def env(request: pytest.FixtureRequest, cache_dir: Path) -> Iterator[WebArenaEnv]:
    made = WebArenaEnv("multisite", engine=request.param, cache_dir=cache_dir)
    yield made
    made.close()


def test_the_user_is_signed_in_on_both_sites(env: WebArenaEnv) -> None:
    env.reset(options={"task_id": FORUM_AND_GITLAB})
    observation, _, _, _, info = env.step('goto("http://gitlab.test/-/profile")')
    assert info["url"].endswith("/-/profile") and "byteblaze" in observation  # a guest is sent to the sign-in page
    observation, *_ = env.step('goto("http://reddit.test")')
    assert "MarvelsGrantMan136" in observation and "Log in" not in observation


def test_the_home_page_leads_to_the_other_site_and_back_in_a_tab_of_its_own(env: WebArenaEnv) -> None:
    env.reset(options={"task_id": FORUM_AND_GITLAB})
    env.step("new_tab()")
    observation, *_ = env.step('goto("http://homepage.test/")')
    page = parse_observation(observation)
    assert page.tabs == 2
    (forum,) = [element for element in page.elements if element.name == "Reddit"]
    *_, info = env.step(f"click({forum.id})")
    assert info["url"] == "http://reddit.test/"
    *_, info = env.step("focus_tab(0)")
    assert info["url"].startswith("http://gitlab.test/")


def test_a_site_that_is_not_the_tasks_stays_closed_though_the_home_page_links_to_it(env: WebArenaEnv) -> None:
    env.reset(options={"task_id": FORUM_AND_GITLAB})
    observation, *_ = env.step('goto("http://homepage.test/")')
    (shop,) = [element for element in parse_observation(observation).elements if element.name == "OneStopShop"]
    *_, info = env.step(f"click({shop.id})")
    assert info["url"] == "http://homepage.test/"
    assert "outside the task's sites" in info["last_error"] and "http://homepage.test" in info["last_error"]


def test_an_episode_on_one_site_has_no_home_page(cache_dir: Path) -> None:
    one = WebArenaEnv("reddit", cache_dir=cache_dir)
    one.reset(seed=1)
    *_, info = one.step('goto("http://homepage.test/")')
    assert "outside the task's sites" in info["last_error"]
    one.close()
