"""Quick search, advanced search and the popular terms."""

from __future__ import annotations

from flask import Response, request

from ...base import see_other
from ..store import ShopStore
from ..store.search import MAX_QUERY_CHARS
from .common import flash, page, wishes_of
from .listing import CATEGORY, SEARCH, Filter, Listing

_FIELDS = {"name": "name", "sku": "sku", "description": "about", "short_description": "about"}
_LABELS = {"name": "Product Name", "sku": "SKU", "description": "Description", "short_description": "Short Description"}
_MOST_CENTS = 10**11


def results(store: ShopStore) -> Response:
    """GET /catalogsearch/result/ and /catalogsearch/result/index/: what ``q`` finds."""
    query = request.args.get("q", "").replace("\0", "").strip()[:MAX_QUERY_CHARS]
    if not query:
        return see_other("/")
    listing = Listing("/catalogsearch/result/index/", SEARCH, {"q": query})
    if listing.names_defaults():
        return see_other(listing.url(p=listing.page))
    chosen = store.catalogue.category_by_id(listing.category_id) if listing.category_id is not None else None
    if chosen is None:
        listing.category_id = None
    listing.set_total(store.search.count(query, listing.listed))
    facets = store.search.facets(query, listing.listed, listing.total)
    names = {department.id: department.name for department in store.catalogue.departments()}
    categories = [Filter(names[i], listing.url(cat=i), count) for i, count in facets.departments if i in names]
    return page(
        store,
        "search.html",
        title=f"Search results for: '{query}'",
        search_text=query,
        listing=listing,
        chosen=chosen,
        products=store.catalogue.cards(store.search.ids(query, listing.listed, listing.total)),
        categories=[] if chosen else categories,
        prices=listing.price_filters(facets.prices),
        wishes=wishes_of(store),
    )


def advanced(store: ShopStore) -> Response:
    """GET /catalogsearch/advanced/: the form."""
    return page(store, "advanced.html", title="Advanced Search", values=request.args)


def advanced_results(store: ShopStore) -> Response:
    """GET /catalogsearch/advanced/result/: products that hold all that was asked for."""
    asked = {field: request.args.get(field, "").strip()[:MAX_QUERY_CHARS] for field in _FIELDS}
    low, high = (_price(request.args.get(f"price[{end}]", "")) for end in ("from", "to"))
    if not any(asked.values()) and low is None and high is None:
        flash(store, "Enter a search term and try again.", "error")
        return see_other("/catalogsearch/advanced/")
    fields: dict[str, str] = {}
    for field, text in asked.items():
        fields[_FIELDS[field]] = f"{fields.get(_FIELDS[field], '')} {text}".strip()
    ids = store.search.advanced(fields, low, high)
    fixed = {
        name: value for name, value in request.args.items() if name in (*_FIELDS, "price[from]", "price[to]") and value
    }
    listing = Listing("/catalogsearch/advanced/result/", CATEGORY, fixed)
    listing.price = listing.category_id = None  # the address's own price parameters are price[from] and price[to]
    if listing.names_defaults():
        return see_other(listing.url(p=listing.page))
    listing.set_total(len(ids))
    criteria = [f"{_LABELS[field]}: {text}" for field, text in asked.items() if text]
    if low is not None or high is not None:
        criteria.append(f"Price: {request.args.get('price[from]') or 0} - {request.args.get('price[to]') or 'any'}")
    return page(
        store,
        "advanced_result.html",
        title="Advanced Search Results",
        criteria=criteria,
        listing=listing,
        products=store.catalogue.cards(store.catalogue.sorted_ids(ids, listing.listed)),
        modify_url=f"/catalogsearch/advanced/{listing.query()}",
        wishes=wishes_of(store),
    )


def _price(text: str) -> int | None:
    """Dollars in cents; None for no or no sensible price."""
    try:
        cents = round(float(text) * 100)
    except (ValueError, OverflowError):
        return None
    return cents if 0 <= cents <= _MOST_CENTS else None


def popular_terms(store: ShopStore) -> Response:
    """GET /search/term/popular/."""
    return page(store, "terms.html", title="Popular Search Terms", terms=store.search.popular_terms())
