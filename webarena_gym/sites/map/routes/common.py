"""What handlers share: the frame around every page, engines of the directions, and requests that the real site's scripts make."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Response, g, render_template, request

from ....types import NetworkEvent
from ...base import hide_request, record, safe_referrer
from ..geo import MOST_ZOOM, Point, View, parse_point, parse_view
from ..roads import Mode
from ..seeding.seeds import read_json
from ..store import MapStore

ORIGIN = "http://map.test"
SESSION_COOKIE = "map_session"
ENGINE_COOKIE = "_osm_directions_engine"
HIGHEST_ID = 10**15
MAX_TEXT_CHARS = 2000


class Engine(NamedTuple):
    """A way to travel as addresses, the cookie, the list and the service name it."""

    code: str
    label: str
    mode: Mode
    service: str


ENGINES = (
    Engine("fossgis_osrm_bicycle", "Bicycle (OSRM)", "bike", "routed-bike"),
    Engine("fossgis_osrm_car", "Car (OSRM)", "car", "routed-car"),
    Engine("fossgis_osrm_foot", "Foot (OSRM)", "foot", "routed-foot"),
)
_BY_CODE = {engine.code: engine for engine in ENGINES} | {"fossgis_osrm_bike": ENGINES[0]}
CAR = ENGINES[1]


def chosen_engine() -> Engine:
    """The engine that the address names, else the cookie, else the car."""
    for code in (request.args.get("engine"), request.cookies.get(ENGINE_COOKIE)):
        if code in _BY_CODE:
            return _BY_CODE[code]
    return CAR


class Chrome(NamedTuple):
    """What the frame of a page shows beside the page's own content: what the map shows, and what is drawn on it.

    ``drawing`` is the end of the picture's address.
    """

    view: View
    drawing: str
    messages: list[Any]

    def zoomed(self, by: int) -> View:
        return self.view._replace(zoom=max(0, min(MOST_ZOOM, self.view.zoom + by)))

    @property
    def place(self) -> str:
        """The middle of the map, as addresses hold it."""
        return f"lat={self.view.lat:.5f}&lon={self.view.lon:.5f}"


def page(
    store: MapStore, template: str, status: int = 200, *, view: View | None = None, drawing: str = "", **context: Any
) -> Response:
    """A page within the site's frame. ``view`` is what the map shows, by default what the address asks for."""
    chrome = Chrome(view or asked_view(), drawing, store.take_flashes(request.cookies.get(SESSION_COOKIE)))
    return Response(render_template(template, chrome=chrome, **context), status, mimetype="text/html")


def not_found(store: MapStore) -> Response:
    """The 404 page. It never repeats what was asked for."""
    return page(
        store,
        "text.html",
        404,
        title="File not found",
        paragraphs=["There is no file, directory or page of that name on this server."],
    )


def asked_view() -> View:
    """The view that the address names (``lat``, ``lon``, ``zoom``, their forms with m, ``map``), else the site's own."""
    args = request.args
    if (named := parse_view(args.get("map", ""))) is not None:
        return named
    for prefix in ("m", ""):
        point = parse_point(f"{args.get(f'{prefix}lat', '')},{args.get(f'{prefix}lon', '')}")
        if point is not None:
            zoom = args.get("zoom", "12")
            return View(
                *point, min(MOST_ZOOM, int(zoom)) if zoom.isascii() and zoom.isdigit() and len(zoom) < 3 else 12
            )
    return View(**read_json("facts.json")["view"])


def asked_point() -> Point | None:
    """The point that ``lat`` and ``lon`` of the address name."""
    return parse_point(f"{request.args.get('lat', '')},{request.args.get('lon', '')}")


def by_script() -> None:
    """Leave this request out of the events where it came from one of the site's own pages.

    There the real site's scripts change the side bar and the address without a request for a document.
    """
    if safe_referrer(""):
        hide_request()


def script_call(path: str, answer: str, *, engine: Engine | None = None) -> None:
    """Record a request that a script of the real page makes, with the cookie that names the engine."""
    cookies = {name: value for name, value in request.cookies.items() if name != ENGINE_COOKIE}
    if engine is not None:
        cookies[ENGINE_COOKIE] = engine.code
    cookie = "; ".join(f"{name}={value}" for name, value in sorted(cookies.items()))
    record(
        NetworkEvent(
            method="GET",
            url=f"{ORIGIN}{path}",
            status=200,
            headers=(
                ("accept", "application/json"),
                ("referer", f"{ORIGIN}/"),
                *((("cookie", cookie),) if cookie else ()),
            ),
            response_headers=(("Content-Type", "application/json"),),
            response_body=answer,
        )
    )


def open_session(store: MapStore) -> str:
    """The visitor's session; a visitor who needs one gets it."""
    session = request.cookies.get(SESSION_COOKIE)
    if not store.has_session(session):
        session = g.new_session = g.get("new_session") or store.open_session(None)
    assert session is not None
    return session


def text_field(name: str, limit: int = MAX_TEXT_CHARS) -> str:
    """A posted text without white space around it, cut to ``limit`` characters; empty if it is missing."""
    return request.form.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()[:limit]


def whole_number(name: str, default: int, most: int) -> int:
    """A number of the address from 1 to ``most``; ``default`` if it is none."""
    text = request.args.get(name, "")
    return min(most, max(1, int(text))) if text.isascii() and text.isdigit() and len(text) < 10 else default
