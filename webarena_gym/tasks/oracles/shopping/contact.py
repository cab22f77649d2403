"""Tasks about the customer's own data and about writing to the shop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from ..screen import Oracle, Screen, Steps, first, stop
from ..texts import days_of
from ..us_states import STATES
from .orders import between
from .pages import all_orders, find_item, open_order

_PHONE_NUMBER = re.compile(r"(?<!\d)(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}(?!\d)")
_EMAIL_ADDRESS = r"[\w.+-]+@[\w-]+\.[\w.]+"
_MESSAGE = "What’s on your mind?"


def phone_number(screen: Screen) -> Iterator[str]:
    """74: look for a number to call on the home page, the contact page and the other pages that the footer names."""
    seen: list[str] = yield from screen.read_all()
    for page in ("Contact Us", "Privacy and Cookie Policy"):
        yield screen.click("link", page)
        seen += yield from screen.read_all()
    found = _PHONE_NUMBER.search("\n".join(seen))
    yield stop(found[0] if found else "N/A")


def subscribe(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """121: subscribe with the account's address. The near miss saves the subscriptions with the box left empty."""
    yield screen.click("link", "My Account")
    if right:
        address = screen.find(_EMAIL_ADDRESS)[0]
        field = yield from screen.seek("textbox", "Sign Up for Our Newsletter")
        yield screen.fill("textbox", field.name, address)
        yield screen.click("button", "Subscribe")
    else:
        yield screen.click("link", "Newsletter Subscriptions")
        yield screen.click("button", "Save")
    yield stop()


def refund_draft(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """123: draft a message about something bought in a month. The near miss leaves the amount out."""
    goods, month, reason = screen.parts_of_intent(r"for the (.+) I bought (\w+ \d+)\. (.+? use)\.")
    orders = yield from all_orders(screen)
    order, item = yield from find_item(screen, between(orders, *days_of(month)), goods)
    amount = f"${item.price}" if right else "the price"
    yield from write(screen, f"I need a refund. Order: {order.number}. Amount: {amount}. Reason: {reason}.")
    yield stop()


def refund_draft_with_sku(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """142: draft a message about an item of an order. The near miss names another item of it."""
    goods, reason, number = screen.parts_of_intent(r"on the (.+) I bought, stating that (.+?)\. .*order number #(\d+)")
    orders = yield from all_orders(screen)
    order = first((order for order in orders if int(order.number) == int(number)), f"order {number}")
    if right:
        _, item = yield from find_item(screen, [order], goods)
    else:
        items = yield from open_order(screen, order)
        item = items[0]
    yield from write(screen, f"I ask for a refund on the {goods} (SKU {item.sku}) of order #{number}: {reason}.")
    yield stop()


def coupon_draft(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """148: draft a message that asks for something. The near miss leaves the form again, and the draft is lost."""
    thing, reason = screen.parts_of_intent(r"for a (\w+) as (.+)")
    yield from write(screen, f"Please send me a {thing}, as {reason}.")
    if not right:
        yield screen.click("link", "Search Terms")
    yield stop()


def write(screen: Screen, message: str) -> Steps:
    """Draft a message to the shop."""
    yield from screen.follow("link", "Contact Us")
    yield screen.fill("textbox", _MESSAGE, message)


def change_address(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """129: change the address that things are billed and sent to. The near miss keeps the street."""
    street, city, code, postcode = screen.parts_of_intent(r"address is (.+?), (.+?), ([A-Z]{2}), (\d{5})")
    yield screen.click("link", "My Account")
    yield screen.click("link", "Address Book")
    for kind in ("Billing", "Shipping"):
        shown = screen.text.partition(f"Default {kind} Address")[2].partition("Change")[0]
        if f"{city}, {STATES[code]}, {postcode}" in shown:
            continue  # both are one and the same address
        yield screen.click("link", f"Change {kind} Address")
        if right:
            yield screen.fill("textbox", "Street Address: Line 1", street)
        yield screen.fill("textbox", "City", city)
        yield screen.select("State/Province", STATES[code])
        yield screen.fill("textbox", "Zip/Postal Code", postcode)
        yield screen.click("button", "Save Address")
    yield stop()


ORACLES: dict[int, Oracle] = {
    74: phone_number,
    121: subscribe,
    123: refund_draft,
    129: change_address,
    142: refund_draft_with_sku,
    148: coupon_draft,
}
NEAR_MISSES: dict[int, Oracle] = {
    task_id: partial(oracle, right=False) for task_id, oracle in ORACLES.items() if task_id != 74
}
