"""WebArena's home page: links to all sites, their accounts, a calculator and a scratch pad. ``SITE`` is for the framework."""

from __future__ import annotations

from collections.abc import Mapping

from ..base import Site
from .app import FOLDER, ORIGIN, app
from .build import build
from .store import HomepageStore


def sign_in(store: HomepageStore) -> Mapping[str, str]:
    """There are no accounts, so no cookies."""
    return {}


SITE = Site(
    name="homepage", origin=ORIGIN, base_url=ORIGIN, folder=FOLDER, app=app, build=build, store=HomepageStore, sign_in=sign_in,
    incidental_tables=frozenset({"note"}),
)  # fmt: skip
