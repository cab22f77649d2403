from __future__ import annotations

import pytest

from .shopper import Shopper


def _sign_in(shopper: Shopper, email: str = "emma.lopez@gmail.com", password: str = "Password.123") -> Shopper:
    return shopper.open("/customer/account/login/").fill("Email", email).fill("Password", password).press("Sign In")


def test_signing_in_leads_to_the_account(guest: Shopper):
    _sign_in(guest)
    assert guest.url == "/customer/account/" and "Emma Lopez" in guest.text
    assert "Sign Out" in guest.names("link") and "Sign In" not in guest.names("link")


def test_the_session_cookie_is_set_on_the_logins_own_answer(world):
    answer = []
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/customer/account/loginPost/", "HTTP_HOST": "shopping.test",
        "SERVER_NAME": "shopping.test", "SERVER_PORT": "80", "wsgi.url_scheme": "http",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }  # fmt: skip
    import io

    body = b"login%5Busername%5D=emma.lopez%40gmail.com&login%5Bpassword%5D=Password.123"
    environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "wsgi.errors": io.StringIO()}
    world(environ, lambda status, headers: answer.append((status, dict(headers))))
    ((status, headers),) = answer
    assert status.startswith("302") and headers["Location"] == "/customer/account/"
    assert headers["Set-Cookie"].startswith("shop_session=s")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("emma.lopez@gmail.com", "wrong"),
        ("nobody@example.com", "Password.123"),
        ("", ""),
        ("' OR 1=1 --", "x"),
        ("é@ü.de", "\x00"),
    ],
)
def test_a_wrong_sign_in_is_refused(guest: Shopper, email: str, password: str):
    _sign_in(guest, email, password)
    assert guest.url == "/customer/account/login/"
    assert guest.messages() == ["The account sign-in was incorrect. Please wait and try again later."]


def test_signing_out_closes_the_account(emma: Shopper):
    emma.follow("Sign Out")
    assert emma.url == "/customer/account/logoutSuccess/" and "You are signed out" in emma.title
    assert emma.open("/customer/account/").url == "/customer/account/login/"


@pytest.mark.parametrize(
    "path",
    ["/customer/account/", "/sales/order/history/", "/sales/order/view/order_id/180/", "/sales/order/print/order_id/180/",
     "/customer/address/", "/customer/address/edit/id/26/", "/newsletter/manage/", "/wishlist/", "/review/customer/",
     "/downloadable/customer/products/", "/vault/cards/listaction/", "/multishipping/checkout/"],
)  # fmt: skip
def test_the_accounts_pages_ask_guests_to_sign_in(guest: Shopper, path: str):
    assert guest.open(path).url == "/customer/account/login/"


def test_the_dashboard_shows_contact_addresses_and_five_orders(emma: Shopper):
    emma.open("/customer/account/")
    assert "emma.lopez@gmail.com" in emma.text and "You aren't subscribed to our newsletter." in emma.text
    assert emma.names("link").count("View Order") == 5
    assert "000000170 | 5/17/23 | Emma Lopez | $365.42 | Canceled |" in emma.text
    assert emma.follow("View All").url in ("/sales/order/history/", "/customer/account/#my-orders-table")


def test_the_side_menu_has_the_entries_of_the_real_shop(emma: Shopper):
    emma.open("/newsletter/manage/")
    menu = emma.names("link")[-22:]
    assert [name for name in menu if name in (
        "My Account", "My Orders", "My Downloadable Products", "My Wish List", "Address Book", "Account Information",
        "Stored Payment Methods", "My Product Reviews")] == [
        "My Account", "My Orders", "My Downloadable Products", "My Wish List", "Address Book", "Account Information",
        "Stored Payment Methods", "My Product Reviews",
    ]  # fmt: skip


def test_creating_an_account_signs_in(guest: Shopper):
    guest.open("/customer/account/create/").fill("First Name", "Gina").fill("Last Name", "Ray").fill(
        "Email", "gina@example.com"
    )
    guest.fill("Password", "Secret.123").fill("Confirm Password", "Secret.123").check("Sign Up for Newsletter")
    guest.press("Create an Account")
    assert guest.url == "/customer/account/" and "Gina Ray" in guest.text and "You are subscribed" in guest.text
    customer = guest.store.customers.by_email("GINA@example.com")
    assert customer.id > 64 and guest.store.customers.is_subscribed(customer.id)
    assert guest.open("/customer/address/").url == "/customer/address/new/"
    assert "You have placed no orders." in guest.open("/sales/order/history/").text


@pytest.mark.parametrize(
    ("email", "password", "again", "words"),
    [
        ("emma.lopez@gmail.com", "Secret.123", "Secret.123", "already an account"),
        ("gina@example.com", "short", "short", "at least 8 characters"),
        ("gina@example.com", "Secret.123", "Secret.124", "doesn't match"),
        ("gina", "Secret.123", "Secret.123", "valid email"),
    ],
)
def test_a_faulty_new_account_is_refused(guest: Shopper, email: str, password: str, again: str, words: str):
    guest.open("/customer/account/create/").fill("First Name", "Gina").fill("Last Name", "Ray").fill("Email", email)
    guest.fill("Password", password).fill("Confirm Password", again).press("Create an Account")
    assert guest.url == "/customer/account/create/" and words in guest.messages()[0]


def test_a_forgotten_password_gets_the_same_answer_for_every_address(guest: Shopper):
    for email in ("emma.lopez@gmail.com", "nobody@example.com"):
        guest.open("/customer/account/forgotpassword/").fill("Email", email).press("Reset My Password")
        assert guest.messages()[0].startswith(f"If there is an account associated with {email}")


