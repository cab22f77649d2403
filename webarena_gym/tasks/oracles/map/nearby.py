"""Tasks about what is near a place: which one is nearest, which ones are near enough."""

from __future__ import annotations

from collections.abc import Iterator

from ..screen import Finding, Oracle, OracleError, Screen, first, stop
from ..texts import number
from .pages import Result, Travel, Way, find, nearest, open_result, search, spoken, travel


def airports(screen: Screen) -> Iterator[str]:
    """1: the addresses of those airports whose way by car is short enough."""
    things, most_km, place = screen.parts_of_intent(
        r"all (.+?)s that are within a driving distance of (\d+) km to (.+)"
    )
    near = yield from within(screen, things, int(most_km), place)
    yield stop("\n".join(airport.address for airport in near) or "N/A")


def within(screen: Screen, things: str, most_km: int, place: str) -> Finding[list[Result]]:
    """What the search finds near a place and is so far by car at most."""
    found = yield from search(screen, f"{things} near {place}")
    near = []
    for one in found:
        way = yield from travel(screen, place, one.address, "Car")
        if way.metres <= most_km * 1000:
            near.append(one)
    return near


def hotel_and_supermarket(screen: Screen) -> Iterator[str]:
    """6: a hotel of a brand near an airport, and the shortest walk from it to a shop."""
    place, brand = screen.parts_of_intent(r"arrive (?:at )?(.+?) soon\. Provide the name of an? (.+?) in the vicinity")
    shop = screen.find_in_intent(r"to a (\w+) from the hotel")
    hotel = yield from find(screen, f"{brand} near {place}")
    shops = yield from search(screen, f"{shop} near {hotel.address}")
    _, way = yield from nearest(screen, shops, hotel.address, "Foot")
    yield stop(f"{hotel.name}: {way.distance}")


def reachable(screen: Screen) -> Iterator[str]:
    """7: whether the way by car takes no longer than asked."""
    what, hours, start = screen.parts_of_intent(r"if the (.+?) can be reached in (\w+) hour by car from (.+)")
    station = yield from find(screen, what)
    way = yield from travel(screen, start, station.address, "Car")
    yield stop("Yes" if way.minutes <= 60 * number(hours) else "No")


def walk_to_library(screen: Screen) -> Iterator[str]:
    """11: the shortest walk to one of those that an institution runs."""
    start, what, owner = screen.parts_of_intent(r"walk from (.+?) to a (\w+) at (.+?)\?")
    yield from find(screen, start)
    institution = yield from find(screen, owner)
    candidates = yield from search(screen, f"{owner} {what}")
    own = []
    for candidate in candidates[:4]:
        tags = yield from open_result(screen, candidate)
        if tags.get("operator") == institution.name:
            own.append(candidate)
    minutes = []
    for candidate in own:
        way = yield from travel(screen, start, candidate.address, "Foot")
        minutes.append(way.minutes)
    if not minutes:
        raise OracleError(f"{institution.name} runs no {what}")
    yield stop(spoken(min(minutes)))


def closest_cafe(screen: Screen) -> Iterator[str]:
    """12: the first result, as results near a place come by distance."""
    what, place = screen.parts_of_intent(r"closest (\w+)\(s\) to (.+)")
    result = yield from find(screen, f"{what} near {place}")
    yield stop(result.name)


def nearest_with_distance(screen: Screen) -> Iterator[str]:
    """24: the shortest walk to one of a class: where it is, and how far."""
    what, place = screen.parts_of_intent(r"the nearest (.+?) to (.+?), and")
    result, way = yield from on_foot(screen, what, place)
    yield stop(f"{', '.join([result.name, *_street_to_city(result.parts)])}: {way.distance}")


def on_foot(screen: Screen, what: str, place: str) -> Finding[tuple[Result, Way]]:
    """The one of a class with the shortest walk from a place."""
    found = yield from search(screen, f"{what} near {place}")
    return (yield from nearest(screen, found, place, "Foot", 2))


