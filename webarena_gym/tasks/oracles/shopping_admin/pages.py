"""The admin's pages as its oracles read and walk them: the menu, the two kinds of grid, forms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..screen import Element, Finding, OracleError, Screen, Steps, cells, click, elements_of, first

MOST_ROWS = "200"  # a page of a grid
_DATE = re.compile(r"[A-Z][a-z]{2} \d{1,2}, \d{4}")
_ARROWS = "↑↓ "
_PICTURE, _TICKS = "Thumbnail", "Options"  # heads of columns without text


class Row(NamedTuple):
    """A row of a grid on the page of address ``page``: its cells by the names in the head, and what can be clicked in it."""

    cells: Mapping[str, str]
    controls: tuple[Element, ...]
    page: str

    def cell(self, head: str) -> str:
        """Empty where the row has none: pages leave out empty cells, so what stands to the right of one is not certain."""
        return self.cells.get(head, "")


def go(screen: Screen, section: str, entry: str) -> Steps:
    """Open a section of the menu and follow one of its links."""
    yield from screen.follow("link", section)
    yield from screen.follow("link", entry)


def look_for(screen: Screen, entry: str) -> Steps:
    """Open one section of the menu after the other, up to one with a link of this name, and follow it.

    Raises:
        OracleError: no section has it.
    """
    sections = [e for e in screen.elements if e.role == "link" and e.line < screen.lines.index("banner:")]
    for section in [e.name for e in sections if e.name]:
        if screen.all("link", f"^{entry}$"):
            break
        yield from screen.follow("link", section)
    yield from screen.follow("link", entry)


# --- grids ---


def read_rows(screen: Screen, *heads: str) -> Finding[list[Row]]:
    """The rows of the table on this page whose head has these names.

    Raises:
        OracleError: there is no such table.
    """
    lines = yield from screen.read_all()
    names: list[str] = []
    rows = []
    for line in lines:
        controls = elements_of([line])
        if " |" not in line:
            if names:
                break
        elif not names:
            parts = _texts(line)
            names = [part for part in parts if part != _PICTURE] if set(heads) <= set(parts) else []
        elif not any(e.role in ("textbox", "combobox") for e in controls):  # what filters an older grid is a row of it
            rows.append(Row(dict(zip(names, _texts(line), strict=False)), tuple(controls), screen.url))
    if not names:
        raise OracleError(f"no table with {heads} on {screen.url}")
    return rows


def _texts(line: str) -> list[str]:
    """The cells of a table's line but those that are a box to tick: their texts, or the names of what can be clicked."""
    texts = []
    for cell in cells(line):
        found = elements_of([cell])
        if not found:
            texts.append(cell)
        elif found[0].role != "checkbox" and found[0].name != _TICKS:
            texts.append(" ".join(e.name for e in found).lstrip(_ARROWS))
    return texts


def all_rows(screen: Screen, *heads: str) -> Finding[list[Row]]:
    """The rows of all pages of the grid that shows."""
    rows = yield from read_rows(screen, *heads)
    while not first(screen.all("button", "^next page$"), "pager").is_("disabled"):
        yield from screen.follow("button", "Next Page" if screen.has("button", "Next Page") else "Next page")
        rows += yield from read_rows(screen, *heads)
    return rows


def search(screen: Screen, keyword: str) -> Steps:
    """Look for a keyword in a grid of the newer kind."""
    yield screen.fill("textbox", "Search by keyword", keyword, enter=True)


def narrow(screen: Screen, wanted: Mapping[str, str]) -> Steps:
    """Filter a grid of the newer kind: a label of a field -> what to type or choose."""
    yield from screen.follow("button", "Filters")
    yield from screen.seek("button", "Apply Filters")
    for label, value in wanted.items():
        field = first((e for e in screen.elements if e.name == label and e.role in ("textbox", "combobox")), label)
        yield screen.select(label, value) if field.role == "combobox" else screen.fill("textbox", label, value)
    yield from screen.follow("button", "Apply Filters")


def narrow_older(screen: Screen, label: str, value: str) -> Steps:
    """Filter a grid of the older kind by the field below a head."""
    yield screen.fill("textbox", f"Filter by {label}", value)
    yield from screen.follow("button", "Search")


def sort_down(screen: Screen, head: str) -> Steps:
    """Sort a grid, of either kind, by a column, greatest first."""
    while True:
        title = first((e for e in screen.elements if e.name.lstrip(_ARROWS) == head), f"column {head}")
        if title.name.startswith("↓"):
            return
        yield click(title)


def show_column(screen: Screen, head: str) -> Steps:
    """Let a grid of the newer kind show a column that it leaves out."""
    yield from screen.follow("button", "Columns")
    box = yield from screen.seek("checkbox", head)
    yield f"check({box.id})"
    yield from screen.follow("button", "Apply")


def show_most(screen: Screen) -> Steps:
    """Let a grid of the newer kind show as many rows a page as it can."""
    yield screen.fill("textbox", "per page", MOST_ROWS, enter=True)


def count(screen: Screen) -> int:
    """How many records the grid that shows has in all."""
    return int(screen.find(r"([\d,]+) records found")[1].replace(",", ""))


def open_row(screen: Screen, row: Row, name: str) -> Steps:
    """Click what has this name in a row, going back to its grid first where another page shows."""
    yield from screen.return_to(row.page)
    yield click(first((e for e in row.controls if e.name == name), name))


def pick(rows: list[Row], holds: Callable[[Row], bool], wanted: str) -> Row:
    """The first row for which ``holds``.

    Raises:
        OracleError: there is none; says that ``wanted`` is missing.
    """
    return first((row for row in rows if holds(row)), wanted)


def date_of(text: str) -> dt.date:
    """
    >>> date_of("May 31, 2023 2:55:09 AM")
    datetime.date(2023, 5, 31)
    """
    match = _DATE.search(text)
    if match is None:
        raise OracleError(f"no date in {text!r}")
    return dt.datetime.strptime(match[0], "%b %d, %Y").date()


def us_date(day: dt.date) -> str:
    """As the admin's forms take it.

    >>> us_date(dt.date(2023, 2, 1))
    '2/1/2023'
    """
    return f"{day.month}/{day.day}/{day.year}"


def check(screen: Screen, name: str, on: bool) -> Steps:
    """Tick a box, or take the tick away, where that is not so yet."""
    box = yield from screen.seek("checkbox", name)
    if box.is_("checked") != on:
        yield f"{'check' if on else 'uncheck'}({box.id})"


def fill(screen: Screen, name: str, text: str) -> Steps:
    """Replace what a field holds; the field may be further down."""
    yield from screen.seek("textbox", name)
    yield screen.fill("textbox", name, text)


def choose(screen: Screen, name: str, option: str) -> Steps:
    yield from screen.seek("combobox", name)
    yield screen.select(name, option)
