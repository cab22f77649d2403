"""Many long texts in little space: each distinct line once, and a text as the numbers of its lines.

Pages of one site share menus and footers, and successive observations share nearly everything, so a run of hundreds of
episodes fits into a report of a few megabytes. ``static/store.js`` reads it back.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any


class TextStore:
    """Texts by number. Equal texts have equal numbers.

    >>> store = TextStore()
    >>> store.add("menu\\nfirst"), store.add("menu\\nsecond"), store.add("menu\\nfirst")
    (0, 1, 0)
    >>> store.text(1)
    'menu\\nsecond'
    """

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}
        self._texts: dict[tuple[int, ...], int] = {}

    def add(self, text: str) -> int:
        """The number of ``text``, new or known."""
        lines = tuple(self._lines.setdefault(line, len(self._lines)) for line in text.split("\n"))
        return self._texts.setdefault(lines, len(self._texts))

    def text(self, number: int) -> str:
        by_number = list(self._lines)
        return "\n".join(by_number[line] for line in list(self._texts)[number])

    def __len__(self) -> int:
        return len(self._texts)

    def to_json(self) -> dict[str, Any]:
        """``lines``: all lines as one JSON list, deflated, in base64. ``texts``: for each text its line numbers as
        differences, coded as below, deflated together in blocks of 64 so that a reader inflates only what it shows.
        """
        texts = list(self._texts)
        blocks = [texts[start : start + BLOCK] for start in range(0, len(texts), BLOCK)]
        return {
            "block": BLOCK,
            "lines": packed(json.dumps(list(self._lines), separators=(",", ":"))),
            "texts": [
                packed(json.dumps([list(_differences(text)) for text in block], separators=(",", ":")))
                for block in blocks
            ],
        }


BLOCK = 64


def _differences(numbers: Sequence[int]) -> Iterator[int | str]:
    """n ones in a row, which runs of new or repeated lines are made of, become the text "n"; other steps stay numbers.

    >>> list(_differences([7, 8, 9, 3]))
    [7, '2', -6]
    """
    before, ones = 0, 0
    for number in numbers:
        step, before = number - before, number
        if step == 1:
            ones += 1
            continue
        if ones:
            yield str(ones)
            ones = 0
        yield step
    if ones:
        yield str(ones)


def packed(text: str) -> str:
    """Deflated (zlib format) and in base64; unpaired surrogates survive as JSON escapes, which ``text`` must have made of them."""
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def unpacked(text: str) -> str:
    """The reverse of ``packed``."""
    return zlib.decompress(base64.b64decode(text)).decode("utf-8")
