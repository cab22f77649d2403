"""The wish list and the comparison."""

from __future__ import annotations

import json
from urllib.parse import quote

from flask import Response, request

from ...base import safe_referrer, see_other
from ...magento import MAX_TEXT_CHARS, int_field, text_field
from ..store import ShopStore
from .account import account_page
from .cart import chosen_options
from .common import back, flash, for_customers, login_first, open_visit, page, qty_field, visitor

WISHES = "/wishlist/"
_NO_WISH = "We can't specify a wish list item."


@for_customers
def wish_list(store: ShopStore, customer_id: int, wishlist_id: int = 0) -> Response:
    """GET /wishlist/ and /wishlist/index/index/wishlist_id/<id>/."""
    return account_page(
        store,
        customer_id,
        "wishlist.html",
        "My Wish List",
        title="My Wish List",
        listed=store.wishlists.of_customer(customer_id),
    )


def add(store: ShopStore) -> Response:
    """POST /wishlist/index/add/: answered, as on the real site, with a redirect that carries the message in a cookie."""
    product = store.catalogue.product(int_field("product"))
    if product is None:
        return back(store, "We can't specify a product.", "error")
    who = visitor(store)
    if who.customer_id is None:
        session = open_visit(store).session
        assert session is not None
        store.wishlists.set_pending(session, product.card.id)
        flash(store, "You must login or register to add items to your wishlist.", "error")
        return login_first()
    options, missing = chosen_options(store, product)
    options = {} if missing else options
    store.wishlists.add(who.customer_id, product.card.id, qty_field() or 1, options, store.timestamp())
    text = f"{product.card.name} has been added to your Wish List. Click here to continue shopping."
    flash(store, text)
    answer = see_other(f"/wishlist/index/index/wishlist_id/{who.customer_id}/")
    answer.set_cookie("mage-messages", quote(json.dumps([{"type": "success", "text": text}])), path="/", samesite="Lax")
    return answer


@for_customers
def remove(store: ShopStore, customer_id: int) -> Response:
    """POST /wishlist/index/remove/."""
    wish = store.wishlists.wish(customer_id, int_field("item"))
    if wish is None:
        return back(store, _NO_WISH, "error", WISHES)
    store.wishlists.remove(wish.id)
    return back(store, f"{wish.card.name} has been removed from your Wish List.", default=WISHES)


@for_customers
def update(store: ShopStore, customer_id: int) -> Response:
    """POST /wishlist/index/update/: comments and quantities."""
    for wish in store.wishlists.of_customer(customer_id):
        qty = qty_field(f"qty[{wish.id}]", wish.qty)
        if qty is None or qty > 10_000:
            flash(store, f"Please enter a valid quantity for {wish.card.name}.", "error")
            continue
        comment = text_field(f"description[{wish.id}]", MAX_TEXT_CHARS)
        if (qty, comment) != (wish.qty, wish.comment):
            store.wishlists.change(wish.id, qty=qty, comment=comment)
            flash(store, f"{wish.card.name} has been updated in your Wish List.")
    return see_other("/wishlist/index/share/" if request.form.get("save_and_share") else WISHES)


@for_customers
def to_cart(store: ShopStore, customer_id: int) -> Response:
    """POST /wishlist/index/cart/: a wish goes into the cart and leaves the list."""
    wish = store.wishlists.wish(customer_id, int_field("item"))
    if wish is None:
        return back(store, _NO_WISH, "error", WISHES)
    if wish.card.has_options and not wish.options:
        flash(store, "You need to choose options for your item.", "notice")
        return see_other(wish.card.url)
    if not store.carts.add(open_visit(store), wish.card.id, qty_field(f"qty[{wish.id}]") or wish.qty, wish.options):
        return back(store, "We can't add the item to the cart right now.", "error", WISHES)
    store.wishlists.remove(wish.id)
    return back(store, f"You added {wish.card.name} to your shopping cart.", default=WISHES)


@for_customers
def all_to_cart(store: ShopStore, customer_id: int) -> Response:
    """POST /wishlist/index/allcart/: everything that needs no choice."""
    for wish in store.wishlists.of_customer(customer_id):
        if wish.card.has_options and not wish.options:
            flash(store, f"You need to choose options for {wish.card.name}.", "error")
        elif store.carts.add(open_visit(store), wish.card.id, wish.qty, wish.options):
            store.wishlists.remove(wish.id)
            flash(store, f"{wish.card.name} has been added to your shopping cart.")
    return see_other(WISHES)


@for_customers
def share(store: ShopStore, customer_id: int) -> Response:
    """GET /wishlist/index/share/."""
    title = "Wish List Sharing"
    return account_page(store, customer_id, "wishlist_share.html", "My Wish List", exact=False, title=title)


@for_customers
def send(store: ShopStore, customer_id: int) -> Response:
    """POST /wishlist/index/send/: says that it was sent; nothing leaves this machine."""
    if "@" not in text_field("emails", MAX_TEXT_CHARS):
        flash(store, "Please enter an email address.", "error")
        return see_other("/wishlist/index/share/")
    flash(store, "Your wish list has been shared.")
    return see_other(WISHES)


# --- comparison ---


def compare(store: ShopStore) -> Response:
    """GET /catalog/product_compare/index/."""
    compared = store.comparison.of(visitor(store))
    products = [product for item in compared if (product := store.catalogue.product(item.card.id)) is not None]
    names = list(dict.fromkeys(name for product in products for name in product.attributes))
    return page(store, "compare.html", title="Compare Products", products=products, attribute_names=names)


def compare_add(store: ShopStore) -> Response:
    """POST /catalog/product_compare/add/."""
    product = store.catalogue.product(int_field("product"))
    if product is None:
        return back(store, "We can't add this product to the comparison list.", "error")
    store.comparison.add(open_visit(store), product.card.id)
    return back(store, f"You added product {product.card.name} to the comparison list.")


def compare_remove(store: ShopStore) -> Response:
    """POST /catalog/product_compare/remove/."""
    product = store.catalogue.product(int_field("product"))
    if product is None:
        return see_other(safe_referrer("/"))
    store.comparison.remove(visitor(store), product.card.id)
    return back(store, f"You removed product {product.card.name} from the comparison list.")


def compare_clear(store: ShopStore) -> Response:
    """POST /catalog/product_compare/clear/."""
    store.comparison.clear(visitor(store))
    return back(store, "You cleared the comparison list.")
