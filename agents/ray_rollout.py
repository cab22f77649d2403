"""Rollouts by Ray actors, on this machine or many, behind the interface of ``rollout``. Ray does the moving, starting and
starting again; this file says what is sent, and what happens to an episode whose worker is lost.

Each actor holds envs of its own and a copy of the policy. Episodes are handed out as actors become free, so a slow one
plays fewer. What an episode does depends on its request and the weights alone, so who plays it changes nothing; an actor
with one env plays the very bytes that an ``InProcessCollector`` with one env does.
"""

from __future__ import annotations

import logging
import math
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import gymnasium as gym

from webarena_gym.errors import InfraError, MissingDependency
from webarena_gym.logs import LogSettings, note, set_up, settings

from .metrics import RunMetrics
from .policy import ActingPolicy
from .rollout import EpisodeRequest, InProcessCollector, failed_episode
from .trajectory import State, Trajectory

_START_ATTEMPTS = 4
_log = logging.getLogger("webarena_gym.agents.ray_rollout")


@dataclass(slots=True)
class Alpha:
    """The scale of the milestone reward, which a run may change between its updates."""

    value: float = 1.0

    def __call__(self) -> float:
        return self.value


MakeEnv = Callable[[Alpha], gym.Env[str, str]]
"""Makes one env, in the actor's process; reads the scale of its milestone reward from the argument at each reset."""


class WorkerLost(InfraError):
    """The actor that played an episode died or was too slow, as often as it was tried."""


@dataclass(slots=True)
class RayCounts:
    """What went wrong and was put right."""

    lost_workers: int = 0
    """Actors that died in mid-episode and were started again."""
    slow_workers: int = 0
    """Actors that did not answer in time and were killed for it."""
    stale_replies: int = 0
    """Times that an actor had other weights than were asked for, played nothing, and was sent the right ones."""
    retried_episodes: int = 0
    """Episodes handed out again for one of these reasons, each time counted."""
    given_up_episodes: int = 0
    """Episodes that ended as infrastructure errors, as each try failed."""


@dataclass(frozen=True, kw_only=True)
class RayConfig:
    """How rollouts are spread.

    Raises:
        ValueError: A number out of range.
    """

    workers: int = 2
    """Actors."""
    envs_per_worker: int = 1
    """Episodes that an actor plays side by side, with one policy call for all."""
    address: str | None = None
    """Of a running Ray cluster, such as "auto"; None for one on this machine that ends with the collector."""
    cpus_per_worker: float = 1.0
    gpus_per_worker: float = 0.0
    """For policies that act on a GPU, such as a language model."""
    timeout_s: float = 900.0
    """Most that an actor may take over the episodes it was handed at once, its first envs among them."""
    retries: int = 2
    """Times that an episode is handed out again."""

    def __post_init__(self) -> None:
        if self.workers < 1 or self.envs_per_worker < 1 or self.retries < 0:
            raise ValueError(f"want workers and envs_per_worker of 1 or more and no negative retries, got {self}")
        if self.timeout_s <= 0 or min(self.cpus_per_worker, self.gpus_per_worker) < 0:
            raise ValueError(f"want timeout_s above 0 and no negative share of CPUs or GPUs, got {self}")


class _Weights(NamedTuple):
    """What actors act with: ``ref`` is a Ray object, a policy or the ``state_dict`` of one that actors make themselves."""

    version: int
    ref: Any


class _Reply(NamedTuple):
    """An actor's answer: the weights it had, and what it played, nothing if they were not those that were asked for."""

    version: int
    trajectories: list[Trajectory]
    metrics: RunMetrics


