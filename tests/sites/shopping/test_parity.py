"""Both engines show the same nodes on a page of every kind, after fills too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.engines.browser import BrowserEngine
from webarena_gym.sites.world import World

from .shopper import Shopper


@pytest.fixture(scope="module")
def _in_chromium(cache_dir: Path) -> Iterator[tuple[World, BrowserEngine]]:
    world = World(["shopping"], cache_dir=cache_dir)
    engine = BrowserEngine(world)
    yield world, engine
    engine.close()
    world.close()


class Pair:
    """One shopper in each engine, doing the same."""

    def __init__(self, http: Shopper, browser: Shopper) -> None:
        self.shoppers = http, browser
        self.compare()

    def __getattr__(self, verb: str):
        def both(*arguments, **named) -> Pair:
            for shopper in self.shoppers:
                getattr(shopper, verb)(*arguments, **named)
            self.compare()
            return self

        return both

    def compare(self) -> None:
        http, browser = (shopper.engine.page() for shopper in self.shoppers)
        assert (http.url, http.title) == (browser.url, browser.title)
        assert http.nodes == browser.nodes
        http_events, browser_events = (
            [(event.method, event.url, event.status, event.navigation, event.body) for event in shopper.world.events]
            for shopper in self.shoppers
        )
        assert http_events == browser_events
        assert self.shoppers[0].engine.document().fields == self.shoppers[1].engine.document().fields


@pytest.fixture
def pair(world: World, _in_chromium: tuple[World, BrowserEngine]) -> Pair:
    other, engine = _in_chromium
    other.reset()
    return Pair(Shopper(world), Shopper(other, engine=engine))


PAGES = (
    "/", "/?pbaocw=2", "/electronics.html", "/clothing-shoes-jewelry/men/shoes.html?price=0-30&product_list_limit=36",
    "/home-kitchen/furniture.html?product_list_mode=list&product_list_order=price&p=2", "/catalogsearch/result/?q=white+desk",
    "/catalogsearch/result/?q=zzyzzx", "/catalogsearch/advanced/", "/catalogsearch/advanced/result/?description=tools",
    "/search/term/popular/", "/clarks-men-s-tunsil-lane-oxford.html", "/photosmart-plus-b209-clr-inkjetfb-p-s-c-usb-wrls-1.html",
    "/customer/account/", "/customer/account/edit/changepass/1/", "/customer/address/", "/customer/address/edit/id/26/",
    "/sales/order/history/?p=2", "/sales/order/view/order_id/157/", "/sales/order/invoice/order_id/180/",
    "/sales/order/print/order_id/148/", "/wishlist/", "/checkout/cart/", "/contact/", "/newsletter/manage/",
    "/review/customer/", "/downloadable/customer/products/", "/catalog/product_compare/index/",
    "/privacy-policy-cookie-restriction-mode/", "/nowhere", "/favicon.ico", "/media/catalog/product/32202.svg", "/static/shop.css",
)  # fmt: skip


def test_a_page_of_every_kind_is_the_same_in_both_engines(pair: Pair):
    for path in PAGES:
        pair.open(path)


def test_buying_is_the_same_in_both_engines(pair: Pair):
    pair.open("/clarks-men-s-tunsil-lane-oxford.html").check("9.5", role="radio").check("Dark Tan", role="radio")
    pair.fill("Qty", "2", role="spinbutton").press("Add to Cart").open("/checkout/cart/")
    pair.fill("Enter discount code", "HELLO10").press("Apply Discount").press("Proceed to Checkout")
    pair.press("New Address").fill("City", "Reno").choose("State/Province", "Nevada").press("Next").press("Place Order")
    pair.follow("000000190").follow("Reorder")


def test_forms_are_the_same_in_both_engines(pair: Pair):
    pair.open("/contact/").fill("What’s on your mind?", 'a "quote"\nand <tags> é 🎉').fill("Phone Number", "1")
    pair.press("Submit").open("/customer/address/edit/id/26/").choose("Country", "Japan").fill("Company", "x").press(
        "Save Address"
    )
    pair.open("/elmwood-inn-fine-teas-orange-vanilla-caffeine-free-fruit-infusion-16-ounce-pouch.html")
    pair.check("3 stars", role="radio").fill("Summary", "ok").fill("Review", "<i>fine</i>").press("Submit Review")
    pair.open("/review/customer/").follow("See Details")
    pair.open("/video-games.html").choose("Sort By", "Price").press("Sort").follow("Set Descending Direction")
    pair.follow("Add to Wish List").fill("Comment", "soon").press("Update Wish List")
    pair.open("/electronics.html").follow("Add to Compare").follow("Compare")


def test_a_guest_sees_the_same_in_both_engines(world: World, _in_chromium: tuple[World, BrowserEngine]):
    other, engine = _in_chromium
    other.reset()
    pair = Pair(Shopper(world, signed_in=False), Shopper(other, signed_in=False, engine=engine))
    pair.open("/elmwood-inn-fine-teas-orange-vanilla-caffeine-free-fruit-infusion-16-ounce-pouch.html")
    pair.press("Add to Cart").follow("Add to Wish List").follow("Create an Account").open(
        "/customer/account/forgotpassword/"
    )
    pair.open("/sales/guest/form/").open("/checkout/").press("Next").fill("Email Address", "g@example.com")
    pair.open("/customer/account/login/").fill("Email", "emma.lopez@gmail.com").fill("Password", "Password.123")
    pair.press("Sign In").follow("Sign Out")
