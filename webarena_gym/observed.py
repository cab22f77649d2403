"""An observation text read back: its header and the elements it offers. Standard library only.

What a policy may know of a page is this text, so policies and oracles both start from ``parse_observation``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ELEMENT = re.compile(
    r'\[(\d+)\] ([a-z]+)(?: "((?:[^"\\]|\\.)*)")?'
    r'((?: (?:[a-z]+="(?:[^"\\]|\\.)*"|(?:checked|selected|pressed|current|required|readonly|disabled)\b))*)'
    r"(?: options: (.*?);(?= |$))?"
)
_STATE = re.compile(r'([a-z]+)(?:="((?:[^"\\]|\\.)*)")?')
_PART = re.compile(r"page (\d+)/(\d+)")
_TAB = re.compile(r"(\*?)\[(\d+)\] ")


@dataclass(frozen=True, slots=True)
class Element:
    """An element to act on, as the observation writes it. ``line`` is the index of its line in the page's text."""

    id: int
    role: str
    name: str
    line: int
    states: tuple[tuple[str, str], ...] = ()
    options: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """What the field holds; empty for anything that holds no text."""
        return dict(self.states).get("value", "")

    def is_(self, state: str) -> bool:
        """True if the element carries the flag, such as "checked" or "disabled"."""
        return any(name == state for name, _ in self.states)


@dataclass(frozen=True, slots=True)
class ObservedPage:
    """An observation text in parts: the header's fields, and one part of the page as lines and elements."""

    goal: str
    step: int
    max_steps: int
    url: str
    error: str
    part: int
    parts: int
    tabs: int
    active_tab: int
    lines: tuple[str, ...]
    elements: tuple[Element, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def parse_observation(observation: str) -> ObservedPage:
    """Read back what ``render_header`` and ``render_lines`` (mode "text") wrote.

    >>> page = parse_observation('goal: Buy it\\nstep 2/30\\ntitle: Shop\\nurl: http://a.test/\\n\\n[1] link "Cart" [2] button "Go"')
    >>> page.goal, page.step, [element.name for element in page.elements]
    ('Buy it', 2, ['Cart', 'Go'])
    """
    header, _, body = observation.partition("\n\n")
    fields = {"step": "0/0"}
    for line in header.splitlines():
        name, separator, value = line.partition(": ")
        if separator and name not in fields:
            fields[name] = value
        elif line.startswith("step "):
            fields["step"] = line[5:]
        elif match := _PART.match(line):
            fields["part"], fields["parts"] = match[1], match[2]
    step, _, max_steps = fields["step"].partition("/")
    tabs = _TAB.findall(fields.get("tabs", ""))
    lines = tuple(body.split("\n")) if body else ()
    return ObservedPage(
        goal=fields.get("goal", ""),
        step=int(step),
        max_steps=int(max_steps),
        url=fields.get("url", ""),
        error=fields.get("error", ""),
        part=int(fields.get("part", 1)),
        parts=int(fields.get("parts", 1)),
        tabs=max(1, len(tabs)),
        active_tab=next((int(index) for star, index in tabs if star), 0),
        lines=lines,
        elements=tuple(element for number, line in enumerate(lines) for element in parse_elements(line, number)),
    )


def parse_elements(line: str, number: int = 0) -> list[Element]:
    """The elements that stand on a line of page text."""
    if "[" not in line:
        return []
    found = []
    for match in _ELEMENT.finditer(line):
        states = tuple((m[1], unescape(m[2] or "")) for m in _STATE.finditer(match[4])) if match[4] else ()
        options = tuple(unescape(option.strip()) for option in match[5].split(" / ")) if match[5] else ()
        found.append(Element(int(match[1]), match[2], unescape(match[3] or ""), number, states, options))
    return found


def unescape(text: str) -> str:
    """A quoted name or value as it was before the renderer escaped it."""
    if "\\" not in text:
        return text
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], text)


def quote(text: str) -> str:
    """A text as the quoted string of an action."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
