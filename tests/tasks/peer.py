"""Where browsergym-webarenalite's files are: with them, ours are compared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_DEFAULT = Path(__file__).parents[2] / ".venv" / "peer"


def peer_file(name: str) -> Path:
    """A file of ``browsergym/webarenalite``; the test fails if it is not at hand, since skipping would hide it."""
    folder = Path(os.environ.get("WEBARENA_GYM_PEER") or _DEFAULT)
    path = folder / "browsergym" / "webarenalite" / name
    if not path.is_file():
        pytest.fail(
            f"{path} is missing; run: pip install --no-deps --target {folder} browsergym-webarenalite==0.14.3",
            pytrace=False,
        )
    return path
