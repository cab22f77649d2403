"""The admin's grids, by the names their columns have in requests of the real admin."""

from __future__ import annotations

import sqlite3

from .grid import Column, Grid

_NUMBER = "printf('%09d', {})"
_ADDRESS = "(SELECT {0}.street || ',' || {0}.city || ',' || {0}.region || ',' || {0}.postcode)"
_NAME = "{0}.first_name || ' ' || {0}.last_name"
_ORDERS = (
    "sales_order o JOIN order_address b ON b.id = o.id * 2 - 1 JOIN order_address s ON s.id = o.id * 2 "
    "JOIN customer_group g ON g.id = o.group_id"
)
_OF_ORDER = "JOIN sales_order o ON o.id = {0}.order_id JOIN order_address b ON b.id = o.id * 2 - 1 JOIN order_address s ON s.id = o.id * 2 JOIN customer_group g ON g.id = o.group_id"  # fmt: skip
_REFUNDED = "(SELECT coalesce(sum(c.total_cents), 0) FROM creditmemo c WHERE c.order_id = o.id)"


def _order_columns() -> list[Column]:
    return [
        Column("increment_id", "ID", _NUMBER.format("o.id")),
        Column("store_id", "Purchase Point", "1", "none"),
        Column("created_at", "Purchase Date", "o.created_at", "date"),
        Column("billing_name", "Bill-to Name", _NAME.format("b")),
        Column("shipping_name", "Ship-to Name", _NAME.format("s")),
        Column("base_grand_total", "Grand Total (Base)", "o.total_cents", "money"),
        Column("grand_total", "Grand Total (Purchased)", "o.total_cents", "money"),
        Column("status", "Status", "o.status", "select"),
        Column("billing_address", "Billing Address", _ADDRESS.format("b")),
        Column("shipping_address", "Shipping Address", _ADDRESS.format("s")),
        Column("shipping_information", "Shipping Information", "o.shipping_method"),
        Column("customer_email", "Customer Email", "o.email"),
        Column("customer_group", "Customer Group", "o.group_id", "select"),
        Column("subtotal", "Subtotal", "o.subtotal_cents", "money"),
        Column("shipping_and_handling", "Shipping and Handling", "o.shipping_cents", "money"),
        Column("customer_name", "Customer Name", _NAME.format("o")),
        Column("payment_method", "Payment Method", "o.payment_method", "select"),
        Column("total_refunded", "Total Refunded", _REFUNDED, "money"),
        Column("customer_id", "Customer ID", "o.customer_id", "number"),
        Column("entity_id", "Entity ID", "o.id", "number"),
    ]


def _document_columns(of: str, total: list[Column]) -> list[Column]:
    return [
        Column("increment_id", "ID", _NUMBER.format(f"{of}.id")),
        Column("created_at", "Created", f"{of}.created_at", "date"),
        Column("order_increment_id", "Order #", _NUMBER.format("o.id")),
        Column("order_created_at", "Order Date", "o.created_at", "date"),
        Column("billing_name", "Bill-to Name", _NAME.format("b")),
        Column("shipping_name", "Ship-to Name", _NAME.format("s")),
        Column("customer_name", "Customer Name", _NAME.format("o")),
        Column("customer_email", "Customer Email", "o.email"),
        Column("customer_group_id", "Customer Group", "o.group_id", "select"),
        Column("billing_address", "Billing Address", _ADDRESS.format("b")),
        Column("shipping_address", "Shipping Address", _ADDRESS.format("s")),
        Column("payment_method", "Payment Method", "o.payment_method", "select"),
        Column("shipping_information", "Shipping Information", "o.shipping_method"),
        Column("order_status", "Order Status", "o.status", "select"),
        Column("order_id", "Order ID", "o.id", "number"),
        Column("entity_id", "Entity ID", f"{of}.id", "number"),
        *total,
    ]


