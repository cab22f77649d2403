"""The front page in its four views, and the newest comments of the whole site."""

from __future__ import annotations

from flask import Response, request

from ...base import see_other
from ..store import RedditStore
from ..store.users import User
from .common import MOST_ID, for_users, not_found, page, to_int, visitor
from .listing import filter_menu, listing_page

_NOT_HIDDEN = "s.forum_id NOT IN (SELECT forum_id FROM hidden_forum WHERE user_id = :visitor)"


def front(store: RedditStore, sort: str | None = None) -> Response:
    """GET / and /<sort>: the view that the user's settings name; featured forums for guests."""
    user = visitor(store).user
    if user is None:
        return featured(store, sort)
    view = user.settings["filterBy"]
    if view == "subscribed" and store.forums.subscriptions(user.id):
        return _subscribed(store, user, sort, base="")
    if view == "all":
        return _view(store, "all", sort, _NOT_HIDDEN, base="")
    if view == "moderated":
        return _moderated(store, user, sort, base="")
    return featured(store, sort, base="")


def featured(store: RedditStore, sort: str | None = None, base: str = "/featured") -> Response:
    """GET /featured and /featured/<sort>."""
    user = visitor(store).user
    subscribes = user is None or user.settings["filterBy"] != "subscribed" or store.forums.subscriptions(user.id)
    notice = "" if subscribes else "You are not subscribed to any forum. Showing featured forums instead."
    return _view(
        store, "featured", sort, f"f.featured AND {_NOT_HIDDEN}", base=base, notice=notice, heading="Featured forums",
        forums=store.forums.featured(),
    )  # fmt: skip


@for_users
def subscribed(store: RedditStore, user: User, sort: str | None = None) -> Response:
    """GET /subscribed and /subscribed/<sort>; without subscriptions the featured forums."""
    if not store.forums.subscriptions(user.id):
        return see_other(f"/featured/{sort}" if sort else "/featured")
    return _subscribed(store, user, sort, base="/subscribed")


def _subscribed(store: RedditStore, user: User, sort: str | None, base: str) -> Response:
    condition = "s.forum_id IN (SELECT forum_id FROM subscription WHERE user_id = :visitor)"
    return _view(
        store, "subscribed", sort, condition, base=base, heading="Subscribed forums",
        forums=store.forums.subscriptions(user.id), few_forums=True,
    )  # fmt: skip


def all_forums(store: RedditStore, sort: str | None = None) -> Response:
    """GET /all and /all/<sort>."""
    return _view(store, "all", sort, _NOT_HIDDEN, base="/all")


@for_users
def moderated(store: RedditStore, user: User, sort: str | None = None) -> Response:
    """GET /moderated and /moderated/<sort>."""
    return _moderated(store, user, sort, base="/moderated")


def _moderated(store: RedditStore, user: User, sort: str | None, base: str) -> Response:
    forums = store.forums.moderated(user.id)
    notice = "" if forums else "You don't moderate any forums."
    condition = "s.forum_id IN (SELECT forum_id FROM moderator WHERE user_id = :visitor)"
    heading = "Forums you moderate" if forums else ""
    return _view(
        store, "moderated", sort, condition, base=base, notice=notice, heading=heading, forums=forums, few_forums=True
    )


def _view(
    store: RedditStore,
    view: str,
    sort: str | None,
    condition: str,
    *,
    base: str,
    notice: str = "",
    heading: str = "",
    forums: list[str] | None = None,
    few_forums: bool = False,
) -> Response:
    listing = listing_page(store, base, sort, condition, few_forums=few_forums)
    if listing is None:
        return not_found(store)
    user = visitor(store).user
    moderates = user is not None and bool(store.forums.moderated(user.id))
    menu = filter_menu(view, listing.sort, moderates=moderates, signed_in=user is not None)
    return page(
        store,
        "front.html",
        listing=listing,
        menus=[menu, *listing.menus],
        view=view,
        notice=notice,
        heading=heading,
        forums=forums or [],
    )


def comments(store: RedditStore) -> Response:
    """GET /comments: the newest comments of all forums."""
    found, more = store.comments.page("1", {}, comment_cursor(), visitor(store).user_id)
    return page(
        store, "recent_comments.html", title="Recent comments", contexts=found, more=comments_url(more)
    )  # fmt: skip


def comment_cursor() -> int | None:
    """The id below which a list of comments goes on; None for its first page."""
    before = to_int(request.args.get("next[id]"))
    return before if before is not None and 0 <= before <= MOST_ID else None


def comments_url(before: int | None) -> str | None:
    return None if before is None else f"{request.path}?next%5Bid%5D={before}"
