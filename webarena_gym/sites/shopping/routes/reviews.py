"""Reading and writing product reviews."""

from __future__ import annotations

from flask import Response, request

from ...base import see_other
from ...magento import MAX_TEXT_CHARS, int_field, text_field, to_int
from ..store import ShopStore
from .account import account_page
from .common import flash, for_customers, not_found, page, visitor

_SIZES = (10, 20, 50)
_FIRST_RATING_ID = 16  # the posted ids of one to five stars are 16 to 20


def review_list(store: ShopStore, product_id: int) -> Response:
    """GET /review/product/listAjax/id/<id>/: the reviews tab by itself, ten reviews a page."""
    product = store.catalogue.product(product_id)
    if product is None:
        return not_found(store)
    limit = to_int(request.args.get("limit"), _SIZES[0])
    limit = limit if limit in _SIZES else _SIZES[0]
    pages = max(1, -(-product.card.review_count // limit))
    number = min(max(1, to_int(request.args.get("p"), 1)), pages)
    return page(
        store,
        "review_list.html",
        title=f"Customer Reviews - {product.card.name}",
        card=product.card,
        reviews=store.reviews.of_product(product_id, limit, (number - 1) * limit),
        number=number,
        pages=pages,
        limit=limit,
        sizes=_SIZES,
    )


def post(store: ShopStore, product_id: int) -> Response:
    """POST /review/product/post/id/<id>/: a review that waits for approval."""
    product = store.catalogue.product(product_id)
    if product is None:
        return not_found(store)
    stars = int_field("ratings[4]") - _FIRST_RATING_ID + 1
    nickname, title, detail = text_field("nickname", 128), text_field("title"), text_field("detail", MAX_TEXT_CHARS)
    if not 1 <= stars <= 5:
        flash(store, "Please select one of each of the ratings.", "error")
    elif not (nickname and title and detail):
        missing = [
            label for label, text in (("Nickname", nickname), ("Summary", title), ("Review", detail)) if not text
        ]
        flash(store, f"Please enter: {', '.join(missing)}.", "error")
    else:
        store.reviews.add(
            product_id,
            visitor(store).customer_id,
            nickname=nickname,
            title=title,
            detail=detail,
            stars=stars,
            when=store.timestamp(),
        )
        flash(store, "You submitted your review for moderation.")
    return see_other(f"{product.card.url}#reviews")


@for_customers
def own_reviews(store: ShopStore, customer_id: int) -> Response:
    """GET /review/customer/."""
    reviews = store.reviews.of_customer(customer_id)
    cards = {card.id: card for card in store.catalogue.cards({review.product_id for review in reviews})}
    title = "My Product Reviews"
    return account_page(store, customer_id, "own_reviews.html", title, title=title, reviews=reviews, cards=cards)


@for_customers
def own_review(store: ShopStore, customer_id: int, review_id: int) -> Response:
    """GET /review/customer/view/id/<id>/."""
    review = store.reviews.review(review_id, customer_id)
    if review is None:
        return see_other("/review/customer/")
    (card,) = store.catalogue.cards([review.product_id])
    return account_page(
        store,
        customer_id,
        "own_review.html",
        "My Product Reviews",
        exact=False,
        title="Review Details",
        review=review,
        card=card,
    )
