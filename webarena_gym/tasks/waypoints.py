"""Pages on the way to the end of an official task, from the table in ``waypoints.json``."""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from .schema import MilestoneSpec, Progress, Task

ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A page to come by: its path and query match ``address`` and it shows every one of ``texts``, whatever their case."""

    name: str
    address: str
    texts: tuple[str, ...]
    start_host: str

    def reached(self, progress: Progress) -> bool:
        url = urlsplit(progress.url)
        if self.address == ELSEWHERE:
            if url.netloc in ("", self.start_host):
                return False
        elif not re.search(self.address, f"{url.path}?{url.query}" if url.query else url.path):
            return False
        page = _folded(progress.text) if self.texts else ""
        return all(text in page for text in self.texts)


@functools.cache
def _table() -> dict[str, list[list[str]]]:
    return json.loads(importlib.resources.files(__package__).joinpath("waypoints.json").read_text("utf-8"))


def waypoints(task: Task) -> list[MilestoneSpec]:
    """The milestones that the table names for an official task."""
    start_host = urlsplit(task.start_urls[0]).netloc
    return [
        MilestoneSpec(name, Waypoint(name, address, tuple(_text(text, task) for text in texts), start_host).reached)
        for name, address, *texts in _table().get(str(task.task_id), [])
    ]


def _text(text: str, task: Task) -> str:
    """A text of the table, or the reference that it stands for; of "Imani: It powers ..." what Imani wrote."""
    if not text.startswith("@"):
        return _folded(text)
    references = [
        reference
        for check in (*task.spec.strings, *task.spec.html)
        for reference in ([check.references] if isinstance(check.references, str) else check.references)
    ]
    reference = references[int(text[1:])]
    _, colon, quote = reference.partition(": ")
    return _folded(quote if colon and len(quote.split()) > 4 else reference)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
