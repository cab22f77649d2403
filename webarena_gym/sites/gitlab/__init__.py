"""GitLab: a replica of WebArena's instance. ``SITE`` is what the framework asks for."""

from __future__ import annotations

from collections.abc import Mapping

from ..base import Site
from .app import FOLDER, app
from .build import build
from .routes.common import ORIGIN, SESSION_COOKIE
from .store import GitLabStore


def sign_in(store: GitLabStore) -> Mapping[str, str]:
    """A session of byteblaze, the user of all tasks."""
    return {SESSION_COOKIE: store.open_session(int(store.setting("user_id")))}


SITE = Site(
    name="gitlab", origin=ORIGIN, base_url=ORIGIN, folder=FOLDER, app=app, build=build, store=GitLabStore, sign_in=sign_in
)  # fmt: skip
