"""Directions between two points.

The real page is changed by scripts: the address without a request for a document, the way by a request to a routing service.
So the page itself leaves no event where it was reached from the site; the requests of the scripts are recorded instead.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlencode

from flask import Response, request

from ...base import hide_request, json_body, see_other
from ..geo import Point, View, distance_m, parse_point
from ..roads import Step, clock_time, step_distance, total_distance
from ..store import MapStore
from ..store.directions import Way
from ..store.search import MAX_QUERY_CHARS
from .common import ENGINE_COOKIE, ENGINES, Engine, by_script, chosen_engine, page, script_call
from .services import nominatim_answer, osrm_answer, osrm_path

NOT_FOUND = "Sorry - couldn't locate that place. Check the spelling, or try a shorter name."
NO_ROUTE = "Couldn't find a route between those two places."


class End(NamedTuple):
    """What one of the two boxes holds, and the point it stands for; None where nothing was found."""

    text: str = ""
    point: Point | None = None
    failed: bool = False


class Row(NamedTuple):
    number: int
    text: str
    distance: str


def directions(store: MapStore) -> Response:
    """GET /directions: the form; with ``route=lat,lon;lat,lon`` also the way.

    A sent form (``route_from``, ``route_to``) has its texts looked up and leads to the address with their coordinates. ``from``
    and ``to`` are points or texts to begin with.
    """
    engine = chosen_engine()
    by_script()
    if "route_from" in request.args or "route_to" in request.args:
        response = _look_up(store, engine)
    else:
        start, goal = _asked_ends(store)
        response = _show(store, engine, start, goal)
    if request.args.get("engine"):
        response.set_cookie(ENGINE_COOKIE, engine.code, path="/", samesite="Lax")
    return response


def _look_up(store: MapStore, engine: Engine) -> Response:
    ends = [_find(store, request.args.get(name, "")) for name in ("route_from", "route_to")]
    if any(end.failed for end in ends):
        return _show(store, engine, *ends)
    hide_request()
    return see_other(_address(engine, *ends))


def _find(store: MapStore, text: str) -> End:
    """A typed text looked up as the real page's script does."""
    text = " ".join(text.replace("\0", "").split())[:MAX_QUERY_CHARS]
    if not text:
        return End()
    element = store.search.best(text)
    script_call(
        f"/nominatim/search?q={quote(text, safe='')}&format=json&limit=1",
        json_body(nominatim_answer(element) if element else []),
    )
    if element is None:
        return End(text, None, True)
    return End(element.display_name, element.point)


def _asked_ends(store: MapStore) -> tuple[End, End]:
    start, _, goal = request.args.get("route", "").partition(";")
    found = []
    for text, name in ((start, "from"), (goal, "to")):
        typed = request.args.get(name, "")
        point = parse_point(text) if text else parse_point(typed)
        found.append(_named(store, point) if point else _find(store, typed))
    return found[0], found[1]


def _named(store: MapStore, point: Point) -> End:
    """A point with the name of what is there, else its coordinates."""
    element = store.elements.reverse(point)
    return End(element.display_name if element else point.text, point)


def _address(engine: Engine, start: End, goal: End) -> str:
    if start.point is None and goal.point is None:
        return f"/directions?engine={engine.code}"
    route = ";".join(end.point.text if end.point else "" for end in (start, goal))
    return f"/directions?engine={engine.code}&route={quote(route, safe=',;-')}"


def _show(store: MapStore, engine: Engine, start: End, goal: End) -> Response:
    way, problem, drawing = None, "", ""
    if start.failed or goal.failed:
        problem = NOT_FOUND
    elif start.point and goal.point:
        way = store.directions.way(start.point, goal.point, engine.mode)
        problem = "" if way else NO_ROUTE
        path = osrm_path(engine, start.point, goal.point)
        script_call(path, json_body(osrm_answer(way)) if way else '{"code":"NoRoute"}', engine=engine)
        drawing = f"&route={start.point.text};{goal.point.text}"
    reverse = {"engine": engine.code}
    if start.point and goal.point:
        reverse["route"] = f"{goal.point.text};{start.point.text}"
    else:
        reverse |= {"route_from": goal.text, "route_to": start.text}
    return page(
        store,
        "directions.html",
        view=_view(start, goal),
        drawing=drawing,
        engines=ENGINES,
        engine=engine,
        start=start,
        goal=goal,
        reverse=f"/directions?{urlencode(reverse, safe=',;')}",
        problem=problem,
        distance=total_distance(way.length.metres) if way else "",
        time=clock_time(way.length.seconds) if way else "",
        rows=rows(way) if way else [],
    )


def _view(start: End, goal: End) -> View | None:
    points = [end.point for end in (start, goal) if end.point]
    if not points:
        return None
    middle = Point(sum(p.lat for p in points) / len(points), sum(p.lon for p in points) / len(points))
    across = distance_m(points[0], points[-1]) / 1000
    zoom = 16
    while zoom > 3 and across > 30 * 2 ** (11 - zoom):
        zoom -= 1
    return View(round(middle.lat, 5), round(middle.lon, 5), zoom)


def rows(way: Way) -> list[Row]:
    """The rows of the step table."""
    return [Row(i, instruction(step), step_distance(step.metres)) for i, step in enumerate(way.steps, 1)]


def instruction(step: Step) -> str:
    """A step in words.

    >>> instruction(Step(Point(0, 0), "Forbes Avenue", "turn", "sharp left", 1, 1))
    'Sharp left onto Forbes Avenue'
    """
    street = step.name or "unnamed road"
    match step.kind:
        case "depart":
            return f"Start on {street}"
        case "arrive":
            return "Reach destination"
        case "continue":
            return f"Continue on {street}"
    if step.modifier == "straight":
        return f"Continue straight onto {street}"
    if " " in step.modifier:
        return f"{step.modifier.capitalize()} onto {street}"
    return f"Turn {step.modifier} onto {street}"
