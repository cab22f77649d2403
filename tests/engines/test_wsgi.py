"""Cookies and redirects of the in-process client."""

import pytest

from webarena_gym.engines.wsgi import CookieJar, WsgiClient
from webarena_gym.errors import SiteError


def test_a_cookie_is_sent_to_its_host_and_path_only():
    jar = CookieJar()
    jar.store("http://a.test/x", "s=1; Path=/; HttpOnly")
    jar.store("http://a.test/x", "deep=2; Path=/admin")
    assert jar.header("http://a.test/") == "s=1"
    assert jar.header("http://a.test/admin/page") == "s=1; deep=2"
    assert jar.header("http://a.test/administrator") == "s=1"
    assert jar.header("http://b.test/") == ""


def test_a_cookie_that_expires_is_forgotten():
    jar = CookieJar()
    jar.store("http://a.test/", "s=1")
    jar.store("http://a.test/", "s=; Max-Age=0; Path=/")
    assert jar.header("http://a.test/") == ""


def _app(seen):
    def app(environ, start_response):
        seen.append(
            (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_COOKIE"), environ["wsgi.input"].read())
        )
        location = {"/post": "/get?x=1", "/loop": "/loop", "/keep": "/post2"}.get(environ["PATH_INFO"])
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "n=1; Path=/")]
        if location:
            status = "307 Temporary Redirect" if environ["PATH_INFO"] == "/keep" else "302 Found"
            start_response(status, [*headers, ("Location", location)])
            return [b""]
        start_response("200 OK", headers)
        return ["é".encode()]

    return app


def test_a_post_answered_by_302_becomes_a_get_that_carries_the_new_cookie():
    seen: list = []
    reply = WsgiClient(_app(seen), CookieJar()).send("POST", "http://a.test/post#top", body=b"q=1")
    assert (reply.status, reply.url, reply.text) == (200, "http://a.test/get?x=1#top", "é")
    assert seen == [("POST", "/post", None, b"q=1"), ("GET", "/get", "n=1", b"")]


def test_a_307_repeats_the_post():
    seen: list = []
    WsgiClient(_app(seen), CookieJar()).send("POST", "http://a.test/keep", body=b"q=1")
    assert seen[1] == ("POST", "/post2", "n=1", b"q=1")


def test_redirects_that_never_end_are_the_sites_failure():
    with pytest.raises(SiteError, match="redirects more than 20 times"):
        WsgiClient(_app([]), CookieJar()).get("http://a.test/loop")
