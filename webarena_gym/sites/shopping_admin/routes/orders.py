"""An order's page, and what is done to it there."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from ...base import see_other
from ...magento import COUNTRIES, MAX_TEXT_CHARS, US_REGIONS, Address, money, text_field, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.orders import STATUSES, Order, OrderItem
from ..store.refused import Refused
from .common import Button, Question, Submit, back, flash, for_admins, full_time, not_found, number, page, sent_form
from .grid import posted_ids

AT = f"{BASE}/sales/order/"
_TABS = {
    "order_info": "Information", "order_invoices": "Invoices", "order_creditmemos": "Credit Memos",
    "order_shipments": "Shipments", "order_history": "Comments History",
}  # fmt: skip
REGIONS = {"": "Please select a region, state or province.", **US_REGIONS}


def order_url(order_id: int) -> str:
    return f"{BASE}/sales/order/view/order_id/{order_id}/"


@for_admins
def view(store: AdminStore, order_id: int, tab: str = "order_info") -> Response:
    """GET /sales/order/view/order_id/<N>/, with /active_tab/<tab>/ for the lists of documents and the history."""
    order = store.orders.order(order_id)
    if order is None:
        return back(store, AT, "This order no longer exists.", "error")
    tab = tab if tab in _TABS else "order_info"
    return page(
        store,
        "order.html",
        f"#{order.number}",
        at=AT,
        actions=_actions(order),
        question=_question(order),
        order=order,
        group=store.customers.groups().get(order.group_id, ""),
        tab=tab,
        tabs=list(_TABS.items()),
        item_status=_item_status,
        statuses=STATUSES,
        comments=store.orders.comments(order_id) if tab == "order_info" else [],
        entries=store.orders.history(order_id) if tab == "order_history" else [],
        listed=_documents(store, order_id, tab),
        sums=sums(
            order.subtotal_cents,
            order.shipping_cents,
            order.tax_cents,
            order.discount_cents,
            order.rule or order.coupon,
        ),
        finals=[
            ("Grand Total", order.total_cents),
            ("Total Paid", order.paid_cents),
            ("Total Refunded", order.refunded_cents),
            ("Total Due", order.due_cents),
        ],
    )


def sums(subtotal: int, shipping: int, tax: int, discount: int, rule: str | None = None) -> list[tuple[str, int]]:
    """The lines above a grand total; tax and discount only where there is some."""
    lines = [("Subtotal", subtotal)]
    if discount:
        lines.append((f"Discount ({rule})" if rule else "Discount", -discount))
    lines.append(("Shipping & Handling", shipping))
    return [*lines, ("Tax", tax)] if tax else lines


def _item_status(item: OrderItem) -> str:
    if item.qty_canceled >= item.qty:
        return "Canceled"
    if item.qty_refunded >= item.qty:
        return "Refunded"
    if item.qty_shipped and item.qty_shipped < item.qty:
        return "Partial"
    if item.qty_invoiced >= item.qty:
        return "Shipped" if item.qty_shipped >= item.qty else "Invoiced"
    return "Shipped" if item.qty_shipped >= item.qty else "Ordered"


def _actions(order: Order) -> list[Button]:
    base = f"{BASE}/sales"
    edit = [Button("Edit", opens="edit", primary=True)] if order.can_edit else []
    return [
        Button("Back", AT),
        *([Button("Login as Customer", opens="login")] if order.customer_id else []),
        *edit,
        *([Button("Cancel", opens="cancel")] if order.can_cancel else []),
        Button("Send Email", opens="email"),
        *([Button("Credit Memo", f"{base}/order_creditmemo/start/order_id/{order.id}/")] if order.can_credit else []),
        *([Button("Hold", opens="hold")] if order.can_hold else []),
        *([Button("Unhold", opens="unhold")] if order.can_unhold else []),
        *([Button("Invoice", f"{base}/order_invoice/start/order_id/{order.id}/")] if order.can_invoice else []),
        *([Button("Ship", f"{BASE}/admin/order_shipment/start/order_id/{order.id}/")] if order.can_ship else []),
        *([Button("Reorder", f"{base}/order_create/reorder/order_id/{order.id}/")] if order.can_reorder else []),
    ]


def _question(order: Order) -> Question | None:
    """What the address asks to confirm, as far as the order's state allows it."""
    base = f"{BASE}/sales/order"
    asked = request.args.get("open", "")
    if asked == "cancel" and order.can_cancel:
        return Question("Are you sure you want to cancel this order?", f"{base}/cancel/order_id/{order.id}/")
    if asked == "hold" and order.can_hold:
        return Question("Are you sure you want to put this order on hold?", f"{base}/hold/order_id/{order.id}/")
    if asked == "unhold" and order.can_unhold:
        return Question("Are you sure you want to release this order?", f"{base}/unhold/order_id/{order.id}/")
    if asked == "email":
        text = "Are you sure you want to send an order email to customer?"
        return Question(text, f"{base}/email/order_id/{order.id}/")
    if asked == "edit" and order.can_edit:
        text = "Are you sure? This order will be canceled and a new one will be created instead."
        return Question(text, f"{BASE}/sales/order_edit/start/order_id/{order.id}/")
    if asked == "login" and order.customer_id:
        text = 'The user has not enabled the "Allow remote shopping assistance" functionality.'
        return Question(text, f"{base}/closeLogin/order_id/{order.id}/", "Login as Customer not enabled")
    return None


