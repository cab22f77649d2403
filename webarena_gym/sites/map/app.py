"""The map's route table."""

from __future__ import annotations

import functools
from pathlib import Path

from flask import Flask

from ..base import Route, make_app, session_cookie
from .routes import community, directions, elements, home, search, services, texts
from .routes.common import HIGHEST_ID, SESSION_COOKIE

FOLDER = Path(__file__).parent

ROUTES: list[Route] = [
    ("/", home.home),
    ("/go/<code>", home.short_link),
    ("/share", home.share),
    ("/key", home.key),
    ("/layers", home.layers),
    ("/export/picture.svg", home.picture),
    ("/static/<name>", home.static_file),
    ("/favicon.ico", home.favicon),
    ("/search", search.results),
    ("/whereami", texts.where_am_i),
    ("/query", search.query),
    ("/node/<int:osm_id>", elements.node),
    ("/way/<int:osm_id>", elements.way),
    ("/relation/<int:osm_id>", elements.relation),
    ("/<any(node, way, relation):kind>/<int:osm_id>/history", elements.history),
    ("/directions", directions.directions),
    ("/nominatim/search", services.nominatim_search),
    ("/nominatim/reverse", services.nominatim_reverse),
    ("/osrm/<service>/route/v1/<profile>/<coordinates>", services.osrm_route),
    ("/history", community.history),
    ("/changeset/<int:id>", community.changeset),
    ("/traces", community.traces),
    ("/traces/rss", community.traces_feed),
    ("/traces/tag/<tag>", community.traces),
    ("/diary", community.diary),
    ("/user/<mapper>", community.user),
    ("/user/<mapper>/history", community.user_history),
    ("/user/<mapper>/traces", community.traces),
    ("/user/<mapper>/traces/<int:id>", community.trace),
    ("/user/<mapper>/diary", community.diary),
    ("/user/<mapper>/diary/<int:id>", community.diary_entry),
    ("/note/new", community.new_note),
    ("/note/new", community.add_note, "POST"),
    ("/note/<int:id>", community.note),
    ("/about", texts.about),
    ("/copyright", texts.copyright),
    ("/help", texts.help),
    ("/welcome", texts.welcome),
    ("/fixthemap", texts.fixthemap),
    ("/export", texts.export),
    ("/api/0.6/map", texts.export_data),
    ("/edit", texts.edit),
    ("/login", texts.login),
    ("/login", texts.login_post, "POST"),
    ("/user/forgot-password", texts.forgot_password),
    ("/user/forgot-password", texts.forgot_password_post, "POST"),
    ("/user/new", texts.sign_up),
    ("/user/new", texts.sign_up_post, "POST"),
    ("/user/confirm", texts.confirm),
    ("/", home.fallback, "POST PUT PATCH DELETE"),
    ("/<path:path>", home.fallback),
    ("/<path:path>", home.fallback, "POST PUT PATCH DELETE"),
]


@functools.cache
def app() -> Flask:
    """The one app of this process; it holds no state."""
    routes = [(rule.replace("<int:", f"<int(max={HIGHEST_ID}):"), *rest) for rule, *rest in ROUTES]
    made = make_app("map", FOLDER, routes)
    made.after_request(session_cookie(SESSION_COOKIE))
    return made
