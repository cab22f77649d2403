"""An order's page and what is done on it: comments, cancel, hold, addresses, invoices, shipments, refunds, orders anew."""

from __future__ import annotations

import pytest

from .clerk import Clerk


def order(clerk: Clerk, number: int) -> Clerk:
    return clerk.open(f"/sales/order/view/order_id/{number}/")


def test_the_page_shows_all_that_belongs_to_an_order(clerk: Clerk):
    order(clerk, 299)
    assert clerk.title.startswith("#000000299 / Orders / Operations / Sales")
    assert clerk.css("#order_status") == ["Pending"] and "May 31, 2023, 2:55:09 AM" in clerk.text
    assert clerk.names("button") == ["Back", "Login as Customer", "Edit", "Cancel", "Send Email", "Hold", "Invoice", "Ship", "Reorder", "Submit Comment"]  # fmt: skip
    # 243.00 of goods less 20 % is 194.40; five pieces are shipped at $5
    assert "Subtotal | $243.00" in clerk.text and "Grand Total | $219.40" in clerk.text


def test_an_order_is_canceled_after_a_question(clerk: Clerk):
    order(clerk, 302).press("Cancel")
    assert "Are you sure you want to cancel this order?" in clerk.text and clerk.css("#order_status") == ["Pending"]
    clerk.press("OK")
    assert clerk.url == "/admin/sales/order/view/order_id/302/" and clerk.messages() == ["You canceled the order."]
    assert clerk.css("#order_status") == ["Canceled"] and "Cancel" not in clerk.names("button")


def test_an_order_that_is_complete_cannot_be_canceled(clerk: Clerk):
    order(clerk, 230)
    assert not {"Cancel", "Hold", "Invoice", "Ship"} & set(clerk.names("button"))
    clerk.open("/sales/order/view/order_id/230/?open=cancel")
    assert "Are you sure" not in clerk.text
    assert "You have not canceled the item." in clerk.post("/sales/order/cancel/order_id/230/", {}).text
    assert clerk.store.orders.order(230).status == "complete"


def test_hold_and_unhold(clerk: Clerk):
    order(clerk, 303).press("Hold").press("OK")
    assert clerk.css("#order_status") == ["On Hold"]
    clerk.press("Unhold").press("OK")
    assert clerk.css("#order_status") == ["Pending"]


def test_a_comment_is_noted_with_who_was_told(clerk: Clerk):
    order(clerk, 302).fill("Comment", "Called <b>twice</b>").check("Notify Customer by Email").press("Submit Comment")
    assert clerk.css(".note-list-comment") == ["Called <b>twice</b>"] and "Customer Notified" in clerk.text
    clerk.follow("Comments History")
    assert "Called <b>twice</b>" in clerk.text


def test_the_order_that_takes_no_comments_says_so(clerk: Clerk):
    order(clerk, 299).fill("Comment", "Please hurry").press("Submit Comment")
    assert clerk.messages() == ["We cannot add order history."] and clerk.css(".note-list li") == []


def test_an_empty_comment_is_none(clerk: Clerk):
    order(clerk, 302).press("Submit Comment")
    assert clerk.messages() == ["The comment is missing. Enter and try again."]


def test_the_shipping_address_is_edited_and_the_billing_address_is_not(clerk: Clerk):
    order(clerk, 299).follow("Edit", nth=1)
    assert clerk.path == "/admin/sales/order/address/address_id/598/"
    clerk.fill("Street Address", "456 Oak Avenue").fill("Street Address Line 2", "Apartment 5B").fill(
        "City", "New York"
    )
    clerk.choose("State/Province", "New York").fill("Zip/Postal Code", "10001").press("Save Order Address")
    assert clerk.messages() == ["You updated the order address."]
    billing, shipping = clerk.css("address")
    assert "456 Oak Avenue" in shipping and "New York, New York, 10001" in shipping and "456 Oak" not in billing


def test_an_address_that_lacks_something_is_not_saved(clerk: Clerk):
    clerk.open("/sales/order/address/address_id/598/").fill("City", "").press("Save Order Address")
    assert clerk.messages() == ["This is a required field: City."]
    assert clerk.store.orders.address(598).city == "Oakland"


def test_a_shipment_with_a_tracking_number(clerk: Clerk):
    order(clerk, 307).press("Ship").press("Add Tracking Number").choose("Carrier", "DHL")
    clerk.fill("Number", "24353446464").press("Submit Shipment")
    assert clerk.messages() == ["The shipment has been created."] and clerk.css("#order_status") == ["Processing"]
    clerk.open("/sales/order/commentsHistory/order_id/307/active_tab/order_shipments/")
    assert "Tracking number 24353446464 for DHL assigned" in clerk.html
    assert "Ship" not in order(clerk, 307).names("button")


