from __future__ import annotations

from urllib.parse import quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webarena_gym.sites.shopping.store.catalogue import Listed
from webarena_gym.sites.shopping.store.search import match_expression, words

from .shopper import Shopper

BEST_FIRST = Listed(order="relevance", descending=True)


def test_a_search_from_the_header_goes_to_the_results(emma: Shopper):
    emma.open("/").fill("Search", "switch accessories", role="combobox").press("Search")
    assert emma.url == "/catalogsearch/result/?q=switch+accessories"
    assert emma.title == "Search results for: 'switch accessories'"
    assert emma.names("heading")[0] == "Search results for: 'switch accessories'"


def test_sorting_results_names_both_order_and_direction(emma: Shopper):
    emma.open("/catalogsearch/result/?q=chairs").choose("Sort By", "Price").press("Sort")
    assert emma.url == "/catalogsearch/result/index/?q=chairs&product_list_order=price"
    emma.follow("Set Ascending Direction")
    assert emma.url == "/catalogsearch/result/index/?product_list_dir=asc&product_list_order=price&q=chairs"
    prices = [line for line in emma.text.split("Shop By")[0].split("\n") if line.startswith("$")]
    values = [float(price[1:].replace(",", "")) for price in prices]
    assert values == sorted(values) and len(values) == 12


def test_any_word_counts_and_more_words_come_first(emma: Shopper):
    both = emma.store.search.count("white desk", BEST_FIRST)
    assert both > max(emma.store.search.count(word, BEST_FIRST) for word in ("white", "desk"))
    first = emma.store.catalogue.cards(emma.store.search.ids("white desk", BEST_FIRST, both))[0]
    assert "White" in first.name and "Desk" in first.name


def test_a_search_finds_by_article_number_and_by_description(emma: Shopper):
    for text, fact in (("B003FVW3VA", "russound"), ("jaw bruxism", "guard_1")):
        ids = emma.store.search.ids(text, BEST_FIRST, emma.store.search.count(text, BEST_FIRST))
        assert emma.store.catalogue.product_by_fact(fact).card.id in ids


def test_singular_and_plural_find_the_same(emma: Shopper):
    assert emma.store.search.count("chair", BEST_FIRST) == emma.store.search.count("CHAIRS", BEST_FIRST)


