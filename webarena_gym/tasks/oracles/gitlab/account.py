"""Tasks about one's own account: lists of what is to do, profile, status, token, whom one follows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from ..screen import Oracle, Screen, click, first, stop
from .pages import open_menu, open_tab, search


def todos(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """9: one's to-do list. The near miss opens the issues."""
    yield screen.click("link", "To-Do List" if right else "Issues")
    yield stop()


def merge_requests(screen: Screen, *, entry: str) -> Iterator[str]:
    """39, 83: the merge requests assigned to oneself, or those to review. The near misses open each other's."""
    yield screen.click("link", "Merge requests")
    yield screen.click("link", entry)
    yield stop()


def feed_token(screen: Screen) -> Iterator[str]:
    """63: the token of one's feeds, among the access tokens of the settings."""
    yield from open_menu(screen, "Preferences")
    yield screen.click("link", "Access Tokens")
    yield from screen.follow("button", "Click to reveal")
    field = yield from screen.seek("textbox", "Feed token")
    yield stop(field.value)


def set_status(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """100: set one's status. The near miss sets the first word of it."""
    message = screen.find_in_intent(r"status as (.+?)\.?$")
    yield from open_menu(screen, "Set status")
    yield screen.fill("textbox", "What's your status?", message if right else message.split()[0])
    yield screen.click("button", "Set status")
    yield stop()


def set_website(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """105: set the website of one's profile. The near miss gives it as the place where one lives."""
    yield from open_menu(screen, "Edit profile")
    yield screen.fill("textbox", "Website url" if right else "Location", screen.find_in_intent(r"to (https?://\S+)"))
    yield screen.click("button", "Update profile settings")
    yield stop()


def follow_people(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """124: follow some people. The near miss forgets the last of them."""
    people: list[str] = ast.literal_eval(screen.find_in_intent(r"Follow (\[.+\])"))
    for person in people if right else people[:-1]:
        yield from search(screen, person)
        yield from open_tab(screen, "Users")
        yield click(first((e for e in screen.all("link") if e.name.startswith(person)), person))
        yield screen.click("button", "Follow")
    yield stop()


_ASSIGNED, _TO_REVIEW = "Assigned to you", "Review requests for you"
ORACLES: dict[int, Oracle] = {
    9: todos,
    39: partial(merge_requests, entry=_ASSIGNED),
    63: feed_token,
    83: partial(merge_requests, entry=_TO_REVIEW),
    100: set_status,
    105: set_website,
    124: follow_people,
}
NEAR_MISSES: dict[int, Oracle] = {
    9: partial(todos, right=False),
    39: partial(merge_requests, entry=_TO_REVIEW),
    83: partial(merge_requests, entry=_ASSIGNED),
    100: partial(set_status, right=False),
    105: partial(set_website, right=False),
    124: partial(follow_people, right=False),
}
