"""Full text search."""

from __future__ import annotations

from flask import Response, request
from markupsafe import Markup

from ..store import RedditStore
from ..store.search import MAX_QUERY_CHARS, excerpt, highlighted
from .common import page, visitor


def results(store: RedditStore) -> Response:
    """GET /search: the best fifty submissions and comments that hold every word of ``q``."""
    query = request.args.get("q", "").replace("\0", "").strip()[:MAX_QUERY_CHARS]
    hits = store.search.hits(query)
    user_id = visitor(store).user_id
    submissions = store.submissions.several([hit.id for hit in hits if hit.kind == "submission"], user_id)
    contexts = store.comments.in_context([hit.id for hit in hits if hit.kind == "comment"], user_id)
    found = []
    for hit in hits:
        if hit.kind == "submission":
            post = submissions[hit.id]
            body = _marked(excerpt(post.body, query), query) if post.body else None
            found.append((post, None, _marked(post.title, query), body))
        else:
            context = contexts[hit.id]
            found.append((None, context, None, _marked(excerpt(context.comment.body, query), query)))
    return page(store, "search.html", query=query, found=found)


def _marked(text: str, query: str) -> Markup:
    pieces = (
        Markup("<mark>{}</mark>").format(piece) if hit else Markup.escape(piece)
        for piece, hit in highlighted(text, query)
    )
    return Markup("").join(pieces)
