"""Errands in the shop. Parameters are products that no official task speaks of (``product.fact`` is empty)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from ..oracles.screen import Screen, stop
from ..schema import MilestoneSpec, Progress
from .family import Family, Parameters, StoreOf

_CUSTOMER = 27  # Emma, who is signed in
_MAX_NAME_CHARS = 120  # of products named in an intent


def _product_count(store: StoreOf) -> int:
    (count,) = store("shopping").connection.execute(
        "SELECT count(*) FROM product WHERE fact IS NULL AND has_options = 0 AND length(name) <= ?", (_MAX_NAME_CHARS,)
    ).fetchone()  # fmt: skip
    return count


def _product(store: StoreOf, index: int) -> Parameters:
    row = store("shopping").connection.execute(
        "SELECT id, name, url_key, price_cents FROM product WHERE fact IS NULL AND has_options = 0 AND length(name) <= ? "
        "ORDER BY id LIMIT 1 OFFSET ?",
        (_MAX_NAME_CHARS, index),
    ).fetchone()  # fmt: skip
    return {"id": row["id"], "name": row["name"], "url": f"/{row['url_key']}.html", "price": f"{row['price_cents'] / 100:.2f}"}


def _path_is(path: str) -> Callable[[Progress], bool]:
    return lambda progress: urlsplit(progress.url).path == path


def _searched(progress: Progress) -> bool:
    return urlsplit(progress.url).path.startswith("/catalogsearch/result")


def _numbers(text: str) -> list[str]:
    return [f"{float(number):.2f}" for number in re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))]


def _answered_price(parameters: Parameters) -> Callable[[Progress], bool]:
    """The answer names the price and no other number."""
    return lambda progress: _numbers(progress.answer or "") == [parameters["price"]]


def _price_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", _searched),
        MilestoneSpec("product page", _path_is(parameters["url"])),
        MilestoneSpec("price answered", _answered_price(parameters)),
    ]


def _wished(parameters: Parameters) -> Callable[[Progress], bool]:
    def reached(progress: Progress) -> bool:
        wishes = progress.store("shopping").wishlists.of_customer(_CUSTOMER)
        return [wish.card.id for wish in wishes] == [parameters["id"]]

    return reached


def _wish_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", _searched),
        MilestoneSpec("product page", _path_is(parameters["url"])),
        MilestoneSpec("on the wish list", _wished(parameters)),
    ]


def _quoted(screen: Screen) -> str:
    return screen.find_in_intent(r"\"(.+)\"")


def _open_product(screen: Screen, name: str) -> Iterator[str]:
    yield screen.fill("combobox", "Search", name, enter=True)
    yield screen.click("link", name)


def _solve_price(screen: Screen) -> Iterator[str]:
    yield from _open_product(screen, _quoted(screen))
    yield stop(screen.find(r"\$([\d,]+\.\d\d)")[1].replace(",", ""))


def _solve_wish(screen: Screen) -> Iterator[str]:
    yield from _open_product(screen, _quoted(screen))
    yield screen.click("link", "Add to Wish List")
    yield stop()


def _family(name: str, wordings: tuple[str, ...], **parts: Any) -> Family:
    return Family(name=name, sites=("shopping",), wordings=wordings, **parts)


FAMILIES = (
    _family(
        "product_price",
        (
            'What does "{name}" cost?',
            'Tell me the price of "{name}".',
            'How many dollars do I pay for one "{name}"?',
        ),
        count=_product_count,
        parameters=_product,
        success=_answered_price,
        milestones=_price_milestones,
        oracle=_solve_price,
        length=3,
    ),
    _family(
        "wish_list_add",
        (
            'Put "{name}" on my wish list.',
            'I would like to remember "{name}" for later: add it to the wish list.',
            'My wish list should hold "{name}".',
        ),
        count=_product_count,
        parameters=_product,
        success=_wished,
        milestones=_wish_milestones,
        oracle=_solve_wish,
        length=4,
    ),
)
