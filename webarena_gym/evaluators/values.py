"""Dates, durations, distances, sums of money, phone numbers and plain numbers in a text, as values that compare.

Covered: English, as WebArena's references and its sites write them (``3/2/22`` is March 2, ``1:45`` is a duration). Number
words up to twenty count as digits. Not covered: fractions in words, other currencies, times of day.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Literal, NamedTuple

ValueKind = Literal["date", "duration", "distance", "money", "phone", "number"]

_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
}
MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:r?u?ary|urary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_AMOUNT = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_LESS = r"(?P<less>less than|fewer than|under|below|<)?\s*"


class Value(NamedTuple):
    """``amount`` by kind: (year or None, month, day); minutes; metres; dollars; the digits of a phone number; a number.

    ``less`` marks "less than" that amount. ``start`` and ``end`` tell where in the text it stands.
    """

    kind: ValueKind
    amount: tuple[int | None, int, int] | Decimal | str
    less: bool = False
    start: int = 0
    end: int = 0

    def same(self, other: Value) -> bool:
        """Whether both say the same; a date without a year fits every year, and plain money is a number too."""
        if {self.kind, other.kind} == {"money", "number"}:
            return self.amount == other.amount
        if self.kind != other.kind or self.less != other.less:
            return False
        if self.kind == "date":
            (year, *day), (other_year, *other_day) = self.amount, other.amount  # type: ignore[misc]
            return day == other_day and (year is None or other_year is None or year == other_year)
        if self.kind == "phone":
            short, long = sorted((str(self.amount), str(other.amount)), key=len)
            return long == short or long == "1" + short  # with or without the country code
        return self.amount == other.amount


def digits_for_words(text: str) -> str:
    """``text`` in lower case with number words as digits.

    >>> digits_for_words("Three days and an hour")
    '3 days and 1 hour'
    """
    text = re.sub(r"\b(?:an?)(?= (?:hour|minute|day|week|mile)\b)", "1", text.lower())
    return re.sub(r"\b[a-z]+\b", lambda match: _NUMBER_WORDS.get(match[0], match[0]), text)


def find_values(text: str) -> list[Value]:
    """The values in ``text``, which is as ``digits_for_words`` gives it, in order and without overlap."""
    return list(_values(text))


@functools.lru_cache(maxsize=64)  # one answer is compared with many references
def _values(text: str) -> tuple[Value, ...]:
    found: list[Value] = []
    taken = [False] * len(text)
    for kind, pattern, read in _FORMS:
        for match in pattern.finditer(text):
            start, end = match.start("value"), match.end("value")
            if any(taken[start:end]):
                continue
            amount = read(match)
            if amount is None:
                continue
            less = "less" in pattern.groupindex and match["less"] is not None
            if kind == "duration" and amount == 0:
                amount, less = Decimal(1), True  # "0:00" is what a route of less than a minute shows
            taken[start:end] = [True] * (end - start)
            if kind is not None:
                found.append(Value(kind, amount, less, start, end))
    return tuple(_with_ranges(sorted(found, key=lambda value: value.start), text))


def _with_ranges(values: list[Value], text: str) -> list[Value]:
    """``values`` with the first number of a range such as "8 to 9 minutes" as a value of the same kind, equal to none."""
    for i, (low, high) in enumerate(itertools.pairwise(values)):
        between = text[low.end : high.start]
        if low.kind == "number" != high.kind and re.fullmatch(r"\s*(?:-|to|or)\s*", between):
            values[i] = Value(high.kind, Decimal(-1), start=low.start, end=low.end)
    return values


def whole_value(text: str) -> Value | None:
    """The value that ``text`` is, if it is nothing else."""
    text = digits_for_words(text).strip().rstrip(".")
    values = find_values(text)
    if len(values) == 1 and (values[0].start, values[0].end) == (0, len(text)):
        return values[0]
    return None


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _read_date(match: re.Match[str]) -> tuple[int | None, int, int] | None:
    groups = match.groupdict()
    month_text, year_text = groups["month"], groups.get("year")
    month = int(month_text) if month_text.isdigit() else 1 + [name[:3] for name in MONTHS].index(month_text[:3])
    day, year = int(groups["day"]), int(year_text) if year_text else None
    if "day_first" in groups and month > 12 >= day:
        month, day = day, month  # 23/5/2023: no month 23, so the day came first
    if year is not None and year < 100:
        year += 2000
    return (year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _read_duration(match: re.Match[str]) -> Decimal | None:
    groups = match.groupdict()
    if groups.get("clock_h") is not None:
        return Decimal(int(groups["clock_h"]) * 60 + int(groups["clock_m"]))
    if groups.get("seconds") is not None:
        return Decimal(0) if int(groups["seconds"]) < 60 else None
    total = Decimal(0)
    for name, minutes in (("weeks", 10080), ("days", 1440), ("hours", 60), ("minutes", 1)):
        if groups.get(name):
            total += Decimal(groups[name]) * minutes
    return total


def _read_distance(match: re.Match[str]) -> Decimal:
    metres = {"k": Decimal(1000), "m": Decimal(1), "mi": Decimal("1609.344"), "f": Decimal("0.3048")}
    unit = match["unit"]
    key = "k" if unit.startswith("k") else "mi" if unit.startswith("mi") else "f" if unit.startswith("f") else "m"
    return _number(match["number"]) * metres[key]


def _read_phone(match: re.Match[str]) -> str | None:
    digits = re.sub(r"\D", "", match["value"])
    return digits if 10 <= len(digits) <= 13 else None


def _read_number(match: re.Match[str]) -> Decimal:
    return _number(match["number"])


_Read = Callable[[re.Match[str]], "tuple[int | None, int, int] | Decimal | str | None"]


def _form(kind: ValueKind | None, pattern: str, read: _Read) -> tuple[ValueKind | None, re.Pattern[str], _Read]:
    return kind, re.compile(rf"(?<![\w.])(?P<value>{pattern})(?!\w|\.\d)"), read


_HOURS = r"(?P<hours>\d+(?:\.\d+)?)\s*-?(?:hours?|hrs?|h)"
_MINUTES = r"(?P<minutes>\d+(?:\.\d+)?)\s*-?(?:minutes?|mins?)"
# In this order; what an earlier form took is not looked at again.
_FORMS = [
    _form("phone", r"(?:(?:\+\d{1,3}|1)[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}", _read_phone),
    _form("date", rf"{_MONTH}\s+{_DAY}(?:\s*,?\s+(?:of\s+)?{_YEAR})?", _read_date),
    _form("date", rf"{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?", _read_date),
    _form("date", r"(?P<year>(?:19|20)\d\d)[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})", _read_date),
    _form("date", r"(?P<day_first>)(?P<month>\d{1,2})[/.-](?P<day>\d{1,2})[/.-](?P<year>(?:20)?\d\d)", _read_date),
    _form(None, r"\d{1,2}:\d\d(?::\d\d)?\s*[ap]\.?m\b", lambda match: ""),  # a time of day
    _form("money", rf"(?:us)?\$\s*(?P<number>{_AMOUNT})|usd\s*(?P<usd>{_AMOUNT})",
          lambda match: _number(match["number"] or match["usd"])),
    _form("money", rf"(?P<number>{_AMOUNT})\s*(?:us\s+)?(?:dollars?|usd|bucks)", _read_number),
    _form("duration", rf"{_LESS}{_HOURS}(?:\s*,?\s*(?:and\s+)?(?P<minutes>\d+)\s*-?(?:minutes?|mins?|m)?(?![\d:]))?",
          _read_duration),
    _form("duration", rf"{_LESS}{_MINUTES}", _read_duration),
    _form("duration", rf"{_LESS}(?P<days>\d+(?:\.\d+)?)\s*-?days?", _read_duration),
    _form("duration", rf"{_LESS}(?P<weeks>\d+(?:\.\d+)?)\s*-?weeks?", _read_duration),
    _form("duration", r"(?P<seconds>\d+)\s*(?:seconds?|secs?)", _read_duration),
    _form("duration", r"(?P<clock_h>\d{1,2}):(?P<clock_m>[0-5]\d)", _read_duration),
    _form("distance", rf"(?P<number>{_AMOUNT})\s*-?(?P<unit>kilomet(?:er|re)s?|kms?|met(?:er|re)s?|miles?|mi|m|feet|ft)",
          _read_distance),
    _form(None, r"\d+(?:st|nd|rd|th)", lambda match: ""),  # an ordinal
    _form("number", rf"#?\s*(?P<number>{_AMOUNT})", _read_number),
]  # fmt: skip
