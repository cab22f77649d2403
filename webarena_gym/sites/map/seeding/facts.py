"""The facts of ``seed/facts.json``, or of a test that changed some, and the landmarks beside them as seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .seeds import POINT_KM, ElementSeed, categories, table

Facts = Mapping[str, Any]
_FIRST_LANDMARK, _FIRST_BORDER = 240_000_001, 310_000_001
_ADDRESS = ("house_number", "street", "quarter", "city", "county", "state", "postcode")


def fact_elements(facts: Facts) -> Iterator[ElementSeed]:
    """The places that tasks look for.

    Raises:
        ValueError: a place names an unknown class.
    """
    for key, place in facts["places"].items():
        if place["class"] not in categories():
            raise ValueError(f"the place {key!r} has the unknown class {place['class']!r}")
        area = facts["areas"][place["in"]] if "in" in place else {}
        yield ElementSeed(
            object=place["object"],
            category=place["class"],
            name=place["name"],
            lat=place["lat"],
            lon=place["lon"],
            address={part: (area | place)[part] for part in _ADDRESS if part in area or part in place},
            tags=place.get("tags", {}),
            also=place.get("also", ()),
            importance=place.get("importance", categories()[place["class"]].importance + 0.05),
            km=place.get("km", POINT_KM),
            fact=key,
        )


def landmarks(facts: Facts) -> Iterator[ElementSeed]:
    """Well-known places that no task asks for."""
    for number, row in enumerate(table("landmarks.txt")):
        name, category, lat, lon, area, house, street, quarter, postcode, km = row
        address = dict(facts["areas"].get(area) or zip(("state", "county", "city"), area.split(", "), strict=True))
        address |= {"house_number": house, "street": street, "quarter": quarter, "postcode": postcode}
        yield ElementSeed(
            object=f"way/{_FIRST_LANDMARK + 3 * number}",
            category=category,
            name=name,
            lat=float(lat),
            lon=float(lon),
            address=address,
            tags={"wikipedia": f"en:{name}"},
            importance=categories()[category].importance,
            km=float(km or POINT_KM),
        )


def states(facts: Facts) -> Iterator[ElementSeed]:
    """States and provinces, and the borders between them."""
    for name, state in facts["states"].items():
        country = state.get("country", "United States")
        yield ElementSeed(
            object=f"relation/{state['id']}",
            category="place/state",
            name=name,
            lat=state["lat"],
            lon=state["lon"],
            address={},
            tags={
                "ISO3166-2": f"{'US' if country == 'United States' else 'CA'}-{state['code']}",
                "population": str(state["people"]),
                "type": "boundary",
            },
            also=state.get("also", ()),
            importance=0.95 if country == "United States" else 0.8,
            km=state["km"],
            fact=f"state {name}",
            country=country,
        )
    for number, (one, other) in enumerate(facts["borders"]):
        a, b = facts["states"][one], facts["states"][other]
        abroad = a.get("country") != b.get("country")
        yield ElementSeed(
            object=f"way/{_FIRST_BORDER + 11 * number}",
            category="boundary/administrative",
            name=f"{one} – {other} border",
            lat=round((a["lat"] + b["lat"]) / 2, 7),
            lon=round((a["lon"] + b["lon"]) / 2, 7),
            address={},
            tags={"admin_level": "2" if abroad else "4", "border_type": "nation" if abroad else "state"},
            km=5,
            fact=f"border {one}/{other}",
        )


def members(facts: Facts) -> Iterator[tuple[str, str, str]]:
    """(relation, element, role) of all relations that facts give members; both by their fact's key."""
    for one, other in facts["borders"]:
        for name in (one, other):
            yield f"state {name}", f"border {one}/{other}", "outer"
    for relation, elements in facts["members"].items():
        for element in elements:
            yield relation, element, ""


def listed_routes(facts: Facts) -> Iterator[tuple[float, float, float, float, str, float, float]]:
    """The rows of ``listed_route``: ways with figures of their own, both directions unless one is told."""
    places = facts["places"]
    for route in facts["routes"]:
        ends = [(places[route[end]]["lat"], places[route[end]]["lon"]) for end in ("from", "to")]
        for mode in ("car", "bike", "foot"):
            if mode in route:
                metres, minutes = route[mode]
                for start, goal in (ends,) if route.get("one_way") else (ends, ends[::-1]):
                    yield *start, *goal, mode, metres, minutes * 60
