from __future__ import annotations

import re

import pytest

from webarena_gym.sites.lint import lint_css
from webarena_gym.sites.shopping import SITE

from .shopper import Shopper


def test_the_contact_form_is_filled_with_the_customers_name(emma: Shopper):
    emma.open("/").follow("Contact Us")
    assert emma.url == "/contact/index/"
    values = {node.name: dict(node.states).get("value") for node in emma.nodes if node.role == "textbox"}
    assert values["Name"] == "Emma Lopez" and values["Email"] == "emma.lopez@gmail.com"


def test_a_message_is_sent(emma: Shopper):
    emma.open("/contact/").fill("What’s on your mind?", "Where is <it>?").press("Submit")
    assert emma.url == "/contact/index/"
    assert emma.messages() == [
        "Thanks for contacting us with your comments and questions. We'll respond to you very soon."
    ]
    rows = emma.store.connection.execute("SELECT name, email, comment FROM contact_message").fetchall()
    assert [tuple(row) for row in rows] == [("Emma Lopez", "emma.lopez@gmail.com", "Where is <it>?")]


@pytest.mark.parametrize(
    ("field", "words"), [("Name", "Enter the Name"), ("Email", "invalid"), ("What’s on your mind?", "comment")]
)
def test_an_incomplete_message_is_not_sent(emma: Shopper, field: str, words: str):
    emma.open("/contact/").fill("What’s on your mind?", "x").fill(field, "").press("Submit")
    assert words in emma.messages()[0]
    assert emma.store.connection.execute("SELECT count(*) FROM contact_message").fetchone()[0] == 0


def test_guests_see_an_empty_form_and_their_own_footer(guest: Shopper):
    guest.open("/contact/")
    values = [dict(node.states).get("value") for node in guest.nodes if node.role == "textbox"]
    assert values == [None] * len(values)
    assert "Orders and Returns" in guest.names("link") and "Sign In" in guest.names("link")


def test_the_footer_has_the_links_of_the_real_shop(emma: Shopper):
    links = emma.open("/").names("link")[-5:]
    assert links == ["Privacy and Cookie Policy", "Search Terms", "Advanced Search", "Contact Us", "Report All Bugs"]
    for link in links:
        assert emma.open("/").follow(link).names("heading")


def test_the_style_sheet_keeps_the_house_rules():
    assert lint_css((SITE.folder / "static" / "shop.css").read_text("utf-8")) == []


def test_no_link_or_button_is_laid_out_by_its_class():
    """A class that means flex or grid would put spaces into the name of a link that bears it."""
    css = (SITE.folder / "static" / "shop.css").read_text("utf-8")
    laid_out = {name for rule, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css) if re.search(r"display:(flex|grid|inline)", body)
                for name in re.findall(r"\.([\w-]+)$", rule.strip())}  # fmt: skip
    templates = "".join(path.read_text("utf-8") for path in sorted((SITE.folder / "templates").iterdir()))
    worn = {
        name for names in re.findall(r'<(?:a|button|label)\b[^>]*class="([^"]*)"', templates) for name in names.split()
    }
    assert laid_out and worn and not laid_out & worn


def test_pictures_are_drawn_for_every_product(emma: Shopper):
    client = emma.engine.client()
    assert client.get("http://shopping.test/media/catalog/product/32202.svg").status == 200
    assert client.get("http://shopping.test/media/catalog/product/99999999.svg").status == 404
    assert client.get("http://shopping.test/static/logo.svg").status == 200
    assert client.get("http://shopping.test/static/..%2fapp.py").status == 404
    assert client.get("http://shopping.test/static/nothing.css").status == 404


def test_every_link_of_the_pages_a_visitor_meets_leads_somewhere(emma: Shopper):
    """Links of one page of each kind, followed once: none ends at a missing page."""
    emma.buy("candle_spaas").open(emma.product_url("elmwood")).follow("Add to Wish List")
    emma.open(emma.product_url("elmwood")).follow("Add to Compare")
    client, seen = emma.engine.client(), set()
    for path in ("/", "/electronics.html", "/catalogsearch/result/?q=lamp", emma.product_url("s6_protector"), "/customer/account/",
                 "/sales/order/view/order_id/180/", "/checkout/cart/", "/wishlist/", "/checkout/", "/customer/address/",
                 "/catalog/product_compare/index/", "/search/term/popular/", "/nowhere"):  # fmt: skip
        emma.open(path)
        from selectolax.lexbor import LexborHTMLParser

        for link in LexborHTMLParser(emma.html).css("a[href]"):
            href = (link.attributes["href"] or "").split("#")[0]
            if href.startswith("/") and href not in seen and "logout" not in href:
                seen.add(href)
                assert client.get(f"http://shopping.test{href}").status == 200, f"{href} on {path}"
    assert len(seen) > 100
