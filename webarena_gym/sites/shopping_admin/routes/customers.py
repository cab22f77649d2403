"""A customer's pages: what is known of them, the account, addresses, orders."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from ...base import see_other
from ...magento import COUNTRIES, Address, text_field, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.customers import Customer
from ..store.grid import read_day
from ..store.refused import Refused
from .common import Button, Question, Submit, back, for_admins, page
from .grid import posted_ids
from .orders import REGIONS, posted_address

AT = f"{BASE}/customer/index/"
GENDERS = {"": "", "Male": "Male", "Female": "Female", "Not Specified": "Not Specified"}
_TABS = {
    "customer_info": "Customer View", "account": "Account Information", "addresses": "Addresses", "orders": "Orders",
    "review": "Product Reviews", "newsletter": "Newsletter",
}  # fmt: skip
_FIELDS = {
    "prefix": "prefix", "firstname": "first_name", "middlename": "middle_name", "lastname": "last_name", "suffix": "suffix", "email": "email",
    "taxvat": "taxvat",
}  # fmt: skip


def edit_url(customer_id: int, tab: str = "") -> str:
    return f"{AT}edit/id/{customer_id}/" + (f"active_tab/{tab}/" if tab else "")


@for_admins
def edit(store: AdminStore, customer_id: int, tab: str = "customer_info") -> Response:
    """GET /customer/index/edit/id/<id>/, with /active_tab/<tab>/ for the other parts."""
    customer = store.customers.customer(customer_id)
    if customer is None:
        return back(store, AT, "Something went wrong while editing the customer.", "error")
    tab = tab if tab in _TABS else "customer_info"
    addresses = store.customers.addresses(customer_id)
    asked = to_int(request.args.get("address"), -1)
    empty = Address(None, customer.first_name, customer.last_name, "", "", "", "", None, "", "", "US")
    delete = Question("Are you sure you want to do this?", f"{AT}delete/id/{customer.id}/")
    return page(
        store,
        "customer.html",
        customer.name,
        at=AT,
        actions=(
            Button("Back", AT),
            Button("Delete Customer", opens="delete"),
            *((Submit("Save Customer", primary=True),) if tab in ("account", "newsletter") or asked >= 0 else ()),
        ),
        question=delete if request.args.get("open") == "delete" else None,
        customer=customer,
        tab=tab,
        tabs=list(_TABS.items()),
        groups=store.customers.groups(),
        genders=GENDERS,
        statistics=store.customers.statistics(customer_id),
        billing=store.customers.address(customer.billing_id) if customer.billing_id else None,
        addresses=addresses,
        edited=next((address for address in addresses if address.id == asked), empty if asked == 0 else None),
        countries=COUNTRIES,
        regions=REGIONS,
        orders=store.orders.of_customer(customer_id) if tab == "orders" else [],
        reviews=store.grids.reviews.rows(condition="r.customer_id = ?", values=(customer_id,))
        if tab == "review"
        else [],
    )


@for_admins
def new(store: AdminStore) -> Response:
    """GET /customer/index/new/."""
    blank = Customer(0, "", "", "", "", "", "", 1, "", "", "", None, None, "", 0)
    return page(
        store,
        "customer_new.html",
        "New Customer",
        at=AT,
        actions=(Button("Back", AT), Submit("Save Customer", primary=True)),
        customer=blank,
        groups=store.customers.groups(),
        genders=GENDERS,
    )


def _account(store: AdminStore) -> dict[str, Any]:
    """The account fields that were posted."""
    form = request.form
    fields: dict[str, Any] = {
        column: text_field(f"customer[{name}]") for name, column in _FIELDS.items() if f"customer[{name}]" in form
    }
    if (group := to_int(form.get("customer[group_id]"), -1)) in store.customers.groups():
        fields["group_id"] = group
    if form.get("customer[gender]") in GENDERS:
        fields["gender"] = form["customer[gender]"]
    if "customer[dob]" in form:
        day = read_day(text_field("customer[dob]"))
        fields["dob"] = "" if day is None else str(day)
    return fields


@for_admins
def save(store: AdminStore) -> Response:
    """POST /customer/index/save/: account, newsletter or one address, whichever the form holds."""
    form = request.form
    customer_id = to_int(form.get("customer[entity_id]"))
    try:
        if not customer_id:
            created = store.customers.create(_account(store), store.timestamp())
            return back(store, edit_url(created), "You saved the customer.")
        if store.customers.customer(customer_id) is None:
            return back(store, AT, "Something went wrong while editing the customer.", "error")
        store.customers.save(customer_id, _account(store))
    except Refused as refused:
        return back(store, edit_url(customer_id, "account") if customer_id else f"{AT}new/", str(refused), "error")
    if "subscription" in form:
        store.customers.set_subscribed([customer_id], "subscription_status" in form)
    if "address_id" in form:
        number = to_int(form.get("address_id")) or None
        address, missing = posted_address(number)
        if missing:
            here = f"{edit_url(customer_id, 'addresses')}?address={number or 0}"
            return back(store, here, f"This is a required field: {', '.join(missing)}.", "error")
        store.customers.save_address(customer_id, address)
    tab = form.get("tab", "")
    return back(store, edit_url(customer_id, tab if tab in _TABS else ""), "You saved the customer.")


@for_admins
def delete(store: AdminStore, customer_id: int) -> Response:
    """POST /customer/index/delete/id/<id>/."""
    if not store.customers.delete([customer_id]):
        return back(store, AT, "Something went wrong while deleting the customer.", "error")
    return back(store, AT, "You deleted the customer.")


def _mass(store: AdminStore, changed: int, done: str) -> Response:
    return back(store, AT, f"A total of {changed} record(s) were {done}.")


@for_admins
def mass_delete(store: AdminStore) -> Response:
    """POST /customer/index/massDelete/."""
    return _mass(store, store.customers.delete(posted_ids()), "deleted")


@for_admins
def mass_subscribe(store: AdminStore) -> Response:
    """POST /customer/index/massSubscribe/."""
    return _mass(store, store.customers.set_subscribed(posted_ids(), True), "updated")


@for_admins
def mass_unsubscribe(store: AdminStore) -> Response:
    """POST /customer/index/massUnsubscribe/."""
    return _mass(store, store.customers.set_subscribed(posted_ids(), False), "updated")


@for_admins
def to_list(store: AdminStore) -> Response:
    """GET /customer/: the list."""
    return see_other(AT)