class _Actor:
    """Lives in a Ray worker process. Made anew by Ray after the process died, then without weights."""

    def __init__(
        self,
        make_envs: Mapping[str, MakeEnv],
        make_policy: Callable[[], Any] | None,
        envs: int,
        logs: LogSettings,
    ) -> None:
        import torch

        torch.set_num_threads(1)  # one actor a core is faster than all taking turns
        set_up(logs)
        self._alpha = Alpha()
        self._make_envs, self._envs = dict(make_envs), envs
        self._collectors: dict[str, InProcessCollector] = {}
        self._policy = None if make_policy is None else make_policy()
        self._makes_policy = make_policy is not None
        self._version = 0

    def load(self, version: int, weights: Any) -> None:
        if self._makes_policy:
            self._policy.load_state_dict(weights)
        else:
            self._policy = weights
        self._version = version

    def play(
        self, kind: str, version: int, requests: Sequence[EpisodeRequest], temperature: float, alpha: float
    ) -> _Reply:
        if version != self._version:
            return _Reply(self._version, [], RunMetrics())
        self._alpha.value = alpha
        collector = self._collector(kind)
        collector.metrics = RunMetrics()
        played = collector.collect(self._policy, requests, temperature=temperature)
        return _Reply(version, played, collector.metrics)

    def first_states(self, kind: str, tasks: Sequence[int | str]) -> list[State | None]:
        return self._collector(kind).first_states(tasks)

    def pid(self) -> int:
        return os.getpid()

    def _collector(self, kind: str) -> InProcessCollector:
        if kind not in self._collectors:  # an actor may never be asked to evaluate
            make = self._make_envs[kind]
            self._collectors[kind] = InProcessCollector([make(self._alpha) for _ in range(self._envs)])
        return self._collectors[kind]


@dataclass(slots=True)
class _Handed:
    """Episodes on their way."""

    actor: int
    places: list[int]
    deadline: float


