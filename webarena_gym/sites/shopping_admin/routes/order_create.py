"""Making an order in the admin: for a customer, from an order there is, or in place of one.

The form holds all of it, so that nothing is kept while it is filled in; what the real page's scripts ask the server for on
every change is here a form that leads back to the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Response, request

from ...base import see_other
from ...magento import COUNTRIES, Address, text_field, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.grid import GridQuery
from ..store.orders import Order
from ..store.placing import SHIPPING_CENTS
from ..store.refused import Refused
from .common import Button, Submit, back, flash, for_admins, page
from .orders import AT, REGIONS, order_url, posted_address

_START, _FORM = f"{BASE}/sales/order_create/start/", f"{BASE}/sales/order_create/index/"
_MOST_LINES = 100


@for_admins
def start(store: AdminStore, customer_id: int | None = None) -> Response:
    """GET /sales/order_create/start/: whose order it is to be."""
    if customer_id is not None and store.customers.customer(customer_id) is not None:
        return see_other(f"{_FORM}?customer_id={customer_id}")
    rows = [
        [
            str(row["entity_id"]),
            (row["name"], f"{_FORM}?customer_id={row['entity_id']}"),
            row["email"],
            row["billing_telephone"] or "",
            row["billing_postcode"] or "",
            row["billing_region"] or "",
        ]
        for row in store.grids.customers.rows(GridQuery(sort="name", limit=500))
    ]
    return page(
        store,
        "list.html",
        "Create New Order",
        at=AT,
        actions=(Button("Back", AT),),
        note="Please select a customer.",
        heads=["ID", "Name", "Email", "Phone", "ZIP/Post Code", "State/Province"],
        rows=rows,
    )


def _address_of(order: Order, **more: str) -> str:
    """The form's address with an order's goods in it."""
    pairs = [("customer_id", str(order.customer_id or 0)), ("from", str(order.id)), *more.items()]
    return f"{_FORM}?{urlencode([*pairs, *((f'item[{item.product_id}]', str(item.qty)) for item in order.items)])}"


@for_admins
def reorder(store: AdminStore, order_id: int) -> Response:
    """GET /sales/order_create/reorder/order_id/<N>/: the form with that order's goods and addresses."""
    order = store.orders.order(order_id)
    if order is None or not order.can_reorder:
        return back(store, AT, "This order cannot be ordered again.", "error")
    return see_other(_address_of(order))


@for_admins
def edit(store: AdminStore, order_id: int) -> Response:
    """POST /sales/order_edit/start/order_id/<N>/: as ``reorder``, but the old order is canceled when the new one is made."""
    order = store.orders.order(order_id)
    if order is None or not order.can_edit:
        return back(store, AT, "This order cannot be edited.", "error")
    return see_other(_address_of(order, instead_of=str(order.id)))


def _wanted(values: Mapping[str, str]) -> dict[int, int]:
    """Product id -> pieces, from fields such as ``item[12]``."""
    found: dict[int, int] = {}
    for name, value in list(values.items())[: 4 * _MOST_LINES]:
        if name.startswith("item[") and name.endswith("]") and (product_id := to_int(name[5:-1])) > 0:
            found[product_id] = max(0, to_int(value))
    return dict(list(found.items())[:_MOST_LINES])


@for_admins
def form(store: AdminStore) -> Response:
    """GET /sales/order_create/index/: goods, addresses and totals; ``sku`` and ``sku_qty`` add to the goods."""
    arguments = request.args
    customer = store.customers.customer(to_int(arguments.get("customer_id")))
    if customer is None:
        return see_other(_START)
    wanted = _wanted(arguments)
    unknown = ""
    if sku := arguments.get("sku", "").strip()[:64]:
        product = store.products.by_sku(sku)
        if product is None or product.type == "configurable":
            unknown = f"There is no product to order with the SKU {sku}."
        else:
            wanted[product.id] = wanted.get(product.id, 0) + max(1, to_int(arguments.get("sku_qty"), 1))
    lines = store.placing.lines(wanted)
    source = store.orders.order(to_int(arguments.get("from")))
    source = source if source is not None and source.customer_id == customer.id else None
    blank = Address(None, customer.first_name, customer.last_name, "", "", "", "", None, "", "", "US")
    default = store.customers.address(customer.billing_id) if customer.billing_id else None
    subtotal, pieces = sum(line.subtotal_cents for line in lines), sum(line.qty for line in lines)
    return page(
        store,
        "order_create.html",
        f"Create New Order for {customer.name}",
        at=AT,
        actions=(
            Button("Cancel", order_url(source.id) if source else AT),
            Submit("Submit Order", form="edit_form", primary=True),
        ),
        customer=customer,
        lines=lines,
        unknown=unknown,
        source=source,
        instead_of=to_int(arguments.get("instead_of")),
        form_url=_FORM,
        billing=source.billing_address if source else default or blank,
        shipping=source.shipping_address if source else default or blank,
        countries=COUNTRIES,
        regions=REGIONS,
        sums=[("Subtotal", subtotal), ("Shipping & Handling (Flat Rate - Fixed)", pieces * SHIPPING_CENTS)],
        finals=[("Grand Total", subtotal + pieces * SHIPPING_CENTS)],
    )


@for_admins
def save(store: AdminStore) -> Response:
    """POST /sales/order_create/save/."""
    posted = request.form
    customer_id, instead_of = to_int(posted.get("customer_id")), to_int(posted.get("instead_of"))
    billing, missing = posted_address(None, "billing_")
    shipping, also_missing = posted_address(None, "shipping_")
    lines = store.placing.lines(_wanted(posted))
    keep = [("customer_id", str(customer_id)), ("from", posted.get("from", "")[:15]), ("instead_of", str(instead_of))]
    here = f"{_FORM}?{urlencode([*keep, *((f'item[{line.product.id}]', str(line.qty)) for line in lines)])}"
    if missing or also_missing:
        return back(
            store, here, f"This is a required field: {', '.join(dict.fromkeys([*missing, *also_missing]))}.", "error"
        )
    replaced = store.orders.order(instead_of) if instead_of else None
    if replaced is not None and not (replaced.can_edit and replaced.customer_id == customer_id):
        return back(store, AT, "This order cannot be edited.", "error")
    try:
        order_id = store.placing.place(customer_id, lines, billing=billing, shipping=shipping, when=store.timestamp())
    except Refused as refused:
        return back(store, here, str(refused), "error")
    if replaced is not None:
        store.orders.cancel(replaced.id, store.timestamp())
    if comment := text_field("order[comment]", 5000):
        store.orders.add_comment(order_id, comment, "pending", notified=False, visible=False, when=store.timestamp())
    flash(store, "You created the order.")
    return see_other(order_url(order_id))
