"""``webarena-gym eval``: the success rate of a policy, with intervals, resumable at any moment."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from webarena_gym.agents.metrics import RunMetrics
from webarena_gym.agents.patience import once_there_is_space
from webarena_gym.agents.rollout import EpisodeRequest
from webarena_gym.agents.train_command import named_option
from webarena_gym.agents.trajectory import installed_versions

from webarena_gym.logs import note

from .episodes import Episode, play_episodes
from .eval_config import EvalConfig, planned_episodes
from .eval_folder import Described, EvalFolder, key_of
from .machine import describe_machine
from .playing import PlayCounts, Work, play_all
from .policies import LoadedPolicy, check_policy, critic_values, known_policies, load_policy
from .result_file import write_result
from .workers import usable_cores

HELP = "play tasks with a policy and report success with intervals; run again to go on"

_log = logging.getLogger("webarena_gym.benchmarks.eval")


class Progress(NamedTuple):
    """How far an evaluation is."""

    played: int
    planned: int
    successes: int
    infra_errors: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from webarena_gym.registration import SITE_IDS

    defaults = EvalConfig(policy="random")
    parser.add_argument(
        "--policy", required=True, help=f"{', '.join(known_policies())}; with an argument after a colon"
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for the episodes and the report; run again to go on"
    )
    parser.add_argument("--site", choices=SITE_IDS, default=None)
    parser.add_argument(
        "--tasks", default="test", help="test, val, heldout, train, or ids separated by commas (default: test)"
    )
    parser.add_argument("--episodes", type=int, default=defaults.episodes, help="tasks drawn from a generated split")
    parser.add_argument(
        "--per-site", type=int, default=None, help="official tasks of each site, drawn by --seed (default: all)"
    )
    parser.add_argument("--k", type=int, default=1, help="episodes of each task, for pass@k (default: 1)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", choices=("http", "browser"), default="http")
    parser.add_argument("--sites", choices=("embedded", "remote"), default="embedded")
    parser.add_argument("--scoring", choices=("lite", "strict", "hardened", "verified"), default="lite")
    parser.add_argument("--observation", choices=("text", "html", "axtree"), default="text")
    parser.add_argument("--max-steps", type=int, default=defaults.max_steps)
    parser.add_argument("--max-obs-chars", type=int, default=defaults.max_obs_chars)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the generated part of the sites' data")
    parser.add_argument("--temperature", type=float, default=None, help="default: 0 with --k 1, else 1")
    parser.add_argument("--policy-option", action="append", default=[], metavar="NAME=VALUE",
                        help="a setting of a language model, such as max_prompt_tokens=1024")  # fmt: skip
    parser.add_argument("--no-pages", action="store_true", help="do not keep what pages looked like")
    parser.add_argument("--workers", type=int, default=None, help="processes (default: one a core; 1 on remote sites)")
    parser.add_argument(
        "--retry-infra-errors", action="store_true", help="play episodes again that something broke under"
    )
    parser.add_argument("--references", type=Path, default=None, metavar="FOLDER",
                        help="an evaluation, such as the oracle's, whose successes show where failed episodes strayed")  # fmt: skip
    parser.add_argument(
        "--retries",
        type=int,
        default=1,
        help="times that an episode is played again at once where something broke under it (%(default)s)",
    )
    parser.add_argument(
        "--judge", default=None, metavar="chat:MODEL", help="a language model that decides fuzzy matches"
    )
    parser.add_argument("--json", type=Path, default=None, help="write the figures here too")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    from rich.console import Console

    from .run_report import evaluation_report, evaluation_tables, load_run, successes_of

    console = Console(width=None if sys.stdout.isatty() else 110)
    config = config_of(args)
    folder = EvalFolder(args.out)
    with _bar(console) as tell:
        metrics = evaluate(
            config,
            folder,
            workers=args.workers,
            cache_dir=args.cache_dir,
            retry=args.retry_infra_errors,
            retries=args.retries,
            tell=tell,
        )
    loaded = load_run(args.out)
    references = successes_of(load_run(args.references)) if args.references else {}
    for bad in loaded.bad_lines:
        console.print(f"trajectories.jsonl, line {bad.number}: {bad.reason}; skipped", style="yellow", markup=False)
    for table in evaluation_tables(loaded, references=references):
        console.print(table.to_text())
    evaluation_report([loaded], references=references).write(args.out / "report.html")
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_result(args.json, loaded.to_json())
    if metrics.episodes:
        console.print(metrics.to_text(), markup=False, highlight=False)
    console.print(f"{args.out / 'report.html'} has every episode to step through.", markup=False, highlight=False)
    return 0


def config_of(args: argparse.Namespace) -> EvalConfig:
    """The config that the options stand for."""
    temperature = args.temperature if args.temperature is not None else float(args.k > 1)
    return EvalConfig(
        policy=args.policy, site=args.site, tasks=_tasks(args.tasks), episodes=args.episodes, per_site=args.per_site, k=args.k, seed=args.seed, judge=args.judge,
        engine=args.engine, sites=args.sites, scoring=args.scoring, observation=args.observation, max_steps=args.max_steps,
        max_obs_chars=args.max_obs_chars, scale=args.scale, temperature=temperature, keep_pages=not args.no_pages,
        policy_options=dict(named_option(text) for text in args.policy_option),
    )  # fmt: skip


def _tasks(text: str) -> str | tuple[int | str, ...]:
    from webarena_gym.config import SPLITS

    if text in SPLITS:
        return text
    return tuple(int(part) if part.isdecimal() else part for part in text.split(","))


def evaluate(
    config: EvalConfig,
    folder: EvalFolder,
    *,
    workers: int | None = None,
    cache_dir: str | None = None,
    retry: bool = False,
    retries: int = 0,
    counts: PlayCounts | None = None,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> RunMetrics:
    """Play what ``folder`` lacks of the planned episodes. May be killed at any moment and called again.

    ``retry`` plays episodes again that an infrastructure error cut off in an earlier call, ``retries`` those of this one, so many
    times; what counts is the last try. ``counts`` is told of retries and dead workers. Returns what the episodes of this call
    took.

    Raises:
        PolicyError, SiteNotAvailable, EvalFolderError: Nothing was played, and the message says why.
        WebArenaGymError: Worker processes died again and again, or the disk stayed full; what was played is kept.
        ValueError: Several workers on remote sites, which share one instance's carts, posts and resets.
    """
    check_policy(config.policy, config.policy_options)
    if config.sites == "remote":
        if workers not in (None, 1):
            raise ValueError(
                f"sites='remote' is one instance, which belongs to one worker at a time; got {workers} workers"
            )
        workers = 1
    planned = planned_episodes(config)
    folder.begin(config, {"machine": describe_machine(), "versions": installed_versions()})
    wanted = {key_of(request) for request in planned}
    done = {key_of(t): t for t in folder.played().trajectories if key_of(t) in wanted}
    if retry:
        done = {key: t for key, t in done.items() if t.infra_error is None}
    outcomes = [t.success for t in done.values()]
    left = [request for request in planned if key_of(request) not in done]
    tell(_progress(outcomes, planned))
    metrics = RunMetrics()
    work = Work(_begin_worker, (config, cache_dir), _measured, lambda result: result[1][0].trajectory.infra_error)
    with closing(play_all(work, left, workers=workers or usable_cores(), retries=retries, counts=counts)) as results:
        for taken, result in results:
            _keep(folder, *result)
            metrics.add(taken)
            outcomes.append(result[0].trajectory.success)
            note(
                _log,
                logging.INFO,
                "an episode was kept",
                task=result[0].trajectory.task_id,
                success=outcomes[-1],
                **metrics.to_json(),
            )
            tell(_progress(outcomes, planned))
    return metrics


def _keep(folder: EvalFolder, episode: Episode, *described: Any) -> None:
    once_there_is_space(lambda: folder.name_policy(*described))
    once_there_is_space(lambda: folder.add([episode]))


def _progress(outcomes: Sequence[bool | None], planned: Sequence[EpisodeRequest]) -> Progress:
    return Progress(len(outcomes), len(planned), sum(o is True for o in outcomes), sum(o is None for o in outcomes))


class _Worker(NamedTuple):
    """What a worker process keeps between episodes."""

    config: EvalConfig
    env: Any
    loaded: LoadedPolicy


_worker: _Worker | None = None


def _begin_worker(config: EvalConfig, cache_dir: str | None) -> None:
    global _worker
    env = config.env(cache_dir)
    _worker = _Worker(config, env, load_policy(config.policy, env, config.policy_options))


def _measured(request: EpisodeRequest) -> tuple[RunMetrics, Any]:
    """An episode, and what it took."""
    metrics = RunMetrics()
    result = _play(request, metrics)
    return metrics, result


def _play(request: EpisodeRequest, metrics: RunMetrics) -> tuple[Episode, Described]:
    from reward_wrappers import MilestoneReward

    assert _worker is not None
    config, env, loaded = _worker
    # Shaping is for the report's eyes: no policy sees rewards, and success is the task's own.
    shaped = MilestoneReward(env, scheme="bonus")
    played = play_episodes(
        shaped, loaded.policy, [request], keep_pages=config.keep_pages, temperature=config.temperature, metrics=metrics
    )
    (episode,) = played
    values = critic_values(loaded.learner, episode.trajectory.states()[:-1]) if loaded.learner is not None else ()
    return replace(episode, values=values), Described(loaded.name, loaded.note, loaded.training)


class _bar:
    """A progress bar with the running success rate; a context manager that gives the function to call."""

    def __init__(self, console: Any) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("episodes"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
        )
        self._bar = Bar(*columns, console=console)

    def __enter__(self) -> Callable[[Progress], None]:
        self._bar.start()
        task = self._bar.add_task("", total=None)

        def tell(progress: Progress) -> None:
            scored = progress.played - progress.infra_errors
            rate = f"success {progress.successes / scored:.1%}" if scored else ""
            broken = f", {progress.infra_errors} infrastructure errors" if progress.infra_errors else ""
            self._bar.update(task, completed=progress.played, total=progress.planned, description=rate + broken)

        return tell

    def __exit__(self, *error: object) -> None:
        self._bar.stop()
