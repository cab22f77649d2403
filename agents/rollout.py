"""Env x policy -> trajectories.

A ``Collector`` plays the episodes it is asked for. ``InProcessCollector`` plays them over one or several envs of this
process, with one policy call for all envs that wait for an action. Each episode's random numbers come from its own
request, so what it does depends neither on the number of envs nor on who plays beside it, except that a batch of
another size may round a float32 differently in the last place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import gymnasium as gym
import numpy as np

from webarena_gym.errors import InfraError, UnknownTask
from webarena_gym.logs import note

from .metrics import RunMetrics
from .policy import ActingPolicy, ActionSample
from .trajectory import State, Step, Trajectory, installed_versions

_log = logging.getLogger("webarena_gym.agents.rollout")


class EpisodeRequest(NamedTuple):
    """An episode to play. Equal requests to equal policies give equal trajectories."""

    env_seed: int
    """Given to ``env.reset``; draws the task where ``task_id`` is None."""
    policy_seed: int
    task_id: int | str | None = None


class Collector(Protocol):
    """Plays episodes, in this process or elsewhere."""

    def collect(
        self, policy: ActingPolicy, requests: Sequence[EpisodeRequest], *, temperature: float = 1.0
    ) -> list[Trajectory]:
        """One trajectory per request, in their order. An infrastructure error ends its episode, not the collection."""
        ...

    def first_states(self, tasks: Sequence[int | str]) -> list[State | None]:
        """What the episode of each task begins with; None where the envs have no such task or cannot open it."""
        ...

    def close(self) -> None: ...


def episode_requests(seed: int, *, start: int = 0) -> Iterator[EpisodeRequest]:
    """Requests without end: number ``start``, ``start + 1``, ... of a run with this seed.

    >>> list_one, list_two = episode_requests(7), episode_requests(7, start=1)
    >>> _ = next(list_one)
    >>> next(list_one) == next(list_two)
    True
    """
    index = start
    while True:
        env_seed, policy_seed = np.random.SeedSequence(seed, spawn_key=(index,)).generate_state(2)
        yield EpisodeRequest(int(env_seed), int(policy_seed))
        index += 1


@dataclass(slots=True)
class _Episode:
    """One episode while it is played."""

    index: int
    request: EpisodeRequest
    state: State
    reset_info: dict[str, Any]
    random: np.random.Generator
    steps: list[Step]

    def finished(self, *, success: bool | None, terminated: bool, infra_error: str | None) -> Trajectory:
        return Trajectory(
            task_id=self.reset_info.get("task_id", ""),
            site=str(self.reset_info.get("site", "")),
            env_seed=self.request.env_seed,
            policy_seed=self.request.policy_seed,
            requested_task=self.request.task_id,
            steps=tuple(self.steps),
            final_observation=self.state.observation,
            success=success,
            terminated=terminated,
            truncated=not terminated,
            infra_error=infra_error,
            reset_milestones=dict(self.reset_info.get("milestones", {})),
            versions=installed_versions(),
        )


def failed_episode(request: EpisodeRequest, error: InfraError) -> Trajectory:
    """What is left of an episode that could not begin, or whose steps were lost."""
    random = np.random.default_rng(request.policy_seed)
    episode = _Episode(0, request, State(("",)), {"task_id": request.task_id or ""}, random, [])
    return episode.finished(success=None, terminated=False, infra_error=f"{type(error).__name__}: {error}")


class InProcessCollector:
    """Plays over ``envs``, one after another with a single one, else side by side.

    Args:
        envs: Text envs, all of the same kind. The collector owns and closes them.
        on_step: Called after every env step with the number of steps so far, for progress bars.
        threads: Envs that are stepped at once. More than one pays where envs wait for a browser; the http engine keeps a
            core busy by itself. Changes no episode.
    """

    def __init__(
        self, envs: Sequence[gym.Env[str, str]], *, on_step: Callable[[int], None] | None = None, threads: int = 1
    ) -> None:
        if not envs:
            raise ValueError("a collector needs at least one env, got none")
        self._envs = tuple(envs)
        self._on_step = on_step
        self._pool = ThreadPoolExecutor(threads, "webarena-gym-env") if threads > 1 else None
        self.env_steps = 0
        """Steps taken so far, in all episodes."""
        self.metrics = RunMetrics()

    @property
    def num_envs(self) -> int:
        return len(self._envs)

    def collect(
        self, policy: ActingPolicy, requests: Sequence[EpisodeRequest], *, temperature: float = 1.0
    ) -> list[Trajectory]:
        waiting = list(enumerate(requests))[::-1]
        played: dict[int, Trajectory] = {}
        running: dict[int, _Episode] = {}  # by env
        while True:
            for slot in range(len(self._envs)):
                while slot not in running and waiting:
                    self._begin(slot, *waiting.pop(), running, played)
            if not running:
                return [played[index] for index in range(len(requests))]
            with self.metrics.phase("policy"):
                sampled = self._sampled(policy, running, temperature)
            with self.metrics.phase("env"):
                answers = self._stepped(sampled)
            for (slot, sample), answer in zip(sampled, answers, strict=True):
                episode = running[slot]
                if isinstance(sample, InfraError):
                    error = f"{type(sample).__name__}: {sample}"
                    trajectory = episode.finished(success=None, terminated=False, infra_error=error)
                else:
                    trajectory = self._after_step(episode, sample, answer)
                if trajectory is not None:
                    played[running.pop(slot).index] = trajectory
                    self._note_end(trajectory)

    def _sampled(
        self, policy: ActingPolicy, running: dict[int, _Episode], temperature: float
    ) -> list[tuple[int, ActionSample | InfraError]]:
        """An action for each running episode; where a policy's endpoint fails for all at once, each is asked by itself."""
        slots = sorted(running)
        states, randoms = [running[s].state for s in slots], [running[s].random for s in slots]
        try:
            return list(zip(slots, policy.sample(states, randoms, temperature=temperature), strict=True))
        except InfraError as error:
            if len(slots) == 1:
                return [(slots[0], error)]
        return [pair for slot in slots for pair in self._sampled(policy, {slot: running[slot]}, temperature)]

    def _begin(
        self,
        slot: int,
        index: int,
        request: EpisodeRequest,
        running: dict[int, _Episode],
        played: dict[int, Trajectory],
    ) -> None:
        options = None if request.task_id is None else {"task_id": request.task_id}
        try:
            with self.metrics.phase("reset"):
                observation, info = self._envs[slot].reset(seed=request.env_seed, options=options)
        except InfraError as error:
            played[index] = failed_episode(request, error)
            self._note_end(played[index])
            return
        random = np.random.default_rng(request.policy_seed)
        running[slot] = _Episode(index, request, State((observation,)), info, random, [])

    def _stepped(self, sampled: Sequence[tuple[int, ActionSample | InfraError]]) -> list[Any]:
        """What each env answers to its action; None where there is none to take."""

        def step(pair: tuple[int, ActionSample | InfraError]) -> Any:
            slot, sample = pair
            return None if isinstance(sample, InfraError) else self._envs[slot].step(sample.text)

        return list((map if self._pool is None else self._pool.map)(step, sampled))

    def _note_end(self, trajectory: Trajectory) -> None:
        self.metrics.ended(trajectory.infra_error)
        if trajectory.infra_error is not None:
            note(
                _log,
                logging.WARNING,
                "an episode is left out",
                task=trajectory.task_id,
                infra_error=trajectory.infra_error,
            )

    def _after_step(self, episode: _Episode, sample: ActionSample, answer: Any) -> Trajectory | None:
        observation, reward, terminated, truncated, info = answer
        self.env_steps += 1
        self.metrics.steps += 1
        if self._on_step is not None:
            self._on_step(self.env_steps)
        infra_error = info.get("infra_error")
        episode.steps.append(
            Step(
                observation=episode.state.observation,
                action=sample.text,
                logprob=sample.logprob,
                token_logprobs=sample.token_logprobs,
                reward=float(reward),
                task_reward=float(info.get("task_reward", reward)),
                milestones=dict(info.get("milestones", {})),
                infra_error=infra_error,
            )
        )
        episode.state = episode.state.after(sample.text, observation)
        if not (terminated or truncated):
            return None
        success = info.get("success", episode.steps[-1].task_reward > 0)
        return episode.finished(
            success=None if infra_error or success is None else bool(success),
            terminated=bool(terminated),
            infra_error=infra_error,
        )

    def first_states(self, tasks: Sequence[int | str]) -> list[State | None]:
        states: list[State | None] = []
        for task in tasks:
            try:
                observation, _ = self._envs[0].reset(seed=0, options={"task_id": task})
                states.append(State((observation,)))
            except (UnknownTask, InfraError):
                states.append(None)
        return states

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
        for env in self._envs:
            env.close()
