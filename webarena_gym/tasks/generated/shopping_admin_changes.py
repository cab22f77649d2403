"""Errands in the shop's admin that change orders, customers, reviews and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..oracles.screen import Screen, click, first, stop
from ..oracles.shopping_admin.orders import open_order as open_numbered
from ..oracles.shopping_admin.pages import choose, fill, go, narrow_older, open_row, pick, read_rows
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .shopping_admin_data import (
    CARRIERS,
    CUSTOMERS,
    REMARKS,
    Reached,
    customer,
    customer_count,
    errand,
    find_customer,
    holds,
    new_address,
    open_order,
    open_order_count,
    order,
    order_count,
    path_begins,
    path_is,
    quoted,
    review,
    review_count,
    rows,
    stored,
    unquoted,
    wrote,
)

# --- orders ---

_NOTES = "SELECT order_id, comment, entity FROM order_comment"
_ADDRESSES = 150  # of each pending order, and so many tracking numbers


def _order_milestones(parameters: Parameters, *more: MilestoneSpec) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("orders listed", path_begins("/admin/sales/order/")),
        MilestoneSpec("order opened", path_begins(parameters["url"])),
        *more,
    ]


def _noted(store: StoreOf, index: int) -> Parameters:
    found, place = order(store, index)
    return {**found, "remark": REMARKS[(index + place * 5) % len(REMARKS)]}


def _note_written(parameters: Parameters) -> Reached:
    wanted = [(parameters["id"], parameters["remark"], "order")]
    return lambda progress: rows(progress.store, f"{_NOTES} WHERE created_at >= ?", "2023-06-12") == wanted


def _note_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _order_milestones(parameters, holds("comment saved", _note_written(parameters)))


def _solve_note(screen: Screen) -> Iterator[str]:
    yield from open_numbered(screen, first(re.findall(r"\d{9}", unquoted(screen)), "number"))
    yield from fill(screen, "Comment", quoted(screen)[0])
    yield from screen.follow("button", "Submit Comment")
    yield stop()


def _cancelled(parameters: Parameters) -> Reached:
    wanted = {parameters["id"]: {"status": "canceled"}}
    return lambda progress: wrote(progress, "sales_order", wanted, "order_item", "order_comment")


def _to_cancel(store: StoreOf, index: int) -> Parameters:
    return open_order(store, index)[0]


def _cancel_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _order_milestones(parameters, holds("canceled", stored("sales_order", parameters["id"], status="canceled")))


def _solve_cancel(screen: Screen) -> Iterator[str]:
    yield from open_numbered(screen, screen.find_in_intent(r"(\d{9})"))
    yield screen.click("button", "Cancel")
    yield from screen.follow("button", "OK")
    yield stop()


def _tracked(store: StoreOf, index: int) -> Parameters:
    found, place = open_order(store, index)
    code = f"{1 + index % 9}{index * 7919 % 10**6:06d}{place:04d}"
    return {**found, "carrier": CARRIERS[(index + place) % len(CARRIERS)], "code": code}


def _shipped(parameters: Parameters) -> Reached:
    """One shipment of the order, and one tracking number."""
    sql = "SELECT t.order_id, t.title, t.number FROM shipment s JOIN shipment_track t ON t.shipment_id = s.id WHERE s.created_at >= ?"
    wanted = [(parameters["id"], parameters["carrier"], parameters["code"])]
    return lambda progress: rows(progress.store, sql, "2023-06-12") == wanted


def _ship_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _order_milestones(
        parameters,
        MilestoneSpec("shipment form", path_begins(f"/admin/admin/order_shipment/new/order_id/{parameters['id']}/")),
        holds("shipped", _shipped(parameters)),
    )


def _solve_ship(screen: Screen) -> Iterator[str]:
    (carrier,) = quoted(screen)
    order, code = re.findall(r"\b\d{9,11}\b", unquoted(screen))
    if len(order) > len(code):
        order, code = code, order
    yield from open_numbered(screen, order)
    yield screen.click("button", "Ship")
    yield from screen.follow("button", "Add Tracking Number")
    yield from choose(screen, "Carrier", carrier)
    yield from fill(screen, "Number", code)
    yield from screen.follow("button", "Submit Shipment")
    yield stop()


def _readdressed(store: StoreOf, index: int) -> Parameters:
    found, place = open_order(store, index)
    return {**found, "address_id": 2 * found["id"], **new_address(index * 3 + place)}


def _moved(parameters: Parameters) -> Reached:
    address = {
        "street": parameters["street"], "city": parameters["city"], "region": parameters["state"], "postcode": parameters["postcode"],
    }  # fmt: skip

    def reached(progress: Progress) -> bool:
        sql = "SELECT region_id FROM order_address WHERE id = ?"  # the shop's own number of the state
        ((region_id,),) = rows(progress.store, sql, parameters["address_id"])
        wanted = {parameters["address_id"]: {**address, "region_id": region_id}}
        return wrote(progress, "order_address", wanted, "sales_order")

    return reached


def _move_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    form = f"/admin/sales/order/address/address_id/{parameters['address_id']}/"
    saved = stored("order_address", parameters["address_id"], street=parameters["street"])
    return _order_milestones(
        parameters,
        MilestoneSpec("address form", path_is(form)),
        holds("street saved", saved),
        holds("address saved", _moved(parameters)),
    )


def _solve_move(screen: Screen) -> Iterator[str]:
    street, city, state, postcode = screen.parts_of_intent(r"(\d+ \w+ \w+), ([A-Z]\w+), ([A-Z][\w ]+) (\d{5})")
    yield from open_numbered(screen, screen.find_in_intent(r"\b(\d{9})\b"))
    place = first((n for n, line in enumerate(screen.lines) if line.startswith("Shipping Address")), "shipping address")
    yield click(first((e for e in screen.all("link", "^Edit$") if e.line >= place), "link to edit it"))
    yield from fill(screen, "Street Address", street)
    yield from choose(screen, "State/Province", state)
    yield from fill(screen, "City", city)
    yield from fill(screen, "Zip/Postal Code", postcode)
    yield from screen.follow("button", "Save Order Address")
    yield stop()


# --- customers, reviews, pages ---

_GROUPS = {2: "Wholesale", 3: "Retailer"}


def _regrouped(store: StoreOf, index: int) -> Parameters:
    """A customer, and a group that is not the customer's."""
    found, place = customer(store, index)
    free = [id for id in _GROUPS if id != found["group_id"]]
    group = free[place % len(free)]
    return {**found, "new_group": group, "group": _GROUPS[group]}


