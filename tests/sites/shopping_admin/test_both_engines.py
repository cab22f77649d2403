"""What is done in one engine and in the other leaves the same pages, addresses, fields and events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from webarena_gym.engines.browser import BrowserEngine
from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.world import World
from webarena_gym.tasks.official import quoted_references

from .clerk import Clerk
from .test_hostile import HOSTILE


@pytest.fixture(scope="module")
def _in_chromium(cache_dir: Path) -> Iterator[tuple[World, BrowserEngine]]:
    world = World(["shopping_admin"], options=BuildOptions(references=quoted_references()), cache_dir=cache_dir)
    engine = BrowserEngine(world)
    yield world, engine
    engine.close()
    world.close()


class Pair:
    """One clerk in each engine, doing the same."""

    def __init__(self, http: Clerk, browser: Clerk) -> None:
        self.clerks = http, browser
        self.compare()

    def __getattr__(self, verb: str):
        def both(*arguments, **named) -> Pair:
            for clerk in self.clerks:
                getattr(clerk, verb)(*arguments, **named)
            self.compare()
            return self

        return both

    def compare(self) -> None:
        http, browser = (clerk.engine.page() for clerk in self.clerks)
        assert (http.url, http.title) == (browser.url, browser.title)
        assert http.nodes == browser.nodes
        events = [
            [(event.method, event.url, event.status, event.navigation, event.body) for event in clerk.world.events]
            for clerk in self.clerks
        ]
        assert events[0] == events[1]
        assert self.clerks[0].engine.document().fields == self.clerks[1].engine.document().fields


@pytest.fixture
def pair(world: World, _in_chromium: tuple[World, BrowserEngine]) -> Pair:
    other, engine = _in_chromium
    other.reset()
    return Pair(Clerk(world), Clerk(other, engine=engine))


def test_signing_in(world: World, _in_chromium: tuple[World, BrowserEngine]):
    other, engine = _in_chromium
    other.reset()
    pair = Pair(Clerk(world, signed_in=False), Clerk(other, signed_in=False, engine=engine))
    pair.fill("Username", "admin").fill("Password", "admin1234", enter=True).follow("Sign Out")


def test_a_grid(pair: Pair):
    pair.open("/sales/order/").press("Filters").choose("Status", "Pending").press("Apply Filters").press(
        "Purchase Date"
    )
    pair.fill("per page", "30", enter=True).press("Select").press("20").fill("of 1", "1", role="spinbutton", enter=True)
    pair.check("000000302").press("Actions").press("Hold").press("OK").press("Columns").check("Customer Email").press(
        "Apply"
    )
    pair.press("Remove").press("Options").press("Select All on This Page").fill(
        "Search by keyword", "é <b>", enter=True
    )
    pair.open("/review/product/index/").fill("Filter by Review", "best", enter=True).check("14").choose(
        "Mass actions", "Delete"
    )
    pair.press("Submit")


def test_an_order(pair: Pair):
    pair.open("/sales/order/view/order_id/307/").press("Ship").press("Add Tracking Number").choose("Carrier", "DHL")
    pair.fill("Number", "24353446464").press("Submit Shipment").fill("Comment", "two\nlines").press("Submit Comment")
    pair.follow("Comments History").press("Cancel").press("OK").press("Reorder").press("Submit Order")
    pair.follow("Edit").choose("Country", "Japan").press("Save Order Address")


def test_a_product_and_its_variants(pair: Pair):
    pair.open("/catalog/product/edit/id/110/").uncheck("Enable Product").check("Sale").fill("Price", "61").press("Save")
    pair.press("Edit Configurations").press("Next").press("Deselect All Color Values").check("Blue").press(
        "Next"
    ).press("Next")
    pair.press("Generate Products").press("Remove Product").press("Save").press("Select").press("Disable Product")


def test_reports_and_content(pair: Pair):
    pair.open("/reports/report_sales/shipping/").fill("From", "8/5/22").fill("To", "3/1/23").press(
        "Show Report"
    ).follow("here")
    pair.open("/cms/page/").press("Select", nth=2).follow("Edit").fill("Content", "<p>a</p>\r\n<i>b").press(
        "Save"
    ).open("//")
    pair.open("//antonia-racer-tank.html").check("3 stars", role="radio").fill("Review", "ok").press("Submit Review")


def test_hostile_texts_look_alike(pair: Pair):
    pair.open("/review/product/edit/id/352/").choose("Status", "Approved").fill("Review", HOSTILE).press("Save Review")
    pair.open("/catalog/product/edit/id/1796/").fill("Product Name", HOSTILE).fill("Description", HOSTILE * 50).press(
        "Save"
    )
    pair.open("//antonia-racer-tank.html").open("//selene-yoga-hoodie.html").open("/sales/order/view/order_id/302/")
    pair.fill("Comment", HOSTILE * 50).press("Submit Comment").open("/admin/index/globalSearch/?query=alert")


SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
HOSTILE_TEXTS = {
    "script": f"before {SCRIPT} after",
    "bidi": "abc\u202egnp.exe\u202c \u2066left\u2069 \u05d0\u05d1\u05d2 after",
    "invisible": "zero\u200bwidth \u200c\u200djoiner\ufeff soft\u00adhyphen after",
    "slashes": "a/b/../c /admin//sales <b>bold</b> %2F after",
    "100 kB": "ten chars " * 9_999 + "after",
    "one word": "w" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE_TEXTS)
def test_hostile_texts_are_inert_and_legible_in_both_engines(pair: Pair, name: str):
    """As a description and a name of a product, a comment on an order, and a page's content."""
    text = HOSTILE_TEXTS[name]
    short = text[:250]
    pair.open("/catalog/product/edit/id/1796/").fill("Product Name", short).fill("Description", text).press("Save")
    pair.open("//antonia-racer-tank.html")
    _shows(pair, text)
    pair.open("/cms/page/edit/page_id/5/").fill("Page Title", short).fill("Content", text).press("Save")
    pair.open("//about-us")
    _shows(pair, text)
    pair.open("/sales/order/view/order_id/302/").fill("Comment", text).press("Submit Comment")
    _shows(pair, text[:20_000])  # the most that a comment keeps
    pair.open("/catalog/product/")


def _shows(pair: Pair, text: str) -> None:
    """Every word can be read in both engines, and no script ran."""
    words = set(re.findall(r"[a-z]{3,}", re.sub("[\u200b\u00ad]", "", text)))
    for clerk in pair.clerks:
        shown = clerk.text.lower()
        assert [word for word in words if word not in shown] == []
        assert clerk.title != "owned" and "<script" not in clerk.html
