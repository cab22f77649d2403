"""``webarena-gym bench peer``: BrowserGym, unmodified, on the embedded sites, its scorer beside ours.

The sites are served by ``webarena-gym serve``, a process of its own. BrowserGym 0.14.3 runs in the environment of ``make
peer``: it checks the instance, resets it, signs in everywhere, then replays the scripted solutions and wrong runs as its
own actions and scores each. Ours is ``strict``. Where it would ask a language model it is told what our rules say.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..commands.oracle import runs_of, scored_by
from ..engines.chromium import find_chromium
from ..env import WebArenaEnv
from ..errors import WebArenaGymError
from ..evaluators.fuzzy import FuzzyQuestion, decide
from ..sites.registry import BASE_URLS, PLACEHOLDERS
from ..tasks.official import official_task
from ..tasks.oracles import load_oracles
from ..tasks.schema import Task
from .peer_record import Recording, in_one_episode, joined, record, served_elsewhere
from .result_file import write_result

HELP = "replay the oracles in BrowserGym and compare its scorer with ours"
PEER_PYTHON = Path(".venv-peer/bin/python")
# Runs on which the two cannot agree, and why.
EXCEPTED = {
    (89, "solution"): "the quotes of its references ship with BrowserGym alone; the shop's reviews here are others"
}
_STOP_TIMEOUT_S = 30
_SILENCE_S = 300.0  # that BrowserGym may take over one answer; the longest, many runs in one episode, take two minutes


class PeerError(WebArenaGymError):
    """BrowserGym or the server could not be run."""


class PeerSilentError(PeerError):
    """BrowserGym waits for something that does not come; with this Chromium it was seen to when it opens one."""


@dataclass(frozen=True, slots=True)
class PeerConfig:
    """Which runs are replayed. ``tasks`` None: all with a script. ``sample``: one task for each site and kind of rules.

    ``done`` are left out.
    """

    tasks: tuple[int, ...] | None = None
    sample: bool = False
    negatives: bool = True
    peer_python: Path = PEER_PYTHON
    cache_dir: Path | None = None
    done: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One run as both scorers see it. ``error`` is what went wrong in the replay, which then says nothing."""

    task_id: int
    sites: str
    scored_by: str
    kind: str
    ours: bool
    theirs: bool
    url: str
    error: str
    took_s: float

    @property
    def agrees(self) -> bool:
        """Whether the verdicts are the same, or known to differ on this run."""
        return not self.error and (self.ours == self.theirs or (self.task_id, self.kind) in EXCEPTED)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="write every run here, after each task")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the tasks that FILE lacks, or could not replay"
    )
    parser.add_argument("--tasks", type=int, nargs="+", default=None, metavar="ID", help="only these tasks")
    parser.add_argument("--sample", action="store_true", help="one task for each site and kind of rules")
    parser.add_argument("--no-negatives", action="store_true", help="only the solutions")
    parser.add_argument(
        "--peer-python", type=Path, default=PEER_PYTHON, help="Python with BrowserGym (default: that of make peer)"
    )
    parser.add_argument("--cache-dir", type=Path, default=None)


def run(args: argparse.Namespace) -> int:
    if args.resume and args.json is None:
        raise ValueError("--resume goes on with what --json FILE has; name the file")
    verdicts = read_verdicts(args.json) if args.resume and args.json.exists() else []
    started = time.perf_counter()
    instance: dict[str, Any] = {}
    while True:
        before = len(verdicts)
        config = PeerConfig(
            tasks=None if args.tasks is None else tuple(args.tasks), sample=args.sample, negatives=not args.no_negatives,
            peer_python=args.peer_python, cache_dir=args.cache_dir, done=frozenset(verdict.task_id for verdict in verdicts),
        )  # fmt: skip
        try:
            with peer_session(config) as session:
                instance = session.check_instance()
                print(
                    f"instance: {', '.join(instance['reached'])} reached and reset; session cookies: {instance['cookies']}",
                    flush=True,
                )
                for verdict in session.verdicts():
                    if args.json and verdicts and verdicts[-1].task_id != verdict.task_id:  # a task that is whole
                        write_verdicts(args.json, instance, verdicts)
                    verdicts.append(verdict)
                    _tell(verdict)
            break
        except PeerSilentError as silent:
            # Its last task may lack runs, and is played again.
            verdicts = [verdict for verdict in verdicts if verdict.task_id != verdicts[-1].task_id]
            if len(verdicts) <= before:
                raise
            print(f"{silent}; it is started again", flush=True)
    if args.json:
        write_verdicts(args.json, instance, verdicts)
    print_table(verdicts)
    print(f"{len(verdicts)} runs in {time.perf_counter() - started:.0f} s")
    return 0 if all(verdict.agrees for verdict in verdicts) else 1


