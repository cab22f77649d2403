from __future__ import annotations

import pytest

from tests.sites.fixtures import rebuilder, worlds
from webarena_gym.sites.world import World

from .visitor import Visitor

_world, world = worlds("reddit")
rebuilt = rebuilder("reddit", Visitor)


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
