"""Many envs stepped as one batch: hundreds in each of a few processes, or side by side over one Chromium.

A worker that dies is started again. Its envs' episodes end as infrastructure errors, as those do whose Chromium died, and
the others notice nothing.
"""

from __future__ import annotations

import itertools
import logging
import multiprocessing
import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Literal, NamedTuple

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from .errors import InfraError
from .logs import LogSettings, note, set_up, settings
from .processes import die_with_parent, usable_cores

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EnvMaker:
    """Makes one env; can be sent to another process."""

    entry_point: Callable[..., gym.Env[str, str]]
    kwargs: Mapping[str, Any]

    def __call__(self) -> gym.Env[str, str]:
        return gym.wrappers.OrderEnforcing(self.entry_point(**self.kwargs))


class Reset(NamedTuple):
    """Begin an episode."""

    seed: int | None = None
    options: dict[str, Any] | None = None


Command = str | Reset
"""What one env is to do: an action text, or a reset."""


class Answer(NamedTuple):
    """What one env answered; ``reward`` and both ends are 0 and False after a reset."""

    observation: str
    reward: float
    terminated: bool
    truncated: bool
    info: dict[str, Any]


def obey(env: gym.Env[str, str], command: Command) -> Answer:
    """Carry out one command. A reset that fails for the site or the browser is an episode that ends at once."""
    if not isinstance(command, Reset):
        observation, reward, terminated, truncated, info = env.step(command)
        return Answer(observation, float(reward), bool(terminated), bool(truncated), info)
    try:
        observation, info = env.reset(seed=command.seed, options=command.options)
    except InfraError as error:
        return lost(error)
    return Answer(observation, 0.0, False, False, info)


def lost(error: InfraError, observation: str = "") -> Answer:
    """The end of an episode that something broke under."""
    info = {"infra_error": f"{type(error).__name__}: {error}", "success": None}
    return Answer(observation, 0.0, False, True, info)


class WorkerLost(InfraError):
    """The process that an env lived in died."""