class RayWorkers:
    """A set of actors that collectors share.

    Args:
        make_envs: By name, such as "train" and "eval"; ``collector`` plays in the envs of one of them.
        make_policy: Makes the policy in the actor's process, so that only weights are sent at each collection. None sends
            the policy itself, which must then be picklable.

    Raises:
        MissingDependency: Ray is not installed.
    """

    def __init__(
        self,
        make_envs: Mapping[str, MakeEnv],
        config: RayConfig | None = None,
        *,
        make_policy: Callable[[], Any] | None = None,
    ) -> None:
        self._config = config or RayConfig()
        self._ray = _ray()
        self._owns_cluster = _connect(self._ray, self._config)
        self.counts = RayCounts()
        self._make_policy = make_policy
        self._version = 0
        self._ray.method(max_task_retries=-1)(_Actor.pid)  # asked of an actor that is being made again, it waits
        remote = self._ray.remote(
            num_cpus=self._config.cpus_per_worker,
            num_gpus=self._config.gpus_per_worker,
            max_restarts=-1,
            max_task_retries=0,
        )(_Actor)
        arguments = dict(make_envs), make_policy, self._config.envs_per_worker, settings()
        self._actors = [remote.remote(*arguments) for _ in range(self._config.workers)]
        self._has = [0] * self._config.workers  # the weights that each actor was last sent
        self._loads: list[Any] = [None] * self._config.workers  # and how that went
        self._starting = {actor.pid.remote(): number for number, actor in enumerate(self._actors)}

    def collector(
        self, kind: str, *, alpha: Alpha | None = None, on_step: Callable[[int], None] | None = None
    ) -> RayCollector:
        """A collector over the envs ``make_envs[kind]``; ``alpha`` is what they are told at each collection."""
        return RayCollector(self, kind, alpha or Alpha(), on_step)

    def pids(self) -> list[int]:
        """The actors' processes, on whatever machines."""
        return self._ray.get([actor.pid.remote() for actor in self._actors])

    def close(self) -> None:
        """End the actors, and the cluster if it was begun here. May be called twice."""
        actors, self._actors = self._actors, []
        for actor in actors:
            self._ray.kill(actor)
        if self._owns_cluster:
            self._owns_cluster = False
            self._ray.shutdown()

    # --- for collectors ---

    def play(
        self, kind: str, policy: ActingPolicy, requests: Sequence[EpisodeRequest], temperature: float, alpha: float,
        tell: Callable[[RunMetrics], None],
    ) -> list[Trajectory]:  # fmt: skip
        """One trajectory per request, in their order."""
        self._version += 1
        what = policy if self._make_policy is None else policy.state_dict()  # type: ignore[attr-defined]
        weights = _Weights(self._version, self._ray.put(what))
        waiting = deque(range(len(requests)))
        tries = [0] * len(requests)
        played: dict[int, Trajectory] = {}
        handed: dict[Any, _Handed] = {}
        free = [number for number in range(len(self._actors)) if number not in self._starting.values()]
        while len(played) < len(requests):
            while free and waiting:
                count = min(len(waiting), self._config.envs_per_worker)
                places = [waiting.popleft() for _ in range(count)]
                actor = free.pop(0)
                chunk = [requests[place] for place in places]
                ref = self._hand(actor, kind, weights, chunk, temperature, alpha)
                handed[ref] = _Handed(actor, places, time.monotonic() + self._config.timeout_s)
            started, answered = self._next(handed)
            free += started
            for ref, reply in answered:
                hand = handed.pop(ref)
                if isinstance(reply, _Reply):
                    free.append(hand.actor)
                if isinstance(reply, _Reply) and reply.version == weights.version:
                    tell(reply.metrics)
                    played.update(zip(hand.places, reply.trajectories, strict=True))
                    continue
                reason = self._failure(hand, reply)
                for place in reversed(hand.places):
                    tries[place] += 1
                    if tries[place] > self._config.retries:
                        played[place] = failed_episode(
                            requests[place], WorkerLost(f"{tries[place]} times, the last: {reason}")
                        )
                        self.counts.given_up_episodes += 1
                        tell(RunMetrics(episodes=1, infra_errors=1))
                    else:
                        waiting.appendleft(place)
                        self.counts.retried_episodes += 1
        return [played[place] for place in range(len(requests))]

    def first_states(self, kind: str, tasks: Sequence[int | str]) -> list[State | None]:
        """What an actor says of them; where it dies over it, another one is asked."""
        for attempt in range(self._config.retries + 1):
            number = attempt % len(self._actors)
            self._ray.get(self._actors[number].pid.remote())  # it stands, or is made anew first
            try:
                return self._ray.get(self._actors[number].first_states.remote(kind, tasks))
            except self._ray.exceptions.RayActorError:
                self.counts.lost_workers += 1
                self._has[number] = 0
                if attempt == self._config.retries:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _hand(
        self,
        actor: int,
        kind: str,
        weights: _Weights,
        chunk: Sequence[EpisodeRequest],
        temperature: float,
        alpha: float,
    ) -> Any:
        if self._has[actor] != weights.version:
            self._loads[actor] = self._actors[actor].load.remote(*weights)  # calls to one actor keep their order
            self._has[actor] = weights.version
        return self._actors[actor].play.remote(kind, weights.version, chunk, temperature, alpha)

    def _next(self, handed: Mapping[Any, _Handed]) -> tuple[list[int], list[tuple[Any, _Reply | Exception]]]:
        """Waits for the first thing to happen: actors that stand ready now, and replies, losses, whoever is out of time."""
        timeout = None
        if handed:
            timeout = max(0.0, min(hand.deadline for hand in handed.values()) - time.monotonic())
        ready, _ = self._ray.wait([*handed, *self._starting], num_returns=1, timeout=timeout)
        started: list[int] = []
        found: list[tuple[Any, _Reply | Exception]] = []
        for ref in ready:
            if ref in self._starting:
                self._ray.get(ref)  # raises what its making raised
                started.append(self._starting.pop(ref))
                continue
            try:
                found.append((ref, self._ray.get(ref)))
            except self._ray.exceptions.RayActorError as error:
                self.counts.lost_workers += 1
                self._await_start(handed[ref].actor)
                found.append((ref, error))
        if ready:
            return started, found
        now = time.monotonic()
        for ref, hand in handed.items():
            if hand.deadline <= now:
                self.counts.slow_workers += 1
                self._ray.kill(self._actors[hand.actor], no_restart=False)
                self._await_start(hand.actor)
                found.append((ref, TimeoutError(f"no answer within {self._config.timeout_s:g} s")))
        return started, found

    def _await_start(self, number: int) -> None:
        """Ray makes the actor anew; it is handed nothing until it answers, so that its start costs nobody's time."""
        self._starting[self._actors[number].pid.remote()] = number

    def _failure(self, hand: _Handed, reply: _Reply | Exception) -> str:
        """Why episodes came back unplayed. An error in what was sent is raised here, as no other worker would fare better."""
        load, self._loads[hand.actor] = self._loads[hand.actor], None
        self._has[hand.actor] = 0  # its process is a new one: it has no weights, whatever it was sent
        if isinstance(reply, _Reply):
            try:
                self._ray.get(load)
            except self._ray.exceptions.RayActorError:  # it died with the weights and was made anew
                pass
            self.counts.stale_replies += 1
            reason = f"it had weights {reply.version}"
        else:
            reason = f"{type(reply).__name__}: {reply}".splitlines()[0]
        note(
            _log,
            logging.WARNING,
            "episodes are handed out again",
            worker=hand.actor,
            reason=reason,
            episodes=len(hand.places),
        )
        return reason