def _in_group(parameters: Parameters) -> Reached:
    wanted = {parameters["id"]: {"group_id": parameters["new_group"]}}
    return lambda progress: wrote(progress, "customer", wanted)


def _group_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("customers listed", path_begins(CUSTOMERS)),
        MilestoneSpec("customer opened", path_begins(parameters["url"])),
        holds("saved", stored("customer", parameters["id"], group_id=parameters["new_group"])),
    ]


def _solve_group(screen: Screen) -> Iterator[str]:
    yield from find_customer(screen, quoted(screen)[0])
    yield from screen.follow("link", "Account Information")
    yield from choose(screen, "Group", screen.find_in_intent(f"({'|'.join(_GROUPS.values())})"))
    yield from screen.follow("button", "Save Customer")
    yield stop()


_STATUSES = {2: "Pending", 3: "Not Approved"}


def _withdrawn(store: StoreOf, index: int) -> Parameters:
    found, place = review(store, index)
    status = list(_STATUSES)[place]
    return {**found, "status": status, "wanted": _STATUSES[status]}


def _has_status(parameters: Parameters) -> Reached:
    wanted = {parameters["id"]: {"status": parameters["status"]}}
    return lambda progress: wrote(progress, "review", wanted)


def _review_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("reviews listed", path_begins("/admin/review/product/")),
        MilestoneSpec("review opened", path_begins(parameters["url"])),
        holds("saved", stored("review", parameters["id"], status=parameters["status"])),
    ]


def _solve_review(screen: Screen) -> Iterator[str]:
    number = screen.find_in_intent(r"(?:ID|number) (\d+)")
    yield from go(screen, "Marketing", "All Reviews")
    yield from narrow_older(screen, "ID", number)
    found = yield from read_rows(screen, "ID", "Title")
    yield from open_row(screen, pick(found, lambda row: row.cell("ID") == number, number), "Edit")
    yield from choose(screen, "Status", screen.find_in_intent(f"({'|'.join(_STATUSES.values())})"))
    yield from screen.follow("button", "Save Review")
    yield stop()


