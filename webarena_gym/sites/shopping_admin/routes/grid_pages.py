"""The pages that are a grid of the newer kind, as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, request

from ...magento import COUNTRIES
from ..navigation import BASE
from ..store import AdminStore
from ..store.orders import STATUSES
from ..store.products import COLOR, SIZE, TYPES, VISIBILITIES
from . import grid as view
from .common import STORE_VIEW, Button, for_admins
from .grid import GridPage, MassAction

VISIBILITY = {str(code): label for code, label in VISIBILITIES.items()}
ENABLED = {"1": "Enabled", "2": "Disabled"}
LAYOUTS = {"1 column": "1 column", "2 columns with left bar": "2 columns with left bar",
           "2 columns with right bar": "2 columns with right bar", "3 columns": "3 columns", "Empty": "Empty"}  # fmt: skip
GENDERS = {"1": "Male", "2": "Female", "3": "Not Specified"}
PAYMENTS = {"checkmo": "Check / Money order"}
_WEBSITE = {"1": "Main Website"}
_STORE = {"1": STORE_VIEW.replace("\n", " "), "0": "All Store Views"}


def _groups(store: AdminStore) -> dict[str, str]:
    return {str(id): name for id, name in store.customers.groups().items()}


def _sets(store: AdminStore) -> dict[str, str]:
    return {str(id): name for id, name in store.attributes.sets().items()}


def _options(attribute_id: int) -> Callable[[AdminStore], dict[str, str]]:
    return lambda store: {str(option.id): option.label for option in store.attributes.options(attribute_id)}


def _link(label: str, path: str, key: str) -> Any:
    """A row's one link, to ``path`` with the row's id."""
    return lambda row: ((label, f"{BASE}{path}{row[key]}/"),)


def _cms_actions(kind: str, key: str) -> Any:
    def actions(row: Any) -> Sequence[tuple[str, str]]:
        edit = f"{BASE}/cms/{kind}/edit/{key}/{row[key]}/"
        links = [("Edit", edit), ("Delete", f"{edit}?open=delete")]
        return [*links, ("View", f"/{row['identifier']}")] if kind == "page" else links

    return actions


_DOCUMENT_HIDDEN = (
    "shipping_name", "billing_address", "shipping_address", "customer_name", "customer_email", "customer_group_id",
    "payment_method", "shipping_information", "order_status",
)  # fmt: skip
_DOCUMENT_OPTIONS = {"order_status": STATUSES, "payment_method": PAYMENTS}

GRIDS: tuple[GridPage, ...] = (
    GridPage(
        namespace="sales_order_grid", grid=lambda store: store.grids.orders, title="Orders", path="/sales/order/", key="entity_id",
        columns=("increment_id", "store_id", "created_at", "billing_name", "shipping_name", "base_grand_total", "grand_total", "status"),
        hidden=("billing_address", "shipping_address", "shipping_information", "customer_email", "customer_group", "subtotal",
                "shipping_and_handling", "customer_name", "payment_method", "total_refunded"),
        options={"status": STATUSES, "store_id": _STORE, "payment_method": PAYMENTS}, store_options={"customer_group": _groups},
        actions=_link("View", "/sales/order/view/order_id/", "entity_id"), sort=("increment_id", True),
        mass=(MassAction("Cancel", "/sales/order/massCancel/", question="Are you sure you want to cancel the selected orders?"),
              MassAction("Hold", "/sales/order/massHold/", question="Are you sure you want to hold the selected orders?"),
              MassAction("Unhold", "/sales/order/massUnhold/", question="Are you sure you want to unhold the selected orders?")),
        buttons=(Button("Create New Order", f"{BASE}/sales/order_create/start/", primary=True),),
    ),
    GridPage(
        namespace="sales_order_invoice_grid", grid=lambda store: store.grids.invoices, title="Invoices", path="/sales/invoice/",
        key="entity_id",
        columns=("increment_id", "created_at", "order_increment_id", "order_created_at", "billing_name", "state", "base_grand_total", "grand_total"),
        hidden=(*_DOCUMENT_HIDDEN, "subtotal", "shipping_and_handling"), labels={"increment_id": "Invoice", "created_at": "Invoice Date"},
        options={"state": {"1": "Pending", "2": "Paid", "3": "Canceled"}, **_DOCUMENT_OPTIONS}, store_options={"customer_group_id": _groups},
        actions=_link("View", "/sales/invoice/view/invoice_id/", "entity_id"), sort=("increment_id", True),
    ),
    GridPage(
        namespace="sales_order_shipment_grid", grid=lambda store: store.grids.shipments, title="Shipments", path="/sales/shipment/",
        key="entity_id",
        columns=("increment_id", "created_at", "order_increment_id", "order_created_at", "shipping_name", "total_qty"),
        hidden=("billing_name", *_DOCUMENT_HIDDEN[1:]), labels={"increment_id": "Shipment", "created_at": "Ship Date"},
        options=_DOCUMENT_OPTIONS, store_options={"customer_group_id": _groups},
        actions=_link("View", "/sales/shipment/view/shipment_id/", "entity_id"), sort=("increment_id", True),
    ),
    GridPage(
        namespace="sales_order_creditmemo_grid", grid=lambda store: store.grids.creditmemos, title="Credit Memos", path="/sales/creditmemo/",
        key="entity_id",
        columns=("increment_id", "created_at", "order_increment_id", "order_created_at", "billing_name", "state", "base_grand_total"),
        hidden=(*_DOCUMENT_HIDDEN, "grand_total", "subtotal", "shipping_and_handling", "adjustment"),
        labels={"increment_id": "Credit Memo", "base_grand_total": "Refunded", "grand_total": "Refunded (Purchased)"},
        options={"state": {"1": "Pending", "2": "Refunded", "3": "Canceled"}, **_DOCUMENT_OPTIONS}, store_options={"customer_group_id": _groups},
        actions=_link("View", "/sales/creditmemo/view/creditmemo_id/", "entity_id"), sort=("increment_id", True),
    ),
    GridPage(
        namespace="product_listing", grid=lambda store: store.grids.products, title="Products", path="/catalog/product/", key="entity_id",
        columns=("entity_id", "name", "type_id", "attribute_set_id", "sku", "price", "qty", "salable_quantity", "visibility", "status",
                 "websites", "updated_at"),
        hidden=("special_price", "color", "size", "url_key"), thumbnails=True, exportable=False,
        options={"type_id": TYPES, "visibility": VISIBILITY, "status": ENABLED, "websites": _WEBSITE},
        store_options={"attribute_set_id": _sets, "color": _options(COLOR), "size": _options(SIZE)},
        actions=_link("Edit", "/catalog/product/edit/id/", "entity_id"),
        mass=(MassAction("Delete", "/catalog/product/massDelete/", question="Are you sure you want to delete selected items?"),
              MassAction("Change status", "/catalog/product/massStatus/", "status", (("1", "Enable"), ("2", "Disable")),
                         "Are you sure you want to change the status of the selected items?")),
        buttons=(Button("Add Product", f"{BASE}/catalog/product/new/set/4/type/simple/", primary=True),), scope="All Store Views",
    ),
    GridPage(
        namespace="customer_listing", grid=lambda store: store.grids.customers, title="Customers", path="/customer/index/", key="entity_id",
        columns=("entity_id", "name", "email", "group_id", "billing_telephone", "billing_postcode", "billing_country_id", "billing_region",
                 "created_at", "website_id"),
        hidden=("billing_full", "shipping_full", "dob", "taxvat", "gender", "billing_street", "billing_city", "billing_company"),
        options={"billing_country_id": COUNTRIES, "gender": GENDERS, "website_id": _WEBSITE}, store_options={"group_id": _groups},
        actions=_link("Edit", "/customer/index/edit/id/", "entity_id"), days=frozenset({"dob"}),
        mass=(MassAction("Delete", "/customer/index/massDelete/", question="Are you sure you want to delete the selected customers?"),
              MassAction("Subscribe to Newsletter", "/customer/index/massSubscribe/", question="Are you sure you want to subscribe the selected customers?"),
              MassAction("Unsubscribe from Newsletter", "/customer/index/massUnsubscribe/",
                         question="Are you sure you want to unsubscribe the selected customers?")),
        buttons=(Button("Add New Customer", f"{BASE}/customer/index/new/", primary=True),),
    ),
    GridPage(
        namespace="cms_page_listing", grid=lambda store: store.grids.cms_pages, title="Pages", path="/cms/page/", key="page_id",
        columns=("page_id", "title", "identifier", "page_layout", "store_id", "is_active", "creation_time", "update_time"),
        options={"is_active": {"1": "Enabled", "0": "Disabled"}, "store_id": _STORE, "page_layout": LAYOUTS}, exportable=False,
        actions=_cms_actions("page", "page_id"),
        mass=(MassAction("Delete", "/cms/page/massDelete/", question="Are you sure you want to delete the selected pages?"),
              MassAction("Disable", "/cms/page/massDisable/", question="Are you sure you want to disable the selected pages?"),
              MassAction("Enable", "/cms/page/massEnable/", question="Are you sure you want to enable the selected pages?")),
        buttons=(Button("Add New Page", f"{BASE}/cms/page/new/", primary=True),),
    ),
    GridPage(
        namespace="cms_block_listing", grid=lambda store: store.grids.cms_blocks, title="Blocks", path="/cms/block/", key="block_id",
        columns=("block_id", "title", "identifier", "store_id", "is_active", "creation_time", "update_time"),
        options={"is_active": {"1": "Enabled", "0": "Disabled"}, "store_id": _STORE}, exportable=False,
        actions=_cms_actions("block", "block_id"),
        mass=(MassAction("Delete", "/cms/block/massDelete/", question="Are you sure you want to delete the selected blocks?"),
              MassAction("Disable", "/cms/block/massDisable/", question="Are you sure you want to disable the selected blocks?"),
              MassAction("Enable", "/cms/block/massEnable/", question="Are you sure you want to enable the selected blocks?")),
        buttons=(Button("Add New Block", f"{BASE}/cms/block/new/", primary=True),),
    ),
    GridPage(
        namespace="design_theme_listing", grid=lambda store: store.grids.themes, title="Themes", path="/admin/system_design_theme/",
        key="theme_id", columns=("theme_title", "parent_theme_title", "theme_path"), exportable=False,
        actions=_link("View", "/admin/system_design_theme/edit/id/", "theme_id"),
    ),
    GridPage(
        namespace="customer_group_listing", grid=lambda store: store.grids.customer_groups, title="Customer Groups", path="/customer/group/",
        key="customer_group_id", columns=("customer_group_id", "customer_group_code", "tax_class"), exportable=False,
        actions=_link("Edit", "/customer/group/edit/id/", "customer_group_id"),
    ),
)  # fmt: skip
BY_NAMESPACE = {shown.namespace: shown for shown in GRIDS}


def page_of(shown: GridPage) -> Any:
    """The handler of a grid's page."""

    @for_admins
    def handler(store: AdminStore) -> Response:
        return view.show(store, shown)

    handler.__name__ = shown.namespace
    handler.__doc__ = f"GET {BASE}{shown.path}"
    return handler


@for_admins
def change(store: AdminStore) -> Response:
    return view.change(store, BY_NAMESPACE)


@for_admins
def choose(store: AdminStore) -> Response:
    return view.choose(store, BY_NAMESPACE)


@for_admins
def export(store: AdminStore) -> Response:
    """GET /mui/export/gridToCsv/?namespace=…: all rows that the filters let through, as text."""
    shown = BY_NAMESPACE.get(request.args.get("namespace", ""), GRIDS[0])
    return Response(view.csv_of(store, shown), mimetype="text/plain")
