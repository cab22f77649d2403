"""``webarena-gym serve`` as a process of its own, and what an env needs to play on it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webarena_gym.sites.remote import RemoteConfig


class Serving:
    """The process, and its addresses by variable."""

    def __init__(self, cache_dir: Path, log: Path, *options: str) -> None:
        command = [sys.executable, "-m", "webarena_gym.cli", "serve", "--port-base", "0", "--cache-dir", str(cache_dir)]
        self.process = subprocess.Popen(
            [*command, "--log", str(log), *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.urls: dict[str, str] = {}
        while "WA_FULL_RESET" not in self.urls:
            line = self.process.stdout.readline()
            match = re.fullmatch(r"export (WA_\w+)=(http://localhost:\d+\S*)\n", line)
            assert match, f"unexpected line {line!r}"
            self.urls[match[1]] = match[2]

    def end(self, number: int) -> tuple[int, str]:
        """Exit status and standard error after a signal."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def config(self, **settings: object) -> RemoteConfig:
        return RemoteConfig.from_environment(self.urls, **settings)


@contextmanager
def serving_sites(cache_dir: Path, log: Path, *options: str) -> Iterator[Serving]:
    started = Serving(cache_dir, log, *options)
    try:
        yield started
    finally:
        started.kill()
