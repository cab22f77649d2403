"""The texts of the last pages that an env showed: a step that stays on a page, or goes back to one, need not write it again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from ..types import Node, ObservationMode
from .paging import split_pages
from .render import render_lines

_MOST_KEPT = 4


class Rendered(NamedTuple):
    """A page as text, and in parts of at most so many characters. ``nodes`` are what it was written from."""

    nodes: Sequence[Node]
    text: str
    parts: Sequence[str]


class RenderedPages:
    """Writes pages in one mode, in parts of ``max_chars``; nodes must not change once they were given."""

    def __init__(self, mode: ObservationMode, max_chars: int) -> None:
        self._mode, self._max_chars = mode, max_chars
        self._kept: OrderedDict[int, Rendered] = (
            OrderedDict()
        )  # by the identity of the nodes, which a kept page holds on to

    def of(self, nodes: Sequence[Node]) -> Rendered:
        """The page that these nodes make."""
        rendered = self._kept.get(id(nodes))
        if rendered is None:
            text = "\n".join(render_lines(nodes, self._mode))
            rendered = self._kept[id(nodes)] = Rendered(nodes, text, split_pages(text, self._max_chars))
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(id(nodes))
        return rendered
