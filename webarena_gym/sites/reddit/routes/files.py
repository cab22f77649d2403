"""The style sheet, pictures, and what no other route answers."""

from __future__ import annotations

from flask import Response, send_from_directory

from ..store import RedditStore
from .common import not_found

_CACHE_S = 3600


def static_file(store: RedditStore, name: str) -> Response:
    """GET /static/<name>."""
    return send_from_directory("static", name, max_age=_CACHE_S)


def submission_image(store: RedditStore, name: str) -> Response:
    """GET /submission_images/<name>."""
    found = store.image(name)
    if found is None:
        return not_found(store)
    content, media_type = found
    return Response(content, mimetype=media_type, headers={"Cache-Control": f"max-age={_CACHE_S}"})


def fallback(store: RedditStore, path: str = "") -> Response:
    """Anything no other route answers, posted or asked for."""
    return not_found(store)
