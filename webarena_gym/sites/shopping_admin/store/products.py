"""Goods: products, the variants of configurable ones, and changing them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ...magento import slug
from .refused import Refused

ENABLED, DISABLED = 1, 2
STATUSES = {ENABLED: "Enabled", DISABLED: "Disabled"}
VISIBILITIES = {1: "Not Visible Individually", 2: "Catalog", 3: "Search", 4: "Catalog, Search"}
TYPES = {
    "simple": "Simple Product", "virtual": "Virtual Product", "bundle": "Bundle Product", "downloadable": "Downloadable Product",
    "configurable": "Configurable Product", "grouped": "Grouped Product",
}  # fmt: skip
TAX_CLASSES = {0: "None", 2: "Taxable Goods"}
COLOR, SIZE = 93, 144  # attribute ids
LOW_STOCK = 5  # pieces up to which the report lists a product
FLAGS = ("new", "sale", "eco_collection", "performance_fabric", "erin_recommends")


class Product(NamedTuple):
    """A product. ``color`` and ``size`` are option ids; ``attributes`` hold the rest by attribute code, as text."""

    id: int
    sku: str
    name: str
    type: str
    attribute_set_id: int
    status: int
    visibility: int
    price_cents: int
    special_price_cents: int | None
    cost_cents: int | None
    weight: float | None
    tax_class_id: int
    url_key: str
    short_description: str
    description: str
    meta_title: str
    meta_keyword: str
    meta_description: str
    qty: int
    in_stock: int
    parent_id: int | None
    color: int | None
    size: int | None
    new: int
    sale: int
    eco_collection: int
    performance_fabric: int
    erin_recommends: int
    news_from: str
    news_to: str
    country_of_manufacture: str
    attributes: dict[str, str]
    created_at: str
    updated_at: str

    @property
    def url(self) -> str:
        """The storefront page's path."""
        return f"/{self.url_key}.html"

    @property
    def enabled(self) -> bool:
        return self.status == ENABLED

    @property
    def final_price_cents(self) -> int:
        return self.price_cents if self.special_price_cents is None else min(self.price_cents, self.special_price_cents)


class Option(NamedTuple):
    id: int
    attribute_id: int
    label: str


class Attribute(NamedTuple):
    """``input``: text, textarea, select, multiselect, boolean, price, date, swatch_visual, swatch_text, media_image."""

    id: int
    code: str
    label: str
    input: str
    is_required: int
    is_system: int


class NewVariant(NamedTuple):
    """A variant to be made: option ids by attribute id; price None means the parent's."""

    options: Mapping[int, int]
    sku: str = ""
    name: str = ""
    price_cents: int | None = None
    qty: int = 0
    weight: float | None = None


_COLUMNS = ", ".join(Product._fields)
# What a form may set; the store checks the values' types, the form their sense.
EDITABLE = frozenset(Product._fields) - {"id", "type", "parent_id", "created_at", "updated_at"}


