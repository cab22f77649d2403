"""What the store does when it is asked to change something, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from webarena_gym.sites.magento import Address
from webarena_gym.sites.shopping_admin.store import AdminStore, Refused
from webarena_gym.sites.shopping_admin.store.documents import NewTrack
from webarena_gym.sites.shopping_admin.store.grid import GridQuery
from webarena_gym.sites.shopping_admin.store.orders import Order
from webarena_gym.sites.shopping_admin.store.products import COLOR, SIZE, NewVariant

from .data import built, column

WHEN = "2023-06-12 10:00:01"


@pytest.fixture(scope="module")
def _store() -> AdminStore:
    return built()


@pytest.fixture
def store(_store: AdminStore) -> Iterator[AdminStore]:
    _store.connection.execute("SAVEPOINT test")
    yield _store
    _store.connection.execute("ROLLBACK TO test")
    _store.connection.execute("RELEASE test")


def order(store: AdminStore, order_id: int) -> Order:
    found = store.orders.order(order_id)
    assert found is not None
    return found


# --- orders ---


def test_a_canceled_order_can_only_be_ordered_again(store: AdminStore) -> None:
    assert store.orders.cancel(302, WHEN)
    after = order(store, 302)
    assert after.status_label == "Canceled" and after.due_cents == 0
    assert not any(
        (after.can_cancel, after.can_hold, after.can_invoice, after.can_ship, after.can_credit, after.can_edit)
    )
    assert after.can_reorder
    assert not store.orders.cancel(302, WHEN)


def test_invoicing_and_shipping_everything_completes_an_order(store: AdminStore) -> None:
    invoice_id = store.documents.create_invoice(307, WHEN)
    assert order(store, 307).status == "processing" and order(store, 307).due_cents == 0
    invoice = store.documents.invoice(invoice_id)
    assert invoice is not None and invoice.total_cents == order(store, 307).total_cents == 2200 + 2 * 2800 + 3 * 500
    store.documents.create_shipment(307, WHEN, tracks=[NewTrack("dhl", "DHL", "24353446464")])
    assert order(store, 307).status == "complete"
    assert [entry.title for entry in store.orders.history(307)] == [
        "Tracking number 24353446464 for DHL assigned", "Shipment #000000155 created", "Invoice #000000156 created",
    ]  # fmt: skip


def test_an_order_is_invoiced_in_parts_and_shipping_once(store: AdminStore) -> None:
    first, second = store.orders.items(307)
    part = store.documents.invoice(store.documents.create_invoice(307, WHEN, qtys={second.id: 1}))
    rest = store.documents.invoice(store.documents.create_invoice(307, WHEN))
    assert part is not None and rest is not None
    assert (part.subtotal_cents, part.shipping_cents, part.total_cents) == (2800, 1500, 4300)
    assert (rest.subtotal_cents, rest.shipping_cents, rest.total_cents) == (2200 + 2800, 0, 5000)
    assert [line.qty for line in rest.lines] == [first.qty, 1]
    with pytest.raises(Refused, match="does not allow an invoice"):
        store.documents.create_invoice(307, WHEN)


def test_canceling_what_is_left_of_an_order_invoiced_in_part_lets_it_go_on(store: AdminStore) -> None:
    _, second = store.orders.items(307)
    store.documents.create_invoice(307, WHEN, qtys={second.id: 1})
    assert store.orders.cancel(307, WHEN)
    after = order(store, 307)
    assert after.status == "processing" and [item.qty_canceled for item in after.items] == [1, 1]
    store.documents.create_shipment(307, WHEN)
    assert order(store, 307).status == "complete"


def test_a_full_refund_closes_an_order_and_a_part_does_not(store: AdminStore) -> None:
    complete = order(store, 219)
    memo = store.documents.create_creditmemo(219, WHEN, qtys={}, shipping_cents=0, refund_cents=100)
    assert order(store, 219).status == "complete" and order(store, 219).refunded_cents == 100
    store.documents.create_creditmemo(219, WHEN, fee_cents=100)
    after = order(store, 219)
    assert after.status == "closed" and after.refunded_cents == complete.total_cents
    assert memo < column(store, "SELECT max(id) FROM creditmemo")[0]
    with pytest.raises(Refused, match="can't create credit memo"):
        store.documents.create_creditmemo(219, WHEN)


@pytest.mark.parametrize(
    "amounts", [{"refund_cents": 1}, {"fee_cents": -1}, {"shipping_cents": 501}, {"fee_cents": 99_999}]
)
def test_no_more_is_refunded_than_was_paid(store: AdminStore, amounts: dict[str, int]) -> None:
    with pytest.raises(Refused, match=r"available to refund|Maximum shipping"):
        store.documents.create_creditmemo(219, WHEN, **amounts)  # type: ignore[arg-type]
    assert order(store, 219).refunded_cents == 0


def test_a_shipment_needs_goods_and_a_tracking_number_that_says_something(store: AdminStore) -> None:
    with pytest.raises(Refused, match="without products"):
        store.documents.create_shipment(307, WHEN, qtys={})
    with pytest.raises(Refused, match="enter a tracking number"):
        store.documents.create_shipment(307, WHEN, tracks=[NewTrack("ups", "UPS", " ")])
    assert store.documents.tracks(307) == [] and order(store, 307).status == "pending"


def test_a_track_without_a_title_goes_by_its_carriers_name(store: AdminStore) -> None:
    shipment_id = store.documents.create_shipment(307, WHEN, tracks=[NewTrack("fedex", "", "7")])
    shipment = store.documents.shipment(shipment_id)
    assert shipment is not None and [track.title for track in shipment.tracks] == ["Federal Express"]
    store.documents.remove_track(shipment_id, shipment.tracks[0].id)
    assert store.documents.tracks(307) == []


def test_an_order_held_goes_back_to_where_it_was(store: AdminStore) -> None:
    store.documents.create_invoice(307, WHEN)
    assert store.orders.hold(307, WHEN) and order(store, 307).can_unhold
    assert not order(store, 307).can_ship and not store.orders.cancel(307, WHEN)
    assert store.orders.unhold(307, WHEN) and order(store, 307).status == "processing"


def test_a_comment_is_kept_and_may_move_the_order_within_its_stage(store: AdminStore) -> None:
    store.orders.add_comment(117, " Look into this ", "fraud", notified=True, visible=False, when=WHEN)
    [note] = store.orders.comments(117)
    assert (note.text, note.status, note.notified, note.visible) == ("Look into this", "fraud", 1, 0)
    assert order(store, 117).status == "fraud"
    store.orders.add_comment(302, "Hello", "complete", notified=False, visible=True, when=WHEN)
    assert order(store, 302).status == "pending"


@pytest.mark.parametrize(
    ("order_id", "text", "message"),
    [(299, "Ready!", "We cannot add order history."), (302, "  ", "comment is missing")],
)
def test_comments_that_are_refused(store: AdminStore, order_id: int, text: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        store.orders.add_comment(order_id, text, "pending", notified=True, visible=True, when=WHEN)
    assert store.orders.comments(order_id) == []


def test_one_address_of_an_order_changes_and_nothing_else(store: AdminStore) -> None:
    before = order(store, 299)
    moved = Address(
        None, "Sarah", "Miller", "", "1", "456 Oak Avenue\nApartment 5B", "New York", 43, "New York", "10001", "US"
    )
    store.orders.save_address(598, moved, WHEN)
    after = order(store, 299)
    assert after.shipping_address == moved._replace(id=598) and after.billing_address == before.billing_address
    assert after.shipping_address.lines[1:4] == ["456 Oak Avenue", "Apartment 5B", "New York, New York, 10001"]
    assert after.updated_at == WHEN
    assert store.customers.address(before.customer_id) != moved


# --- goods ---


def test_saved_fields_are_those_given(store: AdminStore) -> None:
    before = store.products.product(1481)
    assert before is not None
    store.products.save(1481, {"price_cents": 2700, "attributes": {"pattern": "Striped"}}, WHEN)
    after = store.products.product(1481)
    assert after == before._replace(
        price_cents=2700, attributes={**before.attributes, "pattern": "Striped"}, updated_at=WHEN
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": " "}, "Product Name"), ({"sku": ""}, "SKU"), ({"sku": "MH05"}, "SKU field already exists"),
        ({"url_key": "aeon-capri"}, "URL that already exists"),
    ],
)  # fmt: skip
def test_products_that_cannot_be_saved(store: AdminStore, fields: dict[str, str], message: str) -> None:
    before = store.products.product(1796)
    with pytest.raises(Refused, match=message):
        store.products.save(1796, fields, WHEN)
    assert store.products.product(1796) == before


def test_an_unknown_field_is_our_mistake(store: AdminStore) -> None:
    with pytest.raises(ValueError, match=r"no editable fields of a product: \['id'\]"):
        store.products.save(1796, {"id": 1}, WHEN)


def test_new_variants_are_named_by_size_and_color(store: AdminStore) -> None:
    blue = next(option.id for option in store.attributes.options(COLOR) if option.label == "Blue")
    sizes = {option.label: option.id for option in store.attributes.options(SIZE)}
    ids = store.products.add_variants(
        110, [NewVariant({COLOR: blue, SIZE: sizes[size]}, qty=9) for size in ("S", "M")], WHEN
    )
    made = store.products.many(ids)
    assert [(v.sku, v.name, v.price_cents, v.qty, v.parent_id, v.visibility) for v in made] == [
        ("MH04-S-Blue", "Frankie Sweatshirt-S-Blue", 6000, 9, 110, 1), ("MH04-M-Blue", "Frankie Sweatshirt-M-Blue", 6000, 9, 110, 1),
    ]  # fmt: skip
    assert ids[0] == 2141 and len(store.products.variants(110)) == 17
    with pytest.raises(Refused, match="already exists"):
        store.products.add_variants(110, [NewVariant({COLOR: blue, SIZE: sizes["S"]})], WHEN)
    store.products.remove_variants(110, ids[:1])
    assert len(store.products.variants(110)) == 16 and store.products.by_sku("MH04-S-Blue") is not None


def test_a_simple_product_becomes_configurable_by_its_variants(store: AdminStore) -> None:
    color = store.attributes.add_option(COLOR, "Teal")
    [variant] = store.products.add_variants(1, [NewVariant({COLOR: color})], WHEN)
    bag, made = store.products.many([1, variant])
    assert bag.type == "configurable" and made.sku == "24-MB01-Teal"
    assert [attribute.code for attribute in store.products.super_attributes(1)] == ["color"]


def test_a_value_of_an_attribute_is_not_added_twice(store: AdminStore) -> None:
    assert store.attributes.add_option(COLOR, "Teal") > 179
    for label in ("teal", " "):
        with pytest.raises(Refused, match="must be unique"):
            store.attributes.add_option(COLOR, label)


def test_products_are_made_disabled_and_deleted(store: AdminStore) -> None:
    made = store.products.create("simple", 4, {"name": "Chalk Bag", "sku": "CB", "price_cents": 900}, WHEN)
    assert made == 2141 and store.products.by_url_key("chalk-bag") is not None
    assert store.products.set_status([made, 1], 2, WHEN) == 2
    assert store.products.by_url_key("chalk-bag") is None
    with pytest.raises(Refused, match="SKU field already exists"):
        store.products.create("simple", 4, {"name": "Other", "sku": "CB", "price_cents": 1}, WHEN)
    with pytest.raises(Refused, match="Product Name"):
        store.products.create("simple", 4, {"name": "", "sku": "CC", "price_cents": 1}, WHEN)
    assert store.products.delete([made]) == 1 and store.products.by_sku("CC") is None


def test_a_deleted_family_leaves_its_variants(store: AdminStore) -> None:
    assert store.products.delete([110]) == 1
    variant = store.products.by_sku("MH04-S-White")
    assert variant is not None and variant.parent_id is None


def test_categories_show_what_is_enabled(store: AdminStore) -> None:
    bags = store.categories.by_path("gear/bags")
    assert bags is not None and [c.name for c in store.categories.trail(bags)] == ["Gear", "Bags"]
    assert store.categories.product_ids(bags.id) == list(range(1, 15))
    store.products.set_status([1], 2, WHEN)
    assert store.categories.product_ids(bags.id) == list(range(2, 15))
    store.products.set_categories(2, [])
    assert store.categories.product_ids(bags.id) == list(range(3, 15))
    new = store.categories.create(bags.parent_id, "Ropes")
    store.products.set_categories(2, [new])
    assert store.categories.product_ids(new) == [2] and store.categories.by_path("gear/ropes") is not None


def test_a_search_in_the_shop_puts_names_first(store: AdminStore) -> None:
    found = store.products.many(store.categories.search_ids("racer tank"))
    assert found[0].name == "Antonia Racer Tank" and all(product.visibility == 4 for product in found)
    assert store.categories.search_ids(" % ") == [] and store.categories.search_ids("qqqq") == []


# --- people, reviews, content ---


def test_customers_are_made_changed_and_deleted(store: AdminStore) -> None:
    made = store.customers.create({"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com"}, WHEN)
    address = Address(None, "Ada", "Byron", "", "1", "1 Ada Way", "Salem", 33, "Massachusetts", "01970", "US")
    address_id = store.customers.save_address(made, address)
    customer = store.customers.customer(made)
    assert customer is not None and (customer.billing_id, customer.shipping_id) == (address_id, address_id)
    store.customers.save_address(made, address._replace(id=address_id, city="Boston"))
    assert [a.city for a in store.customers.addresses(made)] == ["Boston"]
    with pytest.raises(Refused, match="same email address"):
        store.customers.save(made, {"email": "SEAN.miller@gmail.com"})
    with pytest.raises(Refused, match="First Name"):
        store.customers.create({"first_name": "", "last_name": "B", "email": "b@example.com"}, WHEN)
    assert store.customers.delete([made, 11]) == 2
    canceled = store.grids.orders.count(GridQuery({"customer_email": "coolcat321@hotmail.com", "status": "canceled"}))
    assert canceled == 9 and store.customers.customer(11) is None


def test_reviews_change_what_the_shop_shows(store: AdminStore) -> None:
    assert [r.id for r in store.reviews.of_product(1210)] == [350] and store.reviews.rating_percent(1210) == (80, 1)
    assert store.reviews.set_status([353], 1) == 1
    assert [r.id for r in store.reviews.of_product(1210)] == [353, 350] and store.reviews.rating_percent(1210) == (
        50,
        2,
    )
    store.reviews.save(353, status=3, nickname="H", title="T", detail="D", stars=2)
    assert store.reviews.rating_percent(1210) == (80, 1)
    with pytest.raises(Refused, match="required"):
        store.reviews.save(353, status=1, nickname="", title="T", detail="D", stars=2)
    with pytest.raises(Refused, match="ratings"):
        store.reviews.save(353, status=1, nickname="H", title="T", detail="D", stars=6)
    assert store.reviews.delete([353]) == 1 and store.reviews.review(353) is None


def test_search_terms_count_and_stay_unique(store: AdminStore) -> None:
    store.search_terms.used("Hollister", 1, WHEN)
    assert store.search_terms.top(1)[0].uses == 20 and store.search_terms.last(1)[0].term == "hollister"
    with pytest.raises(Refused, match="identical"):
        store.search_terms.save(None, term="NIKE", uses=0, redirect="", is_suggested=True, when=WHEN)
    made = store.search_terms.save(None, term="rope", uses=3, redirect="", is_suggested=False, when=WHEN)
    assert made == 26 and store.search_terms.delete([made]) == 1


def test_pages_keep_what_is_not_given(store: AdminStore) -> None:
    before = store.content.page(2)
    assert before is not None and before.title == "Home Page"
    store.content.save_page(2, {"title": "Welcome"}, WHEN)
    assert store.content.page(2) == before._replace(title="Welcome", updated_at=WHEN)
    with pytest.raises(Refused, match="'title' is empty"):
        store.content.save_page(2, {"title": " "}, WHEN)
    made = store.content.save_page(None, {"title": "News", "url_key": "news"}, WHEN)
    assert made == 7 and store.content.page_by_key("news") is not None
    assert store.content.set_pages_active([made], False) == 1 and store.content.page_by_key("news") is None
    assert store.content.delete_pages([made]) == 1


# --- grids ---


def test_a_grid_searches_filters_sorts_and_pages(store: AdminStore) -> None:
    products = store.grids.products
    blue = GridQuery({"color": "50", "price": ("40", "50")}, search="cronus pant", sort="sku", descending=True, limit=2)
    assert products.count(blue) == 4
    assert [row["sku"] for row in products.rows(blue)] == ["MP12-36-Blue", "MP12-34-Blue"]
    assert len(products.ids(blue)) == 4


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"created_at": ("05/28/2023", "")}, 2), ({"created_at": ("2023-05-28", "5/28/23")}, 1), ({"created_at": ("soon", "")}, 308),
        ({"grand_total": ("$219.40", "219.4")}, 1), ({"billing_name": "samantha"}, 9), ({"no_such_column": "x"}, 308),
        ({"billing_name": "%"}, 0), ({"increment_id": "29"}, 13), ({"status": "complet"}, 0),
    ],
)  # fmt: skip
def test_filters_take_what_people_type(
    store: AdminStore, filters: dict[str, str | tuple[str, str]], count: int
) -> None:
    canceled = {"status": "canceled"} if "billing_name" in filters else {}
    assert store.grids.orders.count(GridQuery({**filters, **canceled})) == count


def test_bookmarks_are_kept_by_user_and_grid(store: AdminStore) -> None:
    assert store.bookmarks.state(1, "sales_order_grid") == {}
    store.bookmarks.save(1, "sales_order_grid", {"search": "a"})
    store.bookmarks.save(1, "sales_order_grid", {"search": "b"})
    assert (
        store.bookmarks.state(1, "sales_order_grid") == {"search": "b"}
        and store.bookmarks.state(2, "sales_order_grid") == {}
    )
