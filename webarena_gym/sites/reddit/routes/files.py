"""The style sheet, pictures, and what no other route answers."""

from __future__ import annotations

from flask import Response, request, send_from_directory

from ...base import hide_request
from ..store import RedditStore
from .common import not_found

_CACHE_S = 3600


def static_file(store: RedditStore, name: str) -> Response:
    """GET /static/<name>. No event of the episode."""
    hide_request()
    return send_from_directory("static", name, max_age=_CACHE_S)


def favicon(store: RedditStore) -> Response:
    """GET /favicon.ico: browsers ask for it on their own account."""
    return static_file(store, "logo.svg")


def submission_image(store: RedditStore, name: str) -> Response:
    """GET /submission_images/<name>. An event where it was opened, none where a page shows it."""
    if request.headers.get("Sec-Fetch-Dest") == "image":
        hide_request()
    found = store.image(name)
    if found is None:
        return not_found(store)
    content, media_type = found
    return Response(content, mimetype=media_type, headers={"Cache-Control": f"max-age={_CACHE_S}"})


def fallback(store: RedditStore, path: str = "") -> Response:
    """Anything no other route answers, posted or asked for."""
    return not_found(store)
