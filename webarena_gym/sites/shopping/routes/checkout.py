"""The checkout: shipping, then payment, then the order. The real one is a single page of scripts over REST calls."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, request

from ...base import json_body, see_other
from ...magento import COUNTRIES, US_REGIONS, int_field, text_field
from ..store import ShopStore
from ..store.cart import Cart, Visitor
from ..store.customers import Address, Customer
from .addresses import posted_address
from .cart import CART
from .common import flash, for_customers, open_visit, page, script_call, visitor
from .content import is_email

SHIPPING, PAYMENT = "/checkout/#shipping", "/checkout/?step=payment#payment"
SUCCESS = "/checkout/onepage/success/"
_METHOD = "flatrate_flatrate"


def checkout(store: ShopStore) -> Response:
    """GET /checkout/: the shipping step, or with ``step=payment`` the payment step once there is an address."""
    who = visitor(store)
    cart = store.carts.of(who)
    if cart is None or not cart.lines:
        return see_other(CART)
    customer = _customer(store, who)
    names = (customer.first_name, customer.last_name) if customer else ("", "")
    empty = Address(None, *names, "", "", "", "", None, "", "", "US")
    shared: dict[str, Any] = {
        "title": "Checkout", "cart": cart, "customer": customer, "countries": COUNTRIES, "regions": US_REGIONS,
    }  # fmt: skip
    if request.args.get("step") == "payment" and cart.address is not None:
        return page(store, "checkout_payment.html", empty=empty, **shared)
    addresses = [] if customer is None else store.customers.addresses(customer.id)
    return page(
        store,
        "checkout_shipping.html",
        addresses=addresses,
        chosen_id=_chosen_address_id(cart, customer, addresses),
        address=cart.address if not addresses and cart.address else empty,
        email=cart.email or "",
        **shared,
    )


def _customer(store: ShopStore, who: Visitor) -> Customer | None:
    return None if who.customer_id is None else store.customers.by_id(who.customer_id)


def _email(cart: Cart, customer: Customer | None) -> str:
    return customer.email if customer is not None else cart.email or ""


def _chosen_address_id(cart: Cart, customer: Customer | None, addresses: list[Address]) -> int | None:
    """The saved address to preselect: the one chosen before, else the default one."""
    for address in addresses:
        if cart.address is not None and address.data() == cart.address.data():
            return address.id
    return customer.shipping_id if customer is not None else None


def save_shipping(store: ShopStore) -> Response:
    """POST /checkout/shipping/: the "Next" button. A script of the real page calls the REST interface instead."""
    who = visitor(store)
    cart = store.carts.of(who)
    if cart is None or not cart.lines:
        script_call(_rest(who, "shipping-information"), status=400, body="{}")
        return see_other(CART)
    customer = _customer(store, who)
    saved = store.customers.address(customer.id, int_field("address_id")) if customer is not None else None
    address, problem = (saved, "") if saved is not None else posted_address()
    email = None if customer is not None else text_field("username")
    if not problem and customer is None and not is_email(email or ""):
        problem = "Please enter a valid email address."
    if not problem and text_field("shipping_method") != _METHOD:
        problem = "The shipping method is missing. Select the shipping method and try again."
    if problem:
        script_call(_rest(who, "shipping-information"), status=400, body="{}")
        flash(store, problem, "error")
        return see_other(SHIPPING)
    assert address is not None
    if customer is not None and saved is None and request.form.get("save_in_address_book"):
        store.customers.save_address(customer.id, address)
    store.carts.set_address(cart, email, address)
    posted = {"addressInformation": {"shipping_address": _rest_address(address, customer), "shipping_method_code": "flatrate",
                                     "shipping_carrier_code": "flatrate"}}  # fmt: skip
    script_call(_rest(who, "estimate-shipping-methods"), body=json_body({"address": _rest_address(address, customer)}))
    script_call(_rest(who, "shipping-information"), body=json_body(posted), answer=json_body({"totals": _totals(cart)}))
    script_call(
        f"{_rest(who, 'totals')}?_={int(store.now().timestamp() * 1000)}", method="GET", answer=json_body(_totals(cart))
    )
    return see_other(PAYMENT)


def place_order(store: ShopStore) -> Response:
    """POST /checkout/place/: the "Place Order" button."""
    who = visitor(store)
    cart = store.carts.of(who)
    if cart is None or not cart.lines or cart.address is None:
        script_call(_rest(who, "payment-information"), status=400, body="{}")
        return see_other(CART if cart is None or not cart.lines else SHIPPING)
    customer = _customer(store, who)
    billing, problem = cart.address, ""
    if not request.form.get("same_address"):
        billing, problem = posted_address()
    if problem:
        script_call(_rest(who, "payment-information"), status=400, body="{}")
        flash(store, problem, "error")
        return see_other(PAYMENT)
    email = _email(cart, customer)
    order_id = store.orders.place(
        cart,
        customer_id=who.customer_id,
        email=email,
        shipping_address=cart.address,
        billing_address=billing,
        when=store.timestamp(),
    )
    store.carts.clear(cart)
    session = open_visit(store).session
    assert session is not None
    store.orders.remember(session, order_id)
    posted: dict[str, Any] = {
        "cartId": str(cart.id), "billingAddress": _rest_address(billing, customer), "paymentMethod": {"method": "checkmo"},
    }  # fmt: skip
    if customer is None:
        posted["email"] = email
    script_call(_rest(who, "payment-information"), body=json_body(posted), answer=json.dumps(str(order_id)))
    return see_other(SUCCESS)


def success(store: ShopStore) -> Response:
    """GET /checkout/onepage/success/: the number of the order just placed."""
    who = visitor(store)
    order_id = store.orders.remembered(who.session)
    order = store.orders.order(order_id) if order_id is not None else None
    if order is None:
        return see_other(CART)
    return page(store, "success.html", title="Success Page", order=order)


@for_customers
def multishipping(store: ShopStore, customer_id: int) -> Response:
    """GET /multishipping/checkout/: an address for each line; the shop ships all of them to one."""
    cart = store.carts.of(visitor(store))
    if cart is None or not cart.lines:
        return see_other(CART)
    return page(
        store,
        "multishipping.html",
        title="Ship to Multiple Addresses",
        cart=cart,
        addresses=store.customers.addresses(customer_id),
    )


@for_customers
def multishipping_post(store: ShopStore, customer_id: int) -> Response:
    """POST /multishipping/checkout/addressesPost/: goes on with the first line's address, and says so if others differ."""
    cart = store.carts.of(visitor(store))
    if cart is None or not cart.lines:
        return see_other(CART)
    chosen = [int_field(f"ship[{line.id}][address]") for line in cart.lines]
    address = store.customers.address(customer_id, chosen[0])
    if address is None:
        flash(store, "Please choose an address for every item.", "error")
        return see_other("/multishipping/checkout/")
    if len(set(chosen)) > 1:
        flash(store, "This shop ships an order to one address. Check the address below, or place two orders.", "notice")
    store.carts.set_address(cart, None, address)
    return see_other(SHIPPING)


