from __future__ import annotations

import pytest

from tests.sites.fixtures import worlds
from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.world import World
from webarena_gym.tasks.official import quoted_references

from .clerk import Clerk

_world, world = worlds("shopping_admin", lambda: BuildOptions(references=quoted_references()))


@pytest.fixture
def clerk(world: World) -> Clerk:
    """The admin's one user, signed in."""
    return Clerk(world)


@pytest.fixture
def stranger(world: World) -> Clerk:
    return Clerk(world, signed_in=False)
