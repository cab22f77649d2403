from __future__ import annotations

import pytest

from .shopper import Shopper


def test_a_products_page_shows_ten_reviews_and_a_pager(emma: Shopper):
    emma.open(emma.product_url("s6_protector"))
    assert emma.text.count("Review by") == 10 and "Review by Rachel" in emma.text and "T. Gannon" not in emma.text
    assert "Posted on 4/16/23" in emma.text
    emma.follow("Page 2")
    product = emma.store.catalogue.product_by_fact("s6_protector")
    assert emma.url == f"/review/product/listAjax/id/{product.card.id}/?p=2"
    assert emma.text.count("Review by") == 2 and "Review by T. Gannon" in emma.text


def test_more_reviews_a_page(emma: Shopper):
    product = emma.store.catalogue.product_by_fact("ugreen_aux")
    emma.open(f"/review/product/listAjax/id/{product.card.id}/").choose("Show", "20").press("Go")
    assert emma.text.count("Review by") == 20


def test_stars_are_shown_in_percent(emma: Shopper):
    emma.open(emma.product_url("eyzutak_2"))
    assert "Broke at once\nRating 20%\nTerrible quality." in emma.text


def _write(shopper: Shopper) -> Shopper:
    shopper.open(shopper.product_url("elmwood")).check("4 stars", role="radio").fill("Nickname", "Em")
    return shopper.fill("Summary", "Fruity").fill("Review", "Good <cold>, too.").press("Submit Review")


def test_a_review_waits_for_approval(emma: Shopper):
    _write(emma)
    assert emma.url == f"{emma.product_url('elmwood')}#reviews"
    assert emma.messages() == ["You submitted your review for moderation."]
    assert "Fruity" not in emma.text and "4 Reviews" in emma.names("link")
    emma.open("/review/customer/")
    assert "Good <cold>, too." in emma.text and "80%" in emma.text
    emma.follow("See Details")
    assert emma.title == "Review Details" and "Fruity" in emma.names("heading")


def test_guests_review_too(guest: Shopper):
    _write(guest)
    assert guest.messages() == ["You submitted your review for moderation."]


@pytest.mark.parametrize("missing", ["Nickname", "Summary", "Review"])
def test_a_review_needs_all_its_fields(emma: Shopper, missing: str):
    emma.open(emma.product_url("elmwood")).check("4 stars", role="radio")
    for name in ("Nickname", "Summary", "Review"):
        emma.fill(name, "" if name == missing else "x")
    emma.press("Submit Review")
    assert emma.messages() == [f"Please enter: {missing}."]
    assert emma.store.reviews.of_customer(27) == []


def test_a_review_needs_stars(emma: Shopper):
    emma.open(emma.product_url("elmwood")).fill("Summary", "x").fill("Review", "y").press("Submit Review")
    assert emma.messages() == ["Please select one of each of the ratings."]


def test_only_ones_own_reviews_can_be_read(emma: Shopper):
    assert emma.open("/review/customer/view/id/1/").url == "/review/customer/"
    assert "You have submitted no reviews." in emma.text