def test_every_hit_is_on_exactly_one_page(emma: Shopper):
    for order in ("relevance", "name", "price"):
        for descending in (False, True):
            total = emma.store.search.count("black desk lamp", Listed(order))
            ids = []
            for number in range(1, -(-total // 36) + 1):
                listed = Listed(order, descending, 36, number)
                ids += emma.store.search.ids("black desk lamp", listed, total)
            assert len(ids) == len(set(ids)) == total > 36


def test_ascending_relevance_is_the_list_turned_round(emma: Shopper):
    total = emma.store.search.count("desk", BEST_FIRST)
    best = emma.store.search.ids("desk", Listed("relevance", True, 500), total)
    worst = emma.store.search.ids("desk", Listed("relevance", False, 500), total)
    assert best == worst[::-1] and len(best) == total


def test_results_beyond_what_is_scored_are_complete_too(emma: Shopper, monkeypatch: pytest.MonkeyPatch):
    """The way of large shops: hits with the rarest word first, the others behind them."""
    from webarena_gym.sites.shopping.store import search

    monkeypatch.setattr(search, "_MOST_SCORED", 60)
    desks = emma.store.search.count("desk", BEST_FIRST)
    found = _all_pages(emma, "black desk")
    assert desks < 60 < len(found)
    assert set(found[:desks]) == set(emma.store.search.ids("desk", Listed("name", limit=500), desks))
    found = _all_pages(emma, "black")
    names = ["black" in card.name.lower() for card in emma.store.catalogue.cards(found)]
    assert len(found) > 60 and names == sorted(names, reverse=True)  # all with the word in their name come first


def _all_pages(emma: Shopper, text: str) -> list[int]:
    """The ids of all pages of results, every hit once."""
    total = emma.store.search.count(text, BEST_FIRST)
    ids = []
    for number in range(1, -(-total // 12) + 1):
        ids += emma.store.search.ids(text, Listed("relevance", True, 12, number), total)
    assert len(ids) == len(set(ids)) == total
    return ids


def test_results_can_be_narrowed_by_department_and_price(emma: Shopper):
    emma.open("/catalogsearch/result/?q=lamp")
    (department,) = [name for name in emma.names("link") if name.startswith("Tools & Home Improvement ")]
    emma.follow(department)
    count = int(department.split()[-2])
    listed = Listed(category_id=emma.store.catalogue.category("tools-home-improvement").id)
    assert emma.store.search.count("lamp", listed) == count
    assert emma.url.startswith("/catalogsearch/result/index/?cat=") and emma.url.endswith("&q=lamp")
    price = next(name for name in emma.names("link") if name.startswith("$"))
    emma.follow(price)
    assert "price=" in emma.url and "cat=" in emma.url
    assert emma.follow("Clear All").url == "/catalogsearch/result/index/?q=lamp"


def test_a_search_without_hits_says_so(emma: Shopper):
    emma.open("/catalogsearch/result/?q=zzyzzx")
    assert "Your search returned no results." in emma.text and "Add to Cart" not in emma.names("button")


def test_an_empty_search_goes_home(emma: Shopper):
    assert emma.open("/catalogsearch/result/?q=++").url == "/"


def test_small_words_are_searched_for_only_alone():
    assert words("a case for the phone") == ["case", "phone"]
    assert words("for the") == ["for", "the"]


@pytest.mark.parametrize(
    "text",
    ['"', "'", "%", "100%", "a*", "^a", "NEAR(a b)", "a AND b", "name:x", "(", ")(", "-", "a OR", "{x}", "\\", "\x00", "é", "日本", "🎉", "_", "''; DROP TABLE product; --", "x" * 5000, "<script>alert(1)</script>"],
)  # fmt: skip
def test_hostile_searches_give_pages(emma: Shopper, text: str):
    reply = emma.engine.client().get(f"http://shopping.test/catalogsearch/result/?q={quote_plus(text)}")
    assert reply.status == 200 and "<script>" not in reply.text


def test_what_was_searched_for_is_shown_as_text(emma: Shopper):
    emma.open("/catalogsearch/result/?q=" + quote_plus('<b>"lamp"</b>'))
    assert emma.title == "Search results for: '<b>\"lamp\"</b>'"
    assert "<b>" not in emma.html.split("<main")[1].split("<strong>")[0]


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_no_text_breaks_the_search(world, text: str):
    store = world.store("shopping")
    count = store.search.count(text, BEST_FIRST)
    ids = store.search.ids(text, BEST_FIRST, count)
    assert len(ids) == min(count, 12)
    store.search.facets(text, BEST_FIRST, count)
    store.search.advanced({"name": text, "sku": text, "about": text}, None, 500)


@given(text=st.text(max_size=60))
def test_a_match_expression_is_only_quoted_words(text: str):
    expression = match_expression(text)
    assert all(
        part.startswith('"') and part.endswith('"') and '"' not in part[1:-1]
        for part in expression.split(" OR ")
        if part
    )


# --- advanced search ---


def test_advanced_search_wants_all_that_was_entered(emma: Shopper):
    emma.open("/catalogsearch/advanced/").fill("Product Name", "white desk").fill("USD", "100").press("Search", 1)
    assert emma.title == "Advanced Search Results"
    cheap = {"Small White Student Desk with Keyboard Tray", "Modern White Writing Desk with Gold Legs, 40 Inch"}
    assert cheap <= set(emma.names("link"))
    assert "White L Shaped Corner Desk with Shelves" not in emma.names("link")  # costs 179.00
    assert "Product Name: white desk" in emma.text and "Price: 0 - 100" in emma.text


def test_advanced_search_by_article_number(emma: Shopper):
    emma.open("/catalogsearch/advanced/").fill("SKU", "B01CTR3DLE").press("Search", 1)
    assert "1 item" in emma.text and "Beyond Meat Beef Beefy Crumble, 5 Pound -- 2 per case." in emma.names("link")


def test_an_empty_advanced_search_is_sent_back(emma: Shopper):
    emma.open("/catalogsearch/advanced/").press("Search", 1)
    assert emma.url == "/catalogsearch/advanced/"
    assert emma.messages() == ["Enter a search term and try again."]


def test_an_advanced_search_without_hits_can_be_modified(emma: Shopper):
    emma.open("/catalogsearch/advanced/result/?name=zzyzzx&description=desk")
    emma.follow("Modify your search.")
    values = {node.name: dict(node.states).get("value") for node in emma.nodes if node.role == "textbox"}
    assert values["Product Name"] == "zzyzzx" and values["Description"] == "desk"


def test_advanced_results_can_be_sorted_and_paged(emma: Shopper):
    emma.open("/catalogsearch/advanced/result/?description=tools").choose("Sort By", "Price").press("Sort")
    assert emma.url == "/catalogsearch/advanced/result/?description=tools&product_list_order=price"
    prices = [float(line[1:].replace(",", "")) for line in emma.text.split("\n") if line.startswith("$")]
    assert prices == sorted(prices) and len(prices) == 12
    assert emma.follow("Page 2").url == "/catalogsearch/advanced/result/?p=2&product_list_order=price&description=tools"


@pytest.mark.parametrize("price", ["x", "-5", "1e400", "nan", "inf", "9" * 40])
def test_a_senseless_price_is_no_condition(emma: Shopper, price: str):
    reply = emma.engine.client().get(
        f"http://shopping.test/catalogsearch/advanced/result/?name=desk&price[from]={price}"
    )
    assert reply.status == 200


def test_search_terms_lead_to_their_searches(emma: Shopper):
    assert emma.open("/search/term/popular/").follow("usb wifi").url == "/catalogsearch/result/?q=usb+wifi"
