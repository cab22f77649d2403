"""Pages that list settings, which this replica shows but does not change, and pages of things that the store has none of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from flask import Response

from ...base import see_other
from ..navigation import BASE
from ..store import AdminStore
from ..store.grid import Grid
from ..store.orders import STATUSES
from .common import for_admins, not_found, page

Rows = Sequence[Sequence[str | tuple[str, str]]]


class ListPage(NamedTuple):
    """A page with one table. ``rows`` are texts, or (text, address) for links."""

    title: str
    path: str
    heads: tuple[str, ...]
    rows: Callable[[AdminStore], Rows] = lambda store: ()
    note: str = ""


_STATES = {"canceled": "canceled[Canceled]", "closed": "closed[Closed]", "complete": "complete[Complete]", "fraud": "payment_review[Suspected Fraud]",
           "holded": "holded[On Hold]", "pending": "new[Pending]", "processing": "processing[Processing]"}  # fmt: skip
_CACHES = (
    ("Configuration", "Various XML configurations that were collected across modules and merged"), ("Layouts", "Layout building instructions"),
    ("Blocks HTML output", "Page blocks HTML"), ("Collections Data", "Collection data files"), ("Reflection Data", "API interfaces reflection data"),
    ("Database DDL operations", "Results of DDL queries, such as describing tables or indexes"), ("Page Cache", "Full page caching"),
    ("Translations", "Translation files"),
)  # fmt: skip
_INDEXES = (
    ("Design Config Grid", "Rebuild design config grid index"), ("Customer Grid", "Rebuild Customer grid index"),
    ("Category Products", "Indexed category/products association"), ("Product Categories", "Indexed product/categories association"),
    ("Catalog Rule Product", "Indexed rule/product association"), ("Product EAV", "Index product EAV"), ("Stock", "Index stock"),
    ("Inventory", "Inventory index"), ("Product Price", "Index product prices"), ("Catalog Search", "Rebuild Catalog product fulltext search index"),
)  # fmt: skip
_CONFIGURATION = (
    ("General", "General", "Country Options: United States; Locale: English (United States); Time Zone: Eastern Standard Time"),
    ("General", "Web", "Base URL of the storefront: /"), ("General", "Currency Setup", "US Dollar"), ("Catalog", "Inventory", "Backorders: No Backorders"),
    ("Customers", "Customer Configuration", "Default Group: General"), ("Sales", "Delivery Methods", "Flat Rate: Enabled, $5.00 a piece"),
    ("Sales", "Payment Methods", "Check / Money Order: Enabled"), ("Sales", "Tax", "Default Country: United States"), ("Advanced", "Admin", "Chart: Disabled"),
)  # fmt: skip


def _statuses(store: AdminStore) -> Rows:
    return [[label, code, "Yes", "Yes", _STATES[code]] for code, label in STATUSES.items()]


def _sets(store: AdminStore) -> Rows:
    return [[name] for name in store.attributes.sets().values()]


def _tax_rates(store: AdminStore) -> Rows:
    return [
        [rate.code, "United States", rate.region, rate.postcode, f"{rate.percent / 100:g}"]
        for rate in store.reports.tax_rates()
    ]


def _users(store: AdminStore) -> Rows:
    return [[str(user.id), user.username, user.first_name, user.last_name, user.email, "Active" if user.is_active else "Inactive"]
            for user in store.users.all()]  # fmt: skip


PAGES: tuple[ListPage, ...] = (
    ListPage("Billing Agreements", "/paypal/billing_agreement/", ("ID", "Email", "First Name", "Last Name", "Reference ID", "Status", "Created", "Updated")),
    ListPage("Transactions", "/sales/transactions/", ("ID", "Order ID", "Transaction ID", "Parent Transaction ID", "Payment Method", "Transaction Type", "Closed", "Created")),
    ListPage("Braintree Virtual Terminal", "/braintree/virtual/", ("Payment",), note="No payment service is connected."),
    ListPage("Customers Now Online", "/customer/online/", ("ID", "First Name", "Last Name", "Email", "Last Activity", "Type", "Company")),
    ListPage("Login as Customer Log", "/loginascustomer_log/log/index/", ("ID", "Customer Name", "Customer Email", "User Name", "Time")),
    ListPage("Email Templates", "/admin/email_template/", ("ID", "Template", "Added", "Updated", "Subject", "Template Type", "Action")),
    ListPage("Newsletter Templates", "/newsletter/template/", ("ID", "Template", "Added", "Updated", "Subject", "Sender", "Template Type", "Action")),
    ListPage("Newsletter Queue", "/newsletter/queue/", ("ID", "Queue Start", "Queue End", "Subject", "Status", "Processed", "Recipients", "Action")),
    ListPage("URL Rewrites", "/admin/url_rewrite/index/", ("ID", "Store View", "Request Path", "Target Path", "Redirect Type"),
             lambda store: [[str(id), "Default Store View", f"{path}.html", f"catalog/category/view/id/{id}", "No"] for id, path in store.categories.paths()]),
    ListPage("Site Map", "/admin/sitemap/", ("ID", "Filename", "Path", "Link for Google", "Last Generated", "Store View", "Action")),
    ListPage("Widgets", "/admin/widget_instance/", ("Widget ID", "Widget", "Type", "Design Theme", "Sort Order")),
    ListPage("Templates", "/pagebuilder/template/", ("Preview", "Template", "Created For", "Created At", "Action")),
    ListPage("Manage Gallery", "/media_gallery/media/index/", ("Image", "Name", "Size")),
    ListPage("Design Configuration", "/theme/design_config/", ("Default", "Website", "Store", "Store View", "Theme Name"),
             lambda store: [["Global", "", "", "", "Magento Luma"], ["", "Main Website", "", "", "Magento Luma"],
                            ["", "Main Website", "Main Website Store", "Default Store View", "Magento Luma"]]),
    ListPage("Store Design Schedule", "/admin/system_design/", ("Store", "Design", "Date From", "Date To")),
    ListPage("Products in Carts", "/reports/report_shopcart/product/", ("ID", "Product", "Price", "Carts", "Orders")),
    ListPage("Abandoned Carts", "/reports/report_shopcart/abandoned/", ("Customer", "Email", "Products", "Quantity", "Subtotal", "Applied Coupon", "Created", "Updated")),
    ListPage("Newsletter Problem Reports", "/newsletter/problem/", ("ID", "Subscriber", "Queue Date", "Subject", "Error Code", "Error")),
    ListPage("PayPal Settlement", "/paypal/paypal_reports/", ("Report Date", "Merchant Account", "Transaction ID", "Event", "Gross Amount", "Fee Amount")),
    ListPage("Braintree Settlement", "/braintree/report/", ("Transaction ID", "Order ID", "Type", "Status", "Amount", "Created")),
    ListPage("Downloads Report", "/reports/report_product/downloads/", ("Product", "Link", "SKU", "Purchases", "Downloads")),
    ListPage("Advanced Reporting", "/analytics/reports/show/", ("Report",), note="Advanced reports are a service of their own, which is not connected."),
    ListPage("BI Essentials", "/analytics/biessentials/signup/", ("Report",), note="Business intelligence is a service of its own, which is not connected."),
    ListPage("Stores", "/admin/system_store/", ("Web Site", "Store", "Store View"),
             lambda store: [["Main Website (Code: base)", "Main Website Store (Code: main_website_store)", "Default Store View (Code: default)"]]),
    ListPage("Configuration", "/admin/system_config/", ("Tab", "Section", "Settings"), lambda store: _CONFIGURATION),
    ListPage("Terms and Conditions", "/checkout/agreement/", ("ID", "Condition", "Store View", "Status", "Applied")),
    ListPage("Order Status", "/sales/order_status/", ("Status", "Status Code", "Default Status", "Visible On Storefront", "State Code and Title"), _statuses),
    ListPage("Manage Sources", "/inventory/source/index/", ("Code", "Name", "Is Enabled", "Pickup Location"), lambda store: [["default", "Default Source", "Enabled", "Disabled"]]),
    ListPage("Manage Stock", "/inventory/stock/index/", ("ID", "Name", "Sales Channels", "Assigned Sources"), lambda store: [["1", "Default Stock", "Main Website", "Default Source"]]),
    ListPage("Tax Rules", "/tax/rule/", ("Name", "Customer Tax Class", "Product Tax Class", "Tax Rate", "Priority", "Subtotal only", "Sort Order"),
             lambda store: [["Rule1", "Retail Customer", "Taxable Goods", ", ".join(rate.code for rate in store.reports.tax_rates()), "0", "No", "0"]]),
    ListPage("Tax Zones and Rates", "/tax/rate/", ("Tax Identifier", "Country", "State/Region", "Zip/Post Code", "Rate Percent"), _tax_rates),
    ListPage("Import and Export Tax Rates", "/tax/rate/importExport/", ("File",), note="Tax rates come with the store."),
    ListPage("Currency Rates", "/admin/system_currency/", ("Currency", "USD"), lambda store: [["USD", "1.0000"]]),
    ListPage("Currency Symbols", "/admin/system_currencysymbol/", ("Currency", "Symbol"), lambda store: [["US Dollar", "$"]]),
    ListPage("Attribute Sets", "/catalog/product_set/", ("Set",), _sets),
    ListPage("Ratings", "/review/rating/", ("ID", "Rating", "Sort Order", "Is Active"),
             lambda store: [["1", "Quality", "0", "Inactive"], ["2", "Value", "0", "Inactive"], ["3", "Price", "0", "Inactive"], ["4", "Rating", "0", "Active"]]),
    ListPage("Import", "/admin/import/", ("Entity Type",), note="Data come with the store."),
    ListPage("Export", "/admin/export/", ("File name", "Action"), note="Grids export their rows as text."),
    ListPage("Import History", "/admin/history/", ("ID", "Start Date&Time", "User", "Imported File", "Error File", "Execution Time", "Summary")),
    ListPage("Integrations", "/admin/integration/", ("Name", "Status", "Activate", "Edit", "Delete")),
    ListPage("Cache Management", "/admin/cache/", ("Cache Type", "Description", "Status"), lambda store: [[name, text, "Enabled"] for name, text in _CACHES]),
    ListPage("Index Management", "/indexer/indexer/list/", ("Indexer", "Description", "Mode", "Status"),
             lambda store: [[name, text, "Update on Save", "Ready"] for name, text in _INDEXES]),
    ListPage("Users", "/admin/user/", ("ID", "User Name", "First Name", "Last Name", "Email", "Status"), _users),
    ListPage("Locked Users", "/admin/locks/", ("ID", "Username", "Last login", "Failures", "Unlocked")),
    ListPage("Roles", "/admin/user_role/", ("ID", "Role"), lambda store: [["1", "Administrators"]]),
    ListPage("Bulk Actions Log", "/bulk/index/", ("ID", "Start Time", "Description of Operation", "Status", "Action")),
    ListPage("Notifications", "/admin/notification/", ("Severity", "Date Added", "Message", "Actions")),
    ListPage("Custom Variables", "/admin/system_variable/", ("Variable ID", "Variable Code", "Name")),
    ListPage("Encryption Key", "/admin/crypt_key/", ("Key",), note="The key stays where it is."),
    ListPage("Magento Marketplace", "/marketplace/index/", ("Partner",), note="Partners and extensions are found on a site of their own."),
)  # fmt: skip
HELP = {
    "scope": ("What is this?", "A scope is the part of the business that a setting holds for: all store views, a website, a store or a store view."),
    "about": ("Magento", "This is a replica of a store's administration, made for research."),
    "privacy": ("Privacy Policy", "This replica keeps what you type until the episode ends, and sends nothing anywhere."),
    "report": ("Report an Issue", "Issues of this replica belong to the project that ships it."),
}  # fmt: skip


def page_of(listed: ListPage) -> Callable[..., Response]:
    """The handler of a page with one table."""

    @for_admins
    def handler(store: AdminStore) -> Response:
        return page(
            store,
            "list.html",
            listed.title,
            at=BASE + listed.path,
            heads=listed.heads,
            rows=listed.rows(store),
            note=listed.note,
        )

    handler.__name__ = "list_" + listed.path.strip("/").replace("/", "_")
    handler.__doc__ = f"GET {BASE}{listed.path}"
    return handler


@for_admins
def help_page(store: AdminStore, topic: str) -> Response:
    """GET /admin/help/<topic>/: what the real page's links to other sites would say."""
    title, text = HELP.get(topic, HELP["about"])
    return page(store, "help.html", title, text=text)


