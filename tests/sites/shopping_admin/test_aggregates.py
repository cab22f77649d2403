"""Reports, the dashboard and grids say what the orders say, whatever was done to the orders before."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webarena_gym.sites.shopping_admin.store import AdminStore, Refused
from webarena_gym.sites.shopping_admin.store.documents import NewTrack
from webarena_gym.sites.shopping_admin.store.grid import GridQuery
from webarena_gym.sites.shopping_admin.store.orders import STATUSES
from webarena_gym.sites.shopping_admin.store.reports import ReportQuery

from .data import built, column
from .ledger import REPORTS, Entry, bestsellers, ledger, ordered, people, tax

# Orders of every state: pending ones, the processing and the closed one, some complete and some canceled.
ORDERS = (299, 65, 125, 136, 219, 230, 245, 302, 307, 308, 117, 84, 1, 2, 188, 254)
EXAMPLES_SMALL, EXAMPLES_FULL = 25, 400


def cancel(store: AdminStore, order_id: int, seed: int) -> None:
    store.orders.cancel(order_id, store.timestamp())


def hold(store: AdminStore, order_id: int, seed: int) -> None:
    store.orders.hold(order_id, store.timestamp())


def unhold(store: AdminStore, order_id: int, seed: int) -> None:
    store.orders.unhold(order_id, store.timestamp())


def comment(store: AdminStore, order_id: int, seed: int) -> None:
    store.orders.add_comment(
        order_id, "Noted", sorted(STATUSES)[seed % 7], notified=False, visible=False, when=store.timestamp()
    )


def quantities(store: AdminStore, order_id: int, seed: int) -> dict[int, int] | None:
    """All that is left for one seed in three, else some pieces of some lines."""
    if seed % 3 == 0:
        return None
    return {item.id: (seed + item.id) % 3 for item in store.orders.items(order_id)}


def invoice(store: AdminStore, order_id: int, seed: int) -> None:
    store.documents.create_invoice(order_id, store.timestamp(), qtys=quantities(store, order_id, seed))


def ship(store: AdminStore, order_id: int, seed: int) -> None:
    tracks = [NewTrack("dhl", "DHL", str(seed))] * (seed % 2)
    store.documents.create_shipment(order_id, store.timestamp(), qtys=quantities(store, order_id, seed), tracks=tracks)


def refund(store: AdminStore, order_id: int, seed: int) -> None:
    shipping = None if seed % 2 else min(seed, store.documents.shipping_to_refund(order_id))
    store.documents.create_creditmemo(
        order_id,
        store.timestamp(),
        qtys=quantities(store, order_id, seed),
        shipping_cents=shipping,
        fee_cents=seed % 50,
    )


def move(store: AdminStore, order_id: int, seed: int) -> None:
    """To another state: what was taxed stays taxed."""
    address = store.orders.address(order_id * 2 - seed % 2)
    assert address is not None
    store.orders.save_address(
        order_id * 2 - seed % 2, address._replace(region="Maine", region_id=27), store.timestamp()
    )


def place(store: AdminStore, order_id: int, seed: int) -> None:
    """A new order of the same customer's, for goods of a few."""
    order = store.orders.order(order_id)
    assert order is not None and order.customer_id is not None
    lines = store.placing.lines({1 + seed % 40: 1 + seed % 3, 47 + seed % 9: 1})
    store.placing.place(
        order.customer_id,
        lines,
        billing=order.billing_address,
        shipping=order.shipping_address,
        when=store.timestamp(),
    )


ACTIONS: tuple[Callable[[AdminStore, int, int], None], ...] = (
    cancel, hold, unhold, comment, invoice, ship, refund, move, place,
)  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from(ORDERS), st.integers(0, 999)), max_size=25)
days = st.dates(dt.date(2021, 12, 20), dt.date(2023, 7, 1))
queries = st.builds(
    lambda ends, period, basis, statuses: ReportQuery(min(ends), max(ends), period, basis, statuses),
    st.tuples(days, days),
    st.sampled_from(("day", "month", "year")),
    st.sampled_from(("created", "updated", "document")),
    st.none() | st.sets(st.sampled_from(sorted(STATUSES)), max_size=3),
)


@pytest.fixture(scope="module")
def store() -> AdminStore:
    return built()


@contextmanager
def after(store: AdminStore, actions: Sequence[tuple[Callable[..., None], int, int]]) -> Iterator[list[Entry]]:
    """The store after these actions, some of which are refused, and its ledger; then as it was."""
    store.connection.execute("SAVEPOINT before")
    try:
        for act, order_id, seed in actions:
            store.tick()
            try:
                act(store, order_id, seed)
            except Refused:
                continue
        yield ledger(store)
    finally:
        store.connection.execute("ROLLBACK TO before")
        store.connection.execute("RELEASE before")


@pytest.fixture(scope="module")
def examples(full_size: bool) -> int:
    return EXAMPLES_FULL if full_size else EXAMPLES_SMALL


def check(examples: int, test: Callable[..., None], *strategies: Any) -> None:
    """Run ``test`` on so many draws."""
    settings(max_examples=examples, deadline=None, derandomize=examples == EXAMPLES_SMALL)(given(*strategies)(test))()


def test_every_report_over_orders_equals_the_ledger(store: AdminStore, examples: int) -> None:
    def one(actions: Any, query: ReportQuery) -> None:
        with after(store, actions) as entries:
            for name, expected in REPORTS.items():
                rows = getattr(store.reports, name)(query)
                keys = 3 if name == "coupons" else 2 if name == "shipping" else 1
                assert {tuple(row[:keys]): tuple(row[keys:]) for row in rows} == expected(entries, query), name
            taxes = {(row.period, row.percent): (row.orders, row.tax_cents) for row in store.reports.tax(query)}
            assert taxes == tax(entries, query)

    check(examples, one, steps, queries)