@dataclass
class RayCollector:
    """A ``Collector`` whose episodes are played by the actors of ``workers``."""

    workers: RayWorkers
    kind: str
    alpha: Alpha = field(default_factory=Alpha)
    on_step: Callable[[int], None] | None = None
    """Called with the number of env steps so far, as episodes come in."""
    env_steps: int = 0
    metrics: RunMetrics = field(default_factory=RunMetrics)

    def collect(
        self, policy: ActingPolicy, requests: Sequence[EpisodeRequest], *, temperature: float = 1.0
    ) -> list[Trajectory]:
        """One trajectory per request, in their order. An episode whose worker is lost is played again by another."""
        return self.workers.play(self.kind, policy, requests, temperature, self.alpha.value, self._count)

    def _count(self, metrics: RunMetrics) -> None:
        self.metrics.add(metrics)
        self.env_steps += metrics.steps
        if self.on_step is not None:
            self.on_step(self.env_steps)

    def first_states(self, tasks: Sequence[int | str]) -> list[State | None]:
        return self.workers.first_states(self.kind, tasks)

    def close(self) -> None:
        self.workers.close()

    def to_json(self) -> dict[str, Any]:
        """What happened, for logs and files."""
        return {**self.metrics.to_json(), **asdict(self.workers.counts)}


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise MissingDependency("ray", "distributed", "rollouts on several workers") from None
    return ray


def _connect(ray: Any, config: RayConfig) -> bool:
    """Join the cluster; True if it was begun here, and is ours to end."""
    if ray.is_initialized():
        return False
    environment = {
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path),  # actors import what this program can
    }
    local: dict[str, Any] = {}
    if config.address is None:
        local = {"num_cpus": max(1, math.ceil(config.workers * config.cpus_per_worker)), "include_dashboard": False}
    for attempt in range(_START_ATTEMPTS):
        try:
            ray.init(
                address=config.address,
                runtime_env={"env_vars": environment},
                log_to_driver=False,
                logging_level=logging.WARNING,
                **local,
            )
            break
        except (
            Exception
        ) as error:  # Ray has no type for a node that did not stand within its 30 s, as on a busy machine
            if "timed out during startup" not in str(error) or attempt == _START_ATTEMPTS - 1:
                raise
            ray.shutdown()
    return config.address is None
