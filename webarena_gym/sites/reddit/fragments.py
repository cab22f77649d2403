"""Comments as HTML, kept between pages: a page may show hundreds, and the next page mostly shows the same ones again."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from flask import current_app
from markupsafe import Markup

from .store.comments import Comment, Context, Placed, tree
from .text import age

_KEPT = 4096  # comments; about a kilobyte each
_LONGEST_KEPT = 4000  # characters of HTML
_KEPT_THREADS = 16  # the longest has 200,000 characters

_END = "</article>"


@functools.lru_cache(_KEPT_THREADS)
def thread_html(comments: tuple[Comment, ...], base: str, now: int, me: int, op: int, moderates: bool) -> Markup:
    """All comments of a submission as ``tree_html`` shows them; kept, as episode after episode opens the same threads."""
    return tree_html(tree(comments), base, now, me, op, moderates)


def tree_html(placed: Sequence[Placed], base: str, now: int, me: int, op: int, moderates: bool) -> Markup:
    """The comments of a tree, each within the one that it answers."""
    parts: list[str] = []
    for comment, _, has_replies, closes in placed:
        parts.append(comment_html(comment, base, now, me, op, moderates=moderates))
        if not has_replies:
            parts.append(_END * (1 + closes))
    return Markup("".join(parts))


def row_html(comments: Sequence[Comment], base: str, now: int, me: int, op: int, moderates: bool) -> Markup:
    """The visible ones of a submission's comments one below the other, each with its number and a link to the one it answers."""
    by_id = {comment.id: comment for comment in comments}
    shown = (
        comment_html(c, base, now, me, op, numbered=True, parent=by_id.get(c.parent_id or 0), moderates=moderates)
        for c in comments
        if c.visibility == "visible"
    )
    return Markup("".join(f"{html}{_END}" for html in shown))


def comment_html(
    comment: Comment,
    base: str,
    now: int,
    me: int,
    op: int = 0,
    *,
    context: Context | None = None,
    numbered: bool = False,
    parent: Comment | None = None,
    moderates: bool = False,
    body_html: Markup | None = None,
) -> Markup:
    """The article of a comment without its end, so that replies can follow within it.

    ``base`` is the submission's path without its slug, ``me`` and ``op`` are the ids of the visitor (0 for a guest) and of the
    submission's author; ``body_html`` replaces the comment's own body. It depends on its arguments alone.
    """
    written = age(comment.created, now)
    edited = "" if comment.edited is None else age(comment.edited, now)
    short = len(comment.body_html) <= _LONGEST_KEPT
    article = _kept_article if short else _article
    return article(
        comment, base, written, edited, me, op, context, numbered, parent, moderates, body_html
    )  # fmt: skip


def _article(*arguments: object) -> Markup:
    return current_app.jinja_env.get_template("comment_article.html").module.article(*arguments)  # type: ignore[attr-defined]


_kept_article = functools.lru_cache(_KEPT)(_article)
