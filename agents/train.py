"""``train``: collect, learn, evaluate, until the steps are spent. One loop for every algorithm.

The command around it is ``train_command``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from reward_wrappers import MilestoneReward
from webarena_gym.logs import note

from . import parallel
from .algorithms.base import Algorithm, Metrics, ProposesTasks
from .algorithms.registry import make_algorithm, sb3_names
from .candidate_policy import CandidatePolicy
from .demonstrations import DemonstrationRequest, Demonstrator, RecordedDemonstrations, installed_demonstrator
from .llm_config import LLMPolicyConfig
from .metrics import RunMetrics
from .policy import Policy
from .ray_rollout import Alpha, RayCollector, RayConfig, RayWorkers
from .rollout import Collector, EpisodeRequest, InProcessCollector, episode_requests
from .run_folder import RunFolder, load_checkpoint
from .train_config import TrainConfig, trains_on_test
from .trajectory import Batch, State, Trajectory

_log = logging.getLogger("webarena_gym.agents.train")

EnvFactory = Callable[[str | tuple[int | str, ...]], gym.Env[str, str]]
"""Makes one env over a task selection, without reward wrappers."""
AnyCollector = InProcessCollector | parallel.SharedCollector | RayCollector


@dataclass(frozen=True)
class LearningPoint:
    """One evaluation."""

    env_steps: int
    """Training steps taken before it."""
    success_rate: float
    """Successes over ``episodes``; nan for none."""
    episodes: int
    """Episodes scored; infrastructure errors are not."""
    infra_errors: int
    successes: tuple[bool | None, ...]
    """By episode, in the order of the evaluation's tasks; None for an infrastructure error."""


@dataclass(frozen=True)
class TrainEvent:
    """What callbacks are told after every update and evaluation."""

    env_steps: int
    metrics: Metrics
    point: LearningPoint | None


@dataclass(frozen=True)
class TrainResult:
    """What a run leaves behind."""

    config: TrainConfig
    policy: Policy
    learning_curve: tuple[LearningPoint, ...]
    env_steps: int
    episodes: int
    infra_errors: int
    """Training episodes left out for one."""
    metrics: RunMetrics | None = None
    """Where the time of this call's training went; not part of the JSON, as no two runs take the same."""

    def to_json(self) -> dict[str, Any]:
        return {
            "config": self.config.to_json(),
            "trained_on_test": trains_on_test(self.config.tasks),
            "env_steps": self.env_steps,
            "episodes": self.episodes,
            "infra_errors": self.infra_errors,
            "learning_curve": [asdict(point) for point in self.learning_curve],
        }


def train(
    config: TrainConfig,
    env_factory: EnvFactory | None = None,
    *,
    out: Path | None = None,
    resume: bool = False,
    callbacks: Sequence[Callable[[TrainEvent], None]] = (),
    on_step: Callable[[int], None] | None = None,
    rollouts: RayConfig | None = None,
) -> TrainResult:
    """Train the policy that ``config`` names.

    With ``out``, the config, logs, checkpoints and the result are kept there, and ``resume`` goes on from the newest
    checkpoint with the weights that an uninterrupted run would have had. ``on_step`` hears the number of training steps.
    With ``rollouts``, Ray actors play the episodes, in envs of their own (``num_envs`` is not used), and learning stays here;
    that changes who plays an episode and not the episode.

    Raises:
        ValueError: If an env's own potential-based shaping uses another gamma than the learner, or ``rollouts`` are asked
            for with an algorithm of Stable-Baselines3 or with several learning processes.
        RunFolderError: If ``out`` holds another run.
    """
    factory = env_factory or default_env_factory(config)
    if rollouts is not None and (config.algorithm in sb3_names() or parallel.count() > 1):
        raise ValueError("Ray actors play for one learning process, and not for algorithms of Stable-Baselines3")
    if config.algorithm in sb3_names():
        if parallel.count() > 1:
            raise ValueError(
                f"{config.algorithm} trains in one process; start it without accelerate launch or torchrun"
            )
        from .sb3_train import train_with_sb3

        return train_with_sb3(config, factory, out=out, resume=resume, callbacks=callbacks, on_step=on_step)
    run = _Run(config, factory, out, resume, on_step, rollouts)
    try:
        return run.until_spent(callbacks)
    finally:
        run.close()


