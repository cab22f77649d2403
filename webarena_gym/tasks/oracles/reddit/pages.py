"""The forum's pages as its oracles read and walk them: lists of forums, posts with their votes, comments, the post form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..screen import Element, Finding, OracleError, Screen, Steps, T, click, elements_of, first
from ..texts import alike, words

_HEAD = re.compile(r"# \[\d+\] link ")
_SCORE = re.compile(r'pvote"(?: [a-z]+)* ([−-]?\d+) \[')
_COMMENTS = re.compile(r"(?:\d+|No) comments?")


class Post(NamedTuple):
    """One post of a list or of its own page, whose address is ``page``. ``forum`` is empty where all are of one forum."""

    title: str
    author: str
    forum: str
    score: int
    link: Element
    author_link: Element
    comments: Element
    up: Element
    down: Element
    edit: Element | None
    page: str


class Comment(NamedTuple):
    author: str
    score: int
    text: str


def read_posts(screen: Screen) -> Finding[list[Post]]:
    """The posts of the page that shows, in its order."""
    lines = yield from screen.read_all()
    return [
        _post(block, screen.url) for block in _blocks(lines) if any(line.startswith("Submitted by ") for line in block)
    ]


def read_comments(screen: Screen) -> Finding[list[Comment]]:
    """The comments of the page that shows, in its order."""
    lines = yield from screen.read_all()
    return [_comment(block) for block in _blocks(lines) if " wrote " in block[0]]


def _blocks(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """The lines of each post or comment: from its heading, which is a link, to the next."""
    heads = [number for number, line in enumerate(lines) if _HEAD.match(line)]
    yield from (lines[start:end] for start, end in zip(heads, [*heads[1:], len(lines)], strict=True))


def _post(block: Sequence[str], page: str) -> Post:
    elements = elements_of(block)
    about = next(number for number, line in enumerate(block) if line.startswith("Submitted by "))
    author, *rest = [e for e in elements if e.line == about and e.role == "link"]
    comments = next(e for e in elements if e.line > about and _COMMENTS.fullmatch(e.name))
    up, down, score = _votes(block, elements)
    edit = next((e for e in elements if e.name == "Edit" and comments.line < e.line < up.line), None)
    forum = rest[-1].name if rest else ""
    return Post(elements[0].name, author.name, forum, score, elements[0], author, comments, up, down, edit, page)


def _comment(block: Sequence[str]) -> Comment:
    elements = elements_of(block)
    tools = next(e.line for e in elements if e.name == "Permalink")
    text = [line for line in block[1:tools] if not line.startswith("Reply to ")]
    return Comment(elements[0].name, _votes(block, elements)[2], "\n".join(text))


def _votes(block: Sequence[str], elements: Sequence[Element]) -> tuple[Element, Element, int]:
    """The buttons that vote for and against, and the score between them."""
    for line, text in enumerate(block):
        if score := _SCORE.search(text):
            up, down = (e for e in elements if e.line == line and e.role == "button")
            return up, down, int(score[1].replace("−", "-"))
    raise OracleError(f"no votes in {block[0]!r}")


def read_pages(
    screen: Screen, read: Callable[[Screen], Finding[list[T]]], enough: Callable[[T], bool] = lambda one: False
) -> Finding[list[T]]:
    """What ``read`` finds on the page that shows and on all that follow it, up to one that is ``enough``."""
    found = yield from read(screen)
    while not any(map(enough, found)) and any(e.name == "More" for e in screen.all("link")):
        yield screen.click("link", "More")
        found += yield from read(screen)
    return found


def open_forum(screen: Screen, name: str) -> Steps:
    """Open the forum of this name, whatever its case and spaces."""
    yield screen.click("link", "Forums")
    yield screen.click("link", "Alphabetical")
    yield from screen.read_all()
    joined, links = "".join(words(name)), screen.all("link")
    exactly = [e for e in links if e.name.lower() == joined]
    yield click(first(exactly or (e for e in links if alike(e.name.lower(), joined)), f"forum {name}"))


def sort_by(screen: Screen, mode: str) -> Steps:
    """Show a list of posts in another order."""
    yield screen.click("button", "Sort by: ")
    yield screen.click("link", mode)


def open_own_page(screen: Screen) -> Steps:
    """Open the page of the user who is signed in, whose name is on the menu in the page's head."""
    yield click(first((e for e in screen.all("button") if not re.search(r"\W", e.name)), "user menu"))
    yield screen.click("link", "Profile")


def open_post_form(screen: Screen) -> Finding[Sequence[str]]:
    """Open the form for a new post; returns the names of the forums that it offers."""
    yield screen.click("link", "Submit")
    yield from screen.read_all()
    return screen.one("combobox", "Forum").options[1:]


def submit(screen: Screen, forum: str, title: str, *, body: str = "", url: str = "") -> Steps:
    """Fill in the form for a new post, which is open, and send it."""
    for name, text in (("URL", url), ("Title", title), ("Body", body)):
        if text:
            yield screen.fill("textbox", name, text)
    yield screen.select("Forum", forum)
    yield screen.click("button", "Create submission")


def make_forum(screen: Screen, name: str, description: str, sidebar: str) -> Steps:
    """Create a forum whose title is its name."""
    yield screen.click("link", "Forums")
    yield screen.click("link", "Create forum")
    for field, text in (("Name", name), ("Title", name), ("Description", description), ("Sidebar", sidebar)):
        yield screen.fill("textbox", field, text)
    yield screen.click("button", "Create forum")


def seek_post(screen: Screen, wanted: Callable[[Post], bool]) -> Finding[Post]:
    """The first post of the page that shows for which ``wanted`` holds, scrolling down until it is there.

    Raises:
        OracleError: the page has none.
    """
    seen = -1
    while len(screen.lines) > seen:
        whole = (block for block in _blocks(screen.lines) if any(_SCORE.search(line) for line in block))
        for block in whole:
            if any(line.startswith("Submitted by ") for line in block) and wanted(post := _post(block, screen.url)):
                return post
        seen = len(screen.lines)
        yield 'scroll("down")'
    raise OracleError(f"no such post on {screen.url}")
