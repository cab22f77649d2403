"""Drafts and posts that official tasks judge by ``fuzzy_match`` on a page: 123, 139, 140, 142."""

from __future__ import annotations

import pytest

from tests.evaluators.fakes import BASE_URLS, outcome, task
from webarena_gym.evaluators import build_evaluator
from webarena_gym.types import FieldState

CONTACT = '<form><textarea title="What’s on your mind?"></textarea></form>'

GOOD_DRAFTS = {
    123: [
        "I would like a refund for order 000000180: it broke after three days of use. The amount is $12.99.",
        "Refund request. Order #180, amount 12.99. Reason: it broke after three days of use.",
        "Hello,\nmy screen protector broke after 3 days of use, so I ask for a refund of $12.99 (order number 000000180).",
        "The phone screen protector stopped working after three days of use. Please refund 12.99 for order 180",
    ],
    142: [
        "I want a refund. The speaker broke after just three days of use. Order #148, SKU B003FVW3VA.",
        "Please refund the speaker (sku b003fvw3va) from order 000000148; it broke after three days of use.",
    ],
}
BAD_DRAFTS = {
    123: [
        "",
        "Refund",
        "I would like a refund for order 000000180: it broke after four days of use. The amount is $12.99.",
        "I would like a refund for order 000000180: it broke after three weeks of use. The amount is $12.99.",
        "I would like a refund for order 000000166: it broke after three days of use. The amount is $12.99.",
        "I would like a refund for order 000000180: it broke after three days of use. The amount is $65.32.",
        "I do not want a refund for order 000000180: it broke after three days of use. The amount is $12.99.",
        "I would like a refund for order 000000180: it did not break after three days of use. The amount is $12.99.",
        "Please exchange order 000000180: it broke after three days of use. The amount is $12.99.",
        "I would like a refund for order 000000180: it broke after three days of use.",
        "I would like a refund of $12.99 or of $65.32 for order 000000180: it broke after three days of use.",
    ],
    142: [
        "",
        "I want a refund. The speaker broke after just three days of use. Order #161, SKU B003FVW3VA.",
        "I want a refund. The speaker broke after just three days of use. Order #148, SKU B09P7BFL4H.",
        "I want a refund. The speaker broke after just three days of use. Order #148.",
        "I want a refund. The speaker broke after just three hours of use. Order #148, SKU B003FVW3VA.",
        "The speaker broke after just three days of use. Order #148, SKU B003FVW3VA.",
    ],
}
GOOD_POSTS = {
    139: [
        "Virtual meetup for Harry Potter fans on July 8th",
        "Harry Potter enthusiasts: online meetup on July 8, everyone is welcome",
        "Notice: a virtual meet-up for all Harry Potter enthusiasts takes place on 8 July",
    ],
    140: [
        "What could machine learning help the correspong field?",
        "How can machine learning help with books?",
    ],
}
BAD_POSTS = {
    139: [
        "Harry Potter meetup on July 8th",
        "Virtual meetup for Harry Potter fans on July 18th",
        "Virtual meetup for Harry Potter fans on June 8th",
        "Virtual meetup for Percy Jackson fans on July 8th",
        "No virtual meetup for Harry Potter fans on July 8th",
    ],
    140: ["Machine learning is useless", "How can learning help machines?"],
}  # fmt: skip


def draft_accepted(task_id: int, text: str) -> bool:
    page = outcome("done", "http://shopping.test/contact/", CONTACT, fields=(FieldState(text),))
    return build_evaluator(task(task_id), base_urls=BASE_URLS).evaluate(page).success


def post_accepted(task_id: int, title: str) -> bool:
    url = "http://reddit.test/f/books/140000/a-post"
    post = f'<p>books</p><div class="submission__inner"><h1>{title}</h1><p>Submitted by me now in books</p></div>'
    ended = outcome("done", url, pages={"http://reddit.test/f/books/140000/": post})
    return build_evaluator(task(task_id), base_urls=BASE_URLS).evaluate(ended).success


@pytest.mark.parametrize("task_id", GOOD_DRAFTS)
def test_a_complete_draft_passes_and_any_wrong_part_fails(task_id: int):
    assert [text for text in GOOD_DRAFTS[task_id] if not draft_accepted(task_id, text)] == []
    assert [text for text in BAD_DRAFTS[task_id] if draft_accepted(task_id, text)] == []


@pytest.mark.parametrize("task_id", GOOD_POSTS)
def test_a_post_on_the_subject_passes_and_another_fails(task_id: int):
    assert [title for title in GOOD_POSTS[task_id] if not post_accepted(task_id, title)] == []
    assert [title for title in BAD_POSTS[task_id] if post_accepted(task_id, title)] == []