class Products:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def product(self, product_id: int) -> Product | None:
        return self._one("id = ?", product_id)

    def by_sku(self, sku: str) -> Product | None:
        return self._one("sku = ?", sku)

    def by_url_key(self, url_key: str) -> Product | None:
        """The product whose own page has this address: enabled and not a hidden variant."""
        return self._one(f"url_key = ? AND status = {ENABLED} AND visibility > 1", url_key)

    def many(self, product_ids: Sequence[int]) -> list[Product]:
        """In the order of the ids; ids of no product are left out."""
        marks = ",".join("?" * len(product_ids))
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM product WHERE id IN ({marks})", list(product_ids))
        found = {row["id"]: _product(row) for row in rows}
        return [found[product_id] for product_id in product_ids if product_id in found]

    def variants(self, product_id: int) -> list[Product]:
        """The variants of a configurable product, in the order they were made."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM product WHERE parent_id = ? ORDER BY id", (product_id,)
        )
        return [_product(row) for row in rows]

    def price_range(self, product_id: int) -> tuple[int, int]:
        """Lowest and highest price in cents: of the enabled variants, of the product itself where it has none."""
        low, high = self._connection.execute(
            "SELECT min(price_cents), max(price_cents) FROM product WHERE parent_id = ? AND status = ?",
            (product_id, ENABLED),
        ).fetchone()
        if low is not None:
            return low, high
        product = self.product(product_id)
        return (0, 0) if product is None else (product.final_price_cents, product.final_price_cents)

    def super_attributes(self, product_id: int) -> list[Attribute]:
        """The attributes that tell the variants apart, in the order of the variants' names."""
        rows = self._connection.execute(
            f"SELECT {_ATTRIBUTE} FROM product_super_attribute s JOIN attribute a ON a.id = s.attribute_id "
            "WHERE s.product_id = ? ORDER BY s.position",
            (product_id,),
        )
        return [Attribute(*row) for row in rows]

    def links(self, product_id: int, kind: str) -> list[Product]:
        """Related products, up-sells or cross-sells (``kind``: related, upsell, crosssell)."""
        ids = self._connection.execute(
            "SELECT linked_id FROM product_link WHERE product_id = ? AND kind = ? ORDER BY position, linked_id",
            (product_id, kind),
        ).fetchall()
        return self.many([row[0] for row in ids])

    # --- changes ---

    def save(self, product_id: int, fields: Mapping[str, Any], when: str) -> None:
        """Set the fields that are given, by column name; ``attributes`` are merged into what is there.

        Raises:
            Refused: the SKU or the name is empty, the SKU or the address belongs to another product.
            ValueError: a field that cannot be edited.
        """
        product = self.product(product_id)
        if product is None:
            raise Refused("This product doesn't exist.")
        if unknown := fields.keys() - EDITABLE:
            raise ValueError(f"no editable fields of a product: {sorted(unknown)}")
        values = dict(fields)
        self._check(product, values)
        if "attributes" in values:
            values["attributes"] = json.dumps({**product.attributes, **values["attributes"]}, ensure_ascii=False)
        assignments = ", ".join(f"{name} = ?" for name in values)
        self._connection.execute(
            f"UPDATE product SET {assignments + ', ' if values else ''}updated_at = ? WHERE id = ?",
            (*values.values(), when, product_id),
        )

    def _check(self, product: Product, values: Mapping[str, Any]) -> None:
        for name, label in (("name", "Product Name"), ("sku", "SKU")):
            if name in values and not str(values[name]).strip():
                raise Refused(f'The "{label}" attribute value is empty. Set the attribute and try again.')
        for name, message in (
            ("sku", "The value specified in the SKU field already exists."),
            ("url_key", "The value specified in the URL Key field would generate a URL that already exists."),
        ):
            if name in values and values[name] != getattr(product, name):
                hidden = "" if name == "sku" else " AND visibility > 1"
                other = self._connection.execute(
                    f"SELECT 1 FROM product WHERE {name} = ? AND id != ?{hidden}", (values[name], product.id)
                ).fetchone()
                if other is not None:
                    raise Refused(message)

    def create(self, type: str, attribute_set_id: int, fields: Mapping[str, Any], when: str) -> int:
        """A new product; returns its id. ``fields`` must hold a name, a SKU and a price in cents.

        Raises:
            Refused: as ``save``.
        """
        sku = str(fields.get("sku", "")).strip()
        if sku and self.by_sku(sku) is not None:
            raise Refused("The value specified in the SKU field already exists.")
        (next_id,) = self._connection.execute("SELECT coalesce(max(id), 0) + 1 FROM product").fetchone()
        product = _blank(next_id, sku or f"new-{next_id}", type, attribute_set_id, when)
        self._insert(product)
        try:
            self.save(next_id, {"url_key": slug(str(fields.get("name", ""))), **fields}, when)
        except Refused:
            self._connection.execute("DELETE FROM product WHERE id = ?", (next_id,))
            raise
        return next_id

    def set_status(self, product_ids: Collection[int], status: int, when: str) -> int:
        """Enable or disable; returns how many products there were."""
        marks = ",".join("?" * len(product_ids))
        return self._connection.execute(
            f"UPDATE product SET status = ?, updated_at = ? WHERE id IN ({marks})", (status, when, *product_ids)
        ).rowcount

    def delete(self, product_ids: Collection[int]) -> int:
        """Delete products; the variants of a deleted one stay, on their own. Returns how many there were."""
        marks = ",".join("?" * len(product_ids))
        ids = list(product_ids)
        self._connection.execute(f"UPDATE product SET parent_id = NULL WHERE parent_id IN ({marks})", ids)
        for table in ("product_category", "product_super_attribute", "product_link", "review", "product_view"):
            self._connection.execute(f"DELETE FROM {table} WHERE product_id IN ({marks})", ids)
        return self._connection.execute(f"DELETE FROM product WHERE id IN ({marks})", ids).rowcount

    def add_variants(self, product_id: int, variants: Sequence[NewVariant], when: str) -> list[int]:
        """Make variants of a product, which becomes configurable by their attributes; returns their ids.

        Raises:
            Refused: unknown product, attribute or option, or a SKU that exists.
        """
        parent = self.product(product_id)
        if parent is None:
            raise Refused("This product doesn't exist.")
        self._configure(product_id, [attribute for variant in variants for attribute in variant.options])
        made = []
        for variant in variants:
            labels = [
                self._option_label(attribute, option) for attribute, option in self._in_order(product_id, variant)
            ]
            suffix = "".join(f"-{label}" for label in labels)
            sku = variant.sku.strip() or parent.sku + suffix
            if self.by_sku(sku) is not None:
                raise Refused("The value specified in the SKU field already exists.")
            (next_id,) = self._connection.execute("SELECT max(id) + 1 FROM product").fetchone()
            blank = _blank(next_id, sku, "simple", parent.attribute_set_id, when)
            name = variant.name.strip() or parent.name + suffix
            self._insert(blank._replace(
                name=name, visibility=1, status=ENABLED, url_key=f"{slug(name)}-{next_id}", parent_id=product_id, qty=variant.qty,
                price_cents=self.price_range(product_id)[0] if variant.price_cents is None else variant.price_cents,
                in_stock=1, weight=parent.weight if variant.weight is None else variant.weight, tax_class_id=parent.tax_class_id,
                color=variant.options.get(COLOR), size=variant.options.get(SIZE),
            ))  # fmt: skip
            made.append(next_id)
        self._connection.execute(
            "UPDATE product SET type = 'configurable', updated_at = ? WHERE id = ?", (when, product_id)
        )
        return made

    def remove_variants(self, product_id: int, variant_ids: Collection[int]) -> None:
        """Take variants off a configurable product; they stay as products of their own."""
        marks = ",".join("?" * len(variant_ids))
        self._connection.execute(
            f"UPDATE product SET parent_id = NULL WHERE parent_id = ? AND id IN ({marks})", (product_id, *variant_ids)
        )

    def set_categories(self, product_id: int, category_ids: Collection[int]) -> None:
        """The categories a product is in; new ones get it at their end."""
        now = {row[0] for row in self._connection.execute(
            "SELECT category_id FROM product_category WHERE product_id = ?", (product_id,)
        )}  # fmt: skip
        for category_id in sorted(now - set(category_ids)):
            self._connection.execute(
                "DELETE FROM product_category WHERE product_id = ? AND category_id = ?", (product_id, category_id)
            )
        for category_id in sorted(set(category_ids) - now):
            self._connection.execute(
                "INSERT INTO product_category SELECT ?, id, (SELECT coalesce(max(position), 0) + 1 FROM product_category "
                "WHERE category_id = category.id) FROM category WHERE id = ?",
                (product_id, category_id),
            )

    def _configure(self, product_id: int, attributes: Sequence[int]) -> None:
        for attribute_id in dict.fromkeys(attributes):
            if attribute_id not in (COLOR, SIZE):
                raise Refused("Choose attributes that products of this kind are configured by: color and size.")
            self._connection.execute(
                "INSERT OR IGNORE INTO product_super_attribute SELECT ?, ?, coalesce(max(position), 0) + 1 "
                "FROM product_super_attribute WHERE product_id = ?",
                (product_id, attribute_id, product_id),
            )

    def _in_order(self, product_id: int, variant: NewVariant) -> list[tuple[int, int]]:
        order = [attribute.id for attribute in self.super_attributes(product_id)]
        return sorted(variant.options.items(), key=lambda item: order.index(item[0]))

    def _option_label(self, attribute_id: int, option_id: int) -> str:
        row = self._connection.execute(
            "SELECT label FROM attribute_option WHERE id = ? AND attribute_id = ?", (option_id, attribute_id)
        ).fetchone()
        if row is None:
            raise Refused("The attribute option no longer exists.")
        return row[0]

    def _insert(self, product: Product) -> None:
        values = [json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value for value in product]
        self._connection.execute(f"INSERT INTO product ({_COLUMNS}) VALUES ({','.join('?' * len(values))})", values)

    def _one(self, condition: str, value: str | int) -> Product | None:
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM product WHERE {condition} ORDER BY id LIMIT 1", (value,)
        ).fetchone()
        return None if row is None else _product(row)