class Listed:
    """A list of an order's documents: headings, and cells that are texts or (text, address)."""

    def __init__(self, heads: list[str], rows: list[list[str | tuple[str, str]]]) -> None:
        self.heads, self.rows = heads, rows


def _documents(store: AdminStore, order_id: int, tab: str) -> Listed | None:
    condition, values = "o.id = ?", (order_id,)
    if tab == "order_invoices":
        rows = store.grids.invoices.rows(condition=condition, values=values)
        return Listed(
            ["Invoice", "Invoice Date", "Bill-to Name", "Status", "Amount"],
            [
                [
                    (row["increment_id"], f"{BASE}/sales/invoice/view/invoice_id/{row['entity_id']}/"),
                    full_time(row["created_at"]),
                    row["billing_name"],
                    "Paid",
                    money(row["grand_total"]),
                ]
                for row in rows
            ],
        )
    if tab == "order_shipments":
        rows = store.grids.shipments.rows(condition=condition, values=values)
        return Listed(
            ["Shipment", "Ship Date", "Ship-to Name", "Total Quantity"],
            [
                [
                    (row["increment_id"], f"{BASE}/sales/shipment/view/shipment_id/{row['entity_id']}/"),
                    full_time(row["created_at"]),
                    row["shipping_name"],
                    str(row["total_qty"]),
                ]
                for row in rows
            ],
        )
    if tab == "order_creditmemos":
        rows = store.grids.creditmemos.rows(condition=condition, values=values)
        return Listed(
            ["Credit Memo", "Created", "Bill-to Name", "Status", "Refunded"],
            [
                [
                    (row["increment_id"], f"{BASE}/sales/creditmemo/view/creditmemo_id/{row['entity_id']}/"),
                    full_time(row["created_at"]),
                    row["billing_name"],
                    "Refunded",
                    money(row["grand_total"]),
                ]
                for row in rows
            ],
        )
    return None


@for_admins
def comments_history(store: AdminStore, order_id: int, tab: str = "") -> Response:
    """GET /sales/order/commentsHistory/order_id/<N>/active_tab/…/: all that happened to the order, newest first."""
    order = store.orders.order(order_id)
    if order is None:
        return not_found(store)
    return page(store, "history.html", f"#{order.number}", at=AT, order=order, entries=store.orders.history(order_id))


@for_admins
def add_comment(store: AdminStore, order_id: int) -> Response:
    """POST /sales/order/addComment/order_id/<N>: a script call of the real page, which shows what it answers."""
    if store.orders.order(order_id) is None:
        return back(store, AT, "This order no longer exists.", "error")
    form = request.form
    problem = ""
    try:
        store.orders.add_comment(
            order_id,
            text_field("history[comment]", MAX_TEXT_CHARS),
            form.get("history[status]", ""),
            notified="history[is_customer_notified]" in form,
            visible="history[is_visible_on_front]" in form,
            when=store.timestamp(),
        )
    except Refused as refused:
        problem = str(refused)
        flash(store, problem, "error")
    else:
        flash(store, "You added a comment to the order's history.")
    sent_form(status=200, script=True, answer=f'{{"error":true,"message":"{problem}"}}' if problem else "")
    return see_other(order_url(order_id))


Change = Callable[[int, str], bool]  # of an order, at a time; False if its state does not allow it


def _changed(store: AdminStore, order_id: int, change: Change, done: str, failed: str) -> Response:
    """Back on the order's page, which says whether it was changed."""
    if store.orders.order(order_id) is None:
        return back(store, AT, "This order no longer exists.", "error")
    if change(order_id, store.timestamp()):
        return back(store, order_url(order_id), done)
    return back(store, order_url(order_id), failed, "error")


@for_admins
def cancel(store: AdminStore, order_id: int) -> Response:
    """POST /sales/order/cancel/order_id/<N>/."""
    done, failed = "You canceled the order.", "You have not canceled the item."
    return _changed(store, order_id, store.orders.cancel, done, failed)


@for_admins
def hold(store: AdminStore, order_id: int) -> Response:
    """POST /sales/order/hold/order_id/<N>/."""
    done, failed = "You put the order on hold.", "You have not put the order on hold."
    return _changed(store, order_id, store.orders.hold, done, failed)


