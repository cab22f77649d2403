"""The map's pages as its oracles read and walk them: search results, object pages, directions."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from ..screen import Element, Finding, OracleError, Screen, Steps, click, elements_of, first, quote, table_rows

Travel = Literal["Car", "Foot", "Bicycle"]


class Result(NamedTuple):
    """One search result. ``address`` is the whole text of its link, ``page`` the address of the list."""

    label: str
    name: str
    address: str
    link: Element
    page: str

    @property
    def parts(self) -> list[str]:
        """The address after the name, from the house number or street to the country."""
        return self.address.removeprefix(f"{self.name}, ").split(", ")


class Way(NamedTuple):
    """What the directions say: ``distance`` as it stands there, ``metres`` as far as that tells, ``minutes`` whole ones."""

    distance: str
    metres: int
    minutes: int


def search(screen: Screen, query: str) -> Finding[list[Result]]:
    """Search, and read the first page of results; empty if there are none."""
    if len(screen.all("textbox")) != 1:  # the directions have two, and no search
        yield screen.click("link", "OpenStreetMap")
    box = screen.all("textbox")[0]
    yield f"fill({box.id}, {quote(query)}, enter=True)"
    return (yield from _results(screen))


def _results(screen: Screen) -> Finding[list[Result]]:
    lines = yield from screen.read_all()
    start = next((i for i, line in enumerate(lines) if line.startswith("## ")), len(lines))
    found = []
    for line in lines[start:]:
        label, links = line.split("[")[0].strip(), elements_of([line])
        if label and len(links) == 1 and ", " in links[0].name:
            text = links[0].name
            found.append(Result(label, text.split(", ")[0], text, links[0], screen.url))
    return found


def find(screen: Screen, query: str) -> Finding[Result]:
    """The first result of a search.

    Raises:
        OracleError: nothing is found.
    """
    found = yield from search(screen, query)
    return first(found, query)


def open_result(screen: Screen, result: Result) -> Finding[dict[str, str]]:
    """Open a result's page, going back to the list first where another page shows; returns its tags."""
    yield from screen.return_to(result.page)
    yield click(result.link)
    return (yield from read_tags(screen))


def read_tags(screen: Screen) -> Finding[dict[str, str]]:
    """The tags on the object page that shows."""
    lines = yield from screen.read_all()
    return {row[0]: row[1] for row in table_rows(lines) if len(row) == 2}


def travel(screen: Screen, start: str, goal: str, by: Travel) -> Finding[Way]:
    """What the directions between two places, typed as they are given, say. The page stays open.

    Raises:
        OracleError: a place is not found, or there is no way.
    """
    if not screen.all("combobox", "Engine"):
        yield screen.click("link", "Find directions")
    engine = first((option for option in screen.one("combobox", "Engine").options if option.startswith(by)), by)
    changed = screen.one("combobox", "Engine").value != engine
    if changed:
        yield screen.select("Engine", engine)
    fields = [
        (name, text) for name, text in (("From", start), ("To", goal)) if screen.one("textbox", name).value != text
    ]
    for i, (name, text) in enumerate(fields):
        yield screen.fill("textbox", name, text, enter=i == len(fields) - 1)
    if changed and not fields:
        yield screen.click("button", "Go")
    return read_way(screen)


def read_way(screen: Screen) -> Way:
    """The line above the step table.

    Raises:
        OracleError: there is no way on the page.
    """
    summary = screen.find(r"Distance: ([\d.]+)(k?m)\. Time: (\d+):(\d\d)\.")
    metres = round(float(summary[1]) * (1000 if summary[2] == "km" else 1))
    return Way(summary[1] + summary[2], metres, 60 * int(summary[3]) + int(summary[4]))


def nearest(
    screen: Screen, results: list[Result], start: str, by: Travel, count: int = 3
) -> Finding[tuple[Result, Way]]:
    """The one of the first ``count`` results with the shortest way from ``start``; the list shows them by straight line.

    Raises:
        OracleError: there are no results.
    """
    ways = []
    for result in results[:count]:
        way = yield from travel(screen, start, result.address, by)
        ways.append((result, way))
    if not ways:
        raise OracleError(f"there is nothing to go to from {start}")
    return min(ways, key=lambda pair: (pair[1].metres, pair[1].minutes))


def open_exactly(screen: Screen, name: str) -> Steps:
    """Search for a name and open the first result that has exactly it.

    Raises:
        OracleError: no result has it.
    """
    found = yield from search(screen, name)
    result = first((result for result in found if result.name.lower() == name.lower()), name)
    yield from open_result(screen, result)


def spoken(minutes: int) -> str:
    """A time in words.

    >>> spoken(13), spoken(105), spoken(120), spoken(0)
    ('13min', '1h 45min', '2h', 'less than 1 minute')
    """
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours}h"] * bool(hours) + [f"{rest}min"] * bool(rest)
    return " ".join(parts) or "less than 1 minute"


def relations(lines: list[str]) -> dict[str, int]:
    """Names and ids of the relations that an object page says it is part of."""
    found = (re.search(r'link "Relation (.+) \((\d+)\)"', line) for line in lines)
    return {match[1]: int(match[2]) for match in found if match}


def ways_of(lines: list[str]) -> list[Element]:
    """The links to a relation's members that are ways."""
    return [elements_of([line])[0] for line in lines if re.match(r"Way \[\d+\] link", line)]
