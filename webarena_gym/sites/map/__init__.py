"""OpenStreetMap's website with Nominatim and OSRM: a replica of WebArena's map. ``SITE`` is what the framework asks for.

Where it differs from the real site, all for want of scripts:

- The side bar's contents are pages: directions, object pages, sharing and the map key have addresses of their own, and the
  directions' engine takes effect when "Go" is pressed.
- The map is a still drawing in the middle of which the page's subject lies; "Zoom In" and "Zoom Out" are links. What stands
  after the ``#`` in an address is not read, as no server sees it.
- Requests that the real site's scripts make (Nominatim for typed ends, OSRM for ways) are recorded as events, and requests for
  the directions page from within the site are none (``routes.directions``).

Towns are GeoNames'; other places are well-known ones or generated; ways follow one road model (``roads``).

Not covered: tiles, editing, notes and traces of one's own beyond a new note, confirmed accounts.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..base import Site
from .app import FOLDER, app
from .build import build
from .routes.common import ORIGIN
from .store import MapStore


def sign_in(store: MapStore) -> Mapping[str, str]:
    """Nobody has an account on the map."""
    return {}


SITE = Site(
    name="map", origin=ORIGIN, base_url=ORIGIN, folder=FOLDER, app=app, build=build, store=MapStore, sign_in=sign_in
)
