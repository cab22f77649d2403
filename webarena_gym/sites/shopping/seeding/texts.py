"""Product names, descriptions and reviews from word lists: realistic variety, none of it anybody's text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from .seeds import ReviewSeed

_SHORTEST, _LONGEST = 60, 140  # characters of a product name
_FIRST_REVIEW, _REVIEW_DAYS = dt.datetime(2022, 1, 10), 465
Words = Mapping[str, Any]

# How five stars spread for goods that people like, find middling, or dislike.
_STAR_WEIGHTS = ((1, 1, 3, 10, 25), (2, 3, 6, 10, 12), (6, 5, 6, 5, 4))


def product_name(random: Random, words: Words, noun: str, variant: str) -> str:
    """A marketplace title of 60 to 140 characters."""
    brand, lead = random.choice(words["brands"]), random.choice(words["leads"])
    feature, use, pack = (random.choice(words[key]) for key in ("features", "uses", "packs"))
    if lead.lower() in noun.lower():
        lead = "New"
    name = (
        f"{brand} {lead} {noun} {feature}, {variant}, {pack}",
        f"{noun} {use}, {brand} {lead} {feature} ({variant})",
        f"{lead} {noun} {feature} {use}, {pack}, {variant}",
        f"{brand} {noun}, {lead}, {feature}, {use} | {variant}",
    )[random.randrange(4)]
    if len(name) < _SHORTEST:
        name += f", {next(f for f in words['features'] if f not in name)}"
    return name[:_LONGEST].rstrip(" ,|(")


def about(random: Random, words: Words, noun: str, variant: str) -> list[str]:
    """Three or four bullet points."""
    material = random.choice(words["materials"])
    chosen = random.sample(words["bullets"], random.choice((3, 3, 4)))
    return [bullet.format(noun=noun.lower(), material=material, variant=variant.lower()) for bullet in chosen]


def star_list(random: Random, count: int) -> list[int]:
    """Stars of ``count`` reviews. Five or more are never all 5, so that the perfect goods are those of the facts."""
    weights = _STAR_WEIGHTS[random.choices((0, 1, 2), (6, 4, 1))[0]]
    stars = random.choices((1, 2, 3, 4, 5), weights, k=count)
    if count >= 5 and min(stars) == 5:
        stars[0] = 4
    return stars


def review(random: Random, words: Words, phrases: Words, stars: int) -> ReviewSeed:
    """A review of the given stars that praises or criticises what goods of this kind are praised or criticised for."""
    first, last = random.choice(phrases["first"]), random.choice(phrases["last"])
    nickname = (
        f"{first} {last}",
        first,
        f"{first} {last[0]}.",
        f"{first[0]}. {last}",
        random.choice(phrases["handles"]),
    )[random.randrange(5)]
    kind = "good" if stars >= 4 else "bad" if stars <= 2 else random.choice(("good", "bad"))
    points = random.sample(words[kind], 2 if stars in (1, 5) else 1)
    if stars == 3:
        points.append(random.choice(words["bad" if kind == "good" else "good"]))
    opener = random.choice(phrases["openers"][kind])
    detail = f"{opener} {points[0]}. {'. '.join(_sentence(point) for point in [*points[1:], random.choice(phrases['closers'][str(stars)])])}"
    when = _FIRST_REVIEW + dt.timedelta(minutes=random.randrange(_REVIEW_DAYS * 24 * 60))
    return ReviewSeed(nickname, stars, random.choice(phrases["titles"][str(stars)]), detail, str(when))


def reviews(random: Random, words: Words, phrases: Words, stars: Sequence[int]) -> list[ReviewSeed]:
    return [review(random, words, phrases, star) for star in stars]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
