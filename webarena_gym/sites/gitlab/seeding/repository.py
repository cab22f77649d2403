"""Repositories: histories with authors, branches, tags and files."""

from __future__ import annotations

import hashlib
import itertools
import sqlite3
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from .facts import seconds
from .people import People
from .projects import ProjectSeed
from .texts import Phrases, Words, file_content

_LARGEST_POOL = 46  # commit authors of one project
_TAIL = 60  # other branches leave the default branch within its last commits
_VERSIONS = ("0.1.0", "0.2.0", "0.9.0", "1.0.0", "1.1.0", "1.2.0", "2.0.0")


class Entry(NamedTuple):
    """A commit before it has a number: when (seconds), by whom, and its title."""

    at: int
    author: tuple[str, str]
    title: str


class Repositories:
    """Inserts repositories project by project; ids count up."""

    def __init__(self, connection: sqlite3.Connection, words: Words, people: People) -> None:
        self._connection, self._words, self._people = connection, words, people
        self._authors: dict[tuple[str, str], int] = {}
        self._revision_ids, self._branch_ids = itertools.count(1), itertools.count(1)
        self.branch_names: dict[int, list[str]] = {}  # project -> all branches but the default one

    def insert(self, seed: ProjectSeed, branches: Sequence[tuple[str, str]]) -> None:
        """``branches`` are (name, what its newest commit says), the default one left out."""
        random = seed.random("repository")
        phrases = Phrases(random, self._words, seed.domain)
        entries = self._entries(seed, random, phrases)
        branch_id = next(self._branch_ids)
        first_revision = self._insert_branch(branch_id, seed, seed.branch, 0, entries, protected=True)
        paths = self._insert_files(seed, phrases, first_revision, len(entries))
        self.branch_names[seed.id] = [name for name, _ in branches]
        pool = sorted({entry.author for entry in entries})
        for name, title in branches:
            self._insert_side_branch(seed, random, phrases, name, title, pool, entries, paths)
        names = seed.fact["tags"] if "tags" in seed.fact else _VERSIONS[: random.choice((0, 0, 1, 2, 3))]
        places = sorted(random.sample(range(len(entries)), min(len(names), len(entries))))
        self._connection.executemany(
            "INSERT INTO tag (project_id, name, revision_id, message) VALUES (?, ?, ?, ?)",
            [
                (seed.id, name, first_revision + place, f"Release {name}")
                for name, place in zip(names, places, strict=False)
            ],
        )

    def _entries(self, seed: ProjectSeed, random: Random, phrases: Phrases) -> list[Entry]:
        """The default branch's history, oldest first."""
        fact = seed.fact
        written = [
            Entry(seconds(when), self._author(seed, name), title) for when, name, title in fact.get("commit_list", ())
        ]
        if "authors" in fact:
            authors = [(name, email) for name, email, count in fact["authors"] for _ in range(count)]
            random.shuffle(authors)
        else:
            pool, weights = self._pool(seed, random)
            authors = random.choices(pool, weights, k=max(1, seed.commits - len(written)))
        end = seconds(fact["generated_commits_until"]) if "generated_commits_until" in fact else seed.updated
        times = sorted(random.randrange(seed.created, end) for _ in authors)
        titles = ["Initial commit", *(phrases.fill(self._words["commit_titles"]) for _ in authors[1:])]
        entries = [Entry(at, author, title) for at, author, title in zip(times, authors, titles, strict=True)]
        return entries + sorted(written)

    def _author(self, seed: ProjectSeed, name: str) -> tuple[str, str]:
        for known, email, _ in seed.fact.get("commit_weights", ()):
            if known == name:
                return known, email
        person = next((p for p in self._people.by_username.values() if p.name == name), None)
        return name, person.email if person else f"{name.lower().replace(' ', '.')}@example.com"

    def _pool(self, seed: ProjectSeed, random: Random) -> tuple[list[tuple[str, str]], list[float]]:
        """Authors and weights: few do most of the work."""
        size = min(_LARGEST_POOL, 2 + seed.commits // random.randrange(14, 30))
        people = random.sample(self._people.others, min(size, len(self._people.others)))
        owner = next((p for p in self._people.by_username.values() if p.id == seed.namespace.owner_id), None)
        if owner is not None:
            people = [owner, *(person for person in people if person.id != owner.id)]
        pool = [(person.name, person.email) for person in people]
        weights = [12.0 / (rank + 1) for rank in range(len(pool))]
        for name, email, weight in seed.fact.get("commit_weights", ()):
            pool.append((name, email))
            weights.append(float(weight))
        return pool, weights

    def _author_id(self, author: tuple[str, str]) -> int:
        if author not in self._authors:
            self._authors[author] = len(self._authors) + 1
            self._connection.execute("INSERT INTO author VALUES (?, ?, ?)", (self._authors[author], *author))
        return self._authors[author]

    def _insert_branch(
        self,
        branch_id: int,
        seed: ProjectSeed,
        name: str,
        base: int,
        entries: Sequence[Entry],
        *,
        protected: bool = False,
    ) -> int:
        """Returns the id of the branch's first own commit; the others follow."""
        rows = [
            (next(self._revision_ids), branch_id, base + place, revision_sha(seed.full_path, name, base + place),
             self._author_id(entry.author), entry.title, "", entry.at)
            for place, entry in enumerate(entries, 1)
        ]  # fmt: skip
        self._connection.executemany("INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._connection.execute(
            "INSERT INTO branch VALUES (?, ?, ?, ?, ?, ?, ?)",
            (branch_id, seed.id, name, base, base + len(entries), protected, entries[-1].at),
        )
        return rows[0][0]

    def _insert_files(self, seed: ProjectSeed, phrases: Phrases, first_revision: int, commits: int) -> list[str]:
        paths = self._words["domains"][seed.domain]["files"]
        last = first_revision + commits - 1
        rows = []
        for path in paths:
            revision = first_revision + phrases.random.randrange(commits)
            rows.append((seed.id, None, path, file_content(phrases, path, seed.path, seed.description), revision))
        place = phrases.random.randrange(len(rows))
        rows[place] = (*rows[place][:4], last)  # the newest commit touched some file
        self._connection.executemany(
            "INSERT INTO file (project_id, branch_id, path, content, revision_id) VALUES (?, ?, ?, ?, ?)", rows
        )
        return list(paths)

    def _insert_side_branch(
        self, seed: ProjectSeed, random: Random, phrases: Phrases, name: str, title: str, pool: Sequence[tuple[str, str]],
        entries: Sequence[Entry], paths: Sequence[str],
    ) -> None:  # fmt: skip
        """A branch with one to three commits, the newest of which changes one file."""
        base = random.randrange(max(1, len(entries) - _TAIL), len(entries) + 1)
        author, count = random.choice(pool), random.choice((1, 1, 2, 3))
        start, end = entries[base - 1].at, max(seed.updated, entries[-1].at) + 86_400
        times = sorted(random.randrange(start, end) for _ in range(count))
        titles = [*(phrases.fill(self._words["commit_titles"]) for _ in range(count - 1)), title]
        own = [Entry(at, author, text) for at, text in zip(times, titles, strict=True)]
        branch_id = next(self._branch_ids)
        newest = self._insert_branch(branch_id, seed, name, base, own) + count - 1
        path = random.choice([path for path in paths if path not in ("LICENSE", ".gitignore", "package.json")])
        (before,) = self._connection.execute(
            "SELECT content FROM file WHERE project_id = ? AND path = ? AND branch_id IS NULL", (seed.id, path)
        ).fetchone()
        after = before + phrases.fill(
            ["\nSee also: {p}.\n", "\nNote: {p} and {q} belong together.\n", "\nChecked in {a}.\n"]
        )
        self._connection.execute(
            "INSERT INTO file (project_id, branch_id, path, content, revision_id) VALUES (?, ?, ?, ?, ?)",
            (seed.id, branch_id, path, after, newest),
        )
        self._connection.execute(
            "INSERT INTO change (revision_id, path, before, after) VALUES (?, ?, ?, ?)", (newest, path, before, after)
        )


def revision_sha(full_path: str, branch: str, seq: int) -> str:
    """40 hexadecimal digits that no other commit has."""
    return hashlib.sha1(f"{full_path}\n{branch}\n{seq}".encode()).hexdigest()


def side_branches(seed: ProjectSeed, wanted: Sequence[tuple[str, str]], words: Words) -> Iterator[tuple[str, str]]:
    """The branches of a project besides its default one: those that open merge requests come from, and some others."""
    names = {name for name, _ in wanted}
    yield from wanted
    if "branches" in seed.fact:
        yield from (
            (name, f"Work on {name.rsplit('/', 1)[-1].replace('-', ' ')}")
            for name in seed.fact["branches"]
            if name not in names
        )
        return
    random = seed.random("branches")
    phrases = Phrases(random, words, seed.domain)
    for _ in range(random.choice((0, 0, 1, 2))):
        part = random.choice(phrases.domain["parts"])
        name = f"{random.choice(('feature', 'fix', 'try'))}/{part.replace(' ', '-').lower()}"
        if name not in names:
            names.add(name)
            yield name, f"Work on the {part}"
