from __future__ import annotations

import json

import pytest

from tests.evaluators.fakes import BASE_URLS, FakeClient, outcome, task
from webarena_gym.errors import SiteError
from webarena_gym.evaluators import build_evaluator
from webarena_gym.evaluators.dom import Document
from webarena_gym.evaluators.helpers import (
    Pages,
    gitlab_get_project_member_role,
    reddit_get_post_url,
    shopping_get_latest_order_url,
)
from webarena_gym.evaluators.program_html import HtmlPart
from webarena_gym.tasks.schema import HtmlCheck, StringRule
from webarena_gym.types import CheckResult, FieldState, HttpReply, LiveDocument, Outcome

SHOP = "http://shopping.test"


def accepts(task_id: int, ended: Outcome) -> bool:
    return build_evaluator(task(task_id), base_urls=BASE_URLS).evaluate(ended).success


def holds(check: HtmlCheck, ended: Outcome) -> bool:
    results = HtmlPart(check, "").results(Pages(ended, BASE_URLS))
    return all(isinstance(result, CheckResult) and result.passed for result in results)


def on_page(
    html: str, references: str | tuple[str, ...], *, locator: str = "", rule: StringRule = "must_include"
) -> bool:
    return holds(HtmlCheck("last", locator, rule, references), outcome(html=html))


def test_without_a_locator_the_whole_serialized_html_is_searched():
    assert on_page('<p title="a b">It&#39;s', ("It's", 'title="a b"'))
    assert on_page("<p>x &amp; y", ("x &amp; y",))  # not unescaped
    assert not on_page("<p>x &amp; y", ("x & y",))


def test_one_alternative_is_enough_on_a_page():
    assert on_page("<p>Candles - 4 Pack", ("Candles - 4 Pack |OR| Wax Candle",))
    assert not on_page("<p>Candles", ("Candles - 4 Pack |OR| Wax Candle",))


def test_a_locator_that_finds_nothing_reads_an_empty_text():
    locator = "document.querySelector('.missing').outerText"
    assert on_page("<p>x", "", locator=locator, rule="exact_match")
    assert not on_page("<p>x", ("x",), locator=locator)


def test_an_unknown_locator_or_helper_is_refused_when_the_evaluator_is_built():
    for locator in ("window.title", "document.cookie", "document.querySelector(x)", "lambda: 1", "func:os.system('x')"):
        with pytest.raises(ValueError, match=r"locator|helper"):
            HtmlPart(HtmlCheck("last", locator, "must_include", ("x",)), "")
    with pytest.raises(ValueError, match="unknown helper"):
        holds(HtmlCheck("func:open('x')", "", "must_include", ("x",)), outcome())


def test_typed_values_of_the_live_page_are_read():
    form = '<input name="from" id="sales_report_from" value=""><input id="sales_report_to">'
    url = "http://admin.test/admin/reports/report_sales/sales/"
    typed = (FieldState("2/1/23"), FieldState("2/28/23"))
    assert accepts(149, outcome("", url, form, fields=typed))
    assert not accepts(149, outcome("", url, form))
    assert not accepts(149, outcome("", url, form, fields=(FieldState("2/1/23"), FieldState("3/1/23"))))


def test_a_page_is_fetched_once_for_all_checks_that_name_it():
    box = '<div class="box box-address-{}"><div class="box-content">111 Magnolia Path<br>Atlanta, Georgia, 30303</div></div>'
    address = f"{SHOP}/customer/address"
    ended = outcome(pages={address: box.format("shipping") + box.format("billing")})
    assert accepts(129, ended)
    assert isinstance(ended.client, FakeClient)
    assert ended.client.asked == [("GET", address)]
    assert not accepts(129, outcome(pages={address: box.format("shipping")}))


def test_the_live_page_is_not_read_where_another_is_named():
    wished = '<div class="products-grid wishlist">White Desk</div>'
    assert not accepts(119, outcome(html=wished, pages={f"{SHOP}/wishlist/": "<p>You have no items"}))
    assert accepts(119, outcome(html="", pages={f"{SHOP}/wishlist/": wished}))


def test_a_text_file_is_searched_as_the_page_that_a_browser_shows():
    url = "http://gitlab.test/byteblaze/Do-it-myself/-/raw/main/README.md"
    links = task(127).spec.html[0].references
    text = "\n".join(f"- <{link}>" for link in links)
    assert accepts(127, outcome(pages={url: HttpReply(200, url, text, "text/plain")}))


