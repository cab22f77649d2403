"""The JSON services: Nominatim's and OSRM's shapes, and that they say what the pages say."""

from __future__ import annotations

import pytest

from webarena_gym.sites.map.store import MapStore

from .traveller import Traveller

CMU_TO_MIT = "/osrm/routed-car/route/v1/driving/-79.9427192,40.4441897;-71.092,42.3597?overview=false&geometries=polyline&steps=true"


def test_searching_answers_with_places(traveller: Traveller):
    places = traveller.json("/nominatim/search?q=library%20CMU&format=json&limit=2")
    assert [(p["osm_type"], p["osm_id"], p["lat"], p["lon"]) for p in places] == [
        ("way", 173461205, "40.4411", "-79.9437"), ("node", 4583027521, "40.4427", "-79.9458"),
    ]  # fmt: skip
    assert (places[0]["class"], places[0]["type"]) == ("amenity", "library")
    south, north, west, east = map(float, places[0]["boundingbox"])
    assert south < 40.4411 < north and west < -79.9437 < east


def test_searching_can_answer_with_addresses_and_geojson(traveller: Traveller):
    (place,) = traveller.json("/nominatim/search?q=Fuku+Tea&addressdetails=1")
    assert (place["address"]["house_number"], place["address"]["street"]) == ("3716", "Forbes Avenue")
    found = traveller.json("/nominatim/search?q=Fuku+Tea&format=geojson")
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [-79.9574, 40.4411]}
    assert traveller.json("/nominatim/search?q=zzzz") == []
    assert traveller.json("/nominatim/search") == []


def test_reverse(traveller: Traveller):
    assert traveller.json("/nominatim/reverse?lat=40.4411&lon=-79.9437&format=json")["display_name"].startswith(
        "Hunt Library, 4909"
    )
    assert traveller.json("/nominatim/reverse?lat=0&lon=0") == {"error": "Unable to geocode"}
    assert traveller.get("/nominatim/reverse?lat=x").status == 400


def test_a_way_has_steps_that_add_up(traveller: Traveller):
    answer = traveller.json(CMU_TO_MIT)
    (route,) = answer["routes"]
    assert (answer["code"], route["distance"], route["duration"]) == ("Ok", 914_000, 543 * 60)
    found = route["legs"][0]["steps"]
    assert sum(step["distance"] for step in found) == pytest.approx(914_000, abs=1)
    assert [found[i]["maneuver"]["type"] for i in (0, -1)] == ["depart", "arrive"]
    assert found[0]["maneuver"]["location"] == [-79.9427192, 40.4441897]
    assert [point["location"] for point in answer["waypoints"]] == [[-79.9427192, 40.4441897], [-71.092, 42.3597]]


def test_the_page_shows_what_the_service_says(traveller: Traveller, store: MapStore):
    for service, mode in (("routed-car", "car"), ("routed-bike", "bike"), ("routed-foot", "foot")):
        shown = traveller.directions("Randyland", "PNC Park", mode)
        start, goal = (store.search.best(name).point for name in ("Randyland", "PNC Park"))
        (route,) = traveller.json(f"/osrm/{service}/route/v1/driving/{start.lon},{start.lat};{goal.lon},{goal.lat}")[
            "routes"
        ]
        assert abs(route["duration"] / 60 - shown.minutes) <= 0.5


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("routed-boat/route/v1/driving/1,1;2,2", "InvalidQuery"), ("routed-car/route/v1/driving/x;y", "InvalidQuery"),
        ("routed-car/route/v1/driving/1,1", "InvalidQuery"), ("routed-car/route/v1/driving/0,0;-79,40", "NoRoute"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_says_why(traveller: Traveller, path: str, code: str):
    reply = traveller.get(f"/osrm/{path}")
    assert reply.status == 400 and f'"code":"{code}"' in reply.text
