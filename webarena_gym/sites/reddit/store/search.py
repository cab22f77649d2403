"""Full text search over submissions and comments: what holds every word, best first."""

from __future__ import annotations

import re
import sqlite3
from typing import Literal, NamedTuple

MAX_QUERY_CHARS = 300
MOST_RESULTS = 50
_MAX_WORDS = 16
_EXCERPT_CHARS = 240
_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset("a an and are as at be by for from in is it of on or that the this to was with".split())


class Hit(NamedTuple):
    kind: Literal["submission", "comment"]
    id: int


class Search:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def hits(self, text: str) -> list[Hit]:
        """The best ``MOST_RESULTS`` submissions and comments, submissions before comments of the same score, then by id."""
        match = match_expression(text)
        if not match:
            return []
        rows = self._connection.execute(
            "SELECT 'submission' AS kind, q.rowid AS id, round(bm25(submission_search, 4.0, 1.0), 6) AS score "
            "FROM submission_search q JOIN submission s ON s.id = q.rowid "
            "WHERE submission_search MATCH :match AND s.visibility = 'visible' UNION ALL "
            "SELECT 'comment', q.rowid, round(bm25(comment_search), 6) FROM comment_search q JOIN comment c ON c.id = q.rowid "
            "JOIN submission s ON s.id = c.submission_id "
            "WHERE comment_search MATCH :match AND c.visibility = 'visible' AND s.visibility = 'visible' "
            f"ORDER BY score, kind DESC, id LIMIT {MOST_RESULTS}",
            {"match": match},
        )
        return [Hit(row[0], row[1]) for row in rows]


def words_of(text: str) -> list[str]:
    """The words that are searched for: stop words count only if there are no others.

    >>> words_of("The state of the ART"), words_of("to be")
    (['state', 'art'], ['to', 'be'])
    """
    found = [word.lower() for word in _WORD.findall(text[:MAX_QUERY_CHARS])]
    return ([word for word in found if word not in _STOP_WORDS] or found)[:_MAX_WORDS]


def match_expression(text: str) -> str:
    """An FTS5 query for every word of the text; quoting makes operators plain words.

    >>> match_expression('cats AND "dogs" NEAR *')
    '"cats" "dogs" "near"'
    """
    return " ".join(f'"{word}"' for word in words_of(text))


def excerpt(text: str, query: str) -> str:
    """The part of a long text around the first word that was searched for."""
    text = " ".join(text.split())
    if len(text) <= _EXCERPT_CHARS:
        return text
    places = [text.lower().find(word) for word in words_of(query)]
    first = min((place for place in places if place >= 0), default=0)
    start = max(0, first - _EXCERPT_CHARS // 3)
    return text[start : start + _EXCERPT_CHARS].strip()


def highlighted(text: str, query: str) -> list[tuple[str, bool]]:
    """The text in pieces, and whether each begins with a word that was searched for.

    >>> highlighted("Two headphones", "headphone")
    [('Two ', False), ('headphones', True)]
    """
    words = words_of(query)
    if not words:
        return [(text, False)]
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\w*", re.I)
    pieces, done = [], 0
    for match in pattern.finditer(text):
        if match.start() > done:
            pieces.append((text[done : match.start()], False))
        pieces.append((match[0], True))
        done = match.end()
    if done < len(text):
        pieces.append((text[done:], False))
    return pieces
