"""What a page looked like, as inert HTML that a report can hold: no script, no address, nothing to load.

Kept: structure, style sheets, what was typed so far. Every element with an id in the observation carries it as ``data-e``,
so that a viewer can mark what an action acted on. Pictures become tinted boxes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from webarena_gym.observation import extract
from webarena_gym.types import FieldState, LiveDocument

MAX_PAGE_CHARS = 400_000  # of a page kept whole; a longer one is cut at its end

_DROPPED = (
    "script, noscript, template, iframe, frame, frameset, object, embed, portal, base, meta, link, audio, video, source, "
    "svg use, svg image, svg foreignObject, svg animate, svg set, input[type=hidden], [hidden]"
)
_ADDRESSES = frozenset(
    "href src srcset action formaction xlink:href background poster data ping cite longdesc manifest srcdoc target "
    "http-equiv content autofocus name form".split()
)
_NO_PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
_STYLE = "body{pointer-events:none}img{background:#e9e6e0;border-radius:3px}.skip{position:absolute;left:-999px}"
_LOADS = re.compile(r"@import[^;]*;?|url\s*\([^)]*\)", re.IGNORECASE)


def snapshot(document: LiveDocument, style_sheet: Callable[[str], str]) -> str:
    """The page as inert HTML. ``style_sheet(url)`` gives a style sheet's text, empty if there is none."""
    tree = LexborHTMLParser(document.html or "<body></body>")
    _fill(tree, document.fields)
    for number, element in enumerate(extract(tree).elements, 1):
        element.attrs["data-e"] = str(number)
    styles = [_LOADS.sub("", style_sheet(urljoin(document.url, href))) for href in _style_sheets(tree)]
    styles += [_LOADS.sub("", node.text()) for node in tree.css("style")]
    for node in tree.css(_DROPPED + ", style"):
        node.decompose()
    for node in tree.css("*"):
        _strip(node)
    body = tree.body
    inside = (body.html or "") if body is not None else ""
    css = "\n".join([*styles, _STYLE]).replace("</", "<\\/")
    return f"<style>{css}</style>\n{_in_lines(inside)[:MAX_PAGE_CHARS]}"


def _style_sheets(tree: LexborHTMLParser) -> list[str]:
    links = tree.css("link[rel~=stylesheet]")
    return [href for link in links if (href := link.attributes.get("href"))]


def _fill(tree: LexborHTMLParser, fields: tuple[FieldState, ...]) -> None:
    """Write what was typed into the HTML. ``fields`` is in document order, empty if nothing was."""
    controls = tree.css("input, select, textarea")
    if len(controls) != len(fields):
        return
    for node, state in zip(controls, fields, strict=True):
        if node.tag == "select":
            for index, option in enumerate(node.css("option")):
                _flag(option, "selected", index == state.selected_index)
        elif (node.attributes.get("type") or "text").lower() in ("checkbox", "radio"):
            _flag(node, "checked", state.checked)
        elif node.tag == "textarea":
            node.inner_html = state.value.replace("&", "&amp;").replace("<", "&lt;")
        elif (node.attributes.get("type") or "text").lower() != "password":
            node.attrs["value"] = state.value


def _flag(node: LexborNode, name: str, on: bool) -> None:
    if on:
        node.attrs[name] = ""
    elif name in node.attributes:
        del node.attrs[name]


def _strip(node: LexborNode) -> None:
    is_link = node.tag == "a" and "href" in node.attributes
    for name, value in node.attributes.items():
        if name.startswith("on") or name in _ADDRESSES or (name == "style" and _LOADS.search(value or "")):
            del node.attrs[name]
    if is_link:
        node.attrs["href"] = "#"  # without one it would not be drawn as a link
    elif node.tag == "img":
        node.attrs["src"] = _NO_PICTURE


def _in_lines(html: str) -> str:
    """One block a line: pages of one site then share most of their lines, and a report stores each line once."""
    html = re.sub(r"[ \t]*\n\s*", "\n", html)
    return re.sub(
        r"(?<=>)(?=<(?:div|ul|ol|li|tr|td|th|table|form|section|main|nav|p|h\d|article|dl|option)\b)", "\n", html
    )
