"""Actions as dataclasses, and the parser from action text to them."""

from .grammar import describe_actions
from .parser import CANONICAL_NAMES, MAX_ACTION_CHARS, parse_action
from .schema import (
    Action,
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
)

__all__ = [
    "CANONICAL_NAMES", "MAX_ACTION_CHARS", "Action", "Back", "Check", "Click", "CloseTab", "Fill", "FocusTab", "Forward",
    "Goto", "NewTab", "Noop", "Press", "Scroll", "Select", "Stop", "Uncheck", "describe_actions", "parse_action",
]  # fmt: skip
