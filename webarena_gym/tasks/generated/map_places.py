"""Errands on the map about one place: its address, its tags, its page, what is near it, a note beside it; and places that are not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..oracles.map.pages import find, open_result, search
from ..oracles.screen import Screen, first, stop
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .map_data import (
    CLASSES,
    NO_NAMES,
    answered,
    found,
    landmark,
    landmark_count,
    map_family,
    numbers,
    path_is,
    path_of,
    plain,
    query_of,
    quoted,
    searched,
    shop,
    shop_count,
    tagged,
    town,
    town_count,
)

Reached = Callable[[Progress], bool]


# --- place_postcode ---


def _answered_postcode(parameters: Parameters) -> Reached:
    return lambda progress: numbers(progress.answer or "") == [parameters["postcode"]]


def _postcode_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("address seen", lambda progress: parameters["address"] in progress.text),
        MilestoneSpec("postcode answered", _answered_postcode(parameters)),
    ]


def _solve_postcode(screen: Screen) -> Iterator[str]:
    result = yield from find(screen, quoted(screen)[0])
    yield stop(first((part for part in result.parts if re.fullmatch(r"\d{5}", part)), "postcode"))


# --- place_phone, place_hours, place_coordinates ---


def _answered_phone(parameters: Parameters) -> Reached:
    wanted = "".join(numbers(parameters["phone"]))
    return lambda progress: "".join(numbers(progress.answer or "")) in (wanted, wanted[1:])


def _phone_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return found(parameters, "number answered", _answered_phone(parameters))


def _answered_hours(parameters: Parameters) -> Reached:
    return answered(parameters["hours"])


def _hours_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return found(parameters, "hours answered", _answered_hours(parameters))


def _answered_point(parameters: Parameters) -> Reached:
    """Both numbers, to four decimals and more."""

    def reached(progress: Progress) -> bool:
        given = [float(text) for text in re.findall(r"-?\d+\.\d{4,}", progress.answer or "")]
        wanted = [parameters["lat"], parameters["lon"]]
        return len(given) == 2 and all(abs(a - b) < 6e-5 for a, b in zip(given, wanted, strict=True))

    return reached


def _point_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return found(parameters, "coordinates answered", _answered_point(parameters))


def _solve_tag(tag: str) -> Callable[[Screen], Iterator[str]]:
    def solve(screen: Screen) -> Iterator[str]:
        result = yield from find(screen, quoted(screen)[0])
        tags = yield from open_result(screen, result)
        yield stop(tags[tag])

    return solve


def _solve_point(screen: Screen) -> Iterator[str]:
    result = yield from find(screen, quoted(screen)[0])
    yield from open_result(screen, result)
    yield stop(screen.find(r'Location: \[\d+\] link "(-?[\d.]+, -?[\d.]+)"')[1])


# --- town_population, town_county ---


def _answered_people(parameters: Parameters) -> Reached:
    return lambda progress: numbers(progress.answer or "") == [parameters["people"]]


def _people_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return found(parameters, "population answered", _answered_people(parameters))


# --- show_object ---


def _object_shown(parameters: Parameters) -> Reached:
    return path_is(parameters["path"])


def _object_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [MilestoneSpec("searched", searched), MilestoneSpec("object page", _object_shown(parameters))]


def _solve_object(screen: Screen) -> Iterator[str]:
    result = yield from find(screen, quoted(screen)[0])
    yield from open_result(screen, result)
    yield stop()


# --- search_near, nearest_place ---


def _near_count(store: StoreOf) -> int:
    return landmark_count(store) * len(CLASSES)


def _near(store: StoreOf, index: int) -> Parameters:
    """A class and a landmark, and the name of the nearest of that class."""
    which, kind = divmod(index, len(CLASSES))
    anchor = landmark(store, which)
    best = store("map").search.best(f"{CLASSES[kind]} near {anchor.name}")
    return {"kind": CLASSES[kind], "anchor": anchor.name, "nearest": best.name if best else "N/A"}


def _near_searched(parameters: Parameters) -> Reached:
    """A search in words that name both; "cafes" is "cafe" too."""

    def reached(progress: Progress) -> bool:
        query = query_of(progress).get("query", "").casefold()
        return searched(progress) and parameters["kind"] in query and parameters["anchor"].casefold() in query

    return reached


def _near_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("searched near the place", _near_searched(parameters)),
    ]


def _answered_nearest(parameters: Parameters) -> Reached:
    return lambda progress: (
        plain(progress.answer) == plain(parameters["nearest"])
        and (parameters["nearest"] != "N/A" or "No results found" in progress.text)
    )


def _nearest_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [*_near_milestones(parameters), MilestoneSpec("name answered", _answered_nearest(parameters))]


def _solve_near(screen: Screen) -> Iterator[str]:
    kind, anchor = quoted(screen)
    yield from search(screen, f"{kind} near {anchor}")
    yield stop()


def _solve_nearest(screen: Screen) -> Iterator[str]:
    kind, anchor = quoted(screen)
    results = yield from search(screen, f"{kind} near {anchor}")
    yield stop(results[0].name if results else "N/A")


# --- leave_note ---

_NOTES = (
    "The entrance is on the other side", "This has moved", "The name on the sign is another one", "There is a new bench here",
    "Closed on Mondays", "The path is flooded", "House numbers are missing", "The bicycle stand is gone",
)  # fmt: skip


def _note_count(store: StoreOf) -> int:
    return landmark_count(store) * len(_NOTES)


def _note(store: StoreOf, index: int) -> Parameters:
    which, text = divmod(index, len(_NOTES))
    anchor = landmark(store, which)
    return {"anchor": anchor.name, "text": _NOTES[text], "lat": anchor.lat, "lon": anchor.lon}


def _note_left(parameters: Parameters) -> Reached:
    """One note with these words at the place, and nothing else written."""

    def reached(progress: Progress) -> bool:
        (change, *more) = progress.outcome().changes() or (None,)
        return (
            change is not None
            and not more
            and (change.table, change.kind) == ("note", "inserted")
            and plain(str(change.after["body"])) == plain(parameters["text"])
            and all(abs(float(str(change.after[part])) - parameters[part]) < 0.001 for part in ("lat", "lon"))
        )

    return reached


def _note_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("place searched", lambda progress: searched(progress) and parameters["anchor"] in progress.text),
        MilestoneSpec("note begun", lambda progress: path_of(progress) == "/note/new"),
        MilestoneSpec("note left", _note_left(parameters), reads_state=True),
    ]


def _solve_note(screen: Screen) -> Iterator[str]:
    anchor, text = quoted(screen)
    yield from find(screen, anchor)
    yield from screen.follow("link", "Add a note")
    yield screen.fill("textbox", "Note", text)
    yield screen.click("button", "Add Note")
    yield stop()


# --- place_unknown ---


def _unknown(store: StoreOf, index: int) -> Parameters:
    """The address of a shop with a name that nothing has."""
    which, word = divmod(index, len(NO_NAMES))
    rest = shop(store, which)["place"].split(", ", 1)[1]
    return {"place": f"{NO_NAMES[word]} Emporium, {rest}"}


def _said_unknown(parameters: Parameters) -> Reached:
    """N/A, given where the search says that there is no such place."""

    def reached(progress: Progress) -> bool:
        name = parameters["place"].split(",")[0].casefold()
        looked = name in query_of(progress).get("query", "").casefold() and "No results found" in progress.text
        return looked and plain(progress.answer) in ("n/a", "not found", "no such place")

    return reached


def _unknown_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("said that there is none", _said_unknown(parameters)),
    ]


def _solve_unknown(screen: Screen) -> Iterator[str]:
    results = yield from search(screen, quoted(screen)[0])
    yield stop("N/A" if not results else results[0].name)


FAMILIES = (
    map_family(
        "place_postcode",
        (
            'What is the postcode of "{place}"?',
            'Look up "{place}" on the map and tell me its zip code.',
            'I want to send a letter to "{place}". Which postcode do I write?',
        ),
        count=shop_count, parameters=shop, success=_answered_postcode, milestones=_postcode_milestones, oracle=_solve_postcode, length=2,
    ),
    map_family(
        "place_phone",
        (
            'What is the phone number of "{place}"?',
            'Find "{place}" on the map and give me its telephone number.',
            'I need to call "{place}". Which number does the map have for it?',
        ),
        count=lambda store: shop_count(store, tagged("phone")), parameters=lambda store, i: shop(store, i, tagged("phone")),
        success=_answered_phone, milestones=_phone_milestones, oracle=_solve_tag("phone"), length=3,
    ),
    map_family(
        "place_hours",
        (
            'What are the opening hours of "{place}", as the map has them?',
            'Tell me the value of the opening hours tag of "{place}".',
            'When is "{place}" open? Answer with the map\'s own abbreviations.',
        ),
        count=lambda store: shop_count(store, tagged("opening_hours")), parameters=lambda store, i: shop(store, i, tagged("opening_hours")),
        success=_answered_hours, milestones=_hours_milestones, oracle=_solve_tag("opening_hours"), length=3,
    ),
    map_family(
        "place_coordinates",
        (
            'What are the coordinates of "{place}", latitude first?',
            'Give me latitude and longitude of "{place}" in decimal degrees.',
            'Where exactly does "{place}" lie? Answer with its latitude and longitude.',
        ),
        count=shop_count, parameters=shop, success=_answered_point, milestones=_point_milestones, oracle=_solve_point, length=3, heldout=True,
    ),
    map_family(
        "town_population",
        (
            'How many people live in "{town}"?',
            'What population does the map give for "{town}"?',
            'Tell me the number of inhabitants of "{town}".',
        ),
        count=town_count, parameters=town, success=_answered_people, milestones=_people_milestones, oracle=_solve_tag("population"), length=3,
    ),
    map_family(
        "show_object",
        (
            'Show me the page of "{place}" on the map.',
            'Open the object page of "{place}".',
            'Bring up all that the map knows of "{place}".',
        ),
        count=shop_count, parameters=shop, success=_object_shown, milestones=_object_milestones, oracle=_solve_object, length=3,
    ),
    map_family(
        "search_near",
        (
            'Search the map for any "{kind}" near "{anchor}".',
            'Show me search results for "{kind}" close to "{anchor}".',
            'I am hungry for choice: list every "{kind}" around "{anchor}".',
        ),
        count=_near_count, parameters=_near, success=_near_searched, milestones=_near_milestones, oracle=_solve_near, length=2,
    ),
    map_family(
        "nearest_place",
        (
            'What is the name of the nearest "{kind}" to "{anchor}" as the crow flies? Answer N/A if the map finds none.',
            'Which "{kind}" is closest to "{anchor}" in a straight line? Answer N/A if there is none.',
            'Tell me the name of the first "{kind}" that the map lists near "{anchor}", or N/A if it lists none.',
        ),
        count=_near_count, parameters=_near, success=_answered_nearest, milestones=_nearest_milestones, oracle=_solve_nearest, length=2,
    ),
    map_family(
        "leave_note",
        (
            'Leave a note on the map at "{anchor}" that says "{text}".',
            'Go to "{anchor}" on the map and add a note there: "{text}"',
            'Tell the mappers about "{anchor}", in a note with the words "{text}".',
        ),
        count=_note_count, parameters=_note, success=_note_left, milestones=_note_milestones, oracle=_solve_note, length=5,
    ),
    map_family(
        "place_unknown",
        (
            'What is the postcode of "{place}"? Answer N/A if the map does not know it.',
            'Find the address of "{place}". If there is no such place, answer N/A.',
            'Does the map have "{place}"? Answer with its name, or N/A if it has not.',
        ),
        count=lambda store: shop_count(store) * len(NO_NAMES), parameters=_unknown, success=_said_unknown, milestones=_unknown_milestones,
        oracle=_solve_unknown, length=2,
    ),
)  # fmt: skip
