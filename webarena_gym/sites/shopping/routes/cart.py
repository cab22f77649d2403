"""Putting things into the cart, and the cart's page."""

from __future__ import annotations

import json

from flask import Response, request

from ...base import safe_referrer, see_other
from ...magento import int_field, text_field
from ..store import ShopStore
from ..store.cart import MOST_PER_LINE
from ..store.catalogue import Product
from .catalogue import product_view
from .common import back, flash, not_found, open_visit, page, qty_field, script_call, uenc, visitor

CART = "/checkout/cart/"
_NO_ITEM = "We can't find the cart item."
_NEED_OPTIONS = "You need to choose options for your item."


def add(store: ShopStore, product_id: int | None = None) -> Response:
    """POST /checkout/cart/add/…: on the real site a script posts it and stays on the page.

    Lists post to the bare address with the product as a field; product pages to the full one, as the real form does.
    """
    product = store.catalogue.product(int_field("product") if product_id is None else product_id)
    if product is None:
        return back(store, "We can't add this item to your shopping cart right now.", "error")
    own_address = None
    if product_id is None:
        own_address = f"/checkout/cart/add/uenc/{uenc(safe_referrer('/'))}/product/{product.card.id}/"
    options, missing = chosen_options(store, product)
    if missing:
        script_call(own_address, answer=_redirect_answer(product.card.url))
        flash(store, _NEED_OPTIONS, "notice")
        return see_other(product.card.url)
    qty = qty_field()
    if not qty:
        script_call(own_address, answer=_redirect_answer(product.card.url))
        return back(store, "Please enter a quantity greater than 0.", "error", product.card.url)
    script_call(own_address)
    if not store.carts.add(open_visit(store), product.card.id, qty, options):
        return back(store, f"The most you may purchase is {MOST_PER_LINE}.", "error", product.card.url)
    return back(store, f"You added {product.card.name} to your shopping cart.", default=product.card.url)


def _redirect_answer(url: str) -> str:
    return json.dumps({"backUrl": f"http://shopping.test{url}"})


def chosen_options(store: ShopStore, product: Product) -> tuple[dict[str, str], bool]:
    """The posted choices by title, and whether one is missing."""
    chosen = {}
    for option in store.catalogue.options(product.card.id) if product.card.has_options else []:
        value = dict(option.values).get(int_field(f"super_attribute[{option.id}]"))
        if value is None:
            return {}, True
        chosen[option.title] = value
    return chosen, False


def cart(store: ShopStore) -> Response:
    """GET /checkout/cart/."""
    return page(store, "cart.html", title="Shopping Cart", cart=store.carts.of(visitor(store)))


def update(store: ShopStore) -> Response:
    """POST /checkout/cart/updatePost/: new quantities; 0 removes a line."""
    found = store.carts.of(visitor(store))
    for line in found.lines if found is not None else []:
        qty = qty_field(f"cart[{line.id}][qty]", line.qty)
        if qty is None:
            flash(store, "Please enter a valid quantity.", "error")
        elif qty > MOST_PER_LINE:
            flash(store, f"The most you may purchase is {MOST_PER_LINE}.", "error")
        else:
            store.carts.set_qty(line.id, qty)
    return see_other(CART)


def delete(store: ShopStore) -> Response:
    """POST /checkout/cart/delete/."""
    line = store.carts.line(visitor(store), int_field("id"))
    if line is None:
        flash(store, _NO_ITEM, "error")
    else:
        store.carts.set_qty(line.id, 0)
    return see_other(CART)


def coupon(store: ShopStore) -> Response:
    """POST /checkout/cart/couponPost/: use a code, or with ``remove`` none."""
    found = store.carts.of(visitor(store))
    if found is None or not found.lines:
        return see_other(CART)
    code = "" if text_field("remove") == "1" else text_field("coupon_code")
    if not store.carts.set_coupon(found, code):
        flash(store, f'The coupon code "{code}" is not valid.', "error")
    elif code:
        flash(store, f'You used coupon code "{code}".')
    else:
        flash(store, "You canceled the coupon code.")
    return see_other(CART)


def configure(store: ShopStore, line_id: int, product_id: int) -> Response:
    """GET /checkout/cart/configure/id/<line>/product_id/<product>/: the product's page, to change the line."""
    line = store.carts.line(visitor(store), line_id)
    product = store.catalogue.product(product_id)
    if line is None or product is None or line.product_id != product_id:
        return see_other(CART)
    return product_view(store, product, line)


def update_options(store: ShopStore, line_id: int) -> Response:
    """POST /checkout/cart/updateItemOptions/id/<line>/."""
    who = visitor(store)
    line = store.carts.line(who, line_id)
    product = store.catalogue.product(line.product_id) if line is not None else None
    if line is None or product is None:
        flash(store, _NO_ITEM, "error")
        return see_other(CART)
    options, missing = chosen_options(store, product)
    qty = qty_field()
    if missing or not qty or qty > MOST_PER_LINE:
        flash(store, _NEED_OPTIONS if missing else "Please enter a valid quantity.", "error")
        return see_other(f"/checkout/cart/configure/id/{line.id}/product_id/{line.product_id}/")
    store.carts.set_qty(line.id, 0)
    if not store.carts.add(who, line.product_id, qty, options):
        flash(store, f"The most you may purchase is {MOST_PER_LINE}.", "error")
    else:
        flash(store, f"{line.name} was updated in your shopping cart.")
    return see_other(CART)


def to_wish_list(store: ShopStore) -> Response:
    """POST /wishlist/index/fromcart/: move a line of the cart to the wish list."""
    who = visitor(store)
    line = store.carts.line(who, int_field("item"))
    if who.customer_id is None:
        return see_other("/customer/account/login/")
    if line is None:
        flash(store, _NO_ITEM, "error")
        return see_other(CART)
    store.wishlists.add(who.customer_id, line.product_id, line.qty, line.options, store.timestamp())
    store.carts.set_qty(line.id, 0)
    flash(store, f"{line.name} has been moved to your wish list.")
    return see_other(CART)


def packed_add(store: ShopStore, packed: str, product_id: int) -> Response:
    """POST /checkout/cart/add/uenc/<where from>/product/<id>/."""
    return add(store, product_id)


def add_by_address(store: ShopStore, product_id: int) -> Response:
    """GET or POST /checkout/cart/add/product/<id>/: a link typed by hand leads to the product."""
    if request.method == "POST":
        return add(store, product_id)
    product = store.catalogue.product(product_id)
    return not_found(store) if product is None else see_other(product.card.url)
