"""Forums as readers see them: their pages, the lists of forums, tags, subscribing and hiding."""

from __future__ import annotations

from flask import Response, request

from ...base import json_body, see_other
from ..store import RedditStore
from ..store.forums import LISTS, Forum
from ..store.users import User
from .common import (
    Pager,
    back,
    for_users,
    forbidden,
    in_forum,
    members_forum,
    not_found,
    page,
    script_call,
    visitor,
)  # fmt: skip
from .front import comment_cursor, comments_url
from .listing import Choice, Menu, listing_page

_PAGE = 25
_MOST_FORUMS = 70  # of a multi-forum view
_LIST_LABELS = {
    "by_name": "Name",
    "by_title": "Title",
    "by_submissions": "Submissions",
    "by_subscribers": "Subscribers",
    "by_creation_date": "Creation date",
}


def forum_page(store: RedditStore, template: str, forum: Forum, status: int = 200, **context: object) -> Response:
    """A page with the forum's side bar."""
    user_id = visitor(store).user_id
    return page(
        store,
        template,
        status,
        forum=forum,
        subscribed=store.forums.subscribed(forum.id, user_id),
        hidden=user_id is not None and store.forums.hides(forum.id, user_id),
        moderates=store.forums.moderates(forum.id, user_id),
        moderators=store.forums.moderators(forum.id),
        tags=store.forums.tags(forum.id),
        **context,
    )


def front(store: RedditStore, name: str, sort: str | None = None) -> Response:
    """GET /f/<forum> and /f/<forum>/<sort>; several names joined by + show their forums together."""
    return _several(store, name, sort) if "+" in name else _front(store, name=name, sort=sort)


@in_forum
def _front(store: RedditStore, forum: Forum, sort: str | None) -> Response:
    listing = listing_page(
        store, forum.path, sort, "s.forum_id = :forum", {"forum": forum.id}, stickies_first=True
    )  # fmt: skip
    if listing is None:
        return not_found(store)
    return forum_page(store, "forum.html", forum, listing=listing, menus=listing.menus)


def _several(store: RedditStore, names: str, sort: str | None) -> Response:
    forums = [store.forums.by_name(name) for name in names.split("+")[:_MOST_FORUMS]]
    known = list(dict.fromkeys(forum for forum in forums if forum is not None))
    if not known:
        return not_found(store)
    path = "/f/" + "+".join(forum.name for forum in known)
    marks = ", ".join(str(forum.id) for forum in known)
    listing = listing_page(store, path, sort, f"s.forum_id IN ({marks})", few_forums=True)
    if listing is None:
        return not_found(store)
    return page(store, "multi.html", listing=listing, menus=listing.menus, forums=known)


@in_forum
def comments(store: RedditStore, forum: Forum) -> Response:
    """GET /f/<forum>/comments."""
    found, more = store.comments.page(
        "s.forum_id = :forum", {"forum": forum.id}, comment_cursor(), visitor(store).user_id
    )
    return forum_page(store, "forum_comments.html", forum, contexts=found, more=comments_url(more))


@members_forum
def subscribe(store: RedditStore, user: User, forum: Forum) -> Response:
    """POST /f/<forum>/subscribe."""
    store.forums.subscribe(forum.id, user.id)
    return _subscribed(forum, "subscribe", True)


@members_forum
def unsubscribe(store: RedditStore, user: User, forum: Forum) -> Response:
    """POST /f/<forum>/unsubscribe."""
    store.forums.unsubscribe(forum.id, user.id)
    return _subscribed(forum, "unsubscribe", False)


def _subscribed(forum: Forum, action: str, subscribed: bool) -> Response:
    """The real site's script posts to an address of its own; asked for that one, this answers as it does."""
    answer = json_body({"subscribed": subscribed})
    if request.path.endswith(".json"):
        return Response(answer, mimetype="application/json")
    script_call(f"{forum.path}/{action}.json", "", answer)
    return back(forum.path)


@for_users
def hide(store: RedditStore, user: User, name: str, forum_id: int) -> Response:
    """POST /user/<name>/hide_forum/<id>."""
    return _set_hidden(store, user, name, forum_id, hidden=True)


@for_users
def unhide(store: RedditStore, user: User, name: str, forum_id: int) -> Response:
    """POST /user/<name>/unhide_forum/<id>."""
    return _set_hidden(store, user, name, forum_id, hidden=False)


def _set_hidden(store: RedditStore, user: User, name: str, forum_id: int, *, hidden: bool) -> Response:
    if user.name != name:
        return forbidden(store)
    forum = store.forums.by_id(forum_id)
    if forum is None:
        return not_found(store)
    store.forums.hide(forum_id, user.id, hidden=hidden)
    return back(f"{user.path}/hidden_forums")


def forum_list(store: RedditStore, order: str = "by_submissions", number: int = 1) -> Response:
    """GET /forums, /forums/<order>, /forums/<n> and /forums/<order>/<n>."""
    last = max(1, -(-store.forums.count() // _PAGE))
    if order not in LISTS or not 1 <= number <= last:
        return not_found(store)
    label = _LIST_LABELS[order]
    choices = [Choice(other, f"/forums/{name}", name == order) for name, other in _LIST_LABELS.items()]
    return page(
        store,
        "forums.html",
        menus=[Menu("sort", f"Sort by: {label}", label, choices)],
        rows=store.forums.listed(order, visitor(store).user_id, _PAGE, (number - 1) * _PAGE),
        pager=Pager(number, last, lambda n: f"/forums/{order}/{n}"),
    )


def alphabetical(store: RedditStore) -> Response:
    """GET /forums/all: every name, by first letter."""
    groups: dict[str, list[str]] = {}
    for _, name in store.forums.names():
        groups.setdefault(name[0].upper(), []).append(name)
    order = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
    return page(
        store, "forums_all.html", groups=[(symbol, groups[symbol]) for symbol in order if symbol in groups]
    )  # fmt: skip


def tags(store: RedditStore, number: int = 1) -> Response:
    """GET /tags."""
    if number != 1:
        return not_found(store)
    return page(store, "tags.html", tags=store.forums.all_tags())


def tag(store: RedditStore, name: str, sort: str | None = None) -> Response:
    """GET /tag/<name> and /tag/<name>/<sort>: the forums with this tag, together."""
    forums = store.forums.tagged(name)
    if not forums:
        return not_found(store)
    title = next(found for found, _ in store.forums.all_tags() if found.lower() == name.lower())
    marks = ", ".join(str(forum.id) for forum in forums)
    listing = listing_page(store, f"/tag/{title}", sort, f"s.forum_id IN ({marks})", few_forums=True)
    if listing is None:
        return not_found(store)
    return page(store, "tag.html", listing=listing, menus=listing.menus, forums=forums, title=title)


def old_tag(store: RedditStore, name: str, sort: str | None = None) -> Response:
    """GET /c/<name>: where tags were before."""
    known = next((found for found, _ in store.forums.all_tags() if found.lower() == name.lower()), None)
    return not_found(store) if known is None else see_other(f"/tag/{known}" + (f"/{sort}" if sort else ""))
