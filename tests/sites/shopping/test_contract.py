"""What tasks look for and what must not be found: products, categories, selectors and traps of the contract."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from webarena_gym.sites.shopping.store.catalogue import Listed

from .shopper import Shopper


def _hits(emma: Shopper, text: str, limit: int = 400) -> list:
    listed = Listed(order="relevance", descending=True, limit=limit)
    return emma.store.catalogue.cards(emma.store.search.ids(text, listed, emma.store.search.count(text, listed)))


def _stars(emma: Shopper, fact: str) -> dict[str, int]:
    product = emma.store.catalogue.product_by_fact(fact)
    return {review.nickname: review.stars for review in emma.store.reviews.of_product(product.card.id)}


@pytest.mark.parametrize(
    ("fact", "id", "sku"),
    [
        ("candle_spaas", 32202, None), ("makeup_kit", 51958, "B0738JQG6Q"), ("orchid_roots", 22787, None),
        ("beyond_crumble", 22490, "B01CTR3DLE"), ("clarks", 65885, "B01J4MM3KO"), ("elmwood", 104497, None),
        ("table_lamp", 15033, "B072XS3F6W"), ("muffin_mix", 102586, None), ("mini_speaker", 76228, "B09P7BFL4H"),
        ("mattress_foundation", 14854, "B07DFJ5XKH"), ("cat_shirt", 24493, "B0844BWS76"), ("tv_stand", 35837, "B08PVHRRB7"),
    ],
)  # fmt: skip
def test_products_have_the_ids_of_the_contract(emma: Shopper, fact: str, id: int, sku: str | None):
    card = emma.store.catalogue.product_by_fact(fact).card
    assert card.id == id
    assert sku in (None, card.sku)


@pytest.mark.parametrize(
    "path",
    [
        "3-pack-samsung-galaxy-s6-screen-protector-nearpow-tempered-glass-screen-protector-with-9h-hardness-crystal-clear-easy-bubble-free-installation-scratch-resist",
        "photosmart-plus-b209-clr-inkjetfb-p-s-c-usb-wrls-1",
        "game-card-holder-storage-case-for-nintendo-switch-games-or-ps-vita-game-case-or-sd-memory-cards-black",
        "heiying-game-card-case-for-nintendo-switch-switch-oled-game-card-or-micro-sd-memory-cards-portable-switch-game-memory-card-storage-with-24-game-card-slots-and-24-micro-sd-card-slots-black",
        "microsoft-xbox-controller-carbon-black-for-series-x-series-s-xbox-one-windows-10-android-ios-bundled-with-dual-port-charging-dock-xbox-controller-skin-voucher-premgear-cloth",
        "spaas-white-taper-candles-4-pack-10-inch-tall-candles-scent-free-premium-wax-candle-sticks-8-hour-long-burning-white-candlesticks-for-home-decoration-wedding-holiday-and-parties",
        "2-hawaiian-bamboo-orchid-roots-zc50-by-discount-hawaiian-gifts",
        "elmwood-inn-fine-teas-orange-vanilla-caffeine-free-fruit-infusion-16-ounce-pouch",
        "arc-teryx-beta-sv-bib-men-s-versatile-durable-gore-tex-pro-bib-for-severe-conditions",
        "clothing-shoes-jewelry/men/shoes",
        "clothing-shoes-jewelry/sport-specific-clothing/competitive-swimwear",
        "home-kitchen/furniture/living-room-furniture",
        "home-kitchen/furniture/accent-furniture",
        "home-kitchen/furniture/bedroom-furniture",
        "grocery-gourmet-food/meat-substitutes",
    ],
)
def test_addresses_of_the_contract_exist(emma: Shopper, path: str):
    assert emma.engine.client().get(f"http://shopping.test/{path}.html").status == 200


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("clothing-shoes-jewelry/men/shoes", 15),
        ("clothing-shoes-jewelry/sport-specific-clothing/competitive-swimwear", 13),
        ("home-kitchen/furniture/living-room-furniture", 13),
        ("grocery-gourmet-food/meat-substitutes", 8),
    ],
)
def test_categories_hold_enough_to_make_sorting_matter(emma: Shopper, path: str, least: int):
    assert emma.store.catalogue.category(path).product_count >= least


def test_exactly_two_reviewers_praise_fingerprint_resistance(emma: Shopper):
    product = emma.store.catalogue.product_by_fact("s6_protector")
    reviews = emma.store.reviews.of_product(product.card.id)
    assert len(reviews) == 12
    assert [r.nickname for r in reviews if "fingerprint" in r.detail.lower()] == ["Rachel", "T. Gannon"]


def test_the_printer_has_one_bad_review(emma: Shopper):
    product = emma.store.catalogue.product_by_fact("hp_printer")
    reviews = emma.store.reviews.of_product(product.card.id)
    assert [r.title for r in reviews if r.stars <= 2] == ["Waste of big money"]
    assert min(r.stars for r in reviews if r.stars > 2) >= 4


def test_the_cheapest_card_case_for_fifteen_cards_is_the_one_for_forty(emma: Shopper):
    prices = {
        fact: emma.store.catalogue.product_by_fact(fact).card.price_cents
        for fact in ("cards_6", "cards_10", "cards_12", "cards_40", "cards_24", "cards_60", "cards_80")
    }
    assert prices["cards_40"] == 899 < min(prices[fact] for fact in ("cards_24", "cards_60", "cards_80"))
    assert max(prices[fact] for fact in ("cards_6", "cards_10", "cards_12")) < 899


def test_mouth_guards_cost_from_1_46_to_85_and_nothing_else_a_search_finds_lies_outside(emma: Shopper):
    hits = _hits(emma, "teeth grinding mouth guard")
    guards = [card for card in hits if "Mouth Guard" in card.name and "Teeth Grinding" in card.name]
    assert len(guards) >= 4
    assert (min(c.price_cents for c in guards), max(c.price_cents for c in guards)) == (146, 8500)
    assert (min(c.price_cents for c in hits), max(c.price_cents for c in hits)) == (146, 8500)
    assert len(hits) > len(guards)


def test_a_mouth_guards_page_speaks_of_jaw_bruxism(emma: Shopper):
    html = emma.open(emma.product_url("guard_3")).html.lower()
    assert "jaw bruxism" in html and "mouth guard" in html
    assert re.search("guard|mouth|teeth|night|dental", emma.url)


def test_eyzutak_cases_cost_9_99_and_have_the_reviewers_of_the_contract(emma: Shopper):
    hits = [card for card in _hits(emma, "EYZUTAK") if card.name.startswith("EYZUTAK")]
    assert len(hits) >= 4 and {card.price_cents for card in hits} == {999}
    stars: dict[str, list[int]] = {}
    for card in hits:
        for review in emma.store.reviews.of_product(card.id):
            stars.setdefault(review.nickname, []).append(review.stars)
    assert stars == {
        "Lisa Lee": [3], "Evelyn Kurver": [1], "N Randall": [2], "Amanda": [4], "MH": [5], "Misba009": [5],
        "Amazon Customer": [4], "Cally": [5], "Bethany Robertson": [5, 5],
    }  # fmt: skip


def test_sephora_brushes_have_no_reviews_and_other_sephora_goods_do(emma: Shopper):
    hits = [card for card in _hits(emma, "sephora brush") if "sephora" in card.name.lower()]
    brushes = [card for card in hits if "brush" in card.name.lower()]
    assert brushes and not any(card.review_count for card in brushes)
    assert all(card.review_count for card in hits if card not in brushes)
    assert _hits(emma, "sephora brush")[0] in brushes


def test_the_ugreen_cable_is_rated_65_percent(emma: Shopper):
    # 5*5 + 4*4 + 5*3 + 3*2 + 3*1 = 65 stars of 20 reviews: 3.25 of 5
    card = emma.store.catalogue.product_by_fact("ugreen_aux").card
    assert (card.rating_percent, card.review_count) == (65, 20)
    assert 65 not in {c.rating_percent for c in _hits(emma, "UGREEN") if c.id != card.id and "UGREEN" in c.name}


def test_the_steering_wheel_has_five_one_star_reviews_in_this_order(emma: Shopper):
    product = emma.store.catalogue.product_by_fact("racing_wheel")
    reviews = emma.store.reviews.of_product(product.card.id)
    assert len(reviews) >= 10
    assert [review.title for review in reviews if review.stars == 1] == [
        "Unable to set neutral steering",
        "Doesn’t work with PC.",
        "Crazy problems in automatic mode; then pedals stopped working",
        "Only works with certain games.",
        "Only works with certain games.",
    ]


def test_the_echo_dot_cord_has_ten_reviews(emma: Shopper):
    assert len(_stars(emma, "echo_cord")) == 10
    assert any(card.name.startswith("Replacement Power Cord") for card in _hits(emma, "echo dot 3rd generation")[:3])


def test_the_best_meat_substitute_from_100_to_200_dollars_is_the_crumble(emma: Shopper):
    category = emma.store.catalogue.category("grocery-gourmet-food/meat-substitutes")
    cards = emma.store.catalogue.category_products(category.id, Listed(limit=500))
    affordable = sorted((c for c in cards if 10000 <= c.price_cents <= 20000), key=lambda c: -c.rating_percent)
    assert affordable[0].sku == "B01CTR3DLE" and affordable[0].rating_percent == 100
    assert all(60 <= card.rating_percent <= 87 for card in affordable[1:]) and len(affordable) >= 4
    assert {1200, 24000} <= {card.price_cents for card in cards if card.rating_percent == 100}


def test_the_cheapest_perfect_shoes_with_five_reviews_are_the_clarks(emma: Shopper):
    category = emma.store.catalogue.category("clothing-shoes-jewelry/men/shoes")
    cards = emma.store.catalogue.category_products(category.id, Listed(limit=500))
    perfect = sorted((c.price_cents, c.sku) for c in cards if c.rating_percent == 100 and c.review_count >= 5)
    assert perfect[0] == (5199, "B01J4MM3KO") and len(perfect) >= 3
    assert any(c.rating_percent == 100 and 0 < c.review_count < 5 and c.price_cents < 5199 for c in cards)
    assert any(c.rating_percent < 100 and c.review_count >= 5 and c.price_cents < 5199 for c in cards)


def test_the_dearest_mens_uniform_is_the_bib(emma: Shopper):
    category = emma.store.catalogue.category("clothing-shoes-jewelry/men/uniforms-work-safety")
    (first, *_) = emma.store.catalogue.category_products(category.id, Listed("price", True))
    assert first.url_key.startswith("arc-teryx-beta-sv-bib-men-s")


def test_men_shoes_offer_the_price_filter_up_to_30_dollars(emma: Shopper):
    emma.open("/clothing-shoes-jewelry/men/shoes.html")
    (name,) = [name for name in emma.names("link") if name.startswith("$0.00 - $29.99")]
    assert emma.follow(name).url == "/clothing-shoes-jewelry/men/shoes.html?price=0-30"


@pytest.mark.parametrize("text", ["chairs", "switch accessories", "food", "beauty", "phone case", "desk", "candle"])
def test_searches_of_tasks_fill_two_pages(emma: Shopper, text: str):
    assert emma.store.search.count(text, Listed()) >= 13


def test_searches_for_a_white_desk_lead_to_white_desks(emma: Shopper):
    assert all("white" in c.name.lower() and "desk" in c.name.lower() for c in _hits(emma, "white desk")[:5])


# --- selectors ---


def _css(shopper: Shopper, selector: str) -> list:
    return LexborHTMLParser(shopper.html).css(selector)


def test_the_login_page_has_one_email_one_password_and_one_sign_in_button(guest: Shopper):
    guest.open("/customer/account/login/")
    assert guest.names("textbox").count("Email") == 1 and guest.names("textbox").count("Password") == 1
    assert [name for name in guest.names("button") if "sign in" in name.lower()] == ["Sign In"]


def test_the_order_page_has_its_rows_in_one_place(emma: Shopper):
    emma.open("/sales/order/view/order_id/148/")
    (box,) = _css(emma, ".order-details-items.ordered")
    for text in ("Russound 5B45W", "B003FVW3VA", "Bornbridge Artificial Spiral Topiary Tree", "Ordered: 1", "$440.64"):
        assert text in box.text()


def test_the_wish_lists_grid_exists_only_with_wishes(emma: Shopper):
    emma.open("/wishlist/")
    assert _css(emma, ".products-grid.wishlist") == []
    emma.open(emma.product_url("orchid_roots")).follow("Add to Wish List")
    (grid,) = _css(emma, ".products-grid.wishlist")
    assert "2 Hawaiian Bamboo Orchid Roots #zc50 - by Discount Hawaiian Gifts" in grid.text()


def test_the_newsletter_box_is_a_titled_checkbox(emma: Shopper):
    emma.open("/newsletter/manage/")
    (box,) = _css(emma, '[title="General Subscription"]')
    assert box.attributes["type"] == "checkbox" and "checked" not in box.attributes


@pytest.mark.parametrize("kind", ["billing", "shipping"])
def test_the_address_book_prints_lines(emma: Shopper, kind: str):
    emma.open("/customer/address/")
    (box,) = _css(emma, f".box.box-address-{kind} > .box-content")
    lines = ["Emma Lopez", "101 S San Mateo Dr", "San Mateo, California, 94010", "United States", "T: 6505551212"]
    assert box.css_first("address").inner_html == "<br>".join(lines)


def test_the_contact_text_has_the_curly_title(emma: Shopper):
    emma.open("/contact/")
    assert emma.url == "/contact/index/"
    (area,) = _css(emma, '[title="What’s on your mind?"]')
    assert area.tag == "textarea"
    assert _css(emma, "#contact-form")[0].attributes["action"] == "/contact/index/post/"
    assert "Emma Lopez" in emma.html and emma.names("textbox").count("Email") == 1


# --- traps ---


def test_missing_pages_and_the_login_do_not_echo_what_was_asked_for(emma: Shopper, guest: Shopper):
    for path in ("/xyzzy-plugh", "/xyzzy-plugh.html", "/xyzzy-plugh/a/b.html?xyzzy-plugh=1", "/sales/xyzzy-plugh"):
        reply = guest.engine.client().get(f"http://shopping.test{path}")
        assert reply.status == 404 and "Whoops, our bad..." in reply.text and "xyzzy" not in reply.text
    for path in ("/sales/order/history/?xyzzy", "/customer/address/edit/id/26/", "/wishlist/"):
        reply = guest.engine.client().get(f"http://shopping.test{path}")
        assert reply.url == "http://shopping.test/customer/account/login/"
        assert "xyzzy" not in reply.text and "id/26" not in reply.text


def test_the_cart_page_names_no_product_but_its_own(emma: Shopper):
    emma.open(emma.product_url("clarks"))
    emma.buy("candle_starfish").open("/checkout/cart/")
    names = {row[0] for row in emma.store.connection.execute("SELECT name FROM product")}
    shown = {node.name for node in emma.nodes} & names
    assert shown == {emma.store.catalogue.product_by_fact("candle_starfish").card.name}


@pytest.mark.parametrize(
    "path",
    ["/", "/contact/", "/customer/account/", "/sales/order/history/", "/privacy-policy-cookie-restriction-mode/"],
)
def test_the_frame_says_nothing_of_mouth_guards_sales_or_phone_numbers(emma: Shopper, path: str):
    html = emma.open(path).html.lower()
    assert "jaw bruxism" not in html and "mouth guard" not in html
    assert "sale" not in {name.lower() for name in emma.names("menuitem") + emma.names("link")}
    assert not re.search(r"special price|was \$|% off|regular price", html)
    numbers = set(re.findall(r"\d{3}[-. )]*\d{3}[-. ]*\d{4}", emma.text))
    assert numbers <= {"6505551212"}  # the customer's own, on the account's pages


def test_no_order_page_offers_to_change_its_address(emma: Shopper):
    for number in (170, 189, 180):
        emma.open(f"/sales/order/view/order_id/{number}/")
        main = emma.text.split("main:")[1].split("Address Book")[0]
        assert not re.search(r"(change|edit|update)[^\n]*(address|shipping)", main, re.I)
