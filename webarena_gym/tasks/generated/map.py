"""Errands on the map: look-ups, pages to show, ways, a note, compositions of two to eleven actions, and some that cannot be done."""

from __future__ import annotations

from . import map_places, map_ways

FAMILIES = (*map_places.FAMILIES, *map_ways.FAMILIES)
