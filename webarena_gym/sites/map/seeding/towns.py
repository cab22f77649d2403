"""Cities, towns and villages of ``seed/towns.tsv`` (GeoNames), and the counties they lie in."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..geo import Point, distance_m
from ..words import STATES
from .seeds import SEED, ElementSeed

_CITY, _TOWN = 20_000, 2_500  # people
_FIRST_RELATION, _FIRST_NODE, _FIRST_COUNTY = 1_870_001, 153_400_001, 417_001
_OLD_COUNTIES = frozenset(("Litchfield", "Tolland", "Windham"))  # of Connecticut, whose counties gave way to regions


class Town(NamedTuple):
    """A populated place; ``people`` is its population."""

    name: str
    state: str
    county: str
    postcode: str
    lat: float
    lon: float
    people: int

    @property
    def km(self) -> float:
        """A radius at 900 people to the square kilometre."""
        return round(min(12.0, max(0.7, math.sqrt(self.people / 900 / math.pi))), 2)

    @property
    def address(self) -> dict[str, str]:
        return {"county": self.county, "state": self.state}


def read_towns() -> list[Town]:
    """All, in the order of the file."""
    rows = (line.split("\t") for line in (SEED / "towns.tsv").read_text(encoding="utf-8").splitlines())
    return [
        Town(
            name,
            STATES[state.lower()].title(),
            county_name(county, state),
            postcode,
            float(lat),
            float(lon),
            int(people),
        )
        for name, state, county, postcode, lat, lon, people in rows
    ]


def county_name(name: str, state: str) -> str:
    """A county as addresses write it.

    >>> county_name("Allegheny", "PA"), county_name("Baltimore (city)", "MD"), county_name("Capitol Region", "CT")
    ('Allegheny County', 'City of Baltimore', 'Capitol Planning Region')
    """
    if name.endswith(" (city)"):
        return f"City of {name.removesuffix(' (city)')}"
    if state == "CT" and name not in _OLD_COUNTIES:
        return f"{name.removesuffix(' Region').removesuffix(' Regional')} Planning Region"
    return f"{name} County"


def town_elements(towns: list[Town], facts: Mapping[str, Any]) -> Iterator[ElementSeed]:
    """The towns that no fact names already."""
    known = {
        (place["name"], place.get("state")) for place in facts["places"].values() if place["class"].startswith("place/")
    }
    for number, town in enumerate(towns):
        if (town.name, town.state) in known:
            continue
        size = "city" if town.people >= _CITY else "town" if town.people >= _TOWN else "village"
        object = f"node/{_FIRST_NODE + 7 * number}" if size == "village" else f"relation/{_FIRST_RELATION + 3 * number}"
        yield ElementSeed(
            object=object,
            category=f"place/{size}",
            name=town.name,
            lat=town.lat,
            lon=town.lon,
            address=town.address,
            tags={"population": str(town.people)},
            also=("New York", "NYC") if town.name == "New York City" else (),
            importance=round(min(0.89, 0.1 + 0.1 * math.log10(town.people)), 3),
            km=town.km,
        )


def county_elements(towns: list[Town]) -> Iterator[ElementSeed]:
    """The counties, each in the middle of its towns."""
    by_county: dict[tuple[str, str], list[Town]] = defaultdict(list)
    for town in towns:
        by_county[town.county, town.state].append(town)
    for number, ((county, state), found) in enumerate(sorted(by_county.items())):
        middle = Point(sum(town.lat for town in found) / len(found), sum(town.lon for town in found) / len(found))
        farthest = max(distance_m(middle, Point(town.lat, town.lon)) for town in found) / 1000
        yield ElementSeed(
            object=f"relation/{_FIRST_COUNTY + 5 * number}",
            category="place/county",
            name=county,
            lat=round(middle.lat, 5),
            lon=round(middle.lon, 5),
            address={"state": state},
            tags={"type": "boundary"},
            importance=0.5,
            km=round(max(5.0, 0.8 * farthest), 1),
        )
