"""The env on the embedded shop: Gymnasium's own checks, vector envs, episodes, and every kind of bad input."""

from __future__ import annotations

import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv

import webarena_gym
from webarena_gym.env import WebArenaEnv
from webarena_gym.errors import CacheError, MissingDependency, SiteNotAvailable, TaskDataError, UnknownTask
from webarena_gym.registration import SITE_IDS, env_id

ENGINES = ("http", "browser")
ID = "WebArenaLite-shopping-v0"


@pytest.fixture(scope="module", params=ENGINES)
def env(request, cache_dir):
    made = WebArenaEnv("shopping", engine=request.param, cache_dir=cache_dir)
    yield made
    made.close()


@pytest.fixture(scope="module")
def http_env(cache_dir):
    made = WebArenaEnv("shopping", cache_dir=cache_dir)
    yield made
    made.close()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.filterwarnings("ignore:.*Text.*:UserWarning")
def test_gymnasiums_own_checks_pass(engine, cache_dir):
    env = gym.make(ID, engine=engine, cache_dir=str(cache_dir), max_steps=5).unwrapped
    check_env(env, skip_render_check=True)
    env.close()


@pytest.mark.parametrize("site", (None, *SITE_IDS))
def test_every_id_is_registered_and_works_without_the_import(site):
    assert gym.spec(env_id(site)).entry_point == "webarena_gym.env:WebArenaEnv"
    assert gym.spec(env_id(site)).max_episode_steps is None


def test_gym_make_finds_the_package_by_name(cache_dir):
    env = gym.make(f"webarena_gym:{ID}", cache_dir=str(cache_dir))
    observation, info = env.reset(seed=0, options={"task_id": 36})
    assert observation.startswith("goal: ") and info["task_id"] == 36
    env.close()


def test_importing_the_package_loads_nothing_heavy():
    heavy = ("torch", "transformers", "playwright", "flask", "stable_baselines3", "selectolax", "matplotlib", "rich")
    code = f"import sys, webarena_gym; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_an_episode_has_the_documented_info_and_ends_at_the_stop(env):
    observation, info = env.reset(seed=1, options={"task_id": 36})
    keys = ["task_id", "site", "url", "step", "last_error", "milestones", "success", "eval_result", "infra_error"]
    assert list(info) == keys
    assert (info["step"], info["success"], info["url"]) == (0, None, "http://shopping.test/")
    observation, reward, terminated, truncated, info = env.step("click(1)")
    assert "step 1/30" in observation and "/customer/account" in info["url"]
    assert (reward, terminated, truncated, info["success"]) == (0.0, False, False, None)
    observation, reward, terminated, truncated, info = env.step('stop("12345")')
    assert (reward, terminated, truncated, info["success"]) == (0.0, True, False, False)
    assert info["eval_result"].checks and not info["eval_result"].success


def test_a_right_answer_is_worth_one(env):
    env.reset(options={"task_id": 36})
    _, reward, terminated, truncated, info = env.step('stop("$0: 0 dollars")')
    assert (reward, terminated, truncated, info["success"]) == (1.0, True, False, True)


def test_the_env_truncates_itself_at_max_steps(http_env, cache_dir):
    env = WebArenaEnv("shopping", max_steps=2, cache_dir=cache_dir)
    env.reset(seed=0)
    assert env.step("noop()")[2:4] == (False, False)
    _, reward, terminated, truncated, info = env.step("noop()")
    assert (reward, terminated, truncated, info["success"]) == (0.0, False, True, False)
    env.close()


def test_a_bad_action_costs_a_step_is_explained_and_leaves_the_page(env):
    before, _ = env.reset(options={"task_id": 36})
    observation, reward, _, _, info = env.step("click(9999)")
    assert "error: no element [9999]" in observation and info["last_error"].startswith("no element [9999]")
    assert observation.split("\n\n", 1)[1] == before.split("\n\n", 1)[1]
    assert info["step"] == 1 and reward == 0.0
    observation, *_ = env.step("noop()")
    assert "error:" not in observation.split("\n\n", 1)[0]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("x" * 1_000_000, "1,000,000 characters"),
        ("click(1)\0", "NUL"),
        ('fill(7, "\ud800")', "unpaired surrogate"),
        ('goto("file:///etc/passwd")', "outside the task's sites"),
        ('goto("javascript:alert(1)")', "outside the task's sites"),
        ('goto("http://example.org/")', "outside the task's sites"),
        ('goto("http://admin.test/admin")', "outside the task's sites"),
        ("", "empty"),
        ("fill(1)", "needs text"),
        ('scroll("up")', "first part"),
    ],
)
def test_hostile_actions_are_refused_in_the_next_header(env, action, words):
    env.reset(options={"task_id": 36})
    observation, _, terminated, truncated, info = env.step(action)
    assert words in info["last_error"] and "error: " in observation
    assert not terminated and not truncated and info["infra_error"] is None


