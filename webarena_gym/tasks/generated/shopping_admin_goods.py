"""Errands in the shop's admin that change goods: prices, quantities, marks, and several of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ..oracles.screen import Screen, first, stop
from ..oracles.shopping_admin.pages import check, choose, fill
from ..oracles.shopping_admin.products import OUT_OF_STOCK, save
from ..schema import MilestoneSpec
from .family import Parameters, StoreOf
from .shopping_admin_data import (
    PRODUCTS,
    Reached,
    errand,
    find_product,
    holds,
    new_price,
    new_quantity,
    path_begins,
    path_is,
    product,
    product_count,
    quoted,
    rows,
    stored,
    unquoted,
    wrote,
)

_FLAGS = {"New": "new", "Sale": "sale", "Eco Collection": "eco_collection", "Performance Fabric": "performance_fabric", "Erin Recommends": "erin_recommends"}  # fmt: skip
_DISABLED = 2


def _cents(dollars: str) -> int:
    return round(float(dollars) * 100)


def _of_product(change: Callable[[Parameters], dict[str, Any]]) -> Callable[[Parameters], Reached]:
    """Of the product, and of nothing else, this was changed."""
    return lambda parameters: lambda progress: wrote(progress, "product", {parameters["id"]: change(parameters)})


def _product_milestones(change: Callable[[Parameters], dict[str, Any]]) -> Callable[[Parameters], list[MilestoneSpec]]:
    return lambda parameters: [
        MilestoneSpec("products listed", path_begins(PRODUCTS)),
        MilestoneSpec("product opened", path_is(parameters["url"])),
        holds("saved", stored("product", parameters["id"], **change(parameters))),
    ]


def _priced(store: StoreOf, index: int) -> Parameters:
    return {**product(store, index), "new_price": new_price(index)}


def _price(parameters: Parameters) -> dict[str, Any]:
    return {"price_cents": _cents(parameters["new_price"])}


def _solve_price(screen: Screen) -> Iterator[str]:
    yield from find_product(screen, "Name", quoted(screen)[0])
    yield from fill(screen, "Price", _amount(screen))
    yield from save(screen)
    yield stop()


def _amount(screen: Screen) -> str:
    return first(re.findall(r"\$(\d+\.\d\d)", unquoted(screen)), "price")


def _counted(store: StoreOf, index: int) -> Parameters:
    return {**product(store, index), "new_qty": new_quantity(index)}


def _quantity(parameters: Parameters) -> dict[str, Any]:
    return {"qty": parameters["new_qty"]}


def _solve_quantity(screen: Screen) -> Iterator[str]:
    yield from find_product(screen, "SKU", quoted(screen)[0])
    yield from fill(screen, "Quantity", first(re.findall(r"\b(\d+) pieces", unquoted(screen)), "quantity"))
    yield from save(screen)
    yield stop()


def _flagged(store: StoreOf, index: int) -> Parameters:
    """A product and a mark that it does not have."""
    found = product(store, index)
    (marks,) = rows(store, f"SELECT {', '.join(_FLAGS.values())} FROM product WHERE id = ?", found["id"])
    free = [label for label, on in zip(_FLAGS, marks, strict=True) if not on]
    label = free[index % len(free)] if free else first(_FLAGS, "mark")
    return {**found, "flag": label, "on": not marks[list(_FLAGS).index(label)]}


def _flag(parameters: Parameters) -> dict[str, Any]:
    return {_FLAGS[parameters["flag"]]: int(parameters["on"])}


def _solve_flag(screen: Screen) -> Iterator[str]:
    name, flag = quoted(screen)
    yield from find_product(screen, "Name", name)
    box = yield from screen.seek("checkbox", flag)
    yield f"{'uncheck' if box.is_('checked') else 'check'}({box.id})"
    yield from save(screen)
    yield stop()


def _disabled(parameters: Parameters) -> dict[str, Any]:
    return {"status": _DISABLED}


def _solve_disable(screen: Screen) -> Iterator[str]:
    yield from find_product(screen, "SKU", quoted(screen)[0])
    yield from check(screen, "Enable Product", False)
    yield from save(screen)
    yield stop()


# Price, quantity, and whether any may be sold, at once.
def _reworked(store: StoreOf, index: int) -> Parameters:
    return {**product(store, index), "new_price": new_price(index * 3 + 1), "new_qty": new_quantity(index * 5 + 2)}


def _rework(parameters: Parameters) -> dict[str, Any]:
    return {**_price(parameters), **_quantity(parameters), "in_stock": 0}


def _rework_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    *opened, _ = _product_milestones(_price)(parameters)
    parts = (("price saved", _price(parameters)), ("all saved", _rework(parameters)))
    return [*opened, *(holds(name, stored("product", parameters["id"], **part)) for name, part in parts)]


def _solve_rework(screen: Screen) -> Iterator[str]:
    yield from find_product(screen, "SKU", quoted(screen)[0])
    yield from fill(screen, "Price", _amount(screen))
    yield from fill(screen, "Quantity", first(re.findall(r"\b(\d+) pieces", unquoted(screen)), "quantity"))
    yield from choose(screen, "Stock Status", OUT_OF_STOCK)
    yield from save(screen)
    yield stop()


def _two(store: StoreOf, index: int) -> Parameters:
    """Two products with a price for both."""
    count = product_count()(store)
    one, other = product(store, index), product(store, (index + 1 + index * 31 % (count - 1)) % count)
    return {
        "first": one["sku"], "first_id": one["id"], "first_url": one["url"], "second": other["sku"], "second_id": other["id"],
        "second_url": other["url"], "new_price": new_price(index * 5 + 3),
    }  # fmt: skip


def _two_priced(parameters: Parameters) -> Reached:
    change = _price(parameters)
    wanted = {parameters["first_id"]: change, parameters["second_id"]: change}
    return lambda progress: wrote(progress, "product", wanted)


def _two_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    change = _price(parameters)
    changed = {place: stored("product", parameters[f"{place}_id"], **change) for place in ("first", "second")}
    return [
        MilestoneSpec("products listed", path_begins(PRODUCTS)),
        holds("one saved", lambda progress: changed["first"](progress) or changed["second"](progress)),
        holds("both saved", lambda progress: changed["first"](progress) and changed["second"](progress)),
    ]


def _solve_two(screen: Screen) -> Iterator[str]:
    for sku in quoted(screen):
        yield from find_product(screen, "SKU", sku)
        yield from fill(screen, "Price", _amount(screen))
        yield from save(screen)
    yield stop()


FAMILIES = (
    errand(
        "admin_price_set",
        (
            'Set the price of "{name}" to ${new_price}.',
            'From today on, "{name}" costs ${new_price}: change it in the catalog.',
            'Let "{name}" be sold for ${new_price}.',
        ),
        product_count(), _priced, _of_product(_price), _product_milestones(_price), _solve_price, 7,
    ),
    errand(
        "admin_stock_set",
        (
            'We counted "{sku}": there are {new_qty} pieces. Correct the quantity.',
            'Set the quantity of the product with the SKU "{sku}" to {new_qty} pieces.',
            'Of the product "{sku}" we have {new_qty} pieces now, put that into the catalog.',
        ),
        product_count(), _counted, _of_product(_quantity), _product_milestones(_quantity), _solve_quantity, 7,
    ),
    errand(
        "admin_flag_change",
        (
            'Change whether "{name}" is marked with "{flag}", and save it.',
            'Of "{name}", switch the mark "{flag}" to what it is not now.',
            'In the form of "{name}", turn the check mark "{flag}" around.',
        ),
        product_count(), _flagged, _of_product(_flag), _product_milestones(_flag), _solve_flag, 7,
    ),
    errand(
        "admin_product_disable",
        (
            'Disable the product with the SKU "{sku}".',
            'The product "{sku}" should no longer be enabled in the catalog.',
            'Take "{sku}" out of the store: switch that product off, but do not delete it.',
        ),
        product_count(), product, _of_product(_disabled), _product_milestones(_disabled), _solve_disable, 7, heldout=True,
    ),
    errand(
        "admin_product_rework",
        (
            'Set the price of the product with the SKU "{sku}" to ${new_price} and its quantity to {new_qty} pieces, and mark it as out of stock.',
            'The product "{sku}": the price is ${new_price}, the quantity {new_qty} pieces, and the stock status out of stock. Save all of that.',
            'Mark "{sku}" as out of stock; there are {new_qty} pieces, which cost ${new_price} each. Correct the catalog.',
        ),
        product_count(), _reworked, _of_product(_rework), _rework_milestones, _solve_rework, 9,
    ),
    errand(
        "admin_price_pair",
        (
            'Set the prices of the products "{first}" and "{second}" to ${new_price}.',
            'Both "{first}" and "{second}" (SKUs) should cost ${new_price}: change them.',
            'Sell two products for ${new_price} each: "{first}", then "{second}".',
        ),
        product_count(), _two, _two_priced, _two_milestones, _solve_two, 13, heldout=True,
    ),
)  # fmt: skip
