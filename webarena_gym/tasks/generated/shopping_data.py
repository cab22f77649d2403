"""What errands in the shop are about: products, categories and orders of the seed data that no official task speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..oracles.screen import Screen
from ..schema import MilestoneSpec, Progress
from .family import Family, Parameters, StoreOf

CUSTOMER = 27  # Emma, who is signed in
TODAY = "2023-06-12"  # the shop's clock; every order of the seed data is older
COUPONS = ("HELLO10", "PANTRY15")

_MAX_NAME_CHARS = 120  # of products named in an intent
_PRODUCT = f"FROM product WHERE fact IS NULL AND has_options = 0 AND length(name) <= {_MAX_NAME_CHARS} AND name NOT LIKE '%\"%'"
_OFFICIAL_CATEGORIES = (
    "clothing-shoes-jewelry/men/shoes",
    "clothing-shoes-jewelry/sport-specific-clothing/competitive-swimwear",
    "grocery-gourmet-food/meat-substitutes",
    "home-kitchen/furniture/living-room-furniture",
)
_OFFICIAL_ORDERS = (148, 161, 170, 180, 187, 188, 189)  # named, or the newest of their state, which is asked for


def connection(store: StoreOf) -> Any:
    return store("shopping").connection


def rows(progress: Progress, sql: str, *values: int | str) -> list[tuple[Any, ...]]:
    """What the shop's tables hold now."""
    return [tuple(row) for row in connection(progress.store).execute(sql, values)]


# --- parameters ---


def product_count(store: StoreOf) -> int:
    (count,) = connection(store).execute(f"SELECT count(*) {_PRODUCT}").fetchone()
    return count


def product(store: StoreOf, index: int) -> dict[str, Any]:
    """The ``index``-th product that is sold without options."""
    row = connection(store).execute(
        f"SELECT id, sku, name, url_key, price_cents, review_count {_PRODUCT} ORDER BY id LIMIT 1 OFFSET ?", (index,)
    ).fetchone()  # fmt: skip
    return {
        "id": row["id"],
        "sku": row["sku"],
        "name": row["name"],
        "url": f"/{row['url_key']}.html",
        "price": f"{row['price_cents'] / 100:.2f}",
        "reviews": row["review_count"],
    }


def several(store: StoreOf, index: int) -> dict[str, Any]:
    """A product with how many of it are wanted, two or more."""
    return {**product(store, index), "qty": 2 + index * 7 % 8}


def pair(store: StoreOf, index: int) -> dict[str, Any]:
    """Two products, and what an order of them may need: how many of each, and a coupon."""
    count = product_count(store)
    first, second = product(store, index), product(store, (index + 1 + index * 31 % (count - 1)) % count)
    return {
        **{name: first[key] for name, key in (("first", "name"), ("first_id", "id"), ("first_url", "url"))},
        **{name: second[key] for name, key in (("second", "name"), ("second_id", "id"), ("second_url", "url"))},
        "amount": 2 + index * 3 % 4,
        "qty": 2 + index * 7 % 8,
        "coupon": COUPONS[index % len(COUPONS)],
    }


def unknown_product(store: StoreOf, index: int) -> dict[str, Any]:
    """The name of a product that is not sold: one product's, beginning with the first word of another's."""
    count = product_count(store)
    rest = product(store, index)["name"].split(" ", 1)[1]
    for step in range(count):
        brand = product(store, (index * 17 + step) % count)["name"].split(" ", 1)[0]
        name = f"{brand} {rest}"
        taken = connection(store).execute("SELECT 1 FROM product WHERE name = ? COLLATE NOCASE", (name,)).fetchone()
        if taken is None:
            return {"name": name}
    raise AssertionError(f"every first word goes with {rest!r}")


def _categories(store: StoreOf) -> list[Any]:
    marks = ", ".join("?" * len(_OFFICIAL_CATEGORIES))
    return (
        connection(store)
        .execute(
            f"SELECT id, path FROM category WHERE level > 1 AND path NOT IN ({marks}) ORDER BY id", _OFFICIAL_CATEGORIES
        )
        .fetchall()
    )


