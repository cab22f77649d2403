"""The address book."""

from __future__ import annotations

from flask import Response, request

from ...base import see_other
from ...magento import COUNTRIES, US_REGIONS, int_field, text_field
from ..store import ShopStore
from ..store.customers import Address
from .account import account_page
from .common import flash, for_customers


def posted_address(address_id: int | None = None) -> tuple[Address, str]:
    """The address that an address form posted, and what is wrong with it (empty if nothing)."""
    country = text_field("country_id") or "US"
    region_id = int_field("region_id") or None
    region = US_REGIONS.get(region_id or 0, "") if country == "US" else text_field("region")
    street = [text_field(f"street[{i}]") for i in range(3)]
    address = Address(
        address_id,
        text_field("firstname"),
        text_field("lastname"),
        text_field("company"),
        text_field("telephone"),
        "\n".join(street),
        text_field("city"),
        region_id if region and country == "US" else None,
        region,
        text_field("postcode"),
        country if country in COUNTRIES else "US",
    )
    required = {
        "First Name": address.first_name, "Last Name": address.last_name, "Phone Number": address.telephone,
        "Street Address": street[0], "City": address.city, "Zip/Postal Code": address.postcode,
        "State/Province": address.region or country != "US",
    }  # fmt: skip
    missing = [label for label, value in required.items() if not value]
    if missing:
        return address, f"These fields are required: {', '.join(missing)}."
    return address, "" if country in COUNTRIES else "Please choose a country from the list."


@for_customers
def book(store: ShopStore, customer_id: int) -> Response:
    """GET /customer/address/."""
    customer = store.customers.by_id(customer_id)
    assert customer is not None
    addresses = store.customers.addresses(customer_id)
    if not addresses:
        return see_other("/customer/address/new/")
    by_id = {address.id: address for address in addresses}
    return account_page(
        store,
        customer_id,
        "address_book.html",
        "Address Book",
        title="Address Book",
        billing=by_id.get(customer.billing_id),
        shipping=by_id.get(customer.shipping_id),
        others=[a for a in addresses if a.id not in (customer.billing_id, customer.shipping_id)],
    )


@for_customers
def edit(store: ShopStore, customer_id: int, address_id: int) -> Response:
    """GET /customer/address/edit/id/<id>/."""
    address = store.customers.address(customer_id, address_id)
    if address is None:
        return see_other("/customer/address/")
    return _form(store, customer_id, address)


@for_customers
def new(store: ShopStore, customer_id: int) -> Response:
    """GET /customer/address/new/."""
    customer = store.customers.by_id(customer_id)
    assert customer is not None
    empty = Address(None, customer.first_name, customer.last_name, "", "", "", "", None, "", "", "US")
    return _form(store, customer_id, empty)


def _form(store: ShopStore, customer_id: int, address: Address) -> Response:
    customer = store.customers.by_id(customer_id)
    assert customer is not None
    return account_page(
        store,
        customer_id,
        "address_edit.html",
        "Address Book",
        exact=False,
        title="Add New Address" if address.id is None else "Edit Address",
        address=address,
        countries=COUNTRIES,
        regions=US_REGIONS,
        is_billing=address.id is not None and address.id == customer.billing_id,
        is_shipping=address.id is not None and address.id == customer.shipping_id,
    )


@for_customers
def save(store: ShopStore, customer_id: int, address_id: int | None = None) -> Response:
    """POST /customer/address/formPost/ and /customer/address/formPost/id/<id>/."""
    if address_id is not None and store.customers.address(customer_id, address_id) is None:
        return see_other("/customer/address/")
    address, problem = posted_address(address_id)
    if problem:
        flash(store, problem, "error")
        return see_other("/customer/address/new/" if address_id is None else f"/customer/address/edit/id/{address_id}/")
    saved = store.customers.save_address(customer_id, address)
    store.customers.set_defaults(
        customer_id,
        billing_id=saved if request.form.get("default_billing") else None,
        shipping_id=saved if request.form.get("default_shipping") else None,
    )
    flash(store, "You saved the address.")
    return see_other("/customer/address/index/")


@for_customers
def delete(store: ShopStore, customer_id: int, address_id: int) -> Response:
    """POST /customer/address/delete/id/<id>/: any but a default one."""
    if store.customers.delete_address(customer_id, address_id):
        flash(store, "You deleted the address.")
    else:
        flash(store, "We can't delete the address right now.", "error")
    return see_other("/customer/address/index/")
