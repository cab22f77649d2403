"""The action list as a policy is told it: built from the action classes' docstrings, so the two cannot differ."""

from __future__ import annotations

from .schema import (
    Back,
    Check,
    Click,
    CloseTab,
    Fill,
    FocusTab,
    Forward,
    Goto,
    NewTab,
    Noop,
    Press,
    Scroll,
    Select,
    Stop,
    Uncheck,
)  # fmt: skip

_EXAMPLES = (
    Click(12), Fill(12, "text"), Select(12, ("option",)), Check(12), Uncheck(12), Press("Enter"), Goto("http://..."),
    Back(), Forward(), Scroll("down"), NewTab(), FocusTab(1), CloseTab(), Noop(), Stop("answer"),
)  # fmt: skip


def describe_actions() -> str:
    """One line per action: its canonical spelling, then what it does.

    >>> describe_actions().splitlines()[0]
    'click(12) - Click the element; a link opens, a button submits its form, a box toggles.'
    """
    return "\n".join(f"{action.to_text()} - {(type(action).__doc__ or '').strip()}" for action in _EXAMPLES)
