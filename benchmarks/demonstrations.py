"""The scripted oracles as a demonstrator: what ``bc`` imitates where no file is given, and what ``demos`` writes down."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import gymnasium as gym
from webarena_gym.agents.demonstrations import DemonstrationRequest, NoDemonstrations
from webarena_gym.agents.rollout import InProcessCollector, episode_requests
from webarena_gym.agents.trajectory import Trajectory

from webarena_gym.env import WebArenaEnv

from .episodes import OracleActing


class OracleDemonstrator:
    """Solved episodes of the tasks that an env draws; number ``i`` is drawn by the i-th request of the seed.

    An episode that the oracle does not solve within ``max_steps``, or that an infrastructure error cuts off, is left out.
    """

    def __init__(self, env: gym.Env[str, str], *, seed: int) -> None:
        base = env.unwrapped
        if not isinstance(base, WebArenaEnv):
            raise ValueError(
                f"oracles solve the tasks of WebArenaEnv, got {type(base).__name__}; record a file instead"
            )
        self._acting, self._seed = OracleActing(base), seed
        self._collector = InProcessCollector([env])
        self.unsolved = 0
        """Episodes left out so far."""

    def demonstrate(self, start: int, count: int) -> Sequence[Trajectory]:
        """The solved ones of episodes number ``start`` to ``start + count - 1``.

        Raises:
            NoDemonstrations: None of them was solved.
        """
        requests = list(islice(episode_requests(self._seed, start=start), count))
        played = self._collector.collect(self._acting, requests)
        solved = [episode for episode in played if episode.success]
        self.unsolved += len(played) - len(solved)
        if played and not solved:
            first = played[0]
            why = first.infra_error or f"task {first.task_id} took {len(first.steps)} actions; is max_steps too small?"
            raise NoDemonstrations(f"the scripted oracles solved none of {len(played)} tasks: {why}")
        return solved

    def close(self) -> None:
        self._collector.close()


def oracle_demonstrator(request: DemonstrationRequest) -> OracleDemonstrator:
    """The demonstrator that the entry-point group ``webarena_gym.demonstrators`` offers."""
    tasks = request.tasks if isinstance(request.tasks, str) else list(request.tasks)
    env = gym.make(
        request.env_id, tasks=tasks, engine=request.engine, max_steps=request.max_steps, disable_env_checker=True
    )
    return OracleDemonstrator(env, seed=request.seed)
