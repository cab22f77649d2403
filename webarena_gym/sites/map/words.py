"""Words of names and queries, brought into one form: lower case, no accents or apostrophes, abbreviations written out."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[a-z0-9]+")
_STOP_WORDS = frozenset("a an and at by for from in of on the to".split())
_LONG = {
    "ave": "avenue", "av": "avenue", "blvd": "boulevard", "dr": "drive", "hwy": "highway", "ln": "lane", "pkwy": "parkway",
    "rd": "road", "sq": "square", "mt": "mount", "univ": "university", "intl": "international", "ctr": "center",
    "centre": "center", "theatre": "theater", "nyc": "new york", "usa": "united states", "us": "united states",
}  # fmt: skip
_STATES = (
    "pa pennsylvania|nj new jersey|ny new york|ma massachusetts|ct connecticut|ri rhode island|vt vermont|nh new hampshire|"
    "me maine|oh ohio|wv west virginia|md maryland|de delaware|va virginia|ky kentucky|mi michigan"
)
STATES = {code: name for code, _, name in (entry.partition(" ") for entry in _STATES.split("|"))}


def plain(text: str) -> str:
    """Lower case without accents; a possessive stands with and without its s, so that either spelling finds it.

    >>> plain("Schiller's Pharmacy"), plain("Dobrá Tea")
    ('schillers schiller pharmacy', 'dobra tea')
    """
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("’", "'"))
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"(\w+)'s\b", r"\1s \1", text).replace("'", "") if "'" in text else text


def words(text: str) -> list[str]:
    """The words of a name, in order, abbreviations written out and small words left out unless there are no others.

    >>> words("5000 Forbes Ave"), words("The University of Pittsburgh"), words("The At")
    (['5000', 'forbes', 'avenue'], ['university', 'pittsburgh'], ['the', 'at'])
    """
    found = _WORD.findall(plain(text))
    long = [part for word in found for part in _LONG.get(word, word).split()]
    return [word for word in long if word not in _STOP_WORDS] or long


def name_words(text: str) -> list[str]:
    """As ``words``, a possessive in one form only.

    >>> name_words("Schiller's Pharmacy")
    ['schillers', 'pharmacy']
    """
    return words(re.sub(r"(\w)'s\b", r"\1s", text.replace("’", "'"))) if "'" in text or "’" in text else words(text)


def query_words(text: str) -> list[str]:
    """As ``name_words``, with a state's postal code at the end of the query written out, and no word twice.

    >>> query_words("Allentown, PA"), query_words("Vinalhaven ME 04863")
    (['allentown', 'pennsylvania'], ['vinalhaven', 'maine', '04863'])
    """
    found = name_words(text)
    for place in range(len(found) - 1, 0, -1):
        if found[place] in STATES:
            found[place : place + 1] = STATES[found[place]].split()
        if not found[place].isdigit():
            break
    return list(dict.fromkeys(found))


def index_text(names: Iterable[str]) -> str:
    """What the full text search holds for these names."""
    return " ".join(_indexed(name) for name in names if name)


@functools.lru_cache(maxsize=4096)  # parts of addresses come again and again
def _indexed(name: str) -> str:
    return " ".join([*words(name), *_small(name)])


def _small(name: str) -> list[str]:
    """The words as they stand, where ``words`` writes them out or leaves them out."""
    return [word for word in _WORD.findall(plain(name)) if word in _LONG or word in _STOP_WORDS]
