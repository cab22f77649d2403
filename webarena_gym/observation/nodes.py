"""HTML to ``list[Node]``: what a reader of the page meets, in document order, without a browser.

``extract.js`` does the same inside one; that both give equal lists on our sites is tested page by page. Scripts and style
sheets are ignored: what hides is the ``hidden`` attribute, and blocks are told from inline elements by their tag.
"""

from __future__ import annotations

from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..types import Node
from .controls import Typed, is_disabled, option_label, options
from .names import BLOCK_TAGS, UNRENDERED_TAGS, Names, interactive_role, is_hidden, states
from .whitespace import collapse

HEADINGS = {"h1": "1", "h2": "2", "h3": "3", "h4": "4", "h5": "5", "h6": "6"}
# Landmarks and live regions that stand on a line of their own; section and form only when they have a name.
LANDMARK_TAGS = {"main": "main", "nav": "navigation", "aside": "complementary", "search": "search", "dialog": "dialog"}
LANDMARK_ROLES = frozenset(
    "alert alertdialog banner complementary contentinfo dialog main navigation region search status tabpanel".split()
)
_SECTIONING = frozenset({"article", "aside", "main", "nav", "section"})
_INTERACTIVE_TAGS = frozenset({"a", "button", "input", "select", "summary", "textarea"})
_CONTROL_TAGS = _INTERACTIVE_TAGS - {"summary"}
# A link or button without these has the role of its tag, no state but "disabled", and its content or title as its name.
_SPECIAL_ATTRIBUTES = frozenset(
    "role aria-label aria-labelledby aria-expanded aria-selected aria-pressed aria-current required readonly".split()
)
# Tags that can be a landmark without a role attribute.
_MAYBE_LANDMARKS = frozenset({*LANDMARK_TAGS, "section", "form", "header", "footer"})
_DISABLED = (("disabled", ""),)


class Extraction(NamedTuple):
    """``elements[i]`` is the element that the node with id ``i + 1`` stands for."""

    nodes: tuple[Node, ...]
    elements: tuple[LexborNode, ...]


def extract(document: LexborHTMLParser, typed: Typed | None = None) -> Extraction:
    """Read a parsed document, with ``typed`` field values laid over it (see ``controls``)."""
    body = document.body
    if body is None:
        return Extraction((), ())
    walk = _Walk(body, typed or {})
    walk.children(body)
    walk.flush()
    return Extraction(tuple(walk.nodes), tuple(walk.elements))


