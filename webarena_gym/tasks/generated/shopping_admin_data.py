"""What errands in the shop's admin are about: goods, orders, customers and reviews of the seed data that no official task speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ..oracles.screen import Screen
from ..oracles.shopping_admin.pages import go, open_row, pick, read_rows, search
from ..oracles.us_states import STATES
from ..schema import MilestoneSpec, Progress
from .family import Family, Parameters, StoreOf

Reached = Callable[[Progress], bool]

PRODUCTS, ORDERS, CUSTOMERS = "/admin/catalog/product/", "/admin/sales/order/", "/admin/customer/index/"
PRODUCT_FORM = f"{PRODUCTS}edit/id/"
CARRIERS = ("DHL", "Federal Express", "United Parcel Service", "United States Postal Service")
REMARKS = (
    "The box is packed.", "The customer called about the size.", "Please wait for the second parcel.", "We put a card into the box.",
    "A neighbor takes the parcel.", "The address was checked by phone.", "Paid by check, which has arrived.", "The wrapping paper is blue.",
    "The driver comes in the afternoon.", "A gift: leave out the prices.", "The door bell is broken.", "A new zipper was sewn in.",
)  # fmt: skip

_TODAY = "2023-06-12"  # the admin's clock; everything of the seed is older
_OFFICIAL_GOODS = ("Hollister", "Ryker", "Antonia", "Aeno", "Frankie", "Cronus", "Chloe", "Circe", "Zoe", "Joust", "Olivia", "Selene", "Sprite", "Overnight", "Quest")  # fmt: skip
_OFFICIAL_ORDERS = (299, 302, 307)
_OFFICIAL_CUSTOMERS = ("Sarah Miller", "Amanda Kim", "Jane Doe", "Grace Nguyen")
_OFFICIAL_PHONE = "8015551212"
_OFFICIAL_INVOICE = 2
_FIRST_NUMBER, _NUMBERS = 30, 70  # put into article numbers to make others


def _listed(values: Sequence[object]) -> str:
    return ", ".join(repr(value) for value in values)


_OTHER_GOODS = " AND ".join(f"p.name NOT LIKE '%{name}%'" for name in _OFFICIAL_GOODS)
_PRODUCT = (
    f"FROM product p WHERE p.type = 'simple' AND p.created_at < '{_TODAY}' AND p.name NOT LIKE '%\"%' AND p.name NOT LIKE '%{{%' AND {_OTHER_GOODS} "
    "AND p.name NOT IN (SELECT name FROM product GROUP BY name HAVING count(*) > 1)"
)
_ORDER = (
    f"FROM sales_order o WHERE o.created_at < '{_TODAY}' AND o.id NOT IN ({_listed(_OFFICIAL_ORDERS)}) "
    f"AND o.first_name || ' ' || o.last_name NOT IN ({_listed(_OFFICIAL_CUSTOMERS)})"
)
# No invoice, no shipment and no refund yet.
_OPEN = f"{_ORDER} AND o.status = 'pending' AND o.refuses_comments = 0"
_CUSTOMER = (
    f"FROM customer c JOIN customer_address a ON a.id = c.billing_id WHERE c.created_at < '{_TODAY}' AND a.telephone <> '{_OFFICIAL_PHONE}' "
    f"AND c.first_name || ' ' || c.last_name NOT IN ({_listed(_OFFICIAL_CUSTOMERS)}) AND NOT EXISTS "
    "(SELECT 1 FROM customer d WHERE d.id <> c.id AND d.first_name = c.first_name AND d.last_name = c.last_name)"
)
_INVOICE = f"FROM invoice i WHERE i.created_at < '{_TODAY}' AND i.id <> {_OFFICIAL_INVOICE}"
_REVIEW = f"FROM review r JOIN product p ON p.id = r.product_id WHERE r.created_at < '{_TODAY}' AND r.status = 1 AND {_OTHER_GOODS}"


def rows(store: StoreOf, sql: str, *values: int | str) -> list[tuple[Any, ...]]:
    """What the admin's tables hold."""
    return [tuple(row) for row in store("shopping_admin").connection.execute(sql, values)]


# --- parameters ---


def _counted(source: str) -> Callable[..., Callable[[StoreOf], int]]:
    """Of a query from its FROM on: counts its rows, so many parameter sets of each."""
    return lambda times=1: lambda store: times * rows(store, f"SELECT count(*) {source}")[0][0]


product_count = _counted(_PRODUCT)
order_count = _counted(_ORDER)
open_order_count = _counted(_OPEN)
customer_count = _counted(_CUSTOMER)
invoice_count = _counted(_INVOICE)
review_count = _counted(_REVIEW)


