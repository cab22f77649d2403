"""``Node`` list to text: one author for what every engine shows.

- text: ``[12] link "My Account"`` for elements to act on, ``## Recent Orders`` for headings, ``navigation "Main":`` for
  landmarks, table cells between bars, everything else as the text it is.
- html: simplified HTML, one tag a node, the id as attribute.
- axtree: the accessibility-tree listing that WebArena's own agents read, one node a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

from ..types import Node, ObservationMode, Tab
from .nodes import LANDMARK_ROLES, Nodes

# Bounds of the header's parts, so that an observation never outgrows its space.
_MAX_TITLE_CHARS = 60
_MAX_URL_CHARS = 500
_MAX_GOAL_CHARS = 1500
_MAX_ERROR_CHARS = 500
MAX_HEADER_CHARS = 4000
_HTML_TAGS = {"link": "a", "heading": "h{level}", "text": "p", "textbox": "input", "combobox": "select"}
_HEADING_MARKS = {str(level): "#" * level for level in range(1, 7)}
_LANDMARKS = LANDMARK_ROLES | {"form", "region"}


def render_lines(nodes: Sequence[Node], mode: ObservationMode = "text") -> list[str]:
    """The page as lines of text, in document order."""
    if mode == "text":
        return _text_lines(nodes)
    one: Callable[[Node], str] = _html if mode == "html" else _axtree
    return [one(node) for node in nodes]


def _text_lines(nodes: Sequence[Node]) -> list[str]:
    lines: list[str] = []
    parts: list[str] = []
    line, cell = -1, 0
    rows = nodes.rows() if isinstance(nodes, Nodes) else nodes
    # The most frequent kinds are written in place, as this is done for every page; most names are one plain word.
    for role, name, node_line, node_cell, id, states, options in rows:
        if node_line != line:
            if parts:
                lines.append(" ".join(parts))
                parts.clear()
            line, cell = node_line, node_cell
        elif node_cell != cell:
            parts.append("|")
            cell = node_cell
        if role == "text":
            parts.append(name)
        elif role == "heading":
            mark = _HEADING_MARKS[states[0][1]]
            parts.append(f"{mark} {name}" if name else mark)
        elif id is None or states or options or (not name.isalnum() and (not name or _needs_quoting(name))):
            parts.append(_text(role, name, id, states, options))
        else:
            parts.append(f'[{id}] {role} "{name}"')
    if parts:
        lines.append(" ".join(parts))
    return lines


def _text(role: str, name: str, id: int | None, states: Iterable[tuple[str, str]], options: Sequence[str]) -> str:
    if id is not None:
        head = f'[{id}] {role} "{_quoted(name)}"' if name else f"[{id}] {role}"
        return " ".join([head, *_states(states, options)])
    if role == "img":
        return f'img "{_quoted(name)}"'
    return f'{role} "{_quoted(name)}":' if name else f"{role}:"


def _needs_quoting(text: str) -> bool:
    return '"' in text or "\n" in text or "\\" in text


def _quoted(text: str) -> str:
    if _needs_quoting(text):
        return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return text


def _states(states: Iterable[tuple[str, str]], options: Sequence[str]) -> Iterable[str]:
    for name, value in states:
        if name == "value" or value:
            yield f'{name}="{_quoted(value)}"'
        else:
            yield name
    if options:
        yield "options: " + " / ".join(_quoted(option) for option in options) + ";"


def _html(node: Node) -> str:
    level = dict(node.states).get("level", "2") if node.role == "heading" else ""
    tag = _HTML_TAGS.get(node.role, node.role).format(level=level)
    attributes = "" if node.id is None else f' id="{node.id}"'
    for name, value in node.states:
        if name != "level":
            value = escape(value).replace("\n", "&#10;")  # a node is one line
            attributes += f' {name}="{value}"' if value or name == "value" else f" {name}"
    inside = "".join(f"<option>{escape(option)}</option>" for option in node.options)
    if node.role in ("textbox", "searchbox", "spinbutton", "checkbox", "radio", "combobox", "listbox") and node.name:
        attributes += f' aria-label="{escape(node.name)}"'
    else:
        inside = escape(node.name, quote=False) + inside
    return f"<{tag}{attributes}>{inside}</{tag}>"


def _axtree(node: Node) -> str:
    head = f"[{node.id}] " if node.id is not None else ""
    role = "StaticText" if node.role == "text" else node.role
    states = "".join(f" {name}: {value or True}" for name, value in node.states).replace("\n", "\\n")
    options = f" options: {list(node.options)}" if node.options else ""
    depth = 0 if node.role in _LANDMARKS else 1
    return "\t" * depth + f"{head}{role} {node.name!r}{states}{options}"


def render_header(
    *,
    goal: str,
    step: int,
    max_steps: int,
    url: str,
    tabs: Sequence[Tab],
    active_tab: int,
    last_error: str,
    part: int,
    parts: int,
) -> str:
    """What stands above the page: goal, step, tabs with the active one marked, address, outcome of the last action."""
    lines = [f"goal: {clip(goal, _MAX_GOAL_CHARS)}", f"step {step}/{max_steps}"]
    titles = [clip(tab.title or tab.url, _MAX_TITLE_CHARS) for tab in tabs]
    if len(tabs) > 1:
        marked = (f"{'*' if i == active_tab else ''}[{i}] {title}" for i, title in enumerate(titles))
        lines.append("tabs: " + " ".join(marked))
    else:
        lines.append(f"title: {titles[0]}")
    lines.append(f"url: {clip(url, _MAX_URL_CHARS)}")
    if last_error:
        lines.append(f"error: {clip(' '.join(last_error.split()), _MAX_ERROR_CHARS)}")
    if parts > 1:
        lines.append(f'page {part}/{parts} (scroll("down") or scroll("up") shows the rest)')
    return "\n".join(lines)


def clip(text: str, max_chars: int) -> str:
    """The text, or its beginning and three dots."""
    return text if len(text) <= max_chars else text[: max_chars - 3] + "..."
