from __future__ import annotations

import pytest

from .shopper import Shopper


def test_the_history_shows_ten_orders_a_page(emma: Shopper):
    emma.open("/sales/order/history/")
    assert emma.title == "My Orders" and "Items 1 to 10 of 32 total" in emma.text
    assert "Order # | Date | Ship To | Order Total | Status | Action" in emma.text
    assert emma.names("link").count("View Order") == 10
    assert emma.follow("Page 4").url == "/sales/order/history/?p=4"
    assert "000000178 | 3/2/22 | Emma Lopez | $52.35 | Complete |" in emma.text
    assert emma.names("link").count("View Order") == 2


def test_more_orders_a_page(emma: Shopper):
    emma.open("/sales/order/history/").choose("Show", "50").press("Go")
    assert emma.url == "/sales/order/history/?limit=50" and emma.names("link").count("View Order") == 32


def test_an_orders_page_shows_status_date_and_lines(emma: Shopper):
    emma.open("/sales/order/history/").follow("View Order", 4)
    assert emma.url == "/sales/order/view/order_id/180/" and emma.title == "Order # 000000180"
    for text in (
        "Complete",
        "Order Date: March 11, 2023",
        "Ordered: 1",
        "Flat Rate - Fixed",
        "Check / Money order",
        "$25.00",
        "$65.32",
    ):
        assert text in emma.text


def test_invoices_and_shipments_exist_for_complete_orders_only(emma: Shopper):
    emma.open("/sales/order/view/order_id/180/").follow("Invoices")
    assert emma.url == "/sales/order/invoice/order_id/180/" and "Invoice #000000180" in emma.text
    emma.follow("Order Shipments")
    assert emma.url == "/sales/order/shipment/order_id/180/" and "Qty Shipped" in emma.text
    assert "Invoices" not in emma.open("/sales/order/view/order_id/170/").names("link")


def test_an_order_can_be_printed(emma: Shopper):
    emma.open("/sales/order/view/order_id/180/").follow("Print Order")
    assert emma.url == "/sales/order/print/order_id/180/" and "My Account" not in emma.names("link")
    assert "$65.32" in emma.text
    assert emma.follow("Close Window").url == "/sales/order/view/order_id/180/"


@pytest.mark.parametrize("part", ["view", "invoice", "shipment", "print"])
@pytest.mark.parametrize("number", [1, 190, 99999999999])
def test_other_peoples_orders_lead_back_to_the_history(emma: Shopper, part: str, number: int):
    assert emma.open(f"/sales/order/{part}/order_id/{number}/").url == "/sales/order/history/"


def test_reordering_from_the_list(emma: Shopper):
    emma.open("/sales/order/history/").follow("Reorder", 4)
    assert emma.url == "/checkout/cart/" and "My Cart 5 items" in emma.names("link")


def test_anothers_order_cannot_be_reordered(emma: Shopper):
    reply = emma.engine.client().request("POST", "http://shopping.test/sales/order/reorder/order_id/1/")
    assert reply.url == "http://shopping.test/sales/order/history/"
    assert emma.store.connection.execute("SELECT count(*) FROM cart_item").fetchone()[0] == 0
