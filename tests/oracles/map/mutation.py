"""The map's facts changed at random: names, addresses, telephone numbers, coordinates, borders, lengths of ways.

What the tasks ask for stays well defined (there still is one hotel of each brand near the airport, a nearest cafe, ...), but
nearly every answer is another one. No task's reference is read here.
"""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from webarena_gym.sites.map.seeding.seeds import read_json

Facts = dict[str, Any]
_NAMES = "Ferndale, Quillon, Marlow, Tessera, Holloway, Brindle, Castor, Ondine, Peregrine, Sable, Tamsin, Verity, Wystan".split(
    ", "
)
CAFES = ("de_fer", "allegro_cafe")
TEAS = ("fuku_tea", "rose_tea", "dobra_tea")
PHARMACIES = ("schillers", "cvs_oakland")
HOTELS = ("wyndham", "oaklander", "hampton")
SUPERMARKETS = ("giant_eagle", "aldi")
STREETS = ("Linden Street", "Harvest Avenue", "Cobble Lane", "Tanner Street", "Foundry Way", "Sunrise Terrace")
BORDER_STATES = ("Massachusetts", "Vermont", "Maine")


def mutated_facts(seed: int) -> Facts:
    """Another map for each seed; on those of odd seeds the police station is more than an hour away."""
    random = Random(f"oracles/mutation/map/{seed}")
    facts: Facts = copy.deepcopy(read_json("facts.json"))
    _rename(facts["places"], random)
    _move(facts["places"], random)
    _change_ways(facts, random, far_police=seed % 2 == 1)
    _change_borders(facts, random)
    return facts


def _rename(places: Facts, random: Random) -> None:
    """Names, house numbers, streets, postcodes and telephone numbers of what tasks ask for."""
    names = random.sample(_NAMES, len(_NAMES))
    for key in CAFES:
        places[key]["name"] = f"{names.pop()} Coffee"
    for key in TEAS:
        places[key] |= {
            "name": f"{names.pop()} Tea",
            "house_number": str(random.randrange(100, 9000)),
            "street": random.choice(STREETS),
        }
    for key in PHARMACIES[:1]:
        places[key] |= {
            "name": f"{names.pop()} Pharmacy",
            "house_number": str(random.randrange(100, 9000)),
            "street": random.choice(STREETS),
            "quarter": random.choice(("Friendship", "Garfield", "Uptown")),
        }
    for key in HOTELS:
        places[key]["name"] = f"{names.pop()} Hotel"
    for key in SUPERMARKETS:
        places[key]["name"] = f"{names.pop()} Grocers"
    places["doubletree"]["name"] = f"Hilton {names.pop()} Airport"
    places["hyatt"]["name"] = f"Hyatt {names.pop()} Airport"
    places["chatham"]["postcode"] = f"152{random.randrange(40, 99)}"
    places["pit_airport"] |= {"street": random.choice(STREETS), "postcode": f"152{random.randrange(40, 99)}"}
    places["west_penn"]["tags"]["phone"] = f"+1 412 {random.randrange(200, 999)} {random.randrange(1000, 9999)}"


def _move(places: Facts, random: Random) -> None:
    for key in ("apple_shadyside", *CAFES):
        place = places[key]
        place["lat"] = round(place["lat"] + random.uniform(-0.002, 0.002), 7)
        place["lon"] = round(place["lon"] + random.uniform(-0.002, 0.002), 7)
    for one, other in ((CAFES[0], CAFES[1]), ("schillers", "cvs_oakland")):
        if random.random() < 0.5:  # each stands where the other stood
            for part in ("lat", "lon"):
                places[one][part], places[other][part] = places[other][part], places[one][part]


def _change_ways(facts: Facts, random: Random, *, far_police: bool) -> None:
    """Other lengths for all listed ways, drawn anew for each engine; and some for tasks that go by the model else."""
    for route in facts["routes"]:
        for mode, least, most in (("car", 1.3, 1.9), ("bike", 1.1, 1.6), ("foot", 1.2, 1.6)):
            if mode in route:
                factor = random.uniform(least, most)
                metres, minutes = route[mode]
                route[mode] = [round(metres * factor), round(minutes * factor) + 1]
    for route in facts["routes"]:  # so that either order may be the better one
        if "logan" in (route["from"], route["to"]):
            route["car"] = [route["car"][0], random.randrange(8, 36)]
    keep = {"wyndham": random.choice((3, 4, 7)), "oaklander": random.choice((2, 3, 5))}
    for route in facts["routes"]:
        if route["from"] in keep:
            minutes = keep[route["from"]]
            route["foot"] = [minutes * 80 + random.randrange(9), minutes]
    office = {mode: [random.randrange(100, 900), random.randrange(2, 30)] for mode in ("car", "bike", "foot")}
    facts["routes"].append({"from": "cmu", "to": "usps_cmu", **office})
    for shop in SUPERMARKETS:
        facts["routes"].append({"from": "hyatt", "to": shop, "car": [9000, random.choice((9, 14))]})
    if far_police:
        facts["routes"].append({"from": "gates", "to": "police_zone_2", "car": [90_000, random.randrange(61, 99)]})
    walk = next(route for route in facts["routes"] if route["from"] == "cmu" and route["to"] == "schillers")
    walk["foot"] = [random.randrange(900, 1200), random.randrange(10, 19)]


def _change_borders(facts: Facts, random: Random) -> None:
    """New Hampshire loses a neighbour and may win another."""
    lost = random.choice(BORDER_STATES)
    facts["borders"] = [border for border in facts["borders"] if set(border) != {"New Hampshire", lost}]
    facts["borders"].append(["New Hampshire", random.choice(("Rhode Island", "New York", "Connecticut"))])
