"""A site of six pages on which the engines are tested: every kind of control, table, landmark and link."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

from flask import Flask, Response, render_template, request

from webarena_gym.sites.base import (
    BaseStore,
    BuildOptions,
    Site,
    create_base_tables,
    make_app,
    safe_referrer,
    see_other,
)  # fmt: skip

FOLDER = Path(__file__).parent
ORIGIN = "http://shopping.test"


class TinyStore(BaseStore):
    """Notes that a form adds."""

    def notes(self) -> list[sqlite3.Row]:
        return self.connection.execute("SELECT id, text, created FROM note ORDER BY id").fetchall()

    def add_note(self, text: str) -> None:
        self.connection.execute("INSERT INTO note (text, created) VALUES (?, ?)", (text, self.now().isoformat()))


def home(store: TinyStore) -> str:
    return render_template("home.html", notes=store.notes(), user=store.session_user(request.cookies.get("tiny")))


def controls(store: TinyStore) -> str:
    return render_template("controls.html", sent=list(request.args.items(multi=True)))


def tables(store: TinyStore) -> str:
    return render_template("tables.html", rows=int(request.args.get("rows", 3)))


def add_note(store: TinyStore) -> Response:
    store.add_note(request.form.get("text", ""))
    return see_other(safe_referrer("/"))


def echo(store: TinyStore) -> Response:
    pairs = [f"{name}={value!r}" for name, value in request.form.items(multi=True)]
    store.add_note(" ".join([*pairs, *(f"file {name}" for name in request.files)]))
    return see_other("/")


def plain(store: TinyStore) -> Response:
    return Response("first  line\n\n<b>second</b> é\n", mimetype="text/plain")


def picture(store: TinyStore) -> Response:
    return Response(b"<svg xmlns='http://www.w3.org/2000/svg'/>", mimetype="image/svg+xml")


def fails(store: TinyStore) -> str:
    raise RuntimeError("this page is broken")


def hop(store: TinyStore) -> Response:
    return see_other("/tables?rows=1")


def raw(store: TinyStore) -> str:
    """GET /raw: the page that a test wants."""
    return f"<html><head><title>Raw</title></head><body>{request.args['html']}</body></html>"


def leave(store: TinyStore) -> Response:
    """GET or POST /leave: a redirect out of the site."""
    return see_other(request.args["to"])


def file(store: TinyStore) -> Response:
    """GET /file: a file to keep, by its header or, with ``type``, by its type."""
    kind = request.args.get("type")
    named = {} if kind else {"Content-Disposition": "attachment; filename=table.txt"}
    return Response(b"a,b", mimetype=kind or "text/plain", headers=named)


ROUTES = [
    ("/", home),
    ("/controls", controls),
    ("/tables", tables),
    ("/note", add_note, "POST"),
    ("/echo", echo, "POST"),
    ("/plain.txt", plain),
    ("/picture.svg", picture),
    ("/fails", fails),
    ("/hop", hop),
    ("/raw", raw),
    ("/leave", leave, "GET POST"),
    ("/file", file),
]


def build(connection: sqlite3.Connection, options: BuildOptions) -> None:
    create_base_tables(connection, dt.datetime(2023, 6, 12, 10, 0))
    connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, created TEXT NOT NULL)")
    connection.execute("INSERT INTO note (text, created) VALUES ('first note', '2023-01-01')")


def sign_in(store: TinyStore) -> dict[str, str]:
    return {"tiny": store.open_session(7)}


_app: list[Flask] = []


def app() -> Flask:
    if not _app:
        _app.append(make_app("tiny", FOLDER, ROUTES))
    return _app[0]


SITE = Site(
    name="shopping", origin=ORIGIN, base_url=ORIGIN, folder=FOLDER, app=app, build=build, store=TinyStore, sign_in=sign_in
)  # fmt: skip


def find_tiny_site(name: str) -> Site:
    return SITE
