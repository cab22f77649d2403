"""References of the form "label: value", and which value an answer gives to which label.

``driving: 13min``, ``170: cancelled``, ``The Oaklander Hotel: 375m``, ``01:11`` (month and count). An answer may name
labels and values in its own words and order; a value counts for the label it stands with.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .values import MONTHS, Value, find_values, whole_value
from .wording import NOT, Word, fold, stem, words

_MODES = {
    "walk": r"walk(?:ing|s)?|on foot|by foot|foot|pedestrian",
    "drive": r"driv(?:e|es|ing)|(?:by )?car",
    "bike": r"(?:by )?bi(?:ke|king|cycle|cycling)|cycl(?:e|ing)",
}
STATUSES = {
    "canceled": r"cancel(?:l?ed)?",
    "pending": r"pending",
    "complete": r"completed?",
    "processing": r"processing",
    "closed": r"closed",
    "shipped": r"shipped",
    "delivered": r"delivered",
    "on hold": r"on hold",
}
_NEARBY = 40  # characters around a value in which a comparison or a negation concerns it
# A label's value ends where the next one may begin.
_SEGMENT_END = re.compile(r"[;\n|]|,(?!\d)|\.(?!\w)|\band\b|\bwhile\b|\bwhereas\b|\bversus\b|\bvs\b")


class Pair(NamedTuple):
    """A reference taken apart. ``value`` is a Value, or the name of a status."""

    label: str
    value: Value | str


def split_pair(reference: str) -> Pair | None:
    """The label and value of a reference, None if it is not of this form."""
    label, colon, rest = reference.rpartition(":")
    if not colon or not label.strip():
        return None
    if (status := status_named(rest)) is not None:
        return Pair(label.strip(), status)
    value = whole_value(rest)
    return None if value is None or value.kind not in ("duration", "distance") else Pair(label.strip(), value)


def status_named(text: str) -> str | None:
    """The order status that ``text`` is, if it is nothing else."""
    text = text.strip(" .").lower()
    return next((name for name, pattern in STATUSES.items() if re.fullmatch(pattern, text)), None)


@dataclass(slots=True)
class _Group:
    labels: list[int] = field(default_factory=list)
    values: list[Value | str] = field(default_factory=list)


def assign(pairs: Sequence[Pair], text: str) -> list[list[Value | str]]:
    """For each pair's label, the values that ``text`` gives it.

    Labels that follow each other share a value, or take as many values in their order ("170 and 189 are canceled and
    pending"). A value without a label, such as a difference or a total, counts for none.
    """
    text = fold(text)
    marks = _labels(pairs, text) + _values(pairs, text)
    marks.sort(key=lambda mark: mark.start)
    given: list[list[Value | str]] = [[] for _ in pairs]
    group = _Group()
    for segment in _segments(marks, text):
        kinds = ["value" if mark.label is None else "label" for mark in segment]
        if kinds == ["value", "label"] and not (group.labels and not group.values):
            segment.reverse()  # "13 min by car"
        for mark in segment:
            if mark.label is not None:
                if group.values:
                    _close(group, given)
                    group = _Group()
                group.labels.append(mark.label)
            elif len(group.values) < len(group.labels):
                group.values.append(mark.value)
    _close(group, given)
    return given


def _close(group: _Group, given: list[list[Value | str]]) -> None:
    if len(group.values) == 1:
        for label in group.labels:
            given[label].append(group.values[0])
    elif len(group.values) == len(group.labels):
        for label, value in zip(group.labels, group.values, strict=True):
            given[label].append(value)


class _Mark(NamedTuple):
    """A label (its index) or a value in the text."""

    start: int
    end: int
    label: int | None
    value: Value | str = ""


def _segments(marks: list[_Mark], text: str) -> list[list[_Mark]]:
    """The marks, cut where the text is cut; a cut inside a mark ("1 hour and 5 minutes") is none."""
    cuts = [match.start() for match in _SEGMENT_END.finditer(text)]
    segments: list[list[_Mark]] = [[]]
    previous = 0
    for mark in marks:
        cut = bisect.bisect_left(cuts, previous)
        if cut < len(cuts) and cuts[cut] < mark.start and segments[-1]:
            segments.append([])
        segments[-1].append(mark)
        previous = mark.end
    return segments


def _labels(pairs: Sequence[Pair], text: str) -> list[_Mark]:
    found: list[_Mark] = []
    taken = bytearray(len(text) + 1)
    for index, pair in enumerate(pairs):
        for start, end in label_places(pair.label, text):
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(_Mark(start, end, index))
    return found


def label_places(label: str, text: str) -> list[tuple[int, int]]:
    """Where a folded text names the label: a number, a way to travel, or a name of which the first word is enough."""
    label = fold(label).strip()
    if label.isdigit():
        pattern = rf"#?\b0*{int(label)}\b"
    elif (mode := stem(label)) in (modes := {stem(name): name for name in _MODES}):
        pattern = rf"\b(?:{_MODES[modes[mode]]})\b"
    else:
        return _name_places(label, text)
    return [(match.start(), match.end()) for match in re.finditer(pattern, text)]


def _name_places(name: str, text: str) -> list[tuple[int, int]]:
    wanted = [word.text for word in words(name)]
    found: list[Word] = words(text)
    places = []
    i = 0
    while i < len(found):
        length = 0
        while length < len(wanted) and i + length < len(found) and _nearly_same(found[i + length].text, wanted[length]):
            length += 1
        if length:
            last = found[i + length - 1]
            places.append((found[i].start, last.start + len(last.text)))
        i += max(length, 1)
    return places


def _nearly_same(one: str, other: str) -> bool:
    """Equal, or one letter apart in words of five or more: references have their typos too."""
    if one == other:
        return True
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _values(pairs: Sequence[Pair], text: str) -> list[_Mark]:
    if any(isinstance(pair.value, str) for pair in pairs):
        return [
            _Mark(match.start(), match.end(), None, name if not _denied(text, match.start()) else f"{NOT} {name}")
            for name, pattern in STATUSES.items()
            for match in re.finditer(rf"\b(?:{pattern})\b", text)
        ]
    kinds = {pair.value.kind for pair in pairs if isinstance(pair.value, Value)}
    return [
        _Mark(value.start, value.end, None, value)
        for value in find_values(text)
        if value.kind in kinds and not _is_difference(value, text)
    ]


def _is_difference(value: Value, text: str) -> bool:
    """Whether the value compares two others: "92 minutes longer", "a difference of 92 minutes"."""
    after = re.match(
        r"\s*(?:\w+\s+)?(?:longer|shorter|more|less|faster|slower|difference)\b", text[value.end : value.end + _NEARBY]
    )
    before = re.search(
        r"\b(?:difference(?:\s+(?:is|of))?|longer by|by)\W+(?:about\s+)?$",
        text[max(0, value.start - _NEARBY) : value.start],
    )
    return after is not None or before is not None


def _denied(text: str, position: int) -> bool:
    before = text[max(0, position - _NEARBY) : position]
    return re.search(r"\b(?:not|never|isn't|wasn't)(?:\s+\w+)?\s+$", before) is not None


_MONTH_COUNT = re.compile(
    rf"(?<![\d:])(?:(?P<name>{'|'.join(month[:3] for month in MONTHS)})[a-z]*|(?P<number>0?[1-9]|1[0-2]))"
    r"(?:[\s,]*(?:of\s+)?20\d\d)?\s*(?::|=|-|->|\||has|had|with)?\s*(?P<count>\d+)(?![\d:/])"
)


def month_counts(text: str) -> dict[int, set[int]]:
    """The counts that ``text`` gives each month: ``01:11``, ``January: 11 orders``, ``{"01": 11}``.

    >>> month_counts("01:11, Feb 2022: 16")
    {1: {11}, 2: {16}}
    """
    text = re.sub(r"[\"'{}\[\]*]", "", fold(text)).replace("/2022", "").replace("2022-", "")
    counts: dict[int, set[int]] = {}
    for match in _MONTH_COUNT.finditer(text):
        name = match["name"]
        month = int(match["number"]) if name is None else 1 + [m[:3] for m in MONTHS].index(name)
        counts.setdefault(month, set()).add(int(match["count"]))
    return counts
