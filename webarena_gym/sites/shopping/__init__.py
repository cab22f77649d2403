"""One Stop Market: a replica of WebArena's storefront. ``SITE`` is what the framework asks for."""

from __future__ import annotations

from collections.abc import Mapping

from ..base import Site
from .app import FOLDER, app
from .build import build
from .routes.common import ORIGIN, SESSION_COOKIE
from .store import ShopStore


def sign_in(store: ShopStore) -> Mapping[str, str]:
    """A session of Emma Lopez, the customer of all tasks."""
    return {SESSION_COOKIE: store.open_session(int(store.setting("customer_id")))}


SITE = Site(
    name="shopping", origin=ORIGIN, base_url=ORIGIN, folder=FOLDER, app=app, build=build, store=ShopStore, sign_in=sign_in
)  # fmt: skip
