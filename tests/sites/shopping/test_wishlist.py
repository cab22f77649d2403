from __future__ import annotations

from .shopper import Shopper


def _wishes(shopper: Shopper) -> list[tuple[int, int]]:
    return [(wish.card.id, wish.qty) for wish in shopper.store.wishlists.of_customer(27)]


def test_a_wish_from_the_products_page(emma: Shopper):
    emma.open(emma.product_url("elmwood")).follow("Add to Wish List")
    assert emma.url == "/wishlist/index/index/wishlist_id/27/" and emma.title == "My Wish List"
    name = "Elmwood Inn Fine Teas, Orange Vanilla Caffeine-free Fruit Infusion, 16-Ounce Pouch"
    assert emma.messages() == [f"{name} has been added to your Wish List. Click here to continue shopping."]
    assert _wishes(emma) == [(104497, 1)] and "My Wish List 1 item" in emma.names("link")


def test_a_wish_from_a_list_of_products(emma: Shopper):
    emma.open("/catalogsearch/result/?q=B003FVW3VA").follow("Add to Wish List")
    assert [wish.card.sku for wish in emma.store.wishlists.of_customer(27)] == ["B003FVW3VA"]


def test_wishing_twice_wishes_for_two(emma: Shopper):
    for _ in range(2):
        emma.open(emma.product_url("elmwood")).follow("Add to Wish List")
    assert _wishes(emma) == [(104497, 2)]


def test_a_wish_with_choices_keeps_them(emma: Shopper):
    emma.open(emma.product_url("clarks")).check("9", role="radio").check("Dark Tan", role="radio").follow(
        "Add to Wish List"
    )
    (wish,) = emma.store.wishlists.of_customer(27)
    assert wish.options == {"Size": "9", "Color": "Dark Tan"}
    emma.press("Add to Cart")
    assert "My Cart 1 item" in emma.names("link") and _wishes(emma) == []


def test_a_wish_without_its_choices_asks_for_them(emma: Shopper):
    emma.open(emma.product_url("clarks")).follow("Add to Wish List").press("Add to Cart")
    assert emma.url == emma.product_url("clarks") and emma.messages() == ["You need to choose options for your item."]


def test_comments_quantities_and_removal(emma: Shopper):
    emma.open(emma.product_url("elmwood")).follow("Add to Wish List")
    emma.open(emma.product_url("russound")).follow("Add to Wish List")
    emma.fill("Comment", "for <Mum>").fill("Qty", "3", role="spinbutton", nth=1).press("Update Wish List")
    wishes = emma.store.wishlists.of_customer(27)
    assert [(wish.comment, wish.qty) for wish in wishes] == [("for <Mum>", 1), ("", 3)]
    emma.follow("Remove item")
    assert [wish.qty for wish in emma.store.wishlists.of_customer(27)] == [3]
    emma.press("Add All to Cart")
    assert _wishes(emma) == [] and "My Cart 3 items" in emma.names("link")
    assert "You have no items in your wish list." in emma.text


def test_a_wish_list_is_shared_only_in_words(emma: Shopper):
    emma.open(emma.product_url("elmwood")).follow("Add to Wish List").press("Share Wish List")
    assert emma.url == "/wishlist/index/share/"
    emma.press("Share Wish List")
    assert emma.messages() == ["Please enter an email address."]
    emma.fill("Email addresses, separated by commas", "a@example.com").press("Share Wish List")
    assert emma.messages() == ["Your wish list has been shared."]


def test_a_guests_wish_waits_for_the_sign_in(guest: Shopper):
    guest.open(guest.product_url("elmwood")).follow("Add to Wish List")
    assert guest.url == "/customer/account/login/"
    assert guest.messages() == ["You must login or register to add items to your wishlist."]
    guest.fill("Email", "emma.lopez@gmail.com").fill("Password", "Password.123").press("Sign In")
    assert guest.url == "/wishlist/index/index/wishlist_id/27/" and _wishes(guest) == [(104497, 1)]


def test_the_side_bar_shows_the_newest_wishes(emma: Shopper):
    emma.open(emma.product_url("elmwood")).follow("Add to Wish List").open("/customer/account/")
    assert "Go to Wish List" in emma.names("link")
    emma.follow("Remove This Item")
    assert emma.url == "/customer/account/" and _wishes(emma) == []


# --- comparison ---


def test_products_are_compared_side_by_side(emma: Shopper):
    for fact in ("cards_40", "cards_24"):
        emma.open(emma.product_url(fact)).follow("Add to Compare")
    assert "Compare Products 2 items" in emma.names("link")
    emma.follow("Compare Products 2 items")
    assert emma.url == "/catalog/product_compare/index/" and emma.title == "Products Comparison List"
    assert "$8.99" in emma.text and "$11.99" in emma.text and "Holds up to 40 game cards in foam slots" in emma.text
    emma.follow("Remove Product")
    assert "$8.99" not in emma.text


def test_comparing_twice_is_comparing_once_and_clearing_empties(emma: Shopper):
    for _ in range(2):
        emma.open(emma.product_url("cards_40")).follow("Add to Compare")
    emma.open("/video-games/nintendo-switch.html").follow("Clear All")
    assert emma.url == "/video-games/nintendo-switch.html" and "You have no items to compare." in emma.text


def test_guests_compare_too(guest: Shopper):
    guest.open(guest.product_url("cards_40")).follow("Add to Compare")
    assert "Compare Products 1 item" in guest.names("link")
