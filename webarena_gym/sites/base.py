"""What a site is: a Flask app over one store, the image its data comes from, and how its user signs in.

A site package offers ``SITE: Site``. Its handlers take the store and the path's values and return a response; its route
table is a list. State lives in the store alone, never in the app, which all envs of a process share.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from flask import Blueprint, Flask, Response, g, redirect, request
from flask.templating import Environment
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from ..types import NetworkEvent, SiteName

STORE = "webarena_gym.store"
EVENTS = "webarena_gym.events"
EVALUATOR = "webarena_gym.evaluator"
HIDDEN = "webarena_gym.hidden"
HOST = "webarena_gym.host"  # which site is meant, where the Host header does not say so
SITE_URLS = "webarena_gym.site_urls"  # the addresses of the world's sites by name, for the page that links to them
FRAMEWORK_TABLES = frozenset({"site_clock", "site_session", "site_flash"})

Handler = Callable[..., Any]
Route = tuple[str, Handler] | tuple[str, Handler, str]  # rule, handler, methods such as "GET POST"


class Store(Protocol):
    """What the framework needs of a site's store; the rest is the site's own."""

    connection: sqlite3.Connection

    def tick(self) -> None: ...


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What a site image is built from besides its own code.

    ``scale`` multiplies the generated part of the data, never the facts that tasks need. ``references`` are texts that
    tasks quote and that are not ours to ship: task id -> quoted strings, read from the installed task file. ``facts``
    replace the site's own (``seed/facts.json``), for tests that an oracle reads a page rather than knows it.
    """

    scale: float = 1.0
    references: Mapping[int, Sequence[str]] | None = None
    facts: Mapping[str, Any] | None = None

    def key(self) -> str:
        """Equal for options that build equal images."""
        references = sorted((self.references or {}).items())
        return json.dumps([self.scale, references, self.facts], ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One embedded site.

    ``base_url`` is what the tasks' placeholder stands for; it may have a path (the admin's has ``/admin``). ``app`` is
    made once per process. ``sign_in(store)`` opens a session for the site's user and returns its cookies.
    ``incidental_tables`` change by looking around (visits, counts of searches) and are no change that a task could forbid.
    """

    name: SiteName
    origin: str
    base_url: str
    folder: Path
    app: Callable[[], Flask]
    build: Callable[[sqlite3.Connection, BuildOptions], None]
    store: Callable[[sqlite3.Connection], Store]
    sign_in: Callable[[Any], Mapping[str, str]]
    incidental_tables: frozenset[str] = frozenset()


class BaseStore:
    """The clock, sessions and flash messages that every site has. Tables come from ``create_base_tables``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def now(self) -> dt.datetime:
        """The site's clock, frozen between writes."""
        return dt.datetime.fromtimestamp(self.seconds(), dt.UTC).replace(tzinfo=None)

    def seconds(self) -> int:
        """The same in seconds since 1970, UTC, as some sites' tables hold it."""
        return self.connection.execute("SELECT now FROM site_clock").fetchone()[0]

    def timestamp(self) -> str:
        """The same as UTC text, as others hold it."""
        return str(self.now())

    def tick(self) -> None:
        """A second passes; the framework calls this once for every request that may write."""
        self.connection.execute("UPDATE site_clock SET now = now + 1")

    def setting(self, name: str) -> str:
        """A value fixed when the image was built, for sites with a table ``setting``; KeyError for an unknown name."""
        row = self.connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise KeyError(name)
        return row[0]

    def open_session(self, user_id: int | None) -> str:
        """A new session; its id counts up, so equal episodes have equal cookies."""
        cursor = self.connection.execute("INSERT INTO site_session (user_id) VALUES (?)", (user_id,))
        return f"s{cursor.lastrowid}"

    def session_user(self, session: str | None) -> int | None:
        """The signed-in user of a session, None for a guest, a closed or an unknown session."""
        row = self._session_row(session)
        return None if row is None else row["user_id"]

    def has_session(self, session: str | None) -> bool:
        return self._session_row(session) is not None

    def set_session_user(self, session: str, user_id: int | None) -> None:
        self.connection.execute("UPDATE site_session SET user_id = ? WHERE id = ?", (user_id, int(session[1:])))

    def _session_row(self, session: str | None) -> sqlite3.Row | None:
        if not session or not session.startswith("s") or not session[1:].isascii() or not session[1:].isdigit():
            return None
        if len(session) > 18:
            return None
        return self.connection.execute("SELECT user_id FROM site_session WHERE id = ?", (int(session[1:]),)).fetchone()

    def flash(self, session: str, text: str, kind: str = "success") -> None:
        """Leave a message for the next page of this session."""
        self.connection.execute(
            "INSERT INTO site_flash (session_id, kind, text) VALUES (?, ?, ?)", (int(session[1:]), kind, text)
        )

    def take_flashes(self, session: str | None) -> list[sqlite3.Row]:
        """The messages waiting for this session, oldest first; they are shown once."""
        if not self.has_session(session):
            return []
        assert session is not None
        rows = self.connection.execute(
            "SELECT kind, text FROM site_flash WHERE session_id = ? ORDER BY id", (int(session[1:]),)
        ).fetchall()
        if rows:
            self.connection.execute("DELETE FROM site_flash WHERE session_id = ?", (int(session[1:]),))
        return rows


