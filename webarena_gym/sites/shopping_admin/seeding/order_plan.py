"""Which orders there are: those of the facts, and generated ones that bring every count of the facts to its number.

The facts fix how many orders are complete in each month and for some customers, how often some goods were sold in a month
or a year, and who canceled most. Generated orders are older than every order of the facts that a task looks at.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

MOST_COMPLETE, MOST_CANCELED = 4, 6  # orders of any customer that the facts give no number for
FIRST_DAY, LAST_DAY = dt.date(2022, 1, 4), dt.date(2023, 4, 18)  # of generated orders
_LINE_COUNTS = (1, 1, 2, 2, 2, 3, 3, 4)
_POPULAR, _POPULAR_SHARE = "24-", 0.35  # bags, watches and equipment, by SKU: few goods, and often bought
_COUPON_SHARE = 0.7  # of the orders that hold what a coupon makes cheaper


@dataclass(slots=True)
class OrderPlan:
    """An order to insert. ``lines``: SKU -> pieces. ``full_price``: SKUs bought without the catalog price rule."""

    id: int
    date: str
    email: str
    status: str
    lines: dict[str, int] = field(default_factory=dict)
    tax_percent: float = 0
    full_price: Sequence[str] = ()
    coupon: str | None = None
    refuses_comments: bool = False


def plan_orders(facts: Mapping[str, Any], emails: Sequence[str], skus: Sequence[str], scale: float) -> list[OrderPlan]:
    """All orders, by id. ``emails`` are the customers', ``skus`` the goods that can be bought.

    Raises:
        ValueError: the facts contradict themselves; says how.
    """
    given = [_given(order) for order in facts["orders"]]
    random = Random("admin/orders")
    sold = _Sold(facts, given)
    complete = _complete(facts, given, emails, random)
    canceled = _canceled(facts, given, emails, random, facts["orders_total"] - len(given) - len(complete), scale)
    taken = {order.id for order in given}
    ids = [number for number in range(1, facts["orders_total"] + 1) if number not in taken]
    ids = random.sample(ids, len(ids))  # numbers do not follow dates, as in the real store
    ids += range(facts["orders_total"] + 1, facts["orders_total"] + 1 + len(complete) + len(canceled) - len(ids))
    for order, number in zip([*complete, *canceled], ids, strict=True):
        order.id = number
    sold.place(complete, random)
    for order in complete:
        sold.fill(order, skus, random)
    for order in canceled:
        order.lines |= dict.fromkeys(random.sample(skus, random.choice(_LINE_COUNTS)), 1)
    for order in (*complete, *canceled):
        for code, coupon in facts["coupons"].items():
            if coupon["sku"] in order.lines and random.random() < _COUPON_SHARE:
                order.coupon = code
    return sorted([*given, *complete, *canceled], key=lambda order: order.id)


def _given(order: Mapping[str, Any]) -> OrderPlan:
    return OrderPlan(
        order["id"], order["date"], order["customer"], order["status"].lower(), dict(order["lines"]),
        order.get("tax_percent", 0), order.get("full_price", ()), None, order.get("refuses_comments", False),
    )  # fmt: skip


def _complete(facts: Mapping[str, Any], given: Sequence[OrderPlan], emails: Sequence[str], random: Random) -> list[OrderPlan]:  # fmt: skip
    months = Counter(facts["complete_by_month"])
    months.subtract(order.date[:7] for order in given if order.status == "complete")
    done = Counter(order.email for order in given if order.status == "complete")
    wanted: list[str] = []
    for email, count in facts["complete_by_customer"].items():
        if done[email] > count:
            raise ValueError(f"{email} has {done[email]} complete orders among the facts, more than {count}")
        wanted += [email] * (count - done[email])
    others = [email for email in emails if email not in facts["complete_by_customer"]]
    left = months.total() - len(wanted)
    room = [email for email in others for _ in range(MOST_COMPLETE - done[email])]
    if min(months.values()) < 0 or not 0 <= left <= len(room):
        raise ValueError(f"{left} complete orders are left for {len(others)} customers, by month {dict(months)}")
    wanted = _shuffled(random, [*wanted, *random.sample(room, left)])
    dates = [_moment(random, month) for month, count in months.items() for _ in range(count)]
    return [OrderPlan(0, date, email, "complete") for date, email in zip(dates, wanted, strict=True)]


def _canceled(
    facts: Mapping[str, Any], given: Sequence[OrderPlan], emails: Sequence[str], random: Random, count: int, scale: float
) -> list[OrderPlan]:  # fmt: skip
    """``count`` of them, more at a larger scale: nothing that a task counts."""
    done = Counter(order.email for order in given if order.status == "canceled")
    wanted = [e for e, number in facts["canceled_by_customer"].items() for _ in range(number - done[e])]
    others = [email for email in emails if email not in facts["canceled_by_customer"]]
    room = [email for email in others for _ in range(MOST_CANCELED - done[email])]
    total = min(max(count, round(count * scale)), len(room) + len(wanted))
    if count < len(wanted) or total < count:
        raise ValueError(f"{count} canceled orders do not fit the customers")
    wanted += random.sample(room, total - len(wanted))
    days = (LAST_DAY - FIRST_DAY).days + 1
    return [
        OrderPlan(0, f"{FIRST_DAY + dt.timedelta(random.randrange(days))} {_time(random)}", email, "canceled")
        for email in wanted
    ]


class _Sold:
    """How often goods were sold in orders that count (not canceled), kept to what the facts allow."""

    def __init__(self, facts: Mapping[str, Any], given: Sequence[OrderPlan]) -> None:
        self._quotas = [(period, sku, count) for period, sku, count in facts["bestsellers"]]
        self._fixed = {(period, sku) for period, sku, _ in self._quotas}
        self._most = {
            7: facts["most_sold_otherwise"]["month"],
            4: facts["most_sold_otherwise"]["year"],
        }  # by period length
        self._counts: Counter[tuple[str, str]] = Counter()
        for order in given:
            if order.status != "canceled":
                for sku, qty in order.lines.items():
                    self._count(order, sku, qty)

    def place(self, orders: Sequence[OrderPlan], random: Random) -> None:
        """Put the best sellers into orders of their periods; months before years, so that a year's rest is known."""
        for period, sku, count in sorted(self._quotas, key=lambda quota: -len(quota[0])):
            left = count - self._counts[period, sku]
            within = _shuffled(random, [order for order in orders if order.date.startswith(period)])
            for order in within * 2:  # a second round where there are few orders
                if left and order.lines.get(sku, 0) < 2 and self._room(order, sku, period):
                    self._add(order, sku)
                    left -= 1
            if left:
                raise ValueError(f"{sku} cannot be sold {count} times in {period}")

    def fill(self, order: OrderPlan, skus: Sequence[str], random: Random) -> None:
        wanted = max(random.choice(_LINE_COUNTS), len(order.lines))
        popular = [sku for sku in skus if sku.startswith(_POPULAR)]
        while len(order.lines) < wanted:
            sku = random.choice(popular if random.random() < _POPULAR_SHARE else skus)
            if sku not in order.lines and not self._is_fixed(order, sku) and self._room(order, sku, ""):
                self._add(order, sku)

    def _is_fixed(self, order: OrderPlan, sku: str) -> bool:
        return (order.date[:4], sku) in self._fixed or (order.date[:7], sku) in self._fixed

    def _room(self, order: OrderPlan, sku: str, filling: str) -> bool:
        """True unless one more would be too many in the order's month or year; ``filling`` is the period being filled."""
        for length, most in self._most.items():
            period = order.date[:length]
            if period == filling:
                continue
            if (period, sku) in self._fixed and length == 7:
                return False  # that month has what it should
            if (period, sku) not in self._fixed and self._counts[period, sku] >= most:
                return False
        return True

    def _add(self, order: OrderPlan, sku: str) -> None:
        order.lines[sku] = order.lines.get(sku, 0) + 1
        self._count(order, sku, 1)

    def _count(self, order: OrderPlan, sku: str, qty: int) -> None:
        for length in self._most:
            self._counts[order.date[:length], sku] += qty


def _moment(random: Random, month: str) -> str:
    year, number = map(int, month.split("-"))
    first = FIRST_DAY.day if month == str(FIRST_DAY)[:7] else 1
    last = LAST_DAY.day if month == str(LAST_DAY)[:7] else calendar.monthrange(year, number)[1]
    return f"{month}-{random.randint(first, last):02d} {_time(random)}"


def _time(random: Random) -> str:
    return f"{random.randrange(0, 24):02d}:{random.randrange(60):02d}:{random.randrange(60):02d}"


def _shuffled(random: Random, values: list[Any]) -> list[Any]:
    return random.sample(values, len(values))
