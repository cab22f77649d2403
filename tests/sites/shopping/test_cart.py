from __future__ import annotations

import pytest

from webarena_gym.sites.shopping.store.cart import Visitor

from .shopper import Shopper

EMMA = Visitor(None, 27)


def _lines(shopper: Shopper) -> list[tuple[str, int]]:
    cart = shopper.store.carts.of(EMMA)
    return [] if cart is None else [(line.sku, line.qty) for line in cart.lines]


def test_an_empty_cart_says_so(emma: Shopper):
    assert "You have no items in your shopping cart." in emma.open("/checkout/cart/").text
    assert emma.open("/checkout/cart").title == "Shopping Cart"


def test_adding_stays_on_the_product_and_says_what_was_added(emma: Shopper):
    name = emma.store.catalogue.product_by_fact("candle_spaas").card.name
    url = emma.product_url("candle_spaas")
    emma.open(url).fill("Qty", "3", role="spinbutton").press("Add to Cart")
    assert emma.url == url
    assert emma.messages() == [f"You added {name} to your shopping cart."]
    assert "My Cart 3 items" in emma.names("link")
    emma.open("/checkout/cart/")
    assert "| $12.99 |" in emma.text and "$38.97" in emma.text  # 3 * 12.99


def test_a_message_is_shown_once(emma: Shopper):
    emma.buy("candle_spaas")
    assert emma.messages() and not emma.open(emma.url).messages()


def test_adding_from_a_list_stays_on_the_list(emma: Shopper):
    url = "/catalogsearch/result/?q=B003FVW3VA"
    emma.open(url).press("Add to Cart")
    assert emma.url == url and _lines(emma) == [("B003FVW3VA", 1)]


def test_options_must_be_chosen(emma: Shopper):
    url = emma.product_url("clarks")
    emma.open(url).press("Add to Cart")
    assert emma.messages() == ["You need to choose options for your item."]
    assert emma.url == url and _lines(emma) == []
    emma.check("9.5", role="radio").check("Dark Tan", role="radio").press("Add to Cart")
    assert _lines(emma) == [("B01J4MM3KO", 1)]
    assert "Size\n9.5\nColor\nDark Tan" in emma.open("/checkout/cart/").text.replace(" | ", "\n") or (
        "Size 9.5 Color Dark Tan" in emma.text
    )


def test_from_a_list_a_product_with_options_opens_instead(emma: Shopper):
    emma.open("/catalogsearch/result/?q=B01J4MM3KO").press("Add to Cart")
    assert emma.url == emma.product_url("clarks")
    assert emma.messages() == ["You need to choose options for your item."]


def test_the_same_choice_is_one_line_and_another_choice_is_another(emma: Shopper):
    for size in ("8", "8", "9"):
        emma.open(emma.product_url("clarks")).check(size, role="radio").check("Dark Tan", role="radio")
        emma.press("Add to Cart")
    assert _lines(emma) == [("B01J4MM3KO", 2), ("B01J4MM3KO", 1)]


@pytest.mark.parametrize("qty", ["0", "-1", "", "2.5", "1e9"])
def test_a_senseless_quantity_adds_nothing(emma: Shopper, qty: str):
    emma.open(emma.product_url("candle_spaas"))
    reply = emma.engine.client()
    emma.fill("Qty", qty, role="spinbutton").press("Add to Cart")
    assert _lines(emma) == [] and emma.messages()
    assert reply.get("http://shopping.test/checkout/cart/").status == 200


def test_a_line_holds_at_most_ten_thousand(emma: Shopper):
    emma.open(emma.product_url("candle_spaas")).fill("Qty", "10001", role="spinbutton").press("Add to Cart")
    assert emma.messages() == ["The most you may purchase is 10000."] and _lines(emma) == []


