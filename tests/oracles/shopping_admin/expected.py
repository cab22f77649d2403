"""What each task's run must come to in a store of given facts, worked out from the facts and the built database alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from ..mutations import Ending
from .mutation import Facts, day_of

CANCELED, COMPLETE = "Canceled", "Complete"


def orders(facts: Facts, *states: str) -> list[Facts]:
    """The orders of the facts, newest first; all that are generated are older than those that tasks look at."""
    found = [order for order in facts["orders"] if not states or order["status"] in states]
    return sorted(found, key=lambda order: order["date"], reverse=True)


def total_cents(end: Ending, order: Facts) -> int:
    return end.column("SELECT total_cents FROM sales_order WHERE id = ?", order["id"])[0]


def reviews(facts: Facts, *products: str) -> list[Facts]:
    return [review for review in facts["reviews"] if review["product"] in products]


def disliked(found: Iterable[Facts], *, pending: bool = False) -> list[Facts]:
    return [r for r in found if r["stars"] <= 2 and (pending or r.get("status", "Approved") == "Approved")]


def names_of(facts: Facts) -> dict[str, str]:
    return {c["email"]: f"{c['first_name']} {c['last_name']}" for c in facts["customers"]}


def best_sellers(facts: Facts, end: Ending) -> bool:
    january = sorted((q for q in facts["bestsellers"] if q[0] == "2023-01"), key=lambda quota: -quota[2])
    names = [end.column("SELECT name FROM product WHERE sku = ?", sku)[0] for _, sku, _ in january]
    return end.answer.split("\n") == names


def saying_best(facts: Facts, end: Ending) -> bool:
    told = [review["detail"] for review in facts["reviews"] if isinstance(review["detail"], str)]
    return end.answer == str(sum("best" in detail.lower() for detail in told))


def top_terms(facts: Facts, end: Ending) -> bool:
    ranked = sorted(facts["search_terms"], key=lambda term: -term[3])
    return end.answer.split("\n") == [term[1] for term in ranked[:3]]


def fifth(facts: Facts, end: Ending) -> bool:
    names, counts = names_of(facts), Counter[str]()
    for email, count in facts["complete_by_customer"].items():
        counts[names[email]] += count
    return end.answer == counts.most_common(5)[4][0]


def pending(facts: Facts, end: Ending) -> bool:
    return end.answer == str(sum(review.get("status") == "Pending" for review in facts["reviews"]))


def invoiced(facts: Facts, end: Ending) -> bool:
    [order] = [order for order in facts["orders"] if order["id"] == 2]
    pieces = order["lines"][0][1]
    goods = facts["products"]["WS08"]["price"] * 100 * pieces
    cents = goods + (goods * 825 + 5000) // 10_000 + 500 * pieces
    return Decimal(end.answer) * 100 == cents


def per_month(facts: Facts, end: Ending) -> bool:
    counts = {int(month[5:]): count for month, count in facts["complete_by_month"].items() if month < "2023"}
    for order in orders(facts, "Closed"):
        counts[day_of(order).month] += 1
    return end.answer.split("\n") == [f"{month:02d}:{counts[month]}" for month in range(1, 13)]


def unhappy(facts: Facts, end: Ending) -> bool:
    authors = [review["nickname"] for review in disliked(reviews(facts, "WT06"), pending=True)]
    return end.answer == (", ".join(authors) or "N/A")


def liked(facts: Facts, end: Ending) -> bool:
    [praise] = [review["detail"] for review in reviews(facts, "WH12") if review["stars"] >= 4]
    return end.answer == praise.replace(". ", ".\n")


def complaints(facts: Facts, end: Ending) -> bool:
    return end.answer == ("\n".join(r["detail"] for r in disliked(reviews(facts, "WH12"))) or "N/A")


def unhappiest(facts: Facts, end: Ending) -> bool:
    found = disliked(reviews(facts, "WT02"))
    return end.answer == (found[0]["customer"] if found else "N/A")


def top_brand(facts: Facts, end: Ending) -> bool:
    return end.answer == max(facts["search_terms"], key=lambda term: term[3])[1]


def items(facts: Facts, end: Ending) -> bool:
    return end.answer == str(sum(qty for order in orders(facts)[:7] for _, qty in order["lines"]))


def difference(facts: Facts, end: Ending) -> bool:
    canceled, complete = (
        sum(total_cents(end, order) for order in orders(facts, state)[:4]) for state in (CANCELED, COMPLETE)
    )
    return Decimal(end.answer) * 100 == abs(canceled - complete)


def last_canceled(facts: Facts, end: Ending) -> bool:
    day = day_of(orders(facts, CANCELED)[0])
    return end.answer == f"{day:%B} {day.day}, {day.year}"


def by_phone(facts: Facts, end: Ending) -> bool:
    [customer] = [c for c in facts["customers"] if c["telephone"] == "8015551212"]
    return end.answer == f"{customer['first_name']} {customer['last_name']}, {customer['email']}"


def most_cancellations(facts: Facts, end: Ending) -> bool:
    [email] = facts["canceled_by_customer"]
    return end.answer == names_of(facts)[email]


def in_may(facts: Facts, end: Ending) -> bool:
    return end.answer == str(sum(review["date"].startswith("2023-05") for review in facts["reviews"]))


def cheaper(facts: Facts, end: Ending) -> bool:
    price = facts["products"]["WS08"]["price"]
    return end.column("SELECT price_cents FROM product WHERE id = 1481") == [price * 100 - 500]


def praised(facts: Facts, end: Ending) -> bool:
    [description] = end.column("SELECT description FROM product WHERE id = 1796")
    sentences = [s for review in reviews(facts, "WT08") for s in re.split(r"(?<=\.) ", review["detail"])]
    praise = [s for s in sentences if re.search(r"love|perfect|great|cute", s)]
    return len(praise) == 3 and all((sentence in description) == (sentence in praise) for sentence in sentences)


def told(facts: Facts, end: Ending) -> bool:
    refused = any(order.get("refuses_comments") for order in facts["orders"])
    notes = end.column("SELECT comment FROM order_comment WHERE order_id = 299")
    return end.answer.startswith("N/A") == refused and (notes == []) == refused


def restocked(facts: Facts, end: Ending) -> bool:
    before = facts["products"]["MP12-33-Blue"]["qty"]
    return end.column("SELECT qty || ' ' || in_stock FROM product WHERE id = 872") == [f"{before + 5} 1"]


EXPECTED: dict[int, Callable[[Facts, Ending], Any]] = {
    0: best_sellers,
    2: saying_best,
    8: top_terms,
    13: fifth,
    17: pending,
    21: invoiced,
    26: per_month,
    27: unhappy,
    30: liked,
    32: top_brand,
    33: items,
    47: difference,
    48: last_canceled,
    50: by_phone,
    51: complaints,
    59: unhappiest,
    70: most_cancellations,
    80: in_may,
    107: cheaper,
    108: praised,
    114: told,
    160: restocked,
}
# Nothing of these is read off a page but names and numbers that the intent gives: rows, links, boxes.
NOTHING_READ = {40, 88, 101, 106, 110, 113, 115, 116, 125, 126, 145, 149, 150}
