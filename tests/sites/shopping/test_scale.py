"""Large shops: 100,000 products under ``make test-full``, a tenth of it otherwise, where times are kept in bounds too."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.shopping import builder
from webarena_gym.sites.world import World

from .shopper import Shopper

LISTING = "/clothing-shoes-jewelry/men/shoes.html?product_list_limit=36"


@pytest.fixture(scope="module")
def scale(full_size: bool) -> float:
    return 50 if full_size else 5


@pytest.fixture(scope="module")
def build_s() -> list[float]:
    return []


@pytest.fixture(scope="module")
def large_world(cache_dir: Path, scale: float, build_s: list[float]) -> Iterator[World]:
    world = World(["shopping"], options=BuildOptions(scale=scale), cache_dir=cache_dir)
    start = time.process_time()
    world.store("shopping")
    build_s.append(time.process_time() - start)
    yield world
    world.close()


@pytest.fixture
def shopper(large_world: World) -> Shopper:
    large_world.reset()
    return Shopper(large_world)


def _step_ms(shopper: Shopper, path: str) -> float:
    """Milliseconds of computing to open a page and read its text, whatever else the machine does."""
    from webarena_gym.actions import Goto

    start = time.process_time()
    shopper.engine.execute(Goto(path))
    assert shopper.text
    return 1000 * (time.process_time() - start)


def test_a_large_shop_is_built_in_time(shopper: Shopper, scale: float, build_s: list[float]):
    (products,) = shopper.store.connection.execute("SELECT count(*) FROM product").fetchone()
    assert products == 2000 * scale
    assert build_s[0] < 180


def test_a_listing_of_a_large_shop_is_quick(shopper: Shopper):
    times = [_step_ms(shopper, LISTING) for _ in range(30)]
    assert statistics.median(times) <= 10
    last = shopper.store.catalogue.category("clothing-shoes-jewelry").product_count // 36
    times = [_step_ms(shopper, f"/clothing-shoes-jewelry.html?product_list_limit=36&p={last}") for _ in range(10)]
    assert statistics.median(times) <= 10


def test_searches_in_a_large_shop_are_quick(shopper: Shopper):
    """Words of random product names, one to four at a time: the 95th percentile."""
    random = Random(7)
    names = [row[0] for row in shopper.store.connection.execute("SELECT name FROM product ORDER BY id")]
    times = []
    for _ in range(120):
        words = [word for word in random.choice(names).replace(",", " ").split() if word.isalnum()]
        query = "+".join(random.sample(words, min(len(words), random.choice((1, 2, 2, 3, 4)))))
        times.append(_step_ms(shopper, f"/catalogsearch/result/?q={query}"))
    assert sorted(times)[int(0.95 * len(times))] <= 30


def test_the_facts_of_a_large_shop_are_found(shopper: Shopper):
    for text, fact in (("EYZUTAK", "eyzutak_1"), ("B003FVW3VA", "russound"), ("jaw bruxism", "guard_1")):
        product = shopper.store.catalogue.product_by_fact(fact)
        assert product.card.name in shopper.open(f"/catalogsearch/result/?q={text.replace(' ', '+')}").names("link")
    shopper.open("/catalogsearch/result/?q=white+desk")
    assert "white" in shopper.names("link")[shopper.names("link").index("Image") + 1].lower()


def test_a_long_build_shows_its_progress(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    import sqlite3

    monkeypatch.setattr(builder, "_PROGRESS_FROM", 1)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    builder.build(connection, BuildOptions(scale=0.1))
    assert "preparing 200 products" in capsys.readouterr().err
