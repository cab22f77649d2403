"""Errands on the map about ways: how far, how long, which engine, which goal, which round; directions to show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from ..oracles.map.pages import Way, find, spoken, travel
from ..oracles.screen import Finding, Screen, stop
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .map_data import (
    MODES,
    answered,
    landmark,
    landmark_count,
    map_family,
    mode_in,
    numbers,
    query_of,
    quoted,
    shows_way,
    shows_way_of,
    way,
    way_count,
)

Reached = Callable[[Progress], bool]


def _minutes(text: str) -> int | None:
    """The one duration in a text, None if there is none or more than one; a bare number is in minutes."""
    found = re.fullmatch(
        r"\D*?(?:(\d+)\s*h(?:ours?|rs?)?\b[ ,and]*)?(?:(\d+)\s*(?:min(?:ute)?s?)?)?\W*", text.strip().lower()
    )
    if found is None or not (found[1] or found[2]):
        clock = re.fullmatch(r"(\d+):(\d\d)", text.strip())
        return None if clock is None else 60 * int(clock[1]) + int(clock[2])
    return 60 * int(found[1] or 0) + int(found[2] or 0)


def _on_way(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("directions shown", shows_way),
        MilestoneSpec("the way asked for", shows_way_of(parameters)),
    ]


def _travel(screen: Screen) -> Finding[Way]:
    start, goal = quoted(screen)
    return (yield from travel(screen, start, goal, MODES[mode_in(screen)][0]))


# --- way_distance, way_time, show_way ---


def _answered_distance(parameters: Parameters) -> Reached:
    wanted = answered(parameters["distance"])
    spaced = answered(re.sub(r"(?<=\d)(?=[km])", " ", parameters["distance"]))
    return lambda progress: wanted(progress) or spaced(progress)


def _answered_time(parameters: Parameters) -> Reached:
    return lambda progress: _minutes(progress.answer or "") == parameters["minutes"]


def _distance_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [*_on_way(parameters), MilestoneSpec("distance answered", _answered_distance(parameters))]


def _time_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [*_on_way(parameters), MilestoneSpec("time answered", _answered_time(parameters))]


def _solve_distance(screen: Screen) -> Iterator[str]:
    found = yield from _travel(screen)
    yield stop(found.distance)


def _solve_time(screen: Screen) -> Iterator[str]:
    found = yield from _travel(screen)
    yield stop(spoken(found.minutes))


def _solve_show(screen: Screen) -> Iterator[str]:
    yield from _travel(screen)
    yield stop()


# --- time_saved ---


def _two_modes(store: StoreOf, index: int) -> Parameters:
    """A way, and how many minutes a car saves against the bicycle."""
    found = way(store, 3 * index)
    ends = [store("map").search.best(found[end]).point for end in ("start", "goal")]
    minutes = {mode: store("map").directions.shown(*ends, mode)[1] for mode in ("car", "bike")}
    return {**found, "saved": minutes["bike"] - minutes["car"]}


def _answered_saved(parameters: Parameters) -> Reached:
    return lambda progress: _minutes(progress.answer or "") == parameters["saved"] and shows_way(progress)


def _saved_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("by car", shows_way_of(parameters, "by car")),
        MilestoneSpec("by bicycle", shows_way_of(parameters, "by bicycle")),
        MilestoneSpec("difference answered", _answered_saved(parameters)),
    ]


def _solve_saved(screen: Screen) -> Iterator[str]:
    start, goal = quoted(screen)
    car = yield from travel(screen, start, goal, "Car")
    bicycle = yield from travel(screen, start, goal, "Bicycle")
    yield stop(spoken(bicycle.minutes - car.minutes))


# --- nearer_goal, round_trip ---


def _triple_count(store: StoreOf) -> int:
    return 20 * landmark_count(store)


def _triple(store: StoreOf, index: int) -> Parameters:
    """Three landmarks: minutes by car from the first to each other one, and around over all three."""
    step, first = divmod(index, landmark_count(store))
    count = landmark_count(store)
    points: list[Any] = [landmark(store, (first + move) % count) for move in (0, 1 + step, 3 + 2 * step)]

    def minutes(one: Any, other: Any) -> int:
        return store("map").directions.shown(one.point, other.point, "car")[1]

    start, goal, other = points
    legs = [minutes(a, b) for a, b in pairwise([*points, start])]
    to_goal, to_other = minutes(start, goal), minutes(start, other)
    return {
        "start": start.name,
        "goal": goal.name,
        "other": other.name,
        "nearer": goal.name if to_goal <= to_other else other.name,
        "total": sum(legs),
    }


def _leg(parameters: Parameters, start: str, goal: str) -> Reached:
    return shows_way_of({"start": parameters[start], "goal": parameters[goal]}, "by car")


def _answered_nearer(parameters: Parameters) -> Reached:
    right = answered(parameters["nearer"])
    return lambda progress: right(progress) and shows_way(progress)


def _nearer_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("first way", _leg(parameters, "start", "goal")),
        MilestoneSpec("second way", _leg(parameters, "start", "other")),
        MilestoneSpec("nearer one answered", _answered_nearer(parameters)),
    ]


def _solve_nearer(screen: Screen) -> Iterator[str]:
    start, *goals = quoted(screen)
    minutes = []
    for goal in goals:
        found = yield from travel(screen, start, goal, "Car")
        minutes.append(found.minutes)
    yield stop(goals[minutes.index(min(minutes))])


def _answered_total(parameters: Parameters) -> Reached:
    return lambda progress: _minutes(progress.answer or "") == parameters["total"] and shows_way(progress)


def _round_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("first leg", _leg(parameters, "start", "goal")),
        MilestoneSpec("second leg", _leg(parameters, "goal", "other")),
        MilestoneSpec("third leg", _leg(parameters, "other", "start")),
        MilestoneSpec("total answered", _answered_total(parameters)),
    ]


def _solve_round(screen: Screen) -> Iterator[str]:
    places = quoted(screen)
    for place in places:  # each is looked up before the round
        yield from find(screen, place)
    total = 0
    for start, goal in pairwise([*places, places[0]]):
        found = yield from travel(screen, start, goal, "Car")
        total += found.minutes
    yield stop(spoken(total))


# --- way_overseas ---

_ABROAD = {
    "London": "51.5074, -0.1278",
    "Reykjavik": "64.1466, -21.9426",
    "Lisbon": "38.7223, -9.1393",
    "Dakar": "14.7167, -17.4677",
}


def _overseas(store: StoreOf, index: int) -> Parameters:
    which, city = divmod(index, len(_ABROAD))
    return {"start": landmark(store, which).name, "point": tuple(_ABROAD.values())[city]}


def _said_none(parameters: Parameters) -> Reached:
    """N/A, where the directions to that point say that there is no way or no such place."""

    def reached(progress: Progress) -> bool:
        looked = query_of(progress).get("route_to", "") == parameters["point"] and "Sorry" in progress.text
        nowhere = "find a route" in progress.text and numbers(parameters["point"])[0] in progress.url
        return (looked or nowhere) and (progress.answer or "").strip(" .").lower() == "n/a"

    return reached


def _overseas_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("directions opened", lambda progress: "/directions" in progress.url),
        MilestoneSpec("said that there is none", _said_none(parameters)),
    ]


def _solve_overseas(screen: Screen) -> Iterator[str]:
    start, point = quoted(screen)
    yield screen.click("link", "Find directions")
    yield screen.fill("textbox", "From", start)
    yield screen.fill("textbox", "To", point, enter=True)
    yield stop("N/A" if not re.search(r"Distance: ", screen.text) else "yes")


FAMILIES = (
    map_family(
        "way_distance",
        (
            'How far is it from "{start}" to "{goal}" {mode}? Answer as the directions print it.',
            'What distance do the directions give from "{start}" to "{goal}" {mode}?',
            'I travel {mode} from "{start}" to "{goal}". How long is the way, in the map\'s own figures?',
        ),
        count=way_count, parameters=way, success=_answered_distance, milestones=_distance_milestones, oracle=_solve_distance, length=4,
    ),
    map_family(
        "way_time",
        (
            'How long does it take to get from "{start}" to "{goal}" {mode}?',
            'What is the travel time {mode} from "{start}" to "{goal}"?',
            'When I leave "{start}" {mode} now, how much later do I reach "{goal}"?',
        ),
        count=way_count, parameters=way, success=_answered_time, milestones=_time_milestones, oracle=_solve_time, length=4,
    ),
    map_family(
        "show_way",
        (
            'Show me the directions from "{start}" to "{goal}" {mode}.',
            'Bring up the way {mode} from "{start}" to "{goal}" on the map.',
            'I want to see how to get from "{start}" to "{goal}" {mode}.',
        ),
        count=way_count, parameters=way, success=shows_way_of, milestones=_on_way, oracle=_solve_show, length=4,
    ),
    map_family(
        "time_saved",
        (
            'How much time does driving save against cycling on the way from "{start}" to "{goal}"?',
            'From "{start}" to "{goal}": how many minutes longer is the bicycle on the road than the car?',
            'Compare car and bicycle from "{start}" to "{goal}" and tell me the difference in time.',
        ),
        count=lambda store: way_count(store) // len(MODES), parameters=_two_modes, success=_answered_saved, milestones=_saved_milestones,
        oracle=_solve_saved, length=7,
    ),
    map_family(
        "nearer_goal",
        (
            'I drive from "{start}". Which takes less time to reach, "{goal}" or "{other}"?',
            'Starting at "{start}", which is the shorter drive in minutes: "{goal}" or "{other}"?',
            'By car from "{start}", do I get sooner to "{goal}" or to "{other}"? Answer with the name.',
        ),
        count=_triple_count, parameters=_triple, success=_answered_nearer, milestones=_nearer_milestones, oracle=_solve_nearer, length=6,
    ),
    map_family(
        "round_trip",
        (
            'How long is a round trip by car in all, from "{start}" to "{goal}", on to "{other}" and back to where I began?',
            'I drive a round: "{start}", "{goal}", "{other}", and home to the first. Add up the driving times.',
            'What is the total driving time from "{start}" over "{goal}" and "{other}" back to the start?',
        ),
        count=_triple_count, parameters=_triple, success=_answered_total, milestones=_round_milestones, oracle=_solve_round, length=11,
        heldout=True,
    ),
    map_family(
        "way_overseas",
        (
            'How long do I drive from "{start}" to the coordinates "{point}"? Answer N/A if no road leads there.',
            'Get directions from "{start}" to "{point}". If the map finds no way, answer N/A.',
            'Is there a way by car from "{start}" to the point "{point}"? Answer with its length, or N/A if there is none.',
        ),
        count=lambda store: landmark_count(store) * len(_ABROAD), parameters=_overseas, success=_said_none, milestones=_overseas_milestones,
        oracle=_solve_overseas, length=4,
    ),
)  # fmt: skip
