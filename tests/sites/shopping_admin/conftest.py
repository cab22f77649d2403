from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.world import World
from webarena_gym.tasks.official import quoted_references

from .clerk import Clerk


@pytest.fixture(scope="session")
def _world(cache_dir: Path) -> Iterator[World]:
    world = World(["shopping_admin"], options=BuildOptions(references=quoted_references()), cache_dir=cache_dir)
    yield world
    world.close()


@pytest.fixture
def world(_world: World) -> World:
    """The store as it was built."""
    _world.reset()
    return _world


@pytest.fixture
def clerk(world: World) -> Clerk:
    """The admin's one user, signed in."""
    return Clerk(world)


@pytest.fixture
def stranger(world: World) -> Clerk:
    return Clerk(world, signed_in=False)
