"""Tasks that vote for or against posts, or subscribe to a forum."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..screen import Oracle, Screen, click, first, stop
from .pages import Post, open_forum, read_pages, read_posts, sort_by


def upvote_newest(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """98: vote for the newest post of a forum. The near miss takes the first as the forum lists them."""
    yield from open_forum(screen, screen.find_in_intent(r"in (\w+) subreddit"))
    if right:
        yield from sort_by(screen, "New")
    posts = yield from read_posts(screen)
    yield click(first(posts, "post").up)
    yield stop()


def downvote_top(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """151: vote against the post with the highest score of all time. The near miss takes the second."""
    yield from open_forum(screen, screen.find_in_intent(r"in (\w+)\."))
    yield from sort_by(screen, "Top")
    yield screen.click("button", "From: ")
    yield screen.click("link", "All time")
    posts = yield from read_posts(screen)
    yield click(posts[0 if right else 1].down)
    yield stop()


def vote_by_author(screen: Screen, *, pattern: str, up: bool, skipped: int = 0, wrongly: bool = False) -> Iterator[str]:
    """152, 153: vote on all posts of an author in a forum. The near misses skip one, or vote the other way."""
    author, forum = screen.parts_of_intent(pattern)
    yield from open_forum(screen, forum)
    posts = yield from read_pages(screen, read_posts, lambda post: post.author == author)
    yield click(first((post for post in posts if post.author == author), f"post of {author}").author_link)
    yield screen.click("link", "Submissions")

    def wanted(post: Post) -> bool:
        return post.forum.lower() == forum.lower()

    posts = yield from read_pages(screen, read_posts)
    for place, post in enumerate([post for post in posts if wanted(post)][skipped:], skipped):
        yield from screen.return_to(post.page)
        shown = yield from read_posts(screen)  # a vote shows the page anew
        again = [one for one in shown if wanted(one)][place]
        yield click(again.up if up != wrongly else again.down)
    yield stop()


def subscribe(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """132: open a post of a forum and subscribe there. The near miss votes for the post instead."""
    yield from open_forum(screen, screen.find_in_intent(r"on the forum \"(.+)\""))
    posts = yield from read_posts(screen)
    yield click(first(posts, "post").comments)
    if right:
        yield from screen.follow("button", "Subscribe")
    else:
        yield screen.click("button", "Upvote")
    yield stop()


_like = partial(vote_by_author, pattern=r"created by (\w+) in subreddit (\w+)", up=True)
_dislike = partial(vote_by_author, pattern=r"created by (\w+) in subreddit (\w+)", up=False)

ORACLES: dict[int, Oracle] = {98: upvote_newest, 132: subscribe, 151: downvote_top, 152: _like, 153: _dislike}
NEAR_MISSES: dict[int, Oracle] = {
    98: partial(upvote_newest, right=False),
    132: partial(subscribe, right=False),
    151: partial(downvote_top, right=False),
    152: partial(_like, skipped=1),
    153: partial(_dislike, wrongly=True),
}
