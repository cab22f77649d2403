"""Tasks that ask what the forum says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..screen import Oracle, Screen, click, first, stop
from ..texts import mentions, number, shared_words
from .pages import open_forum, read_comments, read_pages, read_posts, sort_by

_ORGANIZATION = re.compile(
    r"\b[\w-]+\.(?:org|com|net|example)\b|\b(?:[A-Z]\w+ ){1,3}(?:Foundation|Association|Society)\b"
)


def disliked_comments(screen: Screen) -> Iterator[str]:
    """5: how many comments of the author of a forum's newest post stand below zero."""
    yield from open_forum(screen, screen.find_in_intent(r"on the (\w+) forum"))
    yield from sort_by(screen, "New")
    posts = yield from read_posts(screen)
    yield click(first(posts, "post").author_link)
    yield screen.click("link", "Comments")
    comments = yield from read_pages(screen, read_comments)
    yield stop(str(sum(comment.score < 0 for comment in comments)))


def organizations(screen: Screen) -> Iterator[str]:
    """14: the organizations that a post on some subject names, among the first posts of a forum.

    The posts whose titles come closest to the subject are opened first.
    """
    count, name, topic = screen.parts_of_intent(r"top (\d+) post in \"(\w+)\" forum.* talks about (.+)\? If")
    yield from open_forum(screen, name)
    posts = (yield from read_posts(screen))[: number(count)]
    named = [post for post in posts if _ORGANIZATION.search(post.title)]
    for post in [*named, *sorted((p for p in posts if p not in named), key=lambda p: -shared_words(p.title, topic))]:
        yield from screen.return_to(post.page)
        yield click(post.comments)
        text = "\n".join(screen.lines).partition("Submitted by ")[2].partition("## Comments")[0]
        if mentions(text, topic):
            found = _ORGANIZATION.findall(f"{post.title}\n{text}")
            yield stop(", ".join(dict.fromkeys(found)) or text)
            return
    yield stop("N/A")


ORACLES: dict[int, Oracle] = {5: disliked_comments, 14: organizations}
NEAR_MISSES: dict[int, Oracle] = {}
