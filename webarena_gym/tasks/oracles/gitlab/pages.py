"""GitLab's pages as its oracles read and walk them: the frame, lists of projects and of issues, people, new projects."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..screen import Element, Finding, OracleError, Screen, Steps, T, cells, click, first
from ..texts import shared_words

_SIDEBAR = 'complementary "Project navigation":'
_REFERENCE = re.compile(r"(?P<project>\S*)[#!]\d+ · created ")
_ORDER = r"^(?:Name|Priority|Title|Popularity|(?:Last|Oldest|Most) \w+|\w+ date)$"
_DATE = re.compile(r"\b([A-Z][a-z]{2} \d{1,2}, \d{4})\b")


class Project(NamedTuple):
    """One project of a list. ``name`` begins with its owner's: "Byte Blaze / dotfiles"."""

    name: str
    stars: int
    text: str
    """Visibility, the visitor's role and the description."""
    link: Element
    page: str


class Ticket(NamedTuple):
    """One issue or merge request of a list, whose address is ``page``."""

    title: str
    updated: dt.date
    link: Element
    page: str


class Member(NamedTuple):
    name: str
    username: str
    role: str


# --- the frame ---


def my_name(screen: Screen) -> str:
    """The full name of who is signed in: the link behind that to the help."""
    elements = screen.elements
    return next(after.name for one, after in itertools.pairwise(elements) if one.name == "Help")


def open_menu(screen: Screen, entry: str) -> Steps:
    """Open the user's menu and follow one of its entries, a link or a button."""
    yield screen.click("link", my_name(screen))
    yield screen.click("button" if screen.has("button", entry) else "link", entry)


def open_section(screen: Screen, *names: str) -> Steps:
    """Go down the bar beside a project's pages."""
    for name in names:
        start = first((number for number, line in enumerate(screen.lines) if line == _SIDEBAR), "project's page")
        link = first((e for e in screen.all("link", re.escape(name)) if e.line > start), name)
        yield click(link)


def open_tab(screen: Screen, name: str) -> Steps:
    """Follow a tab above a list, whose name may end with a number."""
    tabs = [e for e in screen.elements if e.role in ("link", "tab")]
    yield click(first((e for e in tabs if re.fullmatch(rf"{name}(?: [\d,]+)?", e.name)), f"tab {name}"))


def search(screen: Screen, text: str) -> Steps:
    yield screen.fill("textbox", "Search GitLab", text, enter=True)


def read_pages(
    screen: Screen, read: Callable[[Screen], Finding[list[T]]], enough: Callable[[T], bool] = lambda one: False
) -> Finding[list[T]]:
    """What ``read`` finds on the page that shows and on all that follow it, up to one that is ``enough``."""
    found = yield from read(screen)
    while screen.has("link", "Next") and not any(map(enough, found)):
        yield screen.click("link", "Next")
        found += yield from read(screen)
    return found


# --- projects ---


def read_projects(screen: Screen) -> Finding[list[Project]]:
    """The projects of the list's page that shows, in its order."""
    lines = yield from screen.read_all()
    elements = screen.elements
    titles = [e for e in elements if e.role == "link" and lines[e.line].startswith("## ")]
    found = []
    for title in titles:
        facts = next(n for n in range(title.line, len(lines)) if lines[n].startswith("Stars "))
        stars = next(e for e in elements if e.line == facts)
        found.append(
            Project(
                title.name, int(stars.name.replace(",", "")), " ".join(lines[title.line + 1 : facts]), title, screen.url
            )
        )
    return found


def open_own_project(screen: Screen, wanted: str) -> Steps:
    """From the dashboard, open the project whose name and description share the most words with ``wanted``.

    Raises:
        OracleError: no project of one's own shares any.
    """
    mine = yield from read_pages(screen, read_projects)
    best = max(mine, key=lambda project: shared_words(f"{project.name} {project.text}", wanted))
    if not shared_words(f"{best.name} {best.text}", wanted):
        raise OracleError(f"no project is like {wanted!r}")
    yield from open_listed(screen, best)


