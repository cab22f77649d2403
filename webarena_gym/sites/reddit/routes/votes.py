"""Voting: the real site's script posts to an address of its own, which is the event that is recorded for the form."""

from __future__ import annotations

from flask import Response, request

from ...base import json_body
from ..store import RedditStore
from ..store.users import User
from ..store.votes import Kind
from .common import back, for_users, not_found, script_call, to_int


@for_users
def submission(store: RedditStore, user: User, submission_id: int) -> Response:
    """POST /sv/<id> and /sv/<id>.json."""
    found = store.submissions.one(submission_id)
    shown = found is not None and found.visibility == "visible"
    return _vote(store, user, "s", submission_id) if shown else not_found(store)


@for_users
def comment(store: RedditStore, user: User, comment_id: int) -> Response:
    """POST /cv/<id> and /cv/<id>.json."""
    found = store.comments.one(comment_id)
    shown = found is not None and found.visibility == "visible"
    return _vote(store, user, "c", comment_id) if shown else not_found(store)


def _vote(store: RedditStore, user: User, kind: Kind, target_id: int) -> Response:
    choice = to_int(request.form.get("choice"))
    choice = choice if choice in (1, 0, -1) else 0
    assert choice is not None
    answer = json_body({"netScore": store.votes.vote(user.id, kind, target_id, choice)})
    if request.path.endswith(".json"):
        return Response(answer, mimetype="application/json")
    script_call(f"/{kind}v/{target_id}.json", f"choice={choice}", answer)
    return back("/")
