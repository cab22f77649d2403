"""Every scripted solution is accepted on sites that another process serves, with and without faults that allow success."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.served import serving_sites
from webarena_gym.commands.oracle import Outcome, check_oracles
from webarena_gym.sites.faults import FAULTS

# Two of each site: an answer to read, and something to change.
SAMPLE = (74, 104, 27, 107, 5, 133, 45, 112, 12, 159, 147, 161)
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
        runs = check_oracles(tasks=tasks, negatives=False, engine=engine, sites="remote", remote=served.config())
        return [outcome for _, _, outcome in runs]


def unsolved(found: list[Outcome]) -> list[tuple[int, str]]:
    return [(outcome.task_id, outcome.detail) for outcome in found if not outcome.accepted]


def test_every_solution_is_accepted_over_http(faults: str, cache_dir: Path, tmp_path: Path, full_size: bool) -> None:
    chosen = WITHOUT_SCRIPTS if faults == "faults" else ()
    found = solve("http", chosen, cache_dir, tmp_path, None if full_size else SAMPLE)
    assert len(found) == (165 if full_size else len(SAMPLE))
    assert unsolved(found) == []


def test_every_solution_is_accepted_in_chromium(cache_dir: Path, tmp_path: Path, full_size: bool) -> None:
    found = solve("browser", FAULTS, cache_dir, tmp_path, None if full_size else SAMPLE)
    assert len(found) == (165 if full_size else len(SAMPLE))
    assert unsolved(found) == []
