"""The left menu: sections, their groups, and the addresses they lead to."""

from __future__ import annotations

from typing import NamedTuple

BASE = "/admin"


class Entry(NamedTuple):
    """A link of the menu; ``path`` comes after the admin's base."""

    label: str
    path: str

    @property
    def url(self) -> str:
        return BASE + self.path


class Group(NamedTuple):
    """Links under a title; the title may be empty."""

    title: str
    entries: tuple[Entry, ...]


class Section(NamedTuple):
    """A line of the menu. One without groups is a link to ``path``, any other opens its groups."""

    key: str
    label: str
    path: str
    groups: tuple[Group, ...]


def _group(title: str, *entries: tuple[str, str]) -> Group:
    return Group(title, tuple(Entry(*entry) for entry in entries))


MENU: tuple[Section, ...] = (
    Section("dashboard", "Dashboard", "/admin/dashboard/", ()),
    Section("sales", "Sales", "", (
        _group("Operations", ("Orders", "/sales/order/"), ("Invoices", "/sales/invoice/"), ("Shipments", "/sales/shipment/"),
               ("Credit Memos", "/sales/creditmemo/"), ("Billing Agreements", "/paypal/billing_agreement/"),
               ("Transactions", "/sales/transactions/"), ("Braintree Virtual Terminal", "/braintree/virtual/")),
    )),
    Section("catalog", "Catalog", "", (
        _group("Inventory", ("Products", "/catalog/product/"), ("Categories", "/catalog/category/")),
    )),
    Section("customers", "Customers", "", (
        _group("", ("All Customers", "/customer/index/"), ("Now Online", "/customer/online/"),
               ("Login as Customer Log", "/loginascustomer_log/log/index/"), ("Customer Groups", "/customer/group/")),
    )),
    Section("marketing", "Marketing", "", (
        _group("Promotions", ("Catalog Price Rule", "/catalog_rule/promo_catalog/"), ("Cart Price Rules", "/sales_rule/promo_quote/")),
        _group("Communications", ("Email Templates", "/admin/email_template/"), ("Newsletter Templates", "/newsletter/template/"),
               ("Newsletter Queue", "/newsletter/queue/"), ("Newsletter Subscribers", "/newsletter/subscriber/")),
        _group("SEO & Search", ("URL Rewrites", "/admin/url_rewrite/index/"), ("Search Terms", "/search/term/index/"),
               ("Search Synonyms", "/search/synonyms/index/"), ("Site Map", "/admin/sitemap/")),
        _group("User Content", ("All Reviews", "/review/product/index/"), ("Pending Reviews", "/review/product/pending/")),
    )),
    Section("content", "Content", "", (
        _group("Elements", ("Pages", "/cms/page/"), ("Blocks", "/cms/block/"), ("Widgets", "/admin/widget_instance/"),
               ("Templates", "/pagebuilder/template/")),
        _group("Media", ("Media Gallery", "/media_gallery/media/index/")),
        _group("Design", ("Configuration", "/theme/design_config/"), ("Themes", "/admin/system_design_theme/"),
               ("Schedule", "/admin/system_design/")),
    )),
    Section("reports", "Reports", "", (
        _group("Marketing", ("Products in Cart", "/reports/report_shopcart/product/"), ("Search Terms", "/search/term/report/"),
               ("Abandoned Carts", "/reports/report_shopcart/abandoned/"), ("Newsletter Problem Reports", "/newsletter/problem/")),
        _group("Reviews", ("By Customers", "/reports/report_review/customer/"), ("By Products", "/reports/report_review/product/")),
        _group("Sales", ("Orders", "/reports/report_sales/sales/"), ("Tax", "/reports/report_sales/tax/"),
               ("Invoiced", "/reports/report_sales/invoiced/"), ("Shipping", "/reports/report_sales/shipping/"),
               ("Refunds", "/reports/report_sales/refunded/"), ("Coupons", "/reports/report_sales/coupons/"),
               ("PayPal Settlement", "/paypal/paypal_reports/"), ("Braintree Settlement", "/braintree/report/")),
        _group("Customers", ("Order Total", "/reports/report_customer/totals/"), ("Order Count", "/reports/report_customer/orders/"),
               ("New", "/reports/report_customer/accounts/")),
        _group("Products", ("Views", "/reports/report_product/viewed/"), ("Bestsellers", "/reports/report_sales/bestsellers/"),
               ("Low Stock", "/reports/report_product/lowstock/"), ("Ordered", "/reports/report_product/sold/"),
               ("Downloads", "/reports/report_product/downloads/")),
        _group("Statistics", ("Refresh Statistics", "/reports/report_statistics/")),
        _group("Business Intelligence", ("Advanced Reporting", "/analytics/reports/show/"),
               ("BI Essentials", "/analytics/biessentials/signup/")),
    )),
    Section("stores", "Stores", "", (
        _group("Settings", ("All Stores", "/admin/system_store/"), ("Configuration", "/admin/system_config/"),
               ("Terms and Conditions", "/checkout/agreement/"), ("Order Status", "/sales/order_status/")),
        _group("Inventory", ("Sources", "/inventory/source/index/"), ("Stocks", "/inventory/stock/index/")),
        _group("Taxes", ("Tax Rules", "/tax/rule/"), ("Tax Zones and Rates", "/tax/rate/")),
        _group("Currency", ("Currency Rates", "/admin/system_currency/"), ("Currency Symbols", "/admin/system_currencysymbol/")),
        _group("Attributes", ("Product", "/catalog/product_attribute/"), ("Attribute Set", "/catalog/product_set/"),
               ("Rating", "/review/rating/")),
    )),
    Section("system", "System", "", (
        _group("Data Transfer", ("Import", "/admin/import/"), ("Export", "/admin/export/"),
               ("Import/Export Tax Rates", "/tax/rate/importExport/"), ("Import History", "/admin/history/")),
        _group("Extensions", ("Integrations", "/admin/integration/")),
        _group("Tools", ("Cache Management", "/admin/cache/"), ("Index Management", "/indexer/indexer/list/")),
        _group("Permissions", ("All Users", "/admin/user/"), ("Locked Users", "/admin/locks/"), ("User Roles", "/admin/user_role/")),
        _group("Action Logs", ("Bulk Actions", "/bulk/index/")),
        _group("Other Settings", ("Notifications", "/admin/notification/"), ("Custom Variables", "/admin/system_variable/"),
               ("Manage Encryption Key", "/admin/crypt_key/")),
    )),
    Section("partners", "Find Partners & Extensions", "/marketplace/index/", ()),
)  # fmt: skip

_SECTIONS = {section.key: section for section in MENU}


def section(key: str) -> Section | None:
    """The section whose menu is asked for; None if there is none, or nothing to open."""
    found = _SECTIONS.get(key)
    return found if found is not None and found.groups else None
