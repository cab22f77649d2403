"""Generated places: shops, schools, hotels and so on along known streets, and along the streets of towns."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from ..geo import Point, distance_m
from .seeds import Category, ElementSeed, categories, read_json, table
from .towns import Town

_FIRST_STREET, _FIRST_PLACE = 520_000_001, 4_200_000_001
_PER_KM, _PER_TOWN_KM = 22, 12  # places on a kilometre of a known street and of a town's, at scale 1
_TOWN_STREETS = 2
_NEAR_KM, _PEOPLE_NEAR, _PEOPLE_FAR = (
    70,
    4_000,
    40_000,
)  # towns from this size on have streets, near Pittsburgh and far from it
_HOURS = ("Mo-Fr 08:00-18:00", "Mo-Sa 09:00-20:00", "Mo-Su 07:00-21:00", "Mo-Su 10:00-22:00", "24/7")
# What the first street of every town has.
_EVERYWHERE = (
    "leisure/park", "amenity/library", "amenity/post_office", "shop/supermarket", "amenity/pharmacy", "amenity/cafe", "tourism/hotel",
)  # fmt: skip
# Kinds that have a town's name, so that one for each street is enough.
_ONE_A_STREET = frozenset(
    (
        "amenity/library",
        "amenity/post_office",
        "amenity/police",
        "amenity/hospital",
        "amenity/bus_station",
        "amenity/cinema",
    )
)


class Street(NamedTuple):
    """A street from one end to the other, with the house numbers of the ends. ``main`` is the first one of a town."""

    name: str
    start: Point
    end: Point
    first_number: int
    last_number: int
    address: Mapping[str, str]
    town: str
    of_city: bool
    main: bool = False

    @property
    def km(self) -> float:
        return distance_m(self.start, self.end) / 1000


def streets(facts: Mapping[str, Any], towns: Sequence[Town]) -> Iterator[Street]:
    """Known streets, then those of towns."""
    known: set[str] = set()
    for row in table("streets.txt"):
        area, quarter, postcode, name, *numbers = row
        a, b, c, d = map(float, numbers[:4])
        address = {**facts["areas"][area], "quarter": quarter, "postcode": postcode, "street": name}
        known.add(address["city"])
        town = quarter or address["city"]
        yield Street(name, Point(a, b), Point(c, d), int(numbers[4]), int(numbers[5]), address, town, True)
    middle = Point(facts["places"]["pittsburgh"]["lat"], facts["places"]["pittsburgh"]["lon"])
    names = read_json("words.json")["town_streets"]
    for town in towns:
        near = distance_m(middle, Point(town.lat, town.lon)) < _NEAR_KM * 1000
        if town.people < (_PEOPLE_NEAR if near else _PEOPLE_FAR) or town.name in known:
            continue
        random = Random(f"map/streets/{town.name}/{town.county}/{town.state}")
        for name, angle in zip(random.sample(names, _TOWN_STREETS), (0.3, 1.7), strict=True):
            angle += random.uniform(-0.3, 0.3)
            north, east = 0.004 * math.sin(angle), 0.004 * math.cos(angle) / math.cos(math.radians(town.lat))
            ends = [Point(round(town.lat + side * north, 6), round(town.lon + side * east, 6)) for side in (-1, 1)]
            address = {"city": town.name, **town.address, "postcode": town.postcode, "street": name}
            yield Street(name, *ends, 1, 480, address, town.name, False, angle < 1)


def street_elements(found: Sequence[Street]) -> Iterator[ElementSeed]:
    """The streets themselves."""
    for number, street in enumerate(found):
        kind = "secondary" if street.of_city else "residential"
        address = {part: text for part, text in street.address.items() if part != "street"}
        yield ElementSeed(
            object=f"way/{_FIRST_STREET + 13 * number}",
            category=f"highway/{kind}",
            name=street.name,
            lat=round((street.start.lat + street.end.lat) / 2, 6),
            lon=round((street.start.lon + street.end.lon) / 2, 6),
            address=address,
            tags={"surface": "asphalt", "maxspeed": "25 mph"},
            importance=categories()[f"highway/{kind}"].importance,
            km=round(street.km / 2, 2),
            line=(*street.start, *street.end),
        )


def places(found: Sequence[Street], facts: Mapping[str, Any], scale: float) -> Iterator[ElementSeed]:
    """What stands along the streets; ``scale`` multiplies it. Nothing stands where the facts keep a class away."""
    reserved = [
        (rule["class"], Point(facts["places"][rule["near"]]["lat"], facts["places"][rule["near"]]["lon"]), rule["km"])
        for rule in facts["reserved"]
    ]
    number = 0
    for street in found:
        random = Random(f"map/places/{street.name}/{sorted(street.address.items())}")
        once: set[str] = set()
        for i in range(_places_on(street, scale)):
            wanted = _EVERYWHERE[i] if street.main and i < len(_EVERYWHERE) else ""
            place = _place(street, random, _FIRST_PLACE + 17 * number, wanted)
            here = Point(place.lat, place.lon)
            kept_away = any(
                kind == place.category and distance_m(here, middle) < km * 1000 for kind, middle, km in reserved
            )
            if kept_away or (place.category in _ONE_A_STREET and place.category in once):
                continue
            once.add(place.category)
            number += 1
            yield place


def _places_on(street: Street, scale: float) -> int:
    return max(1, round(street.km * (_PER_KM if street.of_city else _PER_TOWN_KM) * scale))


def _place(street: Street, random: Random, osm_id: int, wanted: str) -> ElementSeed:
    """A place of the class ``wanted``, of any if that is empty."""
    category = categories()[wanted] if wanted else _draw(random, street.of_city)
    words = read_json("words.json")
    share = random.random()
    aside = random.choice((-1, 1)) * 0.00018
    name = random.choice(words["names"][category.name]).format(
        first=random.choice(words["first"]), person=random.choice(words["people"]), saint=random.choice(words["saints"]),
        place=street.town, street=street.name, number=random.randrange(1, 40),
    )  # fmt: skip
    odd = 1 if aside > 0 else 0
    house = street.first_number + int((street.last_number - street.first_number) * share)
    tags = _tags(category, random)
    return ElementSeed(
        object=f"node/{osm_id}",
        category=category.name,
        name=name,
        lat=round(street.start.lat + (street.end.lat - street.start.lat) * share + aside, 7),
        lon=round(street.start.lon + (street.end.lon - street.start.lon) * share - aside / 2, 7),
        address={**street.address, "house_number": str(house - house % 2 + odd)},
        tags=tags,
        importance=round(category.importance + random.random() * 0.02, 4),
    )


def _tags(category: Category, random: Random) -> dict[str, str]:
    tags = {}
    if category.key in ("shop", "tourism") or category.value in (
        "restaurant",
        "cafe",
        "bar",
        "pub",
        "pharmacy",
        "fast_food",
    ):
        tags["opening_hours"] = random.choice(_HOURS)
        if random.random() < 0.4:
            tags["phone"] = f"+1 {random.choice((412, 617, 212, 215, 814))} 555 {random.randrange(100, 200):04d}"
        if random.random() < 0.3:
            tags["wheelchair"] = random.choice(("yes", "no", "limited"))
    if category.value == "restaurant":
        tags["cuisine"] = random.choice(
            ("american", "italian", "chinese", "indian", "mexican", "thai", "greek", "vietnamese")
        )
    if category.value == "hotel":
        tags["stars"] = str(random.randrange(2, 5))
    if category.value == "parking":
        tags |= {"fee": random.choice(("yes", "no")), "capacity": str(random.randrange(12, 400))}
    if category.value == "post_office":
        tags["operator"] = "USPS"
    return tags


def _draw(random: Random, of_city: bool) -> Category:
    found, weights = _weights(of_city)
    return random.choices(found, cum_weights=weights)[0]


@functools.cache
def _weights(of_city: bool) -> tuple[list[Category], list[int]]:
    """The classes of generated places and how often each comes, added up."""
    weights: list[int] = []
    found = [c for c in categories().values() if (c.street_share if of_city else c.town_share)]
    for category in found:
        weights.append((weights[-1] if weights else 0) + (category.street_share if of_city else category.town_share))
    return found, weights