def _rule(store: AdminStore, grid: Grid, at: str, rule_id: int) -> Response:
    rows = grid.rows(condition="r.id = ?", values=(rule_id,))
    if not rows:
        return see_other(at)
    columns = [column for column in grid.columns.values() if column.kind != "none"]
    return page(
        store, "list.html", rows[0]["name"], at=at, heads=["Field", "Value"],
        rows=[[column.label, str(rows[0][column.name] if rows[0][column.name] is not None else "")] for column in columns],
    )  # fmt: skip


@for_admins
def cart_rule(store: AdminStore, rule_id: int) -> Response:
    """GET /sales_rule/promo_quote/edit/id/<id>/: what the rule says."""
    return _rule(store, store.grids.cart_rules, f"{BASE}/sales_rule/promo_quote/", rule_id)


@for_admins
def catalog_rule(store: AdminStore, rule_id: int) -> Response:
    """GET /catalog_rule/promo_catalog/edit/id/<id>/: what the rule says."""
    return _rule(store, store.grids.catalog_rules, f"{BASE}/catalog_rule/promo_catalog/", rule_id)


@for_admins
def group(store: AdminStore, group_id: int) -> Response:
    """GET /customer/group/edit/id/<id>/."""
    name = store.customers.groups().get(group_id)
    at = f"{BASE}/customer/group/"
    if name is None:
        return see_other(at)
    return page(
        store,
        "list.html",
        name,
        at=at,
        heads=["Field", "Value"],
        rows=[["Group Name", name], ["Tax Class", "Retail Customer"]],
    )


@for_admins
def unknown(store: AdminStore, path: str) -> Response:
    """Any other address below the admin's base."""
    return not_found(store)
