"""``gymnasium.make_vec("WebArenaLite-shopping-v0", num_envs=8)``: what the ids' ``vector_entry_point`` makes."""

from __future__ import annotations

from typing import Any, Literal

import gymnasium as gym
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv

from .batched import BatchedVectorEnv, EnvMaker
from .env import WebArenaEnv


def make_vector_env(
    num_envs: int,
    *,
    vectorization: Literal["sync", "async", "batched"] = "sync",
    workers: int | None = None,
    shared_memory: bool = False,
    autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
    context: str | None = None,
    **kwargs: Any,
) -> VectorEnv:
    """``num_envs`` envs in this process (``sync``), one process each (``async``), or many in each of a few (``batched``).

    Observations and actions are tuples of ``num_envs`` strings. ``kwargs`` go to every ``WebArenaEnv``; ``context`` is the
    multiprocessing start method of ``async``. ``batched`` is for hundreds of http envs, and for several browser envs:
    see ``BatchedVectorEnv``; ``workers`` are its processes (http; default one a core) or threads (browser; default one an
    env).

    Raises:
        ValueError: ``shared_memory=True``, which would turn observations into blank strings, or an unknown mode.
    """
    if shared_memory:
        raise ValueError(
            "shared_memory=True does not work with text observations: gymnasium would pass them on as blank strings. "
            "Leave it out; workers send their observations through pipes"
        )
    if workers is not None and vectorization != "batched":
        raise ValueError(f'workers are those of vectorization="batched", got workers={workers} with {vectorization!r}')

    def make_one() -> gym.Env[str, str]:
        return gym.wrappers.OrderEnforcing(WebArenaEnv(**kwargs))

    if vectorization == "sync":
        return SyncVectorEnv([make_one] * num_envs, autoreset_mode=autoreset_mode)
    if vectorization == "async":
        return AsyncVectorEnv(
            [make_one] * num_envs, shared_memory=False, context=context, autoreset_mode=autoreset_mode
        )
    if vectorization == "batched":
        if AutoresetMode(autoreset_mode) is not AutoresetMode.NEXT_STEP:
            raise ValueError(f'vectorization="batched" resets at the next step, got autoreset_mode={autoreset_mode!r}')
        where = "threads" if kwargs.get("engine") == "browser" else "processes"
        return BatchedVectorEnv(num_envs, EnvMaker(WebArenaEnv, kwargs), where=where, workers=workers)
    raise ValueError(f'vectorization is "sync", "async" or "batched", got {vectorization!r}')
