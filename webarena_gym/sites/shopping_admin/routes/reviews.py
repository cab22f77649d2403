"""A review's form, and a new review."""

from __future__ import annotations

from flask import Response, request

from ...base import see_other
from ...magento import MAX_TEXT_CHARS, text_field, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.marketing import APPROVED, REVIEW_STATUSES
from ..store.refused import Refused
from .common import Button, Question, Submit, back, for_admins, page

AT = f"{BASE}/review/product/index/"
_FIRST_VOTE = 15  # ratings[4] holds 16 for one star to 20 for five


def _url(review_id: int) -> str:
    return f"{BASE}/review/product/edit/id/{review_id}/"


@for_admins
def edit(store: AdminStore, review_id: int, ret: str = "") -> Response:
    """GET /review/product/edit/id/<id>/. One that is gone has no rating, which is what the real page says of it."""
    review = store.reviews.review(review_id)
    leave = f"{BASE}/review/product/pending/" if ret == "pending" else AT
    if review is None:
        return page(store, "review_gone.html", "Edit Review", at=AT, actions=(Button("Back", leave),))
    newer, older = _neighbours(store, review_id)
    delete = Question("Are you sure you want to do this?", f"{BASE}/review/product/delete/id/{review.id}/")
    return page(
        store,
        "review.html",
        "Edit Review",
        at=AT,
        actions=(
            Button("Back", leave),
            Button("Reset", _url(review.id)),
            Button("Delete Review", opens="delete"),
            Submit("Save Review", primary=True),
            *((Button("Previous", _url(newer)), _save_and("Save and Previous", newer)) if newer else ()),
            *((_save_and("Save and Next", older), Button("Next", _url(older))) if older else ()),
        ),
        question=delete if request.args.get("open") == "delete" else None,
        review=review,
        statuses=REVIEW_STATUSES,
        first_vote=_FIRST_VOTE,
        customer=store.customers.customer(review.customer_id) if review.customer_id is not None else None,
    )


def _neighbours(store: AdminStore, review_id: int) -> tuple[int, int]:
    """The reviews before and after this one, from the newest number down; 0 for none."""
    ids = store.grids.reviews.ids()
    newer = min((id for id in ids if id > review_id), default=0)
    return newer, max((id for id in ids if id < review_id), default=0)


def _save_and(label: str, review_id: int) -> Submit:
    return Submit(label, name="next_item", value=str(review_id))


@for_admins
def save(store: AdminStore, review_id: int) -> Response:
    """POST /review/product/save/id/<id>/."""
    review = store.reviews.review(review_id)
    if review is None:
        return back(store, AT, "The review was removed by another user or does not exist.", "error")
    try:
        store.reviews.save(
            review_id,
            status=to_int(request.form.get("status_id"), review.status),
            nickname=text_field("nickname"),
            title=text_field("title"),
            detail=text_field("detail", MAX_TEXT_CHARS),
            stars=to_int(request.form.get("ratings[4]"), _FIRST_VOTE + review.stars) - _FIRST_VOTE,
        )
    except Refused as refused:
        return back(store, _url(review_id), str(refused), "error")
    following = to_int(request.form.get("next_item"))
    return back(store, _url(following) if following else AT, "You saved the review.")


@for_admins
def delete(store: AdminStore, review_id: int) -> Response:
    """POST /review/product/delete/id/<id>/."""
    if not store.reviews.delete([review_id]):
        return back(store, AT, "The review was removed by another user or does not exist.", "error")
    return back(store, AT, "The review has been deleted.")


@for_admins
def new(store: AdminStore) -> Response:
    """GET /review/product/new/: which product, then the form. ``sku`` in the query finds the product."""
    sku = request.args.get("sku", "").strip()[:64]
    product = store.products.by_sku(sku) if sku else None
    return page(
        store,
        "review_new.html",
        "New Review",
        at=AT,
        actions=(Button("Back", AT), *((Submit("Save Review", primary=True),) if product else ())),
        product=product,
        sku=sku,
        statuses=REVIEW_STATUSES,
        first_vote=_FIRST_VOTE,
    )


@for_admins
def create(store: AdminStore) -> Response:
    """POST /review/product/post/."""
    product = store.products.product(to_int(request.form.get("product_id")))
    if product is None:
        return see_other(f"{BASE}/review/product/new/")
    try:
        store.reviews.add(
            product.id,
            nickname=text_field("nickname"),
            title=text_field("title"),
            detail=text_field("detail", MAX_TEXT_CHARS),
            stars=to_int(request.form.get("ratings[4]"), _FIRST_VOTE) - _FIRST_VOTE,
            status=to_int(request.form.get("status_id"), APPROVED),
            when=store.timestamp(),
        )
    except Refused as refused:
        return back(store, f"{BASE}/review/product/new/?sku={product.sku}", str(refused), "error")
    return back(store, AT, "You saved the review.")
