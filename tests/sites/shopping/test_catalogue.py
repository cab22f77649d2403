from __future__ import annotations

import pytest

from webarena_gym.sites.shopping.store.catalogue import Listed

from .shopper import Shopper

SHOES = "/clothing-shoes-jewelry/men/shoes.html"
LIVING = "/home-kitchen/furniture/living-room-furniture.html"


def _prices(shopper: Shopper) -> list[float]:
    """The prices of a list's cards, in order."""
    cards = shopper.text.split("contentinfo:")[0].split("Shop By")[0]
    return [float(line[1:].replace(",", "")) for line in cards.split("\n") if line.startswith("$")]


def test_the_home_page_shows_twelve_of_24_products(emma: Shopper):
    emma.open("/")
    assert emma.title == "One Stop Market"
    assert emma.names("button").count("Add to Cart") == 12
    assert "Items 1 to 12 of 24 total" in emma.text
    emma.follow("Page Next")
    assert emma.url == "/?pbaocw=2" and "Items 13 to 24 of 24 total" in emma.text
    assert emma.follow("Page 1").url == "/"


def test_categories_are_reached_level_by_level(emma: Shopper):
    emma.open("/").click("menuitem", "Clothing, Shoes & Jewelry")
    (men,) = [name for name in emma.names("link") if name.startswith("Men ")]
    emma.follow(men)
    assert emma.url == "/clothing-shoes-jewelry/men.html"
    (shoes,) = [name for name in emma.names("link") if name.startswith("Shoes ")]
    assert emma.follow(shoes).url == SHOES
    assert emma.title == "Shoes - Men - Clothing, Shoes & Jewelry"
    assert emma.names("link").count("Home") == 1  # the way back up: Home, Clothing, Men


def test_every_category_can_be_reached_and_holds_what_it_says(emma: Shopper):
    seen, waiting = set(), list(emma.store.catalogue.departments())
    while waiting:
        category = waiting.pop()
        seen.add(category.id)
        reply = emma.engine.client().get(f"http://shopping.test{category.url}")
        assert reply.status == 200
        for child in emma.store.catalogue.subcategories(category.id):
            assert f'href="{child.url}"' in reply.text
            waiting.append(child)
    assert seen == {category.id for category in emma.store.catalogue.categories()}


def test_sorting_by_price_puts_the_order_into_the_address(emma: Shopper):
    emma.open(LIVING).choose("Sort By", "Price").press("Sort")
    assert emma.url == f"{LIVING}?product_list_order=price"
    assert _prices(emma) == sorted(_prices(emma)) and len(_prices(emma)) == 12
    emma.follow("Set Descending Direction")
    assert emma.url == f"{LIVING}?product_list_dir=desc&product_list_order=price"
    assert _prices(emma) == sorted(_prices(emma), reverse=True)
    emma.follow("Page 2")
    assert emma.url == f"{LIVING}?p=2&product_list_dir=desc&product_list_order=price"


def test_sorting_by_name_is_alphabetical(emma: Shopper):
    emma.open(f"{SHOES}?product_list_order=name&product_list_limit=36")
    category = emma.store.catalogue.category("clothing-shoes-jewelry/men/shoes")
    cards = emma.store.catalogue.category_products(category.id, Listed("name", limit=36))
    names = [card.name for card in cards]
    assert names == sorted(names, key=str.casefold)
    assert [name for name in emma.names("link") if name in names] == names


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (f"{SHOES}?product_list_order=position", SHOES),
        (f"{SHOES}?product_list_dir=asc&product_list_order=price", f"{SHOES}?product_list_order=price"),
        (f"{SHOES}?product_list_limit=12&p=2", f"{SHOES}?p=2"),
        (f"{SHOES}?product_list_mode=grid", SHOES),
        ("/catalogsearch/result/?q=chairs&product_list_order=relevance", "/catalogsearch/result/index/?q=chairs"),
        (
            "/catalogsearch/result/?q=chairs&product_list_dir=desc&product_list_order=price",
            "/catalogsearch/result/index/?product_list_order=price&q=chairs",
        ),
    ],
)
def test_a_parameter_that_says_the_default_is_dropped(emma: Shopper, asked: str, shown: str):
    assert emma.open(asked).url == shown


def test_the_pager_and_the_limit(emma: Shopper):
    emma.open(SHOES)
    total = emma.store.catalogue.category("clothing-shoes-jewelry/men/shoes").product_count
    assert f"Items 1-12 of {total}" in emma.text
    emma.choose("Show", "36").press("Go")
    assert emma.url == f"{SHOES}?product_list_limit=36"
    assert emma.names("button").count("Add to Cart") == 36
    emma.follow("Page Next")
    assert f"Items 37-{total} of {total}" in emma.text
    assert emma.follow("Page Previous").url == f"{SHOES}?product_list_limit=36"


def test_a_page_beyond_the_last_is_the_last(emma: Shopper):
    emma.open(f"{SHOES}?p=9999")
    total = emma.store.catalogue.category("clothing-shoes-jewelry/men/shoes").product_count
    assert f"of {total}" in emma.text and emma.names("button").count("Add to Cart") == (total - 1) % 12 + 1


