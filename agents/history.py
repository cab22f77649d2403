"""What was done so far in an episode, as a policy may know it: from its own observations and actions."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from webarena_gym.observed import ObservedPage, parse_observation

from .trajectory import State

_CALL = re.compile(r"(\w+)\((?:(\d+)(?:, )?)?(.*)\)$", re.DOTALL)


class Event(NamedTuple):
    """One past action."""

    url: str
    """Where it was taken."""
    action: str
    kind: str
    """The action's word: click, fill, ..."""
    name: str
    """The name of the element it acted on, or its argument where it acted on none."""
    argument: str
    """What it typed, chose or answered."""
    changed: bool
    """Something else than the step count changed on the page."""


def events_of(state: State) -> list[Event]:
    """The past actions of a state, oldest first."""
    return [
        _event(before, action, after)
        for before, action, after in zip(state.observations, state.actions, state.observations[1:], strict=False)
    ]


@functools.lru_cache(maxsize=256)
def parsed_page(observation: str) -> ObservedPage:
    """``parse_observation``, remembered: acting on a page and looking back at it read it once."""
    return parse_observation(observation)


@functools.lru_cache(maxsize=1024)
def _event(before: str, action: str, after: str) -> Event:
    page = parsed_page(before)
    match = _CALL.match(action)
    kind, number, argument = (match[1], match[2], match[3]) if match else (action.split("(")[0], None, "")
    element = next((e for e in page.elements if e.id == int(number)), None) if number else None
    argument = argument.removesuffix(", enter=True").strip('"')
    # A select is named by its option, as its candidate is.
    name = argument if element is None or kind == "select" else element.name
    return Event(page.url, action, kind, name, argument, changed=_shown(before) != _shown(after))


def _shown(observation: str) -> tuple[str, str]:
    """An observation but for goal, step and error."""
    header, _, body = observation.partition("\n\n")
    return "\n".join(line for line in header.split("\n")[2:] if not line.startswith("error: ")), body
