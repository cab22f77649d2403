"""A page's text as the guards on answers read it: its lines without markup, and what stands where a name stands."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from .wording import fold

_ELEMENT = re.compile(r'\[\d+\] \w+(?: "((?:[^"\\]|\\.)*)")?')
_HEADING = re.compile(r"^(#+) ")
_HANDLE = re.compile(r"@([\w.-]*\w)")
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d]")
MAX_LINE_WORDS = 40  # a longer line is a paragraph, which says more than one thing
MAX_NAME_WORDS = 8
MIN_LABEL_LETTERS = 3


class Page:
    """The text of a whole page, as the policy was shown it."""

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        self._lines = [_plain(line) for line in lines]
        self._levels = [len(heading[1]) if (heading := _HEADING.match(line)) else 0 for line in lines]

    @functools.cached_property
    def items(self) -> frozenset[str]:
        """What fills a line or a table's cell, and each element's name."""
        cells = (cell.strip() for line in self._lines for cell in line.split(" | "))
        return frozenset(cell for cell in cells if _LETTERS.search(cell) and len(cell.split()) <= MAX_NAME_WORDS)

    def runs(self, length: int) -> set[tuple[str, ...]]:
        """All runs of so many words."""
        words = _WORD.findall(fold("\n".join(self._lines)))
        return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}

    def lines_with(self, references: Sequence[str]) -> list[str]:
        """The folded lines that hold one of these folded texts as whole words and are no paragraphs."""
        wanted = [re.compile(rf"(?<!\w){re.escape(reference)}(?!\w|\.\d)") for reference in references]
        short = (fold(line) for line in self._lines if len(line.split()) <= MAX_LINE_WORDS)
        return [line for line in short if any(pattern.search(line) for pattern in wanted)]

    def beside(self, reference: str) -> set[str]:
        """What stands in other rows of a column in which the reference stands, or after the same label on other lines; also
        the part of other headings that it is of its own (the last name, say), and other usernames where it is one.

        >>> sorted(Page("Review by Ann\\nReview by Bo Li\\n1 | Ann | 3 stars\\n2 | Cy | 1 star").beside("Ann"))
        ['Bo Li', 'Cy']
        >>> sorted(Page("### Ann Li\\n### Bo Chu\\n1 | Ann Li @li\\n2 | Bo Chu @bo.chu").beside("Li"))
        ['Chu', 'bo.chu']
        """
        whole = re.compile(rf"(?<!\w){re.escape(reference)}(?!\w)", re.I)
        found: set[str] = set()
        for number, line in enumerate(self._lines):
            cells = line.split(" | ")
            for column, cell in enumerate(cells):
                for match in whole.finditer(cell):
                    before, after = cell[: match.start()], cell[match.end() :]
                    others = list(self._column(number, column, len(cells))) if len(cells) > 1 else self._lines
                    if len(cells) > 1 or len(_LETTERS.findall(before + after)) >= MIN_LABEL_LETTERS:
                        found |= {_between(other, before, after) for other in others}
                    if before.endswith("@"):
                        found |= {handle for other in others for handle in _HANDLE.findall(other)}
                    found |= self._in_headings(number, before, after, len(match[0].split()))
        names = (name for name in found if name and _LETTERS.search(name) and len(name.split()) <= MAX_NAME_WORDS)
        return {name for name in names if not whole.fullmatch(name)}

    def _in_headings(self, number: int, before: str, after: str, length: int) -> set[str]:
        """What other headings of a line's level have where this one has so many words: all of it, its end or its beginning."""
        level = self._levels[number]
        if not level or (before and after):
            return set()
        split = [line.split() for line, other in zip(self._lines, self._levels, strict=True) if other == level]
        part = slice(-length, None) if before else slice(length) if after else slice(None)
        return {" ".join(words[part]) for words in split}

    def _column(self, number: int, column: int, width: int) -> Iterator[str]:
        """The cells above and below, as far as the rows have as many cells."""
        for step in (-1, 1):
            row = number + step
            while 0 <= row < len(self._lines) and len(cells := self._lines[row].split(" | ")) == width:
                yield cells[column]
                row += step


def without_markup(text: str) -> str:
    """A page's text, or what an answer copies of it, without ids and roles.

    >>> without_markup('[3] link "Cart" | $3.00')
    'Cart | $3.00'
    """
    return _ELEMENT.sub(lambda match: match[1] or "", text)


def _plain(line: str) -> str:
    return _HEADING.sub("", without_markup(line)).strip()


def _between(text: str, before: str, after: str) -> str:
    """What stands between the two, empty if they do not stand around it."""
    long_enough = len(text) > len(before) + len(after)
    around = long_enough and text.startswith(before) and text.endswith(after)
    return text[len(before) : len(text) - len(after)].strip() if around else ""
