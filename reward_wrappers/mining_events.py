"""What can be said of one transition in the declarative form: the raw material of ``mine_milestones``.

Not covered: continuous observations (where to put a threshold is a choice; pass ``events``), images of more than 512 numbers,
actions, and anything that lies in the change from one observation to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from reward_wrappers.predicate import Predicate
from reward_wrappers.predicates import (
    element_present,
    info_equals,
    observation_equals,
    reward_at_least,
    text_contains,
    url_matches,
)
from reward_wrappers.transition import Transition

# Counters, clocks, outcomes, and what this package's own wrappers add: they tell episodes apart but are no milestones.
_NO_EVENTS = frozenset(
    "step steps elapsed elapsed_steps episode TimeLimit.truncated task_id seed infra_error last_error answer success "
    "eval_result reason done is_success won lost score raw_reward env_reward task_reward shaping milestones "
    "milestone_weights milestones_reached judge_unanswered url prob action_mask".split()
)
_MAX_ARRAY = 512
_LINE_CHARS = range(4, 81)
# The header of a WebArenaLite observation, and lines that hold a clock or a counter in the same style.
_HEADER = re.compile(r"^\s*(?:goal|tabs|title|url|error|step|page|score|moves|turns|time)\b[\s:]", re.IGNORECASE)
_ELEMENT = re.compile(r"\[\w+\]\s+([\w-]+)\s+(?:\"((?:[^\"\\\n]|\\.)+)\"|'([^'\n]+)')")
_HEADING = re.compile(r"^#+ (.+)$")


def events_of(transition: Transition) -> Iterator[Predicate]:
    """Declarative predicates that hold on ``transition``.

    >>> [str(event) for event in events_of(Transition(0, 1, 4, 0.0, False, False, {"room": "hall"}))]
    ["info_equals(key=('room',), value='hall')", 'observation_equals(value=4, at=())']
    """
    info = transition.info
    for key in info:
        if key not in _NO_EVENTS and isinstance(info[key], str | bool | int):
            yield info_equals(key, info[key])
    if isinstance(url := info.get("url"), str) and url:
        yield url_matches(f"^{re.escape(re.split('[?#]', url)[0])}(?:[?#]|$)")
    if transition.reward is not None and transition.reward > 0:
        yield reward_at_least(transition.reward)
    yield from _observed(transition.next_observation, ())


def clarity(event: Predicate) -> int:
    """The place of an event's kind among those that say the same of a moment, 0 for the one that people read best."""
    kinds = (info_equals, url_matches, element_present, text_contains, observation_equals, reward_at_least)
    return kinds.index(type(event)) if type(event) in kinds else len(kinds)


def name_of(event: Predicate) -> str:
    """A short name for people.

    >>> name_of(observation_equals(5, at=("image", 3, 6, 0)))
    'image/3/6/0 is 5'
    """
    match event:
        case url_matches(pattern):
            return "at " + re.sub(r"\\(.)", r"\1", pattern.removeprefix("^").removesuffix("(?:[?#]|$)"))
        case text_contains(text):
            return f"text {text!r}"
        case element_present(role, name):
            return f"{role} {name!r}"
        case info_equals(key, value):
            return f"info {'/'.join(map(str, key))} is {value!r}"
        case observation_equals(value, at):
            return f"{'/'.join(map(str, at)) or 'observation'} is {value!r}"
        case reward_at_least(threshold):
            return f"reward {threshold:g}"
    return repr(event)


def _observed(part: Any, path: tuple[str | int, ...]) -> Iterator[Predicate]:
    if isinstance(part, str):
        yield from _in_text(part, path)
    elif isinstance(part, Mapping):
        for key in part:
            if isinstance(key, str | int):
                yield from _observed(part[key], (*path, key))
    elif _is_whole(part) or (isinstance(part, tuple) and all(map(_is_whole, part))):
        yield observation_equals(part, at=path)
    elif isinstance(part, np.ndarray) and part.dtype.kind in "biu" and part.size <= _MAX_ARRAY:
        for index, value in np.ndenumerate(part):
            yield observation_equals(value, at=(*path, *index))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer | np.bool_)


def _in_text(text: str, path: tuple[str | int, ...]) -> Iterator[Predicate]:
    for line in text.splitlines():
        line = line.strip()
        if _HEADER.match(line):
            continue
        heading = _HEADING.match(line)
        elements = _ELEMENT.findall(line)
        if elements and not path:
            for role, double, single in elements:
                yield element_present(role, re.sub(r"\\(.)", r"\1", double) or single)
        elif heading and not path:
            yield element_present("heading", heading[1])
        elif not elements and len(line) in _LINE_CHARS:
            yield text_contains(line, at=path)
