"""Actions in terms of a few primitives, so that both engines carry them out alike.

``run_action`` decides (which element, which effect, may the address be opened); a ``Driver`` only does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..actions import (
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
    Press,
    Select,
    Uncheck,
)  # fmt: skip
from ..errors import ActionError, ElementNotFound
from ..types import Node
from .base import BLANK, MAX_TABS, History, check_origin, resolve_url
from .interact import Effect, ElementFacts, canonical_key, plan


class Driver(Protocol):
    """The primitives of an engine. All speak of the active tab."""

    def url(self) -> str: ...

    def nodes(self) -> Sequence[Node]: ...

    def focused(self) -> int | None:
        """The id of the element that has the focus."""

    def facts(self, id: int) -> tuple[ElementFacts, str] | None:
        """Facts of an element and the text it holds; None if no element has this id."""

    def apply(self, effect: Effect) -> None:
        """Do it, and wait for the page it opens, if it opens one."""

    def open(self, url: str) -> None: ...

    def histories(self) -> Sequence[History]:
        """One for each open tab, in order."""

    def active(self) -> int: ...

    def focus_tab(self, index: int) -> None: ...

    def new_tab(self) -> None: ...

    def close_tab(self) -> None: ...


def run_action(driver: Driver, action: Action, allowed_origins: Sequence[str]) -> None:
    """Carry out one action; see ``Engine`` for what it raises."""
    match action:
        case Click() | Fill() | Select() | Check() | Uncheck():
            _run_on_element(driver, action, action.element, allowed_origins)
            if isinstance(action, Fill) and action.enter:
                _press(driver, Press("Enter", action.element), allowed_origins)
        case Press():
            _press(driver, action, allowed_origins)
        case Goto(url=text):
            driver.open(resolve_url(text, driver.url(), allowed_origins))
        case Back() | Forward():
            offset = -1 if isinstance(action, Back) else 1
            history = driver.histories()[driver.active()]
            driver.open(history.peek(offset))
            history.move(offset, driver.url())
        case NewTab():
            if len(driver.histories()) >= MAX_TABS:
                raise ActionError(f"{MAX_TABS} tabs are open, and more are not allowed; close one with close_tab()")
            driver.new_tab()
        case FocusTab(index=index):
            count = len(driver.histories())
            if index >= count:
                raise ActionError(f"there is no tab {index}; the open tabs are 0 to {count - 1}")
            driver.focus_tab(index)
        case CloseTab():
            if len(driver.histories()) == 1:
                raise ActionError("the last tab stays open; end the episode with stop(...)")
            driver.close_tab()
        case _:
            raise TypeError(f"{type(action).__name__} is no business of an engine")
    if driver.url() != BLANK:
        driver.histories()[driver.active()].visit(driver.url())


def _run_on_element(
    driver: Driver, action: Click | Fill | Select | Check | Uncheck | Press, id: int, allowed_origins: Sequence[str]
) -> None:
    found = driver.facts(id)
    if found is None:
        raise ElementNotFound(id, driver.url(), sum(node.id is not None for node in driver.nodes()))
    facts, value = found
    effect = plan(action, id, facts, value=value)
    if effect.opens:
        check_origin(effect.opens, allowed_origins)
    driver.apply(effect)


def _press(driver: Driver, action: Press, allowed_origins: Sequence[str]) -> None:
    key = canonical_key(action.key)
    focus = driver.focused() if action.element is None else action.element
    if key in ("Tab", "Shift+Tab"):
        if (target := _next_focus(driver.nodes(), focus, backwards=key != "Tab")) is not None:
            driver.apply(Effect("focus", target))
    elif key != "Escape" and focus is not None:
        _run_on_element(driver, Press(key, focus), focus, allowed_origins)


def _next_focus(nodes: Sequence[Node], focus: int | None, *, backwards: bool) -> int | None:
    ids = [node.id for node in nodes if node.id is not None and ("disabled", "") not in node.states]
    if backwards:
        ids.reverse()
    if focus is None:
        return next(iter(ids), None)
    later = (id for id in ids if (id < focus if backwards else id > focus))
    return next(later, None)
