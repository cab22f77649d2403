"""A visitor of the map: searches, asks for directions, and checks the house rules of all that it sees."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from tests.sites.reader import Reader
from webarena_gym.engines.forms import urlencode
from webarena_gym.sites.world import World

ORIGIN = "http://map.test"
CODES = {"car": "fossgis_osrm_car", "bike": "fossgis_osrm_bicycle", "foot": "fossgis_osrm_foot"}


class Shown(NamedTuple):
    """What the directions panel says: the distance as it stands, minutes."""

    distance: str
    minutes: int


class Traveller(Reader):
    def __init__(self, world: World) -> None:
        super().__init__(world, ORIGIN)

    def search(self, query: str) -> list[str]:
        """The addresses of the results."""
        self.open(f"/search?{urlencode([('query', query)])}")
        return [name for name in self.names("link") if name.endswith(("United States", "Canada"))]

    def directions(self, start: str, goal: str, mode: str = "car") -> Shown:
        """Ask for a way between two places."""
        fields = [("engine", CODES[mode]), ("route_from", start), ("route_to", goal)]
        self.open(f"/directions?{urlencode(fields)}")
        return self.shown()

    def shown(self) -> Shown:
        found = re.search(r"Distance: ([\d.]+k?m)\. Time: (\d+):(\d\d)\.", self.text)
        assert found, self.text
        return Shown(found[1], 60 * int(found[2]) + int(found[3]))

    def json(self, path: str) -> Any:
        reply = self.get(path)
        assert reply.content_type == "application/json", reply
        return json.loads(reply.text)
