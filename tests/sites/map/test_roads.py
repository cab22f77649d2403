"""The road model keeps its promises for any points; listed ways stay near it; steps and figures agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webarena_gym.sites.map.geo import Point, distance_m
from webarena_gym.sites.map.roads import (
    LISTED_SLACK,
    MODES,
    Length,
    clock_time,
    model_length,
    steps,
    total_distance,
    travel_s,
    waypoints,
)
from webarena_gym.sites.map.seeding.seeds import read_json
from webarena_gym.sites.map.store import MapStore

points = st.builds(
    Point, st.floats(37.0, 47.0).map(lambda v: round(v, 7)), st.floats(-84.0, -67.0).map(lambda v: round(v, 7))
)
close = st.tuples(points, st.floats(-0.02, 0.02), st.floats(-0.02, 0.02)).map(
    lambda drawn: (drawn[0], Point(drawn[0].lat + drawn[1], drawn[0].lon + drawn[2]))
)
pairs = st.one_of(st.tuples(points, points), close)
modes = st.sampled_from(MODES)
FACTS = read_json("facts.json")
# Figures that contradict what a road could be, taken as the contract has them: a ferry, and a drive around.
ODD = {("pittsburgh", "philadelphia"), ("vinalhaven", "acadia"), ("museum_of_art", "sorrells_library")}


@given(points, points, points, modes)
def test_no_detour_over_a_third_point_is_shorter_or_faster(one: Point, other: Point, third: Point, mode):
    direct, first, second = (model_length(*ends, mode) for ends in ((one, other), (one, third), (third, other)))
    assert direct.metres <= (first.metres + second.metres) * (1 + 1e-9) + 1e-3
    assert direct.seconds <= (first.seconds + second.seconds) * (1 + 1e-9) + 1e-3


@given(pairs)
def test_a_car_is_faster_than_a_bicycle_and_that_faster_than_a_walk_beyond_a_kilometre(ends: tuple[Point, Point]):
    seconds = {mode: model_length(*ends, mode).seconds for mode in MODES}
    if distance_m(*ends) > 1000:
        assert seconds["car"] < seconds["bike"] < seconds["foot"]


@given(pairs, modes)
def test_a_way_is_as_long_back_and_no_shorter_than_the_straight_line(ends: tuple[Point, Point], mode):
    one, back = model_length(*ends, mode), model_length(*ends[::-1], mode)
    assert one.metres == pytest.approx(back.metres) and one.seconds == pytest.approx(back.seconds)
    assert one.metres >= distance_m(*ends)


@given(st.floats(1, 3e6), st.floats(1, 3e6), modes)
def test_longer_ways_take_longer_but_less_than_their_parts(one: float, other: float, mode):
    assert travel_s(min(one, other), mode) <= travel_s(max(one, other), mode)
    assert travel_s(one + other, mode) <= travel_s(one, mode) + travel_s(other, mode) + 1e-6


def test_a_drive_of_eleven_kilometres_by_hand():
    # 4 km at 30 km/h are 8 minutes, 7 km at 45 km/h are 9:20.
    assert travel_s(11_000, "car") == pytest.approx((8 + 28 / 3) * 60)


@given(pairs, modes)
def test_steps_add_up_to_the_way(ends: tuple[Point, Point], mode):
    length = model_length(*ends, mode)
    through = waypoints(*ends, length.metres)
    found = steps(through, ["Street"] * (len(through) - 1), length)
    assert found[0].kind == "depart" and found[-1].kind == "arrive"
    assert sum(step.metres for step in found) == pytest.approx(length.metres)
    assert sum(step.seconds for step in found) == pytest.approx(length.seconds)
    assert (through[0], through[-1]) == ends


@pytest.mark.parametrize("route", FACTS["routes"], ids=lambda route: f"{route['from']}-{route['to']}")
def test_listed_ways_stay_near_the_model(route):
    ends = [Point(FACTS["places"][route[end]]["lat"], FACTS["places"][route[end]]["lon"]) for end in ("from", "to")]
    slack = 2.8 if (route["from"], route["to"]) in ODD else LISTED_SLACK
    for mode in MODES:
        if mode in route:
            metres, minutes = route[mode]
            model = model_length(*ends, mode)
            assert 1 / slack < metres / model.metres < slack
            assert 1 / slack < minutes * 60 / model.seconds < slack


def test_listed_ways_keep_the_order_of_engines(store: MapStore):
    """Those beyond a kilometre; a car that is as slow as the way to Philadelphia still beats a bicycle."""
    for route in FACTS["routes"]:
        one, other = (store.elements.by_fact(route[end]).point for end in ("from", "to"))
        if distance_m(one, other) > 1000:
            car, bike, foot = (store.directions.length(one, other, mode).seconds for mode in ("car", "bike", "foot"))
            assert car < bike < foot, route


def test_a_way_that_is_not_listed_follows_the_model(store: MapStore):
    one, other = (store.search.best(name).point for name in ("Heinz Hall", "Frick Park"))
    assert store.directions.length(one, other, "bike") == model_length(one, other, "bike")


def test_a_listed_way_counts_for_points_beside_its_ends_only(store: MapStore):
    one, other = (store.elements.by_fact(key).point for key in ("cmu", "mit"))
    beside = Point(one.lat + 0.0003, one.lon)  # 33 m
    assert store.directions.length(beside, other, "car") == Length(914_000, 543 * 60)
    away = Point(one.lat + 0.003, one.lon)
    assert store.directions.length(away, other, "car") == model_length(away, other, "car")


def test_no_road_leads_overseas(store: MapStore):
    assert store.directions.way(Point(40.44, -79.94), Point(51.5, 0.0), "car") is None


@pytest.mark.parametrize(
    ("metres", "shown"), [(0, "0m"), (999.4, "999m"), (1000, "1.0km"), (9949, "9.9km"), (9960, "10.0km"), (10_000, "10km"), (914_400, "914km")]
)  # fmt: skip
def test_distances_are_written_as_the_contract_says(metres: float, shown: str):
    assert total_distance(metres) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(29, "0:00"), (30, "0:01"), (780, "0:13"), (6300, "1:45"), (37_980, "10:33")]
)
def test_times_are_hours_and_minutes(seconds: float, shown: str):
    assert clock_time(seconds) == shown
