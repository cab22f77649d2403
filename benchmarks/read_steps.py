"""A recorded episode made readable: what each action did, in words that do not depend on element numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from webarena_gym.agents.trajectory import Trajectory

from webarena_gym.actions import Action, Click, Fill, Press, Select, Stop, parse_action
from webarena_gym.errors import ActionSyntaxError
from webarena_gym.observed import ObservedPage, parse_observation


@dataclass(frozen=True, slots=True)
class ReadStep:
    """One step. A page is its address without fragment, and which part of it showed."""

    action: str
    kind: str
    """The action's name, such as "click"; "invalid" for a text that is no action."""
    element: int | None
    described: str
    """The action with its element named: ``click link "Add to Cart"``."""
    page: tuple[str, int]
    """Where the action was taken."""
    next_page: tuple[str, int]
    """Where it led."""
    error: str
    """Why it did nothing, as the next observation says; empty if it did what it says."""


def read_steps(trajectory: Trajectory) -> list[ReadStep]:
    """The H steps of an episode."""
    texts = [*(step.observation for step in trajectory.steps), trajectory.final_observation]
    pages = [parse_observation(text) for text in texts]
    return [
        _read(step.action, before, after)
        for step, before, after in zip(trajectory.steps, pages[:-1], pages[1:], strict=True)
    ]


def goal_of(trajectory: Trajectory) -> str:
    """The task in words, as the header of every observation has it."""
    first = trajectory.steps[0].observation if trajectory.steps else trajectory.final_observation
    return parse_observation(first).goal


def _read(text: str, before: ObservedPage, after: ObservedPage) -> ReadStep:
    try:
        action = parse_action(text)
    except ActionSyntaxError:
        return ReadStep(text, "invalid", None, text.strip(), _page(before), _page(after), after.error)
    element = getattr(action, "element", None)
    kind = type(action).__name__.lower()
    return ReadStep(text, kind, element, describe(action, before), _page(before), _page(after), after.error)


def describe(action: Action, page: ObservedPage) -> str:
    """The action with role and name in place of the element's number.

    >>> page = parse_observation('goal: g\\nstep 0/9\\ntitle: t\\nurl: http://a.test/\\n\\n[7] combobox "Search" [8] link "Cart"')
    >>> describe(parse_action("click(8)"), page), describe(parse_action('fill(7, "tea", enter=True)'), page)
    ('click link "Cart"', 'fill combobox "Search" with "tea", Enter')
    >>> describe(parse_action('stop("42")'), page), describe(parse_action("click(99)"), page)
    ('stop "42"', 'click [99]')
    """
    number = getattr(action, "element", None)
    found = next((e for e in page.elements if e.id == number), None)
    target = f"[{number}]" if found is None else f'{found.role} "{found.name}"'
    match action:
        case Fill(text=text, enter=enter):
            return f'fill {target} with "{text}"{", Enter" if enter else ""}'
        case Select(options=options):
            return f"select {', '.join(options)!r} in {target}"
        case Press(key=key):
            return f"press {key}" if number is None else f"press {key} in {target}"
        case Stop(answer=answer):
            return f'stop "{answer}"'
        case Click():
            return f"click {target}"
    if number is not None:
        return f"{type(action).__name__.lower()} {target}"
    return action.to_text()


def _page(page: ObservedPage) -> tuple[str, int]:
    return page.url.split("#", 1)[0], page.part


def casefolded(step: ReadStep) -> ReadStep:
    """The step with its words in one case and spacing, so that equal decisions compare equal."""
    return replace(step, described=" ".join(step.described.casefold().split()))
