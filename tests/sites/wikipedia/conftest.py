from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sites.reader import Reader
from webarena_gym.sites.world import World


@pytest.fixture(scope="session")
def world(cache_dir: Path) -> Iterator[World]:
    world = World(["wikipedia"], cache_dir=cache_dir)
    yield world
    world.close()


@pytest.fixture
def reader(world: World) -> Reader:
    return Reader(world, "http://wikipedia.test")
