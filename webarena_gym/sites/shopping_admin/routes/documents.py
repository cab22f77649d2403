"""Invoices, shipments and credit memos: the forms that make them from an order, and their pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, request

from ...base import hide_request, see_other
from ...magento import MAX_TEXT_CHARS, text_field, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.documents import CARRIERS, Line, NewTrack
from ..store.grid import read_number
from ..store.orders import Order, OrderItem
from ..store.refused import Refused
from .common import Button, back, flash, for_admins, page, sent_form, two_decimals
from .orders import AT as ORDERS
from .orders import order_url, sums

_MOST_TRACKS = 20
_INVOICE, _SHIPMENT, _MEMO = (
    f"{BASE}/sales/order_invoice",
    f"{BASE}/admin/order_shipment",
    f"{BASE}/sales/order_creditmemo",
)
_LISTS = {
    "invoice": f"{BASE}/sales/invoice/",
    "shipment": f"{BASE}/sales/shipment/",
    "creditmemo": f"{BASE}/sales/creditmemo/",
}


@for_admins
def start_invoice(store: AdminStore, order_id: int) -> Response:
    """GET /sales/order_invoice/start/order_id/<N>/: leads to the form."""
    return see_other(f"{_INVOICE}/new/order_id/{order_id}/")


@for_admins
def start_shipment(store: AdminStore, order_id: int) -> Response:
    """GET /admin/order_shipment/start/order_id/<N>/: leads to the form."""
    return see_other(f"{_SHIPMENT}/new/order_id/{order_id}/")


@for_admins
def start_memo(store: AdminStore, order_id: int) -> Response:
    """GET /sales/order_creditmemo/start/order_id/<N>/: leads to the form."""
    return see_other(f"{_MEMO}/new/order_id/{order_id}/")


# --- forms ---


def _item_field(kind: str) -> Callable[[int], str]:
    last = "[qty]" if kind == "creditmemo" else ""
    return lambda item_id: f"{kind}[items][{item_id}]{last}"


def _qtys(kind: str, items: Sequence[OrderItem], values: Mapping[str, str]) -> dict[int, int] | None:
    """The quantities that a form names, by item; None if it names none."""
    field = _item_field(kind)
    found = {item.id: to_int(values[field(item.id)]) for item in items if field(item.id) in values}
    return {item_id: max(0, qty) for item_id, qty in found.items()} or None


def _lines(order: Order, left: Callable[[OrderItem], int], qtys: Mapping[int, int] | None) -> list[Line]:
    """What the form shows: the quantities asked for, with their share of tax and discount."""
    lines = []
    for item in order.items:
        most = left(item)
        qty = most if qtys is None else min(qtys.get(item.id, 0), most)
        if most > 0:
            lines.append(Line(item, qty, item.tax_cents * qty // item.qty, item.discount_cents * qty // item.qty))
    return lines


def _form(
    store: AdminStore, order: Order, title: str, kind: str, base: str, lines: list[Line], shipping: int, **texts: Any
) -> Response:
    subtotal = sum(line.subtotal_cents for line in lines)
    tax, discount = sum(line.tax_cents for line in lines), sum(line.discount_cents for line in lines)
    if {"update", "tracks", "drop"} & request.args.keys():
        hide_request()  # a script of the real form's
    return page(
        store,
        "document_new.html",
        title,
        at=ORDERS,
        actions=(Button("Back", order_url(order.id)),),
        order=order,
        group=store.customers.groups().get(order.group_id, ""),
        kind=kind,
        lines=lines,
        carriers=CARRIERS,
        field=_item_field(kind),
        save=f"{base}/save/order_id/{order.id}/",
        here=f"{base}/new/order_id/{order.id}/",
        sums=sums(subtotal, shipping, tax, discount),
        finals=[("Grand Total", subtotal + shipping + tax - discount)],
        shipping_left=two_decimals(shipping),
        **texts,
    )


@for_admins
def new_invoice(store: AdminStore, order_id: int) -> Response:
    """GET /sales/order_invoice/new/order_id/<N>/."""
    order = store.orders.order(order_id)
    if order is None or not order.can_invoice:
        return back(store, order_url(order_id), "The order does not allow an invoice to be created.", "error")
    lines = _lines(order, lambda item: item.qty_to_invoice, _qtys("invoice", order.items, request.args))
    shipping = 0 if any(item.qty_invoiced for item in order.items) else order.shipping_cents
    return _form(
        store,
        order,
        "New Invoice",
        "invoice",
        _INVOICE,
        lines,
        shipping,
        tracks=[],
        items_title="Items to Invoice",
        qty_label="Qty to Invoice",
        total_title="Order Total",
        comment_title="Invoice Comments",
        totals_title="Invoice Totals",
        email_label="Email Copy of Invoice",
        submit_label="Submit Invoice",
    )


@for_admins
def new_shipment(store: AdminStore, order_id: int) -> Response:
    """GET /admin/order_shipment/new/order_id/<N>/, with as many rows for tracking numbers as ``tracks`` says."""
    order = store.orders.order(order_id)
    if order is None or not order.can_ship:
        return back(store, order_url(order_id), "Cannot do shipment for the order.", "error")
    lines = _lines(order, lambda item: item.qty_to_ship, _qtys("shipment", order.items, request.args))
    dropped = to_int(request.args.get("drop"))
    rows = min(max(0, to_int(request.args.get("count" if dropped else "tracks"))), _MOST_TRACKS)
    return _form(
        store,
        order,
        "New Shipment",
        "shipment",
        _SHIPMENT,
        lines,
        0,
        tracks=[_track(request.args, index) for index in range(1, rows + 1) if index != dropped],
        items_title="Items to Ship",
        qty_label="Qty to Ship",
        total_title="Shipment Total",
        comment_title="Shipment Comments",
        totals_title="Shipment Options",
        email_label="Email Copy of Shipment",
        submit_label="Submit Shipment",
    )


@for_admins
def new_creditmemo(store: AdminStore, order_id: int) -> Response:
    """GET /sales/order_creditmemo/new/order_id/<N>/."""
    order = store.orders.order(order_id)
    if order is None or not order.can_credit:
        return back(store, order_url(order_id), "We can't create credit memo for the order.", "error")
    lines = _lines(order, lambda item: item.qty_to_refund, _qtys("creditmemo", order.items, request.args))
    return _form(
        store,
        order,
        "New Memo",
        "creditmemo",
        _MEMO,
        lines,
        store.documents.shipping_to_refund(order_id),
        tracks=[],
        items_title="Items to Refund",
        qty_label="Qty to Refund",
        total_title="Order Total",
        comment_title="Credit Memo Comments",
        totals_title="Refund Totals",
        email_label="Email Copy of Credit Memo",
        submit_label="Refund Offline",
    )


def _track(values: Mapping[str, str], index: int) -> NewTrack:
    """The tracking number in a row of the form; an empty title is the carrier's name, as the real form fills it in."""
    carrier = values.get(f"tracking[{index}][carrier_code]", "custom")
    carrier = carrier if carrier in CARRIERS else "custom"
    title, tracked = (
        values.get(f"tracking[{index}][{name}]", "").replace("\0", "").strip()[:255] for name in ("title", "number")
    )
    known = {"", *CARRIERS.values()}  # a name that another choice left there is none that was typed
    return NewTrack(carrier, "" if title in known and carrier != "custom" else title, tracked)


