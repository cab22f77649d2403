"""Tasks over the forum and GitLab: what one shows is written on the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from .gitlab.pages import commits_link, new_project, open_found_project, open_own_project
from .reddit.pages import open_post_form, read_posts, sort_by, submit
from .screen import Finding, Oracle, Screen, Steps, click, first, goto, stop
from .texts import number, shared_words

_ELSEWHERE = "http://example.com/"
# What people who know the names in the intents would call them.
_KNOWN_AS = {"chatgpt": "a tool made of neural networks"}


class Forum(NamedTuple):
    name: str
    about: str


def other_site(screen: Screen) -> Finding[str]:
    """The address of the task's other site, which is named where an address outside the task's sites is refused."""
    here = "{0.scheme}://{0.netloc}".format(urlsplit(screen.url))
    yield goto(_ELSEWHERE)
    named = re.findall(r"https?://[^\s,/]+", screen.error.rpartition("sites;")[2])
    return first((origin for origin in named if origin != here), "other site")


def links_in_readme(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """127: a new project whose README links to a forum's most active posts. The near miss forgets the last of them."""
    name, count, forum = screen.parts_of_intent(r"named (.+?) that .* most active (\w+) .* on (\w+) subreddit")
    home = screen.url
    site = yield from other_site(screen)
    yield goto(f"{site}/f/{forum}")
    yield from sort_by(screen, "Active")
    urls = yield from _addresses(screen, number(count) - (not right))
    yield goto(home)
    yield from new_project(screen, name)
    yield from screen.follow("link", "README.md")
    yield from screen.follow("link", "Edit")
    yield screen.fill("textbox", "Editor content", "\n".join([f"# {name}", "", *(f"- {url}" for url in urls)]))
    yield screen.click("button", "Commit changes")
    yield stop()


def _addresses(screen: Screen, count: int) -> Finding[list[str]]:
    """The addresses of the first posts of the list that shows."""
    posts = yield from read_posts(screen)
    found = []
    for post in posts[:count]:
        yield from screen.return_to(post.page)
        yield click(post.comments)
        found.append(screen.url)
    return found


def link_to_project(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """146: a post in a fitting forum that links to a project on a subject. The near miss links to GitLab itself."""
    subject = screen.find_in_intent(r"repository related to (\w+)")
    home = screen.url
    site = yield from other_site(screen)
    yield goto(site)
    yield from open_found_project(screen, subject)
    address = screen.url if right else site
    yield goto(home)
    forum = yield from best_forum(screen, subject)
    yield from open_post_form(screen)
    yield from submit(screen, forum, f"A project on {subject}", body=f"Have a look at {address}")
    yield stop()


def best_forum(screen: Screen, subject: str) -> Finding[str]:
    """The forum that has the most words of a subject in its name and description."""
    forums = yield from _forums(screen)
    about = _KNOWN_AS.get(subject.lower(), subject)
    return max(forums, key=lambda forum: shared_words(f"{forum.name} {forum.about}", about)).name


def _forums(screen: Screen) -> Finding[list[Forum]]:
    """All forums, with what their list says of them."""
    yield screen.click("link", "Forums")
    found: list[Forum] = []
    while True:
        lines = yield from screen.read_all()
        heads = [e for e in screen.all("link", " — ") if lines[e.line].startswith("## ")]
        found += [Forum(head.name.partition(" — ")[0], lines[head.line + 1]) for head in heads]
        if not screen.has("link", "Next"):
            return found
        yield screen.click("link", "Next")


def promote(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """147: a post in a forum that links to a project and describes it. The near miss only names it."""
    path, forum = screen.parts_of_intent(r"Promote (\S+) to subreddit (\w+)")
    home = screen.url
    site = yield from other_site(screen)
    yield goto(site)
    yield from open_found_project(screen, path)
    address, description = screen.url, screen.lines[commits_link(screen).line + 1]
    yield goto(home)
    yield from open_post_form(screen)
    yield from submit(screen, forum, description if right else path, url=address)
    yield stop()


def links_in_file(screen: Screen) -> Iterator[str]:
    """161: a new file with the addresses of a forum's newest posts, or N/A where there is no such forum."""
    folder, project, file, count, forum = screen.parts_of_intent(
        r"folder named (\w+) on the (\S+) repo and include a file called (\S+) .* the (\w+) most recent posts from (\w+)"
    )
    home = screen.url
    site = yield from other_site(screen)
    yield goto(f"{site}/f/{forum}")
    if "404 Not Found" in screen.text:
        yield screen.click("link", "Go to home page")
        yield screen.click("link", "Forums")
        yield stop("N/A")
        return
    yield from sort_by(screen, "New")
    urls = yield from _addresses(screen, number(count))
    yield goto(home)
    yield from open_own_project(screen, project)
    yield from _write_file(screen, f"{folder}/{file}", "\n".join(urls))
    yield stop()


def _write_file(screen: Screen, path: str, content: str) -> Steps:
    """Add a file to the project whose page is open."""
    yield screen.click("button", "Add to tree")
    yield screen.click("link", "New file")
    yield screen.fill("textbox", "File name", path)
    yield screen.fill("textbox", "Editor content", content)
    yield screen.click("button", "Commit changes")


ORACLES: dict[int, Oracle] = {127: links_in_readme, 146: link_to_project, 147: promote, 161: links_in_file}
NEAR_MISSES: dict[int, Oracle] = {
    task_id: partial(oracle, right=False) for task_id, oracle in ORACLES.items() if task_id != 161
}
