"""Parsed pages that no tab shows any more, kept for the next tab of this process that comes to the same HTML.

Policies see the same pages all the time: the first page after every reset, the list that they go back to. A page is either
kept here or shown by one tab, never both, so a tab may do with its tree what it likes, and does not give back what it changed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from selectolax.lexbor import LexborHTMLParser

from ..observation.nodes import Extraction, extract

MAX_KEPT_BYTES = 128_000_000
# What a page takes, measured; tree, nodes and text grow with the HTML.
_BYTES_OF_PAGE, _BYTES_OF_CHAR = 300_000, 20
# A document holds on to lexbor's parser, 750 kB whatever its length. A copy of the tree does without, and costs half as long
# again as parsing: not for long pages, whose trees are larger than that.
_MOST_COPIED_CHARS = 60_000

_lock = threading.Lock()
_kept: OrderedDict[str, ParsedPage] = OrderedDict()
_kept_bytes = 0


class ParsedPage:
    """A tree as it was parsed, and its nodes once they were asked for."""

    __slots__ = ("_extraction", "html", "tree")

    def __init__(self, html: str, encoded: bytes = b"") -> None:
        self.html, self.tree = html, _tree(html, encoded)
        self._extraction: Extraction | None = None

    def read(self) -> Extraction:
        """The nodes without anything typed."""
        if self._extraction is None:
            self._extraction = extract(self.tree)
        return self._extraction


def _tree(html: str, encoded: bytes) -> LexborHTMLParser:
    tree = LexborHTMLParser(encoded or html)
    # What is in a template is not part of the tree, and would not be copied.
    return tree if len(html) > _MOST_COPIED_CHARS or "<template" in html.lower() else tree.clone()


def take_parsed(html: str, encoded: bytes = b"") -> ParsedPage:
    """The page for the caller alone: one that was kept, else parsed now.

    ``encoded`` is the same in UTF-8, if the caller has it: the parser would have to encode a long page again.
    """
    global _kept_bytes
    with _lock:
        page = _kept.pop(html, None)
        if page is not None:
            _kept_bytes -= _bytes_of(html)
    return ParsedPage(html, encoded) if page is None else page


def give_back(page: ParsedPage) -> None:
    """Keep a page whose tree is as it was parsed; the caller forgets it. The ones kept for longest make room."""
    global _kept_bytes
    with _lock:
        if page.html in _kept or _bytes_of(page.html) > MAX_KEPT_BYTES:
            return
        _kept[page.html] = page
        _kept_bytes += _bytes_of(page.html)
        while _kept_bytes > MAX_KEPT_BYTES:
            html, _ = _kept.popitem(last=False)
            _kept_bytes -= _bytes_of(html)


def forget_parsed() -> None:
    """Keep nothing: benchmarks measure pages as a process meets them for the first time."""
    global _kept_bytes
    with _lock:
        _kept.clear()
        _kept_bytes = 0


def _bytes_of(html: str) -> int:
    return _BYTES_OF_PAGE + _BYTES_OF_CHAR * len(html)
