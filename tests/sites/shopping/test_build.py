from __future__ import annotations

import copy
import re
import sqlite3
import time

import pytest

from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.shopping.builder import build
from webarena_gym.sites.shopping.seeding.facts import read_json
from webarena_gym.sites.shopping.seeding.generate import Leaf, shares

from .shopper import Shopper

# Words of products that tasks single out; no generated product may hold one, in any size of shop.
RESERVED = re.compile(
    r"guard|mouth|teeth|grind|bruxism|jaw|eyzutak|sephora|ugreen|heiying|echo dot|hori\b|overdrive|body butter|photosmart|"
    r"spaas|clarks|beyond meat|hawaiian|elmwood|20(1\d|2[0-3])|card (case|holder)|\bsale\b|discount",
    re.I,
)


def _built(**options) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    build(connection, BuildOptions(**options))
    return connection


def _dump(connection: sqlite3.Connection) -> list[str]:
    return list(connection.iterdump())


def test_the_shop_has_two_thousand_products_in_more_than_a_hundred_categories(emma: Shopper):
    (products,) = emma.store.connection.execute("SELECT count(*) FROM product").fetchone()
    categories = emma.store.catalogue.categories()
    assert products == 2000
    assert len(categories) > 100
    assert {category.level for category in categories} == {1, 2, 3}


@pytest.fixture(scope="module")
def large(full_size: bool) -> sqlite3.Connection:
    """A shop with many more generated products."""
    return _built(scale=50 if full_size else 4)


def test_two_builds_are_equal():
    assert _dump(_built()) == _dump(_built())


def test_the_scale_multiplies_products_and_leaves_the_facts_alone():
    facts = (
        "SELECT fact, sku, name, url_key, price_cents, rating_percent, review_count FROM product WHERE fact NOT NULL"
    )
    small, large = _built(), _built(scale=1.5)
    assert large.execute("SELECT count(*) FROM product").fetchone() == (3000,)
    assert small.execute(facts).fetchall() == large.execute(facts).fetchall()


def test_a_scale_below_one_keeps_all_the_facts():
    tiny = _built(scale=0.01)
    assert tiny.execute("SELECT count(*) FROM product").fetchone() == (len(read_json("facts.json")["products"]),)


def test_building_takes_a_few_seconds_at_most():
    start = time.process_time()
    _built()
    assert time.process_time() - start < 5


def test_generated_products_hold_no_word_that_tasks_rely_on(large: sqlite3.Connection):
    rows = large.execute("SELECT name || ' ' || about FROM product WHERE fact IS NULL")
    assert [text for (text,) in rows if RESERVED.search(text)] == []


def test_generated_names_are_marketplace_titles(emma: Shopper):
    rows = emma.store.connection.execute("SELECT min(length(name)), max(length(name)) FROM product WHERE fact IS NULL")
    shortest, longest = rows.fetchone()
    assert shortest >= 60 and longest <= 140


def test_generated_products_with_five_reviews_are_never_perfect(large: sqlite3.Connection):
    rows = large.execute(
        "SELECT count(*) FROM product WHERE fact IS NULL AND review_count >= 5 AND rating_percent = 100"
    )
    assert rows.fetchone() == (0,)


def test_ratings_are_the_average_of_the_reviews(emma: Shopper):
    rows = emma.store.connection.execute(
        "SELECT p.rating_percent, p.review_count, sum(r.stars) * 20.0 / count(*), count(*) FROM product p "
        "JOIN review r ON r.product_id = p.id GROUP BY p.id"
    ).fetchall()
    assert len(rows) > 1000
    for percent, count, average, found in rows:
        assert count == found and abs(percent - average) <= 0.5


def test_a_quoted_review_comes_from_the_references(rebuilt):
    shopper = rebuilt(references={42: ["It eats paper", "It hums."]})
    assert "It eats paper. It hums." in shopper.open(shopper.product_url("hp_printer")).text


def test_without_references_the_review_is_our_own(emma: Shopper):
    text = emma.open(emma.product_url("hp_printer")).text
    assert "Waste of big money\nRating 20%\nThe network link drops every other day." in text


def test_changed_facts_change_the_shop(rebuilt):
    facts = copy.deepcopy(read_json("facts.json"))
    facts["products"]["cards_40"]["price"] = 5.25
    facts["products"]["eyzutak_2"]["reviews"][0]["nickname"] = "Evelyn Changed"
    facts["products"]["xbox_2020"]["name"] = "Another Controller"
    del facts["products"]["xbox_2020"]["url_key"]
    facts["orders"][0]["date"] = "2023-05-21 10:00:00"
    facts["customer"]["address"]["city"] = "Oakland"
    facts["clock"] = "2023-07-01 08:00:00"
    shopper = rebuilt(facts=facts)
    assert "$5.25" in shopper.open(shopper.product_url("cards_40")).text
    assert "Review by Evelyn Changed" in shopper.open(shopper.product_url("eyzutak_2")).text
    assert shopper.open("/another-controller.html").title == "Another Controller"
    assert "| 5/21/23 |" in shopper.open("/sales/order/history/").text
    assert "Oakland, California, 94010" in shopper.open("/customer/address/").text
    assert str(shopper.store.now()) >= "2023-07-01 08:00:00"


def test_facts_of_an_unknown_category_are_refused():
    facts = copy.deepcopy(read_json("facts.json"))
    facts["products"]["clarks"]["category"] = "Shoes/Nowhere"
    with pytest.raises(ValueError, match="unknown category 'Shoes/Nowhere'"):
        _built(facts=facts)


def test_shares_add_up_and_follow_the_weights():
    leaves = [Leaf(path, "food", 1, 2, weight, ("x",)) for path, weight in (("a", 1), ("b", 2), ("c", 3))]
    # 10/6 * (1, 2, 3) = 1.67, 3.33, 5.0: the one left over goes to the largest remainder
    assert shares(leaves, 10) == [2, 3, 5]
