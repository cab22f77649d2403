"""Episodes over worker processes that may die: who plays what, what is played again, and how it all ends at once on Ctrl-C."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from webarena_gym.agents.rollout import EpisodeRequest

from webarena_gym.errors import WebArenaGymError
from webarena_gym.logs import note

from .workers import end_at_once, process_pool

R = TypeVar("R")

_log = logging.getLogger("webarena_gym.benchmarks.playing")


@dataclass(frozen=True)
class Work(Generic[R]):
    """What worker processes do.

    ``begin(*arguments)`` is called once in each, ``play(request)`` for each episode; ``infra_error`` says what of a result
    broke, None for nothing. The first three must be picklable.
    """

    begin: Callable[..., None]
    arguments: tuple[Any, ...]
    play: Callable[[EpisodeRequest], R]
    infra_error: Callable[[R], str | None]


@dataclass(slots=True)
class PlayCounts:
    """What went wrong and was put right."""

    dead_pools: int = 0
    """Times that a worker process died, and with it the pool."""
    retried_episodes: int = 0
    """Episodes played again, after such a death or an infrastructure error."""


MOST_DEATHS = 3
"""Deaths with no episode between them, after which a run gives up."""


def play_all(
    work: Work[R],
    requests: Sequence[EpisodeRequest],
    *,
    workers: int,
    retries: int = 0,
    counts: PlayCounts | None = None,
) -> Iterator[R]:
    """One result for each request, as they come.

    An episode that ends in an infrastructure error is played up to ``retries`` times more, and the last result counts. After
    a worker process died, episodes without a result are played by new ones. Whoever stops reading, an interrupt above all,
    ends the processes in mid-work.

    Raises:
        WebArenaGymError: Worker processes die again and again.
        Exception: What ``begin`` or ``play`` raised.
    """
    counts = PlayCounts() if counts is None else counts
    waiting = list(requests)[::-1]
    tries: dict[EpisodeRequest, int] = {}
    deaths = 0
    while waiting:
        count = max(1, min(workers, len(waiting)))
        running: dict[Future[R], EpisodeRequest] = {}
        pool = process_pool(count, _begin, work.begin, work.arguments)
        try:
            while waiting or running:
                while waiting and len(running) < 2 * count:  # no more, so that stopping loses little
                    future = pool.submit(_play, work.play, waiting[-1])
                    running[future] = waiting.pop()
                for future in wait(running, return_when="FIRST_COMPLETED").done:
                    result = future.result()
                    request = running.pop(future)
                    deaths = 0
                    error = work.infra_error(result)
                    if error is not None and tries.get(request, 0) < retries:
                        tries[request] = tries.get(request, 0) + 1
                        counts.retried_episodes += 1
                        note(
                            _log, logging.WARNING, "an episode is played again", task=request.task_id, infra_error=error
                        )
                        waiting.insert(0, request)
                        continue
                    yield result
            pool.shutdown()
        except BrokenProcessPool as error:
            deaths += 1
            counts.dead_pools += 1
            counts.retried_episodes += len(running)
            note(_log, logging.WARNING, "a worker process died", episodes=len(running), deaths=deaths)
            if deaths >= MOST_DEATHS:
                raise WebArenaGymError(
                    f"worker processes died {deaths} times in a row, perhaps for want of memory; run the same command again to "
                    "go on, with fewer --workers"
                ) from error
            waiting += running.values()
        finally:
            end_at_once(pool)


_failure: Exception | None = None


def _begin(begin: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """In a worker process. A pool says of a failed beginning only that it is broken, as if the process had died."""
    global _failure
    try:
        begin(*arguments)
    except Exception as error:  # whatever it is, it is raised where the first result is asked for
        _failure = error


def _play(play: Callable[[EpisodeRequest], R], request: EpisodeRequest) -> R:
    if _failure is not None:
        raise _failure
    return play(request)
