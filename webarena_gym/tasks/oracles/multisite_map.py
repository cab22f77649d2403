"""Tasks over the map and another site, which says where to go."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from .encyclopedia import coordinates, infobox, look_up, section, table
from .home_page import visit
from .map.pages import Travel, find, open_result, search, spoken, travel
from .screen import Finding, Oracle, OracleError, Screen, first, goto, stop
from .shopping_admin.pages import go, narrow, open_row, read_rows

_ENCYCLOPEDIA, _ADMIN = "Wikipedia", "CMS"
_LEAGUES = {"NBA": "National Basketball Association"}


def distance_to_best_school(screen: Screen) -> Iterator[str]:
    """23: how far to drive to the school that a ranking has at the top for a subject and a state."""
    start, subject, state = screen.parts_of_intent(r"drive from (.+?) to the top (.+?) school in (.+)")
    map_page = yield from visit(screen, _ENCYCLOPEDIA)
    lines = yield from look_up(screen, f"rankings universities {subject} {state}")
    ranked = table(section(lines, subject, state), "Place in the state", "University", "City")
    best = min(ranked, key=lambda row: int(row["Place in the state"]))["University"]
    yield goto(map_page)
    way = yield from travel(screen, start, best, "Car")
    yield stop(way.distance)


def nearest_park(screen: Screen) -> Iterator[str]:
    """64: the park nearest to a place, and how long it takes to cycle there."""
    kind, place = screen.parts_of_intent(r"closest (.+?) to (.+?)\?")
    map_page = yield from visit(screen, _ENCYCLOPEDIA)
    lines = yield from look_up(screen, place)
    title = first((line[2:] for line in lines if line.startswith("# ")), "title")
    home = coordinates(infobox(lines)["Coordinates"])
    lines = yield from look_up(screen, f"list of {kind}s of the United States")
    parks = table(lines, "Park", "State or territory", "Coordinates")
    nearest = min(parks, key=lambda row: _degrees(home, coordinates(row["Coordinates"])))["Park"]
    park = nearest if kind in nearest.lower() else f"{nearest} {kind.title()}"
    yield goto(map_page)
    way = yield from travel(screen, title, park, "Bicycle")
    yield stop(f"{park}, {spoken(way.minutes)}")


def _degrees(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The angle between two places on the globe."""
    (here, east), (there, other_east) = (tuple(map(math.radians, place)) for place in (one, other))
    cosine = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(east - other_east)
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def crash_place(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """102: the page of the place where a flight came down. The near miss stops at the search results."""
    state, event = screen.parts_of_intent(r"place in (.+?) where a plane crashed during the (.+?) on the map")
    map_page = yield from visit(screen, _ENCYCLOPEDIA)
    lines = yield from look_up(screen, event)
    crashes = table(lines, "Flight", "Place of the crash", "State")
    where = first((row["Place of the crash"] for row in crashes if row["State"] == state), f"crash in {state}")
    place = where.rpartition(" near ")[2]
    yield goto(map_page)
    if right:
        result = yield from find(screen, f"{place}, {state}")
        yield from open_result(screen, result)
    else:
        yield from search(screen, f"{place}, {state}")
    yield stop()


def way_to_arena(screen: Screen, *, by: Travel = "Car") -> Iterator[str]:
    """155: the way to the arena of a city's team. The near miss is on foot."""
    start, city, league = screen.parts_of_intent(r"way from (.+?) to the home stadium of (\w+) home (\w+) team")
    map_page = yield from visit(screen, _ENCYCLOPEDIA)
    lines = yield from look_up(screen, _LEAGUES.get(league, league))
    teams = table(lines, "Team", "City", "Arena")
    team = first((row for row in teams if row["City"].split(", ")[0] == city), f"{league} team of {city}")
    yield goto(map_page)
    yield from travel(screen, start, f"{team['Arena']}, {city}", by)
    yield stop()


def way_to_customer(screen: Screen, *, by: Travel = "Car") -> Iterator[str]:
    """158: the way to the city where a customer of the shop lives. The near miss is on foot."""
    start, name = screen.parts_of_intent(r"from (.+?) to the city where my E-commerce customer (.+?) lives")
    map_page = yield from visit(screen, _ADMIN)
    city, state = yield from home_of(screen, name)
    yield goto(map_page)
    yield from travel(screen, start, f"{city}, {state}", by)
    yield stop()


def home_of(screen: Screen, customer: str) -> Finding[tuple[str, str]]:
    """City and state in a customer's first address."""
    yield from go(screen, "Customers", "All Customers")
    yield from narrow(screen, {"Name": customer})
    rows = yield from read_rows(screen, "Name", "Email")
    yield from open_row(screen, first((row for row in rows if row.cell("Name") == customer), customer), "Edit")
    yield from screen.follow("link", "Addresses")
    addresses = yield from read_rows(screen, "City", "State/Province")
    if not addresses:
        raise OracleError(f"{customer} has no address")
    return addresses[0].cell("City"), addresses[0].cell("State/Province")


ORACLES: dict[int, Oracle] = {
    23: distance_to_best_school,
    64: nearest_park,
    102: crash_place,
    155: way_to_arena,
    158: way_to_customer,
}
NEAR_MISSES: dict[int, Oracle] = {
    102: partial(crash_place, right=False),
    155: partial(way_to_arena, by="Foot"),
    158: partial(way_to_customer, by="Foot"),
}