# Pages of the store and what they could be called; the home page is one that an official task renames.
_PAGES = {3: "Enable Cookies", 4: "Privacy Policy", 5: "About us", 6: "Customer Service"}
_BEGINNINGS = ("All about", "A few words on", "What to know about", "Questions on", "Our thoughts on", "The story of", "News of", "Help with")  # fmt: skip
_SUBJECTS = (
    "our store", "your data", "sizes and fits", "parcels", "fabrics", "repairs", "returns", "gift cards", "our team", "the workshop", "colors",
    "washing and care", "the summer sale", "opening hours", "our promise",
)  # fmt: skip


def _renamed(store: StoreOf, index: int) -> Parameters:
    place, which = divmod(index, len(_PAGES))
    id = list(_PAGES)[which]
    title = f"{_BEGINNINGS[place % len(_BEGINNINGS)]} {_SUBJECTS[place // len(_BEGINNINGS)]}"
    return {"id": id, "page": _PAGES[id], "title": title, "url": f"/admin/cms/page/edit/page_id/{id}/"}


def _has_title(parameters: Parameters) -> Reached:
    wanted = {parameters["id"]: {"title": parameters["title"]}}
    return lambda progress: wrote(progress, "cms_page", wanted)


def _page_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("pages listed", path_begins("/admin/cms/page/")),
        MilestoneSpec("page opened", path_is(parameters["url"])),
        holds("saved", stored("cms_page", parameters["id"], title=parameters["title"])),
    ]


def _solve_page(screen: Screen) -> Iterator[str]:
    page, title = quoted(screen)
    yield from go(screen, "Content", "Pages")
    found = yield from read_rows(screen, "Title", "URL Key")
    yield from open_row(screen, pick(found, lambda row: row.cell("Title") == page, page), "Select")
    yield from screen.follow("link", "Edit")
    yield from fill(screen, "Page Title", title)
    yield from screen.follow("button", "Save")
    yield stop()


FAMILIES = (
    errand(
        "admin_order_comment",
        (
            'Add the comment "{remark}" to order {number}.',
            'Write "{remark}" into the notes of order {number}.',
            'Order {number} needs a comment for us, "{remark}" Submit it.',
        ),
        order_count(4), _noted, _note_written, _note_milestones, _solve_note, 7,
    ),
    errand(
        "admin_order_cancel",
        (
            "The order {number} is not wanted any more: cancel it.",
            "Cancel the order that has the number {number}.",
            "The customer of order {number} changed their mind. Cancel that order.",
        ),
        open_order_count(), _to_cancel, _cancelled, _cancel_milestones, _solve_cancel, 7,
    ),
    errand(
        "admin_order_ship",
        (
            'Ship order {number} by "{carrier}" under the tracking number {code}.',
            'Order {number} is on its way with "{carrier}", tracking number {code}: submit the shipment.',
            'Make a shipment with the number {code} of "{carrier}" for the order {number}.',
        ),
        open_order_count(_ADDRESSES), _tracked, _shipped, _ship_milestones, _solve_ship, 10,
    ),
    errand(
        "admin_order_readdress",
        (
            "Send order {number} to {street}, {city}, {state} {postcode} instead: change its shipping address.",
            "Change where order {number} is shipped to {street}, {city}, {state} {postcode}.",
            "The customer moved. The shipping address of order {number} is {street}, {city}, {state} {postcode} now.",
        ),
        open_order_count(_ADDRESSES), _readdressed, _moved, _move_milestones, _solve_move, 11,
    ),
    errand(
        "admin_customer_group",
        (
            'Move the customer "{customer}" to the group {group}.',
            'Our customer "{customer}" belongs to the group {group} now: change the record.',
            'Put "{customer}" into the customer group {group}.',
        ),
        customer_count(2), _regrouped, _in_group, _group_milestones, _solve_group, 8,
    ),
    errand(
        "admin_review_withdraw",
        (
            "Set the status of the review with the ID {id} to {wanted}.",
            "The review with the ID {id} should be {wanted}.",
            "Review number {id} needs another look: set its status to {wanted}.",
        ),
        review_count(len(_STATUSES)), _withdrawn, _has_status, _review_milestones, _solve_review, 8,
    ),
    errand(
        "admin_page_rename",
        (
            'Rename the page "{page}" of the store to "{title}".',
            'The page that is called "{page}" should have the title "{title}".',
            'Give the store\'s page "{page}" another title, "{title}"',
        ),
        lambda store: len(_PAGES) * len(_BEGINNINGS) * len(_SUBJECTS), _renamed, _has_title, _page_milestones, _solve_page, 7,
    ),
)  # fmt: skip
