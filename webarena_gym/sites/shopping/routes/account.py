"""Signing in and out, the account's own pages, the newsletter setting."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from ...base import see_other
from ...magento import text_field
from ..store import ShopStore
from .common import back, flash, for_customers, login_first, open_visit, page, visitor, wishes_of
from .content import is_email

_SHORTEST_PASSWORD = 8
# The side menu of the account: address and label, an empty one is a line.
ACCOUNT_NAV = (
    ("/customer/account/", "My Account"),
    ("/sales/order/history/", "My Orders"),
    ("/downloadable/customer/products/", "My Downloadable Products"),
    ("/wishlist/", "My Wish List"),
    ("", ""),
    ("/customer/address/", "Address Book"),
    ("/customer/account/edit/", "Account Information"),
    ("/vault/cards/listaction/", "Stored Payment Methods"),
    ("", ""),
    ("/review/customer/", "My Product Reviews"),
    ("/newsletter/manage/", "Newsletter Subscriptions"),
)


def account_page(
    store: ShopStore, customer_id: int, template: str, current: str, *, exact: bool = True, **context: Any
) -> Response:
    """A page with the account's side menu; ``exact`` if it is the page that the entry ``current`` leads to."""
    return page(
        store,
        template,
        current=current,
        exact=exact,
        account_nav=ACCOUNT_NAV,
        last_items=store.orders.last_items(customer_id),
        wishes=wishes_of(store),
        **context,
    )


def login(store: ShopStore) -> Response:
    """GET /customer/account/login/."""
    if visitor(store).customer_id is not None:
        return see_other("/customer/account/")
    return page(store, "login.html", title="Customer Login")


def login_post(store: ShopStore) -> Response:
    """POST /customer/account/loginPost/: the session cookie is set on this answer."""
    customer = store.customers.by_email(text_field("login[username]"))
    password = request.form.get("login[password]", "")
    if customer is None or customer.password != password:
        flash(store, "The account sign-in was incorrect. Please wait and try again later.", "error")
        return login_first()
    return _sign_in(store, customer.id)


def _sign_in(store: ShopStore, customer_id: int) -> Response:
    """Sign the visitor's session in; a guest's cart and pending wish come along."""
    session = open_visit(store).session
    assert session is not None
    store.carts.adopt(session, customer_id)
    store.set_session_user(session, customer_id)
    wish = store.wishlists.take_pending(session)
    product = store.catalogue.product(wish) if wish is not None else None
    if product is None:
        return see_other("/customer/account/")
    store.wishlists.add(customer_id, product.card.id, 1, {}, store.timestamp())
    store.flash(session, f"{product.card.name} has been added to your Wish List. Click here to continue shopping.")
    return see_other(f"/wishlist/index/index/wishlist_id/{customer_id}/")


def logout(store: ShopStore) -> Response:
    """GET or POST /customer/account/logout/."""
    who = visitor(store)
    if who.session is not None:
        store.set_session_user(who.session, None)
    return see_other("/customer/account/logoutSuccess/")


def logout_success(store: ShopStore) -> Response:
    return page(store, "signed_out.html", title="You are signed out")


def create(store: ShopStore) -> Response:
    """GET /customer/account/create/."""
    return page(store, "create.html", title="Create New Customer Account")


def create_post(store: ShopStore) -> Response:
    """POST /customer/account/createpost/."""
    email, first, last = text_field("email"), text_field("firstname"), text_field("lastname")
    password = request.form.get("password", "")[:255]
    if not first or not last:
        problem = "Please enter a first and a last name."
    elif not is_email(email):
        problem = "Please enter a valid email address."
    elif store.customers.by_email(email) is not None:
        problem = "There is already an account with this email address."
    elif problem := _password_problem(password, request.form.get("password_confirmation", "")):
        pass
    if problem:
        flash(store, problem, "error")
        return see_other("/customer/account/create/")
    customer_id = store.customers.create(email, password, first, last, store.timestamp())
    if request.form.get("is_subscribed"):
        store.customers.subscribe(email)
    flash(store, "Thank you for registering with One Stop Market.")
    return _sign_in(store, customer_id)


def _password_problem(password: str, again: str) -> str:
    if len(password) < _SHORTEST_PASSWORD:
        return f"The password needs at least {_SHORTEST_PASSWORD} characters."
    return "" if password == again else "Password confirmation doesn't match entered password."


