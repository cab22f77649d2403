"""What each task's run must come to on a map of given facts, worked out from the facts and the road model alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise, permutations

from webarena_gym.sites.map.geo import Point, distance_m
from webarena_gym.sites.map.roads import Mode, model_length, total_distance

from ..mutations import Ending, Expectation, Facts

TEAS = ("fuku_tea", "de_fer", "rose_tea", "dobra_tea")
CMU_LIBRARIES = ("hunt_library", "sorrells_library")


def point(facts: Facts, key: str) -> Point:
    return Point(facts["places"][key]["lat"], facts["places"][key]["lon"])


def name(facts: Facts, key: str) -> str:
    return facts["places"][key]["name"]


def way(facts: Facts, start: str, goal: str, mode: Mode) -> tuple[str, int]:
    """Distance and minutes as the directions print them."""
    for route in facts["routes"]:
        ends = (route["from"], route["to"])
        if mode in route and ((start, goal) == ends or ((goal, start) == ends and not route.get("one_way"))):
            metres, minutes = route[mode]
            return total_distance(metres), int(minutes + 0.5)
    length = model_length(point(facts, start), point(facts, goal), mode)
    return total_distance(length.metres), int(length.seconds / 60 + 0.5)


def minutes_of(text: str) -> list[int]:
    """All times in a text, in minutes."""
    return [
        60 * int(hours or 0) + int(rest or 0)
        for hours, rest in re.findall(r"(?:(\d+)h)?\s*(?:(\d+)\s*min)?", text)
        if hours or rest
    ]


def nearest(facts: Facts, keys: Iterable[str], place: str) -> str:
    return min(keys, key=lambda key: distance_m(point(facts, key), point(facts, place)))


def nearest_on_foot(facts: Facts, keys: Iterable[str], place: str) -> str:
    return min(keys, key=lambda key: _metres(way(facts, place, key, "foot")[0]))


def _metres(distance: str) -> float:
    return float(distance.removesuffix("km")) * 1000 if distance.endswith("km") else float(distance.removesuffix("m"))


def takes(start: str, goal: str, mode: Mode = "car") -> Expectation:
    """The answer is how long a way takes."""
    return lambda facts, end: minutes_of(end.answer) == [way(facts, start, goal, mode)[1]]


def address(facts: Facts, key: str, end: Ending, *parts: str) -> bool:
    place = facts["places"][key]
    return all(place[part] in end.answer for part in ("name", *parts))


def airport(facts: Facts, end: Ending) -> bool:
    if _metres(way(facts, "cmu", "pit_airport", "car")[0]) > 50_000:
        return end.answer == "N/A"
    return address(facts, "pit_airport", end, "street", "postcode") and "\n" not in end.answer


def two_modes(facts: Facts, end: Ending) -> bool:
    wanted = [way(facts, "randyland", "cmu", mode)[1] for mode in ("car", "foot")]
    return minutes_of(end.answer) == wanted and end.answer.index("driving") < end.answer.index("walking")


def hotel_and_walk(facts: Facts, end: Ending) -> bool:
    walks = [way(facts, "doubletree", key, "foot")[0] for key in ("giant_eagle", "aldi")]
    return end.answer == f"{name(facts, 'doubletree')}: {min(walks, key=_metres)}"


def police(facts: Facts, end: Ending) -> bool:
    return end.answer == ("Yes" if way(facts, "gates", "police_zone_2", "car")[1] <= 60 else "No")


def library(facts: Facts, end: Ending) -> bool:
    return minutes_of(end.answer) == [min(way(facts, "museum_of_art", key, "foot")[1] for key in CMU_LIBRARIES)]


def cafe(facts: Facts, end: Ending) -> bool:
    return end.answer == name(facts, nearest(facts, ("de_fer", "allegro_cafe"), "hunt_library"))


def order(facts: Facts, end: Ending) -> bool:
    def total(places: tuple[str, ...]) -> int:
        return sum(way(facts, one, other, "car")[1] for one, other in pairwise(places))

    best = min((("mit", *rest) for rest in permutations(("harvard", "logan"))), key=total)
    return end.answer == ", ".join(name(facts, key) for key in best)


def walk_and_drive(facts: Facts, end: Ending) -> bool:
    both = way(facts, "mit", "harvard", "foot")[1] + way(facts, "harvard", "logan", "car")[1]
    return minutes_of(end.answer) == [both]


def neighbours(facts: Facts, end: Ending) -> bool:
    states = {name for border in facts["borders"] if "New Hampshire" in border for name in border}
    return set(end.answer.split(", ")) == states - {"New Hampshire", "Québec"}


def tea(facts: Facts, end: Ending) -> bool:
    key = nearest_on_foot(facts, TEAS, "pitt")
    return address(facts, key, end, "house_number", "street") and end.answer.endswith(
        f": {way(facts, 'pitt', key, 'foot')[0]}"
    )


def hotels(facts: Facts, end: Ending) -> bool:
    """From the nearest on; those behind the first one that is too far are not looked at."""
    found = []
    for key in sorted(
        ("wyndham", "oaklander", "hampton"), key=lambda k: distance_m(point(facts, k), point(facts, "gardner_steel"))
    ):
        distance, minutes = way(facts, key, "gardner_steel", "foot")
        if minutes > 5:
            break
        found.append(f"{name(facts, key)}: {distance}")
    return end.answer == ("\n".join(found) or "N/A")


def post_office(facts: Facts, end: Ending) -> bool:
    return minutes_of(end.answer) == [way(facts, "cmu", "usps_cmu", mode)[1] for mode in ("foot", "car", "bike")]


def pharmacy(facts: Facts, end: Ending) -> bool:
    key = nearest_on_foot(facts, ("schillers", "cvs_oakland"), "cmu")
    return address(facts, key, end, "house_number", "street", "quarter")


def cvs(facts: Facts, end: Ending) -> bool:
    return end.answer == way(facts, "cmu", "cvs_oakland", "foot")[0]


def coordinates(facts: Facts, end: Ending) -> bool:
    place = facts["places"]["apple_shadyside"]
    return end.answer == f"{place['lat']}, {place['lon']}"


def phone(facts: Facts, end: Ending) -> bool:
    return f"+1{end.answer}" == facts["places"]["west_penn"]["tags"]["phone"].replace(" ", "")


def supermarkets(facts: Facts, end: Ending) -> bool:
    near = [key for key in ("giant_eagle", "aldi") if way(facts, "hyatt", key, "car")[1] <= 15]
    return end.answer == f"{name(facts, 'hyatt')}: {', '.join(name(facts, key) for key in near)}"


EXPECTED: dict[int, Callable[[Facts, Ending], bool]] = {
    1: airport,
    3: two_modes,
    6: hotel_and_walk,
    7: police,
    11: library,
    12: cafe,
    15: lambda facts, end: end.answer == facts["places"]["chatham"]["postcode"],
    16: order,
    18: walk_and_drive,
    19: takes("homewood", "ppg_arena"),
    20: neighbours,
    24: tea,
    35: takes("scranton", "bridgeport"),
    38: takes("animal_rescue", "schenley_park"),
    52: hotels,
    53: post_office,
    57: pharmacy,
    60: coordinates,
    61: phone,
    69: takes("pittsburgh", "philadelphia"),
    85: cvs,
    92: supermarkets,
}
# Their intent names what to show; 91 finds nothing, which test_absence.py looks at.
NOTHING_READ = (87, 90, 159)
