"""HTML to ``list[Node]``: what a reader of the page meets, in document order, without a browser.

``extract.js`` does the same inside one; that both give equal lists on our sites is tested page by page. Scripts and style
sheets are ignored: what hides is the ``hidden`` attribute, and blocks are told from inline elements by their tag.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

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
# Tags that can be a landmark without a role attribute or a name.
_LANDMARK_BLOCKS = frozenset({*LANDMARK_TAGS, "header", "footer"})
_DISABLED = (("disabled", ""),)
_LEVELS = {tag: (("level", level),) for tag, level in HEADINGS.items()}
_PLAIN_BLOCKS = BLOCK_TAGS - {*HEADINGS, *_INTERACTIVE_TAGS, "tr", "td", "th", "pre", "dialog", "details"}
# The fields of a Node.
Row = tuple[str, str, int, int, int | None, tuple[tuple[str, str], ...], tuple[str, ...]]
_FIELDS = len(Node._fields)


_node = functools.partial(tuple.__new__, Node)  # Node's own constructor takes twice as long


class Nodes(Sequence[Node]):
    """The nodes of a page, kept as one list of all their fields; a ``Node`` is made when it is asked for.

    A page has thousands, most of which are only written out, and objects for all of them would be a third of a megabyte that
    every step of a policy fills anew. Equal to a tuple of the same nodes.
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: list[Any]) -> None:
        self._fields = fields

    def __len__(self) -> int:
        return len(self._fields) // _FIELDS

    def __iter__(self) -> Iterator[Node]:
        return map(_node, self.rows())

    def __getitem__(self, index: Any) -> Any:
        at = range(len(self))[index]  # raises IndexError
        if isinstance(at, range):
            return tuple(self[i] for i in at)
        return _node(self._fields[at * _FIELDS : (at + 1) * _FIELDS])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Nodes):
            return self._fields == other._fields
        return tuple(self) == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Nodes({list(self)!r})"

    def rows(self) -> Iterator[Row]:
        """The nodes' fields as plain tuples, for those who read all of them."""
        return zip(*[iter(self._fields)] * _FIELDS, strict=True)  # type: ignore[return-value]


class Extraction(NamedTuple):
    """``elements[i]`` is the element that the node with id ``i + 1`` stands for."""

    nodes: Sequence[Node]
    elements: tuple[LexborNode, ...]


def extract(document: LexborHTMLParser, typed: Typed | None = None) -> Extraction:
    """Read a parsed document, with ``typed`` field values laid over it (see ``controls``)."""
    body = document.body
    if body is None:
        return Extraction((), ())
    walk = _Walk(body, typed or {})
    walk.children(body)
    walk.flush()
    return Extraction(Nodes(walk.nodes), tuple(walk.elements))


