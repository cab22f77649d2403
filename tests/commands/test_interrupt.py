"""Ctrl-C ends a command at once and cleanly: its exit status says so, what was done is kept, and no Chromium is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from webarena_gym.processes import descendants


def wait_for(what: Callable[[], bool], seconds: float, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert process.poll() is None, f"it ended: {process.communicate()}"
        assert time.monotonic() < deadline, "it did not come that far"
        time.sleep(0.1)


def left_of(pids: set[int]) -> set[int]:
    """Those that still run."""
    running = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            running.add(pid)
    return running


@pytest.mark.parametrize("command", ["eval", "train"])
def test_ctrl_c_leaves_no_process_behind(command, tmp_path, cache_dir):
    out = tmp_path / "out"
    options = {
        "eval": ["--policy", "random", "--site", "shopping", "--tasks", "36,46,65", "--k", "200", "--workers", "1", "--max-steps", "4",
                 "--cache-dir", str(cache_dir)],
        "train": ["--algorithm", "reinforce", "--env-steps", "100000", "--eval-episodes", "0", "--num-envs", "2", "--max-steps", "4"],
    }[command]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "webarena_gym.cli", command, "--engine", "browser", "--out", str(out), *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "WEBARENA_GYM_CACHE": str(cache_dir)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs inherit that it is ignored
    )  # fmt: skip
    log = out / ("trajectories.jsonl" if command == "eval" else "metrics.jsonl")
    wait_for(lambda: log.exists() and log.stat().st_size > 0, 240, process)
    begun = set(descendants(process.pid))
    assert any(b"chrom" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left_of(begun))
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the command
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and errors.rstrip().endswith("interrupted") and "Traceback" not in errors
    deadline = time.monotonic() + 30
    while left_of(begun) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left_of(begun) == set()
    kept = log.read_text()
    assert kept.endswith("\n") and kept.count("\n") >= 1
