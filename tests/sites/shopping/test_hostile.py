"""Whatever is typed, posted or put into an address: a page or a redirect, never a failure, and other people's data untouched."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webarena_gym.engines.forms import urlencode
from webarena_gym.sites.lint import lint
from webarena_gym.sites.shopping.app import ROUTES

from .shopper import ORIGIN, Shopper

_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "0", "-1", "1", "27", "9" * 40, "1e9", "2.0", "NaN", "'", '"', "%", "\x00", "\ud800".encode("utf-8", "replace").decode(),
         "<script>alert(1)</script>", "' OR 1=1 --", "../../etc/passwd", "é中🎉", "x" * 3000, "\r\nSet-Cookie: a=b", "[]", "{}"]
    ),
)  # fmt: skip
_FIELDS = sorted(
    {"product", "item", "id", "qty", "form_key", "uenc", "super_attribute[1]", "coupon_code", "remove", "login[username]",
     "login[password]", "email", "firstname", "lastname", "telephone", "street[0]", "street[1]", "city", "region_id", "postcode",
     "country_id", "address_id", "shipping_method", "same_address", "username", "ratings[4]", "nickname", "title", "detail",
     "comment", "name", "order_items", "oar_order_id", "oar_billing_lastname", "oar_type", "oar_email", "oar_zip", "password",
     "password_confirmation", "current_password", "change_email", "change_password", "is_subscribed", "emails", "q", "price", "p",
     "cat", "product_list_order", "product_list_dir", "product_list_limit", "limit", "step", "price[from]", "price[to]", "sku",
     "description", "cart[1][qty]", "ship[1][address]", "description[1]", "qty[1]", "pbaocw"}
)  # fmt: skip
_GET = sorted(rule for rule, _, *methods in ROUTES if not methods or "GET" in methods[0])
_POST = sorted(rule for rule, _, *methods in ROUTES if methods and "POST" in methods[0])


def _address(rule: str, number: int, text: str) -> str:
    """The rule with its placeholders filled."""
    import re

    filled = re.sub(r"<int:\w+>", str(number), rule)
    return re.sub(r"<(path:)?\w+>", quote(text.replace("/", "-") or "x", safe=""), filled)


@pytest.fixture
def stocked(emma: Shopper) -> Shopper:
    """Emma with something in the cart, the wish list and the comparison, so that every handler has work to do."""
    emma.buy("candle_spaas").open(emma.product_url("elmwood")).follow("Add to Wish List")
    emma.open(emma.product_url("cards_40")).follow("Add to Compare")
    emma.open("/checkout/").press("Next")
    return emma


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(_GET),
    number=st.sampled_from([0, 1, 26, 27, 180, 190, 32202, 10**15, 10**30]),
    text=_TEXTS,
    query=st.dictionaries(st.sampled_from(_FIELDS), _TEXTS, max_size=4),
)
def test_any_address_gives_a_good_page(stocked: Shopper, rule: str, number: int, text: str, query: dict[str, str]):
    if "logout" in rule:
        return
    url = f"{ORIGIN}{_address(rule, number, text)}?{urlencode(list(query.items()))}"
    reply = stocked.engine.client().get(url)
    assert reply.status in (200, 401, 404)
    if reply.content_type == "text/html":
        assert lint(reply.text) == []
        assert "<script" not in reply.text


@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(_POST),
    number=st.sampled_from([0, 1, 26, 27, 180, 190, 32202, 65885, 10**15, 10**30]),
    text=_TEXTS,
    fields=st.dictionaries(st.sampled_from(_FIELDS), _TEXTS, max_size=12),
)
def test_any_post_ends_on_a_good_page(stocked: Shopper, rule: str, number: int, text: str, fields: dict[str, str]):
    reply = stocked.engine.client().request(
        "POST",
        f"{ORIGIN}{_address(rule, number, text)}",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{ORIGIN}/electronics.html"},
        body=urlencode(list(fields.items())),
    )
    assert reply.status in (200, 401, 404)
    if "/rest/" not in rule:
        assert lint(reply.text) == []
        assert "<script" not in reply.text
    others = stocked.store.connection.execute("SELECT count(*) FROM sales_order WHERE customer_id != 27").fetchone()
    assert tuple(others) == (157,)  # 189 less Emma's 32
    assert stocked.store.customers.by_id(27) is not None


def test_a_reset_forgets_everything(stocked: Shopper):
    changed = stocked.world.state_hash()
    stocked.world.reset()
    fresh = stocked.world.state_hash()
    assert changed != fresh
    Shopper(stocked.world).buy("russound")
    stocked.world.reset()
    assert stocked.world.state_hash() == fresh


def test_reading_changes_nothing(emma: Shopper):
    emma.open("/")
    before = emma.world.state_hash()
    for rule in _GET:
        if "logout" not in rule:
            emma.engine.client().get(f"{ORIGIN}{_address(rule, 180, 'clarks-men-s-tunsil-lane-oxford.html')}")
    assert emma.world.state_hash() == before


def test_a_post_from_another_site_is_refused(emma: Shopper):
    reply = emma.engine.client().request(
        "POST",
        f"{ORIGIN}/checkout/cart/add/",
        headers={"Origin": "http://evil.test", "Content-Type": "application/x-www-form-urlencoded"},
        body="product=32202",
    )
    assert reply.status == 403


def test_redirects_stay_on_the_site(emma: Shopper):
    reply = emma.engine.client().request(
        "POST",
        f"{ORIGIN}/checkout/cart/add/",
        headers={"Referer": "http://evil.test/page", "Content-Type": "application/x-www-form-urlencoded"},
        body="product=32202",
    )
    assert reply.url.startswith(f"{ORIGIN}/")


@pytest.mark.parametrize("fields", ["name=" + "x" * 300_000, "&".join(f"f{i}=1" for i in range(3000))])
def test_huge_posts_are_survived(emma: Shopper, fields: str):
    reply = emma.engine.client().request(
        "POST",
        f"{ORIGIN}/contact/index/post/",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=fields,
    )
    assert reply.status in (200, 413)


def test_a_forged_session_is_a_guest(world):
    from webarena_gym.engines.base import Cookie, EpisodeStart
    from webarena_gym.engines.http import HttpEngine

    for value in ("s1", "s0", "s-1", "27", "x", "s" + "9" * 30, "s1;s2"):
        engine = HttpEngine(world)
        engine.reset(
            EpisodeStart((f"{ORIGIN}/customer/account/",), world.origins, (Cookie(ORIGIN, "shop_session", value),))
        )
        assert engine.page().url == f"{ORIGIN}/customer/account/login/"
