"""Fixtures that each site's conftest makes for itself: pytest would keep one world for the whole session, and each site has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sites.reader import Reader
from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.world import World


def worlds(site: str, options: Callable[[], BuildOptions] = BuildOptions) -> tuple[Any, Any]:
    """``_world``, built once a session, and ``world``, which is that as it was built."""

    @pytest.fixture(scope="session")
    def _world(cache_dir: Path) -> Iterator[World]:
        made = World([site], options=options(), cache_dir=cache_dir)
        yield made
        made.close()

    @pytest.fixture
    def world(_world: World) -> World:
        _world.reset()
        return _world

    return _world, world


def rebuilder(site: str, visitor: Callable[[World], Reader]) -> Any:
    """``rebuilt(facts=…, references=…, scale=…)``: the site's user on a site that was built from other options."""

    @pytest.fixture
    def rebuilt(cache_dir: Path) -> Iterator[Callable[..., Reader]]:
        made: list[World] = []

        def build(**options: Any) -> Reader:
            made.append(World([site], options=BuildOptions(**options), cache_dir=cache_dir))
            return visitor(made[-1])

        yield build
        for world in made:
            world.close()

    return rebuilt