def category_count(store: StoreOf) -> int:
    return len(_categories(store))


def category(store: StoreOf, index: int) -> dict[str, Any]:
    """A category below a department. ``trail`` names the way there, each step in quotes; ``paths`` are the pages on it."""
    found = _categories(store)[index]
    parts = found["path"].split("/")
    paths = ["/".join(parts[: i + 1]) for i in range(len(parts))]
    names = {
        row["path"]: row["name"]
        for row in connection(store).execute(
            f"SELECT path, name FROM category WHERE path IN ({', '.join('?' * len(paths))})", paths
        )
    }
    trail = " > ".join(f'"{names[path]}"' for path in paths)
    return {
        "id": found["id"],
        "trail": trail,
        "name": names[paths[-1]],
        "paths": tuple(f"/{path}.html" for path in paths),
    }


def _orders(store: StoreOf) -> list[Any]:
    marks = ", ".join("?" * len(_OFFICIAL_ORDERS))
    return (
        connection(store)
        .execute(
            "SELECT id, status, created_at, total_cents FROM sales_order WHERE customer_id = ? AND created_at < ? "
            f"AND id NOT IN ({marks}) ORDER BY id",
            (CUSTOMER, TODAY, *_OFFICIAL_ORDERS),
        )
        .fetchall()
    )


ORDER_FACTS = ("total", "status", "date")


def order_count(store: StoreOf) -> int:
    return len(_orders(store)) * len(ORDER_FACTS)


def order(store: StoreOf, index: int) -> dict[str, Any]:
    """An order of the customer and one of its facts, with the spellings in which that may be answered."""
    found = _orders(store)[index // len(ORDER_FACTS)]
    fact = ORDER_FACTS[index % len(ORDER_FACTS)]
    year, month, day = found["created_at"][:10].split("-")
    dates = (f"{int(month)}/{int(day)}/{year[2:]}", f"{int(month)}/{int(day)}/{year}", f"{year}-{month}-{day}")
    total = f"{found['total_cents'] / 100:.2f}"
    answers = {"total": (total, f"{found['total_cents'] / 100:,.2f}"), "status": (found["status"],), "date": dates}
    return {"number": f"{found['id']:09d}", "fact": fact, "answers": answers[fact]}


# --- predicates ---


def path_of(progress: Progress) -> str:
    return urlsplit(progress.url).path


def path_is(path: str) -> Callable[[Progress], bool]:
    return lambda progress: path_of(progress) == path


def query_of(progress: Progress) -> dict[str, str]:
    """The last value of each parameter of the page's address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(progress.url).query).items()}


def searched(progress: Progress) -> bool:
    return path_of(progress).startswith("/catalogsearch/result")


def says_not_available(progress: Progress) -> bool:
    """The answer is N/A or says that there is no such thing, and nothing else."""
    said = re.sub(r"[^a-z ]", "", (progress.answer or "").lower()).strip()
    return said in ("na", "not available", "not sold here", "no such order", "none")


def numbers(text: str) -> list[str]:
    """The numbers of a text to two decimals.

    >>> numbers("$1,004.5 for 2")
    ['1004.50', '2.00']
    """
    return [f"{float(number):.2f}" for number in re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))]


def holds(name: str, reached: Callable[[Progress], bool]) -> MilestoneSpec:
    """A milestone of the shop's state, which only a write can change."""
    return MilestoneSpec(name, reached, reads_state=True)


# --- oracles ---


def quoted(screen: Screen) -> list[str]:
    """What stands in quotes in the intent."""
    return re.findall(r'"([^"]+)"', screen.intent)


def unquoted(screen: Screen) -> str:
    """The intent without what stands in quotes."""
    return re.sub(r'"[^"]*"', '""', screen.intent)


def shop_family(
    name: str,
    wordings: Sequence[str],
    *,
    count: Callable[[StoreOf], int],
    parameters: Callable[[StoreOf, int], Parameters],
    **parts: Any,
) -> Family:
    """A family of the shop alone."""
    return Family(name=name, sites=("shopping",), wordings=tuple(wordings), count=count, parameters=parameters, **parts)
