"""``outerText`` of an element: its text as rendered, after the HTML standard's rendered text collection steps.

Blocks and tags that render without a style sheet of the page: our sites hide only by the ``hidden`` attribute and change
``display`` nowhere else. Not covered: ``text-transform`` (comparisons ignore case), CSS content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

_BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search section "
    "summary table ul".split()
)
_UNRENDERED_TAGS = frozenset(
    "area audio base canvas datalist embed frame frameset head iframe link meta meter noframes noscript object param "
    "progress rp script source style svg template title track video".split()
)
# Boxes in a line of text. Only the last two show text of their own.
_INLINE_BOXES = frozenset({"img", "input", "textarea", "button", "select"})
_TABLE_PARTS = frozenset({"tbody", "thead", "tfoot"})
_SPACES = re.compile(r"[ \t\n\r\f]+")


def outer_text(node: LexborNode) -> str:
    """The rendered text of an element; of one that is hidden, all its text.

    White space at either end of an inline element is left out, as if it stood on a line of its own.
    """
    ancestors = list(_ancestors(node))
    if any(_hides(ancestor) for ancestor in ancestors):
        return node.text()
    if any(_in_closed_details(ancestor) for ancestor in ancestors):
        return ""
    reader = _Reader()
    reader.children(node, preserve=any(ancestor.tag == "pre" for ancestor in ancestors))
    return reader.text()


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """The element itself and those around it, inside out."""
    current: LexborNode | None = node
    while current is not None and current.is_element_node:
        yield current
        current = current.parent


def _hides(node: LexborNode) -> bool:
    if node.tag in _UNRENDERED_TAGS or "hidden" in node.attributes:
        return True
    if node.tag == "input":
        return (node.attributes.get("type") or "").lower() == "hidden"
    return node.tag == "dialog" and "open" not in node.attributes


def _in_closed_details(node: LexborNode) -> bool:
    parent = node.parent
    if parent is None or parent.tag != "details" or "open" in parent.attributes:
        return False
    summary = next((child for child in parent.iter() if child.tag == "summary"), None)
    return summary is None or summary.mem_id != node.mem_id


class _Reader:
    """Collects text, and between texts the greatest number of line breaks that anything asked for."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._breaks = 0  # line breaks wanted before the next text
        self._space = False  # a collapsed space not yet written
        self._at_line_start = True

    def text(self) -> str:
        return "".join(self._parts)

    def children(self, node: LexborNode, *, preserve: bool) -> None:
        child = node.child
        while child is not None:
            if child.is_text_node:
                self._write(child.text_content or "", preserve=preserve)
            elif child.is_element_node:
                self._element(child, preserve=preserve)
            child = child.next

    def _element(self, node: LexborNode, *, preserve: bool) -> None:
        tag = node.tag or ""
        if tag == "br":
            self._flush_breaks()
            self._parts.append("\n")
            self._space, self._at_line_start = False, True
            return
        if _hides(node):
            return
        if tag == "details" and "open" not in node.attributes:
            self._closed_details(node, preserve=preserve)
            return
        if tag in _INLINE_BOXES:
            self._inline_box(node)
            return
        breaks = 2 if tag == "p" else 1 if tag in _BLOCK_TAGS else 0
        self._want_breaks(breaks)
        self.children(node, preserve=preserve or tag == "pre")
        self._want_breaks(breaks)
        if tag in ("td", "th") and _has_later_sibling(node, ("td", "th")):
            self._tab()
        elif tag == "tr" and _has_later_row(node):
            self._flush_breaks()
            self._parts.append("\n")
            self._space, self._at_line_start = False, True

    def _inline_box(self, node: LexborNode) -> None:
        if self._space:
            self._flush_breaks()
            self._parts.append(" ")
        if node.tag == "button":
            inner = _Reader()
            inner.children(node, preserve=False)
            if text := inner.text():
                self._flush_breaks()
                self._parts.append(text)
        elif node.tag == "select":
            self.children(node, preserve=False)
        self._space, self._at_line_start = False, False

    def _closed_details(self, node: LexborNode, *, preserve: bool) -> None:
        self._want_breaks(1)
        for child in node.iter():
            if child.tag == "summary":
                self._element(child, preserve=preserve)
                break
        self._want_breaks(1)

    def _tab(self) -> None:
        self._flush_breaks()
        self._parts.append("\t")
        self._space, self._at_line_start = False, True

    def _want_breaks(self, count: int) -> None:
        if count:
            self._breaks = max(self._breaks, count)
            self._space, self._at_line_start = False, True

    def _flush_breaks(self) -> None:
        if self._breaks and self._parts:
            self._parts.append("\n" * self._breaks)
        self._breaks = 0

    def _write(self, text: str, *, preserve: bool) -> None:
        if preserve:
            if text:
                self._flush_breaks()
                self._parts.append(text)
                self._space, self._at_line_start = False, text.endswith("\n")
            return
        text = _SPACES.sub(" ", text)
        if not text:
            return
        leading, words, trailing = text.startswith(" "), text.strip(" "), text.endswith(" ")
        if not words:
            self._space = self._space or not self._at_line_start
            return
        self._flush_breaks()
        if (self._space or leading) and not self._at_line_start:
            self._parts.append(" ")
        self._parts.append(words)
        self._space, self._at_line_start = trailing, False


def _has_later_sibling(node: LexborNode, tags: tuple[str, ...]) -> bool:
    sibling = node.next
    while sibling is not None:
        if sibling.is_element_node and sibling.tag in tags and not _hides(sibling):
            return True
        sibling = sibling.next
    return False


def _has_later_row(row: LexborNode) -> bool:
    if _has_later_sibling(row, ("tr",)):
        return True
    parent = row.parent
    sibling = parent.next if parent is not None and parent.tag in _TABLE_PARTS else None
    while sibling is not None:
        if sibling.is_element_node and sibling.tag in _TABLE_PARTS and sibling.css_first("tr") is not None:
            return True
        sibling = sibling.next
    return False
