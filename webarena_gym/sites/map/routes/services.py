"""The JSON services behind the page: Nominatim (names to places and back) and OSRM (ways)."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from ...base import json_body
from ..geo import KM_PER_DEGREE, Point, bearing, degrees, parse_point, polyline
from ..store import MapStore
from ..store.directions import Way
from ..store.elements import Element
from ..store.search import MAX_QUERY_CHARS
from .common import ENGINES, Engine, asked_point, whole_number

_LICENCE = "Towns from GeoNames, CC BY 4.0; an embedded replica for research"
_MOST_RESULTS = 50
_MODES = {"car": "driving", "bike": "cycling", "foot": "walking"}


def nominatim_search(store: MapStore) -> Response:
    """GET /nominatim/search?q=..&format=json|jsonv2|geojson&limit=..&addressdetails=1."""
    text = request.args.get("q", "").replace("\0", "").strip()[:MAX_QUERY_CHARS]
    found, _ = store.search.find(text, whole_number("limit", 10, _MOST_RESULTS)) if text else ([], False)
    return _places(found)


def nominatim_reverse(store: MapStore) -> Response:
    """GET /nominatim/reverse?lat=..&lon=..&format=..: what is at a point."""
    point = asked_point()
    if point is None:
        return _json({"error": {"code": 400, "message": "Need coordinates lat and lon."}}, 400)
    element = store.elements.reverse(point)
    if element is None:
        return _json({"error": "Unable to geocode"})
    return _json(_place(element, details=True))


def _places(found: list[Element]) -> Response:
    details = request.args.get("addressdetails") == "1"
    places = [_place(element, details=details) for element in found]
    if request.args.get("format") == "geojson":
        features = [
            {"type": "Feature", "properties": place, "geometry": {"type": "Point", "coordinates": [e.lon, e.lat]}}
            for place, e in zip(places, found, strict=True)
        ]
        return _json({"type": "FeatureCollection", "licence": _LICENCE, "features": features})
    return _json(places)


def nominatim_answer(element: Element) -> list[dict[str, Any]]:
    """The answer to a search that finds this element."""
    return [_place(element, details=False)]


def _place(element: Element, *, details: bool) -> dict[str, Any]:
    high = element.km / KM_PER_DEGREE
    box = [element.lat - high, element.lat + high, element.lon - high * 1.3, element.lon + high * 1.3]
    place: dict[str, Any] = {
        "place_id": element.id,
        "licence": _LICENCE,
        "osm_type": element.kind,
        "osm_id": element.osm_id,
        "boundingbox": [degrees(value) for value in box],
        "lat": degrees(element.lat),
        "lon": degrees(element.lon),
        "display_name": element.display_name,
        "class": element.key,
        "type": element.value,
        "importance": element.importance,
    }
    if details:
        place["address"] = element.address
    return place


def osrm_route(store: MapStore, service: str, profile: str, coordinates: str) -> Response:
    """GET /osrm/<service>/route/v1/<profile>/<lon>,<lat>;<lon>,<lat>; the service says how to travel, not the profile."""
    engine = next((engine for engine in ENGINES if engine.service == service), None)
    points = [_lon_lat(text) for text in coordinates.split(";")]
    if engine is None or len(points) != 2 or points[0] is None or points[1] is None:
        return _json({"code": "InvalidQuery", "message": "Two coordinates are wanted, longitude first."}, 400)
    way = store.directions.way(points[0], points[1], engine.mode)
    if way is None:
        return _json({"code": "NoRoute", "message": "Impossible route between points"}, 400)
    return _json(osrm_answer(way))


def osrm_path(engine: Engine, start: Point, goal: Point) -> str:
    """The address of a request for a way; the numbers as they are stored."""
    ends = ";".join(f"{degrees(point.lon)},{degrees(point.lat)}" for point in (start, goal))
    return f"/osrm/{engine.service}/route/v1/driving/{ends}?overview=false&geometries=polyline&steps=true"


def osrm_answer(way: Way) -> dict[str, Any]:
    """What the service says of a way."""
    metres, seconds = round(way.length.metres, 1), round(way.length.seconds, 1)
    summary = ", ".join(dict.fromkeys(step.name for step in way.steps[1:-1] if step.name))
    leg = {"steps": _steps(way), "distance": metres, "duration": seconds, "summary": summary, "weight": seconds}
    ends = [
        {"hint": "", "distance": 0, "name": way.steps[i].name, "location": [point.lon, point.lat]}
        for i, point in ((0, way.start), (-1, way.goal))
    ]
    route = {"legs": [leg], "distance": metres, "duration": seconds, "weight_name": "routability", "weight": seconds}
    return {"code": "Ok", "routes": [route], "waypoints": ends}


def _steps(way: Way) -> list[dict[str, Any]]:
    found = []
    heading = 0
    for i, step in enumerate(way.steps):
        following = way.steps[min(i + 1, len(way.steps) - 1)].point
        towards = bearing(step.point, following) if step.kind != "arrive" else heading
        maneuver = {
            "type": step.kind,
            **({"modifier": step.modifier} if step.modifier else {}),
            "location": [step.point.lon, step.point.lat],
            "bearing_before": heading,
            "bearing_after": towards if step.kind != "arrive" else 0,
        }
        found.append(
            {"name": step.name, "distance": round(step.metres, 1), "duration": round(step.seconds, 1), "mode": _MODES[way.mode],
             "geometry": polyline([step.point, following]), "maneuver": maneuver, "weight": round(step.seconds, 1), "driving_side": "right"}
        )  # fmt: skip
        heading = towards
    return found


def _lon_lat(text: str) -> Point | None:
    lon, _, lat = text.partition(",")
    return parse_point(f"{lat},{lon}")


def _json(value: Any, status: int = 200) -> Response:
    return Response(json_body(value), status, mimetype="application/json")
