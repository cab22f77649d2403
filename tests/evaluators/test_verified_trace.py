from __future__ import annotations

from urllib.parse import parse_qsl

from tests.tiny_site import find_tiny_site
from webarena_gym.engines.wsgi import CookieJar, WsgiClient
from webarena_gym.evaluators.verified_trace import har_entry, unsent_forms
from webarena_gym.sites.events import in_one_form
from webarena_gym.sites.world import World
from webarena_gym.types import FieldState, LiveDocument, NetworkEvent

FORMS = """<form id="contact-form" action="/post" method="post">
<input name="name" value="Emma Lopez"><input name="email" type="email" value="emma@example.com">
<textarea name="comment"></textarea><input name="copy" type="checkbox" value="1"><button name="send">Send</button></form>
<form id="search"><input name="q"></form><input name="note" form="search"><form><select name="s"><option>a<option>b</select></form>"""
DEFAULTS = ("Emma Lopez", "emma@example.com", "")
UNTOUCHED = FieldState("1"), FieldState(""), FieldState(""), FieldState("a", selected_index=0)


def page(*fields: FieldState) -> LiveDocument:
    return LiveDocument("http://shopping.test/contact/index/?x=1", FORMS, fields)


def texts(*values: str) -> tuple[FieldState, ...]:
    return tuple(map(FieldState, values))


def test_a_form_that_was_filled_in_and_not_sent_is_an_event_of_its_own():
    (event,) = unsent_forms(page(*texts("Emma Lopez", "emma@example.com", "I want\nit & more"), *UNTOUCHED))
    assert (event.method, event.url, event.status) == ("POST", "http://shopping.test/dummy_bin", -1)
    assert event.content_type == "application/x-www-form-urlencoded" and not event.navigation
    assert parse_qsl(event.body, keep_blank_values=True) == [
        ("form_id", "contact-form"), ("name", "Emma Lopez"), ("email", "emma@example.com"), ("comment", "I want\nit & more"),
    ]  # fmt: skip


def test_untouched_forms_are_no_events():
    assert unsent_forms(page(*texts(*DEFAULTS), *UNTOUCHED)) == []
    assert unsent_forms(page()) == []  # no live state: every field holds what the HTML says


def test_a_checked_box_and_a_chosen_option_count_as_filled_in():
    checked, searched, noted, chosen = UNTOUCHED
    assert len(unsent_forms(page(*texts(*DEFAULTS), checked._replace(checked=True), searched, noted, chosen))) == 1
    events = unsent_forms(page(*texts(*DEFAULTS), checked, searched, noted, FieldState("b", selected_index=1)))
    assert [parse_qsl(event.body, keep_blank_values=True) for event in events] == [[("form_id", ""), ("s", "b")]]


def test_a_field_tied_to_a_form_by_its_id_belongs_to_it():
    checked, searched, _, chosen = UNTOUCHED
    (event,) = unsent_forms(page(*texts(*DEFAULTS), checked, searched, FieldState("mine"), chosen))
    assert parse_qsl(event.body, keep_blank_values=True) == [("form_id", "search"), ("q", ""), ("note", "mine")]


def headers(entry: dict) -> dict[str, str]:
    return {header["name"]: header["value"] for header in entry["request"]["headers"]}


def test_a_document_of_the_policy_is_marked_as_a_navigation():
    entry = har_entry(NetworkEvent("GET", "http://shopping.test/", 200, navigation=True, headers=(("referer", "x"),)))
    assert headers(entry) == {
        "accept": "text/html", "sec-fetch-dest": "document", "sec-fetch-mode": "navigate", "sec-fetch-user": "?1", "referer": "x",
    }  # fmt: skip


def test_what_is_no_navigation_accepts_no_html():
    entry = har_entry(NetworkEvent("GET", "http://shopping.test/api", 200, headers=(("accept", "text/html,*/*"),)))
    assert headers(entry) == {"accept": "*/*"}


def test_a_post_shows_its_body_cookies_and_where_it_leads():
    event = NetworkEvent(
        "POST", "http://shopping.test/wishlist/index/add/", 302, body="product=7", content_type="application/x-www-form-urlencoded",
        response_headers=(("Location", "/wishlist/"), ("Set-Cookie", "mage-messages=%5B%5D; Path=/"), ("Set-Cookie", "a=b")),
    )  # fmt: skip
    entry = har_entry(event)
    assert entry["request"]["postData"] == {"mimeType": "application/x-www-form-urlencoded", "text": "product=7"}
    assert entry["response"]["redirectURL"] == "/wishlist/" and entry["response"]["status"] == 302
    assert entry["response"]["cookies"] == [{"name": "mage-messages", "value": "%5B%5D"}, {"name": "a", "value": "b"}]


def test_a_request_looks_the_same_whoever_sent_it():
    ours = NetworkEvent(
        "GET", "http://a.test/", 200, True, (("accept", "text/html,*/*"), ("cookie", "a=1; b=2"), ("host", "a.test"))
    )
    chromium = NetworkEvent(
        "GET", "http://a.test/", 200, True, content_type="text/plain",
        headers=(("user-agent", "Chrome"), ("cookie", "b=2; a=1"), ("accept", "text/html,image/avif,*/*;q=0.8")),
    )  # fmt: skip
    assert in_one_form(ours) == in_one_form(chromium)


def test_a_multipart_body_has_a_boundary_of_no_ones_own():
    def sent(boundary: str) -> NetworkEvent:
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--{boundary}--\r\n'
        return NetworkEvent(
            "POST", "http://a.test/", 302, body=body, content_type=f"multipart/form-data; boundary={boundary}"
        )

    assert in_one_form(sent("----WebKitFormBoundaryAbC")) == in_one_form(sent("----x")) != sent("----x")


def test_an_evaluators_own_requests_are_no_events(cache_dir):
    world = World(["shopping"], cache_dir=cache_dir / "tiny", find_site=find_tiny_site)
    WsgiClient(world, CookieJar(), evaluator=True).get("http://shopping.test/")
    assert world.events == []
    WsgiClient(world, CookieJar()).send("GET", "http://shopping.test/hop")
    assert [(event.status, event.navigation) for event in world.events] == [(302, True), (200, True)]
    world.close()