class _Walk:
    def __init__(self, body: LexborNode, typed: Typed) -> None:
        self.nodes: list[Node] = []
        self.elements: list[LexborNode] = []
        # Asked once of the whole page: an attribute lookup on every element would be a third of all the time.
        self._hidden = {node.mem_id for node in body.css("[hidden]")}
        self._with_role = {node.mem_id for node in body.css("[role]")}
        self._disables = bool(body.css("fieldset[disabled], optgroup[disabled]"))
        self._typed, self._names = typed, Names(body, typed)
        self._text: list[str] = []
        self._line, self._cell = 0, 0
        self._used = False  # whether the current line holds a node
        self._in_row = False

    def children(self, node: LexborNode) -> None:
        text = self._text
        child = node.child
        while child is not None:
            if child.is_text_node:
                text.append(child.text_content or "")
            elif child.is_element_node:
                self.element(child)
            child = child.next

    def flush(self) -> None:
        """Emit the text read so far as one node."""
        if self._text:
            if text := collapse("".join(self._text)):
                self._emit("text", text)
            self._text.clear()

    def _emit(
        self,
        role: str,
        name: str,
        id: int | None = None,
        states: tuple[tuple[str, str], ...] = (),
        options: tuple[str, ...] = (),
    ) -> None:
        self.nodes.append(Node(role, name, self._line, self._cell, id, states, options))
        self._used = True

    def _break(self) -> None:
        """Start a new line, unless in a table row, which is one line whatever its cells hold."""
        if self._text:
            self.flush()
        if self._used and not self._in_row:
            self._line += 1
            self._used = False

    def element(self, node: LexborNode) -> None:
        tag = node.tag
        if tag in UNRENDERED_TAGS or (self._hidden and node.mem_id in self._hidden):
            return
        if (tag == "a" or tag == "button") and self._plain(node, tag):
            return
        if tag in _INTERACTIVE_TAGS and (role := interactive_role(node)) is not None:
            if tag != "input" or not is_hidden(node):
                self._interactive(node, role, tag)
            return
        if tag in BLOCK_TAGS:
            self._block(node, tag)
        elif tag == "br":
            self._break()
            if self._in_row:
                self._text.append(" ")
        elif tag == "img":
            attributes = node.attributes
            if attributes.get("role") != "presentation" and (
                name := collapse(attributes.get("alt") or attributes.get("title") or "")
            ):
                self.flush()
                self._emit("img", name)
        elif tag == "label":
            self._label(node)
        else:
            if self._with_role and node.mem_id in self._with_role:
                self._landmark(node, tag)
            self.children(node)

    def _plain(self, node: LexborNode, tag: str) -> bool:
        """Emit a link or button in the way that most are written: ``_interactive`` gives the same, in four times the time.

        False if it is of another kind: nothing was emitted.
        """
        attributes = node.attributes
        if not _SPECIAL_ATTRIBUTES.isdisjoint(attributes) or (tag == "a" and "href" not in attributes):
            return False
        child = node.child
        if child is None:
            name = ""
        elif child.next is None and child.is_text_node:
            name = collapse(child.text_content or "")
        else:
            name = collapse(self._names.content(node))
        disabled = tag == "button" and ("disabled" in attributes or (self._disables and is_disabled(node)))
        if self._text:
            self.flush()
        self.elements.append(node)
        self._emit(
            "link" if tag == "a" else "button",
            name or collapse(attributes.get("title") or ""),
            len(self.elements),
            _DISABLED if disabled else (),
        )
        return True

    def _interactive(self, node: LexborNode, role: str, tag: str) -> None:
        if tag == "summary":
            self._break()
        else:
            self.flush()
        self.elements.append(node)
        disabled = tag not in ("a", "summary") and is_disabled(node)
        self._emit(
            role,
            self._names.of(node, role),
            len(self.elements),
            states(node, role, self._typed, disabled=disabled),
            tuple(map(option_label, options(node))) if tag == "select" else (),
        )
        if tag == "summary":
            self._break()

    def _block(self, node: LexborNode, tag: str) -> None:
        if tag == "tr":
            self._row(node)
        elif tag in ("td", "th"):
            self.flush()
            self.children(node)
            self.flush()
            self._cell += 1
        elif tag in HEADINGS:
            self._heading(node, tag)
        elif tag == "pre":
            self._preformatted(node)
        elif tag == "dialog" and "open" not in node.attributes:
            return
        elif tag == "details" and "open" not in node.attributes:
            self._break()
            summary = next((child for child in node.iter() if child.tag == "summary"), None)
            if summary is not None:
                self.element(summary)
            self._break()
        else:
            self._break()
            if tag in _MAYBE_LANDMARKS or (self._with_role and node.mem_id in self._with_role):
                self._landmark(node, tag)
            self.children(node)
            self._break()
            if self._in_row:
                self._text.append(" ")

    def _row(self, node: LexborNode) -> None:
        outer = self._in_row, self._cell
        self._in_row = False
        self._break()
        self._in_row, self._cell = True, 0
        self.children(node)
        self._in_row = False
        self._break()
        self._in_row, self._cell = outer

    def _heading(self, node: LexborNode, tag: str) -> None:
        self._break()
        level = (("level", HEADINGS[tag]),)
        if not _holds_control(node):
            if name := collapse(self._names.content(node)):
                self._emit("heading", name, states=level)
        else:
            self._emit("heading", "", states=level)
            self.children(node)
        self._break()

    def _preformatted(self, node: LexborNode) -> None:
        """Every line of preformatted text is a line of the page; its white space is collapsed like all other."""
        if _holds_control(node):
            self._break()
            self.children(node)
            self._break()
            return
        for line in node.text().split("\n"):
            self._break()
            self._text.append(line)
        self._break()

    def _label(self, node: LexborNode) -> None:
        """A label is read as the name of its control, so only what else it holds is shown."""
        target = node.attributes.get("for")
        named = node.css_first("input, select, textarea") if target is None else self._names.by_id(target)
        if (
            named is None
            or is_hidden(named)
            or named.attributes.get("aria-label")
            or named.attributes.get("aria-labelledby")
        ):
            self.children(node)
            return
        for control in node.css("a, button, input, select, textarea"):
            self.element(control)

    def _landmark(self, node: LexborNode, tag: str) -> None:
        attributes = node.attributes
        role = (attributes.get("role") or "").strip()
        if role not in LANDMARK_ROLES:
            role = "" if role else LANDMARK_TAGS.get(tag, "")
        name = collapse(attributes.get("aria-label") or "") if role or tag in ("section", "form") else ""
        if not role and name:
            role = "region" if tag == "section" else "form"
        if not role and tag in ("header", "footer") and not _inside_sectioning(node):
            role = "banner" if tag == "header" else "contentinfo"
        if role:
            self._break()
            self._emit(role, name)
            self._break()


def _holds_control(node: LexborNode) -> bool:
    """Whether an element to act on is below; a search by selector costs as much as reading a short heading ten times."""
    child = node.child
    while child is not None:
        if child.is_element_node and (child.tag in _CONTROL_TAGS or _holds_control(child)):
            return True
        child = child.next
    return False


def _inside_sectioning(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in _SECTIONING:
            return True
        parent = parent.parent
    return False
