"""A ``stop`` text as the response that webarena-verified wants: ``{"task_type", "status", "retrieved_data"}``.

A text that is such an object already is passed on. Any other is wrapped, and what a policy of webarena-verified would have to
say itself is filled in: the task's type, and for values the names of the results schema, unless they are written in JSON.
``docs/scoring.md`` says what that gives away. What does not fit is passed on as it is, for webarena-verified to reject.

Not covered: nested objects that are not written in JSON, several objects with more than two properties in one line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from .absence import is_not_achievable
from .string_match import clean_answer
from .values import find_values
from .wording import fold

Response = dict[str, Any]
Properties = Mapping[str, Mapping[str, Any]]

_TYPE_KEYS = ("task_type", "performed_operation")  # the second is the older name of the first
_FENCE = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.S)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_COMMA = re.compile(r",\s+(?:and\s+)?")  # a comma within a number has no space behind it
_PAIR = re.compile(r"(?s)\s*(.+?)\s*[:=]\s+(.+?)\s*")
_YES_OR_NO = re.compile(r"\W*(yes|no|true|false)\b", re.I)
_NULL = re.compile(r"\W*(?:null|none|never|n/?a|not available|unknown)\W*", re.I)
_REFUSED = re.compile(
    r"\b(?:cannot|can't|can not|not (?:be )?(?:allowed|possible|permitted|supported)|unable to)\b", re.I
)
_COMMAS_WITHIN = frozenset({"date", "duration", "distance", "coordinates", "url"})  # formats of one value


def wrap(answer: str, *, task_type: str, results_schema: Mapping[str, Any], intent: str) -> Response:
    """The response that ``answer`` stands for, in a task of this type ("retrieve", "mutate" or "navigate").

    >>> wrap("Rachel, T. Gannon", task_type="retrieve", results_schema={"items": {"type": "string"}}, intent="Who?")
    {'task_type': 'retrieve', 'status': 'SUCCESS', 'retrieved_data': ['Rachel', 'T. Gannon']}
    """
    if (response := as_response(answer)) is not None:
        return response
    if task_type == "retrieve" and (values := _as_values(answer)) is not None:
        return {"task_type": task_type, "status": "SUCCESS", "retrieved_data": values}
    items = results_schema.get("items") or {}
    # "No, it is open" answers a question of yes or no, and does not say that nothing was found.
    is_value = items.get("type") == "boolean" and _YES_OR_NO.match(answer)
    if not is_value and (status := _failure(answer, task_type, intent)):
        return {"task_type": task_type, "status": status, "retrieved_data": None}
    retrieved = retrieved_data(answer, items) if task_type == "retrieve" else None
    return {"task_type": task_type, "status": "SUCCESS", "retrieved_data": retrieved}


def as_response(answer: str) -> Response | None:
    """The object that ``answer`` writes in JSON, with or without a code fence; None if it is no response."""
    value = _as_json(answer)
    is_response = isinstance(value, dict) and "status" in value and any(key in value for key in _TYPE_KEYS)
    return value if is_response else None


def _as_values(answer: str) -> list[Any] | None:
    """The list, or the one object, that ``answer`` writes in JSON, as questions of webarena-verified ask for."""
    value = _as_json(answer)
    return [value] if isinstance(value, dict) else value if isinstance(value, list) else None


def _as_json(answer: str) -> Any:
    fenced = _FENCE.search(answer)
    try:
        return json.loads(fenced[1] if fenced else answer)
    except (ValueError, RecursionError):
        return None


def _failure(answer: str, task_type: str, intent: str) -> str | None:
    """The status of an answer that says that it cannot be done or that there is none, else None."""
    if clean_answer(answer) == "n/a":
        return "NOT_FOUND_ERROR"
    if task_type != "retrieve":
        says_so = re.match(r"\W*n/a\b", answer, re.I) is not None
        return "ACTION_NOT_ALLOWED_ERROR" if says_so and _REFUSED.search(answer) else None
    # "0" is a value, though it says that there is none.
    return "NOT_FOUND_ERROR" if not re.search(r"\d", answer) and is_not_achievable(answer, intent) else None


def retrieved_data(answer: str, items: Mapping[str, Any]) -> list[Any]:
    """The values in ``answer``, as the schema of one item describes them; empty for an empty answer."""
    if not answer.strip():
        return []
    if items.get("type") == "boolean" and (said := _YES_OR_NO.match(answer)):
        return [said[1].lower() in ("yes", "true")]
    if items.get("type") == "object" and items.get("properties"):
        return _objects(answer, items["properties"])
    return _pieces(answer, commas=items.get("format") not in _COMMAS_WITHIN)


def _pieces(text: str, *, commas: bool = True) -> list[str]:
    """``text`` cut at its lines, else at semicolons, else at commas."""
    lines = [_BULLET.sub("", line).strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return lines
    separated = [part.strip() for part in text.split(";")]
    if len(separated) > 1:
        return [part for part in separated if part]
    return [part.strip() for part in (_COMMA.split(text) if commas else [text]) if part.strip()]


def _objects(answer: str, properties: Properties) -> list[Any]:
    names = list(properties)
    pieces = _pieces(answer)
    pairs = [_PAIR.fullmatch(piece) for piece in pieces]
    labelled = [(pair[1], pair[2]) for pair in pairs if pair is not None]
    if labelled and len(labelled) == len(pieces):
        if found := _by_name(labelled, names):
            return found
        if len(names) == 2:  # "170: canceled" where a number and a status are wanted
            return [dict(zip(names, pair, strict=True)) for pair in labelled]
    if all(schema.get("type") in ("number", "integer") for schema in properties.values()):
        return _numbers(answer, names)
    rows = answer.splitlines() if "\n" in answer.strip() else [answer]
    cut = [_pieces(_BULLET.sub("", row)) for row in rows if row.strip()]
    if all(len(row) == len(names) for row in cut):
        return [dict(zip(names, row, strict=True)) for row in cut]
    return [answer]


def _by_name(labelled: Sequence[tuple[str, str]], names: Sequence[str]) -> list[Response]:
    """Objects from lines such as "status: canceled", a new one wherever a property comes again; empty if a label is none."""
    found: list[Response] = [{}]
    for label, value in labelled:
        name = next((name for name in names if _words(label) <= _words(name)), None)
        if name is None:
            return []
        if name in found[-1]:
            found.append({})
        found[-1][name] = None if _NULL.fullmatch(value) else value
    return found if all(len(each) == len(names) for each in found) else []


def _words(label: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", label.lower()))


def _numbers(answer: str, names: Sequence[str]) -> list[Any]:
    """One object of the numbers in a sentence, in the order of the properties; a lone price is both ends of a range."""
    text = fold(answer)
    amounts = [str(value.amount) for value in find_values(text) if value.kind in ("number", "money")]
    if len(amounts) == 1 and set(names) == {"min", "max"}:
        amounts *= 2
    return [dict(zip(names, amounts, strict=True))] if len(amounts) == len(names) else [answer]
