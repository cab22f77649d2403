"""Postmill: a replica of WebArena's forum. ``SITE`` is what the framework asks for."""

from __future__ import annotations

from collections.abc import Mapping

from ..base import Site
from .app import FOLDER, app
from .build import build
from .routes.common import ORIGIN, SESSION_COOKIE
from .store import RedditStore


def sign_in(store: RedditStore) -> Mapping[str, str]:
    """A session of the user of all tasks."""
    return {SESSION_COOKIE: store.open_session(int(store.setting("user_id")))}


SITE = Site(
    name="reddit", origin=ORIGIN, base_url=ORIGIN, folder=FOLDER, app=app, build=build, store=RedditStore, sign_in=sign_in,
    incidental_tables=frozenset({"draft"}),
)  # fmt: skip
