"""The files of ``seed/``, and the texts that tasks quote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

SEED = Path(__file__).parent.parent / "seed"


@cache
def read_json(name: str) -> Any:
    """A file of ``seed/``; callers must not change it."""
    return json.loads((SEED / name).read_text(encoding="utf-8"))


def quoting(detail: str | Mapping[str, Any], references: Mapping[int, Sequence[str]]) -> str:
    """A review's text; where a task quotes one that is not ours to ship, what the task file holds, framed in our words."""
    if isinstance(detail, str):
        return detail
    quotes = references.get(detail["task"], ())
    if detail["quote"] >= len(quotes):
        return detail["otherwise"]
    quote = quotes[detail["quote"]]
    quote = quote if detail["before"] or detail["after"].startswith(".") else f"{quote}."
    parts = [f"{detail['before']}," if detail["before"] else "", quote]
    text = " ".join(part for part in parts if part)
    after = detail["after"]
    return text + (after if after.startswith(".") or not after else f" {after}")
