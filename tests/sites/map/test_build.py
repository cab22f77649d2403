"""The image: equal for equal options, large enough, true to its sources, and free of what facts keep away at any scale."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.map import SITE
from webarena_gym.sites.map.geo import Point, distance_m
from webarena_gym.sites.map.seeding.seeds import categories, read_json
from webarena_gym.sites.map.seeding.towns import read_towns
from webarena_gym.sites.map.store import MapStore
from webarena_gym.sites.world import World, site_image

FACTS = read_json("facts.json")


def test_equal_options_build_equal_bytes(tmp_path: Path):
    one, other = (site_image(SITE, BuildOptions(), tmp_path / name) for name in "ab")
    assert one.read_bytes() == other.read_bytes()


def test_there_are_far_more_places_than_tasks_need(store: MapStore):
    (towns,) = store.connection.execute("SELECT count(*) FROM element WHERE key = 'place'").fetchone()
    (others,) = store.connection.execute(
        "SELECT count(*) FROM element WHERE key != 'place' AND fact IS NULL"
    ).fetchone()
    assert towns > 5000 and others > 5000


def test_towns_are_where_they_are():
    towns = {(town.name, town.state): town for town in read_towns()}
    for name, state, county, lat, lon in (
        ("Harrisburg", "Pennsylvania", "Dauphin County", 40.27, -76.88), ("Buffalo", "New York", "Erie County", 42.89, -78.88),
        ("Portland", "Maine", "Cumberland County", 43.66, -70.26), ("Baltimore", "Maryland", "City of Baltimore", 39.29, -76.61),
    ):  # fmt: skip
        town = towns[name, state]
        assert town.county == county and distance_m(Point(town.lat, town.lon), Point(lat, lon)) < 5000
        assert len(town.postcode) == 5


@pytest.mark.parametrize("scale", [1, 3])
def test_nothing_generated_stands_where_facts_keep_its_class_away(scale: float, cache_dir: Path):
    world = World(["map"], options=BuildOptions(scale=scale), cache_dir=cache_dir)
    connection = world.store("map").connection
    for rule in FACTS["reserved"]:
        middle = Point(FACTS["places"][rule["near"]]["lat"], FACTS["places"][rule["near"]]["lon"])
        rows = connection.execute(
            "SELECT lat, lon FROM element WHERE key || '/' || value = ? AND kind = 'node' AND fact IS NULL",
            (rule["class"],),
        ).fetchall()
        assert rows
        assert min(distance_m(middle, Point(*row)) for row in rows) >= rule["km"] * 1000
    world.close()


def test_scale_multiplies_what_is_generated(store: MapStore, cache_dir: Path):
    world = World(["map"], options=BuildOptions(scale=3), cache_dir=cache_dir)
    sql = "SELECT count(*) FROM element WHERE kind = 'node' AND fact IS NULL AND key != 'place'"
    (more,), (few,) = (one.connection.execute(sql).fetchone() for one in (world.store("map"), store))
    assert 2.3 < more / few < 3.5
    world.close()


def test_no_generated_name_is_a_brand_that_tasks_ask_for(store: MapStore):
    rows = store.connection.execute("SELECT name, tags FROM element WHERE fact IS NULL AND key != 'place'").fetchall()
    for name, tags in rows:
        text = f"{name} {tags}".lower()
        assert not any(
            word in text
            for word in ("hilton", "hyatt", "cvs", 'aldi"', "giant eagle", "apple store", " tea ", "uscis", "wyndham")
        )


def test_facts_can_be_changed(cache_dir: Path):
    facts = copy.deepcopy(FACTS)
    facts["places"]["fuku_tea"]["name"] = "Momo Tea"
    facts["routes"][0]["car"] = [9000, 21]
    world = World(["map"], options=BuildOptions(facts=facts), cache_dir=cache_dir)
    store = world.store("map")
    assert store.search.best("tea cafe near Pitt").name == "Momo Tea"
    ends = [store.elements.by_fact(key).point for key in ("randyland", "cmu")]
    assert store.directions.length(*ends, "car").seconds == 21 * 60
    world.close()


def test_an_unknown_class_is_named(tmp_path: Path):
    facts = copy.deepcopy(FACTS)
    facts["places"]["fuku_tea"]["class"] = "amenity/teahouse"
    with pytest.raises(ValueError, match="'fuku_tea' has the unknown class 'amenity/teahouse'"):
        site_image(SITE, BuildOptions(facts=facts), tmp_path)


def test_every_class_has_a_label(store: MapStore):
    used = {row[0] for row in store.connection.execute("SELECT DISTINCT key || '/' || value FROM element")}
    assert used <= set(categories()) and all(categories()[name].label for name in used)
