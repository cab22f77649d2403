"""The encyclopedia's pages as oracles read and walk them: the search, infoboxes, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...observed import quote, unescape
from .screen import Reading, Screen, click, first, table_rows

_LINK = re.compile(r'\[\d+\] link "((?:[^"\\]|\\.)*)"(?: (?=[,.;]))?')
_Row = dict[str, str]


def look_up(screen: Screen, query: str) -> Reading:
    """Search, open the article found first, and read its lines, links as their texts.

    Raises:
        OracleError: no article is found.
    """
    box = first(screen.all("textbox"), "box to search in")
    yield f"fill({box.id}, {quote(query)}, enter=True)"
    heading = first((n for n, line in enumerate(screen.lines) if line.startswith("# Results")), f"article on {query}")
    yield click(first((e for e in screen.all("link") if e.line > heading), f"article on {query}"))
    lines = yield from screen.read_all()
    return [_LINK.sub(lambda match: unescape(match[1]), line) for line in lines]


def infobox(lines: Sequence[str]) -> _Row:
    """Labels and values beside an article."""
    return {row[0]: row[1] for row in table_rows(lines) if len(row) == 2}


def table(lines: Sequence[str], *head: str) -> list[_Row]:
    """The rows of every table with this head, cells by the names in it."""
    found: list[_Row] = []
    inside = False
    for line in lines:
        if " |" not in line:
            inside = False
            continue
        (row,) = table_rows([line])
        if not inside:
            inside = tuple(row) == head
        elif len(row) == len(head):
            found.append(dict(zip(head, row, strict=True)))
    return found


def section(lines: Sequence[str], *words: str) -> list[str]:
    """The lines below the first heading that has these words, in any case, up to the next heading; empty without one."""
    starts = [n for n, line in enumerate(lines) if line.startswith("#")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if all(word.lower() in lines[start].lower() for word in words):
            return list(lines[start + 1 : end])
    return []


def coordinates(text: str) -> tuple[float, float]:
    """
    >>> coordinates("44.35, -68.21")
    (44.35, -68.21)
    """
    latitude, longitude = map(float, text.split(", "))
    return latitude, longitude
