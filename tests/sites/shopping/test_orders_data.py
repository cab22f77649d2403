"""Every sum that tasks rest on, by hand: totals are written here in dollars, the shop computes its own from its lines."""

from __future__ import annotations

import pytest

from .shopper import Shopper

# number: (date, status, total in cents, pieces), as the contract's table has them.
EMMAS_ORDERS = {
    170: ("5/17/23", "Canceled", 36542, 3), 189: ("5/2/23", "Pending", 75499, 1), 188: ("5/2/23", "Pending", 200499, 1),
    187: ("5/2/23", "Pending", 100499, 1), 180: ("3/11/23", "Complete", 6532, 5), 166: ("3/10/23", "Complete", 1799, 1),
    161: ("2/27/23", "Complete", 76218, 5), 156: ("2/24/23", "Canceled", 23154, 2), 158: ("2/11/23", "Canceled", 17499, 1),
    157: ("2/9/23", "Complete", 18532, 2), 148: ("1/29/23", "Complete", 44064, 2), 163: ("1/16/23", "Complete", 13224, 4),
    154: ("12/18/22", "Complete", 9715, 3), 184: ("12/12/22", "Complete", 2049, 1), 162: ("12/4/22", "Complete", 5329, 2),
    164: ("11/26/22", "Complete", 21817, 4), 171: ("11/20/22", "Complete", 13307, 3), 150: ("11/11/22", "Complete", 5194, 2),
    160: ("10/30/22", "Canceled", 112652, 2), 147: ("10/21/22", "Complete", 61230, 2), 151: ("10/7/22", "Complete", 34185, 3),
    173: ("9/29/22", "Complete", 212632, 2), 174: ("9/14/22", "Complete", 11799, 1), 159: ("9/5/22", "Canceled", 159899, 2),
    155: ("8/23/22", "Complete", 40216, 2), 165: ("8/8/22", "Complete", 27845, 1), 152: ("7/19/22", "Complete", 4016, 3),
    153: ("7/5/22", "Canceled", 3798, 1), 172: ("6/30/22", "Complete", 30112, 2), 175: ("6/18/22", "Complete", 16254, 2),
    149: ("3/24/22", "Canceled", 29048, 3), 178: ("3/2/22", "Complete", 5235, 2),
}  # fmt: skip


def test_emmas_orders_stand_in_the_order_of_their_dates(emma: Shopper):
    listed = [order.id for order in emma.store.orders.of_customer(27)]
    assert listed == list(EMMAS_ORDERS)


@pytest.mark.parametrize("number", EMMAS_ORDERS)
def test_an_order_of_emma_has_its_date_status_total_and_pieces(emma: Shopper, number: int):
    date, status, total, pieces = EMMAS_ORDERS[number]
    order = emma.store.orders.order(number)
    year, month, day = order.created_at[2:4], int(order.created_at[5:7]), int(order.created_at[8:10])
    assert (f"{month}/{day}/{year}", order.status, order.total_cents, order.qty) == (date, status, total, pieces)
    assert order.subtotal_cents == sum(line.price_cents * line.qty for line in order.lines)
    assert order.shipping_cents == 500 * pieces
    assert order.total_cents == order.subtotal_cents + order.shipping_cents


def _total(emma: Shopper, first: str, last: str, status: str, *, shipping: bool = True) -> tuple[int, int]:
    """(how many, cents) of the orders from ``first`` to ``last``, dates as YYYY-MM-DD."""
    chosen = [
        emma.store.orders.order(summary.id)
        for summary in emma.store.orders.of_customer(27)
        if first <= summary.created_at[:10] <= last and summary.status == status
    ]
    return len(chosen), sum(order.total_cents if shipping else order.subtotal_cents for order in chosen)


def test_the_sums_that_tasks_ask_for(emma: Shopper):
    # 1126.52 + 1598.99 + 37.98 + 290.48
    assert _total(emma, "2022-01-01", "2022-12-31", "Canceled") == (4, 305397)
    # 218.17 + 133.07 + 51.94; nine pieces at 5.00 less
    assert _total(emma, "2022-11-01", "2022-11-30", "Complete") == (3, 40318)
    assert _total(emma, "2022-11-01", "2022-11-30", "Complete", shipping=False) == (3, 40318 - 4500)
    # 440.64 + 132.24, less six pieces at 5.00
    assert _total(emma, "2023-01-01", "2023-01-31", "Complete", shipping=False) == (2, 54288)
    # the past four months: 65.32 + 17.99 + 762.18
    assert _total(emma, "2023-02-12", "2023-06-12", "Complete") == (3, 84549)
    # after December 12: those three and 185.32 + 440.64 + 132.24 + 97.15
    assert _total(emma, "2022-12-13", "2023-06-12", "Complete") == (7, 170084)
    assert _total(emma, "2022-06-12", "2023-06-12", "Complete") == (21, 656069)


def test_nothing_was_ordered_after_may_17(emma: Shopper):
    assert [order.id for order in emma.store.orders.of_customer(27) if order.created_at > "2023-05-17 23:59:59"] == []


def test_emma_has_no_order_under_way(emma: Shopper):
    assert {order.status for order in emma.store.orders.of_customer(27)} == {"Complete", "Canceled", "Pending"}


def test_order_180_holds_the_case_with_the_screen_protector(emma: Shopper):
    lines = {line.sku: line.price_cents for line in emma.store.orders.order(180).lines}
    assert lines["B087QJN9W1"] == 1299 and lines["B0041MSF2S"] == 163
    assert sorted(lines.values()) == [163, 628, 948, 994, 1299]


def test_the_hair_care_of_order_163_costs_68_51(emma: Shopper):
    hair = [line for line in emma.store.orders.order(163).lines if "Hair" in line.name]
    assert sum(line.price_cents for line in hair) == 6851
    assert "Body Butter" in emma.store.orders.order(163).lines[0].name


def test_orders_name_the_options_that_tasks_ask_for(emma: Shopper):
    assert emma.store.orders.order(157).lines[1].options == {"Color": "Green-vines"}
    assert emma.store.orders.order(174).lines[0].options == {"Color": "Mist 16*24"}
    assert "B003FVW3VA" in {line.sku for line in emma.store.orders.order(148).lines}


def test_every_other_number_up_to_189_is_another_customers_order(emma: Shopper):
    orders = emma.store.orders.search()
    assert [order.id for order in orders] == list(range(1, 190))
    assert {order.id for order in orders if order.customer_id == 27} == set(EMMAS_ORDERS)
    assert max(order.created_at for order in orders) < str(emma.store.now())


def test_totals_follow_when_a_price_changes(rebuilt):
    from webarena_gym.sites.shopping.seeding.facts import read_json

    facts = {**read_json("facts.json")}
    facts["products"] = {**facts["products"], "olive_bread": {**facts["products"]["olive_bread"], "price": 100.0}}
    shopper = rebuilt(facts=facts)
    assert shopper.store.orders.order(184).total_cents == 10500  # 100.00 and 5.00 for shipping
    assert "$105.00" in shopper.open("/sales/order/view/order_id/184/").text
