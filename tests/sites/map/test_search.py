"""What queries find: classes near places, names, addresses, coordinates; and that none fails."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webarena_gym.sites.map.geo import distance_m
from webarena_gym.sites.map.seeding.seeds import categories
from webarena_gym.sites.map.store import MapStore
from webarena_gym.sites.map.store.search import MOST_RESULTS

from .traveller import Traveller

_QUERIES = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["hotel", "cafe", "near", "in", "at", "CMU", "Pittsburgh", "PA", "the", "15213", "5000", "Forbes Ave", '"', "*", "NEAR(", "AND",
             "OR", "'", "a'b", "-", ":", "name:", "^", "é漢🎉", "40.44,-79.94", "tea", "nearest", "to", "\0", "%", "_"]
        ),
        max_size=7,
    ).map(" ".join),
)  # fmt: skip


def first(store: MapStore, query: str) -> str:
    found = store.search.best(query)
    return "" if found is None else found.name


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("hotels near Carnegie Music Hall", "Wyndham Pittsburgh University Center"), ("Wyndham hotel", "Wyndham Pittsburgh University Center"),
        ("cafe near CMU Hunt library", "De Fer Coffee & Tea"), ("nearest cafe to Hunt Library", "De Fer Coffee & Tea"),
        ("closest pharmacy to CMU", "Schiller's Pharmacy"), ("police station in pittsburgh", "Pittsburgh Bureau of Police Zone 2"),
        ("gates building at CMU", "Gates and Hillman Centers"), ("schillers pharmacy", "Schiller's Pharmacy"), ("dobra tea", "Dobrá Tea"),
        ("Pitt", "University of Pittsburgh"), ("harvard", "Harvard University"), ("logan airport", "Boston Logan International Airport"),
        ("Carnegie Music Hall New York", "Carnegie Hall"), ("Carnegie Music Hall in NYC", "Carnegie Hall"), ("carnegie HALL", "Carnegie Hall"),
        ("Allentown, PA", "Allentown"), ("Vinalhaven ME", "Vinalhaven"), ("Hoboken NJ", "Hoboken"), ("Hoboken, New Jersey, USA", "Hoboken"),
        ("811 South Aiken Ave", "Schiller's Pharmacy"), ("5000 Forbes Avenue, Pittsburgh, PA 15213", "Carnegie Mellon University"),
        ("9999 Walnut Street Shadyside", "Walnut Street"), ("Forbes Avenue", "Forbes Avenue"), ("national park near Vinalhaven", "Acadia National Park"),
        ("USPS postal office near CMU Pittsburgh", "United States Post Office"), ("New York", "New York"), ("New York City", "New York City"),
        ("40.4411, -79.9437", "Hunt Library"), ("40.4411 N, 79.9437 W", "Hunt Library"), ("42.366303, -71.062228", "TD Garden"),
        ("44.35,-68.21", "Acadia National Park"), ("44.048, -68.832", "Vinalhaven"), ("40.443322,-79.943583", "Carnegie Mellon University"),
        ("cafe near 40.4411, -79.9437", "De Fer Coffee & Tea"), ("Allegheny County", "Allegheny County"), ("PIT", "Pittsburgh International Airport"),
    ],
)  # fmt: skip
def test_the_first_result(store: MapStore, query: str, name: str):
    assert first(store, query) == name


@pytest.mark.parametrize(
    "query",
    [
        "zzzz",
        "hotels near zzzz",
        "zzzz near CMU",
        "0, 0",
        "Carnegie Music Hall Boston",
        "USCIS near CMU",
        "!!!",
        "near",
    ],
)
def test_nothing_is_found(traveller: Traveller, query: str):
    assert traveller.search(query) == []
    assert "No results found" in traveller.text


def test_results_near_a_place_come_by_distance(store: MapStore):
    for query, place in (
        ("restaurants near Fenway Park", "Fenway Park"),
        ("bank near CMU", "CMU"),
        ("park near Scranton", "Scranton"),
    ):
        middle = store.search.best(place).point
        metres = [distance_m(middle, e.point) for e in store.elements.by_ids(store.search.ids(query))]
        assert metres == sorted(metres) and len(metres) > 5


@pytest.mark.parametrize("category", sorted(c.name for c in categories().values() if c.words and c.town_share))
def test_every_word_for_a_class_finds_the_class(store: MapStore, category: str):
    for phrase in categories()[category].words:
        found = store.elements.by_ids(store.search.ids(f"{phrase} near Pittsburgh")[:5])
        assert found and all(f"{e.key}/{e.value}" == category for e in found), phrase


def test_a_class_word_alone_finds_the_class(store: MapStore):
    assert {e.value for e in store.search.find("supermarkets", 10)[0]} == {"supermarket"}


def test_every_town_is_found_by_name_and_state(store: MapStore, full_size: bool):
    rows = store.connection.execute(
        "SELECT id FROM element WHERE key = 'place' AND value IN ('city', 'town', 'village') ORDER BY id"
    )
    towns = store.elements.by_ids([id for (id,) in rows.fetchall()[:: 5 if full_size else 60]])
    for town in towns:
        query = f"{town.name}, {town.address['county']}, {town.address['state']}"
        assert town.id in store.search.ids(query)[:3], query
    assert len(towns) > 80


def test_pages_of_results_follow_each_other(traveller: Traveller, store: MapStore):
    ids = store.search.ids("restaurant near CMU")
    traveller.search("restaurant near CMU")
    shown: list[str] = []
    while True:
        shown += [e for e in traveller.names("link") if e.endswith("United States")]
        if "More results" not in traveller.names("link"):
            break
        traveller.click("link", "More results")
    assert shown == [e.display_name for e in store.elements.by_ids(ids)] and len(shown) == MOST_RESULTS


def test_typing_into_the_box_opens_the_results(traveller: Traveller):
    traveller.fill("Search", "hotels near Carnegie Music Hall").click("button", "Go")
    assert traveller.url == "/search?query=hotels+near+Carnegie+Music+Hall"
    assert traveller.names("heading")[1:] == ["Search Results", "Results from OpenStreetMap Nominatim"]


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=_QUERIES)
def test_any_query_finds_something_or_nothing(store: MapStore, query: str):
    ids = store.search.ids(query)
    assert len(ids) == len(set(ids)) <= MOST_RESULTS
    assert len(store.elements.by_ids(ids)) == len(ids)
    assert store.search.ids(query) == ids
