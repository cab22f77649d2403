"""Long pages in parts of at most ``max_chars``: cut between lines, nothing dropped."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


def split_pages(lines: Sequence[str], max_chars: int) -> list[str]:
    """Join lines into as few parts as fit; a line longer than a part is cut at spaces. At least one part.

    >>> split_pages(["aaaa", "bbbb", "cc"], 9)
    ['aaaa\\nbbbb', 'cc']
    """
    if max_chars < 1:
        raise ValueError(f"max_chars must be positive, got {max_chars}")
    lengths = [len(line) + 1 for line in lines]  # with the line break
    if max(lengths, default=0) > max_chars + 1:
        lines = [piece for line in lines for piece in _pieces(line, max_chars)]
        lengths = [len(line) + 1 for line in lines]
    ends = list(accumulate(lengths))  # of each line in the whole text
    parts: list[str] = []
    start = before = 0
    while start < len(lines):
        end = bisect_right(ends, before + max_chars + 1, start)  # a part does without its last line break
        parts.append("\n".join(lines[start:end]))
        start, before = end, ends[end - 1]
    return parts or [""]


def _pieces(line: str, max_chars: int) -> list[str]:
    pieces = []
    while len(line) > max_chars:
        cut = line.rfind(" ", 1, max_chars + 1)
        cut = cut if cut > max_chars // 2 else max_chars
        pieces.append(line[:cut])
        line = line[cut:].lstrip(" ")
    pieces.append(line)
    return pieces