class _Walk:
    """One pass over a page in document order.

    Written for speed, as every step of a policy reads a page: what most pages are made of (blocks, plain links and buttons,
    text) takes no more calls than it must.
    """

    def __init__(self, body: LexborNode, typed: Typed) -> None:
        self.nodes: list[Any] = []  # the fields of all nodes, one after the other
        self.elements: list[LexborNode] = []
        # Asked once of the whole page: an attribute lookup on every element would be a third of all the time.
        self._hidden: set[int] = set()
        self._landmarks: set[int] = set()
        for node in body.css("[hidden], [role], section[aria-label], form[aria-label]"):
            attributes = node.attributes
            if "hidden" in attributes:
                self._hidden.add(node.mem_id)
            if "role" in attributes or node.tag in ("section", "form"):
                self._landmarks.add(node.mem_id)
        self._disables = False  # whether a disabled group was met: controls may stand in one
        self._handlers = _handlers()
        self._typed, self._names = typed, Names(body, typed)
        self._text: list[str] = []
        self._line, self._cell = 0, 0
        self._used = False  # whether the current line holds a node
        self._in_row = False

    def children(self, node: LexborNode) -> None:
        self._siblings(node.child)

    def _siblings(self, child: LexborNode | None) -> None:
        """Read a node and all that follow it in its parent."""
        text, hidden, nodes, elements = self._text, self._hidden, self.nodes, self.elements
        (blocks, links, others), special = self._handlers, _SPECIAL_ATTRIBUTES
        while child is not None:
            content = child.text_content  # None for all but text
            if content is not None:
                if text or not content.isspace():  # white space at the start of a text never shows
                    text.append(content)
            elif not (hidden and child.mem_id in hidden):
                number = child.tag_id
                # Plain links and blocks are read here and not in a call, as most elements are one of them.
                if number in links:
                    attributes = child.attributes
                    role = links[number]
                    states: tuple[tuple[str, str], ...] = ()
                    if role == "link":
                        plain = "href" in attributes and (len(attributes) == 1 or special.isdisjoint(attributes))
                    else:
                        plain = special.isdisjoint(attributes)
                        if "disabled" in attributes or (self._disables and is_disabled(child)):
                            states = _DISABLED
                    if plain:
                        first = child.child
                        if first is None:
                            name = ""
                        else:
                            name = first.text_content
                            if name is None or first.next is not None:
                                name = self._names.content(child)
                            if not name.isalnum():  # many are one word, with nothing to collapse
                                name = collapse(name)
                        if not name and "title" in attributes:
                            name = attributes["title"] or ""
                            if not name.isalnum():
                                name = collapse(name)
                        if text:
                            self.flush()
                        elements.append(child)
                        nodes.extend((role, name, self._line, self._cell, len(elements), states, ()))
                        self._used = True
                    else:
                        self._control(child, child.tag or "")
                elif number in blocks:
                    if text:
                        self.flush()
                    if self._used and not self._in_row:
                        self._line += 1
                        self._used = False
                    if self._landmarks and child.mem_id in self._landmarks:
                        self._landmark(child, blocks[number])
                    if (first := child.child) is not None:
                        if (content := first.text_content) is not None and first.next is None:
                            if content := collapse(content):  # a paragraph of mere text, as most are
                                nodes.extend(("text", content, self._line, self._cell, None, (), ()))
                                self._used = True
                        else:
                            self._siblings(first)
                            if text:
                                self.flush()
                        if self._used and not self._in_row:
                            self._line += 1
                            self._used = False
                elif number in others:
                    handler, tag = others[number]
                    handler(self, child, tag)
                elif child.is_element_node:
                    self._inline(child, child.tag or "")
            child = child.next

    def element(self, node: LexborNode) -> None:
        if not (self._hidden and node.mem_id in self._hidden):
            tag = node.tag or ""
            _HANDLERS.get(tag, _Walk._inline)(self, node, tag)

    def flush(self) -> None:
        """Emit the text read so far as one node."""
        parts = self._text
        if parts:
            text = parts[0] if len(parts) == 1 else "".join(parts)
            parts.clear()
            if text := collapse(text):
                self.nodes.extend(("text", text, self._line, self._cell, None, (), ()))
                self._used = True

    def _emit(
        self,
        role: str,
        name: str,
        id: int | None = None,
        states: tuple[tuple[str, str], ...] = (),
        options: tuple[str, ...] = (),
    ) -> None:
        self.nodes.extend((role, name, self._line, self._cell, id, states, options))
        self._used = True

    def _break(self) -> None:
        """Start a new line, unless in a table row, which is one line whatever its cells hold."""
        if self._text:
            self.flush()
        if self._used and not self._in_row:
            self._line += 1
            self._used = False

    def _skip(self, node: LexborNode, tag: str) -> None:
        """What is never rendered."""

    def _inline(self, node: LexborNode, tag: str) -> None:
        if self._landmarks and node.mem_id in self._landmarks:
            self._landmark(node, tag)
        self._siblings(node.child)

    def _block(self, node: LexborNode, tag: str) -> None:
        """As ``_siblings`` reads a block, for those that come from elsewhere."""
        self._break()
        if node.mem_id in self._landmarks:
            self._landmark(node, tag)
        self._siblings(node.child)
        self._break()

    def _group(self, node: LexborNode, tag: str) -> None:
        """A block that can disable the controls in it."""
        self._disables = self._disables or "disabled" in node.attributes
        self._block(node, tag)

    def _landmark_block(self, node: LexborNode, tag: str) -> None:
        self._break()
        self._landmark(node, tag)
        self.children(node)
        self._break()

    def _control(self, node: LexborNode, tag: str) -> None:
        """Any element to act on; for a plain link or button ``_siblings`` gives the same, in a quarter of the time."""
        role = interactive_role(node)
        if role is None:  # a link that leads nowhere
            self._inline(node, tag)
        elif tag != "input" or not is_hidden(node):
            self._interactive(node, role, tag)

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

    def _line_break(self, node: LexborNode, tag: str) -> None:
        self._break()

    def _image(self, node: LexborNode, tag: str) -> None:
        attributes = node.attributes
        if attributes.get("role") != "presentation" and (
            name := collapse(attributes.get("alt") or attributes.get("title") or "")
        ):
            self.flush()
            self._emit("img", name)

    def _table_cell(self, node: LexborNode, tag: str) -> None:
        self.flush()
        self.children(node)
        self.flush()
        self._cell += 1

    def _dialog(self, node: LexborNode, tag: str) -> None:
        if "open" in node.attributes:
            self._landmark_block(node, tag)

    def _details(self, node: LexborNode, tag: str) -> None:
        if "open" in node.attributes:
            self._block(node, tag)
            return
        self._break()
        summary = next((child for child in node.iter() if child.tag == "summary"), None)
        if summary is not None:
            self.element(summary)
        self._break()

    def _row(self, node: LexborNode, tag: str) -> None:
        outer = self._in_row, self._cell
        self._in_row = False
        self._break()
        self._in_row, self._cell = True, 0
        self.children(node)
        self._in_row = False
        self._break()
        self._in_row, self._cell = outer

    def _heading(self, node: LexborNode, tag: str) -> None:
        if self._text:
            self.flush()
        if self._used and not self._in_row:
            self._line += 1
            self._used = False
        first = node.child
        if first is not None and (first.tag_id in self._handlers.links or _holds_control(node)):
            self.nodes.extend(("heading", "", self._line, self._cell, None, _LEVELS[tag], ()))
            self._used = True
            self._siblings(first)
        elif name := collapse(self._names.content(node)):
            self.nodes.extend(("heading", name, self._line, self._cell, None, _LEVELS[tag], ()))
            self._used = True
        self._break()

    def _preformatted(self, node: LexborNode, tag: str) -> None:
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

    def _label(self, node: LexborNode, tag: str) -> None:
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
        self._disables = True  # a group in the label is not met on the way to them
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


