"""People and groups: those of the facts, and generated ones around them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from .facts import seconds
from .texts import Words, slug

_BASE_PEOPLE, _FEWEST_PEOPLE = 600, 120  # at scale 1, and at any scale: the stars of the facts need that many
_NAMESPACE_OFFSET = 175  # between a user's id and that of the user's namespace
_FIRST_ID, _ID_STEP = 2, 4  # spreads generated ids among those of the facts
_FIRST_GROUP_ID = 30
_FIRST_JOIN, _JOIN_DAYS = "2023-01-05 00:00:00", 80


class Person(NamedTuple):
    id: int
    username: str
    name: str
    email: str
    fact: bool


class Namespace(NamedTuple):
    """Where projects live: of a person (``owner_id``), or a group (None)."""

    id: int
    path: str
    name: str
    owner_id: int | None


class People:
    """Everybody, by username; generated ones in ``others``, in a fixed order."""

    def __init__(self, people: list[Person], namespaces: list[Namespace]) -> None:
        self.by_username = {person.username: person for person in people}
        self.others = [person for person in people if not person.fact]
        self.namespaces = {namespace.path: namespace for namespace in namespaces}
        self.groups = [namespace for namespace in namespaces if namespace.owner_id is None]

    def id_of(self, username: str) -> int:
        """
        Raises:
            ValueError: the facts name somebody whom they do not list.
        """
        if username not in self.by_username:
            raise ValueError(f"the facts speak of {username!r}, who is not among their people")
        return self.by_username[username].id


def insert_people(connection: sqlite3.Connection, facts: Mapping[str, Any], words: Words, scale: float) -> People:
    random = Random("gitlab/people")
    user = facts["user"]
    people = [
        Person(p["id"], p["username"], p["name"], p.get("email") or f"{slug(p['username'])}@example.com", True)
        for p in facts["people"]
    ]
    profiles = {p["id"]: p for p in facts["people"]}
    people += _generated(random, facts, words, max(_FEWEST_PEOPLE, round(_BASE_PEOPLE * scale)), {p.id for p in people})
    rows = []
    for person in people:
        profile = profiles.get(person.id) or _profile(random, words)
        created = seconds(profile["created"]) if "created" in profile else _joined(random)
        is_user = person.username == user["username"]
        rows.append(
            (person.id, person.username, person.name, person.email, user["password"] if is_user else f"Sealed-{random.randrange(10**9)}",
             profile.get("bio", ""), profile.get("location", ""), profile.get("organization", ""), profile.get("job", ""), "",
             "", "", "", created, user["feed_token"] if is_user else f"glft{random.randrange(16**12):012x}")
        )  # fmt: skip
    connection.executemany(
        "INSERT INTO person (id, username, name, email, password, bio, location, organization, job_title, pronouns, website, "
        f"linkedin, twitter, created_at, feed_token) VALUES ({', '.join('?' * 15)})",
        rows,
    )
    joined = {row[0]: row[13] for row in rows}
    return People(people, _insert_namespaces(connection, facts, words, people, joined))


def _generated(random: Random, facts: Mapping[str, Any], words: Words, count: int, taken: set[int]) -> Iterator[Person]:
    """``count`` people with names unlike those of the facts, so that a search for one of these finds nobody else."""
    known = " ".join(f"{p['username']} {p['name']}" for p in facts["people"]).lower()
    usernames: set[str] = set()
    ids = (number for number in range(_FIRST_ID, 10**9, _ID_STEP) if number not in taken)
    while len(usernames) < count:
        first, last = random.choice(words["first"]), random.choice(words["last"])
        if first.lower() in known or last.lower() in known:
            continue
        number = len(usernames)
        username = (f"{first}.{last}", f"{first[0]}{last}", f"{last}{first[0]}", f"{first}-{last}", f"{first}{number}")[
            number % 5
        ]
        username = slug(username) if "." not in username else username.lower()
        if username in usernames:
            username += str(number)
        usernames.add(username)
        yield Person(next(ids), username, f"{first} {last}", f"{username}@example.com", False)


def _profile(random: Random, words: Words) -> dict[str, str]:
    chance = random.random
    return {
        "bio": random.choice(words["bios"]) if chance() < 0.4 else "",
        "location": random.choice(words["cities"]) if chance() < 0.5 else "",
        "organization": random.choice(words["companies"]) if chance() < 0.3 else "",
        "job": random.choice(words["jobs"]) if chance() < 0.3 else "",
    }


def _joined(random: Random) -> int:
    return seconds(_FIRST_JOIN) + random.randrange(_JOIN_DAYS * 86_400)


def _insert_namespaces(
    connection: sqlite3.Connection,
    facts: Mapping[str, Any],
    words: Words,
    people: list[Person],
    joined: Mapping[int, int],
) -> list[Namespace]:
    """One for each person, and the groups."""
    founded = seconds(_FIRST_JOIN)
    groups = [(g["id"], g["path"], g["name"], g["description"]) for g in facts["groups"]]
    groups += [
        (_FIRST_GROUP_ID + i, slug(name), name, f"Projects of {name}.") for i, name in enumerate(words["groups"])
    ]
    namespaces = [Namespace(p.id + _NAMESPACE_OFFSET, p.username, p.name, p.id) for p in people]
    namespaces += [Namespace(id, path, name, None) for id, path, name, _ in groups]
    descriptions = {id: description for id, _, _, description in groups}
    connection.executemany(
        "INSERT INTO namespace VALUES (?, ?, ?, ?, ?, 20, ?)",
        [
            (n.id, n.path, n.name, n.owner_id, descriptions.get(n.id, ""), joined.get(n.owner_id or 0, founded))
            for n in namespaces
        ],
    )
    random = Random("gitlab/groups")
    others = [person for person in people if not person.fact]
    root = next((p.id for p in people if p.username == "root"), None)
    for id, *_ in groups:
        for number, person in enumerate(random.sample(others, 4)):
            connection.execute(
                "INSERT INTO group_member VALUES (?, ?, ?, ?)", (id, person.id, (50, 40, 30, 30)[number], founded)
            )
        if root is not None:
            connection.execute("INSERT INTO group_member VALUES (?, ?, 50, ?)", (id, root, founded))
    return namespaces
