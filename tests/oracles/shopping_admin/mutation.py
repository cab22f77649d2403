"""The shop admin's facts changed at random: who bought how much and when, what sold best, reviews, terms, stock, phones.

What the tasks ask for stays well defined (there still is exactly one customer of the fifth rank, one term searched for most,
...), but nearly every answer is another one. No task's reference is read here.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import Counter
from random import Random
from typing import Any

from webarena_gym.sites.shopping_admin.seeding.facts import read_json

Facts = dict[str, Any]
RECENT = "2023-04-25"  # orders since then are those that tasks look at by date
_LATEST_GENERATED = 7  # complete orders of April 2023 that are generated, all older than those
# Goods that no order of the facts holds.
_SOLD = ("24-MB01", "24-MB02", "24-WB05", "24-WG03", "24-WG02", "24-MG02", "24-UG05", "WT06-S-Blue", "WH07-M-Gray")
_PHRASES = (
    "Nothing keeps me company like it.",
    "I take it everywhere.",
    "Still going after a year.",
    "It lives in my car.",
)
_PRAISE = ("I love how soft it is.", "The straps are perfect.", "A great cut for running.", "Such a cute pattern.")
_COMPLAINTS = ("The hem came apart in a week.", "The color ran in the wash.", "The lining scratches.", "The zip jams.")
_TERMS = ("harness", "Strive Pack", "adidas", "Cruise Watch", "leggings", "WB05", "puma", "fleece", "rope")


def mutated_facts(seed: int) -> Facts:
    """Another store for each seed; those of odd seeds have unhappy customers, and no order that refuses comments."""
    random = Random(f"oracles/shopping_admin/mutation/{seed}")
    facts: Facts = copy.deepcopy(read_json("facts.json"))
    _change_dates(facts, random)
    _change_counts(facts, random)
    _change_goods(facts, random)
    _change_reviews(facts, random, unhappy=seed % 2 == 1)
    _change_people(facts, random)
    if seed % 2 == 1:
        for order in facts["orders"]:
            order.pop("refuses_comments", None)
    return facts


def _change_dates(facts: Facts, random: Random) -> None:
    """The orders that are looked at by date change places, and hold more or less."""
    recent = [order for order in facts["orders"] if order["date"] > RECENT]
    for order, date in zip(recent, _shuffled(random, [order["date"] for order in recent]), strict=True):
        order["date"] = date
    for order in recent:
        order["lines"] = [[sku, random.choice((1, 1, 2, 3))] for sku, _ in order["lines"]]
    done = Counter(order["date"][:7] for order in recent if order["status"] == "Complete")
    facts["complete_by_month"] |= {"2023-04": _LATEST_GENERATED + done["2023-04"], "2023-05": done["2023-05"]}


def _change_counts(facts: Facts, random: Random) -> None:
    months = [f"2022-{month:02d}" for month in range(1, 13)]
    counts = _shuffled(random, [facts["complete_by_month"][month] for month in months])
    facts["complete_by_month"] |= dict(zip(months, counts, strict=True))
    emails = list(facts["complete_by_customer"])
    while True:  # until the fifth of the names is nobody else's rank
        counts = random.sample(range(5, 16), len(emails))
        facts["complete_by_customer"] = dict(zip(emails, counts, strict=True))
        names = {c["email"]: f"{c['first_name']} {c['last_name']}" for c in facts["customers"]}
        by_name: Counter[str] = Counter()
        for email, count in facts["complete_by_customer"].items():
            by_name[names[email]] += count
        ranks = [count for _, count in by_name.most_common()]
        if len(set(ranks[3:6])) == 3 and sum(counts) < 95:
            break
    most = random.choice(
        ["alex.thomas@hotmail.com", "sophia.young@gmail.com", "alex.johnson@gmail.com", "john.lee@yahoo.com"]
    )
    facts["canceled_by_customer"] = {most: random.randrange(8, 12)}
    lines = [line for order in facts["orders"] if order["id"] == 2 for line in order["lines"]]
    lines[0][1] = random.randrange(2, 5)


def _change_goods(facts: Facts, random: Random) -> None:
    counts = random.sample((3, 4, 5, 6), 3)
    january = [["2023-01", sku, count] for sku, count in zip(random.sample(_SOLD, 3), counts, strict=True)]
    whole_year = [["2023", sku, count] for _, sku, count in january]
    facts["bestsellers"] = [*january, *whole_year, *(quota for quota in facts["bestsellers"] if quota[0] == "2022")]
    facts["products"] |= {
        "WS08": {"price": random.randrange(20, 50)},
        "MP12-33-Blue": {"qty": random.randrange(1, 9), "in_stock": 0},
    }
    uses = random.sample(range(3, 40), len(facts["search_terms"]))
    for term, count, name in zip(facts["search_terms"], uses, random.sample(_TERMS, len(uses)), strict=True):
        term[1], term[3] = name, count


def _change_reviews(facts: Facts, random: Random, *, unhappy: bool) -> None:
    reviews = {review["id"]: review for review in facts["reviews"]}
    for review_id in random.sample((14, 61, 47, 139, 95, 221, 348), random.randrange(3, 7)):
        reviews[review_id]["detail"] = f"{random.choice(_PHRASES)} My best buy of the year."
    for review_id in random.sample((348, 349, 350, 351, 352, 353), random.randrange(1, 5)):
        reviews[review_id]["date"] = f"2023-05-{random.randrange(1, 29):02d} 10:00:00"
    for review_id in random.sample((14, 23, 47, 61, 87), random.randrange(1, 5)):
        reviews[review_id]["status"] = "Pending"
    for review in reviews.values():
        if review["product"] == "WT08":
            review["detail"] = " ".join(_shuffled(random, [random.choice(_PRAISE), random.choice(_COMPLAINTS)]))
    reviews[350]["detail"] = " ".join(random.sample(_PRAISE, 2))
    if unhappy:
        reviews[353]["status"] = "Approved"
        reviews[353]["detail"] = random.choice(_COMPLAINTS)
        for review_id, author in zip((288, 280), random.sample(facts["customers"], 2), strict=True):
            reviews[review_id] |= {
                "stars": random.choice((1, 2)), "detail": random.choice(_COMPLAINTS), "customer": author["email"],
                "nickname": author["first_name"],
            }  # fmt: skip


def _change_people(facts: Facts, random: Random) -> None:
    """The telephone numbers change hands."""
    people = facts["customers"]
    for customer, phone in zip(people, _shuffled(random, [c["telephone"] for c in people]), strict=True):
        customer["telephone"] = phone


def day_of(order: Facts) -> dt.date:
    return dt.date.fromisoformat(order["date"][:10])


def _shuffled(random: Random, values: list[Any]) -> list[Any]:
    return random.sample(values, len(values))