def test_reports_over_goods_and_people_equal_the_ledger(store: AdminStore, examples: int) -> None:
    def one(actions: Any, query: ReportQuery) -> None:
        with after(store, actions) as entries:
            for rows, expected in (
                (store.reports.ordered(query), ordered(entries, query)),
                (store.reports.bestsellers(query), bestsellers(entries, query)),
            ):
                assert {(row.period, row.product_id): (row.count,) for row in rows} == expected
            totals = sorted((key[0], *numbers) for key, numbers in people(entries, query).items())
            for found in (store.reports.order_totals(query), store.reports.order_counts(query)):
                assert sorted((row.period, row.orders, row.total_cents) for row in found) == totals

    check(examples, one, steps, queries)


def test_the_dashboard_equals_the_ledger(store: AdminStore, examples: int) -> None:
    def one(actions: Any) -> None:
        with after(store, actions) as entries:
            counted = [e for e in entries if e.order["status"] not in ("pending", "canceled")]
            lifetime = sum(
                sum(i["subtotal_cents"] - i["discount_cents"] for i in e.invoices)
                - sum(m["subtotal_cents"] - m["discount_cents"] + m["adjustment_cents"] for m in e.creditmemos)
                for e in counted
            )
            assert store.reports.lifetime_sales_cents() == lifetime
            assert store.reports.average_order_cents() == round(lifetime / len(counted))
            pieces: Counter[int] = Counter()
            for e in entries:
                for item in e.items if e.sold else ():
                    pieces[item["product_id"]] += item["qty"]
            best = sorted(pieces.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
            assert [(row.product_id, row.count) for row in store.reports.bestsellers_ever()] == best
            last = sorted(entries, key=lambda e: (e.order["created_at"], e.order["id"]))[-5:]
            assert [row.id for row in store.reports.last_orders()] == [e.order["id"] for e in reversed(last)]

    check(examples, one, steps)


def test_grids_equal_the_ledger(store: AdminStore, examples: int) -> None:
    def one(actions: Any, status: str, first: dt.date, last: dt.date, low: int) -> None:
        with after(store, actions) as entries:
            query = GridQuery(
                {"status": status, "created_at": (str(first), str(last)), "grand_total": (str(low), "")},
                sort="grand_total", limit=1000,
            )  # fmt: skip
            wanted = [
                e
                for e in entries
                if e.order["status"] == status
                and str(first) <= e.order["created_at"][:10] <= str(last)
                and e.order["total_cents"] >= low * 100
            ]
            rows = store.grids.orders.rows(query)
            assert store.grids.orders.count(query) == len(rows) == len(wanted)
            assert [(row["grand_total"], row["entity_id"]) for row in rows] == sorted(
                (e.order["total_cents"], e.order["id"]) for e in wanted
            )
            assert {row["entity_id"]: row["total_refunded"] for row in rows} == {
                e.order["id"]: e.refunded() for e in wanted
            }
            every = GridQuery(limit=10_000)
            for grid, name in (
                (store.grids.invoices, "invoices"), (store.grids.shipments, "shipments"), (store.grids.creditmemos, "creditmemos"),
            ):  # fmt: skip
                ids = sorted(document["id"] for e in entries for document in getattr(e, name))
                assert sorted(row["entity_id"] for row in grid.rows(every)) == ids and grid.count() == len(ids)
            assert sum(row["grand_total"] for row in store.grids.invoices.rows(every)) == sum(
                e.invoiced() for e in entries
            )

    check(examples, one, steps, st.sampled_from(sorted(STATUSES)), days, days, st.integers(0, 300))


def test_no_order_gives_back_or_ships_more_than_there_is(store: AdminStore, examples: int) -> None:
    def one(actions: Any) -> None:
        with after(store, actions) as entries:
            for e in entries:
                assert 0 <= e.refunded() <= e.invoiced() <= e.order["total_cents"]
                for item in e.items:
                    assert item["qty_shipped"] + item["qty_canceled"] <= item["qty"]
                    assert item["qty_refunded"] <= item["qty_invoiced"] <= item["qty"] - item["qty_canceled"]
                    if item["qty_invoiced"] == item["qty"]:
                        parts = column(store, "SELECT tax_cents - discount_cents FROM invoice_item WHERE order_item_id = ?", item["id"])  # fmt: skip
                        assert sum(parts) == item["tax_cents"] - item["discount_cents"]

    check(examples, one, steps)


def test_what_is_on_its_way_is_not_canceled(store: AdminStore) -> None:
    with after(store, [(ship, 299, 0), (cancel, 299, 0)]):
        order = store.orders.order(299)
        assert order is not None and order.status == "canceled"
        assert [item.qty_canceled for item in order.items] == [0] * len(order.items)


def test_the_actions_reach_every_state(store: AdminStore) -> None:
    """The sequences above would prove little if most of their steps were refused."""
    actions = [(cancel, 302, 0), (hold, 65, 0), (invoice, 307, 0), (ship, 307, 0), (invoice, 308, 1), (ship, 299, 0),
               (refund, 307, 3), (invoice, 125, 0), (comment, 125, 3)]  # fmt: skip
    with after(store, actions) as entries:
        states = {e.order["id"]: e.order["status"] for e in entries}
        assert [states[n] for n in (302, 65, 307, 308, 299, 125)] == [
            "canceled", "holded", "complete", "processing", "processing", "fraud",
        ]  # fmt: skip
    assert store.orders.order(302).status == "pending"  # type: ignore[union-attr]