def _nth(store: StoreOf, columns: str, source: str, order: str, index: int) -> tuple[tuple[Any, ...], int]:
    """(the row that parameter set ``index`` is about, which of that row's sets it is); rows take turns."""
    ((total,),) = rows(store, f"SELECT count(*) {source}")
    place, which = divmod(index, total)
    (row,) = rows(store, f"SELECT {columns} {source} ORDER BY {order} LIMIT 1 OFFSET ?", which)
    return row, place


def product(store: StoreOf, index: int) -> dict[str, Any]:
    """A thing that is sold in no variants: a variant itself, mostly."""
    (id, sku, name, cents, qty), _ = _nth(store, "p.id, p.sku, p.name, p.price_cents, p.qty", _PRODUCT, "p.id", index)
    return {
        "id": id, "sku": sku, "name": name, "price": f"{cents / 100:.2f}", "qty": qty, "url": f"{PRODUCT_FORM}{id}/"
    }  # fmt: skip


def unknown_sku(store: StoreOf, index: int) -> dict[str, Any]:
    """An article number that nothing has: a product's with another number in it."""
    sku = product(store, index)["sku"]
    for step in range(_NUMBERS):
        other = re.sub(r"\d+", str(_FIRST_NUMBER + (index + step) % _NUMBERS), sku, count=1)
        if not rows(store, "SELECT 1 FROM product WHERE sku LIKE ?", f"%{other}%"):
            return {"sku": other}
    raise AssertionError(f"every number goes with {sku!r}")


def _order_of(row: tuple[Any, ...]) -> dict[str, Any]:
    id, status, first, last, cents = row
    return {
        "id": id, "number": f"{id:09d}", "status": status, "buyer": f"{first} {last}", "total": f"{cents / 100:.2f}",
        "url": f"{ORDERS}view/order_id/{id}/",
    }  # fmt: skip


_ORDER_COLUMNS = "o.id, o.status, o.first_name, o.last_name, o.total_cents"


def order(store: StoreOf, index: int) -> tuple[dict[str, Any], int]:
    """An order, and which of its parameter sets this is."""
    row, place = _nth(store, _ORDER_COLUMNS, _ORDER, "o.id", index)
    return _order_of(row), place


def open_order(store: StoreOf, index: int) -> tuple[dict[str, Any], int]:
    """A pending order, likewise."""
    row, place = _nth(store, _ORDER_COLUMNS, _OPEN, "o.id", index)
    return _order_of(row), place


def customer(store: StoreOf, index: int) -> tuple[dict[str, Any], int]:
    """A customer whose name nobody else has, likewise."""
    columns = "c.id, c.first_name || ' ' || c.last_name, c.email, a.telephone, a.postcode, a.city, a.region, c.group_id"
    (id, name, email, phone, zip_code, city, region, group), place = _nth(store, columns, _CUSTOMER, "c.id", index)
    found = {
        "id": id, "customer": name, "email": email, "phone": phone, "zip": zip_code, "city": city, "region": region, "group_id": group,
        "url": f"{CUSTOMERS}edit/id/{id}/",
    }  # fmt: skip
    return found, place


def invoice(store: StoreOf, index: int) -> dict[str, Any]:
    (id, cents), _ = _nth(store, "i.id, i.total_cents", _INVOICE, "i.id", index)
    return {"id": id, "number": f"{id:09d}", "total": f"{cents / 100:.2f}"}


def review(store: StoreOf, index: int) -> tuple[dict[str, Any], int]:
    """A published review, and which of its parameter sets this is."""
    (id, title), place = _nth(store, "r.id, r.title", _REVIEW, "r.id", index)
    return {"id": id, "title": title, "url": f"/admin/review/product/edit/id/{id}/"}, place


def new_price(index: int) -> str:
    """In dollars; never a price of the seed, which are whole dollars."""
    return f"{11 + index * 7 % 80}.{15 + index * 13 % 80:02d}"


def new_quantity(index: int) -> int:
    """Never a quantity of the seed, which are round."""
    return 11 + index * 3 % 85 + index % 2 * 100


_STREETS = (
    "Alder",
    "Birch",
    "Cedar",
    "Dogwood",
    "Elm",
    "Fir",
    "Hazel",
    "Juniper",
    "Laurel",
    "Maple",
    "Walnut",
    "Willow",
)
_KINDS = ("Street", "Road", "Lane", "Court", "Terrace")
# City, state, and the first three digits of its postal codes.
_CITIES = (
    ("Austin", "TX", "787"), ("Denver", "CO", "802"), ("Portland", "OR", "972"), ("Madison", "WI", "537"), ("Tucson", "AZ", "857"),
    ("Raleigh", "NC", "276"), ("Boise", "ID", "837"), ("Omaha", "NE", "681"), ("Albany", "NY", "122"), ("Fresno", "CA", "937"),
    ("Tampa", "FL", "336"), ("Dayton", "OH", "454"),
)  # fmt: skip


