"""What is inserted for an element of the map, wherever it comes from, and the classes that elements have."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

SEED = Path(__file__).parent.parent / "seed"
_PARTS = ("house_number", "street", "quarter", "city", "county", "state", "postcode")
POINT_KM = 0.04  # how far a shop or a house reaches


class Category(NamedTuple):
    """A class of elements. ``words`` are what people call it in a query; shares weigh it among generated places."""

    key: str
    value: str
    label: str
    words: tuple[str, ...]
    importance: float
    street_share: int
    town_share: int

    @property
    def name(self) -> str:
        return f"{self.key}/{self.value}"


@dataclass(slots=True)
class ElementSeed:
    """One element. ``object`` is its kind and id, such as ``node/123``; ``address`` has any of the parts of a display name.

    ``line`` are the ends of a street, None for all else.
    """

    object: str
    category: str
    name: str
    lat: float
    lon: float
    address: Mapping[str, str]
    tags: Mapping[str, str] = field(default_factory=dict)
    also: Sequence[str] = ()
    importance: float = 0.1
    km: float = POINT_KM
    fact: str | None = None
    country: str = "United States"
    line: tuple[float, float, float, float] | None = None

    @property
    def display_name(self) -> str:
        """Name, house number, street, quarter, city, county, state, postcode, country; nothing twice in a row."""
        parts = [self.name, *(self.address.get(part, "") for part in _PARTS), self.country]
        shown = [part for i, part in enumerate(parts) if part and (i == 0 or part != parts[i - 1])]
        return ", ".join(shown)

    def all_tags(self) -> dict[str, str]:
        """The tags an object page lists: class, name and address as well."""
        key, value = self.category.split("/")
        tags = {"name": self.name, **self.tags}
        if key == "place" and value in ("state", "county"):
            tags |= {"boundary": "administrative", "admin_level": "4" if value == "state" else "6"}
        elif key == "place" and self.object.startswith("relation/"):
            tags = {"boundary": "administrative", "admin_level": "8", **tags}
        tags.setdefault(key, value)
        names = {
            "house_number": "addr:housenumber",
            "street": "addr:street",
            "city": "addr:city",
            "postcode": "addr:postcode",
        }
        if "street" in self.address and key != "highway":
            tags |= {tag: self.address[part] for part, tag in names.items() if self.address.get(part)}
        elif key == "place" and value != "state" and self.address.get("county"):
            tags["is_in"] = f"{self.address['county']}, {self.address.get('state', '')}, {self.country}"
        if self.also:
            tags.setdefault("alt_name", ";".join(self.also))
        return dict(sorted(tags.items()))


@functools.cache
def read_json(name: str) -> Any:
    """A file of ``seed/``; callers must not change it."""
    return json.loads((SEED / name).read_text(encoding="utf-8"))


@functools.cache
def categories() -> Mapping[str, Category]:
    """All classes by name, such as ``amenity/cafe``."""
    found = [Category(**{**entry, "words": tuple(entry["words"])}) for entry in read_json("categories.json")]
    return {category.name: category for category in found}


def table(name: str) -> list[list[str]]:
    """The rows of a text file of ``seed/`` with bars between the cells; lines with a hash are for readers."""
    lines = (SEED / name).read_text(encoding="utf-8").splitlines()
    return [line.split("|") for line in lines if line and not line.startswith("#")]
