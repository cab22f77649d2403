"""Faults: each a context that gives a function to strike with, and that puts everything right again at its end."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ..engines.server import loopback_server
from ..processes import descendants

Strike = Callable[[], None]

MENDED_AFTER_S = 3.0
DISK_BYTES = 2 << 20
JUDGE_AWAY_S = 25.0
"""Longer than a client's own retries last."""


def _processes(*words: str, without: str = "\0") -> list[int]:
    """Descendants of this process whose command line holds all the words, and not the other one."""
    found = []
    for pid in descendants(os.getpid()):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:  # it ended just now
            continue
        if all(word in command for word in words) and without not in command:
            found.append(pid)
    return found


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:  # it ended just now
            pass


@contextmanager
def killed_chromium(folder: Path) -> Iterator[Strike]:
    """kill -9 to every browser that this process or its workers drive."""
    yield lambda: _signal(_processes("--host-resolver-rules", without="--type="), signal.SIGKILL)


@contextmanager
def stopped_chromium(folder: Path) -> Iterator[Strike]:
    """SIGSTOP to them: they hang."""
    yield lambda: _signal(_processes("--host-resolver-rules", without="--type="), signal.SIGSTOP)


@contextmanager
def closed_server(folder: Path) -> Iterator[Strike]:
    """The server that Chromium reaches the embedded sites through goes away in mid-answer."""
    yield lambda: loopback_server().close()


@contextmanager
def killed_worker(folder: Path) -> Iterator[Strike]:
    """kill -9 to the processes that play an evaluation's episodes."""
    yield lambda: _signal(_processes("multiprocessing.spawn"), signal.SIGKILL)


@contextmanager
def killed_ray_actor(folder: Path) -> Iterator[Strike]:
    """kill -9 to one of a training run's actors."""
    yield lambda: _signal(_processes("ray::_Actor")[:1], signal.SIGKILL)


@contextmanager
def full_disk(folder: Path) -> Iterator[Strike]:
    """The run's folder lies on a small disk, which is filled and some seconds later emptied again.

    Where no disk may be mounted, this process may write no longer file instead.
    """
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", str(folder)], capture_output=True, check=False
    )
    timers: list[threading.Timer] = []
    strike, mend = _filler(folder / "filler") if mounted.returncode == 0 else _limit()

    def fill() -> None:
        strike()
        timers.append(threading.Timer(MENDED_AFTER_S, mend))
        timers[-1].start()

    try:
        yield fill
    finally:
        for timer in timers:
            timer.join()
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _filler(file: Path) -> tuple[Strike, Strike]:
    def fill() -> None:
        with open(file, "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:  # full
                pass

    return fill, lambda: file.unlink()


def _limit() -> tuple[Strike, Strike]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard)), lambda: resource.setrlimit(
        resource.RLIMIT_FSIZE, (soft, hard)
    )


@contextmanager
def killed_sites(folder: Path) -> Iterator[Strike]:
    """The sites are served by another process, which is killed, and some seconds later started again."""
    served = _Served()
    before = dict(os.environ)
    os.environ.update(served.addresses)
    timers: list[threading.Timer] = []

    def kill() -> None:
        served.kill()
        timers.append(threading.Timer(MENDED_AFTER_S, served.start))
        timers[-1].start()

    try:
        yield kill
    finally:
        for timer in timers:
            timer.join()
        served.kill()
        for name in served.addresses:
            os.environ.pop(name, None)
            if name in before:
                os.environ[name] = before[name]


class _Served:
    """``webarena-gym serve`` in a process of its own, on ports that stay the same when it is started again."""

    def __init__(self) -> None:
        self._base = _free_ports(8)
        self.addresses: dict[str, str] = {}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "webarena_gym.cli", "serve", "--port-base", str(self._base), "--quiet"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            name, _, address = line.removeprefix("export ").strip().partition("=")
            self.addresses[name] = address
            if name == "WA_FULL_RESET":
                return
        raise RuntimeError(f"the sites could not be served on the ports from {self._base}")

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


def _free_ports(count: int) -> int:
    """The first of so many ports in a row that nobody listens at."""
    for base in range(21_000, 32_000, count):
        sockets = []
        try:
            for port in range(base, base + count):
                sockets.append(socket.create_server(("127.0.0.1", port)))
        except OSError:
            continue
        finally:
            for one in sockets:
                one.close()
        return base
    raise RuntimeError("no free ports in a row")


@contextmanager
def away_judge(folder: Path) -> Iterator[Strike]:
    """The judge's endpoint refuses connections for longer than its clients try again."""
    judge = _Judge()
    names = {"OPENAI_BASE_URL": judge.url, "OPENAI_API_KEY": "none"}
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    timers: list[threading.Timer] = []

    def leave() -> None:
        judge.stop()
        timers.append(threading.Timer(JUDGE_AWAY_S, judge.start))
        timers[-1].start()

    try:
        yield leave
    finally:
        for timer in timers:
            timer.join()
        judge.stop()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Judge:
    """An OpenAI-compatible endpoint that answers by the number of characters of the prompt: yes where it is even."""

    def __init__(self) -> None:
        self._port = 0
        self.start()
        self.url = f"http://127.0.0.1:{self._port}/v1"

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), _Verdicts)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Verdicts(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        verdict = "no" if len(asked["messages"][-1]["content"]) % 2 else "yes"
        message = {"role": "assistant", "content": verdict}
        body = json.dumps({
            "id": "1", "object": "chat.completion", "created": 0, "model": asked["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        }).encode()  # fmt: skip
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass
