"""Short articles on countries, states and cities, from facts in ``seed/places.json``; the sentences are templates here."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from .articles import Article, Section, Table

BASE_CITIES = 216  # at scale 1
_EARTH_RADIUS_KM = 6371.0
_NEAREST = 3
_COMPASS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
_STATE_TITLES = {"Georgia": "Georgia (U.S. state)", "Washington": "Washington (state)"}
_COUNTRY_TITLES = {"Georgia": "Georgia (country)"}

Fact = Mapping[str, Any]


class Places:
    """The articles' facts with a title for each place. ``city_count`` cities are taken, the most populous ones."""

    def __init__(self, facts: Mapping[str, Sequence[Fact]], city_count: int) -> None:
        self.countries, self.states = facts["countries"], facts["states"]
        self.cities = facts["cities"][:city_count]
        self._country_names = {country["code"]: country["name"] for country in self.countries}
        self._state_names = {state["code"]: state["name"] for state in self.states}
        names = [city["name"] for city in self.cities]
        taken = {*self._country_names.values(), *self._state_names.values()}
        self._ambiguous = {name for name in names if names.count(name) > 1 or name in taken}

    def articles(self) -> Iterator[Article]:
        """Countries, states, cities, and the lists of all three."""
        yield from map(self._country, self.countries)
        yield from map(self._state, self.states)
        yield from map(self._city, self.cities)
        yield from self._lists()

    def country_title(self, name: str) -> str:
        return _COUNTRY_TITLES.get(name, name)

    def state_title(self, name: str) -> str:
        return _STATE_TITLES.get(name, name)

    def city_title(self, city: Fact) -> str:
        """Cities of the USA go with their state, others with their country where the name alone says too little."""
        region = self._state_names.get(city["region"], city["region"])
        if region:
            return f"{city['name']}, {region}"
        return (
            f"{city['name']}, {self._country_names[city['country']]}"
            if city["name"] in self._ambiguous
            else city["name"]
        )

    # --- links ---

    def _to_country(self, name: str) -> str:
        return f"[[{self.country_title(name)}|{name}]]"

    def _to_city(self, city: Fact) -> str:
        return f"[[{self.city_title(city)}|{city['name']}]]"

    # --- articles ---

    def _country(self, country: Fact) -> Article:
        random, name = Random(f"wikipedia/{country['code']}"), country["name"]
        cities = [city for city in self.cities if city["country"] == country["code"]]
        capital = next(
            (self._to_city(city) for city in cities if city["name"] == country["capital"]), country["capital"]
        )
        density = country["population"] / country["area_km2"]
        lead = random.choice((
            f"{name} is a country or territory of {country['continent']} with {capital} as its capital.",
            f"{name} belongs to the countries and territories of {country['continent']}. Its capital is {capital}.",
        ))  # fmt: skip
        size = random.choice((
            f"On {country['area_km2']:,} square kilometres live about {country['population']:,} people, {density:,.1f} to a square kilometre.",
            f"About {country['population']:,} people live there, and the area is {country['area_km2']:,} square kilometres: {density:,.1f} people to a square kilometre.",
        ))  # fmt: skip
        neighbours = [self._to_country(neighbour) for neighbour in country["neighbours"]]
        borders = f"It shares land borders with {listed(neighbours)}." if neighbours else "It has no land borders."
        sections = [Section("Geography", [borders])]
        if country["languages"]:
            sections.append(Section("Languages", [f"Languages spoken there are {listed(country['languages'])}."]))
        if cities:
            rows = [[self._to_city(city), f"{city['population']:,}"] for city in cities]
            sections.append(
                Section(
                    "Cities",
                    ["The most populous cities with an article are these."],
                    table=Table(["City", "Population"], rows),
                )
            )
        return Article(
            title=self.country_title(name),
            paragraphs=[lead, size],
            infobox=[
                ("Capital", capital),
                ("Area", f"{country['area_km2']:,} square kilometres"),
                ("Population", f"{country['population']:,}"),
                *((label, value) for label, value in (
                    ("Currency", country["currency"]), ("Calling code", country["calling_code"]), ("Internet domain", country["domain"]),
                ) if value),
            ],
            sections=sections,
        )  # fmt: skip

    def _state(self, state: Fact) -> Article:
        random, name, counties = Random(f"wikipedia/US/{state['code']}"), state["name"], state["counties"]
        cities = [city for city in self.cities if city["region"] == state["code"]]
        lead = random.choice((
            f"{name} is one of the fifty states of the [[United States]].",
            f"{name}, abbreviated {state['code']}, is a state of the [[United States]].",
        ))  # fmt: skip
        sections = [Section("Counties", [f"The census counts {len(counties)} counties or equal districts."], counties)]
        if cities:
            rows = [[self._to_city(city), f"{city['population']:,}"] for city in cities]
            sections.insert(0, Section("Cities", table=Table(["City", "Population"], rows)))
        return Article(
            title=self.state_title(name),
            paragraphs=[lead],
            infobox=[
                ("Type", "State of the United States"),
                ("Abbreviation", state["code"]),
                ("Counties", str(len(counties))),
            ],
            sections=sections,
        )

    def _city(self, city: Fact) -> Article:
        title = self.city_title(city)
        random, name = Random(f"wikipedia/{title}"), city["name"]
        country = self._to_country(self._country_names[city["country"]])
        state = self._state_names.get(city["region"], "")
        where = f"[[{self.state_title(state)}|{state}]], {country}" if state else country
        capital = next((land for land in self.countries if land["code"] == city["country"]), {}).get("capital") == name
        lead = random.choice((
            f"{name} is a city in {where} with about {city['population']:,} inhabitants.",
            f"{name} lies in {where}. About {city['population']:,} people live in the city.",
        )) + (f" It is the capital of {country}." if capital else "")  # fmt: skip
        rows = [[self._to_city(other), f"{km:,.0f} km", direction(city, other)] for km, other in self._nearest(city)]
        return Article(
            title=title,
            aliases=[name] if title != name and name not in self._ambiguous else [],
            paragraphs=[lead, f"Clocks there follow the time zone {city['time_zone']}."],
            infobox=[
                ("Country", country),
                *([("State", f"[[{self.state_title(state)}|{state}]]")] if state else []),
                ("Coordinates", f"{city['latitude']:.3f}, {city['longitude']:.3f}"),
                ("Population", f"{city['population']:,}"),
                ("Time zone", city["time_zone"]),
            ],
            sections=[
                Section("Other cities", ["The nearest cities with an article, as the crow flies:"], table=Table(["City", "Distance", "Direction"], rows))
            ],
        )  # fmt: skip

    def _nearest(self, city: Fact) -> list[tuple[float, Fact]]:
        others = [(distance_km(city, other), number) for number, other in enumerate(self.cities) if other is not city]
        return [(km, self.cities[number]) for km, number in sorted(others)[:_NEAREST]]

    def _lists(self) -> Iterator[Article]:
        countries = [
            [self._to_country(c["name"]), c["continent"], c["capital"], f"{c['area_km2']:,}", f"{c['population']:,}"]
            for c in self.countries
        ]
        yield Article(
            title="List of countries",
            aliases=["Countries", "List of sovereign states"],
            paragraphs=[f"This list holds {len(countries)} countries and territories with their capitals."],
            sections=[Section("Countries and territories", table=Table(["Name", "Continent", "Capital", "Area in km²", "Population"], countries))],
        )  # fmt: skip
        yield Article(
            title="List of U.S. states",
            aliases=["U.S. states", "List of states and territories of the United States"],
            paragraphs=["The [[United States]] consist of fifty states."],
            sections=[
                Section("States", table=Table(["State", "Abbreviation", "Counties"], [
                    [f"[[{self.state_title(s['name'])}|{s['name']}]]", s["code"], str(len(s["counties"]))] for s in self.states
                ]))
            ],
        )  # fmt: skip
        cities = sorted(self.cities, key=lambda city: (-city["population"], city["name"]))
        yield Article(
            title="List of cities",
            aliases=["Cities", "List of largest cities"],
            paragraphs=["The cities with an article of their own, by population."],
            sections=[
                Section("Cities", table=Table(["City", "Country", "Population"], [
                    [self._to_city(c), self._to_country(self._country_names[c["country"]]), f"{c['population']:,}"] for c in cities
                ]))
            ],
        )  # fmt: skip


def listed(names: Sequence[str]) -> str:
    """
    >>> listed(["Spain"]), listed(["France", "Spain", "Italy"])
    ('Spain', 'France, Spain and Italy')
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def distance_km(one: Fact, other: Fact) -> float:
    """Kilometres along the great circle between two places with ``latitude`` and ``longitude`` in degrees.

    >>> round(distance_km({"latitude": 0, "longitude": 0}, {"latitude": 0, "longitude": 90}))  # a quarter of the equator
    10008
    """
    here, there = math.radians(one["latitude"]), math.radians(other["latitude"])
    across = math.radians(other["longitude"] - one["longitude"])
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(across / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def direction(one: Fact, other: Fact) -> str:
    """The point of the compass in which the great circle from ``one`` to ``other`` sets out.

    >>> direction({"latitude": 0, "longitude": 0}, {"latitude": 0, "longitude": 90})
    'east'
    """
    here, there = math.radians(one["latitude"]), math.radians(other["latitude"])
    across = math.radians(other["longitude"] - one["longitude"])
    bearing = math.atan2(
        math.sin(across) * math.cos(there),
        math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(across),
    )
    return _COMPASS[round(math.degrees(bearing) / 45) % 8]