def _rest(who: Visitor, call: str) -> str:
    """The address of a REST call on the visitor's cart."""
    owner = "carts/mine" if who.customer_id is not None else f"guest-carts/{who.session or 'none'}"
    return f"/rest/default/V1/{owner}/{call}"


def _rest_address(address: Address, customer: Customer | None) -> dict[str, Any]:
    data = {
        "customerId": None if customer is None else str(customer.id), "countryId": address.country_id,
        "regionId": address.region_id, "region": address.region, "street": [line for line in address.streets if line],
        "company": address.company, "telephone": address.telephone, "postcode": address.postcode, "city": address.city,
        "firstname": address.first_name, "lastname": address.last_name,
    }  # fmt: skip
    return {name: value for name, value in data.items() if value is not None}


def _totals(cart: Cart) -> dict[str, Any]:
    """The answer of the totals call."""
    return {
        "grand_total": (cart.total_cents + cart.shipping_cents) / 100, "subtotal": cart.subtotal_cents / 100,
        "discount_amount": -cart.discount_cents / 100, "shipping_amount": cart.shipping_cents / 100,
        "items": [
            {"item_id": line.id, "price": line.price_cents / 100, "qty": line.qty, "row_total": line.total_cents / 100,
             "name": line.name, "options": json_body([{"label": k, "value": v} for k, v in line.options.items()])}
            for line in cart.lines
        ],
        "coupon_code": cart.coupon, "items_qty": cart.qty, "base_currency_code": "USD",
    }  # fmt: skip
