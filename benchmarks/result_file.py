"""A benchmark's JSON file, written anew after each run of it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_result(out: Path, report: Mapping[str, Any]) -> None:
    """Write ``report`` whole or not at all: an interrupted write must not cost the runs so far."""
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_suffix(".tmp")
    temporary.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, out)