def forgot_password(store: ShopStore) -> Response:
    return page(store, "forgot.html", title="Forgot Your Password?")


def forgot_password_post(store: ShopStore) -> Response:
    """POST /customer/account/forgotpasswordpost/: says the same for every address, and sends nothing."""
    email = text_field("email")
    if not is_email(email):
        return back(store, "The email address is incorrect. Verify the email address and try again.", "error")
    flash(
        store,
        f"If there is an account associated with {email} you will receive an email with a link to reset your password.",
    )
    return login_first()


@for_customers
def dashboard(store: ShopStore, customer_id: int) -> Response:
    """GET /customer/account/."""
    customer = store.customers.by_id(customer_id)
    assert customer is not None
    return account_page(
        store,
        customer_id,
        "dashboard.html",
        "My Account",
        title="My Account",
        customer=customer,
        subscribed=store.customers.is_subscribed(customer_id),
        billing=store.customers.address(customer_id, customer.billing_id),
        shipping=store.customers.address(customer_id, customer.shipping_id),
        orders=store.orders.of_customer(customer_id, 5),
    )


@for_customers
def edit(store: ShopStore, customer_id: int, changepass: int = 0) -> Response:
    """GET /customer/account/edit/."""
    return account_page(
        store,
        customer_id,
        "account_edit.html",
        "Account Information",
        title="Account Information",
        customer=store.customers.by_id(customer_id),
        change_password=bool(changepass),
    )


@for_customers
def edit_post(store: ShopStore, customer_id: int) -> Response:
    """POST /customer/account/editPost/: names, and with the present password the email and the password."""
    customer = store.customers.by_id(customer_id)
    assert customer is not None
    first, last = text_field("firstname"), text_field("lastname")
    email = text_field("email") if request.form.get("change_email") else customer.email
    password = request.form.get("password", "")[:255] if request.form.get("change_password") else customer.password
    other = store.customers.by_email(email)
    problem = ""
    if not first or not last:
        problem = "Please enter a first and a last name."
    elif not is_email(email):
        problem = "Please enter a valid email address."
    elif other is not None and other.id != customer_id:
        problem = "A customer with the same email address already exists."
    elif (email, password) != (customer.email, customer.password):
        if request.form.get("current_password", "") != customer.password:
            problem = "The password doesn't match this account. Verify the password and try again."
        elif password != customer.password:
            problem = _password_problem(password, request.form.get("password_confirmation", ""))
    if problem:
        flash(store, problem, "error")
        return see_other("/customer/account/edit/")
    store.customers.update(customer_id, email=email, password=password, first_name=first, last_name=last)
    flash(store, "You saved the account information.")
    return see_other("/customer/account/")


@for_customers
def newsletter(store: ShopStore, customer_id: int) -> Response:
    """GET /newsletter/manage/."""
    return account_page(
        store,
        customer_id,
        "newsletter.html",
        "Newsletter Subscriptions",
        title="Newsletter Subscriptions",
        subscribed=store.customers.is_subscribed(customer_id),
    )


@for_customers
def newsletter_save(store: ShopStore, customer_id: int) -> Response:
    """POST /newsletter/manage/save/."""
    customer = store.customers.by_id(customer_id)
    assert customer is not None
    before = store.customers.is_subscribed(customer_id)
    if request.form.get("is_subscribed"):
        store.customers.subscribe(customer.email)
        flash(store, "We have saved your subscription.")
    else:
        store.customers.unsubscribe(customer_id)
        flash(
            store, "We have removed your newsletter subscription." if before else "We have updated your subscription."
        )
    return see_other("/customer/account/")


@for_customers
def downloads(store: ShopStore, customer_id: int) -> Response:
    """GET /downloadable/customer/products/: the shop sells nothing to download."""
    label = "My Downloadable Products"
    return account_page(store, customer_id, "downloads.html", label, title=label)


@for_customers
def stored_cards(store: ShopStore, customer_id: int) -> Response:
    """GET /vault/cards/listaction/: no payment method of the shop can be stored."""
    label = "Stored Payment Methods"
    return account_page(store, customer_id, "cards_stored.html", label, title=label)
