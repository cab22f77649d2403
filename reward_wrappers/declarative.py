"""Milestones as data: dicts and JSON in, milestones out, and back. Nothing in the data is ever evaluated as code.

>>> text = milestones_to_json([Milestone("cart", url_matches("/cart") & ~text_contains("is empty"), weight=2.0)])
>>> print(text)
[
  {
    "name": "cart",
    "when": {
      "type": "all_of",
      "parts": [
        {
          "type": "url_matches",
          "pattern": "/cart"
        },
        {
          "type": "not",
          "part": {
            "type": "text_contains",
            "text": "is empty",
            "at": [],
            "ignore_case": false
          }
        }
      ]
    },
    "weight": 2.0
  }
]
>>> milestones_from_json(text)[0].predicate
url_matches(pattern='/cart') & ~text_contains(text='is empty', at=(), ignore_case=False)

A ``"type"`` is one of the fixed list below, so data from a stranger can at worst be slow: ``url_matches`` holds a regular
expression, and some of those take long.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from reward_wrappers.milestone import Milestone, check_milestones
from reward_wrappers.predicate import Predicate, all_of, any_of, as_predicate, negation, then
from reward_wrappers.predicates import (
    answer_given,
    element_present,
    info_equals,
    milestone_reported,
    observation_at_least,
    observation_equals,
    reward_at_least,
    text_contains,
    url_matches,
)

_TYPES: dict[str, type[Predicate]] = {
    predicate.kind: predicate
    for predicate in (
        all_of,
        any_of,
        negation,
        then,
        answer_given,
        element_present,
        info_equals,
        milestone_reported,
        observation_at_least,
        observation_equals,
        reward_at_least,
        text_contains,
        url_matches,
    )
}
_NESTED = {"part", "first", "later"}
_MAX_DEPTH = 50


def predicate_from_dict(data: Mapping[str, Any], *, _depth: int = 0) -> Predicate:
    """The predicate that ``data`` describes; the reverse of ``Predicate.to_dict``.

    Raises:
        ValueError: If the type is unknown, a field is unknown, missing or of the wrong kind, or the nesting is deeper
            than 50.

    >>> predicate_from_dict({"type": "not", "part": {"type": "reward_at_least", "threshold": 1}})
    ~reward_at_least(threshold=1.0)
    """
    if not (isinstance(data, Mapping) and isinstance(data.get("type"), str)):
        raise ValueError(f"a predicate is a dict with a 'type', such as {{'type': 'url_matches', ...}}, got {data!r}")
    if _depth > _MAX_DEPTH:
        raise ValueError(f"predicates are nested deeper than {_MAX_DEPTH}; split the milestone into several")
    kind = data["type"]
    if kind not in _TYPES:
        close = difflib.get_close_matches(kind, _TYPES, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"the types are {', '.join(sorted(_TYPES))}"
        raise ValueError(f"unknown predicate type {kind!r}; {hint}")
    values = {name: _from_data(name, value, _depth + 1) for name, value in data.items() if name != "type"}
    known = {f.name for f in dataclasses.fields(_TYPES[kind]) if f.init}  # type: ignore[arg-type]
    if unknown := sorted(set(values) - known):
        raise ValueError(
            f"{kind} has no field {', '.join(map(repr, unknown))}; its fields are {', '.join(sorted(known))}"
        )
    try:
        return _TYPES[kind](**values)
    except TypeError as error:  # a missing field, or a number where a list belongs
        raise ValueError(f"{dict(data)!r} does not describe a {kind} predicate: {error}") from error


def milestone_to_dict(milestone: Milestone) -> dict[str, Any]:
    """The declarative form of one milestone: name, ``when`` (its predicate) and weight.

    Raises:
        ValueError: If its predicate is Python code.
    """
    try:
        when = as_predicate(milestone.predicate).to_dict()
    except ValueError as error:
        raise ValueError(f"milestone {milestone.name!r} cannot be written as data: {error}") from error
    return {"name": milestone.name, "when": when, "weight": float(milestone.weight)}


def milestone_from_dict(data: Mapping[str, Any]) -> Milestone:
    """The milestone that ``data`` describes; ``weight`` may be left out.

    Raises:
        ValueError: If a field is missing, unknown or invalid.
    """
    if not (isinstance(data, Mapping) and {"name", "when"} <= set(data) <= {"name", "when", "weight"}):
        raise ValueError(f"a milestone is a dict of 'name', 'when' and perhaps 'weight', got {data!r}")
    return Milestone(data["name"], predicate_from_dict(data["when"]), data.get("weight", 1.0))


def milestones_to_json(milestones: Iterable[Milestone]) -> str:
    """A set of milestones as JSON text."""
    return json.dumps([milestone_to_dict(m) for m in check_milestones(milestones)], indent=2, allow_nan=False)


def milestones_from_json(text: str) -> tuple[Milestone, ...]:
    """The milestones in a JSON text that ``milestones_to_json`` wrote.

    Raises:
        ValueError: If the text is not JSON, not a list, or an item is not a milestone.
    """
    try:
        items = json.loads(text)
    except RecursionError:
        raise ValueError("the JSON text is nested too deeply to be a list of milestones") from None
    if not isinstance(items, list):
        raise ValueError(f"expected a JSON list of milestones, got a {type(items).__name__}")
    return check_milestones(milestone_from_dict(item) for item in items)


def _from_data(name: str, value: Any, depth: int) -> Any:
    if name in _NESTED:
        return predicate_from_dict(value, _depth=depth)
    if name == "parts" and isinstance(value, list | tuple):
        return tuple(predicate_from_dict(part, _depth=depth) for part in value)
    return value
