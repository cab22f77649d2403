"""Tasks that change goods."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from functools import partial

from ..screen import Finding, Oracle, Screen, Steps, first, stop
from ..texts import mentions
from .pages import Row, check, choose, fill, go, narrow, open_row, pick, read_rows, show_most
from .reviews import reviews_of

FAMILY = "Configurable Product"  # whose variants are products of their own
NAME, TYPE, SKU = "Name", "Type", "SKU"
IN_STOCK, OUT_OF_STOCK = "In Stock", "Out of Stock"
# Words with which reviewers speak for a product.
_PRAISE = re.compile(
    r"\b(?:cute|colou?rful|styl\w+|regular|love\w*|great|soft|comfy|comfortable|favou?rite|perfect)\b", re.I
)


def find_products(screen: Screen, name: str, kind: str = "") -> Finding[list[Row]]:
    """The goods of a type whose names hold ``name``, up to as many as a page of the grid shows."""
    yield from go(screen, "Catalog", "Products")
    yield from narrow(screen, {NAME: name} | ({TYPE: kind} if kind else {}))
    yield from show_most(screen)
    return (yield from read_rows(screen, NAME, TYPE, SKU))


def open_product(screen: Screen, name: str, kind: str, choose_row: Callable[[list[Row]], Row]) -> Steps:
    rows = yield from find_products(screen, name, kind)
    yield from open_row(screen, choose_row(rows), "Edit")


def named(asked: str) -> Callable[[list[Row]], Row]:
    """Chooses the row whose name has every word asked for."""
    return lambda rows: pick(rows, lambda row: mentions(_spaced(row.cell(NAME)), asked), asked)


def most_alike(asked: str) -> Callable[[list[Row]], Row]:
    """Chooses the row whose name is written most alike, as people mistype names."""

    def choose_row(rows: list[Row]) -> Row:
        first(rows, asked)
        return max(rows, key=lambda row: SequenceMatcher(None, row.cell(NAME).lower(), asked.lower()).ratio())

    return choose_row


def _spaced(name: str) -> str:
    return re.sub(r"[-()]", " ", name)


def save(screen: Screen) -> Steps:
    yield from screen.follow("button", "Save")


def put_on_sale(screen: Screen, *, variant: bool = False) -> Iterator[str]:
    """101: mark a maker's goods as on sale: every family, as its variants are sold under its page."""
    maker = screen.find_in_intent(r"all (\w+)")
    rows = yield from find_products(screen, maker)
    for row in [row for row in rows if (row.cell(TYPE) == FAMILY) != variant][: 1 if variant else None]:
        yield from open_row(screen, row, "Edit")
        yield from check(screen, "Sale", True)
        yield from save(screen)
    yield stop()


def disable(screen: Screen, *, leaving_out: int = 0) -> Iterator[str]:
    """106: take a product off the site."""
    asked = screen.find_in_intent(r"Disable (.+?) from")
    wanted = " ".join(asked.split()[: len(asked.split()) - leaving_out])
    yield from open_product(
        screen, asked.split()[0], FAMILY, lambda rows: named(wanted)(rows[:: -1 if leaving_out else 1])
    )
    yield from check(screen, "Enable Product", False)
    yield from save(screen)
    yield stop()


def reduce_price(screen: Screen, *, times: int = 1) -> Iterator[str]:
    """107: make the open product cheaper."""
    amount = Decimal(screen.find_in_intent(r"by \$([\d.]+)"))
    field = yield from screen.seek("textbox", "Price")
    yield from fill(screen, "Price", str(Decimal(field.value) - times * amount))
    yield from save(screen)
    yield stop()


def quote_praise(screen: Screen, *, most: int | None = None) -> Iterator[str]:
    """108: put what reviewers say for a product into its description."""
    product = screen.find_in_intent(r"description of (.+?) to")
    reviews = yield from reviews_of(screen, product)
    sentences = [s for review in reviews for s in re.split(r"(?<=[.!?]) ", review.text) if _PRAISE.search(s)]
    yield from open_product(screen, product, FAMILY, named(product))
    yield from fill(screen, "Description", "\n".join(f'"{sentence}"' for sentence in sentences[:most]))
    yield from save(screen)
    yield stop()


def out_of_stock(screen: Screen, *, other: bool = False) -> Iterator[str]:
    """116: all of a product is gone: its family says so for every variant."""
    asked = screen.find_in_intent(r"all (.+?) as out of stock")
    rows = yield from find_products(screen, asked.split()[-1], FAMILY)
    best = most_alike(asked)(rows)
    row = first((row for row in rows if row is not best), "other product") if other else best
    yield from open_row(screen, row, "Edit")
    yield from choose(screen, "Stock Status", OUT_OF_STOCK)
    yield from save(screen)
    yield stop()


def add_color(screen: Screen, *, sizes: Sequence[str] = ()) -> Iterator[str]:
    """126: new variants of a product: a color in some sizes."""
    color, asked_sizes, product = screen.parts_of_intent(r"color (\w+) to size (.+?) of (.+)")
    wanted = list(sizes) or re.findall(r"\b[A-Z]+\b", asked_sizes)
    yield from open_product(screen, product, FAMILY, named(product))
    yield from screen.follow("button", "Edit Configurations")
    yield from screen.follow("button", "Next")
    yield from screen.read_all()
    boxes = screen.all("checkbox")
    for box in boxes:
        in_size = bool(re.fullmatch(r"X{0,3}[SML]|\d+", box.name))
        on = box.name in wanted if in_size else box.name.lower() == color.lower()
        if box.is_("checked") != on:
            yield f"{'check' if on else 'uncheck'}({box.id})"
    for button in ("Next", "Next", "Generate Products"):
        yield from screen.follow("button", button)
    yield from save(screen)
    yield stop()


def restock(screen: Screen, *, more: int = 0) -> Iterator[str]:
    """160: so many pieces of a product arrived: what there is rises, and it is in stock."""
    pieces, color, goods, size = screen.parts_of_intent(r"(\d+) (\w+) (.+?) with size (\w+)")
    yield from open_product(screen, goods.split()[0], "", named(f"{goods} {size} {color}"))
    field = yield from screen.seek("textbox", "Quantity")
    yield from fill(screen, "Quantity", str(int(field.value) + int(pieces) + more))
    yield from choose(screen, "Stock Status", IN_STOCK)
    yield from save(screen)
    yield stop()


ORACLES: dict[int, Oracle] = {
    101: put_on_sale,
    106: disable,
    107: reduce_price,
    108: quote_praise,
    116: out_of_stock,
    126: add_color,
    160: restock,
}
NEAR_MISSES: dict[int, Oracle] = {
    101: partial(put_on_sale, variant=True),
    106: partial(disable, leaving_out=2),
    107: partial(reduce_price, times=2),
    108: partial(quote_praise, most=1),
    116: partial(out_of_stock, other=True),
    126: partial(add_color, sizes=("S", "L")),
    160: partial(restock, more=1),
}
