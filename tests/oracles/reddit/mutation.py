"""The forum's facts changed at random: who wrote what where, ids, scores, pictures, an organization's name.

What the tasks ask for stays well defined, but nearly every answer is another one. No task's reference is read here.
"""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from webarena_gym.sites.reddit.seeding.seeds import read_json

from ..mutations import Facts

_ORGANIZATIONS = ("readlocal.org", "shelfaid.org", "independent-pages.com", "cornerbooks.net", "papertown.org")
_ELSEWHERE = ("pics", "space", "Art", "news", "worldnews")


def mutated_facts(seed: int) -> Facts:
    """Another forum for each seed."""
    random = Random(f"oracles/reddit/{seed}")
    facts: Facts = copy.deepcopy(read_json("facts.json"))
    posts = facts["submissions"]
    taken = {post["id"] for post in posts}

    def new_id(first: int, last: int) -> int:
        number = random.choice([number for number in range(first, last) if number not in taken])
        taken.add(number)
        return number

    by_id = {post["id"]: post for post in posts}
    by_id[133904]["author"] = random.choice(("quiet_kettle", "grumbling_gus"))
    for comment in facts["comments"]:
        if comment["author"] in ("quiet_kettle", "grumbling_gus"):
            comment["score"] = random.choice((-31, -8, -2, 3, 12))
    for author in ("quiet_kettle", "grumbling_gus"):
        random.choice([c for c in facts["comments"] if c["author"] == author])["score"] = -5
    by_id[124260]["id"] = new_id(113_000, 133_000)
    organization = random.choice(_ORGANIZATIONS)
    for field in ("title", "body"):
        by_id[59421][field] = by_id[59421][field].replace("bookshop.org", organization)
    _deal(random, [post for post in posts if post["forum"] == "pics" and "image" in post], "title", "author")
    _deal(random, [by_id[19459], by_id[128330], by_id[117002]], "score")
    _deal(random, [post for post in posts if post["forum"] == "MachineLearning" and post["score"] > 100], "score")
    for author, forum, first in (("CameronKelsey", "EarthPorn", 96_000), ("AdamCannon", "UpliftingNews", 15_000)):
        own = [post for post in posts if post["author"] == author]
        there = random.sample(own, random.randrange(1, len(own)))
        for post in own:
            post["forum"] = forum if post in there else random.choice(_ELSEWHERE)
            post["id"] = new_id(first, first + 2000)
    television = [post for post in posts if post["forum"] == "television"]
    _deal(random, television, "title", "url")
    for post in television:
        if random.random() < 0.5:
            post["body"] = random.choice(("No trailer yet.", "Casting starts in *spring*.", "Source: the studio."))
    return facts


def _deal(random: Random, posts: list[dict[str, Any]], *fields: str) -> None:
    """Give the posts each other's fields, so that the first post never keeps its own."""
    shift = random.randrange(1, len(posts))
    dealt = [{field: post[field] for field in fields} for post in posts]
    for place, post in enumerate(posts):
        post |= dealt[(place + shift) % len(posts)]