def test_quantities_are_updated_and_zero_removes(emma: Shopper):
    emma.buy("candle_spaas").buy("beyond_crumble").open("/checkout/cart/")
    emma.fill("Qty", "4", role="spinbutton").fill("Qty", "0", role="spinbutton", nth=1).press("Update Shopping Cart")
    assert [qty for _, qty in _lines(emma)] == [4]
    assert "$51.96" in emma.text  # 4 * 12.99


def test_an_item_is_removed_moved_or_edited(emma: Shopper):
    emma.buy("candle_spaas").buy("elmwood").buy("russound").open("/checkout/cart/")
    emma.follow("Remove item")
    assert len(_lines(emma)) == 2 and emma.url == "/checkout/cart/"
    emma.follow("Move to Wishlist")
    assert [wish.card.id for wish in emma.store.wishlists.of_customer(27)] == [104497]
    emma.follow("Edit").fill("Qty", "2", role="spinbutton").press("Update Cart")
    assert _lines(emma) == [("B003FVW3VA", 2)] and emma.url == "/checkout/cart/"


def test_editing_a_line_keeps_its_choices_at_hand(emma: Shopper):
    emma.open(emma.product_url("clarks")).check("10", role="radio").check("Dark Tan", role="radio").press("Add to Cart")
    emma.open("/checkout/cart/").follow("Edit")
    checked = [node.name for node in emma.nodes if node.role == "radio" and ("checked", "") in node.states]
    assert checked == ["10", "Dark Tan"]
    emma.check("8", role="radio").press("Update Cart")
    assert emma.store.carts.of(EMMA).lines[0].options == {"Size": "8", "Color": "Dark Tan"}


def test_a_coupon_takes_its_percentage_off(emma: Shopper):
    emma.buy("candle_spaas").open("/checkout/cart/").fill("Enter discount code", "nonsense").press("Apply Discount")
    assert emma.messages() == ['The coupon code "nonsense" is not valid.']
    emma.fill("Enter discount code", "hello10").press("Apply Discount")
    assert emma.messages() == ['You used coupon code "hello10".']
    # 12.99 less 10 percent: 1.299, rounded to 1.30
    assert "-$1.30" in emma.text and "$11.69" in emma.text
    emma.press("Cancel Coupon")
    assert emma.messages() == ["You canceled the coupon code."] and "-$1.30" not in emma.text


def test_lines_of_another_visitor_are_out_of_reach(emma: Shopper, guest: Shopper):
    guest.buy("candle_spaas")
    (line,) = guest.store.connection.execute("SELECT id FROM cart_item").fetchone()
    emma_again = Shopper(emma.world)
    reply = emma_again.engine.client().request(
        "POST",
        "http://shopping.test/checkout/cart/delete/",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=f"id={line}",
    )
    assert reply.status == 200
    assert guest.store.connection.execute("SELECT count(*) FROM cart_item").fetchone()[0] == 1


# --- guests ---


def test_reading_opens_no_session(guest: Shopper):
    for path in ("/", "/checkout/cart/", "/contact/", "/catalogsearch/result/?q=lamp", "/wishlist/", "/nowhere"):
        guest.open(path)
    assert guest.store.connection.execute("SELECT count(*) FROM site_session").fetchone()[0] == 0


def test_a_guest_has_a_cart_and_takes_it_along(guest: Shopper):
    guest.buy("candle_spaas")
    assert "My Cart 1 item" in guest.names("link")
    guest.open("/customer/account/login/").fill("Email", "emma.lopez@gmail.com").fill("Password", "Password.123").press(
        "Sign In"
    )
    assert guest.url == "/customer/account/" and "My Cart 1 item" in guest.names("link")
    assert [line.product_id for line in guest.store.carts.of(EMMA).lines] == [32202]


def test_two_guests_have_two_carts(world, guest: Shopper):
    other = Shopper(world, signed_in=False)
    guest.buy("candle_spaas")
    assert "You have no items in your shopping cart." in other.open("/checkout/cart/").text
