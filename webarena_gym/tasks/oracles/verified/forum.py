"""webarena-verified's questions about the forum: posts whose words it gives, and one of another forum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from ..gitlab.pages import commits_link, open_found_project
from ..multisite_forum import best_forum, other_site
from ..reddit.pages import (
    make_forum,
    open_forum,
    open_post_form,
    read_comments,
    read_pages,
    read_posts,
    sort_by,
    submit,
)
from ..reddit.posting import post
from ..screen import Oracle, Screen, click, first, goto, stop, stop_with


def disliked_answers(screen: Screen) -> Iterator[str]:
    """5: author and title of a forum's newest post, and how many of the others' comments on it stand below zero."""
    yield from open_forum(screen, screen.find_in_intent(r"In the (.+?) forum"))
    yield from sort_by(screen, "New")
    posts = yield from read_posts(screen)
    newest = first(posts, "post")
    yield click(newest.comments)
    comments = yield from read_pages(screen, read_comments)
    disliked = sum(one.score < 0 and one.author != newest.author for one in comments)
    yield stop_with([screen.keyed(newest.author, newest.title, disliked)])


def create_forum(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """131: create a forum. The near miss leaves the marks in its side bar out."""
    name, description, sidebar = screen.parts_of_intent(
        r'name and title "(.+?)", description "(.+?)", and sidebar "(.+?)"'
    )
    yield from make_forum(screen, name, description, sidebar if right else sidebar.replace("*", ""))
    yield stop()


def dictated(screen: Screen, *, pattern: str, right: bool = True) -> Iterator[str]:
    """138, 139, 140: a post in given words; ``pattern`` finds forum, title and body. The near miss asks otherwise."""
    forum, title, *body = screen.parts_of_intent(pattern)
    yield from post(screen, forum, title if right else f"Please: {title}", body[0] if body else "")


def count_commits(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """146: a post that links to a project and says how many commits it has. The near miss leaves that out."""
    subject = screen.find_in_intent(r"repository related to (\w+)")
    saying = screen.find_in_intent(r'"(<number of commits>[^"]+)"')
    home = screen.url
    site = yield from other_site(screen)
    yield goto(site)
    yield from open_found_project(screen, subject)
    address, commits = screen.url, commits_link(screen).name.split()[0]
    yield goto(home)
    forum = yield from best_forum(screen, subject)
    yield from open_post_form(screen)
    body = re.sub(r"<.+?>", commits, saying).replace("(s)", "" if commits == "1" else "s")
    yield from submit(screen, forum, urlsplit(address).path.strip("/"), body=body if right else "", url=address)
    yield stop()


ORACLES: dict[int, Oracle] = {
    5: disliked_answers,
    131: create_forum,
    138: partial(dictated, pattern=r'post in f/(\w+)\. Title it "(.+?)" and in post details ask "(.+?)"'),
    139: partial(dictated, pattern=r'in (\w+) forum titled "(.+?)"\. Set post details to "(.+?)"'),
    140: partial(dictated, pattern=r'Post in (\w+) forum with title "(.+?)"'),
    146: count_commits,
}
NEAR_MISSES: dict[int, Oracle] = {
    task_id: partial(oracle, right=False) for task_id, oracle in ORACLES.items() if task_id != 5
}
