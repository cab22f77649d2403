"""Finding places: by name and address, by class near a place, by coordinates.

A query is read as OpenStreetMap's search reads one: "<class> near <place>", "<class> <place>", "<name> near <place>", an
address, a name, or a pair of coordinates. Every word counts; a query with a word that nothing has finds nothing.
"""

from __future__ import annotations

import functools
import re
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from ..geo import Point, box_around, distance_m, parse_point
from ..seeding.seeds import categories
from ..words import name_words, query_words, words
from .elements import Element, Elements

MAX_QUERY_CHARS = 255
MOST_RESULTS = 100
_MAX_WORDS = 14
_SCANNED = 60  # hits that are ranked: the most important ones
_RADII_KM = (5, 25, 100)
_ENOUGH = 40  # results within a radius that make a wider one needless
_NEAR = re.compile(r"(.+?)\s+(?:near(?: to|by)?|around|close to|next to)\s+(.+)", re.I | re.S)
_NEAREST = re.compile(r"(?:the )?(?:nearest|closest)\s+(.+?)\s+(?:to|from|near|in)\s+(.+)", re.I | re.S)
_IN = re.compile(r"(.+?)\s+(?:in|at)\s+(.+)", re.I | re.S)
# In these classes' names for things, the word narrows the class down.
_NARROWING = frozenset(("tea",))


class Wanted(NamedTuple):
    """A class of things, and words that they have besides. ``categories`` is empty where only words count."""

    categories: frozenset[str]
    words: tuple[str, ...]


class Search:
    def __init__(self, connection: sqlite3.Connection, elements: Elements) -> None:
        self._connection, self._elements = connection, elements

    def find(self, text: str, limit: int = 10, offset: int = 0) -> tuple[list[Element], bool]:
        """One page of results, and whether there are more."""
        ids = self.ids(text)
        return self._elements.by_ids(ids[offset : offset + limit]), len(ids) > offset + limit

    def best(self, text: str) -> Element | None:
        """The first result."""
        ids = self.ids(text)
        return self._elements.by_ids(ids[:1])[0] if ids else None

    def ids(self, text: str) -> list[int]:
        """The ids of all results, best first, at most ``MOST_RESULTS``."""
        text = " ".join(text[:MAX_QUERY_CHARS].split())
        if (point := parse_point(text)) is not None:
            here = self._elements.reverse(point)
            return [] if here is None else [here.id]
        if parts := _NEAREST.fullmatch(text) or _NEAR.fullmatch(text):
            return self._near(wanted(query_words(parts[1])), parts[2])
        asked = query_words(text)[:_MAX_WORDS]
        if not asked:
            return []
        if (parts := _IN.fullmatch(text)) and (what := wanted(query_words(parts[1]))).categories:
            return self._near(what, parts[2])
        ranked = self._ranked(asked, _head(text))
        if ranked and ranked[0].fit >= _EXACT:
            return [hit.id for hit in ranked]
        named = [hit.id for hit in ranked if hit.fit >= _ALL_IN_NAME]
        nearby = self._class_and_place(asked)
        return list(dict.fromkeys([*named, *nearby, *(hit.id for hit in ranked)]))[:MOST_RESULTS]

    # --- near a place ---

    def _near(self, what: Wanted, place: str) -> list[int]:
        middle = self._place(place)
        return [] if middle is None else self.within(what, middle)

    def _place(self, text: str) -> Point | None:
        if (point := parse_point(text)) is not None:
            return point
        ranked = self._ranked(query_words(text)[:_MAX_WORDS], _head(text))
        return self._elements.by_ids([ranked[0].id])[0].point if ranked else None

    def _class_and_place(self, asked: Sequence[str]) -> list[int]:
        """Results for a class at the beginning or the end of a query and a place in the rest of it."""
        if len(asked) == 1 or tuple(asked) in _phrases():
            what = wanted(asked)
            return self._of_class(what) if what.categories else []
        for size in range(min(3, len(asked) - 1), 0, -1):
            for phrase, rest in ((asked[:size], asked[size:]), (asked[-size:], asked[:-size])):
                if tuple(phrase) in _phrases():
                    ranked = self._ranked(rest)
                    if ranked:
                        return self.within(wanted(phrase), self._elements.by_ids([ranked[0].id])[0].point)
        return []

    def _of_class(self, what: Wanted) -> list[int]:
        """All of a class, the most important first."""
        marks = ",".join("?" * len(what.categories))
        narrowed = "id IN (SELECT rowid FROM element_search WHERE element_search MATCH ?) AND " if what.words else ""
        rows = self._connection.execute(
            f"SELECT id FROM element WHERE {narrowed}key || '/' || value IN ({marks}) ORDER BY id LIMIT ?",
            (*([_match(what.words)] if what.words else []), *sorted(what.categories), MOST_RESULTS),
        )
        return [row[0] for row in rows]

    def within(self, what: Wanted, middle: Point) -> list[int]:
        """What is ``wanted`` around a point, the nearest first; as far as is needed to find some, at most 100 km."""
        found: list[tuple[float, int]] = []
        for km in _RADII_KM:
            found = sorted(self._hits(what, middle, km))
            if len(found) >= _ENOUGH:
                break
        return [id for _, id in found[:MOST_RESULTS]]

    def _hits(self, what: Wanted, middle: Point, km: float) -> list[tuple[float, int]]:
        box = box_around(middle, km)
        inside = "e.lat BETWEEN ? AND ? AND e.lon BETWEEN ? AND ?"
        if what.words:
            rows = self._connection.execute(
                "SELECT e.id, e.lat, e.lon, e.key || '/' || e.value FROM element_search s JOIN element e ON e.id = s.rowid "
                f"WHERE element_search MATCH ? AND {inside}",
                (_match(what.words), *box),
            ).fetchall()
            rows = [row[:3] for row in rows if not what.categories or row[3] in what.categories]
        else:
            rows = [
                row
                for category in sorted(what.categories)
                for row in self._connection.execute(
                    f"SELECT e.id, e.lat, e.lon FROM element e WHERE e.key = ? AND e.value = ? AND {inside}",
                    (*category.split("/"), *box),
                )
            ]
        hits = ((distance_m(middle, Point(lat, lon)), id) for id, lat, lon in rows)
        return [hit for hit in hits if hit[0] <= km * 1000]

    # --- by name and address ---

    def _ranked(self, asked: Sequence[str], head: Sequence[str] = ()) -> list[Hit]:
        """Elements that have every word, ranked; without the numbers if there is none with them.

        ``head`` are the words before the first comma, which name the place where others say where it is.
        """
        if not asked:
            return []
        match = _match(asked)
        found: dict[int, Hit] = {}
        for expression in (f"name : ({match})", match):
            rows = self._connection.execute(
                "SELECT e.id, e.names, e.importance FROM element_search s JOIN element e ON e.id = s.rowid "
                "WHERE element_search MATCH ? ORDER BY s.rowid LIMIT ?",
                (expression, _SCANNED),
            )
            for id, names, importance in rows:
                if id not in found:
                    fit = name_score(names, asked, head)
                    found[id] = Hit(fit + 1.5 * importance, id, fit)
        if not found and (rest := [word for word in asked if not word.isdigit()]) and len(rest) < len(asked):
            return self._ranked(rest, head)
        return sorted(found.values(), key=lambda hit: (-hit.score, hit.id))


