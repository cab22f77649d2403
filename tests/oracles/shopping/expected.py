"""What each task's run must come to in a shop of given facts, worked out from the facts and the built database alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal

from ..mutations import Ending, Expectation, Facts


def draft(end: Ending) -> str:
    return next(e.value for e in end.page.elements if e.name.startswith("What’s on your mind"))


def price(facts: Facts, key: str) -> Decimal:
    return Decimal(str(facts["products"][key]["price"]))


def total(facts: Facts, order: Facts) -> Decimal:
    """Goods, and five dollars a piece for shipping."""
    return sum((line["qty"] * (price(facts, line["product"]) + 5) for line in order["lines"]), Decimal(0))


def newest(facts: Facts, *states: str) -> Facts:
    return max((o for o in facts["orders"] if not states or o["status"] in states), key=lambda order: order["date"])


def between(facts: Facts, first: str, last: str) -> list[Facts]:
    return [order for order in facts["orders"] if first <= order["date"][:10] <= last]


def holding(facts: Facts, *products: str) -> list[Facts]:
    return [order for order in facts["orders"] if any(line["product"] in products for line in order["lines"])]


def day(order: Facts) -> dt.date:
    return dt.date.fromisoformat(order["date"][:10])


def numbers(text: str) -> list[Decimal]:
    return [Decimal(found) for found in re.findall(r"\d+(?:\.\d+)?", text)]


def names(text: str) -> set[str]:
    return set(text.split(", "))


def reviews(facts: Facts, *keys: str) -> list[Facts]:
    return [review for key in keys for review in facts["products"][key].get("reviews", ())]


def quotes(found: Iterable[Facts]) -> set[str]:
    return {f"{review['nickname']}: {review['detail']}" for review in found}


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


EYZUTAK = [f"eyzutak_{i}" for i in range(1, 6)]
GUARDS = [f"guard_{i}" for i in range(1, 7)]
FOOD = ("spice_kit", "olive_oil", "tea_sampler")  # what lies in a food department, of the goods bought in late January


def fulfilled_lately(facts: Facts, end: Ending) -> bool:
    recent = [order for order in between(facts, "2023-06-09", "2023-06-12") if order["status"] == "Complete"]
    return numbers(end.answer) == [len(recent), sum(total(facts, order) for order in recent)]


def latest_status(facts: Facts, end: Ending) -> bool:
    state = newest(facts)["status"]
    return state.lower() in end.answer and ("never" in end.answer) == (state == "Canceled")


def first_purchase(facts: Facts, end: Ending) -> bool:
    first = min(map(day, facts["orders"]))
    return end.answer == f"{first.month}/{first.day}/{first.year % 100}"


def remedy(facts: Facts, end: Ending) -> bool:
    [product] = (p for p in facts["products"].values() if any("jaw bruxism" in line for line in p.get("about", ())))
    return end.heading == product["name"]


def price_range(*keys: str) -> Callable[[Facts, Ending], bool]:
    def holds(facts: Facts, end: Ending) -> bool:
        prices = [price(facts, key) for key in keys]
        return numbers(end.answer) == sorted({min(prices), max(prices)})

    return holds


def food_spending(facts: Facts, end: Ending) -> bool:
    late_january = between(facts, "2023-01-15", "2023-01-31")
    lines = [line for order in late_january for line in order["lines"] if line["product"] in FOOD]
    return Decimal(end.answer) == sum(line["qty"] * price(facts, line["product"]) for line in lines) > 0


def option_bought(facts: Facts, end: Ending) -> bool:
    [order] = holding(facts, "hanging_plants")
    return [end.answer] == [line["options"]["Color"] for line in order["lines"] if "options" in line]


def holder_for_all(facts: Facts, end: Ending) -> bool:
    cases = [p for p in facts["products"].values() if p.get("capacity", 0) >= 40]
    return end.heading == min(cases, key=lambda p: p["capacity"])["name"]


def cheapest_holder(facts: Facts, end: Ending) -> bool:
    cases = [p for p in facts["products"].values() if p.get("capacity", 0) >= 15]
    return end.heading == min(cases, key=lambda p: p["price"])["name"]


def criticisms(facts: Facts, end: Ending) -> bool:
    return set(end.answer.split("\n")) == {r["detail"] for r in reviews(facts, "hp_printer") if r["stars"] <= 2}


def opinions(facts: Facts, end: Ending) -> bool:
    written = quotes(reviews(facts, "sephora_brush"))
    return set(end.answer.split("\n")) == written if written else "no reviews" in end.answer


def on_its_way(facts: Facts, end: Ending) -> bool:
    moving = [order for order in facts["orders"] if order["status"] == "Processing"]
    return end.answer == (f"{moving[0]['number']:09d}" if moving else "N/A")


def released(facts: Facts, end: Ending) -> bool:
    years = {p["name"]: p["attributes"].get("Release Year") for p in facts["products"].values() if "attributes" in p}
    return years[end.heading] in ("2020", "2021")


def spending_with_discount(facts: Facts, end: Ending) -> bool:
    paid = [total(facts, o) for o in between(facts, "2022-11-01", "2022-11-30") if o["status"] != "Canceled"]
    return Decimal(end.answer) == sum(amount * Decimal("0.8") if amount > 200 else amount for amount in paid) > 0


def canceled_refund(facts: Facts, end: Ending) -> bool:
    canceled = [o for o in between(facts, "2022-01-01", "2022-12-31") if o["status"] == "Canceled"]
    return Decimal(end.answer) == sum(total(facts, order) for order in canceled) > 0


def last_ordered(facts: Facts, end: Ending) -> bool:
    last = max(map(day, holding(facts, "body_butter", "body_butter_mango")))
    return end.answer == f"{last:%B} {last.day}, {last.year}"


def states_of(facts: Facts, end: Ending) -> bool:
    states = {order["number"]: order["status"] for order in facts["orders"]}
    return end.answer == f"170: {states[170]}, 189: {states[189]}"


def rating(facts: Facts, end: Ending) -> bool:
    stars = facts["products"]["ugreen_aux"]["stars"]
    return numbers(end.answer) == [half_up(Decimal(sum(stars) * 20) / len(stars))]


def cheapest_tab(facts: Facts, end: Ending) -> bool:
    pieces = {"candle_pink": 4, "candle_spaas": 4, "candle_starfish": 2}
    cheapest = min(pieces, key=lambda key: price(facts, key) / pieces[key])
    return end.column("SELECT fact FROM cart_item JOIN product p ON p.id = product_id") == [cheapest]


_BOUGHT = "FROM order_item JOIN product p ON p.id = product_id WHERE order_id = (SELECT max(id) FROM sales_order)"


def reordered(facts: Facts, end: Ending) -> bool:
    [order] = holding(facts, "makeup_kit")
    return end.column(f"SELECT fact {_BOUGHT}") == [line["product"] for line in order["lines"]]


def best_meat(facts: Facts, end: Ending) -> bool:
    listed = "FROM product JOIN category c ON c.id = category_id WHERE c.path LIKE '%/meat-substitutes'"
    affordable = f"{listed} AND price_cents BETWEEN 10000 AND 20000"
    [bought] = end.column(f"SELECT p.id {_BOUGHT}")
    return bought in end.column(
        f"SELECT product.id {affordable} AND rating_percent = (SELECT max(rating_percent) {affordable})"
    )


def best_shoes(facts: Facts, end: Ending) -> bool:
    listed = "FROM product JOIN category c ON c.id = category_id WHERE c.path LIKE '%/men/shoes' AND review_count >= 5"
    return end.column(f"SELECT p.id {_BOUGHT}") == end.column(
        f"SELECT product.id {listed} ORDER BY rating_percent DESC, price_cents LIMIT 1"
    )


def white_desk(facts: Facts, end: Ending) -> bool:
    [name] = end.column("SELECT name FROM wishlist_item JOIN product p ON p.id = product_id")
    return {"white", "desk"} <= set(re.findall(r"\w+", name.lower()))


def refund_draft(facts: Facts, end: Ending) -> bool:
    [order] = holding(facts, "iphone12_case")
    return f"{order['number']:09d}" in draft(end) and price(facts, "iphone12_case") in numbers(
        draft(end).replace("$", " ")
    )


EXPECTED: dict[int, Expectation] = {
    4: lambda facts, end: (
        names(end.answer) == {r["nickname"] for r in reviews(facts, "s6_protector") if "ingerprint" in r["detail"]}
    ),
    10: fulfilled_lately,
    22: latest_status,
    28: first_purchase,
    29: remedy,
    31: price_range(*GUARDS),
    36: food_spending,
    37: option_bought,
    41: holder_for_all,
    42: criticisms,
    46: lambda facts, end: Decimal(end.answer) == total(facts, newest(facts, "Complete")),
    54: opinions,
    55: price_range(*EYZUTAK),
    56: on_its_way,
    67: released,
    68: cheapest_holder,
    72: lambda facts, end: end.url.endswith(f"/order_id/{newest(facts, 'Pending')['number']}/"),
    76: canceled_refund,
    78: spending_with_discount,
    79: last_ordered,
    84: states_of,
    89: lambda facts, end: set(end.answer.split("\n")) == quotes(reviews(facts, "echo_cord")),
    93: lambda facts, end: names(end.answer) == {r["nickname"] for r in reviews(facts, *EYZUTAK) if r["complains"]},
    94: rating,
    95: lambda facts, end: names(end.answer) == {r["nickname"] for r in reviews(facts, *EYZUTAK) if r["stars"] >= 4},
    103: cheapest_tab,
    104: reordered,
    117: best_meat,
    118: best_shoes,
    119: white_desk,
    121: lambda facts, end: facts["customer"]["email"] in end.column("SELECT email FROM subscriber"),
    123: refund_draft,
    142: lambda facts, end: facts["products"]["russound"]["sku"] in draft(end),
}
# Nothing of these is read off a page: the intent says it all (searches, categories, a product by its name, an address, a
# coupon to ask for, the product that is open). 74, 86 and 162 find nothing; test_absence.py gives them something to find.
NOTHING_READ = {58, 65, 66, 77, 82, 109, 120, 129, 148}
ABSENT = {74, 86, 162}
# Official scoring takes any product of the kind and any subscription, so it accepts these in every shop.
ANY_WILL_DO = {29, 119, 121}
