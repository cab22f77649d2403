"""Goods: attributes and their options, categories, and the products of ``catalogue.json`` with every variant."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from ...magento import cents, slug
from ..store.categories import ROOT_ID
from ..store.products import COLOR, FLAGS, SIZE, Product

FIRST_VARIANT_ID = 47
_PANTS = ("MP", "WP")  # by SKU: what a catalog price rule makes cheaper
_COLORS_OF_A_FAMILY = 3
# id, code, label, input, required, system, scope (1 global, 0 store view), searchable, comparable, filterable
_ATTRIBUTES = (
    (73, "name", "Product Name", "text", 1, 1, 0, 1, 0, 0), (74, "sku", "SKU", "text", 1, 1, 1, 1, 1, 0),
    (75, "description", "Description", "textarea", 0, 1, 0, 1, 1, 0), (76, "short_description", "Short Description", "textarea", 0, 1, 0, 1, 1, 0),
    (77, "price", "Price", "price", 1, 1, 1, 1, 0, 1), (78, "special_price", "Special Price", "price", 0, 1, 1, 0, 0, 0),
    (81, "cost", "Cost", "price", 0, 1, 1, 0, 0, 0), (82, "weight", "Weight", "weight", 0, 1, 1, 0, 0, 0),
    (83, "manufacturer", "Manufacturer", "select", 0, 1, 1, 1, 1, 1), (84, "meta_title", "Meta Title", "text", 0, 1, 0, 0, 0, 0),
    (COLOR, "color", "Color", "swatch_visual", 0, 0, 1, 1, 1, 1), (97, "status", "Enable Product", "boolean", 0, 1, 0, 1, 0, 0),
    (99, "visibility", "Visibility", "select", 0, 1, 0, 0, 0, 0), (114, "country_of_manufacture", "Country of Manufacture", "select", 0, 1, 1, 0, 0, 0),
    (135, "activity", "Activity", "multiselect", 0, 0, 1, 1, 0, 1), (136, "style_bags", "Style Bags", "multiselect", 0, 0, 1, 0, 0, 1),
    (137, "material", "Material", "multiselect", 0, 0, 1, 1, 0, 1), (141, "gender", "Gender", "multiselect", 0, 0, 1, 0, 0, 1),
    (SIZE, "size", "Size", "swatch_text", 0, 0, 1, 1, 1, 1), (145, "eco_collection", "Eco Collection", "boolean", 0, 0, 1, 0, 0, 1),
    (146, "performance_fabric", "Performance Fabric", "boolean", 0, 0, 1, 0, 0, 1), (147, "erin_recommends", "Erin Recommends", "boolean", 0, 0, 1, 0, 0, 1),
    (148, "new", "New", "boolean", 0, 0, 1, 0, 0, 1), (149, "sale", "Sale", "boolean", 0, 0, 1, 0, 0, 1),
    (150, "format", "Format", "multiselect", 0, 0, 1, 0, 0, 1), (151, "style_bottom", "Style Bottom", "multiselect", 0, 0, 1, 0, 0, 1),
    (152, "style_general", "Style General", "multiselect", 0, 0, 1, 0, 0, 1), (153, "sleeve", "Sleeve", "multiselect", 0, 0, 1, 0, 0, 1),
    (154, "collar", "Collar", "multiselect", 0, 0, 1, 0, 0, 1), (155, "pattern", "Pattern", "multiselect", 0, 0, 1, 0, 0, 1),
    (156, "climate", "Climate", "multiselect", 0, 0, 1, 0, 0, 1),
)  # fmt: skip
_MATERIALS = (
    "Cotton",
    "Fleece",
    "Hemp",
    "Jersey",
    "LumaTech™",
    "Microfiber",
    "Mesh",
    "Nylon",
    "Polyester",
    "Spandex",
    "Wool",
)
_CLIMATES = ("All-Weather", "Cold", "Cool", "Hot", "Indoor", "Mild", "Spring", "Warm", "Windy")
_PATTERNS = ("Color-Blocked", "Checked", "Graphic Print", "Solid", "Solid-Highlight", "Striped")


def insert_catalogue(connection: sqlite3.Connection, catalogue: Mapping[str, Any], facts: Mapping[str, Any], words: Mapping[str, Any]) -> None:  # fmt: skip
    """
    Raises:
        ValueError: the ids that the catalogue gives leave no room for the variants.
    """
    connection.executemany(
        "INSERT INTO attribute_set VALUES (?, ?)", ((i, n) for n, i in catalogue["attribute_sets"].items())
    )
    connection.executemany("INSERT INTO attribute VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _ATTRIBUTES)
    for attribute_id, labels in ((COLOR, catalogue["colors"]), (SIZE, catalogue["sizes"])):
        connection.executemany(
            "INSERT INTO attribute_option VALUES (?, ?, ?, ?)",
            ((option_id, attribute_id, label, place) for place, (label, option_id) in enumerate(labels.items(), 1)),
        )
    categories = _insert_categories(connection, catalogue["categories"])
    columns = ", ".join(Product._fields)
    marks = ", ".join("?" * len(Product._fields))
    places: dict[int, int] = {}
    for product, category in [*_simples(catalogue, facts, words), *_families(catalogue, facts, words)]:
        values = [json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value for value in product]
        connection.execute(f"INSERT INTO product ({columns}) VALUES ({marks})", values)
        if product.type == "configurable":
            connection.executemany(
                "INSERT INTO product_super_attribute VALUES (?, ?, ?)", ((product.id, SIZE, 1), (product.id, COLOR, 2))
            )
        ids = _way_up(categories, category) if product.parent_id is None else [categories[category]]
        ids += [categories[name] for name in _collections(product) if product.parent_id is None]
        for category_id in dict.fromkeys(ids):
            places[category_id] = places.get(category_id, 0) + 1
            connection.execute(
                "INSERT INTO product_category VALUES (?, ?, ?)", (product.id, category_id, places[category_id])
            )
    _link(connection)


def _insert_categories(connection: sqlite3.Connection, tree: Mapping[str, Any]) -> dict[str, int]:
    """The ids by path of names, such as "Men/Tops/Tees"."""
    connection.execute("INSERT INTO category VALUES (1, 0, 'Root Catalog', '', '', 0, 0, 1, 0, '')")
    connection.execute("INSERT INTO category VALUES (?, 1, 'Default Category', '', '', 1, 1, 1, 0, '')", (ROOT_ID,))
    ids: dict[str, int] = {}

    def insert(children: Mapping[str, Any], parent_id: int, names: str, path: str, level: int) -> None:
        for position, (name, below) in enumerate(children.items(), 1):
            category_id = ROOT_ID + len(ids) + 1
            ids[f"{names}{name}"] = category_id
            connection.execute(
                "INSERT INTO category VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, '')",
                (
                    category_id,
                    parent_id,
                    name,
                    slug(name),
                    path + slug(name),
                    level,
                    position,
                    int(name != "Collections"),
                ),
            )
            insert(below, category_id, f"{names}{name}/", f"{path}{slug(name)}/", level + 1)

    insert(tree, ROOT_ID, "", "", 2)
    return ids


def _way_up(categories: Mapping[str, int], path: str) -> list[int]:
    names = path.split("/")
    return [categories["/".join(names[:depth])] for depth in range(len(names), 0, -1)]


def _collections(product: Product) -> Iterator[str]:
    for flag, path in (
        ("new", "What's New"), ("sale", "Sale"), ("eco_collection", "Collections/Eco Friendly"),
        ("performance_fabric", "Collections/Performance Fabrics"), ("erin_recommends", "Collections/Erin Recommends"),
    ):  # fmt: skip
        if getattr(product, flag):
            yield path


def _simples(catalogue: Mapping[str, Any], facts: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[tuple[Product, str]]:  # fmt: skip
    for product_id, sku, name, price, attribute_set, category in catalogue["simples"]:
        product = _product(catalogue, facts, words, product_id, sku, name, price, attribute_set, category)
        yield product._replace(qty=_stock(facts, sku)[0], in_stock=_stock(facts, sku)[1]), category


def _families(catalogue: Mapping[str, Any], facts: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[tuple[Product, str]]:  # fmt: skip
    """Each configurable product after its variants, sizes first, then colors."""
    for family, first_id in _with_first_ids(catalogue):
        sku, name, price, attribute_set, category = family[:5]
        variants = _variants(catalogue, family)
        parent_id = first_id + len(variants)
        parent = _product(catalogue, facts, words, parent_id, sku, name, price, attribute_set, category)
        yield parent._replace(type="configurable", qty=0, name=name.strip()), category
        for number, (size, color) in enumerate(variants):
            # The names of the real store's variants keep a blank that ends a family's name.
            variant_sku, variant = f"{sku}-{size}-{color}", f"{name}-{size}-{color}"
            qty, in_stock = _stock(facts, variant_sku)
            yield parent._replace(
                id=first_id + number, sku=variant_sku, name=variant, url_key=slug(variant), visibility=1, parent_id=parent_id,
                size=catalogue["sizes"][size], color=catalogue["colors"][color], qty=qty, in_stock=in_stock,
            ), category  # fmt: skip


def _variants(catalogue: Mapping[str, Any], family: Sequence[Any]) -> list[tuple[str, str]]:
    sku, sizes, colors = family[0], family[5].split(), family[6].split()
    chosen = colors or sorted(Random(f"admin/colors/{sku}").sample(sorted(catalogue["colors"]), _COLORS_OF_A_FAMILY))
    return [(size, color) for size in sizes for color in chosen]


def _with_first_ids(catalogue: Mapping[str, Any]) -> Iterator[tuple[Sequence[Any], int]]:
    """Each family with the id of its first variant. Families without an id fill the gaps before those with one, in their
    order; what does not fit comes after all others.

    Raises:
        ValueError: the given ids leave no room for the variants.
    """
    families = catalogue["families"]
    sizes = {family[0]: len(_variants(catalogue, family)) for family in families}
    fixed = [family[7] - sizes[family[0]] for family in families if family[7]]
    next_id, late = FIRST_VARIANT_ID, []
    for family in families:
        first_id = family[7] - sizes[family[0]] if family[7] else next_id
        limit = next((start for start in fixed if start >= next_id), None)
        if family[7]:
            if first_id < next_id:
                raise ValueError(f"{family[1]} cannot have the id {family[7]}: its variants would meet those before it")
        elif limit is not None and next_id + sizes[family[0]] + 1 > limit:
            late.append(family)
            continue
        yield family, first_id
        next_id = first_id + sizes[family[0]] + 1
    for family in late:
        yield family, next_id
        next_id += sizes[family[0]] + 1


def _stock(facts: Mapping[str, Any], sku: str) -> tuple[int, int]:
    """(pieces, 1 if in stock): a hundred and in stock unless the facts say otherwise."""
    fact = facts["products"].get(sku, {})
    return fact.get("qty", 100), fact.get("in_stock", 1)


def _product(
    catalogue: Mapping[str, Any], facts: Mapping[str, Any], words: Mapping[str, Any], product_id: int, sku: str, name: str,
    price: float, attribute_set: str, category: str,
) -> Product:  # fmt: skip
    random = Random(f"admin/product/{sku}")
    text = words["descriptions"][category.rsplit("/", 1)[-1]]
    points = "".join(f"<li>{point}</li>" for point in random.sample(text["points"], 4))
    intro = random.choice(text["intro"]).format(name=name.strip())
    fact = facts["products"].get(sku, {})
    flags = {flag: fact.get(flag, int(random.random() < 0.15)) for flag in FLAGS}
    attributes = {} if category.startswith("Gear") else {
        "material": ", ".join(sorted(random.sample(_MATERIALS, 2))), "pattern": random.choice(_PATTERNS),
        "climate": ", ".join(sorted(random.sample(_CLIMATES, 3))),
    }  # fmt: skip
    price_cents = cents(fact.get("price", price))
    pants = sku.startswith(_PANTS)
    return Product(
        id=product_id, sku=sku, name=name, type="simple", attribute_set_id=catalogue["attribute_sets"][attribute_set], status=1,
        visibility=4, price_cents=price_cents,
        special_price_cents=discounted(price_cents, facts["pants_discount_percent"]) if pants else None, cost_cents=None,
        weight=None if category == "Training/Video Download" else 1.0, tax_class_id=2, url_key=slug(name), short_description="",
        description=f"<p>{intro}</p><ul>{points}</ul>", meta_title="", meta_keyword="", meta_description="", qty=100, in_stock=1,
        parent_id=None, color=None, size=None, **flags, news_from="", news_to="", country_of_manufacture="",
        attributes=attributes, created_at="2023-04-19 16:13:20", updated_at="2023-04-19 16:13:20",
    )  # fmt: skip


def discounted(price_cents: int, percent: float) -> int:
    """
    >>> discounted(4800, 20)
    3840
    """
    return price_cents - round(price_cents * percent / 100)


def _link(connection: sqlite3.Connection) -> None:
    """A few related goods and up-sells for each product with a page of its own, from the same category."""
    rows = connection.execute(
        "SELECT c.category_id, p.id FROM product p JOIN product_category c ON c.product_id = p.id JOIN category k "
        "ON k.id = c.category_id WHERE p.visibility = 4 AND k.level >= 3 ORDER BY c.category_id, p.id"
    ).fetchall()
    members: dict[int, list[int]] = {}
    for category_id, product_id in rows:
        members.setdefault(category_id, []).append(product_id)
    links = set()
    for ids in members.values():
        for place, product_id in enumerate(ids):
            around = [ids[(place + step) % len(ids)] for step in range(1, 5)]
            for kind, linked in (("related", around[:2]), ("upsell", around[2:])):
                links |= {(product_id, kind, other) for other in linked if other != product_id}
    connection.executemany("INSERT INTO product_link VALUES (?, ?, ?, 1)", sorted(links))
