"""Tasks about merge requests: what was said of one and is to be answered, and a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from ..screen import Finding, Oracle, Screen, Steps, stop
from ..texts import shared_words
from .pages import open_listed, open_own_project, open_section, read_pages, read_tickets


class Note(NamedTuple):
    username: str
    text: str


def comment(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """96: comment on the merge request of a project on a topic. The near miss takes the next one of the list."""
    text, topic, project = screen.parts_of_intent(r"Post \"(.+?)\" for the merge request related to (.+?) in (\S+)")
    yield from open_own_project(screen, project)
    yield from open_section(screen, "Merge request")
    found = yield from read_pages(screen, read_tickets)
    best = sorted(found, key=lambda ticket: -shared_words(ticket.title, topic))
    yield from open_listed(screen, best[0 if right else 1])
    yield from _post(screen, text)
    yield stop()


def answer_or_remind(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """99: thank the author of a merge request for an answer, else remind him. The near miss does the other."""
    topic, thanks = screen.parts_of_intent(r"merge request on (.+?) I have to review.* reply \"(.+?)\"")
    yield screen.click("link", "Merge requests")
    yield screen.click("link", "Review requests for you")
    found = yield from read_pages(screen, read_tickets)
    yield from open_listed(screen, max(found, key=lambda ticket: shared_words(ticket.title, topic)))
    notes = yield from _read_notes(screen)
    name = screen.find(r'link "(.+?)" requested to merge')[1]
    author = screen.find(rf'link "{re.escape(name)}" \[\d+\] link "@([\w.-]+)"')[1]
    answered = bool(notes) and notes[-1].username == author
    yield from _post(screen, thanks if answered == right else f"@{author}")
    yield stop()


def _read_notes(screen: Screen) -> Finding[list[Note]]:
    """What was said of the issue or merge request that is open, the oldest first."""
    lines = yield from screen.read_all()
    starts = [n for n, line in enumerate(lines) if re.search(r'\] link "@[\w.-]+" · ', line)]
    return [
        Note(re.findall(r'link "@([\w.-]+)"', lines[start])[0], "\n".join(lines[start + 1 : end]))
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]


def _post(screen: Screen, text: str) -> Steps:
    field = yield from screen.seek("textbox", "Comment")
    yield screen.fill("textbox", field.name, text)
    yield screen.click("button", "Comment")


def new_request(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """143: ask for a branch to be merged, with a reviewer; where the target is not there, the default branch is meant.

    The near miss makes the reviewer the assignee.
    """
    project, source, target = screen.parts_of_intent(r"for ([^/ ]+)/(\S+) branch to be merged into (\S+) branch")
    reviewer = screen.find_in_intent(r"assign (.+) as the reviewer")
    yield from open_own_project(screen, project)
    yield from open_section(screen, "Merge request")
    yield screen.click("link", "New merge request")
    yield screen.select("Select source branch", source)
    if target in screen.one("combobox", "Select target branch").options:
        yield screen.select("Select target branch", target)
    yield screen.click("button", "Compare branches and continue")
    yield screen.select("Reviewer" if right else "Assignee", reviewer)
    yield from screen.follow("button", "Create merge request")
    yield stop()


ORACLES: dict[int, Oracle] = {96: comment, 99: answer_or_remind, 143: new_request}
NEAR_MISSES: dict[int, Oracle] = {task_id: partial(oracle, right=False) for task_id, oracle in ORACLES.items()}
