"""Errands in GitLab about one's own account: status, profile, new projects and groups, and a project set up from the beginning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..oracles.gitlab.pages import invite, new_project, open_members, open_menu, open_section
from ..oracles.screen import Screen, stop
from ..schema import MilestoneSpec
from .family import Parameters, StoreOf
from .gitlab_data import (
    ME,
    NAMES,
    NAMESPACE,
    ROLES,
    Reached,
    added,
    errand,
    holds,
    new_name,
    path_begins,
    path_is,
    person,
    person_count,
    quoted,
    rows,
    stored,
    title,
    unquoted,
)

_MOODS = (
    "Reading",
    "Away",
    "Writing",
    "In a meeting",
    "On the train",
    "Reviewing",
    "Baking",
    "Gardening",
    "Offline",
    "At the library",
)
_UNTIL = (
    "until noon",
    "until Friday",
    "all week",
    "in the morning",
    "for two days",
    "until the release",
    "with a friend",
    "near the sea",
)
_PLACES = (
    "Ghent Porto Tromsø Graz Uppsala Kraków Galway Bilbao Zadar Aarhus Leiden Turku Bergen Trieste Nantes Basel".split()
)
_EMPLOYERS = (
    "Blue Harbour",
    "Northlight",
    "Maple & Sons",
    "Old Mill",
    "Sandbank",
    "Copper Lane",
    "Ninth Street",
    "Lindenhof",
)
_JOBS = ("Writer", "Tester", "Teacher", "Librarian", "Illustrator", "Translator", "Planner", "Editor")
# Each field of the profile with its column and a value.
_FIELDS = [
    *(("Location", "location", place) for place in _PLACES),
    *(("Organization", "organization", name) for name in _EMPLOYERS),
    *(("Job title", "job_title", job) for job in _JOBS),
]
_LEVELS = {"private": 0, "internal": 10, "public": 20}


def _counting(number: int) -> Callable[[StoreOf], int]:
    return lambda store: number


# --- status_set, profile_change ---


def _status(store: StoreOf, index: int) -> Parameters:
    return {"message": f"{_MOODS[index % len(_MOODS)]} {_UNTIL[index // len(_MOODS) % len(_UNTIL)]}"}


def _status_is(parameters: Parameters) -> Reached:
    sql = "SELECT status_message FROM person WHERE id = ?"
    return lambda progress: rows(progress.store, sql, ME) == [(parameters["message"],)]


def _status_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("status form", lambda progress: path_begins("/-/profile")(progress)),
        holds("status set", _status_is(parameters)),
    ]


def _solve_status(screen: Screen) -> Iterator[str]:
    yield from open_menu(screen, "Set status")
    yield screen.fill("textbox", "What's your status?", quoted(screen)[0])
    yield screen.click("button", "Set status")
    yield stop()


def _profile(store: StoreOf, index: int) -> Parameters:
    label, column, value = _FIELDS[index]
    return {"field": label, "column": column, "value": value}


def _profile_is(parameters: Parameters) -> Reached:
    return lambda progress: stored(progress, "person", id=ME, **{parameters["column"]: parameters["value"]})


def _profile_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [MilestoneSpec("profile form", path_is("/-/profile")), holds("profile saved", _profile_is(parameters))]


def _solve_profile(screen: Screen) -> Iterator[str]:
    field, value = quoted(screen)
    yield from open_menu(screen, "Edit profile")
    box = yield from screen.seek("textbox", field)
    yield screen.fill("textbox", box.name, value)
    yield from screen.follow("button", "Update profile settings")
    yield stop()


# --- project_create, group_create, project_setup ---


def _new(store: StoreOf, index: int) -> Parameters:
    return {"name": new_name(index), "visibility": list(_LEVELS)[index % 3]}


def _made(parameters: Parameters) -> Reached:
    wanted = {"name": parameters["name"], "namespace_id": NAMESPACE, "visibility": _LEVELS[parameters["visibility"]]}
    return lambda progress: added(progress, "project", **wanted)


def _new_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [MilestoneSpec("project form", path_is("/projects/new")), holds("project made", _made(parameters))]


def _solve_new(screen: Screen) -> Iterator[str]:
    visibility = re.findall(r"\b(private|internal|public)\b", unquoted(screen).lower())[0]
    yield from new_project(screen, quoted(screen)[0], visibility=visibility)
    yield stop()


def _group(store: StoreOf, index: int) -> Parameters:
    return {"name": f"{new_name(index, ' ')} group"}


def _group_made(parameters: Parameters) -> Reached:
    return lambda progress: stored(progress, "namespace", name=parameters["name"])


def _group_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [MilestoneSpec("group form", path_is("/groups/new")), holds("group made", _group_made(parameters))]


def _solve_group(screen: Screen) -> Iterator[str]:
    yield screen.click("link", "Create new...")
    yield screen.click("link", "New group")
    yield screen.fill("textbox", "Group name", quoted(screen)[0])
    yield screen.click("button", "Create group")
    yield stop()


def _setup(store: StoreOf, index: int) -> Parameters:
    who = person(store, index * 7 % person_count(store))
    return {
        **_new(store, index),
        **who,
        "role": ("Guest", "Reporter", "Developer")[index % 3],
        "title": title(index * 3),
    }


def _joined(parameters: Parameters) -> Reached:
    sql = "SELECT m.level FROM member m JOIN project p ON p.id = m.project_id WHERE p.namespace_id = ? AND p.name = ? AND m.person_id = ?"
    level = next(level for level, role in ROLES.items() if role == parameters["role"])
    return lambda progress: (
        rows(progress.store, sql, NAMESPACE, parameters["name"], parameters["person_id"]) == [(level,)]
    )


def _set_up(parameters: Parameters) -> Reached:
    made, joined = _made(parameters), _joined(parameters)
    opened = {"kind": 0, "title": parameters["title"], "author_id": ME}
    return lambda progress: made(progress) and joined(progress) and added(progress, "issuable", **opened)


def _setup_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        *_new_milestones(parameters),
        holds("member added", _joined(parameters)),
        holds("issue opened", _set_up(parameters)),
    ]


def _solve_setup(screen: Screen) -> Iterator[str]:
    name, who, title = quoted(screen)
    visibility = re.findall(r"\b(private|internal|public)\b", unquoted(screen).lower())[0]
    role = re.findall(r"\b(Guest|Reporter|Developer)\b", unquoted(screen))[0]
    yield from new_project(screen, name, visibility=visibility)
    yield from open_members(screen)
    yield from invite(screen, [who], role)
    yield from open_section(screen, "Issues")
    yield from screen.follow("link", "New issue")
    yield screen.fill("textbox", "Title (required)", title)
    yield from screen.follow("button", "Create issue")
    yield stop()


FAMILIES = (
    errand(
        "status_set",
        ('Set my status to "{message}".', 'Let others see "{message}" as my GitLab status.', 'Change my status: it should say "{message}".'),
        _counting(len(_MOODS) * len(_UNTIL)), _status, _status_is, _status_milestones, _solve_status, 5,
    ),
    errand(
        "profile_change",
        (
            'On my profile, set "{field}" to "{value}".',
            'Edit my profile: the field "{field}" should say "{value}".',
            'The "{field}" that my profile shows is out of date. It is "{value}" now.',
        ),
        _counting(len(_FIELDS)), _profile, _profile_is, _profile_milestones, _solve_profile, 5,
    ),
    errand(
        "project_create",
        (
            'Create a {visibility} project "{name}".',
            'I need a new project, blank and {visibility}: "{name}".',
            'Start a {visibility} project of my own that is called "{name}".',
        ),
        _counting(NAMES), _new, _made, _new_milestones, _solve_new, 6,
    ),
    errand(
        "group_create",
        ('Create a group with the name "{name}".', 'Make a new group "{name}".', 'I want to have a group that is called "{name}".'),
        _counting(NAMES), _group, _group_made, _group_milestones, _solve_group, 5,
    ),
    errand(
        "project_setup",
        (
            'Create a {visibility} project "{name}", invite "{person}" as {role} and open an issue "{title}" in it.',
            'I start something new: a {visibility} project, "{name}". Make "{person}" its {role}, then write the first issue, "{title}".',
            'Set up "{name}" as a {visibility} project of mine with "{person}" as {role} and with one issue: "{title}".',
        ),
        _counting(NAMES), _setup, _set_up, _setup_milestones, _solve_setup, 17, heldout=True,
    ),
)  # fmt: skip