def create_base_tables(connection: sqlite3.Connection, now: dt.datetime) -> None:
    """The tables of ``BaseStore``, with the clock at ``now`` (UTC, without zone)."""
    connection.execute("CREATE TABLE site_clock (now INTEGER NOT NULL)")
    connection.execute("INSERT INTO site_clock VALUES (?)", (int(now.replace(tzinfo=dt.UTC).timestamp()),))
    connection.execute("CREATE TABLE site_session (id INTEGER PRIMARY KEY, user_id INTEGER)")
    connection.execute(
        "CREATE TABLE site_flash (id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL)"
    )


def create_tables(connection: sqlite3.Connection, schema: Path) -> None:
    """Run the statements of an SQL file, one by one: ``executescript`` would commit."""
    statement = ""
    for line in schema.read_text(encoding="utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


class _Environment(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The app's globals as they are. Jinja lays a ChainMap over them, whose keys it walks for each template of a page."""
        return {**self.globals, **d} if d else self.globals


class _App(Flask):
    jinja_environment = _Environment


def make_app(name: str, folder: Path, routes: Sequence[Route]) -> Flask:
    """A Flask app with this route table, strict autoescaped templates from ``folder/templates`` and files from ``static``.

    A failing handler raises to the caller: a site's own failure must never look like a page.
    """
    app = _App(f"webarena_gym.sites.{name}", root_path=str(folder), static_folder=None)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.json.sort_keys = False
    app.config.update(PROPAGATE_EXCEPTIONS=True, MAX_CONTENT_LENGTH=4 << 20, MAX_FORM_MEMORY_SIZE=4 << 20)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.auto_reload = False
    app.jinja_options = {**app.jinja_options, "auto_reload": False}
    blueprint = Blueprint(name, app.import_name)
    for number, (rule, handler, *methods) in enumerate(routes):
        blueprint.add_url_rule(
            rule,
            endpoint=f"{handler.__name__}-{number}",
            view_func=_view(handler),
            methods=(methods[0] if methods else "GET").split(),
        )
    app.register_blueprint(blueprint)
    app.before_request(_before_request)
    return app


def _view(handler: Handler) -> Handler:
    def view(**values: Any) -> Any:
        return handler(current_store(), **values)

    return view


def current_store() -> Any:
    """The store of the world this request belongs to."""
    return request.environ[STORE]


def _before_request() -> Response | None:
    if request.method in ("GET", "HEAD"):
        return None
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return Response("cross-site post refused", 403, mimetype="text/plain")
    current_store().tick()
    return None


def session_cookie(name: str) -> Callable[[Response], Response]:
    """For ``after_request``: hands the session that a handler put into ``g.new_session`` to the visitor, as this cookie."""

    def handed(response: Response) -> Response:
        if session := g.get("new_session"):
            response.set_cookie(name, session, path="/", httponly=True, samesite="Lax")
        return response

    return handed


def see_other(location: str) -> Response:
    """302 to ``location``: how every form post is answered, so that going back never meets an expired post."""
    return redirect(location, 302)  # type: ignore[return-value]


def safe_referrer(default: str) -> str:
    """The page the request came from, if it is one of this site's, else ``default``."""
    referrer = request.headers.get("Referer", "")
    return referrer if referrer.startswith(f"{request.scheme}://{request.host}/") else default


def record(event: NetworkEvent) -> None:
    """Add an event that the real site's scripts would have sent (see ``NetworkEvent``)."""
    request.environ[EVENTS].append(event)


def hide_request() -> None:
    """Leave this request itself out of the events: the real site would not have sent it."""
    request.environ[HIDDEN] = True


def json_body(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


__all__ = [
    "EVALUATOR", "EVENTS", "FRAMEWORK_TABLES", "HIDDEN", "HOST", "SITE_URLS", "STORE", "BaseStore", "BuildOptions", "HTTPException", "Route", "Site", "Store",
    "create_base_tables", "create_tables", "current_store", "hide_request", "json_body", "make_app", "record", "safe_referrer", "see_other", "session_cookie",
]  # fmt: skip