def new_address(index: int) -> dict[str, Any]:
    city, state, digits = _CITIES[index % len(_CITIES)]
    street = f"{11 + index * 13 % 980} {_STREETS[index // 7 % len(_STREETS)]} {_KINDS[index // 3 % len(_KINDS)]}"
    return {"street": street, "city": city, "state": STATES[state], "postcode": f"{digits}{index % 90 + 10}"}


# --- predicates ---


def path_of(progress: Progress) -> str:
    return f"{urlsplit(progress.url).path.rstrip('/')}/"


def path_is(path: str) -> Reached:
    return lambda progress: path_of(progress) == path


def path_begins(path: str) -> Reached:
    return lambda progress: path_of(progress).startswith(path)


def numbers(text: str | None) -> list[str]:
    """The numbers of an answer to two decimals.

    >>> numbers("$1,004.5 for 2")
    ['1004.50', '2.00']
    """
    return [f"{float(number):.2f}" for number in re.findall(r"\d+(?:\.\d+)?", (text or "").replace(",", ""))]


def answers(name: str) -> Callable[[Parameters], Reached]:
    """The answer is this parameter, in any case."""
    return lambda parameters: (
        lambda progress: (progress.answer or "").strip(" .").casefold() == str(parameters[name]).casefold()
    )


def answers_number(name: str) -> Callable[[Parameters], Reached]:
    """The answer names this number and no other."""
    return lambda parameters: lambda progress: numbers(progress.answer) == [f"{float(parameters[name]):.2f}"]


def says_not_available(progress: Progress) -> bool:
    """The answer is N/A or says that there is no such thing, and nothing else."""
    said = re.sub(r"[^a-z ]", "", (progress.answer or "").lower()).strip()
    return said in ("na", "not available", "no such order", "no such product", "none")


def wrote(progress: Progress, table: str, wanted: Mapping[int, Mapping[str, Any]], *beside: str) -> bool:
    """The rows of the table with these ids were updated, hold these values and had nothing else changed.

    ``updated_at`` may differ; tables named in ``beside`` may have any changes, no other table has.
    """
    changed = [change for change in progress.outcome().changes() if change.table not in beside]
    found = {change.after.get("id"): change for change in changed}
    return (
        len(changed) == len(found)
        and found.keys() == wanted.keys()
        and all((change.table, change.kind) == (table, "updated") for change in changed)
        and all(
            found[id].columns <= {*values, "updated_at"} and all(found[id].after[key] == value for key, value in values.items())
            for id, values in wanted.items()
        )
    )  # fmt: skip


def stored(table: str, id: int, **values: Any) -> Reached:
    """The row of the table has these values."""
    sql = f"SELECT {', '.join(values)} FROM {table} WHERE id = ?"
    return lambda progress: rows(progress.store, sql, id) == [tuple(values.values())]


def holds(name: str, reached: Reached) -> MilestoneSpec:
    """A milestone of the site's state, which only a write can change."""
    return MilestoneSpec(name, reached, reads_state=True)


# --- oracles ---


def quoted(screen: Screen) -> list[str]:
    """What stands in quotes in the intent."""
    return re.findall(r'"([^"]+)"', screen.intent)


def unquoted(screen: Screen) -> str:
    """The intent without what stands in quotes."""
    return re.sub(r'"[^"]*"', '""', screen.intent)


def find_product(screen: Screen, head: str, value: str) -> Iterator[str]:
    """Open the form of the product that has this value below a head of the grid."""
    yield from go(screen, "Catalog", "Products")
    yield from search(screen, value)
    found = yield from read_rows(screen, "Name", "SKU")
    yield from open_row(screen, pick(found, lambda row: row.cell(head) == value, value), "Edit")


def find_customer(screen: Screen, name: str) -> Iterator[str]:
    """Open a customer's page."""
    yield from go(screen, "Customers", "All Customers")
    yield from search(screen, name)
    found = yield from read_rows(screen, "Name", "Email")
    yield from open_row(screen, pick(found, lambda row: row.cell("Name") == name, name), "Edit")


def errand(
    name: str, wordings: Sequence[str], count: Callable[[StoreOf], int], parameters: Any, success: Any, milestones: Any, oracle: Any, length: int, **rest: Any
) -> Family:  # fmt: skip
    """A family of the admin alone, its parts in this order."""
    return Family(
        name=name, sites=("shopping_admin",), wordings=tuple(wordings), count=count, parameters=parameters, success=success, milestones=milestones,
        oracle=oracle, length=length, **rest,
    )  # fmt: skip
