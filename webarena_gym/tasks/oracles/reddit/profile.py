"""Tasks about what the user wrote and owns: the biography, an old post, a forum of one's own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from ..screen import Oracle, Screen, click, first, stop
from ..texts import mentions
from .pages import make_forum, open_own_page, read_pages, read_posts


def biography(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """97: put another text in the place of the biography. The near miss adds it to the old one."""
    text = screen.find_in_intent(r'bio to "(.+)"')
    yield from open_own_page(screen)
    yield from screen.follow("link", "Edit biography")
    old = screen.one("textbox", "Biography").value
    yield screen.fill("textbox", "Biography", text if right else f"{old} {text}".strip())
    yield screen.click("button", "Save")
    yield stop()


def create_forum(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """131: create a forum. The near miss leaves the last word of its side bar out."""
    name, description, sidebar = screen.parts_of_intent(
        r"named (\w+), with a description of (.+), and include (\[.+\])"
    )
    listed = ast.literal_eval(sidebar)
    yield from make_forum(screen, name, description, ", ".join(listed if right else listed[:-1]))
    yield stop()


def add_line(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """154: add a line to a post of one's own. The near miss edits another one."""
    subject, line = screen.parts_of_intent(r'my post on (.+) by adding .* says "(.+)"')
    yield from open_own_page(screen)
    yield screen.click("link", "Submissions")
    posts = yield from read_pages(screen, read_posts, lambda post: mentions(post.title, subject))
    chosen = first((post for post in posts if mentions(post.title, subject) == right), subject)
    yield from screen.return_to(chosen.page)
    assert chosen.edit is not None  # every post of one's own can be edited
    yield click(chosen.edit)
    old = screen.one("textbox", "Body").value
    yield screen.fill("textbox", "Body", f"{old}\n\n{line}" if old else line)
    yield screen.click("button", "Edit submission")
    yield stop()


ORACLES: dict[int, Oracle] = {97: biography, 131: create_forum, 154: add_line}
NEAR_MISSES: dict[int, Oracle] = {task_id: partial(oracle, right=False) for task_id, oracle in ORACLES.items()}
