"""What tests of every part share: the two sizes, and one cache folder per session."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def full_size() -> bool:
    """True under ``make test-full``: the same tests at the sizes the project's promises name."""
    return os.environ.get("WEBARENA_GYM_TEST_SIZE", "small") == "full"


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder for site images, one for the whole session."""
    return tmp_path_factory.mktemp("images")
