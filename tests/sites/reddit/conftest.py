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
    world = World(["reddit"], cache_dir=cache_dir)
    yield world
    world.close()


@pytest.fixture
def world(_world: World) -> World:
    """The forum as it was built."""
    _world.reset()
    return _world


@pytest.fixture
def me(world: World) -> Visitor:
    """The user of all tasks."""
    return Visitor(world)


@pytest.fixture
def guest(world: World) -> Visitor:
    return Visitor(world, None)


@pytest.fixture
def kettle(world: World) -> Visitor:
    """Somebody else, signed in on the same forum."""
    return Visitor(world, "quiet_kettle")


@pytest.fixture
def rebuilt(cache_dir: Path) -> Iterator[Callable[..., Visitor]]:
    """``rebuilt(facts=…, scale=…)``: the user on a forum built from other options."""
    worlds: list[World] = []

    def build(**options: Any) -> Visitor:
        worlds.append(World(["reddit"], options=BuildOptions(**options), cache_dir=cache_dir))
        return Visitor(worlds[-1])

    yield build
    for world in worlds:
        world.close()
