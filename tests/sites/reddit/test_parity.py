"""Both engines show the same nodes and record the same events through whole dialogues, not page by page alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.engines.browser import BrowserEngine
from webarena_gym.sites.world import World

from .visitor import ME, Visitor


@pytest.fixture(scope="module")
def _in_chromium(cache_dir: Path) -> Iterator[tuple[World, BrowserEngine]]:
    world = World(["reddit"], cache_dir=cache_dir)
    engine = BrowserEngine(world)
    yield world, engine
    engine.close()
    world.close()


class Pair:
    """One visitor in each engine, doing the same."""

    def __init__(self, http: Visitor, browser: Visitor) -> None:
        self.visitors = http, browser
        self.compare()

    def __getattr__(self, verb: str):
        def both(*arguments, **named) -> Pair:
            for visitor in self.visitors:
                getattr(visitor, verb)(*arguments, **named)
            self.compare()
            return self

        return both

    def compare(self) -> None:
        http, browser = (visitor.engine.page() for visitor in self.visitors)
        assert (http.url, http.title) == (browser.url, browser.title)
        assert http.nodes == browser.nodes
        http_events, browser_events = (
            [(event.method, event.url, event.status, event.navigation, event.body) for event in visitor.world.events]
            for visitor in self.visitors
        )
        assert http_events == browser_events
        assert self.visitors[0].engine.document().fields == self.visitors[1].engine.document().fields


@pytest.fixture
def pair(world: World, _in_chromium: tuple[World, BrowserEngine]) -> Pair:
    other, engine = _in_chromium
    other.reset()
    return Pair(Visitor(world), Visitor(other, engine=engine))


def test_a_discussion_is_the_same_in_both_engines(pair: Pair):
    pair.open("/f/books").press("Sort by: Hot").follow("New").press("Upvote").press("Downvote", 1)
    pair.follow("6 comments").fill("Comment", "*Us* too\n\n> quoted").press("Formatting help").press("Post")
    pair.fill("Comment", "And another thing").press("Post").follow("Edit").fill("Comment", "Nothing").press("Save")
    pair.press("Delete").follow("Linear").follow("Nested").press("Hide this forum").press("Hide")


def test_posting_is_the_same_in_both_engines(pair: Pair):
    pair.open("/f/pics").follow("Took second place in the costume contest at work, robbed by a man in a bed sheet")
    pair.open("/f/pics").follow("Submit").choose("Forum *", "funny").fill("Title *", "Two\nlines").check(
        "Image", "radio"
    )
    pair.press("Create submission").check("URL", "radio").fill("URL", "https://a.example/?b=1&c=2").press(
        "Create submission"
    )
    pair.follow("Edit").fill("Body", "# é 🎉 <b>").press("Edit submission").press("Delete")


def test_people_and_forums_are_the_same_in_both_engines(pair: Pair):
    pair.open("/").press(ME).follow("Profile").follow("Edit biography").fill("Biography", "New").press("Save")
    pair.press(ME).press("Dark mode").open("/user/quiet_kettle").follow("Send message").press("Send")
    pair.fill("Message *", "Hello").press("Send").open("/forums").press("Sort by: Submissions").follow("Name").follow(
        "Next"
    )
    pair.follow("Alphabetical").follow("Tags").open("/create_forum").fill("Name *", "a").press("Create forum")
    pair.fill("Name *", "abc").fill("Title *", "A").fill("Description *", "B").fill("Sidebar *", "C").press(
        "Create forum"
    )
    pair.follow("Edit forum").fill("Tags", "x_y_z, abc").press("Save changes").open("/wiki/_create").open(
        "/search?q=abc"
    )


def test_a_guest_sees_the_same_in_both_engines(world: World, _in_chromium: tuple[World, BrowserEngine]):
    other, engine = _in_chromium
    other.reset()
    pair = Pair(Visitor(world, None), Visitor(other, None, engine=engine))
    pair.open("/f/news").press("Upvote").fill("Username", ME).press("Log in").fill("Password", "test1234").press(
        "Log in"
    )
