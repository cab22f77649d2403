from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.sites.map.store import MapStore
from webarena_gym.sites.world import World

from .traveller import Traveller


@pytest.fixture(scope="session")
def _world(cache_dir: Path) -> Iterator[World]:
    world = World(["map"], cache_dir=cache_dir)
    yield world
    world.close()


@pytest.fixture
def world(_world: World) -> World:
    """The map as it was built."""
    _world.reset()
    return _world


@pytest.fixture
def store(world: World) -> MapStore:
    return world.store("map")


@pytest.fixture
def traveller(world: World) -> Traveller:
    return Traveller(world)
