"""The requests that the real shop's scripts would send, judged by webarena-verified's own evaluators."""

from __future__ import annotations

import pytest

from .shopper import Shopper


def _sent(shopper: Shopper) -> list[tuple[str, str, int]]:
    return [
        (event.method, event.url.removeprefix("http://shopping.test"), event.status) for event in shopper.world.events
    ]


def test_adding_to_the_cart_is_a_script_call(emma: Shopper, judge):
    emma.buy("candle_spaas")
    (call,) = [event for event in emma.world.events if event.method == "POST"]
    assert call.status == 200 and not call.navigation and call.response_body == "[]"
    assert call.content_type.startswith("multipart/form-data") and 'name="form_key"' in call.body
    assert judge(431, emma)


def test_another_product_or_quantity_is_not_accepted(emma: Shopper, judge):
    emma.buy("candle_pink")
    assert not judge(431, emma)
    emma.open(emma.product_url("candle_spaas")).fill("Qty", "2", role="spinbutton").press("Add to Cart")
    assert not judge(431, emma)


def test_adding_from_a_list_names_the_real_address(emma: Shopper):
    emma.open("/catalogsearch/result/?q=B01CTR3DLE").press("Add to Cart")
    (call,) = [event for event in emma.world.events if event.method == "POST"]
    assert call.url.startswith("http://shopping.test/checkout/cart/add/uenc/") and call.url.endswith("/product/22490/")


def test_the_makeup_kit_ordered_again_from_its_page(emma: Shopper, judge):
    emma.buy("makeup_kit").open("/checkout/").press("Next").press("Place Order")
    assert judge(440, emma)


def test_buying_is_the_rest_calls_of_the_real_checkout(emma: Shopper, judge):
    emma.buy("beyond_crumble").open("/checkout/cart/").press("Proceed to Checkout").press("Next").press("Place Order")
    rest = [
        (method, path.split("?")[0].split("V1/")[1], status) for method, path, status in _sent(emma) if "/rest/" in path
    ]
    assert rest == [
        ("POST", "carts/mine/estimate-shipping-methods", 200),
        ("POST", "carts/mine/shipping-information", 200),
        ("GET", "carts/mine/totals", 200),
        ("POST", "carts/mine/payment-information", 200),
    ]
    assert _sent(emma)[-1] == ("GET", "/checkout/onepage/success/", 200)
    assert judge(506, emma)


def test_buying_the_shoes(emma: Shopper, judge):
    emma.open(emma.product_url("clarks")).check("8", role="radio").check("Dark Tan", role="radio").press("Add to Cart")
    emma.open("/checkout/").press("Next").press("Place Order")
    assert judge(509, emma)


def test_two_items_in_the_cart_are_not_accepted(emma: Shopper, judge):
    emma.buy("elmwood").buy("beyond_crumble").open("/checkout/").press("Next").press("Place Order")
    assert not judge(506, emma)


def test_buying_as_a_guest_is_calls_on_a_guest_cart(guest: Shopper, judge):
    guest.buy("beyond_crumble").open("/checkout/").fill("Email Address", "gina@example.com").fill("First Name", "Gina")
    guest.fill("Last Name", "Ray").fill("Street Address: Line 1", "5 Elm St").fill("City", "Austin")
    guest.choose("State/Province", "Texas").fill("Zip/Postal Code", "78701").fill("Phone Number", "5550002222").press(
        "Next"
    )
    guest.press("Place Order")
    assert any("/guest-carts/" in path for _, path, _ in _sent(guest))
    assert not judge(506, guest)  # the task is Emma's


@pytest.mark.parametrize(("task", "fact"), [(466, "orchid_roots"), (516, "elmwood"), (514, "white_desk_3")])
def test_wishes_are_accepted(emma: Shopper, judge, task: int, fact: str):
    emma.open(emma.product_url(fact)).follow("Add to Wish List")
    assert judge(task, emma)


def test_a_black_desk_is_not_a_white_one(emma: Shopper, judge):
    emma.open(emma.product_url("desk_1")).follow("Add to Wish List")
    assert not judge(514, emma)


def test_the_newsletters_footer_form_is_accepted(emma: Shopper, judge):
    emma.open("/").fill("Sign Up for Our Newsletter:", "emma.lopez@gmail.com").press("Subscribe")
    assert judge(521, emma)


def test_the_changed_address_is_accepted(emma: Shopper, judge):
    emma.open("/customer/address/edit/id/26/").fill("Street Address: Line 1", "111 Magnolia Path").fill(
        "City", "Atlanta"
    )
    emma.choose("State/Province", "Georgia").fill("Zip/Postal Code", "30303").press("Save Address")
    assert judge(574, emma)


def test_opening_the_contact_form_is_a_page_at_contact(emma: Shopper, judge):
    emma.open("/").follow("Contact Us")
    assert ("GET", "/contact/", 200) in _sent(emma)
    assert judge(657, emma)


@pytest.mark.parametrize(
    ("task", "open_pages"),
    [
        (118, ["fact:guard_2"]),
        (162, ["fact:cards_40"]),
        (240, ["fact:bib_men"]),
        (270, ["/clothing-shoes-jewelry/men/shoes.html?price=0-30"]),
        (276, ["/catalogsearch/result/?q=switch+accessories"]),
        (283, ["fact:xbox_2020"]),
        (285, ["fact:cards_40"]),
        (300, ["/sales/order/view/order_id/189/"]),
        (324, ["/catalogsearch/result/index/?product_list_order=price&q=chairs&product_list_dir=asc"]),
        (354, ["/home-kitchen/furniture/living-room-furniture.html?product_list_order=price&product_list_dir=desc"]),
    ],
)
def test_pages_to_go_to_are_accepted(emma: Shopper, judge, task: int, open_pages: list[str]):
    for page in open_pages:
        emma.open(emma.product_url(page.removeprefix("fact:")) if page.startswith("fact:") else page)
    assert judge(task, emma, kind="navigate")
    emma.open("/")
    assert not judge(task, emma, kind="navigate")


def test_looking_at_the_orders_is_enough_to_find_nothing_to_change(emma: Shopper, judge):
    emma.open("/sales/order/history/")
    assert judge(798, emma, status="ACTION_NOT_ALLOWED_ERROR")


def test_a_sent_contact_form_shows_among_the_events(emma: Shopper):
    emma.open("/contact/").fill("What’s on your mind?", "x").press("Submit")
    assert ("POST", "/contact/index/post/", 302) in _sent(emma)
