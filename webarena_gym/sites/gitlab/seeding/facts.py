"""Reads ``seed/``, and the few conversions that everything built from it shares."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

SEED = Path(__file__).parent.parent / "seed"
ROLES = {"Guest": 10, "Reporter": 20, "Developer": 30, "Maintainer": 40, "Owner": 50}


@cache
def read_json(name: str) -> Any:
    """A file of ``seed/``; callers must not change it."""
    return json.loads((SEED / name).read_text(encoding="utf-8"))


def seconds(when: str) -> int:
    """UTC text as seconds since 1970.

    >>> seconds("1970-01-02 00:00:01")
    86401
    """
    return int(dt.datetime.fromisoformat(when).replace(tzinfo=dt.UTC).timestamp())
