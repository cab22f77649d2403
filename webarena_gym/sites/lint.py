"""The house rules that make both engines show the same page, as a check on one page's HTML.

Every page that a test visits goes through ``lint``; a rule broken is a sentence with the offending tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..observation.controls import input_type
from ..observation.names import BLOCK_TAGS, INTERACTIVE_ROLES, Names, interactive_role, is_hidden

_CONTROLS = "input, select, textarea"
_NATIVE = frozenset({"a", "button", "input", "select", "summary", "textarea"})
_FORBIDDEN_TAGS = "script, iframe, frame, object, embed, noscript, base, canvas, video, audio, svg"
_INSIDE_NAMES = re.compile(
    r"display\s*:\s*(flex|grid|inline-|table|contents)|position\s*:\s*(absolute|fixed)|text-transform|(?<![-\w])content\s*:",
    re.I,
)


def lint(html: str) -> list[str]:
    """The house rules that a page breaks, as sentences; empty for a good page."""
    tree = LexborHTMLParser(html)
    return [f"{rule}: {_shown(node)}" for rule, node in _problems(tree)]


def lint_css(css: str) -> list[str]:
    """Rules of a style sheet that hide content or change what a name is made of.

    Allowed: ``[hidden]{display:none!important}``, and any layout of elements that are not links, buttons or labels.
    """
    problems = []
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", css, flags=re.S)):
        selector = selectors.strip()
        if selector.startswith("@") or selector == "[hidden]":
            continue
        if re.search(
            r"display\s*:\s*none|visibility\s*:|::?(before|after)|(?<![-\w])content\s*:", selector + "{" + body, re.I
        ):
            problems.append(f"hides or adds content: {selector} {{{body.strip()}}}")
        if re.search(r"(^|[\s>+~,])(a|button|label)\b[^,]*\s\S", selector) and _INSIDE_NAMES.search(body):
            problems.append(f"lays out the inside of a link, button or label: {selector} {{{body.strip()}}}")
    return problems


def _shown(node: LexborNode) -> str:
    return " ".join((node.html or "").split())[:120]


def _problems(tree: LexborHTMLParser) -> Iterator[tuple[str, LexborNode]]:
    body = tree.body
    if body is None:
        return
    yield from (("no scripts, frames or foreign content", node) for node in tree.css(_FORBIDDEN_TAGS))
    yield from (("no inline style (the hidden attribute hides)", node) for node in tree.css("[style]"))
    yield from (
        ("no accesskey, tabindex or contenteditable", node)
        for node in tree.css("[accesskey],[tabindex],[contenteditable]")
    )
    yield from (("no target: a link opens in its own tab", node) for node in tree.css("[target]"))
    names = Names(body, {})
    ids: set[str] = set()
    for node in body.css("*"):
        yield from ((rule, node) for rule in _element_problems(node, names, tree))
        if id := node.attributes.get("id"):
            if id in ids:
                yield f"two elements have the id {id}", node
            ids.add(id)
    checked_groups: set[str] = set()
    for radio in tree.css("input[type=radio][checked]"):
        group = radio.attributes.get("name") or ""
        if group in checked_groups:
            yield "two checked radio buttons in one group", radio
        checked_groups.add(group)
    for form in tree.css("form"):
        yield from ((rule, form) for rule in _form_problems(form))
    for label in tree.css("label[for]"):
        if names.by_id(label.attributes.get("for") or "") is None:
            yield "a label for no element", label


def _element_problems(node: LexborNode, names: Names, tree: LexborHTMLParser) -> Iterator[str]:
    tag, attributes = node.tag, node.attributes
    role = (attributes.get("role") or "").strip()
    if role in INTERACTIVE_ROLES and tag not in _NATIVE:
        yield "an interactive role on an element that is none"
    if any(name.startswith("on") for name in attributes):
        yield "no event handlers"
    if attributes.get("aria-hidden"):
        yield "no aria-hidden: use hidden, or show it"
    if tag not in _NATIVE and "title" in attributes:
        yield "title stands only on controls"
    if tag in ("a", "button", "label", "summary"):
        for inner in node.css("*"):
            if inner.mem_id != node.mem_id and inner.tag in BLOCK_TAGS and tag != "summary":
                yield "no block element inside a link, button or label"
                break
    if tag == "a" and "href" in attributes and (problem := _href_problem(attributes.get("href") or "")):
        yield problem
    if tag == "input" and input_type(node) in ("range", "color", "image"):
        yield "no range, colour or image inputs"
    if tag == "input" and "type" not in attributes:
        yield "every input has a type"
    if tag in ("input", "select", "textarea") and not _in_form(node) and "form" not in attributes:
        yield "every control belongs to a form"
    if references := attributes.get("aria-labelledby"):
        for reference in references.split():
            target = names.by_id(reference)
            if target is None or is_hidden(target):
                yield "aria-labelledby names a hidden or missing element"
    if (interactive := interactive_role(node)) is not None and not _hidden_somewhere(node):
        if not names.of(node, interactive):
            yield "an interactive element without a name"
        if interactive_ancestor(node):
            yield "an interactive element inside another"


def _form_problems(form: LexborNode) -> Iterator[str]:
    attributes = form.attributes
    if form.css_first("input, select, textarea") is not None:  # one of mere buttons has nothing to check or restore
        if "novalidate" not in attributes:
            yield "every form with fields carries novalidate: the server checks"
        if attributes.get("autocomplete") != "off":
            yield "every form with fields carries autocomplete=off, so that going back restores nothing"
    if not attributes.get("action"):
        yield "every form names its action"
    for control in form.css(_CONTROLS):
        if control.attributes.get("name") in ("action", "method", "submit", "elements"):
            yield "a control shadows a property of its form"
    if (attributes.get("method") or "get").lower() == "get" and form.css_first("[name]") is None:
        yield "a GET form without a named control"


def _href_problem(href: str) -> str:
    scheme = urlsplit(href).scheme
    return "" if scheme in ("", "http", "https") else f"no {scheme}: links"


def _in_form(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag == "form":
            return True
        parent = parent.parent
    return False


def _hidden_somewhere(node: LexborNode) -> bool:
    current: LexborNode | None = node
    while current is not None and current.tag != "body":
        if is_hidden(current):
            return True
        current = current.parent
    return False


def interactive_ancestor(node: LexborNode) -> bool:
    """True if the element stands inside another interactive element."""
    parent = node.parent
    while parent is not None and parent.tag != "body":
        if interactive_role(parent) is not None:
            return True
        parent = parent.parent
    return False
