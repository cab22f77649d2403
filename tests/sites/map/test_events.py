"""Requests as the real site would have sent them: searches and objects are documents, directions are a script's."""

from __future__ import annotations

from webarena_gym.types import NetworkEvent

from .traveller import ORIGIN, Traveller


def events(traveller: Traveller) -> list[NetworkEvent]:
    return list(traveller.world.events)


def documents(traveller: Traveller) -> list[str]:
    return [event.url.removeprefix(ORIGIN) for event in events(traveller) if event.navigation]


def test_a_search_is_a_document(traveller: Traveller):
    traveller.fill("Search", "hotels near Carnegie Music Hall").click("button", "Go")
    assert documents(traveller) == ["/", "/search?query=hotels+near+Carnegie+Music+Hall"]


def test_a_result_is_a_document(traveller: Traveller):
    traveller.search("Carnegie Music Hall")
    traveller.click("link", next(name for name in traveller.names("link") if name.startswith("Carnegie Music Hall, ")))
    assert documents(traveller)[-1] == "/way/154257484"


def test_directions_leave_the_front_page_the_last_document(traveller: Traveller):
    traveller.click("link", "Find directions between two points")
    traveller.fill("From", "Carnegie Hall").fill("To", "CMU").click("button", "Go")
    assert documents(traveller) == ["/"]
    scripts = [event for event in events(traveller) if not event.navigation]
    assert [event.url.removeprefix(ORIGIN) for event in scripts] == [
        "/nominatim/search?q=Carnegie%20Hall&format=json&limit=1",
        "/nominatim/search?q=CMU&format=json&limit=1",
        "/osrm/routed-car/route/v1/driving/-73.98,40.7651;-79.9427192,40.4441897?overview=false&geometries=polyline&steps=true",
    ]
    assert dict(scripts[-1].headers)["cookie"] == "_osm_directions_engine=fossgis_osrm_car"
    assert '"code":"Ok"' in scripts[-1].response_body


def test_the_engine_is_in_the_requests_cookie(traveller: Traveller):
    traveller.click("link", "Find directions between two points").choose("Engine", "Bicycle (OSRM)")
    traveller.fill("From", "Acadia National Park").fill("To", "Vinalhaven").click("button", "Go")
    last = events(traveller)[-1]
    assert "/routed-bike/route/v1/driving/-68.2177005,44.3494709;-68.8315387,44.0478975?" in last.url
    assert dict(last.headers)["cookie"] == "_osm_directions_engine=fossgis_osrm_bicycle"


def test_a_typed_address_of_directions_is_a_document(traveller: Traveller):
    traveller.open("/directions?engine=fossgis_osrm_car&route=40.4441897,-79.9427192;42.3597,-71.092")
    assert documents(traveller)[-1].startswith("/directions?engine=fossgis_osrm_car&route=")


def test_pictures_and_style_sheets_leave_no_event(traveller: Traveller):
    traveller.open("/static/map.css").open("/export/picture.svg?map=7/40/-79")
    assert documents(traveller) == ["/"]
