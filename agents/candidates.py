"""Every action worth considering on the page shown, as ``Candidate`` records.

Clicks on everything clickable, ticks, options of selects, fields filled with spans of the goal, scrolling, going back,
other tabs, and stops: with nothing, with ``N/A``, or with a value copied from the page. Answers that are put together from
several values, and addresses typed into ``goto``, are not offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from webarena_gym.actions import Back, Check, Click, Fill, FocusTab, Scroll, Select, Stop, Uncheck
from webarena_gym.observed import Element, ObservedPage

from .goal_text import Goal, words_of
from .page_values import PageValue, page_values, plain_line

KINDS = ("click", "fill", "select", "check", "uncheck", "scroll", "back", "focus_tab", "stop", "stop_value")
_TEXT_ROLES = frozenset({"textbox", "searchbox", "spinbutton"})
_TICK_ROLES = frozenset({"checkbox", "radio", "switch"})
_SMALL_SELECT = 12  # options that are all offered; of longer lists, those that share a word with the goal
_MAX_FIELDS = 14
_MAX_FILLS = 96


class Candidate(NamedTuple):
    """One possible action and what is known about it."""

    text: str
    """The action text, in its canonical spelling."""
    kind: str
    """One of ``KINDS``."""
    name: str
    """What it acts on: the element's name, the option, or the value given as answer."""
    argument: str = ""
    """What it types or answers."""
    source: str = ""
    """Where the argument comes from: the kind of goal span or of page value."""
    label: str = ""
    """The words that go with the argument: before it in the goal, or beside it on the page."""
    line: int = -1
    element: Element | None = None


class ReadPage(NamedTuple):
    """An observed page with its lines as a reader sees them and the candidates it offers."""

    page: ObservedPage
    plain: tuple[str, ...]
    candidates: tuple[Candidate, ...]


def read_page(page: ObservedPage, goal: Goal, *, max_candidates: int) -> ReadPage:
    """The candidates of a page, at most ``max_candidates``: elements first, then stops, the likeliest values among them."""
    plain = tuple(plain_line(line) for line in page.lines)
    on_elements = [c for e in page.elements if not e.is_("disabled") for c in _on_element(e, goal)]
    fills = list(_fills(page, goal))[:_MAX_FILLS]
    fixed = list(_fixed(page))
    room = max_candidates - len(fixed)
    acting = (on_elements + fills)[: max(room - 32, room // 2)]
    answers = _answers(page, plain, goal, room - len(acting))
    return ReadPage(page, plain, (*acting, *fixed, *answers))


def _on_element(element: Element, goal: Goal) -> Iterator[Candidate]:
    role, name, line = element.role, element.name, element.line
    if role in _TICK_ROLES:
        ticked = element.is_("checked")
        action = Uncheck(element.id) if ticked and role != "radio" else Check(element.id)
        if not (ticked and role == "radio"):
            yield Candidate(action.to_text(), "uncheck" if ticked else "check", name, line=line, element=element)
    elif element.options:
        wanted = set(goal.words)
        for option in element.options:
            if option != element.value and (len(element.options) <= _SMALL_SELECT or wanted & set(words_of(option))):
                action_text = Select(element.id, (option,)).to_text()
                yield Candidate(action_text, "select", option, option, "option", name, line, element)
    elif role not in _TEXT_ROLES and role != "combobox":
        yield Candidate(Click(element.id).to_text(), "click", name, line=line, element=element)


def _fills(page: ObservedPage, goal: Goal) -> Iterator[Candidate]:
    fields = [e for e in page.elements if e.role in _TEXT_ROLES or (e.role == "combobox" and not e.options)]
    fields = [e for e in fields if not (e.is_("disabled") or e.is_("readonly"))][:_MAX_FIELDS]
    for span in goal.spans:
        for field in fields:
            if field.value != span.text:
                enter = field.role == "searchbox" or field.role == "combobox" or "search" in field.name.lower()
                text = Fill(field.id, span.text, enter).to_text()
                yield Candidate(text, "fill", field.name, span.text, span.source, span.cue, field.line, field)


def _fixed(page: ObservedPage) -> Iterator[Candidate]:
    if page.part < page.parts:
        yield Candidate(Scroll("down").to_text(), "scroll", "down")
    if page.part > 1:
        yield Candidate(Scroll("up").to_text(), "scroll", "up")
    if page.step > 0:
        yield Candidate(Back().to_text(), "back", "back")
    for index in range(page.tabs):
        if index != page.active_tab and index < 8:
            yield Candidate(FocusTab(index).to_text(), "focus_tab", "tab")
    yield Candidate(Stop("").to_text(), "stop", "done")
    yield Candidate(Stop("N/A").to_text(), "stop", "impossible", "N/A")


def _answers(page: ObservedPage, plain: tuple[str, ...], goal: Goal, room: int) -> list[Candidate]:
    """Stops with values of the page, each text once: where it stands among the most words of the goal, at most ``room``."""
    wanted = set(goal.words)
    best: dict[str, tuple[int, PageValue]] = {}
    for value in page_values(page.lines, plain):
        overlap = len(wanted.intersection((*words_of(value.label), *words_of(value.row))))
        if value.text not in best or overlap > best[value.text][0]:
            best[value.text] = overlap, value
    kept = sorted(best.values(), key=lambda scored: -scored[0])[:room]  # stable: else in document order
    return [
        Candidate(Stop(v.text).to_text(), "stop_value", v.text, v.text, v.kind, v.label, v.line)
        for _, v in sorted(kept, key=lambda scored: scored[1].line)
    ]