def test_names_change_without_and_the_password_only_with_the_present_one(emma: Shopper):
    emma.open("/customer/account/edit/").fill("First Name", "Emilia").press("Save")
    assert emma.url == "/customer/account/" and "Emilia Lopez" in emma.text
    emma.open("/customer/account/edit/").check("Change Password").fill("New Password", "Another.123")
    emma.fill("Confirm New Password", "Another.123").fill("Current Password", "wrong").press("Save")
    assert "doesn't match this account" in emma.messages()[0]
    emma.open("/customer/account/edit/changepass/1/").fill("New Password", "Another.123")
    emma.fill("Confirm New Password", "Another.123").fill("Current Password", "Password.123").press("Save")
    assert emma.store.customers.by_id(27).password == "Another.123"


def test_a_taken_email_is_refused(emma: Shopper):
    (other,) = emma.store.connection.execute("SELECT email FROM customer WHERE id = 1").fetchone()
    emma.open("/customer/account/edit/").check("Change Email").fill("Email", other)
    emma.fill("Current Password", "Password.123").press("Save")
    assert "same email address" in emma.messages()[0] and emma.store.customers.by_id(27).email == "emma.lopez@gmail.com"


# --- newsletter ---


def test_the_footers_form_subscribes_the_customer(emma: Shopper):
    emma.open("/").fill("Sign Up for Our Newsletter:", "emma.lopez@gmail.com").press("Subscribe")
    assert emma.url == "/" and emma.messages() == ["Thank you for your subscription."]
    boxes = [
        node
        for node in emma.open("/newsletter/manage/").nodes
        if node.role == "checkbox" and node.name == "General Subscription"
    ]
    assert ("checked", "") in boxes[0].states


def test_the_account_page_turns_the_newsletter_on_and_off(emma: Shopper):
    emma.open("/newsletter/manage/").check("General Subscription").press("Save")
    assert emma.url == "/customer/account/" and emma.messages() == ["We have saved your subscription."]
    assert emma.store.customers.is_subscribed(27)
    emma.open("/newsletter/manage/").click("checkbox", "General Subscription").press("Save")
    assert not emma.store.customers.is_subscribed(27)


def test_other_addresses_do_not_subscribe_emma(emma: Shopper):
    emma.open("/").fill("Sign Up for Our Newsletter:", "other@example.net").press("Subscribe")
    assert not emma.store.customers.is_subscribed(27)
    emma.fill("Sign Up for Our Newsletter:", "other@example.net").press("Subscribe")
    assert emma.messages() == ["This email address is already subscribed."]
    (taken,) = emma.store.connection.execute("SELECT email FROM customer WHERE id = 1").fetchone()
    emma.fill("Sign Up for Our Newsletter:", taken).press("Subscribe")
    assert emma.messages() == ["This email address is already assigned to another user."]
    emma.fill("Sign Up for Our Newsletter:", "no address").press("Subscribe")
    assert emma.messages() == ["Please enter a valid email address."]


# --- addresses ---


def test_changing_the_address_changes_both_boxes(emma: Shopper):
    emma.open("/customer/address/").follow("Change Billing Address")
    assert emma.url == "/customer/address/edit/id/26/"
    emma.fill("Street Address: Line 1", "111 Magnolia Path").fill("City", "Atlanta").choose("State/Province", "Georgia")
    emma.fill("Zip/Postal Code", "30303").press("Save Address")
    assert emma.url == "/customer/address/index/" and emma.messages() == ["You saved the address."]
    assert emma.text.count("111 Magnolia Path\nAtlanta, Georgia, 30303") == 2


def test_an_address_is_added_made_default_and_deleted(emma: Shopper):
    emma.open("/customer/address/").press("Add New Address")
    emma.fill("Phone Number", "5550003333").fill("Street Address: Line 1", "9 Bay Rd").fill("City", "Miami")
    emma.choose("State/Province", "Florida").fill("Zip/Postal Code", "33101").press("Save Address")
    assert "9 Bay Rd | Miami | US | Florida | 33101 |" in emma.text
    emma.follow("Edit").check("Use as my default shipping address").press("Save Address")
    customer = emma.store.customers.by_id(27)
    assert customer.billing_id == 26 and customer.shipping_id > 26
    emma.open(f"/customer/address/edit/id/{customer.billing_id}/").check("Use as my default shipping address")
    emma.press("Save Address").follow("Delete")
    assert emma.messages() == ["You deleted the address."]
    assert [address.id for address in emma.store.customers.addresses(27)] == [26]


def test_a_missing_field_is_named_and_nothing_is_saved(emma: Shopper):
    emma.open("/customer/address/edit/id/26/").fill("City", "").choose(
        "State/Province", "Please select a region, state or province."
    )
    emma.press("Save Address")
    assert emma.messages() == ["These fields are required: City, State/Province."]
    assert emma.store.customers.address(27, 26).city == "San Mateo"


def test_a_foreign_address_needs_no_state(emma: Shopper):
    emma.open("/customer/address/edit/id/26/").choose("Country", "France").fill("City", "Lyon").press("Save Address")
    assert "Lyon, 94010\nFrance" in emma.text
    assert "State/Province" in emma.open("/customer/address/edit/id/26/").names("textbox")


def test_anothers_address_cannot_be_read_or_written(emma: Shopper):
    assert emma.open("/customer/address/edit/id/1/").url == "/customer/address/"
    assert emma.store.customers.address(27, 1) is None
    assert not emma.store.customers.delete_address(27, 1)