def _comment(kind: str) -> dict[str, Any]:
    return {
        "comment": text_field(f"{kind}[comment_text]", MAX_TEXT_CHARS),
        "notified": f"{kind}[send_email]" in request.form,
    }


@for_admins
def save_invoice(store: AdminStore, order_id: int) -> Response:
    """POST /sales/order_invoice/save/order_id/<N>/."""
    qtys, when = _qtys("invoice", store.orders.items(order_id), request.form), store.timestamp()
    try:
        store.documents.create_invoice(order_id, when, qtys=qtys, **_comment("invoice"))
        if "invoice[do_shipment]" in request.form:
            store.documents.create_shipment(order_id, when, qtys=qtys)
    except Refused as refused:
        return back(store, order_url(order_id), str(refused), "error")
    shipped = "invoice[do_shipment]" in request.form
    return back(
        store,
        order_url(order_id),
        "You created the invoice and shipment." if shipped else "The invoice has been created.",
    )


@for_admins
def save_shipment(store: AdminStore, order_id: int) -> Response:
    """POST /admin/order_shipment/save/order_id/<N>/. The real form's script writes the carrier's name into the title."""
    tracks, index = [], 1
    while f"tracking[{index}][number]" in request.form and index <= _MOST_TRACKS:
        tracks.append(_track(request.form, index))
        index += 1
    titles = {f"tracking[{i}][title]": track.title or CARRIERS[track.carrier_code] for i, track in enumerate(tracks, 1)}
    sent_form(fields=[(name, titles.get(name, value)) for name, value in request.form.items(multi=True)])
    qtys = _qtys("shipment", store.orders.items(order_id), request.form)
    try:
        store.documents.create_shipment(order_id, store.timestamp(), qtys=qtys, tracks=tracks, **_comment("shipment"))
    except Refused as refused:
        return back(store, f"{_SHIPMENT}/new/order_id/{order_id}/", str(refused), "error")
    return back(store, order_url(order_id), "The shipment has been created.")


@for_admins
def save_creditmemo(store: AdminStore, order_id: int) -> Response:
    """POST /sales/order_creditmemo/save/order_id/<N>/."""
    form = request.form
    qtys = _qtys("creditmemo", store.orders.items(order_id), form)
    shipping, refund, fee = (
        read_number(form.get(f"creditmemo[{name}]", ""))
        for name in ("shipping_amount", "adjustment_positive", "adjustment_negative")
    )
    try:
        store.documents.create_creditmemo(
            order_id,
            store.timestamp(),
            qtys=qtys,
            shipping_cents=None if shipping is None else round(shipping * 100),
            refund_cents=round((refund or 0) * 100),
            fee_cents=round((fee or 0) * 100),
            back_to_stock=any("back_to_stock" in name for name in form),
            **_comment("creditmemo"),
        )
    except Refused as refused:
        return back(store, order_url(order_id), str(refused), "error")
    return back(store, order_url(order_id), "You created the credit memo.")


