"""Errands in the shop about wish list, cart, comparison and orders, up to compositions of fifteen actions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ..oracles.screen import Screen, stop
from ..oracles.shopping.pages import check_out
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .shopping_data import (
    CUSTOMER,
    TODAY,
    holds,
    pair,
    path_is,
    path_of,
    product,
    product_count,
    quoted,
    rows,
    searched,
    several,
    shop_family,
    unquoted,
)
from .shopping_lookups import open_product

Reached = Callable[[Progress], bool]
Pieces = Mapping[int, int]  # product id -> how many

_WISHES = "SELECT product_id, qty FROM wishlist_item WHERE customer_id = ?"
_CART = "SELECT i.product_id, i.qty FROM cart_item i JOIN cart c ON c.id = i.cart_id WHERE c.customer_id = ?"
_COUPON = "SELECT coupon FROM cart WHERE customer_id = ? AND coupon IS NOT NULL"
_ORDERED = (
    "SELECT i.order_id, i.product_id, i.qty, o.coupon FROM order_item i JOIN sales_order o ON o.id = i.order_id "
    "WHERE o.customer_id = ? AND o.created_at >= ?"
)


def _exactly(sql: str, pieces: Pieces) -> Reached:
    """A list of the customer's holds these products, so many of each, and nothing else."""
    return lambda progress: sorted(rows(progress, sql, CUSTOMER)) == sorted(pieces.items())


def _among(sql: str, product_id: int) -> Reached:
    return lambda progress: product_id in {row[0] for row in rows(progress, sql, CUSTOMER)}


def _ordered(pieces: Pieces, coupon: str | None = None) -> Reached:
    """One order was placed, of these products and with this coupon."""

    def reached(progress: Progress) -> bool:
        lines = rows(progress, _ORDERED, CUSTOMER, TODAY)
        one = len({order for order, *_ in lines}) == 1
        return one and sorted((i, qty) for _, i, qty, _ in lines) == sorted(pieces.items()) and lines[0][3] == coupon

    return reached


def _found(parameters: Parameters) -> list[MilestoneSpec]:
    return [MilestoneSpec("searched", searched), MilestoneSpec("product page", path_is(parameters["url"]))]


def _both_found(parameters: Parameters, sql: str, where: str) -> list[MilestoneSpec]:
    """Each of the two found, then in the list."""
    return [
        step
        for which in ("first", "second")
        for step in (
            MilestoneSpec(f"page of the {which}", path_is(parameters[f"{which}_url"])),
            holds(f"{which} {where}", _among(sql, parameters[f"{which}_id"])),
        )
    ]


def _add(screen: Screen, name: str, qty: str = "1") -> Iterator[str]:
    yield from open_product(screen, name)
    if qty != "1":
        yield screen.fill("spinbutton", "Qty", qty)
    yield from screen.follow("button", "Add to Cart")


def _numbers(screen: Screen) -> list[str]:
    """The numbers of the intent outside of names and coupons."""
    return re.findall(r"\b\d+", unquoted(screen))


# --- wish lists ---


def _wished(parameters: Parameters) -> Reached:
    return _exactly(_WISHES, {parameters["id"]: 1})


def _wish_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [*_found(parameters), holds("on the wish list", _wished(parameters))]


def _solve_wish(screen: Screen) -> Iterator[str]:
    yield from open_product(screen, quoted(screen)[0])
    yield screen.click("link", "Add to Wish List")
    yield stop()


def _both_wished(parameters: Parameters) -> Reached:
    return _exactly(_WISHES, {parameters["first_id"]: 1, parameters["second_id"]: 1})


def _both_wish_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _both_found(parameters, _WISHES, "on the wish list")


def _solve_both_wishes(screen: Screen) -> Iterator[str]:
    for name in quoted(screen):
        yield from open_product(screen, name)
        yield screen.click("link", "Add to Wish List")
    yield stop()


# --- the cart ---


