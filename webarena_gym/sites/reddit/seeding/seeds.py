"""What is inserted for posts and comments, whether they come from the facts or from the generator."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SEED = Path(__file__).parent.parent / "seed"
_DOUBLING_S = 150 * 86_400  # twice the score lifts a post as much as being this much newer


@cache
def read_json(name: str) -> Any:
    """A file of ``seed/``; callers must not change it."""
    return json.loads((SEED / name).read_text(encoding="utf-8"))


@dataclass(slots=True)
class CommentSeed:
    """One comment; ``parent`` is the index of the comment it replies to among its post's, None at the top."""

    author: str
    body: str
    score: int
    created: int
    parent: int | None = None


@dataclass(slots=True)
class PostSeed:
    """One submission. ``url`` and ``image`` are empty for text posts; times are seconds since 1970."""

    id: int
    forum: str
    author: str
    title: str
    score: int
    created: int
    body: str = ""
    url: str = ""
    image: str = ""
    comments: list[CommentSeed] = field(default_factory=list)

    @property
    def last_active(self) -> int:
        """When the newest comment was written; when the post was, if there is none."""
        return max((comment.created for comment in self.comments), default=self.created)


def ranking(created: int, score: int) -> int:
    """The order of the sort mode Hot: a later post of the same score, or a higher score of the same day, stands higher.

    >>> ranking(1000, 1), ranking(1000, 4) - ranking(1000, 2) == ranking(1000, 2) - ranking(1000, 1)
    (1000, True)
    """
    weight = math.log2(max(1, abs(score))) + (score < 0)
    return created + round(math.copysign(weight, score) * _DOUBLING_S)


def votes(score: int, salt: int) -> tuple[int, int]:
    """Upvotes and downvotes that add up to the score; a few people always disagree.

    >>> votes(100, 3), votes(-5, 0)
    ((107, 7), (0, 5))
    """
    if score > 0:
        down = score * (salt % 9 + 4) // 100
        return score + down, down
    up = salt % 4
    return up, up - score