def test_more_tracking_numbers_keep_what_was_typed(clerk: Clerk):
    clerk.open("/admin/order_shipment/new/order_id/304/").press("Add Tracking Number").fill("Number", "1Z")
    clerk.choose("Carrier", "Federal Express").press("Add Tracking Number")
    assert [dict(node.states).get("value") for node in clerk.nodes if (node.role, node.name) == ("textbox", "Number")] == ["1Z", None]  # fmt: skip
    clerk.press("Add Tracking Number").press("Delete", nth=2).fill("Number", "2Z", nth=1).fill(
        "Qty to Ship", "0"
    ).press("Submit Shipment")
    (shipment,) = [clerk.store.documents.shipment(row["entity_id"]) for row in clerk.store.grids.shipments.rows(condition="o.id = 304")]  # fmt: skip
    assert [(track.title, track.number) for track in shipment.tracks] == [
        ("Federal Express", "1Z"),
        ("Custom Value", "2Z"),
    ]
    assert shipment.qty == 3  # four pieces are ordered, one of the first line


def test_an_invoice_in_two_parts(clerk: Clerk):
    order(clerk, 302).press("Invoice").fill("Qty to Invoice", "0").press("Update Qty's")
    assert "Grand Total | $99.00" in clerk.text  # 148.00 less the shell's 69.00, and 20.00 for shipping
    clerk.press("Submit Invoice")
    assert clerk.messages() == ["The invoice has been created."] and "Total Paid | $99.00" in clerk.text
    clerk.press("Invoice").press("Submit Invoice")
    assert "Total Due | $0.00" in clerk.text and "Invoice" not in clerk.names("button")
    assert len(clerk.follow("Invoices").rows()) == 2


def test_what_was_paid_is_refunded(clerk: Clerk):
    order(clerk, 302).press("Invoice").press("Submit Invoice").press("Credit Memo").press("Refund Offline")
    assert clerk.messages() == ["You created the credit memo."]
    assert "Total Refunded | $168.00" in clerk.text and clerk.css("#order_status") == ["Closed"]


def test_an_invoice_has_a_page_of_its_own(clerk: Clerk):
    clerk.open("/sales/invoice/").follow("View", nth=len(clerk.rows()) - 1 if len(clerk.rows()) < 20 else 0)
    assert "Grand Total" in clerk.text
    clerk.open("/sales/invoice/view/invoice_id/2/")
    assert "Grand Total | $39.64" in clerk.text and clerk.names("heading") == ["#000000002"]
    clerk.fill("Comment Text", "Paid by transfer").press("Submit Comment")
    assert clerk.css(".note-list-comment") == ["Paid by transfer"]


def test_tracking_numbers_are_added_to_a_shipment_later(clerk: Clerk):
    clerk.open("/sales/shipment/view/shipment_id/2/").choose("Carrier", "DHL").fill("Number", "77").press("Add")
    assert "DHL | DHL | 77" in clerk.text
    clerk.press("Delete")
    assert "| 77" not in clerk.text


def test_an_order_is_ordered_again(clerk: Clerk):
    order(clerk, 302).press("Reorder")
    assert clerk.names("heading") == ["Create New Order for Jane Doe"] and "Grand Total | $168.00" in clerk.text
    clerk.fill("Qty of WJ10-S-Black", "0").press("Update Items and Quantities").fill("Order Comments", "again")
    clerk.press("Submit Order")
    assert clerk.messages() == ["You created the order."] and clerk.url == "/admin/sales/order/view/order_id/309/"
    placed = clerk.store.orders.order(309)
    assert placed.total_cents == 7900 + 3 * 500 and placed.shipping_address.city == "Chicago"  # 40.00 + 39.00
    assert clerk.store.orders.order(302).status == "pending"


def test_an_edited_order_takes_the_old_ones_place(clerk: Clerk):
    order(clerk, 302).press("Edit").press("OK").press("Submit Order")
    assert clerk.url == "/admin/sales/order/view/order_id/309/"
    assert clerk.store.orders.order(302).status == "canceled"


def test_an_order_from_nothing(clerk: Clerk):
    clerk.open("/sales/order/").press("Create New Order").follow("Sean Miller").fill("Add Products By SKU", "24-MB01")
    clerk.fill("Qty", "2").press("Update Items and Quantities").press("Submit Order")
    placed = clerk.store.orders.order(309)
    assert (placed.name, placed.qty, [item.sku for item in placed.items]) == ("Sean Miller", 2, ["24-MB01"])
    clerk.open("/sales/order_create/index/?customer_id=16").press("Submit Order")
    assert clerk.messages() == ["Please specify order items."]


@pytest.mark.parametrize("path", ["/sales/order/view/order_id/9999/", "/sales/invoice/view/invoice_id/9999/", "/sales/order/address/address_id/99999/"])  # fmt: skip
def test_what_is_not_there_leads_to_the_list_with_a_message(clerk: Clerk, path: str):
    assert "no longer exists" in clerk.open(path).messages()[0]
