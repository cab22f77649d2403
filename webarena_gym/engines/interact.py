"""What an action does to an element, decided once for both engines.

An engine gathers ``ElementFacts``; ``plan`` turns an action and those facts into one ``Effect``, or raises the error that
the policy reads. So a refusal is worded the same in both engines, and a field never takes text that a browser's would not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..actions import Check, Click, Fill, Press, Select, Uncheck
from ..errors import ElementNotActionable
from ..observation.controls import PATTERNS, TEXT_TYPES, sanitized

ElementAction = Click | Fill | Select | Check | Uncheck | Press

# In HTML, Enter in these submits the form; the last group is what the "implicit submission" rules count.
_ENTER_SUBMITS = TEXT_TYPES | {"checkbox", "radio"}
KEYS = {"enter": "Enter", "return": "Enter", "space": "Space", " ": "Space", "tab": "Tab", "shift+tab": "Shift+Tab",
        "escape": "Escape", "esc": "Escape"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Implicit:
    """What Enter in a field would do: the form's first submit button, or none, and its fields that count."""

    button: int | None
    button_disabled: bool
    fields: int


@dataclass(frozen=True, slots=True)
class ElementFacts:
    """What deciding needs to know of an element. ``href`` and ``action`` are absolute; empty where there is none."""

    role: str
    name: str
    tag: str
    type: str = ""
    disabled: bool = False
    readonly: bool = False
    multiple: bool = False
    editable: bool = False
    href: str = ""
    action: str = ""
    in_form: bool = False
    submits: bool = False
    checked: bool = False
    options: tuple[tuple[str, str, bool], ...] = ()  # label, value, disabled
    implicit: Implicit | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing to do to one element. ``opens`` is the address it leads to, empty if the page stays.

    A link may lead within the page (``is_link``); a form always loads its answer.
    """

    kind: Literal["click", "text", "select", "submit", "focus", "none"]
    id: int
    text: str = ""
    indices: tuple[int, ...] = ()
    opens: str = ""
    is_link: bool = False


def plan(action: ElementAction, id: int, facts: ElementFacts, *, value: str = "") -> Effect:
    """What ``action`` does to the element ``id``; ``value`` is the text it holds now.

    Raises:
        ElementNotActionable: the element does not take the action; says what it is and what it takes.
    """
    if facts.disabled:
        raise ElementNotActionable(f"{_described(id, facts)} is disabled")
    match action:
        case Click():
            return _click(id, facts)
        case Fill(text=text):
            return Effect("text", id, text=_accepted_text(id, facts, text))
        case Select(options=wanted):
            return Effect("select", id, indices=_chosen(id, facts, wanted))
        case Check() | Uncheck():
            return _tick(id, facts, isinstance(action, Check))
        case Press(key=key):
            return _press(id, facts, key, value)


def canonical_key(key: str) -> str:
    """The key's one spelling.

    Raises:
        ElementNotActionable: a key that nothing on the embedded sites listens to.
    """
    known = KEYS.get(key.lower() if key == " " else key.strip().lower())
    if known is None:
        raise ElementNotActionable(
            f"the key {key[:40]!r} does nothing here; use Enter, Space, Tab, Shift+Tab or Escape"
        )
    return known


def _described(id: int, facts: ElementFacts) -> str:
    name = facts.name if len(facts.name) <= 60 else facts.name[:57] + "..."
    return f'[{id}] {facts.role} "{name}"'


def _click(id: int, facts: ElementFacts) -> Effect:
    if facts.href:
        return Effect("click", id, opens=facts.href, is_link=True)
    return Effect("click", id, opens=facts.action if facts.submits else "")


def _tick(id: int, facts: ElementFacts, ticked: bool) -> Effect:
    if facts.tag != "input" or facts.type not in ("checkbox", "radio"):
        raise ElementNotActionable(f"{_described(id, facts)} is no checkbox or radio button; try click({id})")
    if not ticked and facts.type == "radio":
        raise ElementNotActionable(f"{_described(id, facts)} is a radio button; check another of its group instead")
    return Effect("focus" if facts.checked == ticked else "click", id)


def _accepted_text(id: int, facts: ElementFacts, text: str) -> str:
    """The text as the field will hold it: what the value sanitization of HTML leaves of it."""
    if facts.editable or facts.tag == "textarea":
        accepted = text.replace("\r\n", "\n").replace("\r", "\n")
    elif facts.tag == "input" and facts.type in TEXT_TYPES:
        accepted = sanitized(facts.type, text.strip() if facts.type in PATTERNS else text)
        if facts.type in PATTERNS and text.strip() and not accepted:
            wanted = PATTERNS[facts.type][1]
            raise ElementNotActionable(f"{_described(id, facts)} takes {wanted}, got {text[:40]!r}")
    else:
        hint = f"; try select({id}, ...)" if facts.tag == "select" else f"; try click({id})"
        raise ElementNotActionable(f"{_described(id, facts)} takes no text{hint}")
    if facts.readonly:
        raise ElementNotActionable(f"{_described(id, facts)} is read-only")
    return accepted


def _chosen(id: int, facts: ElementFacts, wanted: tuple[str, ...]) -> tuple[int, ...]:
    if facts.tag != "select":
        raise ElementNotActionable(f"{_described(id, facts)} is no select; try click({id}) or fill({id}, ...)")
    if len(wanted) != 1 and not facts.multiple:
        raise ElementNotActionable(f"{_described(id, facts)} takes one option, got {len(wanted)}")
    indices = []
    for word in wanted:
        index = _option_index(facts, " ".join(word.split()))
        if index is None:
            shown = ", ".join(label for label, _, _ in facts.options[:12])
            more = ", ..." if len(facts.options) > 12 else ""
            raise ElementNotActionable(f"{_described(id, facts)} has no option {word[:60]!r}; it has: {shown}{more}")
        if facts.options[index][2]:
            raise ElementNotActionable(f"the option {word[:60]!r} of {_described(id, facts)} is disabled")
        indices.append(index)
    return tuple(sorted(set(indices)))


def _option_index(facts: ElementFacts, word: str) -> int | None:
    """By label, then by label in any case, then by value."""
    folded = word.casefold()
    tests = (
        lambda label, value: label == word,
        lambda label, value: label.casefold() == folded,
        lambda label, value: value == word,
    )
    for test in tests:
        for index, (label, value, _) in enumerate(facts.options):
            if test(label, value):
                return index
    return None


def _press(id: int, facts: ElementFacts, key: str, value: str) -> Effect:
    """Enter and Space on an element, as browsers treat them; Tab and Escape are the engine's."""
    clickable = facts.role in ("button", "link", "tab", "menuitem") and facts.tag in ("a", "button", "input", "summary")
    is_input = facts.tag == "input"
    writable = not facts.readonly and (
        facts.tag == "textarea" or (is_input and facts.type in TEXT_TYPES - set(PATTERNS))
    )
    if key == "Enter":
        if clickable:
            return _click(id, facts)
        if facts.tag == "textarea" and writable:
            return Effect("text", id, text=value + "\n")
        if is_input and facts.type in _ENTER_SUBMITS and facts.implicit is not None:
            return _implicit_submission(id, facts)
    elif key == "Space":
        if (clickable and facts.tag != "a") or (is_input and facts.type in ("checkbox", "radio")):
            return _tick(id, facts, not facts.checked) if facts.type == "checkbox" else _click(id, facts)
        if writable:
            return Effect("text", id, text=value + " ")
    return Effect("focus", id)


def _implicit_submission(id: int, facts: ElementFacts) -> Effect:
    implicit = facts.implicit
    assert implicit is not None
    if implicit.button is not None:
        if implicit.button_disabled:
            return Effect("focus", id)
        return Effect("click", implicit.button, opens=facts.action)
    return Effect("submit", id, opens=facts.action) if implicit.fields <= 1 else Effect("focus", id)
