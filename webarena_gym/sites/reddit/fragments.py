"""Comments as HTML. Written here, not in a template, as a page may show hundreds and a template takes ten times as long."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from markupsafe import Markup, escape

from .store.comments import Comment, Context, tree
from .text import age, points

_KEPT_THREADS = 16  # the longest has 200,000 characters

_END = "</article>"
_UPVOTE, _DOWNVOTE = 'value="1" title="Upvote"', 'value="-1" title="Downvote"'
# By the visitor's own vote: the form's further classes, and its two buttons.
_VOTED = {
    None: ("", _UPVOTE, _DOWNVOTE),
    1: (" vote--user-upvoted", 'value="0" title="Retract upvote"', _DOWNVOTE),
    -1: (" vote--user-downvoted", _UPVOTE, 'value="0" title="Retract downvote"'),
}


@functools.lru_cache(_KEPT_THREADS)
def thread_html(comments: tuple[Comment, ...], base: str, now: int, me: int, op: int, moderates: bool) -> Markup:
    """All comments of a submission as ``tree_html`` shows them; kept, as episode after episode opens the same threads."""
    return tree_html(tree(comments), base, now, me, op, moderates)


def tree_html(placed: Sequence[Comment | None], base: str, now: int, me: int, op: int, moderates: bool) -> Markup:
    """The comments of a ``tree``, each within the one that it answers."""
    base = _escaped(base)
    return Markup(
        "".join([_END if comment is None else _article(comment, base, now, me, op, moderates) for comment in placed])
    )


def row_html(comments: Sequence[Comment], base: str, now: int, me: int, op: int, moderates: bool) -> Markup:
    """The visible ones of a submission's comments one below the other, each with its number and a link to the one it answers."""
    base = _escaped(base)
    by_id = {comment.id: comment for comment in comments}
    shown = (
        _article(comment, base, now, me, op, moderates, above=_number(comment, base, by_id), numbered=True)
        for comment in comments
        if comment.visibility == "visible"
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
    moderates: bool = False,
    body_html: Markup | None = None,
) -> Markup:
    """The article of a comment without its end, so that replies can follow within it.

    ``base`` is the submission's path without its slug, ``me`` and ``op`` are the ids of the visitor (0 for a guest) and of the
    submission's author; ``body_html`` replaces the comment's own body. It depends on its arguments alone.
    """
    base = _escaped(base)
    above = "" if context is None else _context(context, base)
    body = None if body_html is None else f"<p>{escape(body_html)}</p>"
    return Markup(_article(comment, base, now, me, op, moderates, above=above, body=body))


def _article(
    comment: Comment,
    base: str,
    now: int,
    me: int,
    op: int,
    moderates: bool,
    *,
    above: str = "",
    body: str | None = None,
    numbered: bool = False,
) -> str:
    """``base``, ``above`` and ``body`` are HTML. Few elements and words, as a page has hundreds."""
    id, _, parent_id, author, user_id, _, body_html, flag, created, edited, score, visibility, choice = comment
    path = f"{base}/-/comment/{id}"
    visible = visibility == "visible"
    if visible:
        author = _escaped(author)
        heading = f'<a href="/user/{author}">{author}</a>{" <small>OP</small>" if user_id == op else ""}'
    else:
        heading, body_html = "[deleted]", ""
    if flag:
        heading += f" {_escaped(flag)}"
    when = age(created, now)
    if edited is not None:
        when += f" (edited {age(edited, now)})"
    links = f'<a href="{path}">Reply</a>' if me else ""
    if not numbered:
        links += f'<a href="{path}">Permalink</a>'
        if parent_id:
            links += f'<a href="{base}/-/comment/{parent_id}">Parent</a>'
    if visible and user_id == me:
        links += (
            f'<form action="{path}/delete_own" method="post" autocomplete="off" novalidate>'
            f'<button class="link">Delete</button></form><a href="{path}/edit">Edit</a>'
        )
    elif visible and moderates:
        links += _moderator_menu(base, path, author)
    voted, up, down = _VOTED[choice]
    # The form is the one that the macro "vote" in post.html writes below a submission.
    return (
        f'<article class="comment" id="comment_{id}"><h1>{heading} wrote {when}</h1>{above}'
        f'<div class="comment__body">{body_html if body is None else body}</div>{links}'
        f'<form action="/cv/{id}" method="post" class="vote{voted}"><button name="choice" {up}></button>'
        f'{score if score >= 0 else points(score)}<button name="choice" {down}></button></form>'
    )


def _escaped(text: str) -> str:
    """Text as HTML; a single word without special characters, as most names are, need not be searched for them."""
    return text if text.isidentifier() else str(escape(text))


def _number(comment: Comment, base: str, by_id: dict[int, Comment]) -> str:
    above = f'<a href="{base}/-/comment/{comment.id}">#{comment.id}</a>'
    if parent := by_id.get(comment.parent_id or 0):
        above += (
            f'<p class="comment__replying-to"><a href="#comment_{parent.id}">Replying to {_escaped(parent.author)} '
            f"(#{parent.id})</a></p>"
        )
    return above


def _context(context: Context, base: str) -> str:
    of = ""
    if context.parent_author:
        author = _escaped(context.parent_author)
        of = f'comment by <a href="/user/{author}"><strong>{author}</strong></a> in '
    submitter = _escaped(context.submitter)
    return (
        f'<p class="comment__context">Reply to {of}<a href="{base}"><strong><bdi>{_escaped(context.title)}</bdi></strong></a>'
        f' by <a href="/user/{submitter}"><strong>{submitter}</strong></a></p>'
    )


def _moderator_menu(base: str, path: str, author: str) -> str:
    return (
        f'<details class="dropdown"><summary>Actions</summary><ul class="dropdown__menu"><li><a href="{path}/delete">Delete</a>'
        f'</li><li><a href="{path}/delete_thread">Delete thread</a></li><li><a href="{base.rsplit("/", 1)[0]}/ban/{author}">Ban'
        "</a></li></ul></details>"
    )