def hotels_within(screen: Screen) -> Iterator[str]:
    """52: the walks from hotels that take no longer than asked; the list shows the nearest first."""
    what, place, most = screen.parts_of_intent(r"nearby (\w+) to (.+?), that take at most (\d+) minutes")
    found = yield from search(screen, f"{what} near {place}")
    near = []
    for hotel in found:
        way = yield from travel(screen, hotel.address, place, "Foot")
        if way.minutes > int(most):
            break
        near.append(f"{hotel.name}: {way.distance}")
    yield stop("\n".join(near) or "N/A")


_METHODS: dict[str, Travel] = {"Walking": "Foot", "Driving": "Car", "Biking": "Bicycle"}


def post_office(screen: Screen) -> Iterator[str]:
    """53: one way, travelled in three ways."""
    place, what = screen.parts_of_intent(r"I am at (.+?), how long it takes to the nearest (.+?) with")
    office = yield from find(screen, f"{what} near {place}")
    lines = []
    for method, by in _METHODS.items():
        way = yield from travel(screen, place, office.address, by)
        lines.append(f"{method}: {spoken(way.minutes)}")
    yield stop("\n".join(lines))


def pharmacy(screen: Screen) -> Iterator[str]:
    """57: the nearest of a class that is a short walk away."""
    what, place, most = screen.parts_of_intent(r"the nearest (\w+) from (.+?) I can walk within (\d+)\s*mins")
    result, way = yield from on_foot(screen, what, place)
    if way.minutes > int(most):
        yield stop("N/A")
    yield stop(", ".join([result.name, *_street_to_city(result.parts)]))


def walk_to_closest(screen: Screen) -> Iterator[str]:
    """85: the length of the shortest walk to one of a name."""
    place, what = screen.parts_of_intent(r"distance between (.+?) and (\w+) \(")
    _, way = yield from on_foot(screen, what, place)
    yield stop(way.distance)


def office(screen: Screen) -> Iterator[str]:
    """91: the walk from one office to another, N/A where the search says that there is no such office."""
    place = screen.find_in_intent(r"arriving at (.+?)\.")
    what, other = screen.parts_of_intent(r"Find the nearby (.+?) and the walking distance to the nearest (.+?) from")
    found = yield from search(screen, f"{what} near {place}")
    if not found:
        screen.find("No results found")
        yield stop("N/A")
    start = first(found, what)
    goals = yield from search(screen, f"{other} near {start.address}")
    _, way = yield from nearest(screen, goals, start.address, "Foot", 2)
    yield stop(way.distance)


def hotel_and_supermarkets(screen: Screen) -> Iterator[str]:
    """92: a hotel of a brand near an airport, and the shops not too far from it by car."""
    place, brand = screen.parts_of_intent(r"arriving at (.+?)\. Show me the name of an? (.+?) if there is any nearby")
    shops, most = screen.parts_of_intent(r"the names of (\w+) that are within (\d+)\s*mins driving")
    hotel = yield from find(screen, f"{brand} near {place}")
    near = yield from short_drives(screen, hotel, shops, int(most))
    yield stop(f"{hotel.name}: {', '.join(near)}")


def short_drives(screen: Screen, start: Result, what: str, most_minutes: int) -> Finding[list[str]]:
    """The names of those of a class that are so many minutes by car away at most."""
    found = yield from search(screen, f"{what} near {start.address}")
    near: list[str] = []
    for one in found:
        way = yield from travel(screen, start.address, one.address, "Car")
        if way.minutes > most_minutes:
            break  # those that follow are farther
        near.append(one.name)
    return near


def _street_to_city(parts: list[str]) -> list[str]:
    """An address without what comes after the city."""
    end = next((i for i, part in enumerate(parts) if part.endswith(" County")), len(parts))
    return parts[:end]


ORACLES: dict[int, Oracle] = {
    1: airports,
    6: hotel_and_supermarket,
    7: reachable,
    11: walk_to_library,
    12: closest_cafe,
    24: nearest_with_distance,
    52: hotels_within,
    53: post_office,
    57: pharmacy,
    85: walk_to_closest,
    91: office,
    92: hotel_and_supermarkets,
}
NEAR_MISSES: dict[int, Oracle] = {}
