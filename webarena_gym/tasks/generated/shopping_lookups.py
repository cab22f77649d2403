"""Errands in the shop that end with an answer: facts of products and orders, and questions that have no answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..oracles.screen import Screen, stop
from ..oracles.shopping.pages import all_orders
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .shopping_data import (
    category,
    category_count,
    connection,
    numbers,
    order,
    order_count,
    path_is,
    path_of,
    product,
    product_count,
    query_of,
    quoted,
    says_not_available,
    searched,
    shop_family,
    unknown_product,
    unquoted,
)
from .shopping_navigation import open_trail, sort_by

Reached = Callable[[Progress], bool]


def _found(parameters: Parameters, name: str, answered: Reached) -> list[MilestoneSpec]:
    """The way to what a product's page says."""
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("product page", path_is(parameters["url"])),
        MilestoneSpec(name, answered),
    ]


def open_product(screen: Screen, name: str) -> Iterator[str]:
    yield screen.fill("combobox", "Search", name, enter=True)
    yield screen.click("link", name)


# --- product_price ---


def _answered_price(parameters: Parameters) -> Reached:
    """The answer names the price and no other number."""
    return lambda progress: numbers(progress.answer or "") == [parameters["price"]]


def _price_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _found(parameters, "price answered", _answered_price(parameters))


def _solve_price(screen: Screen) -> Iterator[str]:
    yield from open_product(screen, quoted(screen)[0])
    yield stop(screen.find(r"\$([\d,]+\.\d\d)")[1].replace(",", ""))


# --- product_sku ---


def _answered_sku(parameters: Parameters) -> Reached:
    return lambda progress: (
        re.findall(r"\w+", (progress.answer or "").upper().removeprefix("SKU")) == [parameters["sku"]]
    )


def _sku_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _found(parameters, "SKU answered", _answered_sku(parameters))


def _solve_sku(screen: Screen) -> Iterator[str]:
    yield from open_product(screen, quoted(screen)[0])
    yield stop(screen.find(r"(?m)^SKU (\w+)$")[1])


# --- review_count ---


def _answered_count(parameters: Parameters) -> Reached:
    wanted = [f"{parameters['reviews']:.2f}"]
    return lambda progress: path_of(progress) == parameters["url"] and numbers(progress.answer or "") == wanted


def _count_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _found(parameters, "number answered", _answered_count(parameters))


def _solve_count(screen: Screen) -> Iterator[str]:
    yield from open_product(screen, quoted(screen)[0])
    reviews = screen.all("link", r"^\d+ Reviews?$")
    yield stop(reviews[0].name.split()[0] if reviews else "0")


# --- order_fact ---


def _answered_fact(parameters: Parameters) -> Reached:
    wanted = {answer.casefold() for answer in parameters["answers"]}
    return lambda progress: (progress.answer or "").strip().lstrip("$").casefold() in wanted


def _fact_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("orders listed", lambda progress: path_of(progress) == "/sales/order/history/"),
        MilestoneSpec("order seen", lambda progress: parameters["number"] in progress.text),
        MilestoneSpec("fact answered", _answered_fact(parameters)),
    ]


def _solve_fact(screen: Screen) -> Iterator[str]:
    number, fact = screen.find_in_intent(r"(\d{9})"), screen.find_in_intent(r"(total|status|date)")
    orders = yield from all_orders(screen)
    (found,) = (one for one in orders if one.number == number)
    date = f"{found.date.month}/{found.date.day}/{found.date:%y}"
    yield stop({"total": f"{found.total:.2f}", "status": found.status, "date": date}[fact])


# --- cheapest_in_category ---


def _cheapest(store: StoreOf, index: int) -> Parameters:
    found = category(store, index)
    (cents,) = connection(store).execute(
        "SELECT min(price_cents) FROM category_product WHERE category_id = ?", (found["id"],)
    ).fetchone()  # fmt: skip
    return {**found, "price": f"{cents / 100:.2f}"}


def _cheapest_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    path = parameters["paths"][-1]
    return [
        MilestoneSpec("department page", path_is(parameters["paths"][0])),
        MilestoneSpec("category page", path_is(path)),
        MilestoneSpec(
            "sorted by price",
            lambda progress: path_of(progress) == path and query_of(progress).get("product_list_order") == "price",
        ),
        MilestoneSpec("price answered", _answered_price(parameters)),
    ]


def _solve_cheapest(screen: Screen) -> Iterator[str]:
    yield from open_trail(screen)
    yield from sort_by(screen, "Price")
    yield stop(screen.find(r"(?m)^\$([\d,]+\.\d\d)$")[1].replace(",", ""))


# --- product_unknown ---


