"""What the tasks' answers rest on: every number, name and distractor of the contract, counted in the built data."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import accumulate

import pytest

from webarena_gym.sites.shopping_admin.store import AdminStore
from webarena_gym.sites.shopping_admin.store.grid import GridQuery
from webarena_gym.sites.shopping_admin.store.products import COLOR
from webarena_gym.sites.shopping_admin.store.reports import ReportQuery
from webarena_gym.tasks.official import quoted_references

from .data import built, column

JANUARY = ReportQuery(dt.date(2023, 1, 1), dt.date(2023, 1, 31), "month")
BY_DATE = GridQuery(sort="created_at", descending=True, limit=200)


@pytest.fixture(scope="module")
def store() -> AdminStore:
    return built()


def newest(store: AdminStore, status: str = "") -> list[int]:
    """Order ids by purchase date, newest first."""
    filters = {"status": status} if status else {}
    return [
        row["entity_id"]
        for row in store.grids.orders.rows(GridQuery(filters, sort="created_at", descending=True, limit=400))
    ]


def items(store: AdminStore, order_id: int) -> int:
    order = store.orders.order(order_id)
    assert order is not None
    return sum(item.qty for item in order.items)


# --- orders ---


def test_the_newest_orders_are_those_of_the_contract(store: AdminStore) -> None:
    rows = store.grids.orders.rows(BY_DATE)[:7]
    assert [(r["increment_id"], r["created_at"][:10], r["billing_name"], r["status"], r["grand_total"]) for r in rows] == [
        ("000000299", "2023-05-31", "Sarah Miller", "pending", 21940),
        ("000000065", "2023-05-28", "Grace Nguyen", "pending", 21000),
        ("000000125", "2023-05-24", "Matt Baker", "pending", 16640),
        ("000000136", "2023-05-23", "Lily Potter", "canceled", 20820),
        ("000000230", "2023-05-22", "Ava Brown", "complete", 9340),
        ("000000219", "2023-05-20", "Sarah Miller", "complete", 8900),
        ("000000245", "2023-05-18", "Amanda Kim", "canceled", 14125),
    ]  # fmt: skip


def test_the_newest_orders_add_up_to_the_items_that_tasks_count(store: AdminStore) -> None:
    sums = list(accumulate(items(store, order_id) for order_id in newest(store)[:7]))
    assert [sums[1], sums[3], sums[4], sums[6]] == [9, 16, 18, 25]
    complete = list(accumulate(items(store, order_id) for order_id in newest(store, "complete")[:7]))
    assert [complete[1], complete[3], complete[4], complete[6]] == [3, 9, 12, 17]


def test_the_last_four_canceled_and_complete_orders_differ_by_19425_cents(store: AdminStore) -> None:
    canceled, complete = (
        [order.total_cents for i in newest(store, status)[:4] if (order := store.orders.order(i)) is not None]
        for status in ("canceled", "complete")
    )
    assert canceled == [20820, 14125, 16880, 10000] and complete == [9340, 8900, 12320, 11840]
    assert sum(canceled) - sum(complete) == 61825 - 42400 == 19425


def test_samanthas_newest_canceled_order_has_the_four_goods_of_the_contract(store: AdminStore) -> None:
    order = store.orders.order(254)
    assert order is not None and order.email == "coolcat321@hotmail.com" and order.status == "canceled"
    assert [item.sku for item in order.items] == ["WSH09-29-White", "WSH09-28-Green", "MSH11-34-Blue", "WP09-29-Purple"]
    assert (order.subtotal_cents, order.total_cents) == (14880, 16880)


def test_every_order_adds_up_and_charges_five_dollars_a_piece_for_shipping(store: AdminStore) -> None:
    for order_id in newest(store):
        order = store.orders.order(order_id)
        assert order is not None
        assert order.shipping_cents == 500 * order.qty == 500 * sum(item.qty for item in order.items)
        assert order.total_cents == sum(item.total_cents for item in order.items) + order.shipping_cents
        assert (order.subtotal_cents >= 20000) == ("$200" in order.rule)


def test_complete_orders_of_customers_rank_matt_baker_fifth(store: AdminStore) -> None:
    by_email = Counter(column(store, "SELECT email FROM sales_order WHERE status = 'complete'"))
    assert sorted(by_email.items(), key=lambda pair: (-pair[1], pair[0]))[:8] == [
        ("janesmith456@yahoo.com", 9), ("helloworld@yahoo.com", 8), ("michael.nguyen@yahoo.com", 8), ("matt.baker@yahoo.com", 7),
        ("john.lee@yahoo.com", 6), ("adam.garcia@gmail.com", 5), ("jason.miller@yahoo.com", 5), ("jennifer.white@yahoo.com", 5),
    ]  # fmt: skip
    assert by_email["gamingpro456@gmail.com"] == 3
    assert sorted(by_email.values(), reverse=True)[8] <= 4
    by_name = Counter(column(store, "SELECT first_name || ' ' || last_name FROM sales_order WHERE status = 'complete'"))
    assert [count for _, count in by_name.most_common(6)] == [9, 8, 8, 8, 7, 6]
    assert by_name["Matt Baker"] == 7 and by_name["Adam Garcia"] == 5 + 3


def test_samantha_jones_canceled_most(store: AdminStore) -> None:
    canceled = Counter(column(store, "SELECT email FROM sales_order WHERE status = 'canceled'")).most_common(2)
    assert canceled[0] == ("coolcat321@hotmail.com", 9) and canceled[1][1] <= 6
    names = Counter(column(store, "SELECT first_name || ' ' || last_name FROM sales_order WHERE status = 'canceled'"))
    assert names.most_common(1) == [("Samantha Jones", 9)]


def test_complete_orders_of_each_month(store: AdminStore) -> None:
    months = Counter(column(store, "SELECT substr(created_at, 1, 7) FROM sales_order WHERE status = 'complete'"))
    counts_2022 = (11, 16, 14, 7, 8, 13, 9, 8, 10, 4, 5, 10)
    counts_2023 = (12, 7, 5, 9, 5)
    assert months == {
        **{f"2022-{month:02d}": count for month, count in enumerate(counts_2022, 1)},
        **{f"2023-{month:02d}": count for month, count in enumerate(counts_2023, 1)},
    }
    others = column(
        store, "SELECT created_at FROM sales_order WHERE status IN ('closed', 'processing') AND created_at < '2023'"
    )
    assert [when[:7] for when in others] == ["2022-04"]


def test_orders_that_tasks_name_by_number(store: AdminStore) -> None:
    order = store.orders.order(299)
    assert order is not None and order.created_at == "2023-05-31 02:55:09" and order.email == "helloworld@yahoo.com"
    assert (order.billing_address.id, order.shipping_address.id) == (597, 598)
    page = " ".join((*order.billing_address.lines, *order.shipping_address.lines))
    assert not any(text in page for text in ("456 Oak Avenue", "10001", "New York"))
    jane, shipped = store.orders.order(302), store.orders.order(307)
    assert jane is not None and shipped is not None
    assert (jane.name, jane.status, jane.can_cancel) == ("Jane Doe", "pending", True)
    assert (shipped.status, shipped.can_ship) == ("pending", True)
    around = dict(
        store.connection.execute(
            "SELECT id, first_name || ' ' || last_name FROM sales_order WHERE id BETWEEN 300 AND 306"
        )
    )
    assert (around[302], around[303], around[304]) == ("Jane Doe", "Lily Potter", "Alex Thomas")
    assert list(around.values()).count("Jane Doe") == 1
    assert set(column(store, "SELECT status FROM sales_order WHERE id BETWEEN 300 AND 306")) == {"pending"}
    assert max(column(store, "SELECT created_at FROM sales_order WHERE status = 'pending' AND email = 'jane.doe@hotmail.com'")) == jane.created_at  # fmt: skip


def test_only_order_299_refuses_comments(store: AdminStore) -> None:
    assert column(store, "SELECT id FROM sales_order WHERE refuses_comments") == [299]


def test_the_first_two_invoices(store: AdminStore) -> None:
    totals = [invoice.total_cents for n in (1, 2) if (invoice := store.documents.invoice(n)) is not None]
    assert totals == [3639, 3964]  # 29.00 and 32.00 with 8.25% tax, 5.00 for shipping
    invoiced = column(
        store, "SELECT DISTINCT o.status FROM invoice i JOIN sales_order o ON o.id = i.order_id ORDER BY 1"
    )
    assert invoiced == ["closed", "complete", "processing"]


def test_the_only_tax_is_that_of_the_first_two_orders(store: AdminStore) -> None:
    rows = store.reports.tax(ReportQuery(dt.date(2022, 1, 1), dt.date(2023, 12, 31), "year"))
    assert [tuple(row) for row in rows] == [("2022", "US-MI-*-Rate 1", 825, 2, 239 + 264)]
    store.connection.execute("SAVEPOINT test")
    store.connection.execute("UPDATE order_address SET region = 'Maine'")
    assert store.reports.tax(ReportQuery(dt.date(2022, 1, 1), dt.date(2023, 12, 31), "year")) == rows
    store.connection.execute("ROLLBACK TO test")


# --- best sellers ---


def sold(store: AdminStore, period: str) -> Counter[str]:
    """Pieces by SKU in orders that were not canceled, added up line by line."""
    found: Counter[str] = Counter()
    for sku, qty in store.connection.execute(
        "SELECT i.sku, i.qty FROM order_item i JOIN sales_order o ON o.id = i.order_id "
        "WHERE o.status != 'canceled' AND o.created_at LIKE ?",
        (f"{period}%",),
    ):
        found[sku] += qty
    return found


def test_best_sellers_of_january_2023(store: AdminStore) -> None:
    january = sold(store, "2023-01").most_common()
    assert january[0] == ("24-UB02", 4) and set(january[1:3]) == {("24-WB07", 3), ("MSH05-32-Blue", 3)}
    assert january[3][1] <= 2
    rows = store.reports.bestsellers(JANUARY)
    assert [(row.name, row.count) for row in rows[:3]] == [
        ("Impulse Duffle", 4), ("Overnight Duffle", 3), ("Hawkeye Yoga Short-32-Blue", 3),
    ]  # fmt: skip
    assert len(rows) == 5


def test_best_sellers_of_the_years(store: AdminStore) -> None:
    query = ReportQuery(dt.date(2022, 1, 1), dt.date(2023, 12, 31), "year")
    rows = store.reports.bestsellers(query)
    assert [(row.name, row.count) for row in rows if row.period == "2023"][:3] == [
        ("Sprite Yoga Strap 6 foot", 6), ("Overnight Duffle", 5), ("Ida Workout Parachute Pant-29-Purple", 5),
    ]  # fmt: skip
    assert [row.name for row in rows if row.period == "2022"][:2] == [
        "Quest Lumaflex™ Band",
        "Sprite Stasis Ball 65 cm",
    ]
    assert sold(store, "2023").most_common(4)[3][1] < 5


# --- search terms and reviews ---


def test_search_terms(store: AdminStore) -> None:
    rows = store.grids.search_terms.rows(GridQuery(sort="popularity", descending=True))
    found = [(row["search_query"], row["num_results"], row["popularity"]) for row in rows]
    assert found[:4] == [("hollister", 1, 19), ("Joust Bag", 10, 4), ("nike", 0, 3), ("Antonia Racer Tank", 23, 2)]
    assert {("tanks", 23, 1), ("WP10", 1, 1)} <= set(found[4:]) and all(uses == 1 for _, _, uses in found[4:])
    assert [term.term for term in store.search_terms.top()][:3] == ["hollister", "Joust Bag", "Antonia Racer Tank"]
    assert all(term.term != "nike" for term in store.search_terms.top(100))


def test_reviews_by_state_and_month(store: AdminStore) -> None:
    states = Counter(column(store, "SELECT status FROM review"))
    assert states == {1: 346, 2: 5}
    assert column(store, "SELECT id FROM review WHERE status = 2 ORDER BY id") == [347, 349, 351, 352, 353]
    assert {when[:7] for when in column(store, "SELECT created_at FROM review")} == {"2023-04"}
    dates = column(store, "SELECT created_at FROM review ORDER BY id")
    assert dates == sorted(dates)


@pytest.mark.parametrize(
    ("word", "count"), [("best", 2), ("disappointed", 6), ("satisfied", 2), ("decent", 2), ("not useful", 0)]
)
def test_reviews_that_say_a_word(store: AdminStore, word: str, count: int) -> None:
    assert store.grids.reviews.count(GridQuery({"detail": word})) == count
    assert store.grids.reviews.count(GridQuery({"title": word})) == 0


def reviews_of(store: AdminStore, product: str) -> list[tuple[str, int, str, int]]:
    rows = store.grids.reviews.rows(GridQuery({"name": product}, limit=400))
    return [(row["nickname"], row["stars"], row["title"], row["status"]) for row in rows]


def test_reviews_that_tasks_ask_about(store: AdminStore) -> None:
    assert {stars for _, stars, _, _ in reviews_of(store, "Chloe")} == {4, 5}
    assert min(stars for _, stars, _, _ in reviews_of(store, "Zoe")) >= 4
    assert store.grids.reviews.rows(GridQuery({"nickname": "Valorie", "name": "Zoe"}))[0]["customer_id"] is None
    assert set(reviews_of(store, "Circe")) == {("customer", 4, "Good but not perfect", 1), ("Hannah Lim", 1, "Bad!", 2)}
    assert {"Shaunte", "Merrie", "Lyra"} == {name for name, *_ in reviews_of(store, "Antonia Racer")}
    titles = {(stars, title) for _, stars, title, _ in reviews_of(store, "Antonia Racer")}
    assert titles == {(2, "Zero support/modesty"), (3, "Not for high impact"), (4, "A regular or me")}
    assert {(name, stars) for name, stars, _, _ in reviews_of(store, "Olivia")} == {("Jane Smith", 5), ("seam miller", 3), ("Emma", 2)}  # fmt: skip


def test_the_sentences_that_task_108_quotes_are_those_of_three_reviews(store: AdminStore) -> None:
    texts = column(store, "SELECT detail FROM review WHERE product_id = 1796")
    for quote in quoted_references()[108]:
        assert sum(quote in text for text in texts) == 1
    plain = built(quoted=False)
    assert len(column(plain, "SELECT detail FROM review WHERE product_id = 1796 AND detail != ''")) == 3


# --- goods, people, pages ---


def test_products_that_tasks_change(store: AdminStore) -> None:
    found = {
        n: product for n in (110, 126, 478, 872, 1481, 1796, 1861) if (product := store.products.product(n)) is not None
    }
    assert found[126].sku == "MH05" and found[126].sale == 0 and found[126].type == "configurable"
    assert [variant.id for variant in store.products.variants(126)] == list(range(111, 126))
    assert all(variant.sale == 0 for variant in store.products.variants(126))
    assert found[478].name == "Ryker LumaTech™ Tee (Crew-neck)" and found[478].status == 1
    assert store.grids.products.count(GridQuery({"name": "Ryker LumaTech™ Tee (V-neck)"})) > 0
    assert found[1481].price_cents == 3200
    assert (found[1796].url_key, store.attributes.sets()[found[1796].attribute_set_id]) == ("antonia-racer-tank", "Top")
    assert (found[1861].name, found[1861].type, found[1861].in_stock) == ("Aeon Capri", "configurable", 1)
    assert found[872].name == "Cronus Yoga Pant -33-Blue"


def test_only_the_blue_cronus_pant_of_size_33_is_out_of_stock(store: AdminStore) -> None:
    assert column(store, "SELECT id FROM product WHERE type != 'configurable' AND (qty = 0 OR NOT in_stock)") == [872]
    others = store.grids.products.rows(GridQuery({"sku": "MP12-"}, limit=100))
    assert {row["sku"] for row in others} == {
        f"MP12-{s}-{c}" for s in (32, 33, 34, 36) for c in ("Black", "Blue", "Red")
    }
    assert {row["qty"] for row in others if row["entity_id"] != 872} == {100}


def test_the_frankie_sweatshirt_comes_in_three_colors_without_blue(store: AdminStore) -> None:
    skus = [variant.sku for variant in store.products.variants(110)]
    assert skus == [
        f"MH04-{size}-{color}" for size in ("XS", "S", "M", "L", "XL") for color in ("Green", "White", "Yellow")
    ]
    assert "Blue" in [option.label for option in store.attributes.options(COLOR)]


def test_every_variant_is_named_after_its_family_size_and_color(store: AdminStore) -> None:
    rows = store.connection.execute(
        "SELECT v.sku, p.sku || '-' || s.label || '-' || c.label FROM product v JOIN product p ON p.id = v.parent_id "
        "JOIN attribute_option s ON s.id = v.size JOIN attribute_option c ON c.id = v.color"
    ).fetchall()
    assert len(rows) > 1900 and all(sku == expected for sku, expected in rows)


def test_customers_that_tasks_look_for(store: AdminStore) -> None:
    def by_phone(phone: str) -> list[tuple[str, str]]:
        rows = store.grids.customers.rows(GridQuery({"billing_telephone": phone}))
        return [(row["name"], row["email"]) for row in rows]

    assert by_phone("8015551212") == [("Sean Miller", "sean.miller@gmail.com")]
    for phone, name in (
        ("2058812302", "John Smith"), ("2137418080", "Jennifer White"), ("2065555555", "Adam Garcia"),
        ("555-229-3326", "Veronica Costello"), ("3055551212", "Samantha Jones"),
    ):  # fmt: skip
        assert [found for found, _ in by_phone(phone)] == [name]
    amanda = store.grids.customers.rows(GridQuery({"name": "Amanda Kim"}))
    assert [(row["billing_city"], row["billing_region"]) for row in amanda] == [("Hoboken", "New Jersey")]
    names = Counter(column(store, "SELECT first_name || ' ' || last_name FROM customer"))
    assert [name for name, count in names.items() if count > 1] == ["Adam Garcia"]
    phones = column(store, "SELECT telephone FROM customer_address")
    assert len(phones) == len(set(phones))


def test_pages_and_themes(store: AdminStore) -> None:
    pages = [(row["page_id"], row["title"]) for row in store.grids.cms_pages.rows()]
    assert pages[:5] == [
        (1, "404 Not Found"), (2, "Home Page"), (3, "Enable Cookies"), (4, "Privacy Policy"), (5, "About us"),
    ]  # fmt: skip
    assert [(row["theme_id"], row["theme_title"]) for row in store.grids.themes.rows()] == [
        (1, "Magento Blank"), (3, "Magento Luma"),
    ]  # fmt: skip


def test_accounts_are_older_than_their_orders(store: AdminStore) -> None:
    assert column(store, "SELECT c.id FROM customer c JOIN sales_order o ON o.customer_id = c.id AND o.created_at <= c.created_at") == []  # fmt: skip