_ATTRIBUTE = "a.id, a.code, a.label, a.input, a.is_required, a.is_system"


class Attributes:
    """Attributes of goods, the options of those that have some, and attribute sets."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def attribute(self, attribute_id: int) -> Attribute | None:
        row = self._connection.execute(
            f"SELECT {_ATTRIBUTE} FROM attribute a WHERE a.id = ?", (attribute_id,)
        ).fetchone()
        return None if row is None else Attribute(*row)

    def all(self) -> list[Attribute]:
        return [
            Attribute(*row) for row in self._connection.execute(f"SELECT {_ATTRIBUTE} FROM attribute a ORDER BY a.code")
        ]

    def options(self, attribute_id: int) -> list[Option]:
        rows = self._connection.execute(
            "SELECT id, attribute_id, label FROM attribute_option WHERE attribute_id = ? ORDER BY position, id",
            (attribute_id,),
        )
        return [Option(*row) for row in rows]

    def option(self, option_id: int | None) -> Option | None:
        row = self._connection.execute(
            "SELECT id, attribute_id, label FROM attribute_option WHERE id = ?", (option_id,)
        ).fetchone()
        return None if row is None else Option(*row)

    def add_option(self, attribute_id: int, label: str) -> int:
        """A new value; returns its id, the highest yet.

        Raises:
            Refused: the label is empty or there already.
        """
        label = label.strip()
        if not label:
            raise Refused("The value of Admin must be unique and not empty.")
        if any(option.label.lower() == label.lower() for option in self.options(attribute_id)):
            raise Refused("The value of Admin must be unique.")
        option_id = self._connection.execute(
            "INSERT INTO attribute_option (attribute_id, label, position) SELECT ?, ?, coalesce(max(position), 0) + 1 "
            "FROM attribute_option WHERE attribute_id = ?",
            (attribute_id, label, attribute_id),
        ).lastrowid
        assert option_id is not None
        return option_id

    def rename_option(self, option_id: int, label: str) -> None:
        self._connection.execute("UPDATE attribute_option SET label = ? WHERE id = ?", (label.strip(), option_id))

    def delete_option(self, option_id: int) -> None:
        self._connection.execute("DELETE FROM attribute_option WHERE id = ?", (option_id,))

    def sets(self) -> dict[int, str]:
        """Attribute sets: id -> name."""
        return dict(self._connection.execute("SELECT id, name FROM attribute_set ORDER BY id").fetchall())


def _product(row: sqlite3.Row) -> Product:
    return Product(**{name: json.loads(row[name]) if name == "attributes" else row[name] for name in Product._fields})


def _blank(product_id: int, sku: str, type: str, attribute_set_id: int, when: str) -> Product:
    return Product(
        id=product_id, sku=sku, name="", type=type, attribute_set_id=attribute_set_id, status=ENABLED, visibility=4, price_cents=0,
        special_price_cents=None, cost_cents=None, weight=None, tax_class_id=2, url_key=f"product-{product_id}", short_description="",
        description="", meta_title="", meta_keyword="", meta_description="", qty=0, in_stock=1, parent_id=None, color=None, size=None,
        new=0, sale=0, eco_collection=0, performance_fabric=0, erin_recommends=0, news_from="", news_to="", country_of_manufacture="",
        attributes={}, created_at=when, updated_at=when,
    )  # fmt: skip
