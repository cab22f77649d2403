"""What processes take, read from /proc (where there is none, nothing is measured), and that none outlives its parent."""

from __future__ import annotations

import os
import threading
from multiprocessing import parent_process
from pathlib import Path

_PAGE_BYTES = 4096


def descendants(pid: int) -> list[int]:
    """``pid`` and every process that it or a child of it started and that has not ended; empty without /proc."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name may hold spaces and brackets; state and parent follow its last bracket.
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):  # it ended just now
            continue
        if state != "Z":
            children.setdefault(int(parent), []).append(int(folder.name))
    found, waiting = [], [pid] if Path(f"/proc/{pid}").exists() else []
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def resident_mb(pid: int) -> float | None:
    """Resident megabytes of ``pid`` and its descendants, shared pages counted for each; None without /proc."""
    pages = 0
    for process in descendants(pid):
        try:
            pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
        except (OSError, IndexError):  # it ended just now
            continue
    return pages * _PAGE_BYTES / 2**20 if pages else None


def open_files(pid: int) -> int | None:
    """Open file descriptors of ``pid``; None where they cannot be counted."""
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return None


def usable_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def die_with_parent() -> None:
    """End this process, begun by ``multiprocessing``, once its parent has ended: a killed one cannot say so."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def processor_seconds(pid: int) -> float | None:
    """Processor time of ``pid`` and its descendants so far, and of those that ended and were waited for; None without /proc."""
    ticks = 0
    for process in descendants(pid):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended just now
            continue
        ticks += sum(map(int, fields[11:15]))  # user and system, own and of children
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else None


def proportional_mb(pid: int) -> float | None:
    """Megabytes that ``pid`` and its descendants take up together, a page that several share counted once; None without /proc."""
    kilobytes = 0
    for process in descendants(pid):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:  # it ended just now
            continue
        kilobytes += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return kilobytes / 1024 if kilobytes else None
