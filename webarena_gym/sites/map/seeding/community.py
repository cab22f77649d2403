"""Mappers, their changesets, diaries and GPS traces."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from .towns import Town

CHANGESETS = 600
_FIRST_CHANGESET, _FIRST_ENTRY, _FIRST_TRACE = 131_400_001, 401_001, 7_600_001
_ENTRIES, _TRACES = 48, 60


def changeset_of(osm_id: int) -> int:
    """The changeset that touched an element last."""
    return _FIRST_CHANGESET + 3 * (osm_id * 2_654_435_761 % 2**32 * CHANGESETS >> 32)


def insert_community(
    connection: sqlite3.Connection, words: Mapping[str, Any], towns: Sequence[Town], now: dt.datetime
) -> None:
    """All that people made, dated before ``now``."""
    random = Random("map/community")
    names = words["mappers"]
    towns = [town for town in towns if town.people > 5_000]
    connection.executemany(
        "INSERT INTO mapper VALUES (?, ?, ?, ?)",
        [
            (i, name, _day(random, now, 3000, 700), f"I map around {random.choice(towns).name}.")
            for i, name in enumerate(names, 1)
        ],
    )
    times = sorted(_moment(random, now, 900) for _ in range(CHANGESETS))
    connection.executemany(
        "INSERT INTO changeset VALUES (?, ?, ?, ?)",
        [
            (_FIRST_CHANGESET + 3 * i, random.randrange(1, len(names) + 1), time, random.choice(words["comments"]))
            for i, time in enumerate(times)
        ],
    )
    times = sorted(_moment(random, now, 400) for _ in range(_ENTRIES))
    for i, time in enumerate(times):
        title, body = random.choice(words["diary"])
        town = random.choice(towns)
        body = body.format(place=town.name, number=random.randrange(3, 90))
        row = (_FIRST_ENTRY + i, random.randrange(1, len(names) + 1), time, title, body, town.lat, town.lon, town.name)
        connection.execute("INSERT INTO diary_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    times = sorted(_moment(random, now, 400) for _ in range(_TRACES))
    for i, time in enumerate(times):
        name, tag = random.choice(words["traces"])
        town = random.choice(towns)
        row = (
            _FIRST_TRACE + i, random.randrange(1, len(names) + 1), time, name.format(place=town.name), tag,
            random.randrange(200, 9000), town.lat, town.lon, town.name,
        )  # fmt: skip
        connection.execute("INSERT INTO trace VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _moment(random: Random, now: dt.datetime, days: int) -> str:
    return str(now - dt.timedelta(seconds=random.randrange(3600, days * 86400)))


def _day(random: Random, now: dt.datetime, most_days: int, fewest_days: int) -> str:
    return str((now - dt.timedelta(days=random.randrange(fewest_days, most_days))).date())
