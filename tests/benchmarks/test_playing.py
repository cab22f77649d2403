"""Episodes over worker processes: what dies is replaced, what broke is played again, and an end is an end."""

from __future__ import annotations

import os
import signal
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from webarena_gym.agents import patience
from webarena_gym.agents.patience import DiskFull, once_there_is_space
from webarena_gym.agents.rollout import EpisodeRequest
from webarena_gym.benchmarks.playing import MOST_DEATHS, PlayCounts, Work, play_all

from webarena_gym.errors import WebArenaGymError
from webarena_gym.processes import descendants


class Result(NamedTuple):
    request: EpisodeRequest
    infra_error: str | None


_fuses = Path()


def begin(fuses: Path) -> None:
    global _fuses
    _fuses = fuses


def play(request: EpisodeRequest) -> Result:
    """Takes a file of the episode's own name, if there is one, and does what it says."""
    fuse = _fuses / str(request.env_seed)
    if fuse.exists() and (deeds := fuse.read_text().split()):
        fuse.write_text(" ".join(deeds[1:]))
        match deeds[0]:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "sleep":
                time.sleep(600)
            case "break":
                return Result(request, "SiteError: down")
    return Result(request, None)


REQUESTS = [EpisodeRequest(number, 0) for number in range(6)]


def played(fuses: Path, *, workers: int, retries: int = 0) -> tuple[list[Result], PlayCounts]:
    counts = PlayCounts()
    work = Work(begin, (fuses,), play, lambda result: result.infra_error)
    results = list(play_all(work, REQUESTS, workers=workers, retries=retries, counts=counts))
    return sorted(results, key=lambda result: result.request), counts


def test_what_dies_is_replaced_and_what_broke_is_played_again_as_often_as_asked(tmp_path):
    (tmp_path / "1").write_text("break")
    (tmp_path / "2").write_text("die")
    (tmp_path / "4").write_text("break " * 9)
    results, counts = played(tmp_path, workers=2, retries=2)
    # Number 1 broke once and was well the second time; number 4 broke whenever it was tried, until its two retries were spent.
    assert [r.request.env_seed for r in results if r.infra_error] == [4]
    assert [r.request for r in results] == REQUESTS and counts.dead_pools == 1
    assert counts.retried_episodes >= 3  # number 4 twice, and what was on its way when number 2 killed its worker


def test_a_run_whose_workers_die_again_and_again_gives_up(tmp_path):
    for request in REQUESTS:
        (tmp_path / str(request.env_seed)).write_text("die " * MOST_DEATHS)
    with pytest.raises(WebArenaGymError, match=f"died {MOST_DEATHS} times in a row"):
        played(tmp_path, workers=1)


def test_what_a_worker_cannot_begin_with_is_raised_here():
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        list(play_all(Work(begin, (), play, lambda result: None), REQUESTS, workers=1))


def test_whoever_stops_reading_ends_the_processes_in_mid_work(tmp_path):
    (tmp_path / "5").write_text("sleep")
    before = set(descendants(os.getpid()))
    with closing(play_all(Work(begin, (tmp_path,), play, lambda result: None), REQUESTS, workers=2)) as results:
        next(results)
        workers = set(descendants(os.getpid())) - before
    assert workers and not {
        pid
        for pid in workers
        if Path(f"/proc/{pid}/exe").exists() and "spawn" in Path(f"/proc/{pid}/cmdline").read_text()
    }


def test_a_write_waits_for_space_and_in_the_end_says_so(monkeypatch):
    monkeypatch.setattr(patience, "PAUSE_S", 0.0)
    left = [OSError(28, "No space left on device"), OSError(27, "File too large")]

    def write() -> str:
        if left:
            raise left.pop()
        return "written"

    assert once_there_is_space(write) == "written"
    monkeypatch.setattr(patience, "PATIENCE_S", 0.0)
    left[:] = [OSError(28, "No space left on device")] * 5
    with pytest.raises(DiskFull, match="make space and run the same command again"):
        once_there_is_space(write)
    with pytest.raises(PermissionError):
        once_there_is_space(lambda: (_ for _ in ()).throw(PermissionError(13, "no")))
