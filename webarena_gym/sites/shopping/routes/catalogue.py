"""Home, category and product pages."""

from __future__ import annotations

from flask import Response, request

from ...base import see_other
from ...magento import to_int
from ..store import ShopStore
from ..store.cart import CartLine
from ..store.catalogue import Category, Product
from .common import not_found, page, uenc, visitor, wishes_of
from .listing import CATEGORY, Filter, Listing

_HOME_LIMIT = 12
HOME_PAGE = "pbaocw"  # the parameter of the show-case's pager


def home(store: ShopStore) -> Response:
    """GET /: the show-case, twelve products a page."""
    number = max(1, min(to_int(request.args.get(HOME_PAGE), 1), 100))
    products, total = store.catalogue.home_products(_HOME_LIMIT, (number - 1) * _HOME_LIMIT)
    pages = -(-total // _HOME_LIMIT)
    if not products:
        return see_other("/")
    return page(store, "home.html", products=products, total=total, number=number, pages=pages, limit=_HOME_LIMIT,
                parameter=HOME_PAGE)  # fmt: skip


def rewrite(store: ShopStore, path: str) -> Response:
    """GET /<path>: a category or product by its address; anything else is not found."""
    if not path.endswith(".html"):
        return not_found(store)
    key = path.removesuffix(".html")
    if (category := store.catalogue.category(key)) is not None:
        return _category_page(store, category)
    product = store.catalogue.product_by_key(key)
    return not_found(store) if product is None else _product_page(store, product)


def category_by_id(store: ShopStore, category_id: int) -> Response:
    """GET /catalog/category/view/id/<id>."""
    category = store.catalogue.category_by_id(category_id)
    return not_found(store) if category is None else _category_page(store, category)


def product_by_id(store: ShopStore, product_id: int) -> Response:
    """GET /catalog/product/view/id/<id>."""
    product = store.catalogue.product(product_id)
    return not_found(store) if product is None else _product_page(store, product)


def _category_page(store: ShopStore, category: Category) -> Response:
    catalogue = store.catalogue
    listing = Listing(category.url, CATEGORY)
    chosen = catalogue.category_by_id(listing.category_id) if listing.category_id is not None else None
    trail = catalogue.trail(category)
    if listing.category_id is not None and (chosen is None or category not in catalogue.trail(chosen)):
        listing.category_id, chosen = None, None
    if listing.names_defaults():
        return see_other(listing.url(p=listing.page))
    shown = chosen or category
    listing.set_total(catalogue.category_count(shown.id, listing.listed))
    return page(
        store,
        "category.html",
        title=" - ".join(step.name for step in reversed(trail)),
        category=category,
        trail=trail[:-1],
        chosen=chosen,
        listing=listing,
        products=catalogue.category_products(shown.id, listing.listed),
        categories=[] if listing.price else _subcategory_links(store, shown),
        prices=listing.price_filters(catalogue.category_prices(shown.id, listing.listed)),
        wishes=wishes_of(store),
    )


def _subcategory_links(store: ShopStore, category: Category) -> list[Filter]:
    """The subcategories that hold something, as links to their own pages."""
    return [
        Filter(child.name, child.url, child.product_count)
        for child in store.catalogue.subcategories(category.id)
        if child.product_count
    ]


def _product_page(store: ShopStore, product: Product) -> Response:
    return product_view(store, product, line=None)


def product_view(store: ShopStore, product: Product, line: CartLine | None) -> Response:
    """A product's page; with ``line``, to change that line of the cart."""
    card = product.card
    back_to = uenc(request.base_url)
    if line is None:
        action = f"/checkout/cart/add/uenc/{back_to}/product/{card.id}/"
    else:
        action = f"/checkout/cart/updateItemOptions/id/{line.id}/"
    return page(
        store,
        "product.html",
        product=product,
        card=card,
        options=store.catalogue.options(card.id) if card.has_options else [],
        reviews=store.reviews.of_product(card.id, 10) if card.review_count else [],
        review_pages=-(-card.review_count // 10),
        action=action,
        uenc=back_to,
        line=line,
        nickname=_nickname(store),
    )


def _nickname(store: ShopStore) -> str:
    customer_id = visitor(store).customer_id
    customer = store.customers.by_id(customer_id) if customer_id is not None else None
    return "" if customer is None else customer.first_name