# --- their pages ---


def _page(
    store: AdminStore, kind: str, document: Any, title: str, charges: int, finals: list[tuple[str, int]], **texts: str
) -> Response:
    order = store.orders.order(document.order_id)
    assert order is not None
    money = (
        []
        if kind == "shipment"
        else sums(document.subtotal_cents, document.shipping_cents, document.tax_cents, document.discount_cents)
    )
    return page(
        store,
        "document.html",
        title,
        at=_LISTS[kind],
        actions=(
            Button("Back", _LISTS[kind]),
            Button("Login as Customer", order_url(order.id) + "?open=login"),
            Button(
                "Send Tracking Information" if kind == "shipment" else "Send Email", order_url(order.id) + "?open=email"
            ),
        ),
        order=order,
        group=store.customers.groups().get(order.group_id, ""),
        kind=kind,
        document=document,
        charges_cents=charges,
        carriers=CARRIERS,
        sums=money,
        finals=finals,
        comments=store.orders.comments(order.id, kind, document.id),
        comment_url=f"{BASE}/sales/order_{kind}/addComment/{kind}_id/{document.id}/",
        **texts,
    )


@for_admins
def invoice(store: AdminStore, invoice_id: int) -> Response:
    """GET /sales/invoice/view/invoice_id/<n>/ and /sales/order_invoice/view/invoice_id/<n>/."""
    found = store.documents.invoice(invoice_id)
    if found is None:
        return back(store, _LISTS["invoice"], "The invoice no longer exists.", "error")
    return _page(
        store,
        "invoice",
        found,
        f"#{found.number}",
        found.shipping_cents,
        [("Grand Total", found.total_cents)],
        items_title="Items Invoiced",
        total_title="Order Total",
        history_title="Invoice History",
        totals_title="Invoice Totals",
    )


@for_admins
def shipment(store: AdminStore, shipment_id: int) -> Response:
    """GET /sales/shipment/view/shipment_id/<n>/."""
    found = store.documents.shipment(shipment_id)
    if found is None:
        return back(store, _LISTS["shipment"], "The shipment no longer exists.", "error")
    order = store.orders.order(found.order_id)
    assert order is not None
    return _page(
        store,
        "shipment",
        found,
        f"#{found.number}",
        order.shipping_cents,
        [],
        items_title="Items Shipped",
        total_title="Order Total",
        history_title="Shipment History",
        totals_title="",
    )


@for_admins
def creditmemo(store: AdminStore, creditmemo_id: int) -> Response:
    """GET /sales/creditmemo/view/creditmemo_id/<n>/."""
    found = store.documents.creditmemo(creditmemo_id)
    if found is None:
        return back(store, _LISTS["creditmemo"], "This creditmemo no longer exists.", "error")
    adjustment = [("Adjustment", found.adjustment_cents)] if found.adjustment_cents else []
    return _page(
        store,
        "creditmemo",
        found,
        f"View Memo #{found.number}",
        found.shipping_cents,
        [*adjustment, ("Grand Total", found.total_cents)],
        items_title="Items Refunded",
        total_title="Memo Total",
        history_title="Credit Memo History",
        totals_title="Credit Memo Totals",
    )


@for_admins
def add_comment(store: AdminStore, kind: str, of: str, document_id: int) -> Response:
    """POST /sales/order_<kind>/addComment/<kind>_id/<n>/: a script call of the real page."""
    form = request.form
    try:
        store.documents.add_comment(
            kind,
            document_id,
            text_field("comment[comment]", MAX_TEXT_CHARS),
            notified="comment[is_customer_notified]" in form,
            visible="comment[is_visible_on_front]" in form,
            when=store.timestamp(),
        )
    except Refused as refused:
        flash(store, str(refused), "error")
    sent_form(status=200, script=True)
    return see_other(f"{BASE}/sales/{kind}/view/{kind}_id/{document_id}/")


@for_admins
def add_track(store: AdminStore, shipment_id: int) -> Response:
    """POST /admin/order_shipment/addTrack/shipment_id/<n>/: a script call of the real page."""
    carrier = request.form.get("carrier", "")
    track = NewTrack(carrier if carrier in CARRIERS else "custom", text_field("title"), text_field("number"))
    sent_form(status=200, script=True)
    try:
        if store.documents.add_track(shipment_id, track, store.timestamp()) is None:
            return back(store, _LISTS["shipment"], "The shipment no longer exists.", "error")
    except Refused as refused:
        flash(store, str(refused), "error")
    return see_other(f"{BASE}/sales/shipment/view/shipment_id/{shipment_id}/")


@for_admins
def remove_track(store: AdminStore, shipment_id: int, track_id: int) -> Response:
    """POST /admin/order_shipment/removeTrack/…: a script call of the real page."""
    sent_form(status=200, script=True)
    store.documents.remove_track(shipment_id, track_id)
    return see_other(f"{BASE}/sales/shipment/view/shipment_id/{shipment_id}/")
