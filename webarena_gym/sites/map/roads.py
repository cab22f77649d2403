"""The road model: one rule for every pair of points that no fact says otherwise about.

A way is longer than the great circle by a factor for each engine, a smaller one for what a car drives beyond 100 km. Its time
is a concave function of its length: the first kilometres by car are slow streets, the rest ever faster roads; bicycles and
feet keep one speed. A concave function of a distance that is 0 at 0 keeps the triangle inequality, so no detour over a third
point is ever shorter or faster than the way itself, but for rounding to metres and seconds. Beyond 1 km a car is faster than a
bicycle and a bicycle faster than a walk.

Ways that facts name (``seed/facts.json``, "routes") take their figures from there; ``LISTED_SLACK`` bounds how far those are
from the model, with the exceptions that the facts mark as "odd".
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from .geo import Point, bearing, between, distance_m

Mode = Literal["car", "bike", "foot"]
MODES: tuple[Mode, ...] = ("bike", "car", "foot")
DETOUR: dict[Mode, float] = {"car": 1.35, "bike": 1.3, "foot": 1.25}
_FAR_M, _FAR_DETOUR = 100_000, 1.17
LISTED_SLACK = 1.4  # figures of listed ways are within this factor of the model's
# (up to km of the way, km/h)
_SPEEDS: dict[Mode, tuple[tuple[float, float], ...]] = {
    "car": ((4, 30), (11, 45), (45, 70), (math.inf, 105)),
    "bike": ((math.inf, 15),),
    "foot": ((math.inf, 5),),
}
# What can be reached by road: the mainland of the United States and its neighbours' border regions.
_SOUTH, _NORTH, _WEST, _EAST = 24.0, 50.0, -125.0, -66.0


class Length(NamedTuple):
    metres: float
    seconds: float


class Step(NamedTuple):
    """One row of the directions: from ``point`` along the street ``name`` for ``metres`` and ``seconds``.

    ``kind`` and ``modifier`` are OSRM's words: depart, turn, continue, arrive; left, right, straight and so on.
    """

    point: Point
    name: str
    kind: str
    modifier: str
    metres: float
    seconds: float


def model_length(one: Point, other: Point, mode: Mode) -> Length:
    """The way between two points by the model, unrounded."""
    direct = distance_m(one, other)
    if mode == "car":
        metres = min(direct, _FAR_M) * DETOUR[mode] + max(0.0, direct - _FAR_M) * _FAR_DETOUR
    else:
        metres = direct * DETOUR[mode]
    return Length(metres, travel_s(metres, mode))


def travel_s(metres: float, mode: Mode) -> float:
    """How long a way of this length takes."""
    seconds = begun = 0.0
    for limit, speed in _SPEEDS[mode]:
        part = min(metres / 1000, limit) - begun
        if part <= 0:
            break
        seconds += part / speed * 3600
        begun = limit
    return seconds


def reachable(point: Point) -> bool:
    """Whether the model has roads there."""
    return _SOUTH <= point.lat <= _NORTH and _WEST <= point.lon <= _EAST


def waypoints(one: Point, other: Point, metres: float) -> list[Point]:
    """Where the steps of a way begin, its end included; more of them on a longer way, always the same for the same ends."""
    count = 1 if metres < 150 else min(12, 2 + int(math.sqrt(metres / 400)))
    draw = _draws(one, other)
    points = [one]
    side = max(-0.2, min(0.2, (draw[0] - 128) / 640))
    for i in range(1, count):
        straight = between(one, other, i / count)
        bend = side * math.sin(math.pi * i / count) + (draw[i % len(draw)] - 128) / 2560 / count
        points.append(
            Point(
                round(straight.lat + (other.lon - one.lon) * bend * 0.75, 7),
                round(straight.lon - (other.lat - one.lat) * bend, 7),
            )
        )
    return [*points, other]


def steps(points: Sequence[Point], names: Sequence[str], total: Length) -> list[Step]:
    """The rows of the directions over ``points``: one street name for each leg, figures that add up to ``total``."""
    legs = [max(1e-9, distance_m(a, b)) for a, b in itertools.pairwise(points)]
    whole = sum(legs)
    found, heading, last = [], 0, ""
    for i, (point, leg, name) in enumerate(zip(points, legs, names, strict=False)):
        towards = bearing(point, points[i + 1])
        share = leg / whole
        if i == 0:
            kind, modifier = "depart", ""
        else:
            modifier = turn(towards - heading, _draws(point, points[i + 1])[3])
            kind = "continue" if name == last else "turn"
        found.append(Step(point, name, kind, modifier, total.metres * share, total.seconds * share))
        heading, last = towards, name
    return [*found, Step(points[-1], names[-1] if names else "", "arrive", "", 0.0, 0.0)]


def turn(change: int, draw: int) -> str:
    """The word for a change of direction in degrees; where the line goes straight on, ``draw`` says how the street bends.

    >>> turn(80, 0), turn(-30, 0), turn(2, 9)
    ('right', 'slight left', 'straight')
    """
    change = (change + 180) % 360 - 180
    if abs(change) < 12:
        return ("straight", "left", "right")[draw % 3]
    size = "slight " if abs(change) < 40 else "" if abs(change) < 120 else "sharp "
    return size + ("right" if change > 0 else "left")


def _draws(one: Point, other: Point) -> bytes:
    """Bytes that depend on the two points alone."""
    return hashlib.sha256(f"{one.text};{other.text}".encode()).digest()


def total_distance(metres: float) -> str:
    """A way's length as the directions show it.

    >>> total_distance(653), total_distance(1410), total_distance(914000)
    ('653m', '1.4km', '914km')
    """
    if metres < 1000:
        return f"{_whole(metres)}m"
    return f"{_whole(metres / 100) / 10:.1f}km" if metres < 10_000 else f"{_whole(metres / 1000)}km"


def step_distance(metres: float) -> str:
    """A step's length: coarser, and nothing below 5 m.

    >>> step_distance(3), step_distance(143), step_distance(880), step_distance(4321), step_distance(18400)
    ('', '140m', '900m', '4.3km', '18km')
    """
    if metres < 5:
        return ""
    if metres < 200:
        return f"{_whole(metres / 10) * 10}m"
    if metres < 1500:
        return f"{_whole(metres / 100) * 100}m"
    return f"{_whole(metres / 100) / 10:.1f}km" if metres < 5000 else f"{_whole(metres / 1000)}km"


def clock_time(seconds: float) -> str:
    """Hours and minutes.

    >>> clock_time(780), clock_time(6300), clock_time(20)
    ('0:13', '1:45', '0:00')
    """
    minutes = _whole(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _whole(value: float) -> int:
    """Rounded half up, as scripts of the real site round."""
    return math.floor(value + 0.5)
