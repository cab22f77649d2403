"""Issues and merge requests with labels, milestones, people and comments."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from .facts import seconds
from .people import People
from .projects import ProjectSeed
from .texts import Phrases, Words, slug

ISSUE, MERGE_REQUEST = 0, 1
_FIRST_TARGET = {ISSUE: 75_001, MERGE_REQUEST: 60_001}
_LAST_ACTIVITY = "2023-03-26 00:00:00"
_DAY = 86_400
_COMMENT_COUNTS = (0, 0, 1, 1, 2, 2, 3, 4, 6)
_KINDS = ("bug", "enhancement", "documentation", "question", "maintenance")
_KIND_WEIGHTS = (9, 7, 3, 3, 3)


@dataclass(slots=True)
class Issuable:
    """An issue or a merge request before it is inserted; times are seconds, people are ids."""

    kind: int
    iid: int
    title: str
    description: str
    author: int
    state: str
    created: int
    updated: int
    labels: Sequence[str] = ()
    assignees: Sequence[int] = ()
    reviewers: Sequence[int] = ()
    notes: list[tuple[int, int, str]] = field(default_factory=list)  # author, time, text
    source: str = ""
    target: str = ""
    closed: int | None = None
    milestone: int | None = None
    due_on: str | None = None
    upvotes: int = 0
    target_id: int | None = None
    fact: bool = False


class Issuables:
    """Plans and inserts the issues and merge requests of project after project; ids count up."""

    def __init__(self, connection: sqlite3.Connection, facts: Mapping[str, Any], words: Words, people: People) -> None:
        self._connection, self._words, self._people = connection, words, people
        self._user = people.id_of(facts["user"]["username"])
        taken = {kind: {item["id"] for p in facts["projects"] for item in p.get(name, ()) if "id" in item}
                 for kind, name in ((ISSUE, "issue_list"), (MERGE_REQUEST, "merge_request_list"))}  # fmt: skip
        self._targets = {
            kind: (n for n in itertools.count(first) if n not in taken[kind]) for kind, first in _FIRST_TARGET.items()
        }
        self._ids, self._label_ids, self._milestone_ids = itertools.count(1), itertools.count(1), itertools.count(1)
        self._note_ids = itertools.count(300_001)
        self.places: dict[tuple[int, str, int], int] = {}  # kind, project path, iid -> id, for those of the facts

    def plan(self, seed: ProjectSeed) -> list[Issuable]:
        """Everything of one project, in the order it was opened."""
        random = seed.random("issuables")
        phrases = Phrases(random, self._words, seed.domain)
        written = [self._fact(seed, ISSUE, item) for item in seed.fact.get("issue_list", ())]
        written += [self._fact(seed, MERGE_REQUEST, item) for item in seed.fact.get("merge_request_list", ())]
        wanted = [
            (ISSUE, state)
            for state, count in seed.issues.items()
            for _ in range(_missing(written, ISSUE, state, count))
        ]
        wanted += [(MERGE_REQUEST, state) for state, count in seed.merge_requests.items() for _ in range(_missing(written, MERGE_REQUEST, state, count))]  # fmt: skip
        # Open ones are mostly among the newest.
        wanted.sort(key=lambda one: random.random() + (0.35 if one[1] == "opened" else 0))
        taken = {item.iid for item in written}
        highest = max(seed.fact.get("highest_iid", 0), len(wanted) + len(written), *taken, 0)
        iids = sorted(random.sample([n for n in range(1, highest + 1) if n not in taken], len(wanted)))
        pool = random.sample(self._people.others, min(30, len(self._people.others)))
        authors = [person.id for person in pool]
        if seed.namespace.owner_id == self._user:
            authors += [self._user] * 12
        generated = [
            self._generated(seed, random, phrases, kind, state, iid, highest, authors)
            for (kind, state), iid in zip(wanted, iids, strict=True)
        ]
        return sorted(written + generated, key=lambda item: (item.created, item.kind, item.iid))

    def _fact(self, seed: ProjectSeed, kind: int, item: Mapping[str, Any]) -> Issuable:
        ids = self._people.id_of
        updated = seconds(item["updated"])
        return Issuable(
            kind, item["iid"], item["title"], item.get("body", ""), ids(item["author"]), item["state"], seconds(item["created"]), updated,
            labels=item.get("labels", ()), assignees=[ids(name) for name in item.get("assignees", ())],
            reviewers=[ids(name) for name in item.get("reviewers", ())],
            notes=[(ids(name), seconds(when), text) for name, when, text in item.get("notes", ())],
            source=item.get("source", ""), target=item.get("target", ""),
            closed=None if item["state"] == "opened" else updated, target_id=item.get("id"), fact=True,
        )  # fmt: skip

    def _generated(
        self, seed: ProjectSeed, random: Random, phrases: Phrases, kind: int, state: str, iid: int, highest: int, authors: Sequence[int]
    ) -> Issuable:  # fmt: skip
        end = min(seed.updated, seconds(_LAST_ACTIVITY))
        created = int(seed.created + (end - seed.created) * (iid - random.random()) / highest)
        span = max(_DAY, end - created)
        lasted = int(random.expovariate(1 / 90) * _DAY) + random.randrange(60, _DAY)
        updated = created + (lasted if lasted < span else random.randrange(60, span))
        subject = phrases.subject()
        author = random.choice(authors)
        item = Issuable(
            kind, iid, "", "", author, state, created, updated, closed=None if state == "opened" else updated
        )
        if kind == ISSUE:
            sort = random.choices(_KINDS, _KIND_WEIGHTS)[0]
            item.title = phrases.fill_alike(self._words["issue_titles"][sort], subject)
            item.description = phrases.fill_alike(self._words["issue_bodies"][sort], subject)
            item.labels = [sort] * (random.random() < 0.75) + ["help wanted"] * (random.random() < 0.15)
            comments = self._words["comments"]
            if state == "opened" and random.random() < 0.08:
                item.due_on = f"2023-{random.randrange(4, 10):02d}-{random.randrange(1, 29):02d}"
        else:
            item.title = phrases.fill_alike(self._words["mr_titles"], subject)
            item.description = phrases.fill_alike(self._words["mr_bodies"], subject)
            item.source, item.target = f"{slug(item.title)}-{iid}", seed.branch
            item.labels = [random.choice(_KINDS)] * (random.random() < 0.4)
            comments = self._words["review_comments"]
            if random.random() < 0.4:
                item.reviewers = [random.choice(authors)]
        item.assignees = [random.choice([author, *seed.levels])] if random.random() < 0.3 else []
        item.assignees = [person for person in item.assignees if person != self._user]
        item.reviewers = [person for person in item.reviewers if person not in (self._user, author)]
        item.upvotes = random.choice((0, 0, 0, 0, 1, 1, 2, 4))
        times = sorted(random.randrange(created, updated + 1) for _ in range(random.choice(_COMMENT_COUNTS)))
        item.notes = [(random.choice(authors), at, phrases.fill_alike(comments, subject)) for at in times]
        return item

    def insert(self, seed: ProjectSeed, items: Sequence[Issuable], merged_at: Sequence[int]) -> None:
        """``merged_at`` are ids of commits of the default branch; each merged request gets one of them."""
        random = seed.random("labels")
        labels = self._insert_labels(seed, items)
        milestones = self._insert_milestones(seed, random)
        rows, involved, labelled, notes = [], [], [], []
        for item in items:
            id = next(self._ids)
            target_id = item.target_id or next(self._targets[item.kind])
            if milestones and not item.fact and random.random() < 0.2:
                item.milestone = random.choice(milestones)
            shown = [(labels[name.lower()][1], labels[name.lower()][2]) for name in sorted(item.labels, key=str.lower)]
            merged = random.choice(merged_at) if item.state == "merged" else None
            rows.append(
                (id, item.kind, target_id, seed.id, item.iid, item.title, item.description, item.author, item.state, item.created, item.updated,
                 item.closed, None if item.closed is None else (item.notes[-1][0] if item.notes else item.author), item.milestone, item.due_on,
                 item.title.startswith("Draft: "), item.upvotes, len(item.notes), json.dumps(shown, ensure_ascii=False), item.source, item.target, merged)
            )  # fmt: skip
            involved += [(id, "a", person) for person in item.assignees] + [
                (id, "r", person) for person in item.reviewers
            ]
            voters = random.sample(self._people.others, item.upvotes)
            involved += [(id, "u", person.id) for person in voters]
            labelled += [(id, labels[name.lower()][0]) for name in item.labels]
            notes += [(next(self._note_ids), id, author, text, at) for author, at, text in item.notes]
            if item.fact:
                self.places[item.kind, seed.full_path, item.iid] = id
        self._connection.executemany(
            "INSERT INTO issuable (id, kind, target_id, project_id, iid, title, description, author_id, state, created_at, updated_at, closed_at, "
            "closed_by, milestone_id, due_on, draft, upvotes, comments, labels, source_branch, target_branch, merge_revision_id) "
            f"VALUES ({', '.join('?' * 22)})",
            rows,
        )
        self._connection.executemany("INSERT INTO involved VALUES (?, ?, ?)", involved)
        self._connection.executemany("INSERT INTO labelled VALUES (?, ?)", labelled)
        self._connection.executemany(
            "INSERT INTO note (id, issuable_id, author_id, body, system, created_at) VALUES (?, ?, ?, ?, 0, ?)", notes
        )

    def _insert_labels(self, seed: ProjectSeed, items: Sequence[Issuable]) -> dict[str, tuple[int, str, str]]:
        """By name in lower case: id, name, color."""
        known = [(name, color, about) for name, color, about in self._words["labels"]]
        known += [tuple(label) for label in seed.fact.get("labels", ())]
        names = {name.lower() for name, *_ in known}
        for item in items:
            for name in item.labels:
                if name.lower() not in names:
                    raise ValueError(f"{seed.full_path} has no label {name!r}, which its {item.title!r} carries")
        labels = {name.lower(): (next(self._label_ids), name, color) for name, color, _ in known}
        about = {name.lower(): text for name, _, text in known}
        self._connection.executemany(
            "INSERT INTO label VALUES (?, ?, ?, ?, ?)",
            [(id, seed.id, name, about[key], color) for key, (id, name, color) in labels.items()],
        )
        return labels

    def _insert_milestones(self, seed: ProjectSeed, random: Random) -> list[int]:
        titles = random.sample(self._words["milestones"], random.choice((0, 1, 2, 3)))
        ids = []
        for iid, title in enumerate(titles, 1):
            ids.append(next(self._milestone_ids))
            due = f"2023-{random.randrange(4, 12):02d}-{random.randrange(1, 29):02d}" if random.random() < 0.5 else None
            self._connection.execute(
                "INSERT INTO milestone VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",
                (ids[-1], seed.id, iid, title.format(n=random.randrange(1, 5)), "", random.random() < 0.7, due),
            )
        return ids


def open_branches(seed: ProjectSeed, items: Sequence[Issuable]) -> list[tuple[str, str]]:
    """(name, title) of the branches that open merge requests ask to merge; a project with fixed branches lends its own."""
    requests = [item for item in items if item.kind == MERGE_REQUEST and item.state == "opened"]
    written = {item.source for item in requests if item.fact}
    spare: Iterator[str] = iter(
        [name for name in seed.fact.get("branches", ()) if name not in written and name != "redesign"]
    )
    for item in requests:
        if not item.fact and "branches" in seed.fact:
            item.source = next(spare, item.source)
    return [(item.source, item.title) for item in requests]


def _missing(written: Sequence[Issuable], kind: int, state: str, count: int) -> int:
    return max(0, count - sum(item.kind == kind and item.state == state for item in written))