def test_quotes_and_wildcards_in_a_search_are_only_text(env):
    for query in ('"', "%", "a' OR 1=1 --", "NEAR(", "*", "AND OR NOT", "(((", "é漢🎉", "-", "\\"):
        env.reset(options={"task_id": 36})
        quoted = query.replace("\\", "\\\\").replace('"', '\\"')
        observation, _, _, _, info = env.step(f'fill(7, "{quoted}", enter=True)')
        assert info["infra_error"] is None and "/catalogsearch/result/" in info["url"], observation


def test_html_typed_into_a_form_comes_back_as_text(env):
    hostile = "<script>alert(1)</script><b>bold</b>"
    env.reset(options={"task_id": 36})
    env.step('goto("http://shopping.test/customer/address/edit/id/26/")')
    observation, *_ = env.step("noop()")
    field = next(int(line.split("]")[0][1:]) for line in observation.splitlines() if '"Company"' in line)
    env.step(f'fill({field}, "{hostile}", enter=True)')
    observation, *_ = env.step('goto("http://shopping.test/customer/address/")')
    assert hostile in observation


def test_stepping_before_a_reset_or_after_the_end_is_refused(cache_dir):
    env = WebArenaEnv("shopping", cache_dir=cache_dir)
    with pytest.raises(gym.error.ResetNeeded, match="call reset"):
        env.step("noop()")
    env.reset(seed=0)
    env.step('stop("")')
    with pytest.raises(gym.error.ResetNeeded, match="no episode is running"):
        env.step("noop()")
    env.close()


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({"site": "amazon"}, "site is one of shopping"),
        ({"tasks": "all"}, "tasks is one of test, train"),
        ({"tasks": []}, "empty list"),
        ({"engine": "firefox"}, "engine is one of http, browser"),
        ({"scoring": "kind"}, "scoring is one of lite"),
        ({"observation": "pixels"}, "observation is one of text"),
        ({"render_mode": "rgb_array"}, "needs engine='browser'"),
        ({"sites": "elsewhere"}, "sites is one of embedded, remote"),
        ({"sites": "remote", "scoring": "hardened"}, "which sites='remote' cannot read"),
        ({"max_obs_chars": 10}, "at least 500"),
        ({"max_steps": 0}, "at least 1"),
        ({"scale": 0}, "between 0 and 50"),
    ],
)
def test_an_argument_out_of_range_is_named_with_what_is_allowed(kwargs, words):
    with pytest.raises(ValueError, match=words):
        WebArenaEnv(**{"site": "shopping", **kwargs})


def test_an_unknown_task_is_named_with_those_there_are(http_env):
    with pytest.raises(UnknownTask, match=r"no task 9999 in the shopping tasks; it has 45: 4, 10, 22"):
        http_env.reset(options={"task_id": 9999})
    with pytest.raises(UnknownTask, match="no task 0"):
        WebArenaEnv("shopping", tasks=[4, 0])
    with pytest.raises(ValueError, match="option task_id, got speed"):
        http_env.reset(options={"speed": 1})


def test_tasks_of_a_site_that_is_not_embedded_say_so(monkeypatch):
    from webarena_gym.sites import registry

    monkeypatch.delitem(registry._PACKAGES, "gitlab")  # an installation without this site's package
    registry.get_site.cache_clear()
    with pytest.raises(SiteNotAvailable, match="'gitlab' has no embedded replica"):
        WebArenaEnv("gitlab")
    registry.get_site.cache_clear()


def test_without_the_task_package_the_error_says_what_to_install(monkeypatch):
    import importlib.util

    from webarena_gym.tasks import official

    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name == "webarena_verified" else found(name, *a)
    )
    for module in ("official", "task_file"):
        for value in vars(__import__(f"webarena_gym.tasks.{module}", fromlist=["x"])).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
    with pytest.raises(TaskDataError, match=r"pip install .*webarena-verified"):
        official.load_official_tasks()


def test_without_playwright_the_error_names_the_extra(monkeypatch):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "playwright" else found(name, *a))
    with pytest.raises(MissingDependency, match=r"pip install 'webarena-gym\[browser\]'"):
        WebArenaEnv("shopping", engine="browser")