def default_env_factory(config: TrainConfig) -> EnvFactory:
    """Envs of the config's id, by ``gymnasium.make``."""

    def make(tasks: str | tuple[int | str, ...]) -> gym.Env[str, str]:
        selection = tasks if isinstance(tasks, str) else list(tasks)
        # The checker would look at every observation of every step.
        return gym.make(
            config.env_id,
            tasks=selection,
            engine=config.engine,
            max_steps=config.max_steps,
            disable_env_checker=True,
        )

    return make


def evaluate(
    policy: Policy, collector: Collector, requests: Sequence[EpisodeRequest], *, env_steps: int, temperature: float
) -> LearningPoint:
    """The success rate of ``policy`` over the requested episodes."""
    successes = tuple(t.success for t in collector.collect(policy, requests, temperature=temperature))
    scored = [success for success in successes if success is not None]
    rate = float(np.mean(scored)) if scored else float("nan")
    return LearningPoint(env_steps, rate, len(scored), len(successes) - len(scored), successes)


class _Run:
    """A training run while it lasts."""

    def __init__(
        self,
        config: TrainConfig,
        env_factory: EnvFactory,
        out: Path | None,
        resume: bool,
        on_step: Callable[[int], None] | None,
        rollouts: RayConfig | None,
    ) -> None:
        self.config = config
        # Of several processes the first one writes; what it finds there, the others are told.
        self.folder = None if out is None or parallel.number() else RunFolder(out, config.to_json(), resume=resume)
        learner = config.algorithm_config()
        self.per_update, self.group_size = learner.episodes_per_update, learner.group_size
        self.policy = make_policy(config)
        if config.init is not None:
            self.policy.load_state_dict(load_checkpoint(Path(config.init))["policy"])
        self.algorithm: Algorithm = make_algorithm(config.algorithm, self.policy, learner, seed=config.seed)
        self.alpha = Alpha(config.alpha)
        self.metrics = RunMetrics()
        self.collector, self.eval_collector = (
            self._collectors_here(env_factory, on_step)
            if rollouts is None
            else self._collectors_elsewhere(env_factory, on_step, rollouts)
        )
        imitates = getattr(self.algorithm, "learns_from_demonstrations", False)
        self.demonstrator = _demonstrator(config) if imitates else None
        self.curve: list[LearningPoint] = []
        self.updates = self.episodes = self.infra_errors = 0
        self._restore()

    def _collectors_here(
        self, env_factory: EnvFactory, on_step: Callable[[int], None] | None
    ) -> tuple[AnyCollector, AnyCollector | None]:
        config = self.config
        # Browser envs wait for their pages side by side; http envs keep a core busy, and would only take turns.
        threads = config.num_envs if config.engine == "browser" else 1
        envs = [shaped_env(env_factory(config.tasks), config, self.alpha) for _ in range(config.num_envs)]
        here = InProcessCollector(envs, on_step=on_step, threads=threads)
        here.metrics = self.metrics
        collector = parallel.shared(here)
        if not config.eval_episodes:
            return collector, None
        eval_envs = [env_factory(config.eval_tasks) for _ in range(config.num_envs)]
        return collector, parallel.shared(InProcessCollector(eval_envs, threads=threads))

    def _collectors_elsewhere(
        self, env_factory: EnvFactory, on_step: Callable[[int], None] | None, rollouts: RayConfig
    ) -> tuple[AnyCollector, AnyCollector | None]:
        config = self.config
        make_envs = {
            "train": lambda alpha: shaped_env(env_factory(config.tasks), config, alpha),
            "eval": lambda alpha: env_factory(config.eval_tasks),
        }
        workers = RayWorkers(make_envs, rollouts, make_policy=lambda: make_policy(config))
        evaluator = workers.collector("eval") if config.eval_episodes else None
        collector = workers.collector("train", alpha=self.alpha, on_step=on_step)
        collector.metrics = self.metrics
        return collector, evaluator

    def _restore(self) -> None:
        checkpoint = parallel.from_first(None if self.folder is None else self.folder.load_checkpoint())
        if checkpoint is None:
            return
        self.policy.load_state_dict(checkpoint["policy"])
        self.algorithm.load_state_dict(checkpoint["algorithm"])
        self.collector.env_steps = checkpoint["env_steps"]
        self.updates, self.episodes = checkpoint["updates"], checkpoint["episodes"]
        self.infra_errors = checkpoint["infra_errors"]
        self.curve = [LearningPoint(**{**p, "successes": tuple(p["successes"])}) for p in checkpoint["curve"]]

    def until_spent(self, callbacks: Sequence[Callable[[TrainEvent], None]]) -> TrainResult:
        config, steps = self.config, self.collector.env_steps
        last_checkpoint = steps

        def tell(metrics: Metrics, point: LearningPoint | None) -> None:
            for callback in callbacks:
                callback(TrainEvent(self.collector.env_steps, metrics, point))

        if not self.curve:
            tell({}, self._evaluate())
        while self.collector.env_steps < config.env_steps:
            metrics = self._update()
            steps = self.collector.env_steps
            spent = steps >= config.env_steps
            due = steps // config.eval_every > self.curve[-1].env_steps // config.eval_every if self.curve else False
            tell(metrics, self._evaluate() if due or spent else None)
            if self.folder is not None and (spent or steps - last_checkpoint >= config.checkpoint_every):
                self.folder.save_checkpoint(self._checkpoint())
                last_checkpoint = steps
        result = TrainResult(
            config,
            self.policy,
            tuple(self.curve),
            self.collector.env_steps,
            self.episodes,
            self.infra_errors,
            self.metrics,
        )
        if self.folder is not None:
            self.folder.write_result(result.to_json())
        return result

    def _update(self) -> Metrics:
        """Collect and learn once."""
        spent = min(self.collector.env_steps / self.config.env_steps, 1.0)
        if self.config.alpha_end is not None:
            self.alpha.value = self.config.alpha + (self.config.alpha_end - self.config.alpha) * spent
        trajectories = self._episodes()
        self.updates += 1
        self.episodes += len(trajectories)
        batch = Batch.of(trajectories)
        self.infra_errors += batch.infra_errors
        sampler = getattr(self.policy, "sampler_mismatch", None)  # of policies whose actions another engine may write
        mismatch: Metrics = {} if sampler is None else sampler(batch)
        with self.metrics.phase("learn"):
            metrics = {**_rollout_metrics(trajectories), **mismatch, **self.algorithm.update(batch)}
        note(
            _log,
            logging.INFO,
            "an update was made",
            updates=self.updates,
            env_steps=self.collector.env_steps,
            **self.metrics.to_json(),
        )
        if self.folder is not None:
            self.folder.log({"env_steps": self.collector.env_steps, **metrics})
            if self.config.save_trajectories:
                self.folder.keep(trajectories)
        return metrics

    def _episodes(self) -> Sequence[Trajectory]:
        """The policy's own episodes, or demonstrations; the steps of either count."""
        if self.demonstrator is None:
            return self.collector.collect(self.policy, self._requests())
        with self.metrics.phase("demonstrations"):
            episodes = self.demonstrator.demonstrate(self.updates * self.per_update, self.per_update)
        for episode in episodes:
            self.collector.env_steps += len(episode.steps)
            self.metrics.steps += len(episode.steps)
            self.metrics.ended(episode.infra_error)
        return episodes

    def _requests(self) -> list[EpisodeRequest]:
        """The episodes of the next update; with groups, each task several times with different random actions."""
        groups = -(-self.per_update // self.group_size)
        stream: Iterator[EpisodeRequest] = episode_requests(self.config.seed, start=self.updates * groups)
        if isinstance(self.algorithm, ProposesTasks):
            proposed = self.algorithm.next_tasks(self._first_states)
            drawn = islice(stream, groups)
            return [r._replace(task_id=proposed[i]) if i < len(proposed) else r for i, r in enumerate(drawn)]
        return [
            request if copy == 0 else request._replace(policy_seed=(request.policy_seed + copy) % 2**32)
            for request in islice(stream, groups)
            for copy in range(self.group_size)
        ]

    def _first_states(self, tasks: Sequence[int | str]) -> list[State | None]:
        """What tasks begin with; None for those not to be trained on, whatever else the envs could open."""
        listed = self.config.tasks
        wanted = [task for task in tasks if isinstance(listed, str) or task in listed]
        found = dict(zip(wanted, self.collector.first_states(wanted), strict=True))
        return [found.get(task) for task in tasks]

    def _evaluate(self) -> LearningPoint | None:
        if self.eval_collector is None:
            return None
        requests = list(islice(episode_requests(self.config.eval_seed), self.config.eval_episodes))
        steps, temperature = self.collector.env_steps, self.config.eval_temperature
        point = evaluate(self.policy, self.eval_collector, requests, env_steps=steps, temperature=temperature)
        self.curve.append(point)
        if self.folder is not None:
            record = {
                "env_steps": steps,
                "eval_success_rate": point.success_rate,
                "eval_infra_errors": point.infra_errors,
            }
            self.folder.log(record)
        return point

    def _checkpoint(self) -> dict[str, Any]:
        return {
            "policy": self.policy.state_dict(),
            "algorithm": self.algorithm.state_dict(),
            "env_steps": self.collector.env_steps,
            "updates": self.updates,
            "episodes": self.episodes,
            "infra_errors": self.infra_errors,
            "curve": [asdict(point) for point in self.curve],
        }

    def close(self) -> None:
        self.collector.close()
        if self.demonstrator is not None:
            self.demonstrator.close()
        if self.eval_collector is not None:
            self.eval_collector.close()
        if self.folder is not None:
            self.folder.close()


def make_policy(config: TrainConfig) -> Policy:
    """The untrained policy of a run.

    Raises:
        MissingDependency, ModelError: A language model or what runs it is not here.
    """
    if isinstance(config.policy, LLMPolicyConfig):
        from .llm_policy import LLMPolicy

        return LLMPolicy(config.policy, seed=config.seed)
    return CandidatePolicy(config.policy, seed=config.seed)


def _demonstrator(config: TrainConfig) -> Demonstrator:
    if config.demos is not None:
        return RecordedDemonstrations(Path(config.demos))
    return installed_demonstrator(
        DemonstrationRequest(
            env_id=config.env_id,
            tasks=config.tasks,
            engine=config.engine,
            max_steps=config.max_steps,
            seed=config.seed,
        )
    )


def shaped_env(env: gym.Env[str, str], config: TrainConfig, alpha: Callable[[], float]) -> gym.Env[str, str]:
    """The env with the milestone reward that the config asks for, its scale being ``alpha()`` at each reset.

    Raises:
        ValueError: If the env is shaped already, with another discount than the learner's.
    """
    gamma = config.algorithm_config().gamma
    refuse_other_gamma(env, gamma)
    if config.reward == "sparse":
        return env
    return MilestoneReward(env, scheme=config.reward, alpha=lambda episode: alpha(), gamma=gamma)


def refuse_other_gamma(env: gym.Env[Any, Any], gamma: float) -> None:
    """Raise ``ValueError`` if a wrapper around ``env`` shapes with another discount than the learner's."""
    while isinstance(env, gym.Wrapper):
        arguments = getattr(env, "_saved_kwargs", {})
        if arguments.get("scheme") == "pbrs" and arguments.get("gamma") != gamma:
            raise ValueError(
                f"{type(env).__name__} shapes with gamma={arguments.get('gamma')}, the learner discounts with {gamma}; "
                "the guarantee of potential-based shaping holds only if they are one number"
            )
        env = env.env


def _rollout_metrics(trajectories: Sequence[Trajectory]) -> Metrics:
    known = [t for t in trajectories if t.success is not None]
    if not known:
        return {"infra_errors": float(len(trajectories))}
    return {
        "train_success_rate": float(np.mean([bool(t.success) for t in known])),
        "train_return": float(np.mean([t.return_ for t in known])),
        "episode_steps": float(np.mean([len(t.steps) for t in known])),
        "stopped": float(np.mean([t.terminated for t in known])),
        "infra_errors": float(len(trajectories) - len(known)),
    }
