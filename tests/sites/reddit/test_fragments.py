"""Comments as HTML: what is written without a template must still escape everything that people typed."""

from __future__ import annotations

from itertools import accumulate

import pytest
from markupsafe import Markup

from webarena_gym.sites.reddit.fragments import comment_html, row_html, tree_html
from webarena_gym.sites.reddit.store.comments import DEEPEST, Comment, Context, tree

NOW = 7200
COMMENT = Comment(8, 5, None, "ann", 3, "hi", "<p>hi</p>", "", 3600, None, -2, "visible", None)
REPLY = COMMENT._replace(id=9, parent_id=8, author="bob", user_id=4, score=1)


def test_a_comment_of_a_guest_s_page():
    # 7200 - 3600 seconds are an hour.
    assert comment_html(COMMENT, "/f/pics/5", NOW, 0) == (
        '<article class="comment" id="comment_8"><h1><a href="/user/ann">ann</a> wrote 1 hour ago</h1>'
        '<div class="comment__body"><p>hi</p></div><a href="/f/pics/5/-/comment/8">Permalink</a>'
        '<form action="/cv/8" method="post" class="vote">'
        '<button name="choice" value="1" title="Upvote"></button>&minus;2'
        '<button name="choice" value="-1" title="Downvote"></button></form>'
    )


def test_what_people_typed_is_escaped():
    bad = "<b>&\"'"
    comment = COMMENT._replace(author=bad, flag=bad, edited=0)
    context = Context(comment, "pics", bad, "slug", bad, bad)
    html = comment_html(comment, f"/f/{bad}/5", NOW, 0, context=context, moderates=True, body_html=bad)
    html += row_html([comment, REPLY], f"/f/{bad}/5", NOW, 0, 0, False)
    assert bad not in html and "<b>" not in html
    assert html.count("&lt;b&gt;&amp;&#34;&#39;") > 10


def test_a_body_that_is_html_already_is_kept():
    html = comment_html(COMMENT, "/f/pics/5", NOW, 0, body_html=Markup("a <mark>b</mark>"))
    assert '<div class="comment__body"><p>a <mark>b</mark></p></div>' in html


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (None, ['class="vote"', 'value="1" title="Upvote"', 'value="-1" title="Downvote"']),
        (1, ['class="vote vote--user-upvoted"', 'value="0" title="Retract upvote"', 'value="-1" title="Downvote"']),
        (-1, ['class="vote vote--user-downvoted"', 'value="1" title="Upvote"', 'value="0" title="Retract downvote"']),
    ],
)
def test_the_form_says_how_the_visitor_voted(choice, words):
    html = comment_html(COMMENT._replace(choice=choice), "/f/pics/5", NOW, 3)
    assert all(word in html for word in words)


def test_a_deleted_comment_shows_neither_author_nor_text():
    html = comment_html(COMMENT._replace(visibility="deleted"), "/f/pics/5", NOW, 3, moderates=True)
    assert "[deleted] wrote" in html and "ann" not in html and "hi" not in html and "Delete<" not in html


def test_replies_stand_within_what_they_answer():
    nested = tree_html(tree([COMMENT, REPLY, COMMENT._replace(id=10, score=-5)]), "/f/pics/5", NOW, 0, 0, False)
    order = [nested.index(mark) for mark in ("comment_8", "comment_9", "</article></article>", "comment_10")]
    assert order == sorted(order) and nested.count("<article") == nested.count("</article>") == 3


def test_replies_below_the_deepest_level_stand_below_each_other():
    chain = [COMMENT._replace(id=1), *(COMMENT._replace(id=i, parent_id=i - 1) for i in range(2, DEEPEST + 6))]
    marks = [1 if comment else -1 for comment in tree([*chain, COMMENT._replace(id=99)])]
    open_articles = list(accumulate(marks))
    assert max(open_articles) == DEEPEST + 1 and min(open_articles) == open_articles[-1] == 0
    assert [c.id for c in tree([*chain, COMMENT._replace(id=99)]) if c] == [*range(1, DEEPEST + 6), 99]


def test_a_removed_comment_shows_only_above_a_visible_reply():
    gone = COMMENT._replace(id=1, visibility="trashed")
    reply = COMMENT._replace(id=2, parent_id=1)
    assert tree([gone]) == [] and tree([gone, reply]) == [gone, reply, None, None]
    assert tree([gone, reply._replace(visibility="deleted")]) == []
    assert tree([gone, reply], root=2) == [reply, None] and tree([gone], root=3) == []