def _in_cart(parameters: Parameters) -> Reached:
    return _exactly(_CART, {parameters["id"]: parameters["qty"]})


def _cart_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [*_found(parameters), holds("in the cart", _in_cart(parameters))]


def _solve_cart(screen: Screen) -> Iterator[str]:
    yield from _add(screen, quoted(screen)[0], _numbers(screen)[0])
    yield stop()


def _both_in_cart(parameters: Parameters) -> Reached:
    return _exactly(_CART, {parameters["first_id"]: 1, parameters["second_id"]: 1})


def _both_cart_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _both_found(parameters, _CART, "in the cart")


def _solve_both_in_cart(screen: Screen) -> Iterator[str]:
    for name in quoted(screen):
        yield from _add(screen, name)
    yield stop()


def _with_coupon(store: StoreOf, index: int) -> Parameters:
    return {**product(store, index), "coupon": pair(store, index)["coupon"]}


def _coupon_used(parameters: Parameters) -> Reached:
    cart = _exactly(_CART, {parameters["id"]: 1})
    return lambda progress: cart(progress) and rows(progress, _COUPON, CUSTOMER) == [(parameters["coupon"],)]


def _coupon_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        *_found(parameters),
        holds("in the cart", _exactly(_CART, {parameters["id"]: 1})),
        holds("coupon used", _coupon_used(parameters)),
    ]


def _solve_coupon(screen: Screen) -> Iterator[str]:
    yield from _add(screen, quoted(screen)[0])
    yield from _use_coupon(screen)
    yield stop()


def _use_coupon(screen: Screen) -> Iterator[str]:
    code = re.findall(r"\b[A-Z]+\d+\b", unquoted(screen))[0]
    yield from screen.follow("link", "My Cart")
    yield screen.fill("textbox", "Enter discount code", code)
    yield screen.click("button", "Apply Discount")


# --- comparison ---

_COMPARED = "SELECT product_id FROM compare_item WHERE visitor = 'customer ' || ?"


def _both_compared(parameters: Parameters) -> Reached:
    wanted = sorted([parameters["first_id"], parameters["second_id"]])
    return lambda progress: sorted(row[0] for row in rows(progress, _COMPARED, CUSTOMER)) == wanted


def _comparison_shows(parameters: Parameters) -> Reached:
    both = _both_compared(parameters)
    return lambda progress: path_of(progress) == "/catalog/product_compare/index/" and both(progress)


def _compare_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        *_both_found(parameters, _COMPARED, "to be compared"),
        MilestoneSpec("comparison shows", _comparison_shows(parameters)),
    ]


def _solve_compare(screen: Screen) -> Iterator[str]:
    for name in quoted(screen):
        yield from open_product(screen, name)
        yield screen.click("link", "Add to Compare")
    name = quoted(screen)[0]  # lists have the comparison beside them, product pages don't
    yield screen.fill("combobox", "Search", name, enter=True)
    yield from screen.follow("link", "Compare")
    yield stop()


# --- orders ---


def _one_ordered(parameters: Parameters) -> Reached:
    return _ordered({parameters["id"]: 1})


def _order_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("product page", path_is(parameters["url"])),
        holds("in the cart", _among(_CART, parameters["id"])),
        MilestoneSpec(
            "checkout", lambda progress: path_of(progress).startswith("/checkout/") and "/cart" not in path_of(progress)
        ),
        holds("ordered", _one_ordered(parameters)),
    ]


def _solve_order(screen: Screen) -> Iterator[str]:
    yield from _add(screen, quoted(screen)[0])
    yield from check_out(screen)
    yield stop()


def _several_ordered(parameters: Parameters) -> Reached:
    return _ordered(
        {parameters["first_id"]: parameters["amount"], parameters["second_id"]: parameters["qty"]},
        coupon=parameters["coupon"],
    )


