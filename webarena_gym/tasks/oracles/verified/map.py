"""webarena-verified's questions about the map: places and ways as objects, states as relations."""

from __future__ import annotations

from collections.abc import Iterator

from ..map.nearby import on_foot, short_drives, within
from ..map.pages import Result, find
from ..map.places import neighbours_of
from ..screen import Oracle, OracleError, Screen, stop_with

# The parts of an address that questions ask for, by what it has them under.
_ADDRESS = ("name", "house_number", "street", "city", "state", "postcode")


def airports(screen: Screen) -> Iterator[str]:
    """1: name, state and postcode of those airports whose way by car is short enough."""
    things, most_km, place = screen.parts_of_intent(
        r"all (.+?)s that are within a driving distance of (\d+) km to (.+?)\."
    )
    near = yield from within(screen, things, int(most_km), place)
    found = [address_of(airport) for airport in near]
    yield stop_with([screen.keyed(*(one[part] for part in ("name", "state", "postcode"))) for one in found])


def bordering_states(screen: Screen) -> Iterator[str]:
    """20: the relations of the states around a state."""
    neighbours = yield from neighbours_of(screen, screen.find_in_intent(r"borders (.+?)\."))
    yield stop_with(list(neighbours.values()))


def nearest_with_distance(screen: Screen) -> Iterator[str]:
    """24: the shortest walk to one of a class: where it is, and how far."""
    what, place = screen.parts_of_intent(r"the nearest (.+?) to (.+?), and")
    result, way = yield from on_foot(screen, what, place)
    yield stop_with([screen.keyed(address_of(result), way.distance)])


def pharmacy(screen: Screen) -> Iterator[str]:
    """57: name and address of the nearest of a class that is a short walk away."""
    what, place, most = screen.parts_of_intent(r"the nearest (\w+) from (.+?) I can walk within (\d+)\s*mins")
    result, way = yield from on_foot(screen, what, place)
    yield stop_with([screen.keyed(*address_of(result).values())] if way.minutes <= int(most) else [])


def hotel_and_supermarkets(screen: Screen) -> Iterator[str]:
    """92: a hotel of a brand near an airport, and the shops not too far from it by car."""
    place, brand = screen.parts_of_intent(r"arriving at (.+?)\. Find if there is an? (.+?) nearby")
    shops, most = screen.parts_of_intent(r"the names of any (\w+) that are within (\d+) minutes driving")
    hotel = yield from find(screen, f"{brand} near {place}")
    near = yield from short_drives(screen, hotel, shops, int(most))
    yield stop_with([screen.keyed(hotel.name, near)])


def address_of(result: Result) -> dict[str, str]:
    """The parts of an address by their names, in their order. The city is what stands before the county.

    Raises:
        OracleError: the address has no county, or nothing behind it.
    """
    parts = result.parts
    county = next((i for i, part in enumerate(parts) if part.endswith(" County")), 0)
    if not 0 < county < len(parts) - 2:
        raise OracleError(f"no city, state and postcode in {result.address!r}")
    number = parts[0] if parts[0].isdigit() else ""
    values = (result.name, number, parts[bool(number)], parts[county - 1], parts[county + 1], parts[county + 2])
    return dict(zip(_ADDRESS, values, strict=True))


ORACLES: dict[int, Oracle] = {
    1: airports,
    20: bordering_states,
    24: nearest_with_distance,
    57: pharmacy,
    92: hotel_and_supermarkets,
}
NEAR_MISSES: dict[int, Oracle] = {}