def test_a_site_failure_is_raised_and_never_scored():
    broken = outcome(pages={f"{SHOP}/wishlist/": HttpReply(500, f"{SHOP}/wishlist/", "Internal Server Error")})
    with pytest.raises(SiteError, match="answered with HTTP 500"):
        accepts(119, broken)


def shop_with_newest_order(order: str, page: str) -> dict[str, str | HttpReply]:
    number = int(order)
    return {
        f"{SHOP}/rest/default/V1/integration/admin/token": '"token"',
        f"{SHOP}/rest/V1/orders": json.dumps({"items": [{"increment_id": order, "entity_id": number}]}),
        f"{SHOP}/sales/order/view/order_id/{number}/": page,
    }


def test_a_placed_order_is_found_through_the_newest_order():
    ordered = '<div class="order-details-items ordered"><table><tr><td>Kit</td><td>B0738JQG6Q</td></tr></table></div>'
    assert accepts(104, outcome(pages=shop_with_newest_order("000000191", ordered)))
    assert not accepts(104, outcome(pages=shop_with_newest_order("000000189", "<p>Another order")))


def test_the_newest_order_is_asked_for_with_a_token():
    client = FakeClient(shop_with_newest_order("000000191", ""))
    assert shopping_get_latest_order_url(client, SHOP) == f"{SHOP}/sales/order/view/order_id/191/"
    assert client.asked[0] == ("POST", f"{SHOP}/rest/default/V1/integration/admin/token")
    assert "[field]=created_at" in client.asked[1][1] and "[direction]=DESC" in client.asked[1][1]


@pytest.mark.parametrize("reply", [HttpReply(401, SHOP, "no"), "not json", '{"items": []}', '{"message": "x"}'])
def test_an_odd_answer_of_the_rest_interface_is_a_failure_of_the_site(reply: str | HttpReply):
    pages = shop_with_newest_order("000000191", "") | {f"{SHOP}/rest/V1/orders": reply}
    with pytest.raises(SiteError):
        shopping_get_latest_order_url(FakeClient(pages), SHOP)


@pytest.mark.parametrize(
    ("url", "post"),
    [
        ("http://r.test/f/books/12/a-title", "http://r.test/f/books/12/"),
        ("http://r.test/f/books/12/a-title/-/comment/3?x=1#c", "http://r.test/f/books/12/"),
        ("http://r.test/f/books/12", "http://r.test/f/books/12/"),
        ("http://r.test/f/books/new", "http://r.test/f/books/new/"),  # as upstream: it takes any third segment
        ("http://r.test/f/books", "http://r.test/f/books"),
        ("http://r.test/user/a/b/c", "http://r.test/user/a/b/c"),
        ("http://r.test/", "http://r.test/"),
    ],
)
def test_a_posts_address_is_cut_after_its_number(url: str, post: str):
    assert reddit_get_post_url(url) == post


MEMBERS = """<table>
<tr><td data-label="Account"><span class="gl-avatar-labeled-sublabel">@byteblaze</span></td><td class="col-max-role"><span>Owner</span></td></tr>
<tr><td data-label="Account"><span class="gl-avatar-labeled-sublabel">@vinta</span></td><td class="col-max-role"><span>Guest</span></td></tr>
</table>"""


@pytest.mark.parametrize(("account", "role"), [("vinta", "Guest"), ("byteblaze", "Owner"), ("vin", ""), ("koush", "")])
def test_a_members_role_stands_in_the_row_of_the_account(account: str, role: str):
    assert gitlab_get_project_member_role(Document(LiveDocument("", MEMBERS)), account) == role


def test_a_member_with_the_wrong_role_is_rejected():
    members = "http://gitlab.test/byteblaze/dotfiles/-/project_members"
    assert accepts(112, outcome(pages={members: MEMBERS}))
    assert not accepts(112, outcome(pages={members: MEMBERS.replace("Guest", "Developer")}))


def test_a_page_beside_the_admin_panel_is_asked_for_as_a_browser_would():
    client = FakeClient()
    part = HtmlPart(task(108).spec.html[0], "")
    part.results(Pages(Outcome("", LiveDocument("", ""), client), BASE_URLS))
    assert client.asked == [("GET", "http://admin.test/antonia-racer-tank.html")]
