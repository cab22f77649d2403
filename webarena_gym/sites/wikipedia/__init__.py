"""Kiwix: a replica of the encyclopedia that WebArena's tasks read. ``SITE`` is what the framework asks for.

Articles on what tasks ask for are written in ``seed/facts.json``; the others are made from facts about countries, states
and cities. Nobody signs in and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..base import Site
from .app import FOLDER, ORIGIN, app
from .articles import LANDING
from .build import build
from .store import WikipediaStore


def sign_in(store: WikipediaStore) -> Mapping[str, str]:
    """There are no accounts, so no cookies."""
    return {}


SITE = Site(
    name="wikipedia", origin=ORIGIN, base_url=f"{ORIGIN}{LANDING}", folder=FOLDER, app=app, build=build, store=WikipediaStore,
    sign_in=sign_in,
)  # fmt: skip
