"""What errands on the map are about: landmarks, towns and shops of the seed data that no official task speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit
from weakref import WeakKeyDictionary

from ..oracles.map.pages import Travel
from ..oracles.screen import Screen
from ..schema import MilestoneSpec, Progress
from .family import Family, Parameters, StoreOf

# As an intent words a way to travel: the engine's name in the list, the end of its code, and the store's word.
MODES: dict[str, tuple[Travel, str, str]] = {
    "by car": ("Car", "car", "car"),
    "by bicycle": ("Bicycle", "bicycle", "bike"),
    "on foot": ("Foot", "foot", "foot"),
}
# Words for classes that generated places have, as a query and an intent name one of them.
CLASSES = (
    "restaurant",
    "bar",
    "bakery",
    "bank",
    "gas station",
    "school",
    "dentist",
    "florist",
    "hardware store",
    "gym",
)

_LANDMARK = (
    "FROM element e WHERE e.fact IS NULL AND e.kind = 'way' AND e.key != 'highway' AND e.tags LIKE '%\"wikipedia\"%' "
    "AND e.name NOT LIKE '%Carnegie%' AND e.name NOT LIKE '%Airport%' "
    "AND e.name NOT IN (SELECT name FROM element WHERE fact IS NULL AND key = 'place')"
)
_TOWN = "FROM element e WHERE e.fact IS NULL AND e.key = 'place' AND e.value IN ('city', 'town')"
_SHOP = "FROM element e WHERE e.fact IS NULL AND e.kind = 'node' AND e.key != 'place'"
_KEPT: WeakKeyDictionary[Any, dict[str, list[int]]] = WeakKeyDictionary()
NO_NAMES = ("Zephyr", "Quokka", "Umbra", "Xylo", "Vortex", "Nimbus", "Obelisk", "Kraken")


def database(store: StoreOf) -> Any:
    return store("map").connection


def _ids(store: StoreOf, source: str) -> list[int]:
    """The ids of the elements of ``source``; no episode changes them, so they are looked up once for each store."""
    kept = _KEPT.setdefault(store("map"), {})
    if source not in kept:
        kept[source] = [id for (id,) in database(store).execute(f"SELECT e.id {source} ORDER BY e.id")]
    return kept[source]


def _count(store: StoreOf, source: str) -> int:
    return len(_ids(store, source))


def _nth(store: StoreOf, source: str, index: int) -> Any:
    return store("map").elements.by_ids([_ids(store, source)[index]])[0]


def landmark_count(store: StoreOf) -> int:
    return _count(store, _LANDMARK)


def landmark(store: StoreOf, index: int) -> Any:
    """The ``index``-th landmark; its name alone finds it."""
    return _nth(store, _LANDMARK, index)


def town_count(store: StoreOf) -> int:
    return _count(store, _TOWN)


def town(store: StoreOf, index: int) -> dict[str, Any]:
    """The ``index``-th town; ``town`` with its county and state finds it."""
    found = _nth(store, _TOWN, index)
    address = found.address
    return {
        "town": f"{found.name}, {address['county']}, {address['state']}",
        "name": found.name,
        "county": address["county"],
        "people": found.tags["population"],
        "path": found.path,
    }


def tagged(tag: str) -> str:
    """Shops with this tag."""
    return f"{_SHOP} AND e.tags LIKE '%\"{tag}\"%'"


def shop_count(store: StoreOf, source: str = _SHOP) -> int:
    return _count(store, source)


def shop(store: StoreOf, index: int, source: str = _SHOP) -> dict[str, Any]:
    """The ``index``-th shop, school and so on; ``place`` with its street and city finds it."""
    found = _nth(store, source, index)
    address, tags = found.address, found.tags
    return {
        "place": f"{found.name}, {address['house_number']} {address['street']}, {address['city']}",
        "postcode": address["postcode"],
        "phone": tags.get("phone", ""),
        "hours": tags.get("opening_hours", ""),
        "lat": found.lat,
        "lon": found.lon,
        "path": found.path,
        "address": found.display_name,
    }


def way_count(store: StoreOf) -> int:
    landmarks = landmark_count(store)
    return landmarks * (landmarks - 1) * len(MODES)


def way(store: StoreOf, index: int) -> dict[str, Any]:
    """A way between two landmarks: ``mode`` in words, distance and minutes as the directions print them."""
    rest, mode = divmod(index, len(MODES))
    count = landmark_count(store)
    first, step = divmod(rest, count - 1)
    start, goal = landmark(store, first), landmark(store, (first + 1 + step) % count)
    words = tuple(MODES)[mode]
    distance, minutes = store("map").directions.shown(start.point, goal.point, MODES[words][2])
    return {"start": start.name, "goal": goal.name, "mode": words, "distance": distance, "minutes": minutes}


# --- predicates ---


def path_of(progress: Progress) -> str:
    return urlsplit(progress.url).path.rstrip("/") or "/"


def path_is(path: str) -> Callable[[Progress], bool]:
    return lambda progress: path_of(progress) == path


def query_of(progress: Progress) -> dict[str, str]:
    """The last value of each parameter of the page's address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(progress.url).query).items()}


def searched(progress: Progress) -> bool:
    return path_of(progress) == "/search"


def shows_way(progress: Progress) -> bool:
    """A page of directions with a way on it."""
    return path_of(progress) == "/directions" and "Distance: " in progress.text


def shows_way_of(parameters: Parameters, mode: str | None = None) -> Callable[[Progress], bool]:
    """The directions between ``start`` and ``goal`` by the mode that the parameters, or ``mode``, name."""
    code = MODES[mode or parameters["mode"]][1]

    def reached(progress: Progress) -> bool:
        boxes = [line for line in progress.text.split("\n") if re.match(r'\[\d+\] textbox "(?:From|To)"', line)]
        names = [re.search(r'value="([^,"]*)', box) for box in boxes]
        return (
            shows_way(progress)
            and query_of(progress).get("engine", "").endswith(code)
            and [name[1] for name in names if name] == [parameters["start"], parameters["goal"]]
        )

    return reached


def numbers(text: str) -> list[str]:
    """
    >>> numbers("1h 45min")
    ['1', '45']
    """
    return re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))


def plain(text: str | None) -> str:
    """An answer without what surrounds it."""
    return " ".join((text or "").split()).strip(" .\"'").casefold()


def answered(text: str) -> Callable[[Progress], bool]:
    """The answer is this text."""
    return lambda progress: plain(progress.answer) == plain(text)


def found(parameters: Parameters, name: str, reached: Callable[[Progress], bool]) -> list[MilestoneSpec]:
    """The way to what an object's page says."""
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("object page", path_is(parameters["path"])),
        MilestoneSpec(name, reached),
    ]


# --- oracles ---


def quoted(screen: Screen) -> list[str]:
    """What stands in quotes in the intent."""
    return re.findall(r'"([^"]+)"', screen.intent)


def mode_in(screen: Screen) -> str:
    """The way to travel that the intent names."""
    return screen.find_in_intent(f"({'|'.join(MODES)})")


def map_family(
    name: str,
    wordings: Sequence[str],
    *,
    count: Callable[[StoreOf], int],
    parameters: Callable[[StoreOf, int], Parameters],
    **parts: Any,
) -> Family:
    """A family of the map alone."""
    return Family(name=name, sites=("map",), wordings=tuple(wordings), count=count, parameters=parameters, **parts)