class BatchedVectorEnv(VectorEnv[tuple[str, ...], tuple[str, ...], np.ndarray]):
    """``num_envs`` equal text envs as one Gymnasium vector env; episodes that ended are reset at the next step.

    Args:
        make_env: Makes one of them. For processes it must be picklable.
        where: "processes": each holds its share of the envs, for work that keeps a core busy (http engine). "threads": all
            live here and wait for their pages side by side (browser engine).
        workers: Processes or threads; None for one a core, or one thread an env.

    Raises:
        ValueError: A number below one, or another ``where``.
    """

    def __init__(
        self,
        num_envs: int,
        make_env: Callable[[], gym.Env[str, str]],
        *,
        where: Literal["processes", "threads"] = "processes",
        workers: int | None = None,
    ) -> None:
        if num_envs < 1 or (workers is not None and workers < 1):
            raise ValueError(f"want at least one env and one worker, got {num_envs} and {workers}")
        self.num_envs = num_envs
        self._group: _Group
        if where == "processes":
            self._group = _Processes(make_env, num_envs, min(workers or usable_cores(), num_envs))
        elif where == "threads":
            self._group = _Threads(make_env, num_envs, workers or num_envs)
        else:
            raise ValueError(f'where is "processes" or "threads", got {where!r}')
        self.single_observation_space, self.single_action_space, metadata = self._group.spaces
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.metadata = {**metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}
        self._ended = np.zeros(num_envs, dtype=bool)
        self._observations = [""] * num_envs

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Begin an episode in every env; a single seed gives env i ``seed + i``.

        An env whose start page cannot be opened begins with an empty observation and ``info["infra_error"]``, and is reset
        again at the next step.
        """
        seeds = [None if seed is None else seed + i for i in range(self.num_envs)] if seed is None or isinstance(seed, int) else list(seed)  # fmt: skip
        if len(seeds) != self.num_envs:
            raise ValueError(f"want one seed for each of the {self.num_envs} envs, got {len(seeds)}")
        observations, _, _, truncated, infos = self._answers([Reset(one, options) for one in seeds])
        self._ended = truncated
        return observations, infos

    def step(
        self, actions: Sequence[str]
    ) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """One action text for each env; where the episode ended with the last step, a reset takes its place."""
        if len(actions) != self.num_envs:
            raise ValueError(f"want one action for each of the {self.num_envs} envs, got {len(actions)}")
        commands: list[Command] = [Reset() if e else a for e, a in zip(self._ended, actions, strict=True)]
        answers = self._answers(commands)
        self._ended = answers[2] | answers[3]
        return answers

    def _answers(
        self, commands: Sequence[Command]
    ) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        answers = self._group.obey(commands)
        infos: dict[str, Any] = {}
        for index, answer in enumerate(answers):
            if isinstance(answer, WorkerLost):
                answers[index] = answer = lost(answer, self._observations[index])
            infos = self._add_info(infos, answer.info, index)
        self._observations = [answer.observation for answer in answers]
        return (
            tuple(self._observations),
            np.array([answer.reward for answer in answers], dtype=np.float64),
            np.array([answer.terminated for answer in answers], dtype=bool),
            np.array([answer.truncated for answer in answers], dtype=bool),
            infos,
        )

    def worker_pids(self) -> tuple[int, ...]:
        """The processes that envs live in; none with threads."""
        return self._group.pids()

    def close_extras(self, **kwargs: Any) -> None:
        self._group.close()


class _Group(ABC):
    """Envs and who steps them."""

    spaces: tuple[gym.Space, gym.Space, dict[str, Any]]

    @abstractmethod
    def obey(self, commands: Sequence[Command]) -> list[Any]:
        """An ``Answer`` to each, or the ``WorkerLost`` that came between."""

    def pids(self) -> tuple[int, ...]:
        return ()

    @abstractmethod
    def close(self) -> None:
        """End what steps them."""


def _spaces_of(env: gym.Env[str, str]) -> tuple[gym.Space, gym.Space, dict[str, Any]]:
    return env.observation_space, env.action_space, dict(env.metadata)


class _Threads(_Group):
    """All envs in this process."""

    def __init__(self, make_env: Callable[[], gym.Env[str, str]], num_envs: int, workers: int) -> None:
        self._envs = [make_env() for _ in range(num_envs)]
        self._pool = ThreadPoolExecutor(workers, "webarena-gym-env")
        self.spaces = _spaces_of(self._envs[0])

    def obey(self, commands: Sequence[Command]) -> list[Any]:
        return list(self._pool.map(obey, self._envs, commands))

    def close(self) -> None:
        self._pool.shutdown()
        for env in self._envs:
            env.close()


class _Processes(_Group):
    """Each process holds the envs from one number to another."""

    def __init__(self, make_env: Callable[[], gym.Env[str, str]], num_envs: int, workers: int) -> None:
        bounds = np.linspace(0, num_envs, workers + 1).astype(int)
        self._shares = [range(a, b) for a, b in itertools.pairwise(bounds.tolist())]
        self._make_env = make_env
        self._workers = [self._started(len(share)) for share in self._shares]
        first = self._workers[0].pipe.recv()
        if isinstance(first, BaseException):
            self.close()
            raise first
        self.spaces = first
        for worker in self._workers[1:]:
            worker.pipe.recv()

    def _started(self, count: int) -> _Worker:
        # Afresh (spawn): a forked torch or SQLite connection may misbehave.
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there, self._make_env, count, settings()), daemon=True)
        process.start()
        there.close()
        return _Worker(process, here)

    def obey(self, commands: Sequence[Command]) -> list[Any]:
        answers: list[Any] = [None] * len(commands)
        busy: dict[Connection, int] = {}
        for number, share in enumerate(self._shares):
            pipe = self._workers[number].pipe
            try:
                pipe.send([commands[i] for i in share])
                busy[pipe] = number
            except OSError:
                self._replace(number, answers)
        while busy:
            for pipe in wait(list(busy)):
                number = busy.pop(pipe)  # type: ignore[arg-type]
                try:
                    received = pipe.recv()  # type: ignore[union-attr]
                except (EOFError, OSError):
                    self._replace(number, answers)
                    continue
                if isinstance(received, BaseException):
                    raise received
                for i, answer in zip(self._shares[number], received, strict=True):
                    answers[i] = answer
        return answers

    def _replace(self, number: int, answers: list[Any]) -> None:
        worker, share = self._workers[number], self._shares[number]
        worker.process.join(timeout=10)
        status = worker.process.exitcode
        note(
            _log,
            logging.WARNING,
            "a worker process died and is replaced",
            pid=worker.process.pid,
            status=status,
            envs=len(share),
        )
        worker.pipe.close()
        self._workers[number] = self._started(len(share))
        self._workers[number].pipe.recv()
        for i in share:
            answers[i] = WorkerLost(f"the process that this env lived in ended with status {status}")

    def pids(self) -> tuple[int, ...]:
        return tuple(worker.process.pid or 0 for worker in self._workers)

    def close(self) -> None:
        for worker in self._workers:
            try:
                worker.pipe.send(None)
            except OSError:  # dead already
                pass
        for worker in self._workers:
            worker.process.join(timeout=30)
            if worker.process.is_alive():
                worker.process.kill()
            worker.pipe.close()


class _Worker(NamedTuple):
    process: Any
    pipe: Connection


def _serve(pipe: Connection, make_env: Callable[[], gym.Env[str, str]], count: int, logs: LogSettings) -> None:
    """A worker process: says its spaces, then answers lists of commands until None or the end of its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which then closes us
    set_up(logs)
    die_with_parent()
    envs: list[gym.Env[str, str]] = []
    try:
        envs = [make_env() for _ in range(count)]
        pipe.send(_spaces_of(envs[0]))
        while (commands := pipe.recv()) is not None:
            pipe.send([obey(env, command) for env, command in zip(envs, commands, strict=True)])
    except EOFError:
        pass
    except BaseException as error:  # raised again in the parent, whatever it is
        pipe.send(error)
    finally:
        for env in envs:
            env.close()
