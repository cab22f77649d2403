"""How oracles read words, sums and dates: the same for every site. Standard library only."""

from __future__ import annotations

import calendar
import datetime as dt
import difflib
import re
from collections.abc import Iterable
from decimal import Decimal

_WORD = re.compile(r"[a-z0-9]+(?:\.[0-9]+[a-z]*)?")
_STOP_WORDS = frozenset("a an and the of for to in on my s".split())
_MONTHS = [name.lower() for name in calendar.month_abbr]
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9}  # their first month
_NUMBERS = "zero one two three four five six seven eight nine ten".split()


def words(text: str) -> list[str]:
    """The words of a text that say something, in lower case.

    >>> words("What is the Men's 3.5mm cable?")
    ['what', 'is', 'men', '3.5mm', 'cable']
    """
    return [word for word in _WORD.findall(text.lower().replace("’", "'")) if word not in _STOP_WORDS]


def alike(one: str, other: str) -> bool:
    """Equal, two forms of a word, one at the end of the other, or a typing error apart.

    >>> alike("resistant", "resists"), alike("phone", "iphone"), alike("artifical", "artificial"), alike("men", "women")
    (True, True, True, False)
    """
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if len(short) < 4 or short[0].isdigit():
        return False
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if same >= max(4, len(short) - 2) and len(long) - same <= 3:
        return True
    return long.endswith(short) or (len(short) > 5 and difflib.SequenceMatcher(None, one, other).ratio() > 0.85)


def shared_words(text: str, wanted: str) -> int:
    """How many words of ``wanted`` the text has."""
    return sum(any(alike(word, other) for other in words(text)) for word in words(wanted))


def mentions(text: str, wanted: str) -> bool:
    """True if the text has every word of ``wanted``, in any order; two of them may be written as one.

    >>> mentions("Makeup Removal Kit with Oil", "make up removal kit"), mentions("Makeup Bag", "make up removal kit")
    (True, False)
    """
    said, asked = words(text), words(wanted)
    place = 0
    while place < len(asked):
        if "".join(asked[place : place + 2]) in said and place + 1 < len(asked):
            place += 2
        elif any(alike(asked[place], word) for word in said):
            place += 1
        else:
            return False
    return True


def money(text: str) -> Decimal:
    """The first sum in dollars.

    >>> money("Order Total $2,004.99")
    Decimal('2004.99')
    """
    match = re.search(r"\$([\d,]+(?:\.\d+)?)", text)
    if match is None:
        raise ValueError(f"no sum in dollars in {text!r}")
    return Decimal(match[1].replace(",", ""))


def plain(amount: Decimal) -> str:
    """An amount without a currency, a comma or zeros at the end of its decimals.

    >>> plain(Decimal("2120.1250")), plain(Decimal("0.00")), plain(Decimal("100"))
    ('2120.125', '0', '100')
    """
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def number(text: str) -> int:
    """A number in digits or in words up to ten.

    >>> number("three"), number("15")
    (3, 15)
    """
    return _NUMBERS.index(text.lower()) if text.lower() in _NUMBERS else int(text)


def short_date(text: str) -> dt.date:
    """
    >>> short_date("5/17/23")
    datetime.date(2023, 5, 17)
    """
    month, day, year = map(int, text.split("/"))
    return dt.date(year + 2000 if year < 100 else year, month, day)


def days_of(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of a year, a month of a year ("Feb 2023"), or a season ("summer 2022").

    >>> days_of("November 2022"), days_of("summer 2022")[1]
    ((datetime.date(2022, 11, 1), datetime.date(2022, 11, 30)), datetime.date(2022, 8, 31))
    """
    name, _, year_text = text.rpartition(" ")
    year, name = int(year_text), name.lower()
    if not name:
        first, last = 1, 12
    elif name in _SEASONS:
        first, last = _SEASONS[name], _SEASONS[name] + 2
    else:
        first = last = _MONTHS.index(name[:3])
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
