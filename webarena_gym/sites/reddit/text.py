"""Small texts that pages derive: slugs, hosts, ages, counts, flags. All pure, all quick."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from markupsafe import Markup

SLUG_CHARS = 60
_WORD = re.compile(r"\w+")
_AGES = ((31_536_000, "year"), (2_592_000, "month"), (86_400, "day"), (3600, "hour"), (60, "minute"))
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def slug(title: str) -> str:
    """The words of a title in an address: lower case, joined by hyphens, cut at a word's end.

    >>> slug("[OC] Henry's Fork, 2 years later")
    'oc-henry-s-fork-2-years-later'
    >>> slug("…")
    '-'
    """
    found = ""
    for word in _WORD.findall(title.lower()):
        longer = f"{found}-{word}" if found else word
        if len(longer) > SLUG_CHARS:
            break
        found = longer
    return found or "-"


def host(url: str) -> str:
    """What stands beside a link's title; empty for no or an odd address.

    >>> host("https://www.apnews.example/a?b"), host("no address")
    ('www.apnews.example', '')
    """
    try:
        return urlsplit(url).netloc[:255]
    except ValueError:
        return ""


def age(then: int, now: int) -> str:
    """How long ago, in the largest unit that fits.

    >>> age(0, 59), age(0, 60), age(0, 7200), age(0, 86400 * 65)
    ('just now', '1 minute ago', '2 hours ago', '2 months ago')
    """
    seconds = now - then
    for size, unit in _AGES:
        if seconds >= size:
            number = seconds // size
            return f"{number} {unit}{'s' if number > 1 else ''} ago"
    return "just now"


def counted(number: int, noun: str) -> str:
    """
    >>> counted(0, "comment"), counted(1, "comment"), counted(1200, "comment")
    ('No comments', '1 comment', '1,200 comments')
    """
    return f"No {noun}s" if number == 0 else f"{number:,} {noun}{'s' if number != 1 else ''}"


def points(number: int) -> Markup:
    """A score as HTML, with a true minus sign; by its name, as one character beyond ASCII doubles what a page takes in memory.

    >>> points(1200), points(-3)
    (Markup('1200'), Markup('&minus;3'))
    """
    return Markup(number if number >= 0 else f"&minus;{-number}")


def base36(number: int) -> str:
    """
    >>> base36(0), base36(35), base36(36)
    ('0', 'z', '10')
    """
    digits = _BASE36[number % 36]
    while number := number // 36:
        digits = _BASE36[number % 36] + digits
    return digits
