"""The home page's route table and handlers."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, render_template, request, send_from_directory

from ..base import SITE_URLS, Route, hide_request, make_app, see_other, session_cookie
from .calculator import ExpressionError, calculate
from .store import MAX_NOTE_CHARS, HomepageStore

FOLDER = Path(__file__).parent
ORIGIN = "http://homepage.test"
SESSION_COOKIE = "homepage_session"
_CACHE_S = 3600


def home(store: HomepageStore) -> Response:
    """GET /: a link to each site."""
    addresses = request.environ[SITE_URLS]
    return _page("home.html", sites=[(site, addresses[site.name]) for site in store.sites() if site.name in addresses])


def passwords(store: HomepageStore) -> Response:
    """GET /password.html: the account of each site that has one."""
    return _page("password.html", sites=[site for site in store.sites() if site.username is not None])


def calculator(store: HomepageStore) -> Response:
    """GET /calculator.html: the value of ``expression``, if one is sent."""
    expression = request.args.get("expression", "").replace("\0", "").strip()
    result = problem = ""
    if expression:
        try:
            result = calculate(expression)
        except ExpressionError as error:
            problem = str(error)
    return _page("calculator.html", expression=expression, result=result, problem=problem)


def scratchpad(store: HomepageStore) -> Response:
    """GET /scratchpad.html: what this visitor noted."""
    return _page("scratchpad.html", note=store.note(request.cookies.get(SESSION_COOKIE)))


def keep_note(store: HomepageStore) -> Response:
    """POST /scratchpad.html: keep ``note`` for this visitor."""
    session = request.cookies.get(SESSION_COOKIE)
    if session is None or not store.has_session(session):
        session = g.new_session = store.open_session(None)
    store.keep_note(session, request.form.get("note", "").replace("\0", "").replace("\r\n", "\n")[:MAX_NOTE_CHARS])
    return see_other("/scratchpad.html")


def static_file(store: HomepageStore, name: str) -> Response:
    """GET /static/<name>: no event, as only some engines load pictures and style sheets."""
    hide_request()
    return send_from_directory("static", name, max_age=_CACHE_S)


def favicon(store: HomepageStore) -> Response:
    """GET /favicon.ico: browsers ask for it on their own account."""
    return static_file(store, "icon.svg")


def not_found(store: HomepageStore, path: str = "") -> Response:
    """The 404 page. It never repeats what was asked for."""
    return _page("404.html", 404)


def _page(template: str, status: int = 200, **context: Any) -> Response:
    return Response(render_template(template, **context), status, mimetype="text/html")


ROUTES: list[Route] = [
    ("/", home),
    ("/index.html", home),
    ("/password.html", passwords),
    ("/calculator.html", calculator),
    ("/scratchpad.html", scratchpad),
    ("/scratchpad.html", keep_note, "POST"),
    ("/static/<name>", static_file),
    ("/favicon.ico", favicon),
    ("/<path:path>", not_found),
    ("/<path:path>", not_found, "POST PUT PATCH DELETE"),
]


@functools.cache
def app() -> Flask:
    """The one app of this process; it holds no state."""
    made = make_app("homepage", FOLDER, ROUTES)
    made.after_request(session_cookie(SESSION_COOKIE))
    return made
