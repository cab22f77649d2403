from __future__ import annotations

import pytest

from tests.sites.fixtures import rebuilder, worlds
from webarena_gym.sites.world import World

from .shopper import Shopper

_world, world = worlds("shopping")
rebuilt = rebuilder("shopping", Shopper)


@pytest.fixture
def emma(world: World) -> Shopper:
    return Shopper(world)


@pytest.fixture
def guest(world: World) -> Shopper:
    return Shopper(world, signed_in=False)
