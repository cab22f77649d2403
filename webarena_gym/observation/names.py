"""Roles and accessible names, after ARIA in HTML and the Accessible Name Computation 1.2.

Covered: aria-labelledby, aria-label, label elements, button values, alt, title, placeholder, and name from content with
the spacing that browsers give block children. Not covered: names from CSS content, and hidden nodes that
aria-labelledby points to (a house rule forbids both on our sites). ``extract.js`` does the same in the browser.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from .controls import Typed, input_type, is_checked, option_label, options, selected_indices, text_value
from .whitespace import collapse

BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search "
    "section summary table tbody td tfoot th thead tr ul".split()
)
# Never rendered, whatever their attributes say.
UNRENDERED_TAGS = frozenset(
    "area base canvas datalist embed frame frameset head iframe link meta noframes noscript object param script source "
    "style svg template title track video audio".split()
)
INTERACTIVE_ROLES = frozenset(
    "button checkbox combobox link listbox menuitem menuitemcheckbox menuitemradio option radio searchbox slider "
    "spinbutton switch tab textbox".split()
)
_INPUT_ROLES = {
    "checkbox": "checkbox", "radio": "radio", "number": "spinbutton", "range": "slider", "search": "searchbox",
    "submit": "button", "reset": "button", "button": "button", "image": "button", "file": "button",
}  # fmt: skip
_ARIA_STATES = tuple((state, f"aria-{state}") for state in ("expanded", "selected", "pressed", "current"))
_BUTTON_NAMES = {"submit": "Submit", "reset": "Reset", "image": "Submit"}


def is_hidden(node: LexborNode) -> bool:
    """True if the element and all in it are not rendered: house rule, only the ``hidden`` attribute hides."""
    if node.tag in UNRENDERED_TAGS or "hidden" in node.attributes:
        return True
    if node.tag == "dialog":
        return "open" not in node.attributes
    return node.tag == "input" and (node.attributes.get("type") or "").lower() == "hidden"


def interactive_role(node: LexborNode) -> str | None:
    """The role of an element that a user can act on, None for any other element."""
    tag, attributes = node.tag, node.attributes
    if tag == "a":
        native = "link" if "href" in attributes else None
    elif tag == "button":
        native = "button"
    elif tag == "input":
        kind = input_type(node)
        native = "combobox" if "list" in attributes and kind in ("text", "search", "email", "tel", "url") else (
            _INPUT_ROLES.get(kind, "textbox"))  # fmt: skip
    elif tag == "select":
        native = "listbox" if "multiple" in attributes else "combobox"
    elif tag == "textarea":
        native = "textbox"
    elif tag == "summary":
        native = "button"
    else:
        return None
    explicit = (attributes.get("role") or "").strip()
    return explicit if native is not None and explicit in INTERACTIVE_ROLES else native


class Names:
    """Accessible names within one document. ``typed`` are the field values laid over it."""

    def __init__(self, root: LexborNode, typed: Typed) -> None:
        self._root, self._typed = root, typed
        self._labels: dict[str, list[LexborNode]] | None = None
        self._ids: dict[str, LexborNode] | None = None

    def by_id(self, id: str) -> LexborNode | None:
        """The first element with this id."""
        if self._ids is None:
            self._ids = {}
            for node in self._root.css("[id]"):
                self._ids.setdefault(node.attributes.get("id") or "", node)
        return self._ids.get(id)

    def of(self, node: LexborNode, role: str) -> str:
        """The name of an interactive element."""
        attributes = node.attributes
        if references := attributes.get("aria-labelledby"):
            found = map(self.by_id, references.split())
            if name := collapse(" ".join(self.content(target) for target in found if target is not None)):
                return name
        if name := collapse(attributes.get("aria-label") or ""):
            return name
        tag = node.tag
        if tag == "input":
            name = self._input_name(node)
        elif tag in ("select", "textarea"):
            name = self._label_name(node)
        else:
            name = collapse(self.content(node))
        return name or collapse(attributes.get("title") or "") or self._placeholder(node)

    def _input_name(self, node: LexborNode) -> str:
        kind = input_type(node)
        if kind in ("submit", "reset", "button"):
            value = node.attributes.get("value")
            # As in browsers, a title comes before the default caption of a button without value.
            return collapse(value or "") or ("" if node.attributes.get("title") else _BUTTON_NAMES.get(kind, ""))
        if name := self._label_name(node):
            return name
        if kind == "image":
            return collapse(node.attributes.get("alt") or "") or ("" if node.attributes.get("title") else "Submit")
        return "Choose File" if kind == "file" else ""

    @staticmethod
    def _placeholder(node: LexborNode) -> str:
        return collapse(node.attributes.get("placeholder") or "") if node.tag in ("input", "textarea") else ""

    def labels(self, node: LexborNode) -> list[LexborNode]:
        """The label elements of a control, in document order."""
        if self._labels is None:
            self._labels = {}
            for label in self._root.css("label[for]"):
                self._labels.setdefault(label.attributes.get("for") or "", []).append(label)
        found = list(self._labels.get(node.attributes.get("id") or "", ()))
        parent = node.parent
        while parent is not None and parent.tag != "body":
            if parent.tag == "label" and "for" not in parent.attributes:
                found.append(parent)
                break
            parent = parent.parent
        return found

    def _label_name(self, node: LexborNode) -> str:
        parts = (self.content(label, excluding=node) for label in self.labels(node) if not is_hidden(label))
        return " ".join(part for part in map(collapse, parts) if part)

    def content(self, node: LexborNode, excluding: LexborNode | None = None) -> str:
        """The text that an element contributes to a name, not yet collapsed."""
        child = node.child
        if child is not None and child.next is None and child.is_text_node:
            return child.text_content or ""
        parts: list[str] = []
        while child is not None:
            if child.is_text_node:
                parts.append(child.text_content or "")
            elif child.is_element_node and not (excluding is not None and child.mem_id == excluding.mem_id):
                parts.append(self._child_content(child, excluding))
            child = child.next
        return "".join(parts)

    def _child_content(self, child: LexborNode, excluding: LexborNode | None) -> str:
        tag, attributes = child.tag, child.attributes
        if tag == "br":
            return " "
        if is_hidden(child):
            return ""
        if label := attributes.get("aria-label"):
            text = label
        elif tag == "img":
            text = attributes.get("alt") or attributes.get("title") or ""
        elif tag == "input":
            kind = input_type(child)
            text = "" if kind in ("checkbox", "radio", "file") else text_value(child, self._typed)
        elif tag == "textarea":
            text = text_value(child, self._typed)
        elif tag == "select":
            all_options = options(child)
            text = " ".join(option_label(all_options[i]) for i in selected_indices(child, self._typed))
        else:
            text = self.content(child, excluding)
        return f" {text} " if tag in BLOCK_TAGS else text


def states(node: LexborNode, role: str, typed: Typed, *, disabled: bool) -> tuple[tuple[str, str], ...]:
    """What the element holds and in which state it is, as ``Node.states``: value first, then flags in a fixed order."""
    tag, attributes = node.tag, node.attributes
    pairs: list[tuple[str, str]] = []
    if tag == "select":
        all_options = options(node)
        pairs.append(("value", ", ".join(option_label(all_options[i]) for i in selected_indices(node, typed))))
    elif tag == "textarea" or (tag == "input" and role in ("textbox", "searchbox", "combobox", "spinbutton")):
        if value := text_value(node, typed):
            pairs.append(("value", "•" * len(value) if attributes.get("type") == "password" else value))
    elif tag == "input" and role in ("checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"):
        if is_checked(node, typed):
            pairs.append(("checked", ""))
    elif tag == "summary":
        parent = node.parent
        pairs.append(("expanded", "true" if parent is not None and "open" in parent.attributes else "false"))
    if len(attributes) > 1:
        for state, attribute in _ARIA_STATES:
            value = attributes.get(attribute)
            if value and not (value == "false" and state != "expanded"):
                pairs.append((state, value if state == "expanded" else ""))
        if "required" in attributes:
            pairs.append(("required", ""))
        if "readonly" in attributes:
            pairs.append(("readonly", ""))
    if disabled:
        pairs.append(("disabled", ""))
    return tuple(pairs)
