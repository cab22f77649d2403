"""Tasks about one place: its address, its tags, its page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..screen import Finding, Oracle, OracleError, Screen, click, first, stop
from .pages import find, open_exactly, open_result, read_tags, relations, search, ways_of


def zip_code(screen: Screen) -> Iterator[str]:
    """15: the postcode in an address."""
    result = yield from find(screen, screen.find_in_intent(r"zip code of (.+?)\?"))
    yield stop(first((part for part in result.parts if re.fullmatch(r"\d{5}", part)), "postcode"))


def bordering_states(screen: Screen) -> Iterator[str]:
    """20: the other relations of those borders of a state that are no border of the country."""
    neighbours = yield from neighbours_of(screen, screen.find_in_intent(r"border (.+?)\?"))
    yield stop(", ".join(neighbours))


def neighbours_of(screen: Screen, state: str) -> Finding[dict[str, int]]:
    """Names and relations' ids of the states that share a border with a state."""
    yield from open_exactly(screen, state)
    lines = yield from screen.read_all()
    page, neighbours = screen.url, dict[str, int]()
    for way in ways_of(lines):
        yield from screen.return_to(page)
        yield click(way)
        tags = yield from read_tags(screen)
        if tags.get("border_type") == "state":
            neighbours |= {name: id for name, id in relations(list(screen.lines)).items() if name != state}
    if not neighbours:
        raise OracleError(f"{state} has no border with another state")
    return neighbours


def coordinates(screen: Screen) -> Iterator[str]:
    """60: where a node lies."""
    query = screen.find_in_intent(r"coordinates of (.+?) in DD")
    result = yield from find(screen, query)
    yield from open_result(screen, result)
    yield stop(screen.find(r'Location: \[\d+\] link "(-?[\d.]+, -?[\d.]+)"')[1])


def phone_number(screen: Screen) -> Iterator[str]:
    """61: a tag of an object page, as it is dialled within the country."""
    result = yield from find(screen, screen.find_in_intent(r"phone number of (.+)"))
    tags = yield from open_result(screen, result)
    yield stop(re.sub(r"\D", "", tags["phone"].removeprefix("+1")))


def description_page(screen: Screen) -> Iterator[str]:
    """87: the page of an object."""
    yield from open_exactly(screen, screen.find_in_intent(r"page of (.+?) on Map"))
    yield stop()


def results_only(screen: Screen) -> Iterator[str]:
    """A near miss of 87: the results, with the page not opened."""
    yield from search(screen, screen.find_in_intent(r"page of (.+?) on Map"))
    yield stop()


def hotels_around(screen: Screen) -> Iterator[str]:
    """90: a search by class and place."""
    yield from _around(screen, "s")


def one_hotel_around(screen: Screen) -> Iterator[str]:
    """A near miss of 90: other words find the same, but are not what is asked for."""
    yield from _around(screen, "")


def _around(screen: Screen, plural: str) -> Iterator[str]:
    thing, place = screen.parts_of_intent(r"Find the (\w+) around (.+)")
    yield from search(screen, f"{thing}{plural} near {place}")
    yield stop()


ORACLES: dict[int, Oracle] = {
    15: zip_code,
    20: bordering_states,
    60: coordinates,
    61: phone_number,
    87: description_page,
    90: hotels_around,
}
NEAR_MISSES: dict[int, Oracle] = {
    87: results_only,
    90: one_hotel_around,
}
