"""The search, and what is at a place."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request

from ...base import see_other
from ..geo import View
from ..store import MapStore
from ..store.elements import Element
from ..store.search import MAX_QUERY_CHARS
from .common import asked_point, by_script, page, whole_number

PAGE_SIZE = 10
_MOST_PAGES = 10
_NEARBY_M = 150


def results(store: MapStore) -> Response:
    """GET /search?query=...: a document of its own, as the real form asks for one."""
    text = request.args.get("query", "").replace("\0", "").strip()[:MAX_QUERY_CHARS]
    if not text:
        return see_other("/")
    number = whole_number("page", 1, _MOST_PAGES)
    found, more = store.search.find(text, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    return page(
        store,
        "search.html",
        view=view_of(found[0]) if found else None,
        drawing=f"&pin={found[0].point.text}" if found else "",
        query=text,
        found=found,
        more=f"/search?query={quote(text, safe='')}&page={number + 1}" if more and number < _MOST_PAGES else "",
    )


def query(store: MapStore) -> Response:
    """GET /query?lat=..&lon=..: what stands at a point, and which areas lie around it."""
    by_script()
    point = asked_point()
    if point is None:
        return page(store, "query.html", nearby=[], enclosing=[], asked=False)
    return page(
        store,
        "query.html",
        view=View(*point, 17),
        drawing=f"&pin={point.text}",
        nearby=store.elements.nearby(point, _NEARBY_M),
        enclosing=store.elements.enclosing(point),
        asked=True,
    )


def view_of(element: Element) -> View:
    """The view that shows an element whole."""
    zoom = 16
    for km, nearer in ((0.6, 15), (2, 14), (5, 12), (12, 11), (40, 9), (120, 7)):
        if element.km > km:
            zoom = nearer
    return View(element.lat, element.lon, zoom if element.km <= 300 else 5)
