"""Whatever is typed, posted or put into an address: a page or a redirect, never a failure; what is shown is inert and legible."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from webarena_gym.engines.forms import urlencode
from webarena_gym.sites.lint import lint
from webarena_gym.sites.shopping_admin.app import routes
from webarena_gym.sites.shopping_admin.markup import safe_html

from .clerk import ORIGIN, Clerk

_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "0", "-1", "1", "299", "9" * 40, "1e9", "2.5", "NaN", "'", '"', "%", "\x00", "<script>alert(1)</script>", "' OR 1=1 --",
         "../../etc/passwd", "é中🎉", "x" * 3000, "\r\nSet-Cookie: a=b", "[]", "{}", "[{\"newProduct\":1}]", "sales_order_grid", "product_listing",
         "1/1/2023", "2023-02-30", "144-167_93-50", "all", "page", "status", "desc", "mass-0", "edit", "1,2,3", "[" * 2000]
    ),
)  # fmt: skip
_FIELDS = sorted(
    {"login[username]", "login[password]", "namespace", "do", "search", "sort", "dir", "go", "size", "current", "pageSize", "remove", "clear", "view", "view_name", "drop_view",
     "columns", "open", "menu", "selected", "selected[]", "filters[status]", "filters[created_at][from]", "filters[grand_total][to]",
     "history[comment]", "history[status]", "firstname", "street[0]", "region_id", "region", "country_id", "city", "postcode", "telephone",
     "tracking[1][carrier_code]", "tracking[1][number]", "tracks", "shipment[items][1]", "invoice[items][1]", "creditmemo[items][1][qty]",
     "creditmemo[shipping_amount]", "creditmemo[adjustment_positive]", "comment[comment]", "carrier", "number", "title", "product[name]",
     "product[sku]", "product[price]", "product[status]", "product[quantity_and_stock_status][qty]", "product[url_key]", "product[color]",
     "product[news_from_date]", "product[category_ids][]", "category_ids", "configurable-matrix-serialized", "variants", "price", "qty", "step",
     "attributes", "values[93]", "values[144]", "all", "none", "create", "label[93]", "option[value][option_0][0]", "option[delete][49]", "name",
     "entity_id", "parent", "customer[entity_id]", "customer[email]", "customer[group_id]", "customer[dob]", "address_id", "subscription",
     "status_id", "ratings[4]", "nickname", "detail", "product_id", "query_text", "query_id", "popularity", "page_id", "identifier",
     "page_layout", "is_active", "content", "from", "to", "period_type", "report_type", "show_empty_rows", "show_order_statuses",
     "order_statuses", "show_actual_columns", "limit", "page", "internal", "query", "q", "p", "product_list_order", "product_list_limit", "sku",
     "customer_id", "item[1]", "sku_qty", "instead_of", "billing_city", "mass_status", "status", "switch", "back", "code"}
)  # fmt: skip
_GET = sorted(
    {rule for rule, _, *methods in routes() if not methods or "GET" in methods[0]} - {"/admin/admin/auth/logout/"}
)
_POST = sorted({rule for rule, _, *methods in routes() if methods and "POST" in methods[0]})
_NUMBERS = st.sampled_from([0, 1, 2, 16, 93, 110, 299, 302, 307, 598, 872, 10**9, 10**15, 10**30])


def _address(rule: str, number: int, text: str) -> str:
    """The rule with its placeholders filled."""
    filled = re.sub(r"<any\((\w+)[^>]*>", r"\1", re.sub(r"<int:\w+>", str(number), rule))
    return re.sub(r"<(path:)?\w+>", quote(text.replace("/", "-") or "x", safe=""), filled)


@pytest.fixture
def busy(clerk: Clerk) -> Clerk:
    """With an order invoiced and another on hold, so that every handler has something to work on."""
    clerk.post("/sales/order_invoice/save/order_id/302/", {})
    clerk.post("/sales/order/hold/order_id/303/", {})
    return clerk


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(_GET), number=_NUMBERS, text=_TEXTS,
    query=st.dictionaries(st.sampled_from(_FIELDS), _TEXTS, max_size=5),
)  # fmt: skip
def test_any_address_gives_a_good_page(busy: Clerk, rule: str, number: int, text: str, query: dict[str, str]):
    reply = busy.engine.client().get(f"{ORIGIN}{_address(rule, number, text)}?{urlencode(list(query.items()))}")
    assert reply.status in (200, 404)
    if reply.content_type == "text/html":
        assert lint(reply.text) == []
        assert "<script" not in reply.text


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(_POST), number=_NUMBERS, text=_TEXTS,
    fields=st.dictionaries(st.sampled_from(_FIELDS), _TEXTS, max_size=12),
)  # fmt: skip
def test_any_post_ends_on_a_good_page(busy: Clerk, rule: str, number: int, text: str, fields: dict[str, str]):
    reply = busy.post(_address(rule, number, text).removeprefix("/admin"), fields) if rule.startswith("/admin") else (
        busy.engine.client().request("POST", f"{ORIGIN}{_address(rule, number, text)}",
                                     headers={"Content-Type": "application/x-www-form-urlencoded"}, body=urlencode(list(fields.items()))))  # fmt: skip
    assert reply.status in (200, 404)
    assert lint(reply.text) == [] and "<script" not in reply.text


def test_reading_changes_nothing(clerk: Clerk):
    before = clerk.world.state_hash()
    for rule in _GET:
        clerk.engine.client().get(f"{ORIGIN}{_address(rule, 299, 'antonia-racer-tank.html')}")
    assert clerk.world.state_hash() == before


def test_a_reset_forgets_everything(clerk: Clerk):
    clerk.world.reset()
    fresh = clerk.world.state_hash()
    Clerk(clerk.world).open("/sales/order/view/order_id/302/").press("Cancel").press("OK").open("/sales/order/").press(
        "Status"
    )
    assert clerk.world.state_hash() != fresh
    clerk.world.reset()
    assert clerk.world.state_hash() == fresh


def test_a_post_from_another_site_is_refused(clerk: Clerk):
    reply = clerk.engine.client().request(
        "POST", f"{ORIGIN}/admin/sales/order/cancel/order_id/302/", headers={"Origin": "http://evil.test"}, body=""
    )
    assert reply.status == 403 and clerk.store.orders.order(302).status == "pending"


HOSTILE = "</td></table><script>alert(1)</script><img src=x onerror=alert(2)> \u202eabc\u202c zero\u200bwidth & \"quotes\" 'too'"


def test_hostile_texts_are_shown_as_texts_wherever_they_come_up(clerk: Clerk):
    clerk.open("/review/product/edit/id/352/").choose("Status", "Approved").fill("Nickname", HOSTILE).fill(
        "Review", HOSTILE
    ).press("Save Review")
    clerk.open("/catalog/product/edit/id/1130/").fill("Product Name", HOSTILE).fill("Description", HOSTILE).press(
        "Save"
    )
    clerk.open("/customer/index/edit/id/16/active_tab/account/").fill("First Name", HOSTILE).press("Save Customer")
    clerk.open("/sales/order/view/order_id/302/").fill("Comment", HOSTILE).press("Submit Comment")
    clerk.open("/cms/page/edit/page_id/2/").fill("Page Title", HOSTILE).fill("Content", HOSTILE).press("Save")
    clerk.open("/sales/order/address/address_id/604/").fill("City", HOSTILE).press("Save Order Address")
    shown = "<script>alert(1)</script>"
    for path in ("/review/product/index/", "/review/product/edit/id/352/", "/catalog/product/edit/id/1130/", "/customer/index/?search=alert", "/sales/order/view/order_id/302/",
                 "/cms/page/", "//", "//selene-yoga-hoodie.html", "//phoebe-zipper-sweatshirt.html", "/admin/index/globalSearch/?query=alert"):  # fmt: skip
        clerk.open(path)
        assert shown in clerk.text and shown not in clerk.html, path


def test_addresses_that_are_typed_stay_on_the_site(clerk: Clerk):
    clerk.open("/cms/page/edit/page_id/5/").fill("URL Key", "//evil.test/x").press("Save")
    assert clerk.value("identifier") == "evil.test/x"
    clerk.open("/catalog/product/edit/id/1796/").fill("URL Key", "//evil.test/").press("Save")
    assert (
        clerk.store.products.product(1796).url == "/evil-test.html" and "Antonia" in clerk.open("//evil-test.html").text
    )


def test_a_text_of_100_kb_is_kept_and_shown(clerk: Clerk):
    text = "long " * 4000 + "end"  # 20,003 characters, the most of a comment that is kept is 20,000
    clerk.open("/sales/order/view/order_id/302/").fill("Comment", text * 5).press("Submit Comment")
    assert clerk.css(".note-list-comment") == [(text * 5)[:20_000].strip()]
    clerk.open("/catalog/product/edit/id/1796/").fill("Description", text * 4).press("Save")
    assert clerk.open("//antonia-racer-tank.html").css(".data.item.content")[0].endswith("end")


_PIECES = [
    "<",
    ">",
    "/",
    "p",
    "li",
    "<p>",
    "</p>",
    "<ul>",
    "<li>",
    "</ul>",
    "<b>",
    "</b>",
    "<div>",
    "<P >",
    "&",
    " ",
    "<script>",
    "<br/>",
]
_KEPT = r"</?(p|ul|li|b|br)\s*/?>"


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(_PIECES)).map("".join))
def test_markup_is_balanced_and_says_all_that_it_was_given(text: str):
    html = str(safe_html(text))
    for tag in ("p", "ul", "li", "b"):
        assert html.count(f"<{tag}>") == html.count(f"</{tag}>")
    said = LexborHTMLParser(f"<main>{html}</main>").css_first("main").text()
    assert said == re.sub(_KEPT, "", text, flags=re.I)


@pytest.mark.parametrize("body", ["a=" + "x" * 300_000, "&".join(f"f{i}=1" for i in range(3000))])
def test_huge_posts_are_survived(clerk: Clerk, body: str):
    reply = clerk.engine.client().request(
        "POST", f"{ORIGIN}/admin/cms/page/save/back/edit", headers={"Content-Type": "application/x-www-form-urlencoded"}, body=body
    )  # fmt: skip
    assert reply.status in (200, 413)


def test_a_forged_session_is_a_strangers(world):
    from webarena_gym.engines.base import Cookie, EpisodeStart
    from webarena_gym.engines.http import HttpEngine

    for value in ("s1", "s0", "s-1", "1", "x", "s" + "9" * 30, "s1;s2"):
        engine = HttpEngine(world)
        engine.reset(
            EpisodeStart((f"{ORIGIN}/admin/sales/order/",), world.origins, (Cookie(ORIGIN, "admin_session", value),))
        )
        assert engine.page().url == f"{ORIGIN}/admin/"