def _tell(verdict: Verdict) -> None:
    mark = f"DIFFER ({verdict.error or verdict.url})"
    if verdict.agrees:
        mark = EXCEPTED.get((verdict.task_id, verdict.kind), "agree")
    print(f"task {verdict.task_id} {verdict.kind}: ours {verdict.ours}, theirs {verdict.theirs}: {mark}", flush=True)


def write_verdicts(file: Path, instance: dict[str, Any], verdicts: Sequence[Verdict]) -> None:
    """Put the runs into a file, whole or not at all."""
    write_result(file, {"instance": instance, "runs": [asdict(verdict) for verdict in verdicts]})


def read_verdicts(file: Path) -> list[Verdict]:
    """The runs that ``write_verdicts`` put into a file, of the tasks of which every run could be replayed."""
    verdicts = [Verdict(**run) for run in json.loads(file.read_text(encoding="utf-8"))["runs"]]
    failed = {verdict.task_id for verdict in verdicts if verdict.error}
    return [verdict for verdict in verdicts if verdict.task_id not in failed]


@contextmanager
def peer_session(config: PeerConfig) -> Iterator[PeerSession]:
    """The server and BrowserGym, started; both are ended on leaving.

    Raises:
        PeerError: ``make peer`` was not run, or one of the two did not start.
    """
    if not config.peer_python.exists():
        raise PeerError(f"there is no {config.peer_python}; type: make peer")
    cache = [] if config.cache_dir is None else ["--cache-dir", str(config.cache_dir)]
    command = [sys.executable, "-m", "webarena_gym.cli", "serve", "--port-base", "0", "--quiet", *cache]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        urls = _printed_urls(server)
        script = Path(__file__).with_name("peer_replay.py")
        command = [str(config.peer_python), str(script), "--chromium", find_chromium()]
        peer = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment(urls)
        )
        try:
            yield PeerSession(config, urls, peer)
        finally:
            assert peer.stdin is not None
            peer.stdin.close()
            _end(peer)
    finally:
        server.terminate()
        _end(server)


def _printed_urls(server: subprocess.Popen[str]) -> dict[str, str]:
    assert server.stdout is not None
    urls: dict[str, str] = {}
    for line in server.stdout:
        name, _, url = line.removeprefix("export ").strip().partition("=")
        urls[name] = url
        if name == "WA_FULL_RESET":
            return urls
    raise PeerError("the server ended before it served; its messages are above")


def _environment(urls: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **urls, "TOKENIZERS_PARALLELISM": "false", "OPENAI_API_KEY": ""}


