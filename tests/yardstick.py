"""Playwright's ``aria_snapshot`` as (role, name) pairs: the third-party yardstick for roles and names."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

from webarena_gym.observation.names import INTERACTIVE_ROLES
from webarena_gym.types import Node

# An option is listed with its select; ``summary`` has no role in the snapshot.
ROLES = INTERACTIVE_ROLES - {"option"}
_LINE = re.compile(r"\s*- (?:\'(?P<quoted>(?:[^\']|\'\')*)\'|(?P<plain>.*))", re.S)
_HEAD = re.compile(r'([a-z]+)(?: ("(?:[^"\\]|\\.)*"))?')


def snapshot_pairs(snapshot: str) -> Counter[tuple[str, str]]:
    """The interactive elements of a snapshot's YAML."""
    pairs: Counter[tuple[str, str]] = Counter()
    for line in snapshot.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        head = match["quoted"].replace("''", "'") if match["quoted"] is not None else match["plain"]
        found = _HEAD.match(head)
        if found and found[1] in ROLES:
            pairs[found[1], json.loads(found[2]) if found[2] else ""] += 1
    return pairs


def node_pairs(nodes: Sequence[Node]) -> Counter[tuple[str, str]]:
    """The interactive elements of a page of ours; ``summary`` (a button that says whether it is expanded) left out."""
    return Counter(
        (n.role, n.name) for n in nodes if n.id is not None and n.role in ROLES and not dict(n.states).get("expanded")
    )
