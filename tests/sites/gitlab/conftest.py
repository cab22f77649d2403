from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.world import World

from .visitor import Visitor


@pytest.fixture(scope="session")
def _world(cache_dir: Path) -> Iterator[World]:
    world = World(["gitlab"], cache_dir=cache_dir)
    yield world
    world.close()


@pytest.fixture
def world(_world: World) -> World:
    """The site as it was built."""
    _world.reset()
    return _world


@pytest.fixture
def byte(world: World) -> Visitor:
    """Byte Blaze, the user of all tasks."""
    return Visitor(world)


@pytest.fixture
def guest(world: World) -> Visitor:
    return Visitor(world, None)


@pytest.fixture
def stranger(world: World) -> Visitor:
    """Somebody signed in who belongs to none of Byte Blaze's projects."""
    return Visitor(world, "vinta")


@pytest.fixture
def rebuilt(cache_dir: Path) -> Iterator[Callable[..., Visitor]]:
    """``rebuilt(facts=…, scale=…)``: Byte Blaze on a site built from other options."""
    worlds: list[World] = []

    def build(**options: Any) -> Visitor:
        worlds.append(World(["gitlab"], options=BuildOptions(**options), cache_dir=cache_dir))
        return Visitor(worlds[-1])

    yield build
    for world in worlds:
        world.close()
