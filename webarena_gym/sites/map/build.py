"""Builds the map's image from ``seed/``: a second or two at scale 1."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterable

from ..base import BuildOptions, create_base_tables, create_tables
from .seeding.community import changeset_of, insert_community
from .seeding.facts import fact_elements, landmarks, listed_routes, members, states
from .seeding.generate import places, street_elements, streets
from .seeding.seeds import SEED, ElementSeed, categories, read_json
from .seeding.towns import county_elements, read_towns, town_elements
from .words import STATES, index_text, name_words

_CODES = {name.title(): code.upper() for code, name in STATES.items()}


def build(connection: sqlite3.Connection, options: BuildOptions) -> None:
    """All tables of the map, equal for equal options.

    Raises:
        ValueError: two elements share a kind and an id, or a fact names a class that there is not.
    """
    facts = options.facts or read_json("facts.json")
    now = dt.datetime.fromisoformat(facts["clock"])
    create_base_tables(connection, now)
    create_tables(connection, SEED / "schema.sql")
    towns = read_towns()
    roads = list(streets(facts, towns))
    seeds = [
        *fact_elements(facts),
        *landmarks(facts),
        *states(facts),
        *town_elements(towns, facts),
        *county_elements(towns),
        *street_elements(roads),
        *places(roads, facts, options.scale),
    ]
    _insert_elements(connection, seeds)
    ids = dict(connection.execute("SELECT fact, id FROM element WHERE fact IS NOT NULL"))
    _insert_members(connection, [(ids[relation], ids[element], role) for relation, element, role in members(facts)])
    connection.executemany("INSERT INTO listed_route VALUES (?, ?, ?, ?, ?, ?, ?)", listed_routes(facts))
    insert_community(connection, read_json("words.json"), towns, now)


def _insert_elements(connection: sqlite3.Connection, seeds: Iterable[ElementSeed]) -> None:
    """With ids in the order of importance, so that a search that stops early has seen the best."""
    ordered = sorted(seeds, key=lambda seed: (-seed.importance, seed.object))
    if len({seed.object for seed in ordered}) < len(ordered):
        raise ValueError("two elements share a kind and an id")
    rows, texts, lines = [], [], []
    for number, seed in enumerate(ordered, 1):
        kind, osm_id = seed.object.split("/")
        key, value = seed.category.split("/")
        names = [seed.name, *seed.also]
        rows.append(
            (number, kind, int(osm_id), seed.name, seed.lat, seed.lon, key, value, seed.importance, seed.km,
             seed.display_name, json.dumps(seed.address, ensure_ascii=False), "\n".join(" ".join(name_words(name)) for name in names),
             json.dumps(seed.all_tags(), ensure_ascii=False), 1 + _digest(seed.object) % 12, changeset_of(int(osm_id)), seed.fact)
        )  # fmt: skip
        texts.append((number, index_text(names), _class_text(seed), index_text(_area(seed))))
        if seed.line is not None:
            lines.append((number, *seed.line))
    marks = ", ".join("?" * 17)
    connection.executemany(f"INSERT INTO element VALUES ({marks})", rows)
    connection.executemany("INSERT INTO element_search (rowid, name, class, area) VALUES (?, ?, ?, ?)", texts)
    connection.executemany("INSERT INTO street VALUES (?, ?, ?, ?, ?)", lines)


def _class_text(seed: ElementSeed) -> str:
    """What else people call such a thing: its class, its brand, what it serves."""
    category = categories()[seed.category]
    told = (seed.tags.get(tag, "") for tag in ("brand", "operator", "cuisine", "sport", "iata", "icao", "short_name"))
    return index_text([category.label, *category.words[:2], *told])


def _area(seed: ElementSeed) -> list[str]:
    state = seed.address.get("state", "")
    return [*seed.address.values(), _CODES.get(state, ""), seed.country]


def _insert_members(connection: sqlite3.Connection, found: list[tuple[int, int, str]]) -> None:
    counts: dict[int, int] = {}
    for relation, element, role in found:
        counts[relation] = counts.get(relation, 0) + 1
        connection.execute("INSERT INTO member VALUES (?, ?, ?, ?)", (relation, counts[relation], element, role))


def _digest(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0]
