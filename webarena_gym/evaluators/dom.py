"""A document as a script in it would read it: selectors, a few properties, and the rendered text of an element.

Over selectolax's lexbor tree, with the live state of form controls from ``LiveDocument.fields``. Hiding follows the house
rule of our pages: only the ``hidden`` attribute, a closed ``details`` or ``dialog``, and tags that never render.
"""

from __future__ import annotations

import functools
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from ..observation.controls import field_state
from ..types import FieldState, LiveDocument
from .outer_text import outer_text

_FIELDS = "input, select, textarea"


class JavaScriptError(Exception):
    """The script would have thrown."""


class _Undefined:
    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = _Undefined()


class Document:
    """A parsed ``LiveDocument``."""

    def __init__(self, live: LiveDocument) -> None:
        self.url = live.url
        self.tree = LexborHTMLParser(live.html)
        self._fields = live.fields

    @functools.cached_property
    def html(self) -> str:
        """The whole document serialized."""
        return self.tree.html or ""

    @functools.cached_property
    def order(self) -> dict[int, int]:
        """The place of each element in document order, by ``mem_id``."""
        return {node.mem_id: place for place, node in enumerate(self.tree.css("*"))}

    @functools.cached_property
    def states(self) -> dict[int, FieldState]:
        """What each form control holds, by ``mem_id``."""
        controls = self.tree.css(_FIELDS)
        if self._fields and len(self._fields) == len(controls):
            return {node.mem_id: state for node, state in zip(controls, self._fields, strict=True)}
        return {node.mem_id: field_state(node, {}) for node in controls}


class Element:
    """An element or text node of a document."""

    __slots__ = ("document", "node")

    def __init__(self, document: Document, node: LexborNode) -> None:
        self.document, self.node = document, node


def query_all(scope: Any, selector: str) -> list[Element]:
    """``scope.querySelectorAll(selector)``."""
    if isinstance(scope, Document):
        document, root = scope, scope.tree.root
    elif isinstance(scope, Element) and scope.node.is_element_node:
        document, root = scope.document, scope.node
    else:
        raise JavaScriptError(f"{scope!r} has no querySelectorAll")
    assert root is not None
    try:
        found = {node.mem_id: node for node in root.css(close_brackets(selector))}
    except SelectolaxError as error:
        raise JavaScriptError(f"not a selector: {selector!r}") from error
    if isinstance(scope, Element):
        found.pop(root.mem_id, None)  # only what is inside
    return [Element(document, found[mem_id]) for mem_id in sorted(found, key=document.order.__getitem__)]


def query(scope: Any, selector: str) -> Element | None:
    """``scope.querySelector(selector)``."""
    found = query_all(scope, selector)
    return found[0] if found else None


def close_brackets(selector: str) -> str:
    """``selector`` with an attribute selector that its end cuts short closed, as browsers read it.

    >>> close_brackets('[name="product[status]"'), close_brackets('input[name="title"]')
    ('[name="product[status]"]', 'input[name="title"]')
    """
    quote, depth = "", 0
    for character in selector:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "[]":
            depth += 1 if character == "[" else -1
    return selector + quote + "]" * max(depth, 0)


def get_property(value: Any, name: str, argument: str = "") -> Any:
    """``value.name``, or ``value.getAttribute(argument)``.

    Raises:
        JavaScriptError: ``value`` is null or undefined.
    """
    if value is None or value is UNDEFINED:
        raise JavaScriptError(f"{name} of {value!r}")
    if not isinstance(value, Element):
        return UNDEFINED
    document, node = value.document, value.node
    match name:
        case "getAttribute":
            attributes = node.attributes
            return (attributes[argument] or "") if argument in attributes else None
        case "outerText":
            return outer_text(node) if node.is_element_node else UNDEFINED
        case "textContent":
            return node.text() if node.is_element_node else node.text_content or ""
        case "lastElementChild":
            return _wrap(document, _last_element(node))
        case "lastChild":
            return _wrap(document, node.last_child)
    state = document.states.get(node.mem_id)
    if state is None:
        return _plain_value(node) if name == "value" else UNDEFINED
    if name == "value":
        return state.value
    if name == "checked":
        return state.checked if node.tag == "input" else UNDEFINED
    return state.selected_index if node.tag == "select" else UNDEFINED


def _plain_value(node: LexborNode) -> Any:
    """``.value`` of an element that is no form field."""
    if node.tag in ("button", "data", "param"):
        return node.attributes.get("value") or ""
    return UNDEFINED


def _wrap(document: Document, node: LexborNode | None) -> Element | None:
    return None if node is None else Element(document, node)


def _last_element(node: LexborNode) -> LexborNode | None:
    child = node.last_child
    while child is not None and not child.is_element_node:
        child = child.prev
    return child
