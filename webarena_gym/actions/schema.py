"""The actions of the env: one frozen dataclass each, and the canonical text of each.

``parse_action(action.to_text()) == action`` for every action (tested with Hypothesis).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

Direction = Literal["down", "up"]


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Click:
    """Click the element; a link opens, a button submits its form, a box toggles."""

    element: int

    def to_text(self) -> str:
        return f"click({self.element})"


@dataclass(frozen=True, slots=True)
class Fill:
    """Replace the text of a field; with ``enter``, press Enter in it afterwards."""

    element: int
    text: str
    enter: bool = False

    def to_text(self) -> str:
        return f"fill({self.element}, {_quote(self.text)}{', enter=True' if self.enter else ''})"


@dataclass(frozen=True, slots=True)
class Select:
    """Choose the options of a select by label (or, failing that, by value)."""

    element: int
    options: tuple[str, ...]

    def to_text(self) -> str:
        if len(self.options) == 1:
            return f"select({self.element}, {_quote(self.options[0])})"
        return f"select({self.element}, [{', '.join(map(_quote, self.options))}])"


@dataclass(frozen=True, slots=True)
class Check:
    """Tick a checkbox or choose a radio button; nothing happens if it is ticked."""

    element: int

    def to_text(self) -> str:
        return f"check({self.element})"


@dataclass(frozen=True, slots=True)
class Uncheck:
    """Clear a checkbox; nothing happens if it is clear."""

    element: int

    def to_text(self) -> str:
        return f"uncheck({self.element})"


@dataclass(frozen=True, slots=True)
class Press:
    """Press a key where the focus is, or first focus ``element``. Embedded sites know Enter, Space, Tab and Escape."""

    key: str
    element: int | None = None

    def to_text(self) -> str:
        return f"press({_quote(self.key)})" if self.element is None else f"press({self.element}, {_quote(self.key)})"


@dataclass(frozen=True, slots=True)
class Goto:
    """Open an address in the active tab."""

    url: str

    def to_text(self) -> str:
        return f"goto({_quote(self.url)})"


@dataclass(frozen=True, slots=True)
class Back:
    """Open the tab's previous page."""

    def to_text(self) -> str:
        return "back()"


@dataclass(frozen=True, slots=True)
class Forward:
    """Open the page that ``back`` left."""

    def to_text(self) -> str:
        return "forward()"


@dataclass(frozen=True, slots=True)
class Scroll:
    """Show the next or the previous part of a long page."""

    direction: Direction

    def to_text(self) -> str:
        return f"scroll({_quote(self.direction)})"


@dataclass(frozen=True, slots=True)
class NewTab:
    """Open an empty tab and make it the active one."""

    def to_text(self) -> str:
        return "new_tab()"


@dataclass(frozen=True, slots=True)
class FocusTab:
    """Make the tab with this index, counted from 0, the active one."""

    index: int

    def to_text(self) -> str:
        return f"focus_tab({self.index})"


@dataclass(frozen=True, slots=True)
class CloseTab:
    """Close the active tab; the one before it becomes active. The last tab stays open."""

    def to_text(self) -> str:
        return "close_tab()"


@dataclass(frozen=True, slots=True)
class Noop:
    """Look again. Costs a step, like every action."""

    def to_text(self) -> str:
        return "noop()"


@dataclass(frozen=True, slots=True)
class Stop:
    """End the episode with an answer, empty where the task asks for none and ``N/A`` where it cannot be done."""

    answer: str

    def to_text(self) -> str:
        return f"stop({_quote(self.answer)})"


Action = (
    Click
    | Fill
    | Select
    | Check
    | Uncheck
    | Press
    | Goto
    | Back
    | Forward
    | Scroll
    | NewTab
    | FocusTab
    | CloseTab
    | Noop
    | Stop
)
