"""The store's own small front: home, categories, search, products with their reviews, and the CMS pages.

No cart and no accounts: the tasks only read here what the admin changed.
"""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, send_from_directory
from markupsafe import Markup

from ...base import hide_request, see_other
from ...magento import MAX_TEXT_CHARS, STATIC_CACHE_S, initials, text_field, tile, to_int
from ..markup import safe_html
from ..store import AdminStore
from ..store.categories import ROOT_ID, Category
from ..store.marketing import PENDING
from ..store.products import COLOR, SIZE, Product
from ..store.refused import Refused
from .common import FORM_KEY, flash, visitor

_LIMITS = (12, 24, 36)
_ON_HOME = 6  # products
_SORTS = {"position": "Position", "name": "Product Name", "price": "Price"}


def front(store: AdminStore, template: str, title: str, status: int = 200, **context: Any) -> Response:
    """A page within the storefront's frame."""
    html = render_template(
        template,
        title=title,
        menu=store.categories.children(ROOT_ID),
        messages=store.take_flashes(visitor(store).session),
        query=request.args.get("q", "") if status < 400 else "",
        form_key=FORM_KEY,
        **context,
    )
    return Response(html, status, mimetype="text/html")


def not_found(store: AdminStore) -> Response:
    """The page that the CMS has for it. It never repeats what was asked for."""
    found = store.content.page_by_key("no-route")
    if found is None:
        return front(store, "store_page.html", "404 Not Found", 404, heading="404 Not Found", content=Markup(""))
    return front(
        store, "store_page.html", found.title, 404, heading=found.content_heading, content=safe_html(found.content)
    )


def home(store: AdminStore) -> Response:
    """GET /."""
    found = store.content.page_by_key("home")
    fresh = store.categories.by_path("what-s-new")
    products = store.products.many(store.categories.product_ids(fresh.id)[:_ON_HOME] if fresh is not None else [])
    return front(
        store,
        "store_home.html",
        found.title if found else "Home Page",
        heading=found.content_heading if found else "",
        content=safe_html(found.content if found else ""),
        products=_cards(store, products),
    )


def _cards(store: AdminStore, products: list[Product]) -> list[tuple[Product, int, int, int]]:
    """(product, lowest price in cents, rating percent, reviews)."""
    return [
        (product, store.products.price_range(product.id)[0], *store.reviews.rating_percent(product.id))
        for product in products
    ]