def _end(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class PeerSession:
    """BrowserGym on the served sites, spoken to in JSON lines (see ``peer_replay``)."""

    def __init__(self, config: PeerConfig, urls: dict[str, str], peer: subprocess.Popen[str]) -> None:
        self._config, self._peer = config, peer
        self._addresses = {PLACEHOLDERS[name]: urls[f"WA_{name.upper()}"] for name in BASE_URLS}
        self._origins = {_origin(url): _origin(self._addresses[PLACEHOLDERS[name]]) for name, url in BASE_URLS.items()}

    def check_instance(self) -> dict[str, Any]:
        """BrowserGym's own check of the instance, its full reset, and a login on every site."""
        return self._ask({"instance": True}, None)["instance"]

    def verdicts(self) -> Iterator[Verdict]:
        """Every run in turn: recorded on an env of ours, then replayed and scored by BrowserGym."""
        env = WebArenaEnv(scoring="strict", cache_dir=self._config.cache_dir)
        oracles = load_oracles()
        try:
            for task_id in chosen_tasks(self._config, list(oracles.solutions)):
                runs = [r for r in runs_of(task_id, oracles) if self._config.negatives or r[0] == "solution"]
                every = [record(env, oracle, task_id, kind) for kind, oracle in runs]
                yield from map(_lost, (one for one in every if one.error))
                recordings = [one for one in every if not one.error]
                alone = any(check.url != "last" for check in official_task(task_id).spec.html)
                for group in [[one] for one in recordings] if alone else in_one_episode(recordings):
                    yield from self.replayed(group)
        finally:
            env.close()

    def replayed(self, group: Sequence[Recording]) -> list[Verdict]:
        """The verdicts on recordings that continue each other, replayed in one episode."""
        task = official_task(group[0].task_id, self._addresses)
        started = time.perf_counter()
        steps = served_elsewhere(joined(group), self._origins)
        theirs = self._ask({"old_task_id": task.old_task_id, "steps": steps}, task)["verdicts"]
        took_s = (time.perf_counter() - started) / len(group)
        return [
            Verdict(
                one.task_id, "+".join(task.sites), scored_by(task), one.kind, one.accepted, their["reward"] > 0, their["url"],
                their["error"], took_s,
            )
            for one, their in zip(group, theirs, strict=True)
        ]  # fmt: skip

    def _ask(self, request: dict[str, Any], task: Task | None) -> dict[str, Any]:
        """The answer to a request; questions for the language model in between are answered by our rules."""
        assert self._peer.stdin is not None and self._peer.stdout is not None
        while True:
            self._peer.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
            self._peer.stdin.flush()
            line = self._answer()
            answer = json.loads(line)
            if "judge" not in answer:
                return answer
            assert task is not None
            request = {"verdict": decide(question_of(answer["judge"], task)).passed}

    def _answer(self) -> str:
        assert self._peer.stdout is not None
        silent = threading.Event()

        def end() -> None:
            silent.set()
            self._peer.kill()

        watch = threading.Timer(_SILENCE_S, end)
        watch.start()
        line = self._peer.stdout.readline()
        watch.cancel()
        if silent.is_set():
            raise PeerSilentError(f"BrowserGym gave no answer for {_SILENCE_S:g} s")
        if not line:
            raise PeerError("BrowserGym ended; its messages are above")
        return line


def _lost(recording: Recording) -> Verdict:
    """A run that failed on our side, which there is nothing to replay of."""
    task = official_task(recording.task_id)
    return Verdict(
        recording.task_id, "+".join(task.sites), scored_by(task), recording.kind, False, False, "", recording.error, 0.0
    )  # fmt: skip


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def question_of(asked: dict[str, str], task: Task) -> FuzzyQuestion:
    """What our rules are asked where BrowserGym asks a language model.

    Raises:
        ValueError: the reference is none of the task's.
    """
    if asked["kind"] == "same reason":
        return FuzzyQuestion("reason", asked["reference"], asked["text"], asked["intent"])
    for check in task.spec.strings:
        if check.rule == "fuzzy_match" and asked["reference"] in check.references:
            return FuzzyQuestion("answer", asked["reference"], asked["text"], asked["intent"], tuple(check.references))
    for part in task.spec.html:
        if part.rule == "fuzzy_match" and asked["reference"] == ", ".join(part.references):
            return FuzzyQuestion("page", asked["reference"], asked["text"], asked["intent"], tuple(part.references))
    if task.task_id in {task_id for task_id, _ in EXCEPTED}:  # other references than BrowserGym's
        return FuzzyQuestion("answer", asked["reference"], asked["text"], asked["intent"], (asked["reference"],))
    raise ValueError(f"task {task.task_id} has no fuzzy reference {asked['reference']!r}")


def chosen_tasks(config: PeerConfig, scripted: Sequence[int]) -> list[int]:
    """The ids in order; for a sample the first task of each site and kind of rules.

    Raises:
        ValueError: a task that was asked for has no script.
    """
    if config.tasks is not None:
        if missing := set(config.tasks) - set(scripted):
            raise ValueError(f"there is no script for {', '.join(map(str, sorted(missing)))}")
        scripted = config.tasks
    kinds: set[tuple[str, ...]] = set()
    chosen = []
    for task_id in sorted(scripted):
        task = official_task(task_id)
        rules = sorted(
            {check.rule for check in (*task.spec.strings, *task.spec.html)} | ({"url"} if task.spec.urls else set())
        )
        kind = ("+".join(task.sites), scored_by(task), *rules)
        if config.sample and kind in kinds:
            continue
        kinds.add(kind)
        chosen.append(task_id)
    return [task_id for task_id in chosen if task_id not in config.done]


def print_table(verdicts: Sequence[Verdict]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("site", "scored by", "runs", "accepted by ours", "by theirs", "agree")
    for sites, rules in sorted({(verdict.sites, verdict.scored_by) for verdict in verdicts}):
        group = [verdict for verdict in verdicts if (verdict.sites, verdict.scored_by) == (sites, rules)]
        counts = sum(v.ours for v in group), sum(v.theirs for v in group), sum(v.agrees for v in group)
        table.add_row(sites, rules, str(len(group)), *map(str, counts[:2]), f"{counts[2]}/{len(group)}")
    Console().print(table)
    print(f"agreement: {sum(verdict.agrees for verdict in verdicts)}/{len(verdicts)}")
