"""What tasks look for: places with their ids, coordinates and addresses, the ways between them, and what lies nearest."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from webarena_gym.sites.map.geo import Point, distance_m
from webarena_gym.sites.map.seeding.seeds import read_json
from webarena_gym.sites.map.store import MapStore

from .traveller import Traveller

FACTS = read_json("facts.json")


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("CMU", "/relation/2279034"), ("Carnegie Mellon University", "/relation/2279034"), ("MIT", "/relation/65066"),
        ("Carnegie Music Hall", "/way/154257484"), ("Pittsburgh", "/relation/188553"), ("Massachusetts", "/relation/61315"),
        ("Vermont", "/relation/60759"), ("Maine", "/relation/63512"), ("New Hampshire", "/relation/67213"),
        ("Acadia National Park", "/relation/2176999"), ("Shanksville", "/relation/189076"), ("Chatham University", "/way/172206707"),
    ],
)  # fmt: skip
def test_places_have_the_ids_of_the_contract(store: MapStore, query: str, path: str):
    assert store.search.best(query).path == path


@pytest.mark.parametrize(
    ("query", "lat", "lon"),
    [
        ("CMU", 40.4441897, -79.9427192), ("Allentown", 40.6022552, -75.4716115), ("TD Garden", 42.3662922, -71.0621475),
        ("Vinalhaven", 44.0478975, -68.8315387), ("Acadia National Park", 44.3494709, -68.2177005),
        ("Apple Store near Pitt", 40.4511693, -79.9334241),
    ],
)  # fmt: skip
def test_coordinates_given_to_seven_digits_are_those(store: MapStore, query: str, lat: float, lon: float):
    assert store.search.best(query).point == (lat, lon)


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("CMU", "Carnegie Mellon University, 5000, Forbes Avenue, Squirrel Hill North, Pittsburgh, Allegheny County, Pennsylvania, 15213, United States"),
        ("Fuku Tea", "Fuku Tea, 3716, Forbes Avenue, Central Oakland, Pittsburgh, Allegheny County, Pennsylvania, 15213, United States"),
        ("Pittsburgh International Airport", "Pittsburgh International Airport, Southern Beltway, Findlay Township, Allegheny County, Pennsylvania, 15231, United States"),
        ("Schiller's Pharmacy", "Schiller's Pharmacy, 811, South Aiken Avenue, Shadyside, Pittsburgh, Allegheny County, Pennsylvania, 15232, United States"),
        ("Carnegie Hall", "Carnegie Hall, 154, West 57th Street, Manhattan, New York County, New York, 10019, United States"),
        ("TD Garden", "TD Garden, 100, Legends Way, West End, Boston, Suffolk County, Massachusetts, 02114, United States"),
        ("Allentown", "Allentown, Lehigh County, Pennsylvania, United States"),
        ("Hoboken", "Hoboken, Hudson County, New Jersey, United States"),
        ("Shanksville", "Shanksville, Somerset County, Pennsylvania, United States"),
        ("Vinalhaven", "Vinalhaven, Knox County, Maine, United States"),
    ],
)  # fmt: skip
def test_addresses_are_those_of_the_contract(store: MapStore, query: str, address: str):
    assert store.search.best(query).display_name == address


@pytest.mark.parametrize(
    ("start", "goal", "mode", "distance", "minutes"),
    [
        ("Randyland", "CMU", "car", None, 13), ("Randyland", "CMU", "foot", None, 105),
        ("DoubleTree by Hilton Hotel Pittsburgh Airport", "Giant Eagle, 5990, University Boulevard, Moon Township", "foot", "1.4km", 17),
        ("Carnegie Museum of Art", "Hunt Library", "foot", None, 11),
        ("MIT", "Harvard University", "car", None, 8), ("Harvard University", "Boston Logan International Airport", "car", None, 16),
        ("MIT", "Boston Logan International Airport", "car", None, 14),
        ("Boston Logan International Airport", "Harvard University", "car", None, 17), ("MIT", "Harvard University", "foot", None, 48),
        ("Homewood Suites Southpointe", "PPG Paints Arena", "car", None, 34), ("CMU", "MIT", "car", "914km", 543),
        ("University of Pittsburgh", "Fuku Tea", "foot", "653m", 8), ("Scranton", "Bridgeport", "car", None, 200),
        ("Animal Rescue League of Pittsburgh", "Schenley Park", "car", None, 9),
        ("Wyndham Pittsburgh University Center", "Gardner Steel Conference Center", "foot", "375m", 5),
        ("The Oaklander Hotel", "Gardner Steel Conference Center", "foot", "338m", 4),
        ("CMU", "United States Post Office, 5032, Forbes Avenue", "foot", None, 1),
        ("CMU", "United States Post Office, 5032, Forbes Avenue", "car", None, 0),
        ("CMU", "United States Post Office, 5032, Forbes Avenue", "bike", None, 0),
        ("CMU", "Schiller's Pharmacy", "foot", "1.3km", 16), ("Pittsburgh", "Philadelphia", "car", None, 513),
        ("CMU", "CVS Pharmacy, 3928, Forbes Avenue", "foot", "1.4km", 17),
        ("Vinalhaven", "Acadia National Park", "bike", None, 633), ("Acadia National Park", "Vinalhaven", "bike", None, 633),
    ],
)  # fmt: skip
def test_ways_are_what_the_directions_panel_prints(
    traveller: Traveller, start: str, goal: str, mode: str, distance: str | None, minutes: int
):
    shown = traveller.directions(start, goal, mode)
    assert shown.minutes == minutes
    assert distance in (None, shown.distance)


def nearest(store: MapStore, query: str, count: int = 3) -> list[str]:
    return [element.name for element in store.search.find(query, count)[0]]


def test_what_is_nearest(store: MapStore):
    assert nearest(store, "cafes near Hunt Library", 1) == ["De Fer Coffee & Tea"]
    assert nearest(store, "tea cafe near University of Pittsburgh", 1) == ["Fuku Tea"]
    assert nearest(store, "pharmacy near Carnegie Mellon University", 2) == ["Schiller's Pharmacy", "CVS Pharmacy"]
    assert nearest(store, "hotels near Gardner Steel Conference Center", 2) == [
        "The Oaklander Hotel", "Wyndham Pittsburgh University Center",
    ]  # fmt: skip
    assert nearest(store, "Hyatt hotel near Pittsburgh Airport") == ["Hyatt Regency Pittsburgh International Airport"]
    assert nearest(store, "Hilton hotel near Pittsburgh Airport", 1) == [
        "DoubleTree by Hilton Hotel Pittsburgh Airport"
    ]
    assert nearest(store, "supermarkets near Hyatt Regency Pittsburgh International Airport", 2) == [
        "Giant Eagle",
        "ALDI",
    ]
    assert len(nearest(store, "hotels near Carnegie Music Hall")) >= 2


def test_absent_are_immigration_offices_near_pittsburgh_but_not_social_security(store: MapStore):
    assert store.search.ids("US Citizenship and Immigration Services near Carnegie Mellon University") == []
    assert len(store.search.ids("Social Security Administration near Carnegie Mellon University")) == 2


def test_only_two_supermarkets_are_a_quarter_of_an_hour_from_the_hyatt_by_car(store: MapStore):
    hyatt = store.elements.by_fact("hyatt")
    found, _ = store.search.find("supermarkets near Hyatt Regency Pittsburgh International Airport", 30)
    near = [e.name for e in found if store.directions.length(hyatt.point, e.point, "car").seconds <= 15 * 60]
    assert near == ["Giant Eagle", "ALDI"] and len(found) > 10


def test_other_supermarkets_are_two_kilometres_and_more_on_foot_from_the_doubletree(store: MapStore):
    start = store.elements.by_fact("doubletree").point
    found, _ = store.search.find("supermarket near DoubleTree by Hilton Hotel Pittsburgh Airport", 30)
    metres = [store.directions.length(start, e.point, "foot").metres for e in found]
    assert metres[0] < 1450 and min(metres[1:]) >= 2000


def test_a_third_hotel_is_a_longer_walk_than_five_minutes(store: MapStore):
    goal = store.elements.by_fact("gardner_steel").point
    found, _ = store.search.find("hotels near Gardner Steel Conference Center", 6)
    seconds = [store.directions.length(e.point, goal, "foot").seconds for e in found]
    assert sum(value < 330 for value in seconds) == 2 and len(seconds) == 6


def test_no_library_of_the_university_is_nearer_to_the_museum_than_hunt(store: MapStore):
    start = store.elements.by_fact("museum_of_art").point
    found = [
        e for e in store.search.find("CMU library", 10)[0] if e.tags.get("operator") == "Carnegie Mellon University"
    ]
    assert len(found) == 2
    seconds = {e.name: store.directions.length(start, e.point, "foot").seconds for e in found}
    assert min(seconds, key=seconds.__getitem__) == "Hunt Library"


def test_police_stations_of_pittsburgh_are_within_an_hour_of_the_gates_building(store: MapStore):
    start = store.elements.by_fact("gates").point
    found = [e for e in store.search.find("police station in pittsburgh", 10)[0] if e.address["city"] == "Pittsburgh"]
    assert len(found) >= 4
    assert all(store.directions.length(start, e.point, "car").seconds < 3600 for e in found)


def test_one_international_airport_is_within_fifty_kilometres_by_car(store: MapStore):
    start = store.elements.by_fact("cmu").point
    rows = store.connection.execute("SELECT id FROM element WHERE value = 'aerodrome'")
    airports = store.elements.by_ids(id for (id,) in rows)
    near = [a.name for a in airports if store.directions.length(start, a.point, "car").metres <= 50_000]
    assert [name for name in near if "International" in name] == ["Pittsburgh International Airport"]
    assert len(near) > 1 and sum("International" in a.name for a in airports) > 10


def test_object_pages_show_what_tasks_ask_for(traveller: Traveller, store: MapStore):
    assert "Location: " in traveller.open(store.search.best("Apple Store near Pitt").path).text
    assert "40.4511693, -79.9334241" in traveller.names("link")
    traveller.open(store.search.best("Western Pennsylvania Hospital").path)
    assert "phone | +1 412 578 5000" in traveller.text
    html = traveller.open("/relation/189076").engine.document().html
    assert "Somerset County" in LexborHTMLParser(html).css_first('[id="sidebar_content"]').text()
    assert traveller.names("heading")[1] == "Relation: Shanksville (189076)"
    assert "Way: Carnegie Music Hall (154257484)" in traveller.open("/way/154257484/").names("heading")


def test_borders_of_new_hampshire_lead_to_its_neighbours(traveller: Traveller):
    traveller.open("/relation/67213")
    borders = [name for name in traveller.names("link") if "border" in name]
    neighbours = set()
    for border in borders:
        traveller.open("/relation/67213").click("link", border)
        if "border_type | state" in traveller.text:
            neighbours |= {n for n in traveller.names("link") if n.startswith("Relation ")}
    assert neighbours == {
        "Relation Maine (63512)", "Relation Vermont (60759)", "Relation Massachusetts (61315)", "Relation New Hampshire (67213)",
    }  # fmt: skip
    assert len(borders) == 4  # and Québec's


def test_engines_and_boxes_have_the_selectors_of_the_contract(traveller: Traveller):
    traveller.directions("CMU", "TD Garden")
    tree = LexborHTMLParser(traveller.engine.document().html)
    options = tree.css("div#content select.routing_engines option")
    assert [option.text() for option in options] == ["Bicycle (OSRM)", "Car (OSRM)", "Foot (OSRM)"]
    assert ["selected" in option.attributes for option in options] == [False, True, False]
    assert "Carnegie Mellon University" in tree.css_first('[name="route_from"]').attributes["value"]
    assert "TD Garden, 100, Legends Way" in tree.css_first('[name="route_to"]').attributes["value"]


def test_places_of_tasks_have_places_of_their_own(store: MapStore):
    """So that an address of coordinates names one of them."""
    points = [Point(place["lat"], place["lon"]) for place in FACTS["places"].values()]
    assert min(distance_m(a, b) for i, a in enumerate(points) for b in points[:i]) > 20
    for key, place in FACTS["places"].items():
        assert store.elements.at(Point(place["lat"], place["lon"])).id == store.elements.by_fact(key).id