def open_found_project(screen: Screen, query: str) -> Steps:
    """Search for a project by its name or path and open the one with the most stars that is found."""
    yield from search(screen, query)
    found = yield from read_projects(screen)
    yield from open_listed(screen, first(most_stars(found), query))


def commits_link(screen: Screen) -> Element:
    """The link of a project's page to its commits, which stands above the description and says how many they are."""
    return first(screen.all("link", r"^[\d,]+ Commits?$"), "number of commits")


def most_stars(projects: Iterable[Project]) -> list[Project]:
    return sorted(projects, key=lambda project: -project.stars)


def open_listed(screen: Screen, listed: Project | Ticket) -> Steps:
    """Open a row of a list, going back to the list first where another page shows."""
    yield from screen.return_to(listed.page)
    yield click(listed.link)


# --- issues and merge requests ---


def read_tickets(screen: Screen) -> Finding[list[Ticket]]:
    """The issues or merge requests of the list's page that shows, in its order."""
    lines = yield from screen.read_all()
    elements = screen.elements
    starts = [number - 1 for number, line in enumerate(lines) if _REFERENCE.match(line)]
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        title = next(e for e in elements if e.line == start)
        updated = next(line.partition("updated ")[2] for line in lines[start:end] if "updated " in line)
        found.append(Ticket(title.name, day_of(updated), title, screen.url))
    return found


def day_of(text: str) -> dt.date:
    """The first day written as "Mar 5, 2023".

    Raises:
        OracleError: there is none.
    """
    match = _DATE.search(text)
    if match is None:
        raise OracleError(f"no day in {text!r}")
    return dt.datetime.strptime(match[1], "%b %d, %Y").date()


def filter_list(screen: Screen, **fields: str) -> Steps:
    """Fill the filters of a list, named as on the page, and apply them; a chooser takes an option."""
    yield screen.click("button", "Filter")
    for name, value in fields.items():
        if screen.has("combobox", name):
            yield screen.select(name, value)
        else:
            yield screen.fill("textbox", name, value)
    yield screen.click("button", "Apply filters")


def sort_list(screen: Screen, order: str) -> Steps:
    """Sort a list that has a chooser of orders."""
    chooser = first(screen.all("button", _ORDER), "chooser of orders")
    if chooser.name != order:
        yield click(chooser)
        yield screen.click("link", order)


# --- people ---


def open_members(screen: Screen) -> Steps:
    yield from open_section(screen, "Project information", "Members")


def read_members(screen: Screen) -> Finding[list[Member]]:
    """The members of the project whose members page is open, the visitor too."""
    lines = yield from screen.read_all()
    rows = [cells(line) for line in lines if " | " in line]
    people = ((re.search(r'link "(.+?)(?: It\'s you)? @([\w.-]+)"$', row[0]), row) for row in rows)
    return [Member(found[1], found[2], row[3]) for found, row in people if found]


def invite(screen: Screen, people: Sequence[str], role: str) -> Steps:
    """On the members page, invite people, each by a name that finds nobody else, in one go."""
    yield screen.click("button", "Invite members")
    for person in people:
        yield screen.fill("textbox", "Username or email address", person, enter=True)
        yield screen.click("menuitem", person)
    options = screen.one("combobox", "Select a role").options
    yield screen.select("Select a role", first((one for one in options if one.lower() == role.lower()), role))
    yield screen.click("button", "Invite")


# --- new projects ---


def new_project(screen: Screen, name: str, *, visibility: str = "", template: str = "", readme: bool = True) -> Steps:
    """Make a project in one's own namespace; ``visibility`` empty leaves what is preset."""
    yield from screen.follow("link", "New project")
    yield screen.click("link", "Create from template" if template else "Create blank project")
    if template:
        lines = yield from screen.read_all()
        line = first((n for n, text in enumerate(lines) if text.startswith(f"{template} ")), f"template {template}")
        yield click(first((e for e in screen.elements if e.line == line), "button"))
    yield screen.fill("textbox", "Project name", name)
    if visibility:
        yield click(first(screen.all("radio", f"^{visibility}$"), visibility))
    box = screen.all("checkbox", "README")
    if box and box[0].is_("checked") != readme:
        yield click(box[0])
    yield screen.click("button", "Create project")
