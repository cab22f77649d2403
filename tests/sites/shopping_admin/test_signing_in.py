"""Who gets in, and what is shown before."""

from __future__ import annotations

import pytest

from .clerk import Clerk


def test_the_form_stands_at_the_base_and_leads_to_the_dashboard(stranger: Clerk):
    assert stranger.url == "/admin" and stranger.css("legend") == ["Welcome, please sign in"]
    stranger.fill("Username", "admin").fill("Password", "admin1234").press("Sign in")
    assert stranger.url == "/admin/admin/dashboard/" and "# Dashboard" in stranger.text
    (login,) = stranger.sent()
    assert login.status == 302 and any(name == "Set-Cookie" for name, _ in login.response_headers)


def test_a_wrong_password_stays_outside(stranger: Clerk):
    stranger.fill("Username", "admin").fill("Password", "admin").press("Sign in")
    assert stranger.url == "/admin/" and "incorrect" in stranger.messages()[0]


@pytest.mark.parametrize(
    "path", ["/sales/order/", "/catalog/product/edit/id/110/", "/no/such/secret-page", "/cms/page/"]
)
def test_a_stranger_is_asked_to_sign_in_and_not_told_where_they_were(stranger: Clerk, path: str):
    stranger.open(path)
    assert stranger.url == "/admin/" and "secret-page" not in stranger.html


def test_a_stranger_changes_nothing(stranger: Clerk):
    before = stranger.world.state_hash()
    assert stranger.post("/sales/order/cancel/order_id/302/", {}).url.endswith("/admin/")
    stranger.world.store("shopping_admin").connection.execute(
        "UPDATE site_clock SET now = now - 1"
    )  # the post's second
    assert stranger.world.state_hash() == before


def test_signing_out_ends_the_session(clerk: Clerk):
    clerk.follow("Sign Out").open("/sales/order/")
    assert clerk.url == "/admin/" and clerk.names("textbox") == ["Username", "Password"]


def test_a_missing_page_does_not_repeat_its_address(clerk: Clerk):
    clerk.open("/no/such/secret-page")
    assert "Page not found." in clerk.text and "secret-page" not in clerk.html


def test_a_key_at_the_end_of_an_address_is_read_over(clerk: Clerk):
    clerk.open("/admin/system_design_theme/edit/id/1/key/0a1b2c/")
    assert clerk.names("heading") == ["Theme: Magento Blank"]
