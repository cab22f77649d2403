"""The map itself: the start page, short links, sharing, the key, the layers, the picture, files."""

from __future__ import annotations

from flask import Response, request, send_from_directory

from ...base import hide_request, see_other
from ..geo import parse_point, read_short_code, short_code
from ..picture import draw
from ..roads import waypoints
from ..seeding.seeds import categories
from ..store import MapStore
from .common import asked_view, by_script, not_found, page

_STATIC_CACHE_S = 3600
_LAYERS = ("Standard", "CyclOSM", "Cycle Map", "Transport Map", "Humanitarian")
_OVERLAYS = ("Map Notes", "Map Data", "Public GPS Traces")


def home(store: MapStore) -> Response:
    """GET /: the map. ``?mlat=..&mlon=..`` puts a marker."""
    marker = parse_point(f"{request.args.get('mlat', '')},{request.args.get('mlon', '')}")
    return page(store, "home.html", drawing=f"&pin={marker.text}" if marker else "")


def short_link(store: MapStore, code: str) -> Response:
    """GET /go/<code>: the view that a short link stands for."""
    view = read_short_code(code)
    if view is None:
        return not_found(store)
    return see_other(f"/?lat={view.lat}&lon={view.lon}&zoom={view.zoom}{view.fragment}")


def share(store: MapStore) -> Response:
    """GET /share: links to the view, short ones too, a frame to embed it, and its address for other programs."""
    by_script()
    view = asked_view()
    span = 180 / 2**view.zoom
    box = f"{view.lon - span:.4f}%2C{view.lat - span / 2:.4f}%2C{view.lon + span:.4f}%2C{view.lat + span / 2:.4f}"
    return page(
        store,
        "share.html",
        origin=request.host_url.rstrip("/"),
        link=f"/{view.fragment}",
        short=f"/go/{short_code(view)}",
        embed=f'<iframe width="425" height="350" src="/export/embed.html?bbox={box}&layer=mapnik"></iframe>',
        geo=f"geo:{view.lat:.5f},{view.lon:.5f}?z={view.zoom}",
    )


def key(store: MapStore) -> Response:
    """GET /key: what the map draws."""
    by_script()
    labels = sorted(
        {c.label for c in categories().values() if c.key in ("amenity", "shop", "tourism", "leisure", "highway")}
    )
    return page(store, "list.html", title="Map Key", items=labels)


def layers(store: MapStore) -> Response:
    """GET /layers: the layers there are; this map draws the first one only."""
    by_script()
    return page(store, "layers.html", layers=_LAYERS, overlays=_OVERLAYS)


def picture(store: MapStore) -> Response:
    """GET /export/picture.svg: the map as a drawing.

    No event, as only some engines load pictures and style sheets.
    """
    hide_request()
    pin = parse_point(request.args.get("pin", ""))
    ends = [parse_point(text) for text in request.args.get("route", "").split(";")]
    line = []
    if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
        line = waypoints(ends[0], ends[1], store.directions.length(ends[0], ends[1], "car").metres)
    svg = draw(store.elements, asked_view(), pin=pin, line=line)
    return Response(svg, mimetype="image/svg+xml", headers={"Cache-Control": f"max-age={_STATIC_CACHE_S}"})


def static_file(store: MapStore, name: str) -> Response:
    """GET /static/<name>: the style sheet and the logo. No event either."""
    hide_request()
    return send_from_directory("static", name, max_age=_STATIC_CACHE_S)


def favicon(store: MapStore) -> Response:
    """GET /favicon.ico: browsers ask for it on their own account."""
    return static_file(store, "logo.svg")


def fallback(store: MapStore, path: str = "") -> Response:
    """Anything no other route answers, posted or asked for."""
    return not_found(store)
