"""Builds the forum's image from ``seed/``: a few seconds at scale 1."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from ..base import BuildOptions, create_base_tables, create_tables
from .images import MEDIA_TYPE, draw
from .markdown import markdown
from .seeding.phrases import user_names
from .seeding.posts import BASE_SUBMISSIONS, Calendar, Writer, seconds, shares
from .seeding.seeds import SEED, CommentSeed, PostSeed, ranking, read_json, votes
from .store.settings import DEFAULT_SETTINGS
from .text import base36, host, slug

MOST_SUBMISSIONS = 100_000
_PEOPLE = 1500  # at scale 1
_FIRST_COMMENT_ID = 1_000_001
_FORUMS_SINCE, _FORUMS_DAYS = seconds("2022-02-01 00:00:00"), 20


def build(connection: sqlite3.Connection, options: BuildOptions) -> None:
    """All tables of the forum, equal for equal options."""
    facts, words = options.facts or read_json("facts.json"), read_json("words.json")
    create_base_tables(connection, dt.datetime.fromisoformat(facts["clock"]))
    create_tables(connection, SEED / "schema.sql")
    known = [facts["user"]["name"], *sorted(_authors(facts) - {facts["user"]["name"]})]
    people = user_names(round(_PEOPLE * min(max(options.scale, 1), 20)), {name.lower() for name in known})
    posts = _posts(facts, words, people, options.scale)
    users = _insert_users(connection, facts, [*known, *people])
    forums = _insert_forums(connection, facts)
    _insert_posts(connection, posts, users, forums)
    _insert_user_state(connection, facts, users, forums)


def _authors(facts: Mapping[str, Any]) -> set[str]:
    """Everybody who writes in the facts. Generated posts and comments are never theirs."""

    def of(comments: Any) -> Iterator[str]:
        for comment in () if isinstance(comments, int) else comments:
            yield comment["author"]
            yield from of(comment.get("replies", ()))

    found = {fact["author"] for fact in facts["submissions"]} | {comment["author"] for comment in facts["comments"]}
    for fact in facts["submissions"]:
        found.update(of(fact["comments"]))
    return found


def _posts(facts: Mapping[str, Any], words: Mapping[str, Any], people: Sequence[str], scale: float) -> list[PostSeed]:
    """All posts, the facts' and the generated ones. A forum's post marked ``newest`` has the highest id there.

    Raises:
        ValueError: a post or comment of the facts names an unknown forum or post, or two posts share an id.
    """
    when = Calendar(facts)
    writers = {forum["name"]: Writer(forum, words, people, when) for forum in facts["forums"]}
    by_id: dict[int, PostSeed] = {}
    below = dict.fromkeys(writers, when.top_id)
    written = dict.fromkeys(writers, 0)
    for fact in facts["submissions"]:
        if fact["forum"] not in writers:
            raise ValueError(f"the post {fact['id']} of the facts is in the unknown forum {fact['forum']!r}")
        if fact["id"] in by_id:
            raise ValueError(f"two posts of the facts have the id {fact['id']}")
        by_id[fact["id"]] = writers[fact["forum"]].from_fact(fact)
        written[fact["forum"]] += 1
        if fact.get("newest"):
            below[fact["forum"]] = min(below[fact["forum"]], fact["id"])
    for comment in facts["comments"]:
        if comment["on"] not in by_id:
            raise ValueError(f"a comment of the facts is on the unknown post {comment['on']}")
        post = by_id[comment["on"]]
        created = min(post.created + 3600 * comment["hours"], when.clock - 20)
        post.comments.append(CommentSeed(comment["author"], comment["body"], comment["score"], created))
    total = min(round(BASE_SUBMISSIONS * scale), MOST_SUBMISSIONS)
    counts = shares([forum.get("weight", 1) for forum in facts["forums"]], total)
    posts, taken = list(by_id.values()), set(by_id)
    for forum, count in zip(facts["forums"], counts, strict=True):
        name = forum["name"]
        posts.extend(writers[name].generated(max(0, count - written[name]), taken, below[name]))
    return sorted(posts, key=lambda post: post.id)


def _insert_users(connection: sqlite3.Connection, facts: Mapping[str, Any], names: Sequence[str]) -> dict[str, int]:
    random = Random("reddit/users")
    oldest, newest = seconds("2012-01-01 00:00:00"), seconds("2022-02-01 00:00:00")
    rows = []
    for number, name in enumerate(names, 1):
        created, biography, password = random.randrange(oldest, newest), "", f"sealed-{random.randrange(10**9)}"
        if name == facts["user"]["name"]:
            created, biography = seconds(facts["user"]["registered"]), facts["user"]["biography"]
            password = facts["user"]["password"]
        rows.append((number, name, password, "", biography, markdown(biography), created, json.dumps(DEFAULT_SETTINGS)))
    connection.executemany("INSERT INTO user VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return {name: number for number, name in enumerate(names, 1)}


def _insert_forums(connection: sqlite3.Connection, facts: Mapping[str, Any]) -> dict[str, int]:
    random = Random("reddit/forums")
    for forum in facts["forums"]:
        sidebar = forum.get("sidebar", forum["description"])
        created = _FORUMS_SINCE + random.randrange(_FORUMS_DAYS * 86_400)
        connection.execute(
            "INSERT INTO forum VALUES (?, ?, ?, ?, ?, ?, '', ?, 0, 0, 0)",
            (forum["id"], forum["name"], forum["name"], forum["description"], sidebar, markdown(sidebar), created),
        )
    return {forum["name"]: forum["id"] for forum in facts["forums"]}


def _insert_posts(
    connection: sqlite3.Connection, posts: Sequence[PostSeed], users: Mapping[str, int], forums: Mapping[str, int]
) -> None:
    connection.executemany(
        "INSERT INTO submission VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, 0, 0, 'visible')",
        (
            (
                post.id, forums[post.forum], users[post.author], post.title, slug(post.title), post.url, host(post.url),
                post.image, post.body, markdown(post.body) if post.body else "", f"t3_{base36(post.id * 2477 + 31)}",
                post.created, post.last_active, *votes(post.score, post.id), post.score, len(post.comments),
                ranking(post.created, post.score),
            )
            for post in posts
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO submission_search (rowid, title, body) VALUES (?, ?, ?)",
        ((post.id, post.title, post.body) for post in posts),
    )
    _insert_comments(connection, posts, users)
    pictures = sorted({post.image for post in posts if post.image})
    connection.executemany(
        "INSERT INTO image VALUES (?, ?, ?, NULL)",
        ((name, hashlib.sha256(draw(name)).hexdigest(), MEDIA_TYPE) for name in pictures),
    )
    connection.execute(
        "UPDATE forum SET submission_count = (SELECT count(*) FROM submission s WHERE s.forum_id = forum.id)"
    )


def _insert_comments(connection: sqlite3.Connection, posts: Sequence[PostSeed], users: Mapping[str, int]) -> None:
    """Comments with ids in the order of their times."""
    ordered = sorted((comment.created, post.id, place) for post in posts for place, comment in enumerate(post.comments))
    ids = {(post_id, place): number for number, (_, post_id, place) in enumerate(ordered, _FIRST_COMMENT_ID)}
    by_id = {post.id: post for post in posts}
    rows, texts = [], []
    for _, post_id, place in ordered:
        comment, number = by_id[post_id].comments[place], ids[post_id, place]
        parent = None if comment.parent is None else ids[post_id, comment.parent]
        rows.append(
            (number, post_id, parent, users[comment.author], comment.body, markdown(comment.body), f"t1_{base36(number * 613)}",
             comment.created, *votes(comment.score, number), comment.score)
        )  # fmt: skip
        texts.append((number, comment.body))
    connection.executemany("INSERT INTO comment VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, 'visible')", rows)
    connection.executemany("INSERT INTO comment_search (rowid, body) VALUES (?, ?)", texts)


def _insert_user_state(
    connection: sqlite3.Connection, facts: Mapping[str, Any], users: Mapping[str, int], forums: Mapping[str, int]
) -> None:
    """What belongs to the user of all tasks: subscriptions, and a vote for everything of their own."""
    user_id = users[facts["user"]["name"]]
    for name in facts["user"]["subscriptions"]:
        connection.execute("INSERT INTO subscription VALUES (?, ?)", (user_id, forums[name]))
        connection.execute("UPDATE forum SET subscriber_count = subscriber_count + 1 WHERE id = ?", (forums[name],))
    connection.execute("INSERT INTO vote SELECT user_id, 's', id, 1 FROM submission WHERE user_id = ?", (user_id,))
    connection.execute("INSERT INTO vote SELECT user_id, 'c', id, 1 FROM comment WHERE user_id = ?", (user_id,))
    connection.execute("INSERT INTO setting VALUES ('user_id', ?)", (str(user_id),))
