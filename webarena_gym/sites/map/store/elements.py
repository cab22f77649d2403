"""Elements of the map: by id, by place, with their members and nodes."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..geo import Point, box_around, distance_m
from ..seeding.seeds import categories

# Nodes of ways without a tag of their own are not stored: their ids say which way they belong to, and where they lie.
FIRST_UNTAGGED = 10_000_000_000
_NODES_A_WAY = 16
_CORNERS = 5
COLUMNS = "id, kind, osm_id, name, lat, lon, key, value, importance, km, display_name, address, names, tags, version, changeset_id"
_COUNTRYSIDE_KM = 30  # no place of a state that has towns here is farther from one
_WIDEST_TOWN_KM = 15  # only parks, counties and states reach farther
_POINT_KM = 0.1  # what reaches no farther is a thing, not an area
_NEAR_M = 45  # how far beside a shop a point still means the shop


class Element(NamedTuple):
    """A node, way or relation with a name. ``names`` holds its names as words, one a line, its own first."""

    id: int
    kind: str
    osm_id: int
    name: str
    lat: float
    lon: float
    key: str
    value: str
    importance: float
    km: float
    display_name: str
    address_json: str
    names: str
    tags_json: str
    version: int
    changeset_id: int

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)

    @property
    def path(self) -> str:
        return f"/{self.kind}/{self.osm_id}"

    @property
    def label(self) -> str:
        """What it is, in words: "Cafe", "City Boundary"."""
        return categories()[f"{self.key}/{self.value}"].label

    @property
    def address(self) -> dict[str, str]:
        return json.loads(self.address_json)

    @property
    def tags(self) -> dict[str, str]:
        return json.loads(self.tags_json)


class WayNode(NamedTuple):
    """A node that only gives a way its shape."""

    osm_id: int
    point: Point


class Member(NamedTuple):
    element: Element
    role: str


class Elements:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def by_object(self, kind: str, osm_id: int) -> Element | None:
        """By kind (node, way, relation) and OpenStreetMap's id."""
        return self._one("kind = ? AND osm_id = ?", kind, osm_id)

    def by_fact(self, key: str) -> Element | None:
        """By its key in ``facts.json``: for tests and for checks of tasks, no page asks for it."""
        return self._one("fact = ?", key)

    def by_ids(self, ids: Iterable[int]) -> list[Element]:
        """In the order of the ids; ids of nothing are left out."""
        wanted = list(ids)
        marks = ",".join("?" * len(wanted))
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM element WHERE id IN ({marks})", wanted)
        found = {row[0]: Element(*row) for row in rows}
        return [found[id] for id in wanted if id in found]

    def at(self, point: Point) -> Element | None:
        """The element whose stored place this is, to the seventh decimal; the most important one of several."""
        tiny = 6e-8
        return self._one(
            "lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? ORDER BY id LIMIT 1",
            point.lat - tiny, point.lat + tiny, point.lon - tiny, point.lon + tiny,
        )  # fmt: skip

    def reverse(self, point: Point) -> Element | None:
        """What is at a point: the element stored there, else the nearest one beside it, else the smallest area around it.

        None where no area of the map reaches.
        """
        if (exact := self.at(point)) is not None:
            return exact
        inside = self._around(point)
        found = min(
            (hit for hit in inside if hit[0] <= max(_NEAR_M, hit[1] * 1000)),
            key=lambda hit: (max(hit[1], _NEAR_M / 1000), hit[0], hit[2]),
            default=None,
        )
        if found is None:
            found = min((hit for hit in inside if hit[1] < _WIDEST_TOWN_KM), default=None)
        if found is not None:
            return self.by_ids([found[2]])[0]
        areas = self._areas(point)
        return areas[0] if areas else None

    def enclosing(self, point: Point) -> list[Element]:
        """The areas around a point, the smallest first."""
        ids = [
            id
            for metres, km, id in sorted(self._around(point), key=lambda hit: hit[1])
            if km > _POINT_KM and metres < km * 1000
        ]
        return [*self.by_ids(ids), *self._areas(point)]

    def nearby(self, point: Point, metres: float, limit: int = 20) -> list[Element]:
        """What stands within ``metres``, the nearest first; areas are left out."""
        hits = sorted(
            (distance, id) for distance, km, id in self._around(point) if km <= _POINT_KM and distance <= metres
        )
        return self.by_ids(id for _, id in hits[:limit])

    def in_box(self, south: float, north: float, west: float, east: float, limit: int) -> list[Element]:
        """The most important elements of a box."""
        rows = self._connection.execute(
            "SELECT id FROM element INDEXED BY element_place WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? ORDER BY id LIMIT ?",
            (south, north, west, east, limit),
        )
        return self.by_ids(id for (id,) in rows)

    def _around(self, point: Point) -> list[tuple[float, float, int]]:
        """(metres, km of its reach, id) of what stands within a kilometre and of areas that may reach here.

        Counties and states are left out.
        """
        sql = "SELECT id, lat, lon, km FROM element WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? AND "
        rows = [
            *self._connection.execute(f"{sql} km <= ?", (*box_around(point, 1), _POINT_KM)),
            *self._connection.execute(
                f"{sql} km > ? AND km <= ? AND key != 'highway'",
                (*box_around(point, _WIDEST_TOWN_KM), _POINT_KM, _WIDEST_TOWN_KM),
            ),
        ]
        return [(distance_m(point, Point(lat, lon)), km, id) for id, lat, lon, km in rows]

    def _areas(self, point: Point) -> list[Element]:
        """The county and state around a point: those of the nearest town, else the states whose middle is near enough."""
        towns = self._connection.execute(
            "SELECT id, lat, lon FROM element WHERE key = 'place' AND value IN ('city', 'town', 'village') "
            "AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",
            box_around(point, _COUNTRYSIDE_KM),
        )
        _, nearest = min(((distance_m(point, Point(lat, lon)), id) for id, lat, lon in towns), default=(0.0, None))
        if nearest is not None:
            address = self.by_ids([nearest])[0].address
            county, state = address.get("county", ""), address.get("state", "")
            rows = self._connection.execute(
                "SELECT id, value FROM element WHERE key = 'place' AND "
                "(value = 'county' AND name = ? AND display_name LIKE ? OR value = 'state' AND name = ?) ORDER BY value",
                (county, f"{county}, {state}, %", state),
            )
            return self.by_ids(id for id, _ in rows)
        rows = self._connection.execute("SELECT id, lat, lon, km FROM element WHERE key = 'place' AND value = 'state'")
        hits = [(distance_m(point, Point(lat, lon)) / 1000 / km, id) for id, lat, lon, km in rows]
        share, state_id = min(hits, default=(math.inf, 0))
        return self.by_ids([state_id]) if share <= 1 else []

    # --- what elements are made of ---

    def members(self, relation: Element) -> list[Member]:
        rows = self._connection.execute(
            "SELECT element_id, role FROM member WHERE relation_id = ? ORDER BY position", (relation.id,)
        ).fetchall()
        roles = dict(rows)
        return [Member(element, roles[element.id]) for element in self.by_ids(roles)]

    def relations_of(self, element: Element) -> list[Member]:
        """The relations that an element is a member of, and its role in each."""
        rows = self._connection.execute(
            "SELECT relation_id, role FROM member WHERE element_id = ? ORDER BY relation_id", (element.id,)
        ).fetchall()
        roles = dict(rows)
        return [Member(relation, roles[relation.id]) for relation in self.by_ids(roles)]

    def nodes(self, way: Element) -> list[WayNode]:
        """The nodes of a way in order; a closed way ends with its first."""
        first = FIRST_UNTAGGED + way.id * _NODES_A_WAY
        points = self._shape(way)
        found = [WayNode(first + i, point) for i, point in enumerate(points)]
        return found if self._line(way) is not None else [*found, found[0]]

    def way_of_node(self, osm_id: int) -> tuple[Element, WayNode] | None:
        """The way that an untagged node gives its shape, and the node."""
        id, place = divmod(osm_id - FIRST_UNTAGGED, _NODES_A_WAY)
        way = self._one("id = ? AND kind = 'way'", id) if id > 0 else None
        if way is None:
            return None
        points = self._shape(way)
        return (way, WayNode(osm_id, points[place])) if place < len(points) else None

    def _line(self, way: Element) -> Sequence[float] | None:
        return self._connection.execute(
            "SELECT from_lat, from_lon, to_lat, to_lon FROM street WHERE element_id = ?", (way.id,)
        ).fetchone()

    def _shape(self, way: Element) -> list[Point]:
        line = self._line(way)
        if line is not None:
            steps = range(_CORNERS)
            return [
                Point(*(round(a + (b - a) * i / (_CORNERS - 1), 7) for a, b in zip(line[:2], line[2:], strict=True)))
                for i in steps
            ]
        shrink = math.cos(math.radians(way.lat))
        radius = way.km / 111.2
        turns = [2 * math.pi * i / _CORNERS for i in range(_CORNERS)]
        return [
            Point(round(way.lat + radius * math.sin(t), 7), round(way.lon + radius * math.cos(t) / shrink, 7))
            for t in turns
        ]

    def _one(self, condition: str, *values: object) -> Element | None:
        row = self._connection.execute(f"SELECT {COLUMNS} FROM element WHERE {condition}", values).fetchone()
        return None if row is None else Element(*row)
