"""Tasks about issues: their lists, filtered and sorted, a new one, and who works on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from ..screen import Finding, Oracle, OracleError, Screen, Steps, first, stop
from ..texts import mentions
from .pages import (
    filter_list,
    my_name,
    open_found_project,
    open_listed,
    open_own_project,
    open_section,
    open_tab,
    read_pages,
    read_tickets,
    sort_list,
)

_ASSIGN = "assign yourself"


def labelled(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """25: a project's issues with a label. The near miss takes another label."""
    path, topic = screen.parts_of_intent(r"in the (\S+) repository that have labels related to (\w+)")
    yield from show_label(screen, path, topic, right=right)
    yield stop()


def show_label(screen: Screen, path: str, topic: str, *, right: bool = True) -> Steps:
    """A project's issues with the label on a topic, or, not ``right``, with another one."""
    yield from open_found_project(screen, path)
    yield from open_section(screen, "Issue")
    yield screen.click("button", "Filter")
    labels = screen.one("combobox", "Label").options[1:]
    yield screen.select("Label", first((name for name in labels if mentions(name, topic) == right), topic))
    yield screen.click("button", "Apply filters")


def latest_updated(screen: Screen) -> Iterator[str]:
    """44: whether the issue of one's own that was updated last, of those with a word in the title, is closed."""
    words = screen.find_in_intent(r"keyword \"(.+?)\" in its title")
    state = yield from _open_newest(screen, words, "Updated date")
    yield stop(f"{'Yes' if state == 'closed' else 'No'}, it is {state}")


def latest_created(screen: Screen) -> Iterator[str]:
    """45: whether the issue of one's own that was created last, of those with some words in the title, is closed."""
    words = screen.find_in_intent(r"issue that has (.+?) in its title")
    state = yield from _open_newest(screen, words, "Created date")
    yield stop("Yes" if state == "closed" else "No")


def _open_newest(screen: Screen, words: str, order: str) -> Finding[str]:
    """Open the first issue, in an order, that one wrote with these words in the title; returns its state."""
    name = my_name(screen)
    yield screen.click("link", "Issue")
    yield from filter_list(screen, Words=words, Author=name, Assignee="")
    yield from open_tab(screen, "All")
    yield from sort_list(screen, order)
    found = yield from read_pages(screen, read_tickets, lambda ticket: words.lower() in ticket.title.lower())
    yield from open_listed(screen, first((one for one in found if words.lower() in one.title.lower()), words))
    return screen.find(r"(?m)^(\w+) (?:.* )?Issue created ")[1].lower()


def assign(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """164: assign the issue of a project to oneself whose title has a word. The near miss takes one without it."""
    topic, project = screen.parts_of_intent(r"issue regarding (\w+) in (\S+)")
    yield from open_own_project(screen, project)
    yield from open_section(screen, "Issue")
    if right:
        yield screen.fill("textbox", "Search or filter results...", topic, enter=True)
    found = yield from read_pages(screen, read_tickets, lambda ticket: (topic in ticket.title) == right)
    for ticket in (one for one in found if (topic in one.title) == right):
        yield from open_listed(screen, ticket)
        yield from screen.read_all()
        if screen.has("button", _ASSIGN):  # else somebody works on it
            yield screen.click("button", _ASSIGN)
            yield stop()
            return
    raise OracleError(f"no issue about {topic} that nobody works on")


def new_issue(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """163: write an issue that is assigned to oneself and due on a day. The near miss leaves the day out."""
    project, title = screen.parts_of_intent(r"in (\S+) repo with title \"(.+?)\"")
    due = dt.date(*map(int, screen.find_in_intent(r"due date to be (\d+-\d+-\d+)").split("-")))
    yield from open_own_project(screen, project)
    yield from open_section(screen, "Issue")
    yield screen.click("link", "New issue")
    yield screen.fill("textbox", "Title", title)
    yield screen.click("link", "Assign to me")
    if right:
        yield screen.fill("textbox", "Due date", due.isoformat())
    yield screen.click("button", "Create issue")
    yield stop()


ORACLES: dict[int, Oracle] = {
    25: labelled,
    44: latest_updated,
    45: latest_created,
    163: new_issue,
    164: assign,
}
NEAR_MISSES: dict[int, Oracle] = {
    25: partial(labelled, right=False),
    163: partial(new_issue, right=False),
    164: partial(assign, right=False),
}
