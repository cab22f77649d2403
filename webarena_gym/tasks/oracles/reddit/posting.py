"""Tasks that write a post or a comment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ..screen import Oracle, Screen, click, first, stop
from ..texts import mentions, words
from .pages import open_post_form, read_posts, submit


def ask(screen: Screen, *, topic: str, right: bool = True) -> Iterator[str]:
    """133, 134: post a question where the forum's name is a word of the subject. ``topic`` finds that in the intent.

    The near miss chooses another forum.
    """
    question, subject = screen.find_in_intent(r'my question, "(.+?)"'), screen.find_in_intent(topic)
    forums = yield from open_post_form(screen)
    named = _named(forums, subject)
    others = [*named[:-1], *(forum for forum in forums if forum not in named)]
    yield from submit(screen, named[-1] if right else others[0], question)
    yield stop()


def discuss(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """137: a post about a thing, in the forum that has its name. The near miss posts in the one of another model."""
    thing, prompt = screen.parts_of_intent(r'post about "(.+?)" .* prompt, "(.+?)"')
    forums = yield from open_post_form(screen)
    forum = _named(forums, thing)[-1]
    if not right:
        forum = first((name for name in forums if name.startswith(forum) and name != forum), f"forum like {forum}")
    yield from submit(screen, forum, thing, body=prompt)
    yield stop()


def _named(forums: Sequence[str], subject: str) -> list[str]:
    """The forums whose name is a word of the subject, in the order of its words: the last one says what it is about."""
    return [forum for word in words(subject) for forum in forums if forum.lower() == word]


def review(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """135: a post on a book, with a comment of one's own below its title. The near miss leaves the comment out."""
    title, forum, comment = screen.parts_of_intent(r'reading "(.+?)" in the r/(\w+) .*"(.+?)"')
    yield from post(screen, forum, title, comment if right else "")


def request(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """138: ask for advice. The near miss does not say how much it may cost."""
    wish, budget, forum = screen.parts_of_intent(r"Ask for (.+) within a (budget of \S+) in r/(\w+)")
    yield from post(screen, forum, f"Any {wish}?", f"I have a {budget}." if right else "")


def notice(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """139: announce something. The near miss does not say when it is."""
    event, day, forum = screen.parts_of_intent(r"notice on a (.+) on (.+) in the (\w+) subreddit")
    yield from post(screen, forum, f"There is a {event}", f"On {day}. Everybody is welcome." if right else "")


def question(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """140: a post about something. The near miss posts it in another forum."""
    forum, subject = screen.parts_of_intent(r"Post in (\w+) subreddit about (.+)\.")
    forums = yield from open_post_form(screen)
    yield from submit(screen, forum if right else first((f for f in forums if f != forum), "forum"), subject)
    yield stop()


def post(screen: Screen, forum: str, title: str, body: str) -> Iterator[str]:
    """Write a post, and stop."""
    yield from open_post_form(screen)
    yield from submit(screen, forum, title, body=body)
    yield stop()


def repost(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """136: post the address of a picture of the open forum in another one, titled with a note. The near miss takes the next."""
    picture, forum, note = screen.parts_of_intent(r'image of (.+) in this page to (\w+) subreddit and note "(.+)"')
    posts = yield from read_posts(screen)
    place = first((number for number, post in enumerate(posts) if mentions(post.title, picture)), picture)
    yield click(posts[place if right else place + 1].link)
    url = screen.url
    yield "back()"
    yield from open_post_form(screen)
    yield from submit(screen, forum, note, url=url)
    yield stop()


def comment(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """141: answer the open post. The near miss says more."""
    text = screen.find_in_intent(r'my comment "(.+)"')
    yield screen.fill("textbox", "Comment", text if right else f"Pardon{text}")
    yield from screen.follow("button", "Post")
    yield stop()


ORACLES: dict[int, Oracle] = {
    133: partial(ask, topic=r'my question, "(.+?)"'),
    134: partial(ask, topic=r"topics related to (.+?),"),
    135: review,
    136: repost,
    137: discuss,
    138: request,
    139: notice,
    140: question,
    141: comment,
}
NEAR_MISSES: dict[int, Oracle] = {task_id: partial(oracle, right=False) for task_id, oracle in ORACLES.items()}
