"""Both engines over the test site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tiny_site import ORIGIN, find_tiny_site
from webarena_gym.engines.base import Cookie, Engine, EpisodeStart
from webarena_gym.engines.browser import BrowserEngine
from webarena_gym.engines.http import HttpEngine
from webarena_gym.sites.world import World

ENGINES = ("http", "browser")


def begin(engine: Engine, world: World, *urls: str) -> None:
    """An episode on the test site, signed in, with one tab for each path."""
    world.reset()
    cookies = tuple(Cookie(ORIGIN, name, value) for name, value in world.sign_in("shopping").items())
    engine.reset(EpisodeStart(tuple(ORIGIN + url for url in urls or ("/",)), world.origins, cookies))


@pytest.fixture(scope="module")
def worlds(cache_dir: Path) -> Iterator[dict[str, World]]:
    opened = {name: World(["shopping"], find_site=find_tiny_site, cache_dir=cache_dir) for name in ENGINES}
    yield opened
    for world in opened.values():
        world.close()


@pytest.fixture(scope="module")
def engines(worlds: dict[str, World]) -> Iterator[dict[str, Engine]]:
    made: dict[str, Engine] = {"http": HttpEngine(worlds["http"]), "browser": BrowserEngine(worlds["browser"])}
    yield made
    for engine in made.values():
        engine.close()


@pytest.fixture(params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def world(name: str, worlds: dict[str, World]) -> World:
    return worlds[name]


@pytest.fixture
def engine(name: str, engines: dict[str, Engine], world: World) -> Engine:
    begin(engines[name], world)
    return engines[name]
