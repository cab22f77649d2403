"""Whatever is typed, posted or put into an address: a page or a redirect, never a failure, and reading changes nothing."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webarena_gym.engines.forms import urlencode
from webarena_gym.sites.lint import lint
from webarena_gym.sites.map.app import ROUTES

from .traveller import ORIGIN, Traveller

_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "0", "-1", "1", "9" * 40, "1e9", "NaN", "inf,inf", "40.44,-79.94", "91,0", "0,181", "40,-79;42,-71", ";", ",", "7/42.9/-75.1", "99/99/999",
         "'", '"', "%", "\x00", "<script>alert(1)</script>", "' OR 1=1 --", "../../etc/passwd", "é中🎉", "x" * 3000, "\r\nSet-Cookie: a=b", "NEAR(", "*"]
    ),
)  # fmt: skip
_FIELDS = sorted(
    {"query", "page", "lat", "lon", "mlat", "mlon", "zoom", "map", "route", "route_from", "route_to", "from", "to", "engine", "pin", "q", "limit",
     "format", "max_id", "text", "username", "password", "email", "email_confirmation", "display_name", "pass_crypt", "pass_crypt_confirmation"}
)  # fmt: skip
_GET = sorted(rule for rule, _, *methods in ROUTES if not methods)
_POST = sorted(rule for rule, _, *methods in ROUTES if methods)


def _address(rule: str, number: int, text: str) -> str:
    filled = re.sub(r"<any\((\w+).*?>", r"\1", re.sub(r"<int:\w+>", str(number), rule))
    return re.sub(r"<(path:)?\w+>", quote(text.replace("/", "-") or "x", safe=""), filled)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(_GET),
    number=st.sampled_from([0, 1, 154257484, 10_000_000_001, 10**15, 10**30]),
    text=_TEXTS,
    query=st.dictionaries(st.sampled_from(_FIELDS), _TEXTS, max_size=5),
)
def test_any_address_gives_a_good_page(traveller: Traveller, rule: str, number: int, text: str, query: dict[str, str]):
    reply = traveller.get(f"{_address(rule, number, text)}?{urlencode(list(query.items()))}")
    assert reply.status in (200, 400, 404)
    if reply.content_type == "text/html":
        assert lint(reply.text) == []
        assert "<script" not in reply.text


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=st.sampled_from(_POST), text=_TEXTS, fields=st.dictionaries(st.sampled_from(_FIELDS), _TEXTS, max_size=8))
def test_any_post_ends_on_a_good_page(traveller: Traveller, rule: str, text: str, fields: dict[str, str]):
    reply = traveller.engine.client().request(
        "POST",
        f"{ORIGIN}{_address(rule, 1, text)}",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode(list(fields.items())),
    )
    assert reply.status in (200, 404)
    assert lint(reply.text) == []


def test_reading_changes_nothing(traveller: Traveller):
    before = traveller.world.state_hash()
    for rule in _GET:
        traveller.get(
            _address(rule, 154257484, "footpath_fern") + "?query=CMU&q=CMU&route_from=CMU&route_to=MIT&lat=40&lon=-79"
        )
    assert traveller.world.state_hash() == before


@pytest.mark.parametrize("fields", ["text=" + "x" * 300_000 + "&lat=1&lon=1", "&".join(f"f{i}=1" for i in range(3000))])
def test_huge_posts_are_survived(traveller: Traveller, fields: str):
    reply = traveller.engine.client().request(
        "POST", f"{ORIGIN}/note/new", headers={"Content-Type": "application/x-www-form-urlencoded"}, body=fields
    )
    assert reply.status in (200, 413)
