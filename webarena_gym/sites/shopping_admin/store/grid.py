"""A grid: rows of named columns that are filtered, searched, sorted and paged. Each is one SELECT over the tables."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["text", "number", "money", "date", "select", "none"]
Bounds = tuple[str, str]  # from and to as typed, either empty
_MAX_TOKENS = 12
_DATE_FORMATS = ("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%b %d, %Y", "%B %d, %Y")


class Column(NamedTuple):
    """One column. ``kind`` says how it is filtered: by a part of the text, a range, or one choice; "none" cannot be."""

    name: str
    label: str
    sql: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class GridQuery:
    """What of a grid is wanted. Filters that name no column, or hold nothing that can be read, do not filter.

    ``filters``: column -> text or choice, or (from, to) for ranges, money in dollars, days as 5/31/2023 or 2023-05-31.
    """

    filters: Mapping[str, str | Bounds] = field(default_factory=dict)
    search: str = ""
    sort: str = ""
    """A column, empty for the grid's own order."""
    descending: bool = False
    limit: int = 20
    offset: int = 0


class Grid:
    """``rows`` give every column by name; money is in cents and times are UTC text, as in the tables."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        source: str,
        columns: Sequence[Column],
        *,
        key: str,
        order: str | None = None,
        searched: Sequence[str] = (),
    ) -> None:
        self._connection, self._source, self._key = connection, source, key
        self.columns = {column.name: column for column in columns}
        self._order = order or f"{key} DESC"
        self._searched = [self.columns[name].sql for name in searched]

    def rows(self, query: GridQuery = GridQuery(), condition: str = "", values: Sequence[str | int] = ()) -> list[sqlite3.Row]:  # fmt: skip
        """One page. ``condition`` is SQL of the caller's own, for grids that are part of a page."""
        where, found = self._where(query, condition, values)
        columns = ", ".join(f"{column.sql} AS {column.name}" for column in self.columns.values())
        sort = self.columns.get(query.sort)
        direction = "DESC" if query.descending else "ASC"
        order = f"{sort.name} COLLATE NOCASE {direction}, {self._key} {direction}" if sort else self._order
        return self._connection.execute(
            f"SELECT {columns} FROM {self._source} WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
            (*found, query.limit, query.offset),
        ).fetchall()

    def count(self, query: GridQuery = GridQuery(), condition: str = "", values: Sequence[str | int] = ()) -> int:
        """How many rows the whole grid has."""
        where, found = self._where(query, condition, values)
        return self._connection.execute(f"SELECT count(*) FROM {self._source} WHERE {where}", found).fetchone()[0]

    def ids(self, query: GridQuery = GridQuery()) -> list[int]:
        """The ids of all rows, whatever the page: what "Select All" means."""
        where, found = self._where(query, "", ())
        return [
            row[0]
            for row in self._connection.execute(
                f"SELECT {self._key} FROM {self._source} WHERE {where} ORDER BY {self._key}", found
            )
        ]

    def _where(
        self, query: GridQuery, condition: str, values: Sequence[str | int]
    ) -> tuple[str, tuple[str | int | float, ...]]:
        parts, found = [condition or "1"], list[str | int | float](values)
        for name, wanted in query.filters.items():
            column = self.columns.get(name)
            if column is not None:
                for part, value in _conditions(column, wanted):
                    parts.append(part)
                    found.append(value)
        if self._searched:
            text = " || ' ' || ".join(f"coalesce({sql}, '')" for sql in self._searched)
            for token in query.search.split()[:_MAX_TOKENS]:
                parts.append(f"({text}) LIKE ? ESCAPE '\\'")
                found.append(like(token))
        return " AND ".join(parts), tuple(found)


def _conditions(column: Column, wanted: str | Bounds) -> list[tuple[str, str | int | float]]:
    if isinstance(wanted, str):
        if not wanted.strip() or column.kind == "none":
            return []
        if column.kind == "text":
            return [(f"{column.sql} LIKE ? ESCAPE '\\'", like(wanted.strip()))]
        if column.kind == "select":
            return [(f"CAST({column.sql} AS TEXT) = ?", wanted)]
        wanted = (wanted, wanted)
    found: list[tuple[str, str | int | float]] = []
    for sign, typed in ((">=", wanted[0]), ("<=", wanted[1])):
        if column.kind == "date":
            day = read_day(typed)
            if day is not None:
                found.append((f"date({column.sql}) {sign} ?", str(day)))
        elif column.kind in ("number", "money"):
            number = read_number(typed)
            if number is not None:
                found.append((f"{column.sql} {sign} ?", number * 100 if column.kind == "money" else number))
    return found


def like(text: str) -> str:
    r"""The LIKE pattern, with ``ESCAPE '\'``, for texts that contain ``text``.

    >>> like("50%_")
    '%50\\%\\_%'
    """
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return f"%{escaped}%"


def read_day(text: str) -> dt.date | None:
    """A day as people type it into a filter or a report, None if it is none.

    >>> read_day("2/1/23"), read_day("02/01/2023"), read_day("2023-02-01 "), read_day("soon")
    (datetime.date(2023, 2, 1), datetime.date(2023, 2, 1), datetime.date(2023, 2, 1), None)
    """
    for form in _DATE_FORMATS:
        try:
            return dt.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def read_number(text: str) -> float | None:
    """
    >>> read_number("$1,200.50"), read_number("x"), read_number("nan")
    (1200.5, None, None)
    """
    plain = text.strip().removeprefix("$").replace(",", "")
    return float(plain) if re.fullmatch(r"-?\d{1,12}(?:\.\d{1,6})?", plain) else None
