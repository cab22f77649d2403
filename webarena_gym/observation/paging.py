"""Long pages in parts of at most ``max_chars``: cut between lines, nothing dropped."""

from __future__ import annotations


def split_pages(text: str, max_chars: int) -> list[str]:
    """Cut a text into parts of as many lines as fit, at least one part.

    A line longer than a part begins a part of its own and is cut at spaces.

    >>> split_pages("aaaa\\nbbbb\\ncc", 9)
    ['aaaa\\nbbbb', 'cc']
    """
    if max_chars < 1:
        raise ValueError(f"max_chars must be positive, got {max_chars}")
    parts: list[str] = []
    start = 0
    while len(text) - start > max_chars:
        end = text.rfind("\n", start, start + max_chars + 1)  # a part does without its last line break
        after = end + 1
        if end < 0:
            end = text.rfind(" ", start + 1, start + max_chars + 1)
            if end - start <= max_chars // 2:
                end = start + max_chars
            after = end
            while after < len(text) and text[after] == " ":
                after += 1
        parts.append(text[start:end])
        start = after
    parts.append(text[start:])
    return parts
