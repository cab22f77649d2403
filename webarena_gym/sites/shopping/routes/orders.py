"""A customer's orders: list, view, invoices and shipments, print, reorder; and a guest's order by its number."""

from __future__ import annotations

from flask import Response, request

from ...base import see_other
from ...magento import text_field, to_int
from ..store import ShopStore
from ..store.cart import Visitor
from ..store.orders import Order
from .account import account_page
from .common import flash, for_customers, open_visit, page, visitor

_PAGE_SIZES = (10, 20, 50)
# Part of an order's page -> heading; the first is the order itself.
_PARTS = {"view": "Items Ordered", "invoice": "Invoices", "shipment": "Order Shipments"}
_FINISHED = "Complete"  # the status of orders that have an invoice and a shipment


@for_customers
def history(store: ShopStore, customer_id: int) -> Response:
    """GET /sales/order/history/: ten orders a page, newest first."""
    limit = to_int(request.args.get("limit"), _PAGE_SIZES[0])
    limit = limit if limit in _PAGE_SIZES else _PAGE_SIZES[0]
    total = store.orders.count(customer_id)
    pages = max(1, -(-total // limit))
    number = min(max(1, to_int(request.args.get("p"), 1)), pages)
    return account_page(
        store,
        customer_id,
        "orders.html",
        "My Orders",
        title="My Orders",
        orders=store.orders.of_customer(customer_id, limit, (number - 1) * limit),
        total=total,
        number=number,
        pages=pages,
        limit=limit,
        limits=_PAGE_SIZES,
    )


@for_customers
def view(store: ShopStore, customer_id: int, order_id: int, part: str = "view") -> Response:
    """GET /sales/order/view/order_id/<N>/ and its invoices and shipments; another's order leads to the history."""
    order = _own_order(store, customer_id, order_id)
    if order is None:
        return see_other("/sales/order/history/")
    finished = order.status == _FINISHED
    return account_page(
        store,
        customer_id,
        "order.html",
        "My Orders",
        exact=False,
        title=f"Order # {order.number}",
        order=order,
        part=part,
        parts=[(key, label) for key, label in _PARTS.items() if key == "view" or finished],
        base="/sales/order",
        finished=finished,
    )


def invoices(store: ShopStore, order_id: int) -> Response:
    return view(store, order_id=order_id, part="invoice")


def shipments(store: ShopStore, order_id: int) -> Response:
    return view(store, order_id=order_id, part="shipment")


@for_customers
def print_order(store: ShopStore, customer_id: int, order_id: int) -> Response:
    """GET /sales/order/print/order_id/<N>/: the order without the shop's frame."""
    order = _own_order(store, customer_id, order_id)
    if order is None:
        return see_other("/sales/order/history/")
    return page(store, "order_print.html", title=f"Order # {order.number}", order=order)


def _own_order(store: ShopStore, customer_id: int, order_id: int) -> Order | None:
    order = store.orders.order(order_id)
    return order if order is not None and order.customer_id == customer_id else None


@for_customers
def reorder(store: ShopStore, customer_id: int, order_id: int) -> Response:
    """POST /sales/order/reorder/order_id/<N>/: the order's goods go into the cart."""
    order = _own_order(store, customer_id, order_id)
    if order is None:
        return see_other("/sales/order/history/")
    _put_in_cart(store, order)
    return see_other("/checkout/cart/")


def _put_in_cart(store: ShopStore, order: Order) -> None:
    who = open_visit(store)
    for line in order.lines:
        if store.catalogue.product(line.product_id) is None:
            flash(store, f"The product {line.name} is no longer sold.", "error")
        elif not store.carts.add(who, line.product_id, line.qty, line.options):
            flash(store, f"{line.name} could not be added in that quantity.", "error")


@for_customers
def reorder_items(store: ShopStore, customer_id: int) -> Response:
    """POST /checkout/cart/addgroup/: the ticked ones of the last order's items."""
    chosen = {to_int(value) for value in request.form.getlist("order_items")}
    items = [item for item in store.orders.last_items(customer_id) if item.id in chosen]
    if not items:
        flash(store, "Please select at least one item.", "notice")
        return see_other("/customer/account/")
    who = Visitor(open_visit(store).session, customer_id)
    for item in items:
        store.carts.add(who, item.product_id, 1, item.options)
    return see_other("/checkout/cart/")


def guest_form(store: ShopStore) -> Response:
    """GET /sales/guest/form/: find an order without an account."""
    if visitor(store).customer_id is not None:
        return see_other("/customer/account/")
    return page(store, "guest_form.html", title="Orders and Returns")


def guest_find(store: ShopStore) -> Response:
    """POST /sales/guest/view/: number, last name, and email or ZIP code must all agree."""
    order = store.orders.order(to_int(text_field("oar_order_id")))
    by_zip = text_field("oar_type") == "zip"
    if order is not None:
        given = text_field("oar_zip") if by_zip else text_field("oar_email").lower()
        wanted = order.billing_address.postcode if by_zip else order.email.lower()
        if given == wanted and text_field("oar_billing_lastname").lower() == order.billing_address.last_name.lower():
            session = open_visit(store).session
            assert session is not None
            store.orders.remember(session, order.id)
            return see_other("/sales/guest/view/")
    flash(store, "You entered incorrect data. Please try again.", "error")
    return see_other("/sales/guest/form/")


def guest_view(store: ShopStore) -> Response:
    """GET /sales/guest/view/: the order this guest found or placed."""
    order_id = store.orders.remembered(visitor(store).session)
    order = store.orders.order(order_id) if order_id is not None else None
    if order is None:
        return see_other("/sales/guest/form/")
    return page(store, "order_guest.html", title=f"Order # {order.number}", order=order)


def guest_reorder(store: ShopStore) -> Response:
    """POST /sales/guest/reorder/."""
    order_id = store.orders.remembered(visitor(store).session)
    order = store.orders.order(order_id) if order_id is not None else None
    if order is None:
        return see_other("/sales/guest/form/")
    _put_in_cart(store, order)
    return see_other("/checkout/cart/")
