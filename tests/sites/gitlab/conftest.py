from __future__ import annotations

import pytest

from tests.sites.fixtures import rebuilder, worlds
from webarena_gym.sites.world import World

from .visitor import Visitor

_world, world = worlds("gitlab")
rebuilt = rebuilder("gitlab", Visitor)


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
