"""Ways from one point to another: figures from the listed ways or the road model, street names from the map."""

from __future__ import annotations

import functools
import itertools
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from ..geo import KM_PER_DEGREE, Point, distance_m
from ..roads import Length, Mode, Step, clock_time, model_length, reachable, steps, total_distance, waypoints
from ..seeding.seeds import read_json

_SAME_PLACE_M = 60  # a listed way counts for points this near its ends
_HIGHWAY_M, _HIGHWAY_FROM_M = 60_000, 12_000
_STREET_KM = 2.5
_UNNAMED = (
    "",
    "Main Street",
    "State Route 28",
    "Mill Road",
    "County Road 9",
    "Ridge Road",
    "Old Post Road",
    "River Road",
)


class Way(NamedTuple):
    """The answer to a request for directions."""

    start: Point
    goal: Point
    mode: Mode
    length: Length
    steps: Sequence[Step]


class Directions:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def way(self, start: Point, goal: Point, mode: Mode) -> Way | None:
        """None where no road leads."""
        if not (reachable(start) and reachable(goal)):
            return None
        length = self.length(start, goal, mode)
        points = waypoints(start, goal, length.metres)
        names = [
            self._street(point, mode, i > 0 and length.metres > _HIGHWAY_FROM_M) for i, point in enumerate(points[:-1])
        ]
        return Way(start, goal, mode, length, steps(points, names, length))

    def length(self, start: Point, goal: Point, mode: Mode) -> Length:
        """The figures of the listed way between these places, else those of the model."""
        span = _SAME_PLACE_M / 1000 / KM_PER_DEGREE
        rows = self._connection.execute(
            "SELECT * FROM listed_route WHERE from_lat BETWEEN ? AND ? AND mode = ?",
            (start.lat - span, start.lat + span, mode),
        )
        found = []
        for from_lat, from_lon, to_lat, to_lon, _, metres, seconds in rows:
            off = [distance_m(start, Point(from_lat, from_lon)), distance_m(goal, Point(to_lat, to_lon))]
            if max(off) <= _SAME_PLACE_M:
                found.append((sum(off), metres, seconds))
        if found:
            _, metres, seconds = min(found)
            return Length(metres, seconds)
        return model_length(start, goal, mode)

    def shown(self, start: Point, goal: Point, mode: Mode) -> tuple[str, int]:
        """Distance and minutes as the directions print them."""
        length = self.length(start, goal, mode)
        hours, _, minutes = clock_time(length.seconds).partition(":")
        return total_distance(length.metres), 60 * int(hours) + int(minutes)

    def _street(self, point: Point, mode: Mode, far: bool) -> str:
        """The name of the street at a point: a highway on long ways by car, else the nearest street."""
        if mode == "car" and far and (name := _nearest_highway(point)):
            return name
        rows = self._connection.execute(
            "SELECT name, lat, lon FROM element WHERE key = 'highway' AND value IN ('residential', 'secondary') "
            "AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",
            (point.lat - 0.022, point.lat + 0.022, point.lon - 0.03, point.lon + 0.03),
        )
        near = min(((distance_m(point, Point(lat, lon)), name) for name, lat, lon in rows), default=None)
        if near is not None and near[0] <= _STREET_KM * 1000:
            return near[1]
        return _UNNAMED[round(abs(point.lat + point.lon) * 1e5) % len(_UNNAMED)]


def _nearest_highway(point: Point) -> str:
    """The highway that passes nearest, empty if none is within reach."""
    high = _HIGHWAY_M / 1000 / KM_PER_DEGREE
    best, name = high, ""
    for highway, bends in _highways():
        for (lat, lon), (next_lat, next_lon) in itertools.pairwise(bends):
            if not (min(lat, next_lat) - high < point.lat < max(lat, next_lat) + high):
                continue
            away = _away(point, lat, lon, next_lat, next_lon)
            if away < best:
                best, name = away, highway
    return name


def _away(point: Point, lat: float, lon: float, next_lat: float, next_lon: float) -> float:
    """The distance of a point from a line in degrees of latitude, on the flat."""
    narrow = 0.75  # of a degree of longitude at these latitudes
    dx, dy = (next_lon - lon) * narrow, next_lat - lat
    x, y = (point.lon - lon) * narrow, point.lat - lat
    share = max(0.0, min(1.0, (x * dx + y * dy) / (dx * dx + dy * dy)))
    return ((x - share * dx) ** 2 + (y - share * dy) ** 2) ** 0.5


@functools.cache
def _highways() -> list[tuple[str, list[tuple[float, float]]]]:
    return [(road["name"], [tuple(bend) for bend in road["points"]]) for road in read_json("highways.json")]


def highways() -> Sequence[tuple[str, Sequence[tuple[float, float]]]]:
    """The names and bends of the highways, for drawing."""
    return _highways()