def _searched_for(parameters: Parameters) -> Reached:
    """Results of a search for the name, or for the greater part of it, show."""
    wanted = set(_words(parameters["name"]))

    def reached(progress: Progress) -> bool:
        asked = set(_words(query_of(progress).get("q", "")))
        return searched(progress) and asked <= wanted and 2 * len(asked) >= len(wanted)

    return reached


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _said_unknown(parameters: Parameters) -> Reached:
    """N/A, said where the search shows that there is none."""
    looked = _searched_for(parameters)
    return lambda progress: looked(progress) and says_not_available(progress)


def _unknown_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", _searched_for(parameters)),
        MilestoneSpec("said so", _said_unknown(parameters)),
    ]


def _solve_unknown(screen: Screen) -> Iterator[str]:
    name = quoted(screen)[0]
    yield screen.fill("combobox", "Search", name, enter=True)
    if any(link.name == name for link in screen.all("link")):
        yield screen.click("link", name)
        yield stop(screen.find(r"\$([\d,]+\.\d\d)")[1])
        return
    yield stop("N/A")


# --- order_unknown ---

_FIRST_UNKNOWN, _UNKNOWN_ORDERS = 1000, 3000  # numbers that no order of the seed data has


def _unknown_order(store: StoreOf, index: int) -> Parameters:
    return {"number": f"{_FIRST_UNKNOWN + index:09d}"}


def _said_no_order(parameters: Parameters) -> Reached:
    return lambda progress: path_of(progress) == "/sales/order/history/" and says_not_available(progress)


def _no_order_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("orders listed", lambda progress: path_of(progress) == "/sales/order/history/"),
        MilestoneSpec("said so", _said_no_order(parameters)),
    ]


def _solve_no_order(screen: Screen) -> Iterator[str]:
    number = re.findall(r"\d{9}", unquoted(screen))[0]
    orders = yield from all_orders(screen)
    found = [one.status for one in orders if one.number == number]
    yield stop(found[0] if found else "N/A")


FAMILIES = (
    shop_family(
        "product_price",
        (
            'What does "{name}" cost?',
            'Tell me the price of "{name}".',
            'How many dollars do I pay for one "{name}"?',
        ),
        count=product_count,
        parameters=product,
        success=_answered_price,
        milestones=_price_milestones,
        oracle=_solve_price,
        length=3,
    ),
    shop_family(
        "product_sku",
        (
            'What is the SKU of "{name}"?',
            'Give me the article number (SKU) of "{name}".',
            'Under which SKU is "{name}" sold?',
        ),
        count=product_count,
        parameters=product,
        success=_answered_sku,
        milestones=_sku_milestones,
        oracle=_solve_sku,
        length=3,
    ),
    shop_family(
        "review_count",
        (
            'How many reviews does "{name}" have?',
            'Count the customer reviews of "{name}".',
            'Tell me the number of reviews that were written about "{name}".',
        ),
        count=product_count,
        parameters=product,
        success=_answered_count,
        milestones=_count_milestones,
        oracle=_solve_count,
        length=3,
    ),
    shop_family(
        "order_fact",
        (
            "What is the {fact} of my order number {number}?",
            "Look up my order {number} and tell me its {fact}.",
            "My orders: which {fact} does number {number} have?",
        ),
        count=order_count,
        parameters=order,
        success=_answered_fact,
        milestones=_fact_milestones,
        oracle=_solve_fact,
        length=5,
    ),
    shop_family(
        "cheapest_in_category",
        (
            "What does the cheapest product in {trail} cost?",
            "Find the lowest price in the category {trail}.",
            "How many dollars is the least expensive product of {trail}?",
        ),
        count=category_count,
        parameters=_cheapest,
        success=_answered_price,
        milestones=_cheapest_milestones,
        oracle=_solve_cheapest,
        length=6,
        heldout=True,
    ),
    shop_family(
        "product_unknown",
        (
            'What does "{name}" cost? Answer N/A if it is not sold here.',
            'Tell me the price of "{name}", or N/A if the shop does not have it.',
            'If this shop sells "{name}", what is its price? Otherwise say N/A.',
        ),
        count=product_count,
        parameters=unknown_product,
        success=_said_unknown,
        milestones=_unknown_milestones,
        oracle=_solve_unknown,
        length=2,
    ),
    shop_family(
        "order_unknown",
        (
            "What is the status of my order {number}? Answer N/A if I have no such order.",
            "Tell me the status of order number {number}, or N/A if it is none of mine.",
            "Is there an order {number} among mine? Give me its status, otherwise N/A.",
        ),
        count=lambda store: _UNKNOWN_ORDERS,
        parameters=_unknown_order,
        success=_said_no_order,
        milestones=_no_order_milestones,
        oracle=_solve_no_order,
        length=5,
    ),
)
