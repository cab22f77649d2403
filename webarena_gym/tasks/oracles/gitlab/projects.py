"""Tasks about projects: lists of them, their commits and contributors, how to clone them, stars."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from ..screen import Finding, Oracle, Screen, click, first, stop
from ..texts import number, short_date
from .pages import (
    commits_link,
    day_of,
    most_stars,
    open_found_project,
    open_listed,
    open_menu,
    open_own_project,
    open_section,
    open_tab,
    read_pages,
    read_projects,
    search,
)


class Commit(NamedTuple):
    author: str
    day: dt.date


class Contributor(NamedTuple):
    name: str
    commits: int


def public(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """62: the list that is narrowed to what is public. The near miss ends on another list of projects."""
    tabs = first((e.line for e in screen.all("link", r"^Your")), "tab")
    for name in [e.name for e in screen.all("link") if e.line == tabs]:
        yield from open_tab(screen, re.sub(r" [\d,]+$", "", name))
        if bool(re.search(r'Visibility:\s+\[\d+\] button "Public"', screen.text)) == right:
            break
    yield stop()


def contributed(screen: Screen) -> Iterator[str]:
    """43: of the projects that one contributed to, those with the most stars."""
    yield from open_menu(screen, "@")
    yield from open_tab(screen, "Contributed projects")
    found = yield from read_pages(screen, read_projects)
    best = most_stars(found)[0].stars
    yield stop(", ".join(project.name for project in found if project.stars == best))


def commits_on(screen: Screen) -> Iterator[str]:
    """34, 49: how many commits some people, known by a part of their names, made to a project on one day."""
    people, project, day = screen.parts_of_intent(r"did (.+?) make (?:to (\S+) )?on (\S+?)\?")
    if project:
        yield from open_own_project(screen, project)
    yield click(commits_link(screen))
    made = yield from _read_commits(screen, since=short_date(day))
    names = people.lower().split(" and ")
    count = sum(one.day == short_date(day) and any(n in one.author.lower().split() for n in names) for one in made)
    yield stop(str(count))


def _read_commits(screen: Screen, *, since: dt.date) -> Finding[list[Commit]]:
    """The commits of the list that shows, newest first, at least all since a day."""
    found: list[Commit] = []
    while True:
        lines = yield from screen.read_all()
        authored = (re.match(r"\[\d+\] link \"(.+?)\" authored (.+)", line) for line in lines)
        found += [Commit(match[1], day_of(match[2])) for match in authored if match]
        if found[-1].day < since or not screen.has("link", "Older"):
            return found
        yield screen.click("link", "Older")


def most_commits(screen: Screen) -> Iterator[str]:
    """73: who made the most commits to a project, whatever the addresses they were made from."""
    yield from open_found_project(screen, screen.find_in_intent(r"to the (.+) project$"))
    people = yield from _contributors(screen)
    yield stop(people[0].name)


def last_names(screen: Screen) -> Iterator[str]:
    """75: the last names of who made the most commits to a project."""
    count, project = screen.parts_of_intent(r"top (\w+) contributors to (\S+) repo")
    yield from open_found_project(screen, project)
    people = yield from _contributors(screen)
    yield stop(", ".join(person.name.split()[-1] for person in people[: number(count)]))


def _contributors(screen: Screen) -> Finding[list[Contributor]]:
    """Who committed to the project whose page is open, the most commits first."""
    yield from open_section(screen, "Repository", "Contributors")
    lines = yield from screen.read_all()
    counts: dict[str, int] = {}
    for heading, line in itertools.pairwise(lines):
        if found := re.fullmatch(r"([\d,]+) commits? \(\S+\)", line):
            name = heading.removeprefix("#### ")
            counts[name] = counts.get(name, 0) + int(found[1].replace(",", ""))
    people = [Contributor(name, commits) for name, commits in counts.items()]
    return sorted(people, key=lambda person: -person.commits)


def clone_address(screen: Screen) -> Iterator[str]:
    """71: how to clone the project on a topic that is in a language and has the most stars."""
    topic, language = screen.parts_of_intent(r"best (\w+) (\w+) implementation")
    yield from search(screen, topic)
    found = yield from read_pages(screen, read_projects)
    for project in most_stars(found):
        yield from open_listed(screen, project)
        if language.lower() in screen.text.lower():
            break
    yield screen.click("button", "Clone")
    yield stop(screen.one("textbox", screen.find_in_intent(r"(with \w+)")).value)


def star(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """122: star the projects with the most stars. The near miss leaves out the last of them."""
    count = number(screen.find_in_intent(r"top (\w+) most"))
    yield from open_tab(screen, "Explore")
    yield from open_tab(screen, "Most stars")
    found = yield from read_projects(screen)
    for project in found[: count if right else count - 1]:
        yield from open_listed(screen, project)
        if screen.all("button", r"^Star$"):  # else it is starred already
            yield screen.click("button", "Star")
    yield stop()


ORACLES: dict[int, Oracle] = {
    34: commits_on,
    43: contributed,
    49: commits_on,
    62: public,
    71: clone_address,
    73: most_commits,
    75: last_names,
    122: star,
}
NEAR_MISSES: dict[int, Oracle] = {62: partial(public, right=False), 122: partial(star, right=False)}
