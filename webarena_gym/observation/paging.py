"""Long pages in parts of at most ``max_chars``: cut between lines, nothing dropped."""

from __future__ import annotations

from collections.abc import Sequence


def split_pages(lines: Sequence[str], max_chars: int) -> list[str]:
    """Join lines into as few parts as fit; a line longer than a part is cut at spaces. At least one part.

    >>> split_pages(["aaaa", "bbbb", "cc"], 9)
    ['aaaa\\nbbbb', 'cc']
    """
    if max_chars < 1:
        raise ValueError(f"max_chars must be positive, got {max_chars}")
    parts: list[str] = []
    current: list[str] = []
    size = 0
    for line in lines:
        for piece in (line,) if len(line) <= max_chars else _pieces(line, max_chars):
            needed = len(piece) + (1 if current else 0)
            if current and size + needed > max_chars:
                parts.append("\n".join(current))
                current, size, needed = [], 0, len(piece)
            current.append(piece)
            size += needed
    if current or not parts:
        parts.append("\n".join(current))
    return parts


def _pieces(line: str, max_chars: int) -> list[str]:
    pieces = []
    while len(line) > max_chars:
        cut = line.rfind(" ", 1, max_chars + 1)
        cut = cut if cut > max_chars // 2 else max_chars
        pieces.append(line[:cut])
        line = line[cut:].lstrip(" ")
    pieces.append(line)
    return pieces