class Grids:
    """``orders``, ``invoices`` and so on: each a ``Grid``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        document = ("increment_id", "order_increment_id", "billing_name", "shipping_name", "customer_email")
        self.orders = Grid(
            connection, _ORDERS, _order_columns(), key="o.id",
            searched=("increment_id", "billing_name", "shipping_name", "shipping_address", "billing_address", "customer_name", "customer_email"),
        )  # fmt: skip
        self.invoices = Grid(
            connection, f"invoice i {_OF_ORDER.format('i')}",
            _document_columns("i", [
                Column("state", "Status", "2", "select"),  # paid: every invoice is captured when it is made
                Column("base_grand_total", "Grand Total (Base)", "i.total_cents", "money"),
                Column("grand_total", "Grand Total (Purchased)", "i.total_cents", "money"),
                Column("subtotal", "Subtotal", "i.subtotal_cents", "money"),
                Column("shipping_and_handling", "Shipping and Handling", "i.shipping_cents", "money"),
            ]),
            key="i.id", searched=document,
        )  # fmt: skip
        self.shipments = Grid(
            connection, f"shipment h {_OF_ORDER.format('h')}",
            _document_columns("h", [Column("total_qty", "Total Quantity", "h.qty", "number")]),
            key="h.id", searched=document,
        )  # fmt: skip
        self.creditmemos = Grid(
            connection, f"creditmemo c {_OF_ORDER.format('c')}",
            _document_columns("c", [
                Column("state", "Status", "2", "select"),  # refunded
                Column("base_grand_total", "Refunded (Base)", "c.total_cents", "money"),
                Column("grand_total", "Refunded", "c.total_cents", "money"),
                Column("subtotal", "Subtotal", "c.subtotal_cents", "money"),
                Column("shipping_and_handling", "Shipping & Handling", "c.shipping_cents", "money"),
                Column("adjustment", "Adjustment", "c.adjustment_cents", "money"),
            ]),
            key="c.id", searched=document,
        )  # fmt: skip
        self.products = Grid(
            connection, "product p JOIN attribute_set a ON a.id = p.attribute_set_id",
            [
                Column("entity_id", "ID", "p.id", "number"),
                Column("name", "Name", "p.name"),
                Column("type_id", "Type", "p.type", "select"),
                Column("attribute_set_id", "Attribute Set", "p.attribute_set_id", "select"),
                Column("attribute_set", "Attribute Set", "a.name", "none"),
                Column("sku", "SKU", "p.sku"),
                Column("price", "Price", "p.price_cents", "money"),
                Column("special_price", "Special Price", "p.special_price_cents", "money"),
                Column("qty", "Quantity", "p.qty", "number"),
                Column("salable_quantity", "Salable Quantity", "CASE WHEN p.in_stock THEN p.qty ELSE 0 END", "number"),
                Column("visibility", "Visibility", "p.visibility", "select"),
                Column("status", "Status", "p.status", "select"),
                Column("websites", "Websites", "1", "none"),
                Column("color", "Color", "p.color", "select"),
                Column("size", "Size", "p.size", "select"),
                Column("url_key", "URL Key", "p.url_key"),
                Column("updated_at", "Last Updated At", "p.updated_at", "date"),
            ],
            key="p.id", order="p.id", searched=("name", "sku"),
        )  # fmt: skip
        self.customers = Grid(
            connection,
            "customer c JOIN customer_group g ON g.id = c.group_id LEFT JOIN customer_address b ON b.id = c.billing_id "
            "LEFT JOIN customer_address s ON s.id = c.shipping_id",
            [
                Column("entity_id", "ID", "c.id", "number"),
                Column("name", "Name", _NAME.format("c")),
                Column("email", "Email", "c.email"),
                Column("group_id", "Group", "c.group_id", "select"),
                Column("customer_group", "Group", "g.code", "none"),
                Column("billing_telephone", "Phone", "b.telephone"),
                Column("billing_postcode", "ZIP", "b.postcode"),
                Column("billing_country_id", "Country", "b.country_id", "select"),
                Column("billing_region", "State/Province", "b.region"),
                Column("created_at", "Customer Since", "c.created_at", "date"),
                Column("website_id", "Web Site", "1", "none"),
                Column("billing_full", "Billing Address", _ADDRESS.format("b")),
                Column("shipping_full", "Shipping Address", _ADDRESS.format("s")),
                Column("dob", "Date of Birth", "c.dob", "date"),
                Column("taxvat", "Tax VAT Number", "c.taxvat"),
                Column("gender", "Gender", "c.gender", "select"),
                Column("billing_street", "Street Address", "b.street"),
                Column("billing_city", "City", "b.city"),
                Column("billing_company", "Company", "b.company"),
            ],
            key="c.id", order="c.id", searched=("name", "email", "billing_telephone", "billing_full", "shipping_full"),
        )  # fmt: skip
        self.reviews = Grid(
            connection, "review r JOIN product p ON p.id = r.product_id",
            [
                Column("review_id", "ID", "r.id", "number"),
                Column("created_at", "Created", "r.created_at", "date"),
                Column("status", "Status", "r.status", "select"),
                Column("title", "Title", "r.title"),
                Column("nickname", "Nickname", "r.nickname"),
                Column("detail", "Review", "r.detail"),
                Column("visible_in", "Visibility", "1", "none"),
                Column("type", "Type", "CASE WHEN r.customer_id IS NULL THEN 1 ELSE 2 END", "select"),
                Column("name", "Product", "p.name"),
                Column("sku", "SKU", "p.sku"),
                Column("stars", "Rating", "r.stars", "number"),
                Column("product_id", "Product ID", "r.product_id", "number"),
                Column("customer_id", "Customer ID", "r.customer_id", "number"),
            ],
            key="r.id",
        )  # fmt: skip
        self.search_terms = Grid(
            connection, "search_term t",
            [
                Column("search_query", "Search Query", "t.term"),
                Column("store_id", "Store", "1", "none"),
                Column("num_results", "Results", "t.results", "number"),
                Column("popularity", "Uses", "t.uses", "number"),
                Column("redirect", "Redirect URL", "t.redirect"),
                Column("display_in_terms", "Suggested Term", "t.is_suggested", "select"),
                Column("query_id", "ID", "t.id", "number"),
                Column("updated_at", "Updated", "t.updated_at", "date"),
            ],
            key="t.id", order="t.term",
        )  # fmt: skip
        self.cms_pages = Grid(
            connection, "cms_page m",
            [
                Column("page_id", "ID", "m.id", "number"),
                Column("title", "Title", "m.title"),
                Column("identifier", "URL Key", "m.url_key"),
                Column("page_layout", "Layout", "m.layout", "select"),
                Column("store_id", "Store View", "0", "none"),
                Column("is_active", "Status", "m.is_active", "select"),
                Column("creation_time", "Created", "m.created_at", "date"),
                Column("update_time", "Modified", "m.updated_at", "date"),
            ],
            key="m.id", order="m.id", searched=("title", "identifier"),
        )  # fmt: skip
        self.cms_blocks = Grid(
            connection, "cms_block m",
            [
                Column("block_id", "ID", "m.id", "number"),
                Column("title", "Title", "m.title"),
                Column("identifier", "Identifier", "m.identifier"),
                Column("store_id", "Store View", "0", "none"),
                Column("is_active", "Status", "m.is_active", "select"),
                Column("creation_time", "Created", "m.created_at", "date"),
                Column("update_time", "Modified", "m.updated_at", "date"),
            ],
            key="m.id", order="m.id", searched=("title", "identifier"),
        )  # fmt: skip
        self.themes = Grid(
            connection, "theme t LEFT JOIN theme u ON u.id = t.parent_id",
            [
                Column("theme_id", "ID", "t.id", "number"),
                Column("theme_title", "Theme Title", "t.title"),
                Column("parent_theme_title", "Parent Theme", "coalesce(u.title, '')"),
                Column("theme_path", "Theme Path", "t.path"),
            ],
            key="t.id", order="t.id", searched=("theme_title", "theme_path"),
        )  # fmt: skip
        self.subscribers = Grid(
            connection, "subscriber n LEFT JOIN customer c ON c.id = n.customer_id",
            [
                Column("subscriber_id", "ID", "n.id", "number"),
                Column("subscriber_email", "Email", "n.email"),
                Column("type", "Type", "CASE WHEN n.customer_id IS NULL THEN 1 ELSE 2 END", "select"),
                Column("firstname", "Customer First Name", "coalesce(c.first_name, '----')"),
                Column("lastname", "Customer Last Name", "coalesce(c.last_name, '----')"),
                Column("status", "Status", "n.status", "select"),
            ],
            key="n.id", order="n.id",
        )  # fmt: skip
        self.customer_groups = Grid(
            connection, "customer_group g",
            [
                Column("customer_group_id", "ID", "g.id", "number"),
                Column("customer_group_code", "Group", "g.code"),
                Column("tax_class", "Tax Class", "g.tax_class"),
            ],
            key="g.id", order="g.id", searched=("customer_group_code",),
        )  # fmt: skip
        self.cart_rules = Grid(
            connection, "cart_rule r",
            [
                Column("rule_id", "ID", "r.id", "number"),
                Column("name", "Rule", "r.name"),
                Column("code", "Coupon Code", "r.coupon"),
                Column("from_date", "Start", "r.from_day", "date"),
                Column("to_date", "End", "r.to_day", "date"),
                Column("is_active", "Status", "r.is_active", "select"),
                Column("rule_website", "Web Site", "1", "none"),
                Column("sort_order", "Priority", "r.priority", "number"),
            ],
            key="r.id",
        )  # fmt: skip
        self.catalog_rules = Grid(
            connection, "catalog_rule r",
            [
                Column("rule_id", "ID", "r.id", "number"),
                Column("name", "Rule", "r.name"),
                Column("from_date", "Start", "r.from_day", "date"),
                Column("to_date", "End", "r.to_day", "date"),
                Column("is_active", "Status", "r.is_active", "select"),
                Column("rule_website", "Web Site", "1", "none"),
            ],
            key="r.id", order="r.id",
        )  # fmt: skip
        self.synonyms = Grid(
            connection, "search_synonym y",
            [Column("group_id", "ID", "y.id", "number"), Column("synonyms", "Synonyms", "y.synonyms")],
            key="y.id", order="y.id", searched=("synonyms",),
        )  # fmt: skip
        self.attributes = Grid(
            connection, "attribute a",
            [
                Column("attribute_code", "Attribute Code", "a.code"),
                Column("frontend_label", "Default Label", "a.label"),
                Column("is_required", "Required", "a.is_required", "select"),
                Column("is_user_defined", "System", "1 - a.is_system", "select"),
                Column("is_visible", "Visible", "1", "select"),
                Column("is_global", "Scope", "a.is_global", "select"),
                Column("is_searchable", "Searchable", "a.is_searchable", "select"),
                Column("is_filterable", "Use in Layered Navigation", "a.is_filterable", "select"),
                Column("is_comparable", "Comparable", "a.is_comparable", "select"),
                Column("attribute_id", "ID", "a.id", "number"),
            ],
            key="a.id", order="a.code",
        )  # fmt: skip
