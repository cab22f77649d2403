"""Texts on a page that could answer a question: table cells, values behind labels, prices, dates, numbers, names.

Reads the observation text alone. Answers that must be computed from several values are not offered.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from webarena_gym.observed import unescape

MAX_VALUE_CHARS = 120

_ELEMENT = re.compile(
    r'\[\d+\] (?P<role>[a-z]+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?'
    r'(?: (?:[a-z]+="(?:[^"\\]|\\.)*"|(?:checked|selected|pressed|current|required|readonly|disabled)\b))*'
    r"(?: options: .*?;(?= |$))?"
)
_TYPED = re.compile(
    r"(?P<price>[$€£]\s?\d[\d,]*(?:\.\d+)?)"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<date>\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d{4}-\d\d-\d\d\b"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, \d{4}\b)"
    r"|(?P<number>(?<![\w.])\d[\d,]*(?:\.\d+)?%?(?!\w)|\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{6,}\b)"
)
_LINK = re.compile(r'\[\d+\] link "((?:[^"\\]|\\.)*)"')
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


@functools.lru_cache(maxsize=50_000)
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

    >>> lines = ["Order # | Total | Items", "000170 | $365.42 | 3", "Status: Canceled"]
    >>> [(v.text, v.label) for v in page_values(lines, lines)]
    [('000170', 'Order #'), ('$365.42', 'Total'), ('3', 'Items'), ('Canceled', 'Status')]
    """
    heads: list[str] = []
    for number, (line, text) in enumerate(zip(lines, plain, strict=True)):
        if not text:
            continue
        if " | " in text and len(cells := _split_cells(line)) > 1:
            if len(cells) == 2:  # most such tables pair names with values, and have no row of heads
                yield from _cells(cells, ["", cells[0]], text, number)
            elif heads:
                yield from _cells(cells, heads, text, number)
            else:
                heads = cells
            continue
        heads = []
        yield from _linked(line, text, number)
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


def _linked(line: str, text: str, number: int) -> Iterator[PageValue]:
    """The names of links that stand in running text, such as who wrote something, labelled by the words before them."""
    if not _ELEMENT.sub("", line).strip("# "):
        return  # links alone: a menu
    for match in _LINK.finditer(line):
        name = unescape(match[1])
        if name and len(name) <= MAX_VALUE_CHARS:
            before = plain_line(line[: match.start()]).split()[-3:]
            yield PageValue(name, "name", " ".join(before), text, number)


def _split_cells(line: str) -> list[str]:
    """The cells of a table row; a heading and a name that itself holds a bar are no rows."""
    if line.startswith("#"):
        return [line]
    bar = "\0"
    marked = _ELEMENT.sub(lambda match: unescape(match["name"] or "").replace(" | ", bar), line)
    return [cell.strip().replace(bar, " | ") for cell in marked.split(" | ")]


def _cells(cells: list[str], heads: list[str], row: str, number: int) -> Iterator[PageValue]:
    for index, cell in enumerate(cells):
        head = heads[index] if index < len(heads) else ""
        if cell and cell != head:
            yield from _typed(cell, head, row, number)


def _typed(text: str, label: str, row: str, number: int) -> Iterator[PageValue]:
    """The whole text as a value of the kind it is, and the typed values inside a longer one."""
    if len(text) > MAX_VALUE_CHARS:
        return
    inside = _typed_texts(text)
    if [found for found, _, _ in inside] != [text]:
        yield PageValue(text, "labelled", label, row, number)
    for found, kind, _ in inside:
        yield PageValue(found, kind, label, row, number)


def _inner(text: str, row: str, number: int) -> Iterator[PageValue]:
    """The typed values inside running text, labelled by the words before them."""
    for found, kind, before in _typed_texts(text):
        yield PageValue(found, kind, before, row, number)


@functools.lru_cache(maxsize=50_000)
def _typed_texts(text: str) -> tuple[tuple[str, str, str], ...]:
    """The prices, dates, numbers and emails in a text, each with its kind and the three words before it."""
    return tuple(
        (match[0], match.lastgroup or "number", " ".join(text[max(0, match.start() - 30) : match.start()].split()[-3:]))
        for match in _TYPED.finditer(text)
    )
