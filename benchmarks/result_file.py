"""A benchmark's JSON file; those of long benchmarks are written anew after each part of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from webarena_gym.agents.whole_file import write_atomically


def write_result(out: Path, report: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
    """Write ``report`` whole or not at all: neither an interrupted write nor a missing folder must cost what was measured."""
    write_atomically(out, (json.dumps(report, indent=1) + "\n").encode())
