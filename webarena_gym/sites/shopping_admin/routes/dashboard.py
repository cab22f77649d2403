"""The dashboard, and the search in the head of every page."""

from __future__ import annotations

from typing import NamedTuple

from flask import Response, request

from ...base import hide_request
from ...magento import money
from ..navigation import BASE
from ..store import AdminStore
from ..store.grid import GridQuery
from .common import Button, for_admins, page

AT = f"{BASE}/admin/dashboard/"
_TABS = {
    "": "Bestsellers",
    "productsViewed": "Most Viewed Products",
    "customersNewest": "New Customers",
    "customersMost": "Customers",
}
_SHOWN = 5
_HITS = 10


class Hit(NamedTuple):
    """Something the search in the head of pages found."""

    label: str
    kind: str
    url: str


@for_admins
def dashboard(store: AdminStore, tab: str = "") -> Response:
    """GET /admin/dashboard/, and its tabs, which the real page fetches by script."""
    if tab:
        hide_request()
    tab = tab if tab in _TABS else ""
    heads, rows = _table(store, tab)
    return page(
        store,
        "dashboard.html",
        "Dashboard",
        at=AT,
        scope="All Store Views",
        actions=(Button("Reload Data", AT, primary=True),),
        tabs=[(f"{AT}{key}/" if key else AT, label, key == tab) for key, label in _TABS.items()],
        heads=heads,
        rows=rows,
        lifetime=store.reports.lifetime_sales_cents(),
        average=store.reports.average_order_cents(),
        orders=store.reports.last_orders(_SHOWN),
        last_terms=store.search_terms.last(_SHOWN),
        top_terms=store.search_terms.top(_SHOWN),
    )


def _table(store: AdminStore, tab: str) -> tuple[list[str], list[list[str | tuple[str, str]]]]:
    if tab in ("", "productsViewed"):
        products = store.reports.bestsellers_ever(_SHOWN) if not tab else store.reports.most_viewed(_SHOWN)
        rows: list[list[str | tuple[str, str]]] = [
            [(row.name, f"{BASE}/catalog/product/edit/id/{row.product_id}/"), money(row.price_cents), str(row.count)]
            for row in products
        ]
        return ["Product", "Price", "Quantity" if not tab else "Views"], rows
    customers = store.reports.new_customers(_SHOWN) if tab == "customersNewest" else store.reports.top_customers(_SHOWN)
    rows = [
        [
            (row.name, f"{BASE}/customer/index/edit/id/{row.id}/"),
            str(row.orders),
            money(row.average_cents),
            money(row.total_cents),
        ]
        for row in customers
    ]
    return ["Customer", "Orders", "Average", "Total"], rows


@for_admins
def global_search(store: AdminStore) -> Response:
    """GET /admin/index/globalSearch/?query=…: what the real page's script shows below the field."""
    hide_request()
    text = request.args.get("query", "").replace("\0", "").strip()[:100]
    query = GridQuery(search=text, limit=_HITS)
    hits = []
    if text:
        hits += [Hit(f"#{row['increment_id']} ({row['billing_name']})", "Order", f"{BASE}/sales/order/view/order_id/{row['entity_id']}/")
                 for row in store.grids.orders.rows(query)]  # fmt: skip
        hits += [
            Hit(row["name"], "Customer", f"{BASE}/customer/index/edit/id/{row['entity_id']}/")
            for row in store.grids.customers.rows(query)
        ]
        hits += [
            Hit(row["name"], "Product", f"{BASE}/catalog/product/edit/id/{row['entity_id']}/")
            for row in store.grids.products.rows(query)
        ]
    places = [
        (f"{BASE}/{path}", label)
        for path, label in (
            ("catalog/product/index/", "Products"),
            ("sales/order/index/", "Orders"),
            ("customer/index/index/", "Customers"),
            ("cms/page/index/", "Pages"),
        )
    ]
    return page(store, "global_search.html", "Search", text=text, hits=hits, places=places)
