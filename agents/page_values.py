"""Texts on a page that could answer a question: table cells, values behind labels, prices, dates, numbers, names.

Reads the observation text alone. Answers that must be computed from several values are not offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from webarena_gym.observed import unescape

MAX_VALUE_CHARS = 120

_ELEMENT = re.compile(
    r'\[\d+\] (?P<role>[a-z]+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?'
    r'(?: (?:[a-z]+="(?:[^"\\]|\\.)*"|(?:checked|selected|pressed|current|required|readonly|disabled)\b))*'
    r"(?: options: [^\[|]*)?"
)
_TYPED = re.compile(
    r"(?P<price>[$€£]\s?\d[\d,]*(?:\.\d+)?)"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<date>\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d{4}-\d\d-\d\d\b"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, \d{4}\b)"
    r"|(?P<number>(?<![\w.])\d[\d,]*(?:\.\d+)?%?(?!\w))"
)
_LABELLED = re.compile(r"^([^:|]{2,40}): (\S.*)$")


class PageValue(NamedTuple):
    """A text of the page, with what stands around it."""

    text: str
    kind: str
    """price, date, number, email, cell, labelled, heading or name: what it looks like."""
    label: str
    """What names it: the words before a colon, or the column's head."""
    row: str
    """The rest of its line."""
    line: int


def plain_line(line: str) -> str:
    """A line as a reader sees it: ``[3] link "Cart"`` becomes ``Cart``.

    >>> plain_line('[3] link "Cart" | $3.00')
    'Cart | $3.00'
    """
    if "[" not in line:
        return line
    return _ELEMENT.sub(lambda match: unescape(match["name"] or ""), line).strip()


def page_values(lines: Sequence[str], plain: Sequence[str]) -> Iterator[PageValue]:
    """The values of a page in document order. ``plain`` are the lines by ``plain_line``.

    >>> lines = ["## Order 17", "Order # | Total", "000170 | $365.42", "Status: Canceled"]
    >>> [(v.text, v.label) for v in page_values(lines, lines)][:5]
    [('Order 17', ''), ('17', 'Order'), ('000170', 'Order #'), ('$365.42', 'Total'), ('Canceled', 'Status')]
    """
    heads: list[str] = []
    for number, (line, text) in enumerate(zip(lines, plain, strict=True)):
        if not text:
            continue
        if " | " in text:
            cells = [cell.strip() for cell in text.split(" | ")]
            if heads:
                yield from _cells(cells, heads, text, number)
            else:
                heads = cells
                if len(cells) == 2:  # a table of names and values has no row of heads
                    yield from _cells(cells, ["", cells[0]], text, number)
            continue
        heads = []
        if line.startswith("#"):
            heading = text.lstrip("# ")
            if heading:
                yield PageValue(heading, "heading", "", "", number)
            text = heading
        elif (labelled := _LABELLED.match(text)) is not None:
            yield from _typed(labelled[2], labelled[1], text, number)
            continue
        elif line.startswith("[") and line.count("[") == 1 and " link " in line[:12] and len(text) > 3:
            yield PageValue(text[:MAX_VALUE_CHARS], "name", "", "", number)
        yield from _inner(text, text, number)


def _cells(cells: list[str], heads: list[str], row: str, number: int) -> Iterator[PageValue]:
    for index, cell in enumerate(cells):
        head = heads[index] if index < len(heads) else ""
        if cell and cell != head:
            yield from _typed(cell, head, row, number)


def _typed(text: str, label: str, row: str, number: int) -> Iterator[PageValue]:
    """The whole text as a value of the kind it is, and the typed values inside a longer one."""
    if len(text) > MAX_VALUE_CHARS:
        return
    whole = _TYPED.fullmatch(text)
    if whole is not None:
        yield PageValue(text, whole.lastgroup or "cell", label, row, number)
        return
    yield PageValue(text, "labelled", label, row, number)
    for match in _TYPED.finditer(text):
        yield PageValue(match[0], match.lastgroup or "cell", label, row, number)


def _inner(text: str, row: str, number: int) -> Iterator[PageValue]:
    """The typed values inside running text, labelled by the words before them."""
    for match in _TYPED.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()].split()[-3:]
        yield PageValue(match[0], match.lastgroup or "number", " ".join(before), row, number)
