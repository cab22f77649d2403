"""Pages of nodes, ways and relations, and their histories."""

from __future__ import annotations

from flask import Response

from ..geo import View, degrees
from ..store import MapStore
from ..store.elements import FIRST_UNTAGGED
from .common import page
from .search import view_of


def node(store: MapStore, osm_id: int) -> Response:
    """GET /node/<id>: also the nodes that only give ways their shape."""
    if osm_id >= FIRST_UNTAGGED:
        found = store.elements.way_of_node(osm_id)
        if found is None:
            return _no_element(store, "node")
        way, shape = found
        return page(
            store, "shape_node.html", view=View(*shape.point, 18), drawing=f"&pin={shape.point.text}", node=shape, way=way,
            location=f"{degrees(shape.point.lat)}, {degrees(shape.point.lon)}",
        )  # fmt: skip
    return _element(store, "node", osm_id)


def way(store: MapStore, osm_id: int) -> Response:
    """GET /way/<id>."""
    return _element(store, "way", osm_id)


def relation(store: MapStore, osm_id: int) -> Response:
    """GET /relation/<id>."""
    return _element(store, "relation", osm_id)


def _element(store: MapStore, kind: str, osm_id: int) -> Response:
    element = store.elements.by_object(kind, osm_id)
    if element is None:
        return _no_element(store, kind)
    return page(
        store,
        "element.html",
        view=view_of(element),
        drawing=f"&pin={element.point.text}",
        element=element,
        location=f"{degrees(element.lat)}, {degrees(element.lon)}",
        changeset=store.community.changeset(element.changeset_id),
        nodes=store.elements.nodes(element) if kind == "way" else [],
        members=store.elements.members(element) if kind == "relation" else [],
        relations=store.elements.relations_of(element),
    )


def history(store: MapStore, kind: str, osm_id: int) -> Response:
    """GET /<kind>/<id>/history: its versions, the newest first; only the newest one is kept whole."""
    element = store.elements.by_object(kind, osm_id) if kind in ("node", "way", "relation") else None
    if element is None:
        return _no_element(store, "element")
    return page(
        store, "element_history.html", view=view_of(element), drawing=f"&pin={element.point.text}", element=element,
        changeset=store.community.changeset(element.changeset_id),
    )  # fmt: skip


def _no_element(store: MapStore, kind: str) -> Response:
    """A page that does not repeat the number asked for."""
    return page(store, "text.html", 404, title="Not found", paragraphs=[f"Sorry, there is no such {kind}."])