def test_every_product_of_a_category_is_on_exactly_one_page(emma: Shopper):
    category = emma.store.catalogue.category("home-kitchen/furniture")
    for order in ("position", "name", "price"):
        for descending in (False, True):
            ids = []
            for number in range(1, -(-category.product_count // 36) + 1):
                listed = Listed(order, descending, 36, number)
                ids += [card.id for card in emma.store.catalogue.category_products(category.id, listed)]
            assert len(ids) == len(set(ids)) == category.product_count


def test_a_typed_price_range_filters(emma: Shopper):
    emma.open(f"{SHOES}?price=20-45")
    assert _prices(emma) and all(20 <= price < 45 for price in _prices(emma))
    assert "Now Shopping by" in emma.names("heading") and "Price $20.00 - $44.99" in emma.text
    assert emma.follow("Clear All").url == SHOES


@pytest.mark.parametrize("price", ["100-", "-30", "0-0", "30-10", "1e3-5", "abc", "-", "", "5-6-7", "9" * 30 + "-1"])
def test_any_price_parameter_gives_a_page(emma: Shopper, price: str):
    reply = emma.engine.client().get(f"http://shopping.test{SHOES}?price={price}")
    assert reply.status == 200


def test_price_ranges_count_what_they_list(emma: Shopper):
    emma.open(SHOES)
    ranges = [name for name in emma.names("link") if name.startswith("$") and name.endswith(" item")]
    total = emma.store.catalogue.category("clothing-shoes-jewelry/men/shoes").product_count
    assert sum(int(name.split()[-2]) for name in ranges) == total and len(ranges) >= 3
    for name in ranges:
        emma.open(SHOES).follow(name)
        assert emma.store.catalogue.category_count(
            emma.store.catalogue.category("clothing-shoes-jewelry/men/shoes").id, _listed_of(emma.url)
        ) == int(name.split()[-2])


def _listed_of(url: str) -> Listed:
    low, high = url.split("price=")[1].split("-")
    return Listed(low_cents=int(low) * 100, high_cents=int(high) * 100)


def test_a_category_parameter_shows_the_subcategory_under_its_parents_name(emma: Shopper):
    shoes = emma.store.catalogue.category("clothing-shoes-jewelry/men/shoes")
    emma.open(f"/clothing-shoes-jewelry.html?cat={shoes.id}")
    assert f"of {shoes.product_count}" in emma.text
    assert emma.names("heading")[0] == "Clothing, Shoes & Jewelry"
    assert emma.follow("Remove This Item").url == "/clothing-shoes-jewelry.html"


def test_a_category_parameter_of_another_branch_is_ignored(emma: Shopper):
    other = emma.store.catalogue.category("video-games")
    everything = emma.store.catalogue.category("clothing-shoes-jewelry").product_count
    assert f"of {everything}" in emma.open(f"/clothing-shoes-jewelry.html?cat={other.id}").text


def test_the_list_view_is_an_address_of_its_own(emma: Shopper):
    assert emma.open(SHOES).follow("View as List").url == f"{SHOES}?product_list_mode=list"
    assert emma.follow("View as Grid").url == SHOES


def test_pages_by_id_are_the_same_pages(emma: Shopper):
    product = emma.store.catalogue.product_by_fact("clarks")
    assert emma.open(f"/catalog/product/view/id/{product.card.id}/").title == "Clarks Men's Tunsil Lane Oxford"
    category = emma.store.catalogue.category("electronics/headphones")
    assert emma.open(f"/catalog/category/view/id/{category.id}/").title == "Headphones - Electronics"


def test_a_product_page_shows_what_is_sold(emma: Shopper):
    emma.open(emma.product_url("clarks"))
    assert emma.title == "Clarks Men's Tunsil Lane Oxford"
    for line in ("In stock", "SKU B01J4MM3KO", "$51.99", "Leather oxford with cushioned footbed"):
        assert line in emma.text.split("\n")
    assert "Rating: 100% of 100" in emma.text and "6 Reviews" in emma.names("link")
    assert emma.names("tab") == ["Details", "More Information", "Reviews (6)"]
    assert emma.names("radio")[:7] == ["8", "9", "9.5", "10", "11", "Black Leather", "Dark Tan"]


def test_a_product_without_reviews_asks_for_the_first(emma: Shopper):
    emma.open(emma.product_url("table_lamp"))
    assert "Be the first to review this product" in emma.names("link")
    assert "Reviews" in emma.names("tab") and "Customer Reviews" not in emma.text


def test_many_values_of_an_option_are_a_select(emma: Shopper, rebuilt):
    from webarena_gym.sites.shopping.seeding.facts import read_json

    facts = {**read_json("facts.json")}
    sizes = [str(size) for size in range(1, 12)]
    facts["products"] = {**facts["products"], "clarks": {**facts["products"]["clarks"], "options": {"Size": sizes}}}
    shopper = rebuilt(facts=facts)
    shopper.open(shopper.product_url("clarks")).choose("Size", "11").press("Add to Cart")
    assert shopper.messages() == ["You added Clarks Men's Tunsil Lane Oxford to your shopping cart."]
