"""Submissions with their comments: those of the facts, and as many generated ones as ``scale`` asks for.

Every post's time follows from its id, so that in a forum, and on the whole site, a higher id is a later post.
"""

from __future__ import annotations

import calendar
import hashlib
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from ..text import slug
from .phrases import Voice
from .seeds import CommentSeed, PostSeed

BASE_SUBMISSIONS = 3500  # in all, facts included, at scale 1
_MOST_COMMENTS = 170  # of a generated post; the facts have longer threads
_MOST_SCORE = 1300  # of a generated post; the facts hold the records
_DEEPEST = 7
_IMAGES = {
    "pics": 0.75,
    "earth": 0.9,
    "funny": 0.75,
    "aww": 0.9,
    "food": 0.8,
    "motivate": 0.4,
    "data": 0.6,
    "gear": 0.15,
}


def seconds(text: str) -> int:
    """UTC text as seconds since 1970.

    >>> seconds("1970-01-02 00:00:01")
    86401
    """
    return calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M:%S"))


class Calendar:
    """When a post with this id was written."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.clock, self._first = seconds(facts["clock"]), seconds(facts["first_post"])
        self.top_id: int = facts["top_id"]

    def created(self, submission_id: int) -> int:
        span = self.clock - 600 - self._first
        return self._first + span * min(submission_id, self.top_id) // self.top_id + submission_id * 37 % 300


class Writer:
    """Writes posts of one forum with a random stream of its own."""

    def __init__(
        self, forum: Mapping[str, Any], words: Mapping[str, Any], people: Sequence[str], when: Calendar
    ) -> None:
        self._forum, self._words, self._people, self._when = forum, words, people, when
        self._theme = words["themes"][forum["theme"]]
        self._random = Random(f"reddit/{forum['name']}")

    def voice(self, random: Random) -> Voice:
        return Voice(random, self._theme, self._words["common"], self._forum.get("word", self._forum["name"]))

    def from_fact(self, fact: Mapping[str, Any]) -> PostSeed:
        """A post of the facts. Its comments are the ones written there and as many more as it asks for."""
        random = Random(f"reddit/fact/{fact['id']}")
        image = fact.get("image", "")
        if fact.get("image_generated"):
            image = image_name(f"fact/{fact['id']}")
        post = PostSeed(
            fact["id"], self._forum["name"], fact["author"], fact["title"], fact["score"], self._when.created(fact["id"]),
            fact.get("body", ""), fact.get("url", ""), image,
        )  # fmt: skip
        written, more = fact["comments"], fact.get("fill_comments", 0)
        if isinstance(written, int):
            written, more = [], written
        self._add_written(post, written, None, random)
        latest = seconds(fact["last_comment"]) if "last_comment" in fact else None
        self._add_comments(post, self.voice(random), more, random, latest)
        return post

    def generated(self, count: int, taken_ids: set[int], below: int) -> Iterator[PostSeed]:
        """``count`` posts with ids under ``below``, which are added to ``taken_ids``. No two have the same title."""
        random, titles = self._random, set()
        for _ in range(count):
            number = random.randrange(2, below)
            while number in taken_ids:
                number = random.randrange(2, below)
            taken_ids.add(number)
            voice = self.voice(random)
            title = voice.title()
            for _ in range(40):
                if title not in titles:
                    break
                voice = self.voice(random)
                title = voice.title()
            titles.add(title)
            yield self._post(number, title, voice, random)

    def _post(self, number: int, title: str, voice: Voice, random: Random) -> PostSeed:
        score = (
            min(_MOST_SCORE, int(math.exp(random.gauss(2.7, 1.5))))
            if random.random() < 0.97
            else -random.randrange(0, 9)
        )
        post = PostSeed(
            number, self._forum["name"], random.choice(self._people), title, score, self._when.created(number)
        )
        draw, hosts = random.random(), self._theme["hosts"]
        if draw < _IMAGES.get(self._forum["theme"], 0):
            post.image = image_name(f"post/{number}")
        elif hosts and draw < 0.85:
            post.url = f"https://{random.choice(hosts)}/{post.created // 86_400}/{slug(title)}"
        elif any(self._theme["bodies"]):
            post.body = voice.body()
        self._add_comments(post, voice, min(_MOST_COMMENTS, int(math.exp(random.gauss(1.25, 1.1)))), random, None)
        return post

    def _add_written(
        self, post: PostSeed, written: Sequence[Mapping[str, Any]], parent: int | None, random: Random
    ) -> None:
        for comment in written:
            after = post.comments[parent].created if parent is not None else post.created
            created = min(after + random.randrange(300, 30_000), self._when.clock - 60)
            post.comments.append(CommentSeed(comment["author"], comment["body"], comment["score"], created, parent))
            self._add_written(post, comment.get("replies", ()), len(post.comments) - 1, random)

    def _add_comments(self, post: PostSeed, voice: Voice, count: int, random: Random, latest: int | None) -> None:
        """``count`` more comments, mostly replies to earlier ones; the last of them at ``latest`` if that is given."""
        depths = self._depths(post)
        end = min(latest or post.created + 2 * 86_400, self._when.clock - 30)
        span = max(end - post.created - 60, 1)
        moments = sorted(int(span * random.random() ** 2.5) for _ in range(count))
        if latest is not None and moments:
            moments[-1] = end - post.created - 60
        for moment in moments:
            created = post.created + 60 + moment
            parents = [i for i in range(max(0, len(depths) - 12), len(depths)) if post.comments[i].created < created]
            parent = random.choice(parents) if parents and random.random() < 0.55 else None
            if parent is not None and depths[parent] >= _DEEPEST:
                parent = None
            body = voice.comment() if parent is None else voice.reply()
            score = -random.randrange(1, 26) if random.random() < 0.06 else int(math.exp(random.gauss(1.1, 1.2)))
            post.comments.append(CommentSeed(random.choice(self._people), body, score, created, parent))
            depths.append(0 if parent is None else depths[parent] + 1)

    @staticmethod
    def _depths(post: PostSeed) -> list[int]:
        depths: list[int] = []
        for comment in post.comments:
            depths.append(0 if comment.parent is None else depths[comment.parent] + 1)
        return depths


def image_name(key: str) -> str:
    """The file name of a picture: 64 hexadecimal digits, as the real site names them."""
    return hashlib.sha256(f"reddit/{key}".encode()).hexdigest() + ".jpg"


def shares(weights: Sequence[int], total: int) -> list[int]:
    """``total`` split by weight, the largest remainders first.

    >>> shares([1, 2, 3], 10)
    [2, 3, 5]
    """
    exact = [total * weight / sum(weights) for weight in weights]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (counts[i] - exact[i], i))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts
