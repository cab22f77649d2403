"""Every scripted solution is accepted on sites that another process serves, with and without faults that allow success."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from webarena_gym.benchmarks.eval_config import EvalConfig
from webarena_gym.benchmarks.eval_folder import EvalFolder
from webarena_gym.benchmarks.success_rate import evaluate

from tests.served import serving_sites
from tests.servers import QuietHandler, http_server
from webarena_gym.commands.oracle import Outcome, check_oracles
from webarena_gym.env import WebArenaEnv
from webarena_gym.errors import SiteError, SiteNotAvailable
from webarena_gym.oracle_policy import play
from webarena_gym.sites.faults import DROP_EVERY, ERROR_EVERY, FAULTS, SESSION_USES, SLOW_EVERY
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.sites.remote import RemoteConfig, variable
from webarena_gym.sites.serving import SiteServer
from webarena_gym.sites.world import World
from webarena_gym.tasks.oracles import load_oracles

# Two of each site: an answer to read, and something to change.
SAMPLE = (74, 142, 8, 107, 141, 133, 34, 143, 12, 159, 102, 161)
WORDS = {6: "six", 7: "seven", 9: "nine", 11: "eleven"}
# Content that scripts put there is not there for an engine without scripts.
WITHOUT_SCRIPTS = tuple(fault for fault in FAULTS if fault != "deferred")


@pytest.fixture(scope="module", params=["no faults", "faults"])
def faults(request: pytest.FixtureRequest) -> str:
    return request.param


def solve(
    engine: str, faults: tuple[str, ...], cache_dir: Path, folder: Path, tasks: tuple[int, ...] | None
) -> list[Outcome]:
    options = ["--faults", ",".join(faults)] if faults else []
    with serving_sites(cache_dir, folder / "requests.log", *options) as served:
        runs = check_oracles(
            None, tasks=tasks, negatives=False, engine=engine, sites="remote", remote=served.config(backoff_s=0.05)
        )
        return [outcome for _, _, outcome in runs]


def unsolved(found: list[Outcome]) -> list[tuple[int, str]]:
    return [(outcome.task_id, outcome.detail) for outcome in found if not outcome.accepted]


def test_every_solution_is_accepted_over_http(faults: str, cache_dir: Path, tmp_path: Path, full_size: bool) -> None:
    chosen = WITHOUT_SCRIPTS if faults == "faults" else ()
    found = solve("http", chosen, cache_dir, tmp_path, None if full_size else SAMPLE)
    assert len(found) == (165 if full_size else len(SAMPLE))
    assert unsolved(found) == []


def test_every_solution_is_accepted_in_chromium(cache_dir: Path, tmp_path: Path, full_size: bool) -> None:
    """Behind all faults at once; at full size without any, too."""
    for faults in [FAULTS, ()] if full_size else [FAULTS]:
        found = solve("browser", faults, cache_dir, tmp_path, None if full_size else SAMPLE)
        assert len(found) == (165 if full_size else len(SAMPLE))
        assert unsolved(found) == []


def test_the_docs_name_every_setting_and_fault_there_is() -> None:
    text = (Path(__file__).parent.parent / "docs" / "remote.md").read_text(encoding="utf-8")
    settings = dict(re.findall(r"^\| `(\w+)` \| `?\"?([^`\"|]+?)\"?`? \| ", text, re.M))
    defaults = {
        field.name: field.default for field in fields(RemoteConfig) if field.name not in ("base_urls", "full_reset")
    }
    assert {name: value if name == "reset" else float(value) for name, value in settings.items()} == defaults
    assert tuple(re.findall(r"^\| `(\w+)` \| [^|`]+ \|$", text, re.M)) == FAULTS
    for name in ("errors", "drops", "sessions", "slow"):
        numbers = {"errors": ERROR_EVERY, "drops": DROP_EVERY, "sessions": SESSION_USES, "slow": SLOW_EVERY}
        assert WORDS[numbers[name]] in next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
    assert set(re.findall(r"WA_\w+", text)) == {*map(variable, BASE_URLS), "WA_FULL_RESET"}
    assert all((Path(__file__).parent.parent / path).is_file() for path in re.findall(r"`(tests/\S+\.py)`", text))


def test_a_task_of_a_site_without_an_address_is_refused() -> None:
    env = WebArenaEnv(sites="remote", remote=RemoteConfig(base_urls={"map": "http://127.0.0.1:9"}))
    with pytest.raises(SiteNotAvailable, match="task 5 needs reddit; set WA_REDDIT to its address"):
        env.reset(options={"task_id": 5})
    env.close()


def test_sites_that_die_end_the_episode_as_an_infrastructure_error(cache_dir: Path) -> None:
    world = World(["reddit"], cache_dir=cache_dir)
    world.state_hash()
    server = SiteServer(world, {"reddit": 0, "full_reset": 0})
    server.start()
    config = RemoteConfig(base_urls=server.base_urls(), full_reset=server.reset_url(), attempts=1)
    env = WebArenaEnv("reddit", sites="remote", remote=config)
    observation, info = env.reset(options={"task_id": 5})
    assert info["infra_error"] is None and info["url"].startswith(server.base_urls()["reddit"])
    server.stop()
    after, reward, terminated, truncated, info = env.step('goto("/forums")')
    assert (after, reward, terminated, truncated, info["success"]) == (observation, 0.0, False, True, None)
    assert info["infra_error"].startswith("SiteError: GET http://localhost")
    with pytest.raises(SiteError, match="got no answer"):
        env.reset()
    env.close()
    world.close()


def test_a_remote_env_shows_what_an_embedded_one_does(cache_dir: Path) -> None:
    world = World(["reddit"], cache_dir=cache_dir)
    server = SiteServer(world, {"reddit": 0, "full_reset": 0})
    server.start()
    here = WebArenaEnv("reddit", cache_dir=cache_dir)
    there = WebArenaEnv(
        "reddit", sites="remote", remote=RemoteConfig(base_urls=server.base_urls(), full_reset=server.reset_url())
    )
    address, origin = server.base_urls()["reddit"], BASE_URLS["reddit"]
    run, other = (play(env, load_oracles().solutions[133], 133) for env in (here, there))
    pages, others = ([text for _, text, _ in played.steps] for played in (run, other))
    assert run.success and len(pages) > 3
    assert [text.replace(address, origin) for text in others] == pages
    for env in (here, there):
        env.close()
    server.stop()
    world.close()


def test_an_evaluation_on_remote_sites_takes_one_worker(tmp_path: Path) -> None:
    config = EvalConfig(policy="random", tasks=(5,), sites="remote")
    with pytest.raises(ValueError, match="belongs to one worker at a time; got 4 workers"):
        evaluate(config, EvalFolder(tmp_path / "run"), workers=4)


class _Elsewhere(QuietHandler):
    """An instance that was set up for another host name: it sends everybody there."""

    def do_GET(self) -> None:
        self.answer(302, b"", {"Location": "http://metis.example:3000" + self.path})


def test_an_instance_that_leads_to_another_host_is_a_failure_of_the_site() -> None:
    with http_server(_Elsewhere) as url:
        env = WebArenaEnv("map", sites="remote", remote=RemoteConfig(base_urls={"map": url}))
        with pytest.raises(SiteError, match=r"start page cannot be opened: 'http://metis\.example:3000/"):
            env.reset(options={"task_id": 12})
        env.close()
