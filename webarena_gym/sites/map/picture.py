"""The map as a drawing: towns, streets, highways and places of a view, a marker, a way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from .geo import Point, View
from .seeding.seeds import POINT_KM
from .store.directions import highways
from .store.elements import Element, Elements

WIDTH, HEIGHT = 760, 560
_TILE = 256  # pixels of the whole world at zoom 0
_MOST_LAT = 85.0
_MOST_ELEMENTS = 160
_LABELS, _HALF_LETTER = 42, 3.4  # of labels: how many, and pixels of half a letter
_DOTS = {"amenity": "#b5651d", "shop": "#9c3fa0", "tourism": "#0a6ebd", "leisure": "#3c8f3c", "office": "#6a6a6a"}


def draw(elements: Elements, view: View, *, pin: Point | None = None, line: Sequence[Point] = ()) -> str:
    """An SVG document of ``WIDTH`` by ``HEIGHT``; ``line`` is a way through these points."""
    plane = _Plane(view)
    south, north, west, east = plane.box()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f2efe9"/>',
    ]
    for name, bends in highways() if view.zoom <= 13 else ():
        path = plane.path([Point(*bend) for bend in bends])
        parts.append(
            f'<path d="{path}" fill="none" stroke="#e892a2" stroke-width="{2 if view.zoom < 9 else 4}"><title>{name}</title></path>'
        )
    found = elements.in_box(south, north, west, east, _MOST_ELEMENTS)
    for element in found:
        parts.append(_shape(plane, element, elements))
    taken: list[tuple[float, float, float]] = []  # middle and half the width of each label
    for element in found:
        if element.value in ("state", "county") and view.zoom > 9:
            continue
        x, y = plane.at(element.point)
        half = len(element.name) * _HALF_LETTER
        if len(taken) < _LABELS and all(abs(x - a) > half + other or abs(y - b) > 14 for a, b, other in taken):
            taken.append((x, y, half))
            weight = ' font-weight="bold"' if element.key == "place" else ""
            parts.append(
                f'<text x="{x:.0f}" y="{y - 5:.0f}" text-anchor="middle"{weight} fill="#333">{escape(element.name)}</text>'
            )
    if line:
        parts.append(f'<path d="{plane.path(line)}" fill="none" stroke="#03f" stroke-opacity="0.5" stroke-width="7"/>')
    for point in [pin] if pin else [line[0], line[-1]] if line else []:
        x, y = plane.at(point)
        parts.append(f'<path d="M{x:.0f} {y:.0f}l-8 -20a8.5 8.5 0 1 1 16 0z" fill="#c33" stroke="#fff"/>')
    return "".join([*parts, "</svg>"])


def _shape(plane: _Plane, element: Element, elements: Elements) -> str:
    """A street as a line, a park or campus as an area, anything else as a dot; nothing for regions."""
    x, y = plane.at(element.point)
    if element.key == "highway":
        points = [node.point for node in elements.nodes(element)]
        return f'<path d="{plane.path(points)}" fill="none" stroke="#f7c99b" stroke-width="4"/>'
    if element.value in ("state", "county") or (element.key == "boundary" and element.value == "administrative"):
        return ""
    radius = plane.pixels(element)
    if element.key == "place":
        return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{max(2.5, min(60.0, radius)):.0f}" fill="#d9d0c9"/>'
    if radius > 6 and element.km > POINT_KM:
        return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="#c8dfa6" fill-opacity="0.7"/>'
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{_DOTS.get(element.key, "#555")}"/>'


class _Plane:
    """Mercator's projection of a view onto the drawing."""

    def __init__(self, view: View) -> None:
        self._scale = _TILE * 2**view.zoom
        self._x, self._y = self._world(Point(view.lat, view.lon))

    def _world(self, point: Point) -> tuple[float, float]:
        lat = math.radians(max(-_MOST_LAT, min(_MOST_LAT, point.lat)))
        y = (1 - math.log(math.tan(lat) + 1 / math.cos(lat)) / math.pi) / 2
        return (point.lon + 180) / 360 * self._scale, y * self._scale

    def at(self, point: Point) -> tuple[float, float]:
        x, y = self._world(point)
        return x - self._x + WIDTH / 2, y - self._y + HEIGHT / 2

    def path(self, points: Sequence[Point]) -> str:
        places = (self.at(point) for point in points)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)

    def pixels(self, element: Element) -> float:
        """How many pixels the element's reach is."""
        return element.km / (40_075 * math.cos(math.radians(element.lat))) * self._scale

    def box(self) -> tuple[float, float, float, float]:
        """South, north, west, east of what the drawing shows."""
        west, east = (((self._x + side * WIDTH / 2) / self._scale * 360) - 180 for side in (-1, 1))
        north, south = (
            math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (self._y + side * HEIGHT / 2) / self._scale))))
            for side in (-1, 1)
        )
        return south, north, west, east
