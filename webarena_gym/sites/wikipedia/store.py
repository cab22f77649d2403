"""What the encyclopedia holds, and its search."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any, NamedTuple

from ..base import BaseStore
from .articles import path_of

MAX_QUERY_CHARS = 200
_MAX_WORDS = 12
_SNIPPET_CHARS = 240
_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset("a an and are as at be by for from in is it of on or that the this to was with".split())


class Hit(NamedTuple):
    """An article in a list of results. ``snippet`` is the part of its text around the first word searched for."""

    title: str
    snippet: str
    words: int

    @property
    def path(self) -> str:
        return path_of(self.title)


class WikipediaStore(BaseStore):
    """Articles by title, full text search, suggestions. Nothing is ever written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        (self.count,) = connection.execute("SELECT count(*) FROM article").fetchone()

    def title_of(self, name: str) -> str | None:
        """The title of the article that ``name``, a title or an alias, leads to."""
        row = self.connection.execute(
            "SELECT a.title FROM name n JOIN article a ON a.id = n.article_id WHERE n.name = ?", (name,)
        ).fetchone()
        return None if row is None else row[0]

    def body(self, title: str) -> dict[str, Any]:
        """What the page of this article shows; see ``articles.body_of``. KeyError for an unknown title."""
        row = self.connection.execute("SELECT body FROM article WHERE title = ?", (title,)).fetchone()
        if row is None:
            raise KeyError(title)
        return json.loads(row[0])

    def title_after(self, title: str | None) -> str:
        """An article that seems drawn at random, yet is always the same after the same one."""
        row = self.connection.execute("SELECT id FROM article WHERE title = ?", (title,)).fetchone()
        number = (7919 * (row[0] if row else 0) + 104_729) % self.count
        return self.connection.execute("SELECT title FROM article WHERE id = ?", (number + 1,)).fetchone()[0]

    def topics(self) -> dict[str, list[str]]:
        """The landing page's titles by heading."""
        topics: dict[str, list[str]] = {}
        for heading, title in self.connection.execute("SELECT heading, title FROM topic ORDER BY id"):
            topics.setdefault(heading, []).append(title)
        return topics

    def search(self, text: str, start: int, limit: int) -> tuple[int, list[Hit]]:
        """How many articles are found, and ``limit`` of them from number ``start`` (0 is the best).

        An article must hold every word; if none does, one is enough. The article of just this name comes first, then the
        title counts most; equal scores go by id.
        """
        words = words_of(text)
        named = self.connection.execute(
            "SELECT article_id FROM name WHERE name = ? COLLATE NOCASE", (text.strip(),)
        ).fetchone()
        for joined in (" ".join, " OR ".join):
            match = joined(f'"{word}"' for word in words)
            if match and (count := self._count(match)):
                return count, self._hits(match, words, named[0] if named else 0, start, limit)
        return 0, []

    def _count(self, match: str) -> int:
        sql = "SELECT count(*) FROM article_search WHERE article_search MATCH ?"
        return self.connection.execute(sql, (match,)).fetchone()[0]

    def _hits(self, match: str, words: list[str], named: int, start: int, limit: int) -> list[Hit]:
        rows = self.connection.execute(
            "SELECT a.title, a.text, a.words FROM article_search q JOIN article a ON a.id = q.rowid "
            "WHERE article_search MATCH ? ORDER BY q.rowid <> ?, round(bm25(article_search, 8.0, 1.0), 6), q.rowid LIMIT ? OFFSET ?",
            (match, named, limit, start),
        )
        return [Hit(title, snippet(text, words), count) for title, text, count in rows]

    def suggestions(self, text: str, limit: int = 10) -> list[tuple[str, str]]:
        """(name, title it leads to) of the names that begin with ``text`` in any case."""
        if not (prefix := text.strip()[:MAX_QUERY_CHARS]):
            return []
        escaped = re.sub(r"([\\%_])", r"\\\1", prefix)
        rows = self.connection.execute(
            "SELECT n.name, a.title FROM name n JOIN article a ON a.id = n.article_id "
            "WHERE n.name LIKE ? ESCAPE '\\' ORDER BY length(n.name), n.name LIMIT ?",
            (f"{escaped}%", limit),
        )
        return [(name, title) for name, title in rows]


def words_of(text: str) -> list[str]:
    """The words that are searched for; stop words count only if there are no others.

    >>> words_of("The state of MAINE"), words_of("to be")
    (['state', 'maine'], ['to', 'be'])
    """
    found = [word.lower() for word in _WORD.findall(text[:MAX_QUERY_CHARS])]
    return list(dict.fromkeys([word for word in found if word not in _STOP_WORDS] or found))[:_MAX_WORDS]


def snippet(text: str, words: list[str]) -> str:
    """The part of a text around the first of the words, cut at spaces.

    >>> snippet("A town on an island.", ["island"])
    'A town on an island.'
    """
    text = " ".join(text.split())
    lowered = text.lower()
    first = min((place for word in words if (place := lowered.find(word)) >= 0), default=0)
    start = 0 if first < _SNIPPET_CHARS // 2 else text.rfind(" ", 0, first - _SNIPPET_CHARS // 3) + 1
    part = text[start : start + _SNIPPET_CHARS]
    if start + _SNIPPET_CHARS < len(text):
        part = part.rsplit(" ", 1)[0] + " ..."
    return f"... {part}" if start else part
