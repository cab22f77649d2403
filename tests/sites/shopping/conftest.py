from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.world import World

from .shopper import Shopper


@pytest.fixture(scope="session")
def _world(cache_dir: Path) -> Iterator[World]:
    world = World(["shopping"], cache_dir=cache_dir)
    yield world
    world.close()


@pytest.fixture
def world(_world: World) -> World:
    """The shop as it was built."""
    _world.reset()
    return _world


@pytest.fixture
def emma(world: World) -> Shopper:
    return Shopper(world)


@pytest.fixture
def guest(world: World) -> Shopper:
    return Shopper(world, signed_in=False)


@pytest.fixture
def rebuilt(cache_dir: Path) -> Iterator[Callable[..., Shopper]]:
    """``rebuilt(facts=…, references=…, scale=…)``: Emma in a shop built from other options."""
    worlds: list[World] = []

    def build(**options: Any) -> Shopper:
        worlds.append(World(["shopping"], options=BuildOptions(**options), cache_dir=cache_dir))
        return Shopper(worlds[-1])

    yield build
    for world in worlds:
        world.close()
