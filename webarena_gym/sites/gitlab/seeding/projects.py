"""Projects: those of the facts, and generated ones; everything about them that needs no repository or issue."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from .facts import ROLES, seconds
from .people import Namespace, People
from .texts import Words

BASE_PROJECTS = 166  # generated, at scale 1
_FIRST_DAY, _LAST_CREATED = "2012-03-01 00:00:00", "2022-09-01 00:00:00"
_FIRST_UPDATE, _LAST_UPDATE = "2023-01-10 00:00:00", "2023-03-29 00:00:00"
_PRIVATE, _INTERNAL, _PUBLIC = 0, 10, 20
_STAR_MEAN = 7


@dataclass(slots=True)
class ProjectSeed:
    """A project as it is inserted. ``fact`` is its entry in the facts, empty for generated ones; times are seconds."""

    id: int
    namespace: Namespace
    path: str
    description: str
    domain: str
    branch: str
    stars: int
    created: int
    updated: int
    visibility: int
    commits: int
    issues: Mapping[str, int]
    merge_requests: Mapping[str, int]
    fact: Mapping[str, Any] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)  # person -> access level

    @property
    def full_path(self) -> str:
        return f"{self.namespace.path}/{self.path}"

    def random(self, purpose: str) -> Random:
        """A random stream of its own, so that one project's data never depends on another's."""
        return Random(f"gitlab/{self.full_path}/{purpose}")


def project_seeds(facts: Mapping[str, Any], words: Words, people: People, scale: float) -> list[ProjectSeed]:
    """In order of id.

    Raises:
        ValueError: two projects of the facts share an id or a path, or one lies in an unknown namespace.
    """
    taken = {p["id"] for p in facts["projects"] if "id" in p}
    free = (number for number in itertools.count(1) if number not in taken)
    seeds = [_fact_seed(p, p.get("id") or next(free), people, scale) for p in facts["projects"]]
    paths = {seed.full_path.lower() for seed in seeds}
    if len(paths) < len(seeds) or len({seed.id for seed in seeds}) < len(seeds):
        raise ValueError("two projects of the facts share a path or an id")
    seeds += _generated_seeds(facts, words, people, round(BASE_PROJECTS * scale), free, paths)
    return sorted(seeds, key=lambda seed: seed.id)


def _fact_seed(fact: Mapping[str, Any], project_id: int, people: People, scale: float) -> ProjectSeed:
    space, _, path = fact["path"].partition("/")
    if space not in people.namespaces:
        raise ValueError(f"the project {fact['path']!r} lies in the unknown namespace {space!r}")
    random = Random(f"gitlab/{fact['path']}/dates")
    created, updated = _dates(random)
    return ProjectSeed(
        id=project_id,
        namespace=people.namespaces[space],
        path=path,
        description=fact["description"],
        domain=fact["domain"],
        branch=fact["branch"],
        stars=fact["stars"],
        created=seconds(fact["created"]) if "created" in fact else created,
        updated=seconds(fact["updated"]) if "updated" in fact else updated,
        visibility=_PUBLIC,
        commits=fact["commits"] if "commits" in fact else sum(count for *_, count in fact["authors"]),
        issues=_scaled(fact["issues"], scale),
        merge_requests=_scaled(fact["merge_requests"], scale),
        fact=fact,
    )


def _scaled(counts: Mapping[str, int], scale: float) -> dict[str, int]:
    """Small sites have fewer; large ones do not have more in a project, they have more projects."""
    return {state: round(count * min(1.0, scale)) for state, count in counts.items()}


def _generated_seeds(
    facts: Mapping[str, Any], words: Words, people: People, wanted: int, ids: Iterator[int], paths: set[str]
) -> Iterator[ProjectSeed]:
    random = Random("gitlab/projects")
    domains = list(words["domains"])
    groups = [group for group in people.groups if group.path not in {g["path"] for g in facts["groups"]}]
    while wanted:
        domain = random.choice(domains)
        topic = random.choice(words["topics"][domain])
        owner = random.choice(people.others)
        space = random.choice(groups) if random.random() < 0.25 else people.namespaces[owner.username]
        path = f"{random.choice(words['adjectives'])}-{topic}"
        if f"{space.path}/{path}".lower() in paths:
            continue
        paths.add(f"{space.path}/{path}".lower())
        created, updated = _dates(random)
        busy = random.choice((1, 1, 2, 2, 3, 4, 6))
        yield ProjectSeed(
            id=next(ids),
            namespace=space,
            path=path,
            description=random.choice(words["domains"][domain]["about"]).format(t=topic.replace("-", " ")),
            domain=domain,
            branch=random.choice(("main", "main", "master")),
            stars=min(int(random.expovariate(1 / _STAR_MEAN)), facts["most_stars_of_others"]),
            created=created,
            updated=updated,
            visibility=random.choices((_PUBLIC, _INTERNAL, _PRIVATE), (14, 2, 1))[0],
            commits=random.randrange(18, 56) * busy,
            issues={"opened": random.randrange(1, 5) * busy, "closed": random.randrange(2, 6) * busy},
            merge_requests={"opened": random.randrange(0, 2) * busy, "merged": random.randrange(1, 3) * busy, "closed": random.randrange(0, 2)},
        )  # fmt: skip
        wanted -= 1


def _dates(random: Random) -> tuple[int, int]:
    return (
        random.randrange(seconds(_FIRST_DAY), seconds(_LAST_CREATED)),
        random.randrange(seconds(_FIRST_UPDATE), seconds(_LAST_UPDATE)),
    )


def insert_projects(connection: sqlite3.Connection, seeds: list[ProjectSeed]) -> None:
    """The rows; counts are filled in by ``count_everything`` once all is there."""
    connection.executemany(
        "INSERT INTO project VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, ?, NULL, 0, ?)",
        [
            (s.id, s.namespace.id, s.path, s.full_path, s.path, s.namespace.name, s.description, s.visibility, s.domain, s.branch,
             s.created, s.updated, s.fact.get("storage_kb") or s.random("size").randrange(300, 90_000), bool(s.fact))
            for s in seeds
        ],
    )  # fmt: skip


def insert_members(connection: sqlite3.Connection, seeds: list[ProjectSeed], people: People, username: str) -> None:
    """The owner, the members that the facts name, and some generated people where they name none."""
    user_id = people.id_of(username)
    rows = []
    for seed in seeds:
        random = seed.random("members")
        levels = {people.id_of(name): ROLES[role] for name, role in seed.fact.get("members", {}).items()}
        owner = seed.namespace.owner_id
        if owner is None and 50 not in levels.values():
            owner = random.choice(people.others).id
        if owner is not None:
            levels[owner] = 50
        if "members" not in seed.fact and owner != user_id:
            for person in random.sample(people.others, random.randrange(0, 5)):
                levels.setdefault(person.id, random.choice((20, 30, 30, 40)))
        seed.levels = levels
        rows += [(seed.id, person, level, seed.created if level == 50 else random.randrange(seed.created, seed.updated)) for person, level in levels.items()]  # fmt: skip
    connection.executemany("INSERT INTO member VALUES (?, ?, ?, ?, NULL, NULL)", rows)


def insert_stars(
    connection: sqlite3.Connection, seeds: list[ProjectSeed], people: People, facts: Mapping[str, Any]
) -> None:
    """As many stars as each project has; the user's own are those of the facts.

    Raises:
        ValueError: a project has more stars than there are people.
    """
    user_id, starred = people.id_of(facts["user"]["username"]), set(facts["user_memberships"]["stars"])
    others = [person.id for person in people.by_username.values() if person.id != user_id]
    rows = []
    for seed in seeds:
        own = seed.full_path in starred
        if seed.stars - own > len(others):
            raise ValueError(
                f"{seed.full_path} has {seed.stars} stars, but there are {len(others)} people to give them"
            )
        random = seed.random("stars")
        givers = random.sample(others, max(0, seed.stars - own)) + [user_id] * own
        rows += [(person, seed.id, random.randrange(seed.created, seed.updated)) for person in givers]
    connection.executemany("INSERT INTO star VALUES (?, ?, ?)", rows)
    memberships = facts["user_memberships"]
    follows = {(user_id, people.id_of(name)) for name in memberships["follows"]}
    follows |= {(people.id_of(name), user_id) for name in memberships["followed_by"]}
    random = Random("gitlab/follows")
    for person in people.others[: len(people.others) // 2]:
        follows |= {(person.id, other.id) for other in random.sample(people.others, 2) if other.id != person.id}
    connection.executemany("INSERT INTO follow VALUES (?, ?)", sorted(follows))
