"""Tasks about ways between places that the intent names. A place is looked up before the way to or from it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from ..screen import Oracle, Screen, stop
from .pages import Travel, find, spoken, travel

# Whose home town an intent asks for without naming it.
_HOME_TOWNS = {"Joe Biden": "Scranton, Pennsylvania"}


def two_modes(screen: Screen) -> Iterator[str]:
    """3: one way by car and on foot."""
    start, goal = screen.parts_of_intent(r"route from (.+?) to (.+)")
    yield from find(screen, start)
    by_car = yield from travel(screen, start, goal, "Car")
    on_foot = yield from travel(screen, start, goal, "Foot")
    yield stop(f"driving: {spoken(by_car.minutes)}\nwalking: {spoken(on_foot.minutes)}")


def best_order(screen: Screen) -> Iterator[str]:
    """16: the order of places after the first that takes least time by car."""
    places = re.findall(r"'([^']+)'", screen.intent)
    first, rest = places[0], places[1:]
    for place in rest:
        yield from find(screen, place)
    minutes: dict[tuple[str, str], int] = {}
    orders = [(first, *order) for order in itertools.permutations(rest)]
    for order in orders:
        for leg in itertools.pairwise(order):
            if leg not in minutes:
                way = yield from travel(screen, *leg, "Car")
                minutes[leg] = way.minutes
    best = min(orders, key=lambda order: sum(minutes[leg] for leg in itertools.pairwise(order)))
    yield stop(", ".join(best))


def walk_and_drive(screen: Screen) -> Iterator[str]:
    """18: one leg on foot, the next by car."""
    start, middle, goal = screen.parts_of_intent(r"walk from (.+?) to (.+?), and then drive to (.+?)\?")
    walk = yield from travel(screen, start, middle, "Foot")
    drive = yield from travel(screen, middle, goal, "Car")
    yield stop(f"{walk.minutes + drive.minutes} min")


def timed(pattern: str, by: Travel = "Car") -> Oracle:
    """How long the way between the two places of ``pattern`` takes."""

    def solve(screen: Screen) -> Iterator[str]:
        start, goal = screen.parts_of_intent(pattern)
        yield from find(screen, start)
        way = yield from travel(screen, start, goal, by)
        yield stop(spoken(way.minutes))

    return solve


def from_home_town(screen: Screen) -> Iterator[str]:
    """35: from somebody's home town."""
    person, goal = screen.parts_of_intent(r"between the hometown of (.+?) and (.+?)\?")
    town = _HOME_TOWNS[person]
    yield from find(screen, town)
    way = yield from travel(screen, town, goal, "Car")
    yield stop(spoken(way.minutes))


def show_directions(by: Travel) -> Oracle:
    """159: the directions on the screen."""

    def solve(screen: Screen) -> Iterator[str]:
        start, goal = screen.parts_of_intent(r"directions from (.+?) to (.+?) using driving")
        yield from travel(screen, start, goal, by)
        yield stop()

    return solve


ORACLES: dict[int, Oracle] = {
    3: two_modes,
    16: best_order,
    18: walk_and_drive,
    19: timed(r"my stay at (.+?), what's the estimated driving time to reach (.+?)\?"),
    35: from_home_town,
    38: timed(r"by car from (.+?) to (.+?)\?"),
    69: timed(r"from (.+?) to (.+?) by car"),
    159: show_directions("Car"),
}
NEAR_MISSES: dict[int, Oracle] = {
    159: show_directions("Foot"),
}
