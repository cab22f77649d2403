from __future__ import annotations

import pytest

from tests.sites.fixtures import worlds
from webarena_gym.sites.map.store import MapStore
from webarena_gym.sites.world import World

from .traveller import Traveller

_world, world = worlds("map")


@pytest.fixture
def store(world: World) -> MapStore:
    return world.store("map")


@pytest.fixture
def traveller(world: World) -> Traveller:
    return Traveller(world)