@for_admins
def unhold(store: AdminStore, order_id: int) -> Response:
    """POST /sales/order/unhold/order_id/<N>/."""
    done, failed = "You released the order from holding status.", "The order was not on hold."
    return _changed(store, order_id, store.orders.unhold, done, failed)


@for_admins
def email(store: AdminStore, order_id: int) -> Response:
    """POST /sales/order/email/order_id/<N>/."""
    if store.orders.order(order_id) is None:
        return back(store, AT, "This order no longer exists.", "error")
    store.orders.mark_email_sent(order_id, store.timestamp())
    return back(store, order_url(order_id), "You sent the order email.")


@for_admins
def close_login(store: AdminStore, order_id: int) -> Response:
    """POST that only closes the message of "Login as Customer"."""
    return see_other(order_url(order_id))


def _mass(store: AdminStore, change: Change, done: str, failed: str) -> Response:
    """Back on the grid, which says how many of the ticked orders were changed."""
    ids = posted_ids()
    changed = sum(change(order_id, store.timestamp()) for order_id in ids)
    if changed:
        flash(store, done.format(changed))
    if changed < len(ids):
        flash(store, failed.format(len(ids) - changed), "error")
    if not ids:
        flash(store, "An item needs to be selected. Select and try again.", "error")
    return see_other(AT)


@for_admins
def mass_cancel(store: AdminStore) -> Response:
    """POST /sales/order/massCancel/."""
    return _mass(store, store.orders.cancel, "We canceled {} order(s).", "{} order(s) cannot be canceled.")


@for_admins
def mass_hold(store: AdminStore) -> Response:
    """POST /sales/order/massHold/."""
    done, failed = "You have put {} order(s) on hold.", "{} order(s) were not put on hold."
    return _mass(store, store.orders.hold, done, failed)


@for_admins
def mass_unhold(store: AdminStore) -> Response:
    """POST /sales/order/massUnhold/."""
    done = "{} order(s) have been released from on hold status."
    return _mass(store, store.orders.unhold, done, "{} order(s) were not released from on hold status.")


# --- addresses ---


@for_admins
def address(store: AdminStore, address_id: int) -> Response:
    """GET /sales/order/address/address_id/<id>/."""
    found = store.orders.address(address_id)
    if found is None:
        return back(store, AT, "This address no longer exists.", "error")
    return page(
        store,
        "order_address.html",
        f"Edit Order {number((address_id + 1) // 2)} {'Shipping' if address_id % 2 == 0 else 'Billing'} Address",
        at=AT,
        actions=(
            Button("Back", order_url((address_id + 1) // 2)),
            Button("Reset", f"{BASE}/sales/order/address/address_id/{address_id}/"),
            Submit("Save Order Address", primary=True),
        ),
        address=found,
        countries=COUNTRIES,
        regions=REGIONS,
    )


def posted_address(address_id: int | None, prefix: str = "") -> tuple[Address, list[str]]:
    """The address that a form posted, and the labels of what is missing."""
    country = text_field(f"{prefix}country_id") or "US"
    country = country if country in COUNTRIES else "US"
    region_id = to_int(request.form.get(f"{prefix}region_id")) or None
    region = US_REGIONS.get(region_id or 0, "") if country == "US" else text_field(f"{prefix}region")
    street = [text_field(f"{prefix}street[{i}]") for i in range(3)]
    found = Address(
        address_id,
        text_field(f"{prefix}firstname"),
        text_field(f"{prefix}lastname"),
        text_field(f"{prefix}company"),
        text_field(f"{prefix}telephone"),
        "\n".join(street).rstrip("\n"),
        text_field(f"{prefix}city"),
        region_id if region and country == "US" else None,
        region,
        text_field(f"{prefix}postcode"),
        country,
    )
    required = {
        "First Name": found.first_name,
        "Last Name": found.last_name,
        "Street Address": street[0],
        "City": found.city,
        "Zip/Postal Code": found.postcode,
        "Phone Number": found.telephone,
        "State/Province": found.region or country != "US",
    }
    return found, [label for label, value in required.items() if not value]


@for_admins
def save_address(store: AdminStore, address_id: int) -> Response:
    """POST /sales/order/addressSave/address_id/<id>/. The real form's script writes the state's name into ``region``."""
    if store.orders.address(address_id) is None:
        return back(store, AT, "This address no longer exists.", "error")
    posted, missing = posted_address(address_id)
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "region"]
    sent_form(fields=[*fields, ("region", posted.region)])
    if missing:
        here = f"{BASE}/sales/order/address/address_id/{address_id}/"
        return back(store, here, f"This is a required field: {', '.join(missing)}.", "error")
    store.orders.save_address(address_id, posted, store.timestamp())
    return back(store, order_url((address_id + 1) // 2), "You updated the order address.")