def _several_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        *_both_found(parameters, _CART, "in the cart"),
        holds("coupon used", lambda progress: rows(progress, _COUPON, CUSTOMER) == [(parameters["coupon"],)]),
        MilestoneSpec(
            "checkout", lambda progress: path_of(progress).startswith("/checkout/") and "/cart" not in path_of(progress)
        ),
        holds("ordered", _several_ordered(parameters)),
    ]


def _solve_several(screen: Screen) -> Iterator[str]:
    for name, qty in zip(quoted(screen), _numbers(screen), strict=True):
        yield from _add(screen, name, qty)
    yield from _use_coupon(screen)
    yield from check_out(screen)
    yield stop()


FAMILIES = (
    shop_family(
        "wish_list_add",
        (
            'Put "{name}" on my wish list.',
            'I would like to remember "{name}" for later: add it to the wish list.',
            'My wish list should hold "{name}".',
        ),
        count=product_count,
        parameters=product,
        success=_wished,
        milestones=_wish_milestones,
        oracle=_solve_wish,
        length=4,
    ),
    shop_family(
        "wish_list_pair",
        (
            'Put "{first}" and "{second}" on my wish list.',
            'My wish list should hold "{first}" and also "{second}".',
            'Remember two things on the wish list for me: "{first}", then "{second}".',
        ),
        count=product_count,
        parameters=pair,
        success=_both_wished,
        milestones=_both_wish_milestones,
        oracle=_solve_both_wishes,
        length=7,
        heldout=True,
    ),
    shop_family(
        "cart_add",
        (
            'Put {qty} of "{name}" into my cart.',
            'I need "{name}", {qty} pieces of it: add them to the cart.',
            'My cart should hold {qty} times "{name}". Do not order yet.',
        ),
        count=product_count,
        parameters=several,
        success=_in_cart,
        milestones=_cart_milestones,
        oracle=_solve_cart,
        length=5,
    ),
    shop_family(
        "cart_pair",
        (
            'Put "{first}" and "{second}" into my cart.',
            'My cart should hold one "{first}" and one "{second}". Do not order yet.',
            'Add two things to the cart: "{first}", then "{second}".',
        ),
        count=product_count,
        parameters=pair,
        success=_both_in_cart,
        milestones=_both_cart_milestones,
        oracle=_solve_both_in_cart,
        length=7,
    ),
    shop_family(
        "cart_coupon",
        (
            'Put "{name}" into the cart and apply the coupon {coupon}.',
            'I want "{name}" with the discount of {coupon}: prepare the cart, but do not order.',
            'Use the coupon {coupon} for a cart with "{name}".',
        ),
        count=product_count,
        parameters=_with_coupon,
        success=_coupon_used,
        milestones=_coupon_milestones,
        oracle=_solve_coupon,
        length=7,
    ),
    shop_family(
        "compare_pair",
        (
            'Show me "{first}" and "{second}" side by side on the comparison page.',
            'Compare "{first}" with "{second}" on the page that the shop has for that.',
            'Open the comparison of "{first}" and "{second}".',
        ),
        count=product_count,
        parameters=pair,
        success=_comparison_shows,
        milestones=_compare_milestones,
        oracle=_solve_compare,
        length=9,
        heldout=True,
    ),
    shop_family(
        "order_one",
        (
            'Order one "{name}".',
            'Buy "{name}" for me, sent to my usual address.',
            'Please go through the checkout with one "{name}" and place the order.',
        ),
        count=product_count,
        parameters=product,
        success=_one_ordered,
        milestones=_order_milestones,
        oracle=_solve_order,
        length=8,
    ),
    shop_family(
        "order_several",
        (
            'Order {amount} of "{first}" together with {qty} of "{second}", using the coupon {coupon}.',
            'Buy "{first}" ({amount} pieces) and "{second}" ({qty} pieces) in one order with the coupon {coupon}.',
            'I need {amount} times "{first}" and {qty} times "{second}": place one order with the discount code {coupon}.',
        ),
        count=product_count,
        parameters=pair,
        success=_several_ordered,
        milestones=_several_milestones,
        oracle=_solve_several,
        length=15,
    ),
)