class Hit(NamedTuple):
    """``fit`` is the part of the score that comes from its names."""

    score: float
    id: int
    fit: float


_EXACT = 2.6  # the query is one of the element's names
_ALL_IN_NAME = 1.0


def name_score(names: str, asked: Sequence[str], head: Sequence[str] = ()) -> float:
    """How well a query's words fit the best of an element's names (words, one name a line, its own first).

    >>> name_score("carnegie hall", ["carnegie", "hall"]), name_score("carnegie hall", ["hall"])
    (3.0, 1.25)
    """
    best, query = 0.0, list(asked)
    wanted_words = set(query)
    for place, line in enumerate(names.split("\n")):
        name = line.split(" ")
        own = set(name)
        if name == query:
            score = 3.0 if place == 0 else 2.6
        elif query[: len(name)] == name:
            score = (2.0 if place == 0 else 1.7) + 0.5 * len(name) / len(query)
        elif own <= wanted_words:
            score = 1.5
        elif wanted_words <= own:
            score = 1.0 + 0.5 * len(wanted_words) / len(own)
        else:
            score = 0.5 * len(own & wanted_words) / len(own | wanted_words)
        if head and name == head:
            score += 1.0
        best = max(best, score)
    return best


def _head(text: str) -> list[str]:
    """The words before the first comma; none without a comma."""
    before, comma, _ = text.partition(",")
    return name_words(before) if comma else []


def wanted(asked: Sequence[str]) -> Wanted:
    """The longest class phrase among the words, and the other words.

    >>> wanted(["hilton", "hotel"])
    Wanted(categories=frozenset({'tourism/hotel'}), words=('hilton',))
    """
    for size in range(min(3, len(asked)), 0, -1):
        for start in range(len(asked) - size, -1, -1):
            phrase = tuple(asked[start : start + size])
            if phrase in _phrases():
                narrowing = tuple(word for word in phrase if word in _NARROWING)
                return Wanted(_phrases()[phrase], (*asked[:start], *asked[start + size :], *narrowing))
    return Wanted(frozenset(), tuple(asked))


@functools.cache
def _phrases() -> dict[tuple[str, ...], frozenset[str]]:
    """The words that name classes, and which."""
    found: dict[tuple[str, ...], set[str]] = {}
    for category in categories().values():
        for phrase in category.words:
            found.setdefault(tuple(words(phrase)), set()).add(category.name)
    return {phrase: frozenset(names) for phrase, names in found.items()}


def _match(asked: Sequence[str]) -> str:
    """The full text expression for all of the words; each is quoted, so that no operator gets through."""
    return " AND ".join(f'"{word}"' for word in asked)