def test_without_a_chromium_the_error_says_what_to_type(monkeypatch):
    from webarena_gym.engines import chromium
    from webarena_gym.errors import BrowserError

    monkeypatch.setattr(chromium.shutil, "which", lambda name: None)
    with pytest.raises(BrowserError, match=r"playwright install chromium.*apt-get install chromium"):
        chromium.find_chromium()


def test_a_cache_folder_that_cannot_be_used_is_named(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(CacheError, match="cannot write the site image"):
        WebArenaEnv("shopping", cache_dir=blocked / "images").reset()


@pytest.mark.parametrize("mode", ["html", "axtree"])
def test_other_observation_modes_carry_the_same_ids(mode, cache_dir):
    env = WebArenaEnv("shopping", observation=mode, cache_dir=cache_dir)
    observation, _ = env.reset(options={"task_id": 36})
    assert ('<a id="1">My Account</a>' if mode == "html" else "[1] link 'My Account'") in observation
    env.close()


def test_a_long_page_comes_in_parts_that_scroll_shows(cache_dir):
    env = WebArenaEnv("shopping", max_obs_chars=1500, cache_dir=cache_dir)
    first, _ = env.reset(options={"task_id": 36})
    assert "page 1/" in first and len(first.split("\n\n", 1)[1]) <= 1500
    second, *_ = env.step('scroll("down")')
    assert "page 2/" in second and second.split("\n\n", 1)[1] != first.split("\n\n", 1)[1]
    third, *_ = env.step('goto("http://shopping.test/")')
    assert "page 1/" in third
    env.close()


def test_rendering_gives_text_and_images(cache_dir):
    env = WebArenaEnv("shopping", render_mode="ansi", cache_dir=cache_dir)
    observation, _ = env.reset(seed=0)
    assert env.render() == observation
    env.close()
    env = gym.make(ID, engine="browser", render_mode="rgb_array", cache_dir=str(cache_dir))
    env.reset(seed=0)
    frame = env.render()
    assert frame.shape == (720, 1280, 3) and frame.dtype == np.uint8 and frame.std() > 10
    env.close()


def _texts(vector_env, steps: int) -> list[tuple[str, ...]]:
    observations, _ = vector_env.reset(seed=[3, 4, 5, 6], options={"task_id": 36})
    seen = [tuple(observations)]
    for number in range(steps):
        # Accents, CJK and emoji typed into the search must come back through the worker processes unharmed.
        action = ['fill(7, "café 漢字 🎉")', "click(1)", 'fill(7, "crème 日本 🚀", enter=True)', "back()"][number % 4]
        observations, _, terminated, truncated, _ = vector_env.step((action,) * 4)
        seen.append(tuple(observations))
        done = np.logical_or(terminated, truncated)
        if vector_env.metadata["autoreset_mode"] is AutoresetMode.DISABLED and done.any():
            observations, _ = vector_env.reset(options={"reset_mask": done})
            seen.append(tuple(observations))
    vector_env.close()
    return seen


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_vector_envs_return_identical_unblemished_texts(mode, tmp_path):
    kwargs = {"site": "shopping", "max_steps": 9, "cache_dir": str(tmp_path)}  # a cold cache, four workers at once
    make = [lambda: WebArenaEnv(**kwargs)] * 4
    from_workers = _texts(AsyncVectorEnv(make, shared_memory=False, autoreset_mode=mode), 20)
    from_here = _texts(SyncVectorEnv(make, autoreset_mode=mode), 20)
    assert from_workers == from_here
    flat = [text for texts in from_here for text in texts]
    assert all(text.strip() for text in flat)
    assert any("café 漢字 🎉" in text for text in flat) and any("crème 日本 🚀" in text for text in flat)


def test_make_vec_makes_envs_that_work_and_refuses_shared_memory(cache_dir):
    envs = gym.make_vec(ID, num_envs=2, cache_dir=str(cache_dir), vectorization="async")
    observations, _ = envs.reset(seed=0)
    assert len(observations) == 2 and all(text.startswith("goal: ") for text in observations)
    envs.close()
    with pytest.raises(ValueError, match="blank strings"):
        gym.make_vec(ID, num_envs=2, shared_memory=True)
    with pytest.raises(ValueError, match="shared_memory=False") as refused:
        AsyncVectorEnv([lambda: WebArenaEnv("shopping", cache_dir=cache_dir)] * 2)
    assert "blank strings" in str(refused.value.__cause__)
    with pytest.raises(ValueError, match='"sync", "async" or "batched"'):
        gym.make_vec(ID, num_envs=2, vectorization="magic")
    assert webarena_gym.__version__
