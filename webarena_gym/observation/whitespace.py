"""One rule for white space and invisible characters, shared by both extractors (``extract.js`` has the same two sets).

Zero-width, soft-hyphen, byte-order and direction-control characters are deleted, since they only serve to hide or to
reorder text; then every run of white space becomes one space.
"""

from __future__ import annotations

_INVISIBLE = "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_DELETE = dict.fromkeys(map(ord, _INVISIBLE))


def collapse(text: str) -> str:
    """``text`` without invisible characters, runs of white space as one space, ends stripped.

    >>> collapse("  soft\\u00adly \\n\\u00a0 now ")
    'softly now'
    """
    if text.isprintable() and "  " not in text:  # as most texts: no white space but single spaces, nothing invisible
        return text.strip(" ")
    if not text.isascii():
        text = text.translate(_DELETE)
    return " ".join(text.split())  # str.split() and extract.js agree on what white space is
