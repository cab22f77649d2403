"""Profiles: what somebody posted, and their biography."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from ...base import see_other
from ..store import RedditStore
from ..store.comments import PAGE as COMMENTS
from ..store.submissions import Listing
from ..store.users import User
from .common import flash, for_users, forbidden, not_found, page, text_field, visitor
from .front import comment_cursor, comments_url
from .listing import listing_page

MAX_BIOGRAPHY_CHARS = 3000


def of_user(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Calls ``handler(store, owner, **values)`` for the user that the path names in any case; 404 if there is none."""

    def found(store: RedditStore, name: str, **values: Any) -> Any:
        owner = store.users.by_name(name)
        return not_found(store) if owner is None else handler(store, owner, **values)

    found.__name__, found.__doc__ = handler.__name__, handler.__doc__
    return found


def own(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Calls ``handler(store, user, **values)`` on the signed-in user's own pages; 403 on anybody else's."""

    def inner(store: RedditStore, user: User, name: str, **values: Any) -> Any:
        owner = store.users.by_name(name)
        if owner is None:
            return not_found(store)
        return handler(store, user, **values) if owner.id == user.id else forbidden(store)

    inner.__name__, inner.__doc__ = handler.__name__, handler.__doc__
    return for_users(inner)


def user_page(store: RedditStore, template: str, owner: User, **context: Any) -> Response:
    """A page with the user's side bar."""
    user = visitor(store).user
    own_page = user is not None and user.id == owner.id
    return page(
        store,
        template,
        owner=owner,
        own_page=own_page,
        blocked=user is not None and not own_page and store.users.blocks(user.id, owner.id),
        moderates=store.forums.moderated(owner.id),
        **context,
    )


@of_user
def profile(store: RedditStore, owner: User) -> Response:
    """GET /user/<name>: submissions and comments together, newest first."""
    user_id = visitor(store).user_id
    values = {"owner": owner.id}
    submissions, _ = store.submissions.page(Listing("new", "s.user_id = :owner", values), user_id, store.seconds())
    contexts, _ = store.comments.page("c.user_id = :owner", values, None, user_id)
    mixed = [*((s.created, 1, s) for s in submissions), *((c.comment.created, 0, c) for c in contexts)]
    mixed.sort(key=lambda item: item[:2], reverse=True)
    return user_page(
        store, "user.html", owner, contributions=[(is_post, item) for _, is_post, item in mixed[:COMMENTS]]
    )


@of_user
def submissions(store: RedditStore, owner: User) -> Response:
    """GET /user/<name>/submissions: newest first."""
    listing = listing_page(store, f"{owner.path}/submissions", "new", "s.user_id = :owner", {"owner": owner.id})
    return not_found(store) if listing is None else user_page(store, "user_submissions.html", owner, listing=listing)


@of_user
def comments(store: RedditStore, owner: User) -> Response:
    """GET /user/<name>/comments: newest first."""
    contexts, more = store.comments.page(
        "c.user_id = :owner", {"owner": owner.id}, comment_cursor(), visitor(store).user_id
    )
    return user_page(store, "user_comments.html", owner, contexts=contexts, more=comments_url(more))


@of_user
def shortcut(store: RedditStore, owner: User) -> Response:
    """GET /u/<name>."""
    return see_other(owner.path)


@own
def biography_form(store: RedditStore, user: User) -> Response:
    """GET /user/<name>/edit_biography."""
    return user_page(store, "edit_biography.html", user, text=user.biography)


@own
def biography(store: RedditStore, user: User) -> Response:
    """POST /user/<name>/edit_biography."""
    store.users.set_biography(user.id, text_field("user_biography[biography]", MAX_BIOGRAPHY_CHARS))
    flash(store, "The biography was updated.")
    return see_other(_biography(user))


def _biography(user: User) -> str:
    return f"{user.path}/edit_biography"