def _listing(store: AdminStore, ids: list[int], base: str, fixed: dict[str, str]) -> dict[str, Any]:
    """One page of products, in the order the query names."""
    arguments = request.args
    order = arguments.get("product_list_order", "position")
    order = order if order in _SORTS else "position"
    limit = to_int(arguments.get("product_list_limit"), _LIMITS[0])
    limit = limit if limit in _LIMITS else _LIMITS[0]
    products = store.products.many(ids)
    if order == "name":
        products.sort(key=lambda product: (product.name.lower(), product.id))
    elif order == "price":
        products.sort(key=lambda product: (store.products.price_range(product.id)[0], product.id))
    if arguments.get("product_list_dir") == "desc":
        products.reverse()
    pages = max(1, -(-len(products) // limit))
    number = min(max(1, to_int(arguments.get("p"), 1)), pages)
    shown = products[(number - 1) * limit : number * limit]
    return {
        "cards_shown": _cards(store, shown),
        "total": len(products),
        "pages": pages,
        "number": number,
        "order": order,
        "sorts": _SORTS,
        "limit": limit,
        "base": base,
        "fixed": fixed,
        "descending": arguments.get("product_list_dir") == "desc",
    }


def category(store: AdminStore, found: Category) -> Response:
    """A category's page."""
    return front(
        store,
        "store_list.html",
        found.name,
        trail=store.categories.trail(found),
        description=safe_html(found.description),
        subcategories=store.categories.children(found.id),
        **_listing(store, store.categories.product_ids(found.id), f"/{found.path}.html", {}),
    )


def search(store: AdminStore) -> Response:
    """GET /catalogsearch/result/?q=…; a search is counted, as the admin's search terms show."""
    text = request.args.get("q", "").replace("\0", "").strip()[:128]
    ids = store.categories.search_ids(text)
    if text and "p" not in request.args:
        store.search_terms.used(text, len(ids), store.timestamp())
    return front(
        store,
        "store_list.html",
        f"Search results for: '{text}'",
        trail=[],
        description=Markup(""),
        subcategories=[],
        **_listing(store, ids, "/catalogsearch/result/", {"q": text}),
    )


def product(store: AdminStore, found: Product) -> Response:
    """A product's page: both descriptions, as the admin saved them, and the approved reviews."""
    variants = [variant for variant in store.products.variants(found.id) if variant.enabled]
    choices = []
    for label, attribute_id, values in (
        ("Size", SIZE, [v.size for v in variants]),
        ("Color", COLOR, [v.color for v in variants]),
    ):
        options = [option.label for option in store.attributes.options(attribute_id) if option.id in values]
        if options:
            choices.append((label, options))
    percent, count = store.reviews.rating_percent(found.id)
    names = {attribute.code: attribute.label for attribute in store.attributes.all()}
    return front(
        store,
        "store_product.html",
        found.name,
        product=found,
        price_cents=store.products.price_range(found.id)[0],
        choices=choices,
        percent=percent,
        count=count,
        reviews=store.reviews.of_product(found.id),
        short=safe_html(found.short_description),
        description=safe_html(found.description),
        trail=store.categories.of_product(found.id)[:1],
        attributes=[(names.get(code, code), value) for code, value in found.attributes.items() if value],
    )


def product_by_id(store: AdminStore, product_id: int) -> Response:
    """GET /catalog/product/view/id/<id>/."""
    found = store.products.product(product_id)
    visible = found is not None and found.enabled and found.visibility > 1
    return product(store, found) if visible and found is not None else not_found(store)


def rewrite(store: AdminStore, path: str) -> Response:
    """GET of anything else: a product, a category or a CMS page by its address."""
    path = path.rstrip("/")
    if path.endswith(".html"):
        key = path.removesuffix(".html")
        if (found := store.products.by_url_key(key)) is not None:
            return product(store, found)
        if (listed := store.categories.by_path(key)) is not None and listed.is_active:
            return category(store, listed)
    elif (written := store.content.page_by_key(path)) is not None and path != "no-route":
        return front(
            store, "store_page.html", written.title, heading=written.content_heading, content=safe_html(written.content)
        )
    return not_found(store)


def post_review(store: AdminStore, product_id: int) -> Response:
    """POST /review/product/post/id/<id>/: waits for approval in the admin."""
    found = store.products.product(product_id)
    if found is None or not found.enabled:
        return not_found(store)
    try:
        store.reviews.add(
            found.id,
            nickname=text_field("nickname"),
            title=text_field("title"),
            detail=text_field("detail", MAX_TEXT_CHARS),
            stars=to_int(request.form.get("ratings[4]")) - 15,
            status=PENDING,
            when=store.timestamp(),
        )
    except Refused as refused:
        flash(store, str(refused), "error")
    else:
        flash(store, "You submitted your review for moderation.")
    return see_other(found.url)


def picture(store: AdminStore, product_id: int) -> Response:
    """GET /media/catalog/product/<id>.svg. No event, as not all engines load pictures."""
    hide_request()
    found = store.products.product(product_id)
    if found is None:
        return not_found(store)
    return tile(initials(found.name), product_id)


def theme_preview(store: AdminStore, theme_id: int) -> Response:
    """GET /media/theme/preview/<id>.svg."""
    hide_request()
    found = store.content.theme(theme_id)
    return not_found(store) if found is None else tile(found.title[8:9].upper() or "?", theme_id)


def static_file(store: AdminStore, name: str) -> Response:
    """GET /static/<name>: the style sheets and the logo. No event either."""
    hide_request()
    return send_from_directory("static", name, max_age=STATIC_CACHE_S)


def favicon(store: AdminStore) -> Response:
    """GET /favicon.ico: browsers ask for it on their own account."""
    return static_file(store, "logo.svg")


def fallback(store: AdminStore, path: str = "") -> Response:
    """Anything no other route answers, posted."""
    return not_found(store)
