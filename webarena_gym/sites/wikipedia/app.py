"""The encyclopedia's route table and handlers."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from flask import Flask, Response, jsonify, render_template, request, send_from_directory

from ..base import Route, hide_request, make_app, see_other
from .articles import BOOK, BOOK_PATH, LANDING, LANDING_TITLE, path_of
from .store import MAX_QUERY_CHARS, WikipediaStore

FOLDER = Path(__file__).parent
ORIGIN = "http://wikipedia.test"
_RESULTS = 25
_CACHE_S = 3600


def library(store: WikipediaStore) -> Response:
    """GET /: the library with its one book."""
    return _page("library.html", count=store.count)


def landing(store: WikipediaStore) -> Response:
    """GET the book without a title: to its landing page."""
    return see_other(LANDING)


def article(store: WikipediaStore, title: str) -> Response:
    """GET /<book>/A/<title>: an article; another name of it is redirected. The 404 page does not repeat the title."""
    wanted = title.replace("_", " ").strip()
    if wanted == LANDING_TITLE:
        return _page("landing.html", topics=store.topics(), count=store.count)
    found = store.title_of(wanted)
    if found is None:
        return not_found(store)
    if found != wanted or " " in title:
        return see_other(path_of(found))
    return _page("article.html", title=found, body=store.body(found))


def search(store: WikipediaStore) -> Response:
    """GET /search: articles that hold the words of ``pattern``, 25 to a page from number ``start``."""
    pattern = request.args.get("pattern", "").replace("\0", "").strip()[:MAX_QUERY_CHARS]
    start = _start()
    count, hits = store.search(pattern, start, _RESULTS)
    if not hits:
        return _page("search.html", hits=[])  # what was not found is not repeated
    pages = [
        (number + 1, _search_path(pattern, number * _RESULTS), number * _RESULTS == start)
        for number in range(-(-count // _RESULTS))
        if abs(number * _RESULTS - start) <= 5 * _RESULTS
    ]
    return _page(
        "search.html", pattern=pattern, count=count, start=start, hits=hits, pages=pages if len(pages) > 1 else []
    )


def _start() -> int:
    text = request.args.get("start", "0")
    return int(text) // _RESULTS * _RESULTS if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _search_path(pattern: str, start: int) -> str:
    return "/search?" + urlencode({"content": BOOK, "pattern": pattern, "start": start})


def suggest(store: WikipediaStore) -> Response:
    """GET /suggest: titles that begin with ``term``, as JSON, and the offer to search the texts."""
    term = request.args.get("term", "").replace("\0", "")[:MAX_QUERY_CHARS]
    found = [
        {"value": title, "label": name, "kind": "path", "path": f"A/{title.replace(' ', '_')}"}
        for name, title in store.suggestions(term)
    ]
    return jsonify([*found, {"value": f"{term} ", "label": f"containing '{term}'...", "kind": "pattern"}])


def random(store: WikipediaStore) -> Response:
    """GET /random: to another article, which depends on the one that it was asked for on."""
    here = urlsplit(request.headers.get("Referer", "")).path
    title = unquote(here.rpartition("/A/")[2]).replace("_", " ") if here.startswith(BOOK_PATH) else None
    return see_other(path_of(store.title_after(title)))


def static_file(store: WikipediaStore, name: str) -> Response:
    """GET /skin/<name>: no event, as only some engines load pictures and style sheets."""
    hide_request()
    return send_from_directory("static", name, max_age=_CACHE_S)


def favicon(store: WikipediaStore) -> Response:
    """GET /favicon.ico: browsers ask for it on their own account."""
    return static_file(store, "icon.svg")


def not_found(store: WikipediaStore, path: str = "") -> Response:
    """The 404 page. It never repeats what was asked for."""
    return _page("404.html", 404)


def _page(template: str, status: int = 200, **context: Any) -> Response:
    html = render_template(template, **{"pattern": "", **context}, book=BOOK, landing=LANDING)
    return Response(html, status, mimetype="text/html")


ROUTES: list[Route] = [
    ("/", library),
    (BOOK_PATH, landing),
    (f"{BOOK_PATH}/A", landing),
    (f"{BOOK_PATH}/A/<path:title>", article),
    ("/search", search),
    ("/suggest", suggest),
    ("/random", random),
    ("/skin/<name>", static_file),
    ("/favicon.ico", favicon),
    ("/<path:path>", not_found),
    ("/<path:path>", not_found, "POST PUT PATCH DELETE"),
]


@functools.cache
def app() -> Flask:
    """The one app of this process; it holds no state."""
    made = make_app("wikipedia", FOLDER, ROUTES)
    made.jinja_env.filters["path"] = path_of
    return made
