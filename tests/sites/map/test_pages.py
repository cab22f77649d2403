"""Pages around the map: directions by hand, object pages, what is here, sharing, people, notes, accounts."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from webarena_gym.sites.map.geo import Point, View, distance_m, parse_view, read_short_code, short_code
from webarena_gym.sites.map.picture import draw
from webarena_gym.sites.map.store import MapStore

from .traveller import Traveller


def test_directions_from_the_front_page(traveller: Traveller):
    traveller.click("link", "Find directions between two points").choose("Engine", "Foot (OSRM)")
    traveller.fill("From", "university of pittsburgh").fill("To", "fuku tea").click("button", "Go")
    assert traveller.url == "/directions?engine=fossgis_osrm_foot&route=40.4444,-79.9532;40.4411,-79.9574"
    assert traveller.shown() == ("653m", 8)
    rows = [line for line in traveller.text.split("\n") if line[:1].isdigit()]
    assert rows[0].startswith("1. | Start on ") and rows[-1] == f"{len(rows)}. | Reach destination"


def test_the_engine_is_remembered(traveller: Traveller):
    traveller.directions("CMU", "MIT", "bike")
    traveller.open("/directions")
    assert 'combobox "Engine" value="Bicycle (OSRM)"' in traveller.text


def test_reversing_swaps_the_ends(traveller: Traveller):
    traveller.directions("Harvard University", "Boston Logan International Airport")
    assert traveller.shown().minutes == 16
    traveller.click("link", "Reverse Directions")
    assert traveller.shown().minutes == 17
    assert traveller.text.index("Logan") < traveller.text.index("Harvard University")


def test_what_is_not_found_stays_in_its_box(traveller: Traveller):
    traveller.open("/directions?route_from=CMU&route_to=zzzz+qqqq")
    assert 'textbox "To" value="zzzz qqqq"' in traveller.text
    assert "couldn't locate that place" in traveller.text and "Distance" not in traveller.text


def test_no_way_overseas(traveller: Traveller):
    traveller.open("/directions?route=40.44,-79.94;51.5,0")
    assert "Couldn't find a route between those two places." in traveller.text


def test_one_end_alone_waits_for_the_other(traveller: Traveller):
    traveller.open("/directions?route_from=CMU&route_to=")
    assert traveller.url == "/directions?engine=fossgis_osrm_car&route=40.4441897,-79.9427192;"
    traveller.fill("To", "MIT").click("button", "Go")
    assert traveller.shown().distance == "914km"


def test_directions_to_an_object_begin_on_its_page(traveller: Traveller):
    traveller.open("/way/154257484").click("link", "Directions to here").fill("From", "CMU").click("button", "Go")
    assert traveller.shown().distance.endswith("m")


def test_coordinates_in_the_boxes_become_the_places_there(traveller: Traveller):
    traveller.open("/directions?route_from=44.048,-68.832&route_to=44.35,-68.21&engine=fossgis_osrm_bicycle")
    assert traveller.url.endswith("route=44.0478975,-68.8315387;44.3494709,-68.2177005")
    assert traveller.shown().minutes == 633


def test_nodes_of_a_way_lead_back_to_it(traveller: Traveller, store: MapStore):
    way = store.elements.by_object("way", 154257484)
    nodes = store.elements.nodes(way)
    assert nodes[0] == nodes[-1] and len(nodes) == 6
    assert all(distance_m(way.point, node.point) < 60 for node in nodes)
    traveller.open(f"/node/{nodes[2].osm_id}").click("link", "Way Carnegie Music Hall (154257484)")
    assert traveller.url == "/way/154257484"


def test_a_streets_nodes_run_from_end_to_end(store: MapStore):
    street = store.search.best("Murray Avenue Squirrel Hill South")
    nodes = store.elements.nodes(street)
    assert nodes[0].point != nodes[-1].point and len(nodes) == 5


def test_members_and_what_they_are_part_of(traveller: Traveller):
    traveller.open("/relation/2279034").click("link", "Hunt Library (173461205)")
    assert "Relation Carnegie Mellon University (2279034)" in traveller.names("link")


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/node/987654321", "987654321"), ("/way/987654321", "987654321"), ("/relation/987654321", "987654321"), ("/node/99999999999999", "99999999999999"),
        ("/changeset/987654321", "987654321"), ("/note/987654321", "987654321"), ("/user/nobody_at_all", "nobody_at_all"), ("/go/!!", "!!"),
        ("/no/such/place", "such/place"), ("/way/987654321/history", "987654321"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_404_that_repeats_nothing(traveller: Traveller, path: str, asked: str):
    reply = traveller.get(path)
    assert reply.status == 404
    assert asked not in reply.text.replace("<!doctype", "")


def test_what_is_here(traveller: Traveller):
    traveller.open("/query?lat=40.4411&lon=-79.9437")
    assert "Hunt Library" in traveller.names("link")
    for area in ("Carnegie Mellon University", "Pittsburgh", "Allegheny County", "Pennsylvania"):
        assert area in traveller.names("link")
    assert "No features found" in traveller.open("/query?lat=0&lon=0").text


def test_where_is_this_searches_for_the_middle_of_the_map(traveller: Traveller):
    traveller.open("/way/154257484").click("link", "Where is this?")
    assert traveller.url == "/search?whereami=1&query=40.443%2C-79.9503"
    assert any(name.startswith("Carnegie Music Hall") for name in traveller.names("link"))


@pytest.mark.parametrize(
    "view", [View(51.510998, 0.055084, 9), View(40.4441, -79.9427, 17), View(42.896, -75.108, 7), View(-33.9, 18.4, 0)]
)
def test_short_links_lead_back_to_the_view(view: View):
    back = read_short_code(short_code(view))
    assert back is not None and back.zoom == view.zoom
    assert abs(back.lat - view.lat) < 180 / 2 ** (view.zoom + 7) and abs(back.lon - view.lon) < 360 / 2 ** (
        view.zoom + 7
    )


def test_sharing_shows_links_to_the_view(traveller: Traveller):
    traveller.open("/?mlat=40.4411&mlon=-79.9437&zoom=16").click("link", "Share")
    assert 'textbox "Share link" value="http://map.test/#map=16/40.4411/-79.9437"' in traveller.text
    traveller.click("link", "Short Link")
    url, _, fragment = traveller.url.partition("#")
    assert url.startswith("/?lat=40.4411") and parse_view(fragment.removeprefix("map=")).zoom == 16


def test_zooming_keeps_the_middle(traveller: Traveller):
    traveller.open("/relation/2279034").click("link", "Zoom In")
    assert traveller.url == "/?lat=40.44419&lon=-79.94272&zoom=17#map=17/40.44419/-79.94272"
    traveller.click("link", "Zoom Out")
    assert "zoom=16" in traveller.url


def test_changesets_list_what_they_touched(traveller: Traveller):
    traveller.open("/history")
    traveller.click("link", next(name for name in traveller.names("link") if name.startswith("#")))
    assert traveller.url.startswith("/changeset/")
    elements = [name for name in traveller.names("link") if re.search(r" \(\d+\), v\d+$", name)]
    traveller.click("link", elements[0])
    assert "### Tags" in traveller.text


def test_traces_have_pages_of_their_own(traveller: Traveller, store: MapStore):
    newest, *_ = store.community.traces(1)
    traveller.open("/traces").click("link", "Older Traces").click("link", "Newer Traces").click("link", newest.name)
    assert traveller.url == f"/user/{newest.mapper}/traces/{newest.id}"
    assert "Visibility: | Public" in traveller.text
    traveller.click("link", newest.tag)
    assert traveller.url == f"/traces/tag/{newest.tag}"


def test_the_traces_feed_names_the_newest(traveller: Traveller, store: MapStore):
    newest, *_ = store.community.traces(1)
    assert f"http://map.test/user/{newest.mapper}/traces/{newest.id}" in traveller.get("/traces/rss").text


def test_diaries_lead_to_entries_and_their_authors(traveller: Traveller, store: MapStore):
    newest, *_ = store.community.diary(1)
    traveller.open("/diary").click("link", newest.title)
    assert traveller.url == f"/user/{newest.mapper}/diary/{newest.id}"
    assert newest.body in traveller.text
    traveller.click("link", newest.mapper).click("link", "Edits")
    assert traveller.url == f"/user/{newest.mapper}/history"


def test_a_note_is_kept_and_forgotten_with_a_reset(traveller: Traveller):
    fresh = traveller.world.state_hash()
    traveller.open("/note/new?lat=40.44&lon=-79.94").fill("Note", "The café moved").click("button", "Add Note")
    assert (
        traveller.url == "/note/1"
        and "The café moved" in traveller.text
        and "Location: 40.44, -79.94" in traveller.text
    )
    assert traveller.world.state_hash() != fresh
    traveller.world.reset()
    assert traveller.world.state_hash() == fresh


def test_an_empty_note_is_refused(traveller: Traveller):
    traveller.open("/note/new").click("button", "Add Note")
    assert "Please say what is wrong" in traveller.text


def test_signing_up_makes_an_account_that_waits(traveller: Traveller, store: MapStore):
    traveller.open("/user/new").fill("Email Address:", "a@example.com").fill("Confirm Email Address:", "a@example.com")
    traveller.fill("Display Name:", "newcomer").fill("Password:", "longenough").fill(
        "Confirm Password:", "longenough"
    ).click("button", "Sign Up")
    assert traveller.url == "/user/confirm"
    traveller.open("/login").fill("Email Address or Username:", "newcomer").fill("Password:", "longenough").click(
        "button", "Login"
    )
    assert "not active yet" in traveller.text
    traveller.fill("Email Address or Username:", "newcomer").fill("Password:", "wrong").click("button", "Login")
    assert "could not log in" in traveller.text and "not active yet" not in traveller.text
    assert store.community.account_exists("A@EXAMPLE.COM", "x")


def test_sign_up_says_what_is_wrong(traveller: Traveller):
    traveller.open("/user/new").fill("Email Address:", "nobody").fill("Display Name:", "ab").click("button", "Sign Up")
    for words in ("valid email", "does not match", "3 to 255", "too short"):
        assert words in traveller.text


def test_the_picture_draws_the_view(store: MapStore):
    view = View(40.4441, -79.9427, 15)
    picture = draw(store.elements, view, pin=Point(40.4441, -79.9427))
    assert ">Carnegie Mellon University</text>" in picture and "Philadelphia" not in picture
    assert picture.count('fill="#c33"') == 1  # the marker
    with_way = draw(store.elements, view, line=[Point(40.4441, -79.9427), Point(40.45, -79.93)])
    assert 'stroke="#03f"' in with_way and with_way.count('fill="#c33"') == 2
    for text in (picture, with_way):
        ElementTree.fromstring(text)  # whatever names hold, it is XML


def test_the_picture_is_served(traveller: Traveller):
    reply = traveller.get("/export/picture.svg?map=15/40.4441/-79.9427&route=40.4584,-80.0087;40.4441897,-79.9427192")
    assert (reply.status, reply.content_type) == (200, "image/svg+xml")


def test_reverse_prefers_what_is_stored_there(store: MapStore):
    for (id,) in store.connection.execute("SELECT id FROM element WHERE id % 97 = 0").fetchall():
        element = store.elements.by_ids([id])[0]
        assert store.elements.reverse(element.point).point == element.point
    assert store.elements.reverse(Point(30.0, -40.0)) is None
