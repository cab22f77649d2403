"""Notifications and private messages."""

from __future__ import annotations

from flask import Response, request

from ...base import see_other
from ..store import RedditStore
from ..store.users import User
from .common import Pager, draft, flash, for_users, forbidden, not_found, page, send_back, text_field, to_int
from .users import of_user, user_page

_PAGE = 25
_MAX_MESSAGE_CHARS = 10_000


@for_users
def notifications(store: RedditStore, user: User, number: int = 1) -> Response:
    """GET /notifications: answers to one's posts, and messages."""
    last = max(1, -(-store.inbox.notification_count(user.id) // _PAGE))
    if not 1 <= number <= last:
        return not_found(store)
    shown = store.inbox.notifications(user.id, _PAGE, (number - 1) * _PAGE)
    contexts = store.comments.in_context([n.target_id for n in shown if n.kind == "comment"], user.id)
    rows = []
    for notification in shown:
        if notification.kind == "comment":
            rows.append((notification, contexts.get(notification.target_id), None, None))
        else:
            message = store.inbox.message(notification.target_id)
            thread = None if message is None else store.inbox.thread(message.thread_id, user.id)
            rows.append((notification, None, message, thread))
    return page(
        store, "notifications.html", rows=rows,
        pager=Pager(number, last, lambda n: f"/notifications/{n}"),
    )  # fmt: skip


@for_users
def clear(store: RedditStore, user: User) -> Response:
    """POST /clear_notifications: those that the form names."""
    ids = [number for number in map(to_int, request.form.getlist("id[]")) if number is not None]
    store.inbox.clear(user.id, ids)
    flash(
        store,
        "Your notifications have been cleared." if len(ids) != 1 else "The notification was successfully cleared.",
    )
    return see_other("/notifications")


@for_users
def threads(store: RedditStore, user: User, number: int = 1) -> Response:
    """GET /messages."""
    last = max(1, -(-store.inbox.thread_count(user.id) // _PAGE))
    if not 1 <= number <= last:
        return not_found(store)
    found = store.inbox.threads(user.id, _PAGE, (number - 1) * _PAGE)
    return page(
        store, "threads.html", threads=found, pager=Pager(number, last, lambda n: f"/messages/{n}")
    )  # fmt: skip


@for_users
def thread(store: RedditStore, user: User, thread_id: int) -> Response:
    """GET /messages/thread/<id>."""
    found = store.inbox.thread(thread_id, user.id)
    if found is None:
        return not_found(store)
    text = draft(store, f"/messages/thread/{thread_id}").get("body", "")
    return page(
        store, "thread_messages.html", thread=found, messages=store.inbox.messages(thread_id), text=text
    )  # fmt: skip


@for_users
def reply(store: RedditStore, user: User, thread_id: int) -> Response:
    """POST /message_reply/<id>."""
    found = store.inbox.thread(thread_id, user.id)
    if found is None:
        return not_found(store)
    body = text_field("message[body]", _MAX_MESSAGE_CHARS)
    if not body:
        return send_back(store, f"/messages/thread/{thread_id}", "The message must not be empty.", {})
    store.inbox.reply(found, user.id, body, store.seconds())
    return see_other(f"/messages/thread/{thread_id}")


@for_users
def delete(store: RedditStore, user: User, message_id: int) -> Response:
    """POST /messages/message/<id>/delete: by whoever sent it."""
    message = store.inbox.message(message_id)
    if message is None:
        return not_found(store)
    if message.sender_id != user.id:
        return forbidden(store)
    remains = store.inbox.delete(message)
    return see_other(f"/messages/thread/{message.thread_id}" if remains else "/messages")


@of_user
def compose_form(store: RedditStore, owner: User) -> Response:
    """GET /user/<name>/compose_message."""
    return _compose(store, owner=owner)


@of_user
def compose(store: RedditStore, owner: User) -> Response:
    """POST /user/<name>/compose_message."""
    return _compose(store, owner=owner)


@for_users
def _compose(store: RedditStore, user: User, owner: User) -> Response:
    if owner.id == user.id or store.users.blocks(owner.id, user.id) or not owner.settings["allowPrivateMessages"]:
        return forbidden(store)
    path = f"{owner.path}/compose_message"
    if request.method == "GET":
        return user_page(store, "compose.html", owner, text=draft(store, path).get("body", ""))
    body = text_field("message[body]", _MAX_MESSAGE_CHARS)
    if not body:
        return send_back(store, path, "The message must not be empty.", {})
    return see_other(f"/messages/thread/{store.inbox.start(user.id, owner.id, body, store.seconds())}")
