"""The pages that are a grid of the older kind, as a table."""

from __future__ import annotations

from ..navigation import BASE
from ..store.marketing import PENDING, REVIEW_STATUSES
from .common import Button
from .legacy import LegacyPage, Mass

_YES_NO = {"1": "Yes", "0": "No"}
_VIEW = {"1": "Default Store View"}
_STATUSES = {str(status): label for status, label in REVIEW_STATUSES.items()}
_REVIEW_MASS = (
    Mass("delete", "Delete", "/review/product/massDelete/", lambda store, ids, status: f"A total of {store.reviews.delete(ids)} record(s) have been deleted."),
    Mass("update_status", "Update Status", "/review/product/massUpdateStatus/", lambda store, ids, status: f"A total of {store.reviews.set_status(ids, status)} record(s) have been updated.",
         REVIEW_STATUSES),
)  # fmt: skip
_REVIEW_COLUMNS = (
    "review_id",
    "created_at",
    "status",
    "title",
    "nickname",
    "detail",
    "visible_in",
    "type",
    "name",
    "sku",
)
_REVIEW_OPTIONS = {
    "status": _STATUSES,
    "visible_in": _VIEW,
    "type": {"1": "Guest", "2": "Customer", "3": "Administrator"},
}

PAGES: tuple[LegacyPage, ...] = (
    LegacyPage(
        grid=lambda store: store.grids.reviews, title="Reviews", path="/review/product/index/", key="review_id", columns=_REVIEW_COLUMNS,
        options=_REVIEW_OPTIONS, sort="created_at", descending=True, link=f"{BASE}/review/product/edit/id/", mass=_REVIEW_MASS,
        buttons=(Button("New Review", f"{BASE}/review/product/new/", primary=True),),
    ),
    LegacyPage(
        grid=lambda store: store.grids.reviews, title="Pending Reviews", path="/review/product/pending/", key="review_id",
        columns=tuple(name for name in _REVIEW_COLUMNS if name != "status"), options=_REVIEW_OPTIONS, sort="created_at", descending=True,
        link=f"{BASE}/review/product/edit/id/", mass=_REVIEW_MASS, fixed={"status": str(PENDING)},
    ),
    LegacyPage(
        grid=lambda store: store.grids.search_terms, title="Search Terms", path="/search/term/index/", key="query_id",
        columns=("search_query", "store_id", "num_results", "popularity", "redirect", "display_in_terms"), labels={"display_in_terms": "Suggested Terms"},
        options={"store_id": _VIEW, "display_in_terms": _YES_NO}, link=f"{BASE}/search/term/edit/id/", sort="search_query",
        mass=(Mass("delete", "Delete", "/search/term/massDelete/", lambda store, ids, status: f"Total of {store.search_terms.delete(ids)} record(s) were deleted."),),
        buttons=(Button("Add New Search Term", f"{BASE}/search/term/new/", primary=True),),
    ),
    LegacyPage(
        grid=lambda store: store.grids.search_terms, title="Search Terms Report", path="/search/term/report/", key="query_id",
        columns=("query_id", "search_query", "store_id", "num_results", "popularity"), labels={"popularity": "Hits"},
        options={"store_id": _VIEW}, link=f"{BASE}/search/term/edit/id/", action="", sort="query_id", descending=True,
    ),
    LegacyPage(
        grid=lambda store: store.grids.subscribers, title="Newsletter Subscribers", path="/newsletter/subscriber/", key="subscriber_id",
        columns=("subscriber_id", "subscriber_email", "type", "firstname", "lastname", "status"),
        options={"type": {"1": "Guest", "2": "Customer"},
                 "status": {"1": "Subscribed", "2": "Not Activated", "3": "Unsubscribed", "4": "Unconfirmed"}},
        sort="subscriber_id", descending=True,
    ),
    LegacyPage(
        grid=lambda store: store.grids.attributes, title="Product Attributes", path="/catalog/product_attribute/", key="attribute_id",
        columns=("attribute_code", "frontend_label", "is_required", "is_user_defined", "is_visible", "is_global", "is_searchable",
                 "is_filterable", "is_comparable"),
        options={"is_required": _YES_NO, "is_user_defined": _YES_NO, "is_visible": _YES_NO, "is_searchable": _YES_NO,
                 "is_comparable": _YES_NO, "is_global": {"0": "Store View", "1": "Global", "2": "Web Site"},
                 "is_filterable": {"1": "Filterable (with results)", "2": "Filterable (no results)", "0": "No"}},
        link=f"{BASE}/catalog/product_attribute/edit/attribute_id/", action="", sort="attribute_code",
    ),
    LegacyPage(
        grid=lambda store: store.grids.cart_rules, title="Cart Price Rules", path="/sales_rule/promo_quote/", key="rule_id",
        columns=("rule_id", "name", "code", "from_date", "to_date", "is_active", "rule_website", "sort_order"),
        options={"is_active": {"1": "Active", "0": "Inactive"}, "rule_website": {"1": "Main Website"}}, sort="rule_id", descending=True,
        link=f"{BASE}/sales_rule/promo_quote/edit/id/", action="",
    ),
    LegacyPage(
        grid=lambda store: store.grids.catalog_rules, title="Catalog Price Rule", path="/catalog_rule/promo_catalog/", key="rule_id",
        columns=("rule_id", "name", "from_date", "to_date", "is_active", "rule_website"),
        options={"is_active": {"1": "Active", "0": "Inactive"}, "rule_website": {"1": "Main Website"}}, sort="rule_id",
        link=f"{BASE}/catalog_rule/promo_catalog/edit/id/", action="",
    ),
    LegacyPage(
        grid=lambda store: store.grids.synonyms, title="Search Synonyms", path="/search/synonyms/index/", key="group_id",
        columns=("group_id", "synonyms"), sort="group_id",
    ),
)  # fmt: skip