_Handler = Callable[[_Walk, LexborNode, str], None]
# How each element is read; any other is inline.
_HANDLERS: dict[str, _Handler] = {
    **dict.fromkeys(_PLAIN_BLOCKS, _Walk._block),
    **dict.fromkeys(_LANDMARK_BLOCKS, _Walk._landmark_block),
    **dict.fromkeys(HEADINGS, _Walk._heading),
    **dict.fromkeys(UNRENDERED_TAGS, _Walk._skip),
    **dict.fromkeys(_CONTROL_TAGS, _Walk._control),
    "fieldset": _Walk._group,
    "optgroup": _Walk._group,
    "summary": _Walk._control,
    "tr": _Walk._row,
    "td": _Walk._table_cell,
    "th": _Walk._table_cell,
    "pre": _Walk._preformatted,
    "dialog": _Walk._dialog,
    "details": _Walk._details,
    "br": _Walk._line_break,
    "img": _Walk._image,
    "label": _Walk._label,
}


class _Handlers(NamedTuple):
    """How elements are read by lexbor's numbers of their tags, which cost less than names; each number is in one of them."""

    blocks: dict[int, str]
    links: dict[int, str]  # to the role that they have without a special attribute
    others: dict[int, tuple[_Handler, str]]


@functools.cache
def _handlers() -> _Handlers:
    make = LexborHTMLParser("").create_node
    number = {tag: make(tag).tag_id for tag in _HANDLERS}
    blocks = {number[tag]: tag for tag, handler in _HANDLERS.items() if handler is _Walk._block}
    links = {number["a"]: "link", number["button"]: "button"}
    others = {number[tag]: (handler, tag) for tag, handler in _HANDLERS.items() if number[tag] not in blocks | links}
    return _Handlers(blocks, links, others)


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
