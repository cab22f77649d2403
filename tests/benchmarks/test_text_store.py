"""Texts come back as they were, in Python here and in the browser in ``test_report_in_chromium``."""

from __future__ import annotations

import json
import random

from hypothesis import given
from hypothesis import strategies as st
from webarena_gym.benchmarks.text_store import TextStore, unpacked


def reread(stored: dict) -> list[str]:
    """What ``store.js`` does, once more in Python."""
    lines = json.loads(unpacked(stored["lines"]))
    texts = []
    for block in stored["texts"]:
        for steps in json.loads(unpacked(block)):
            at, text = 0, []
            for step in steps:
                for move in [1] * int(step) if isinstance(step, str) else [step]:
                    at += move
                    text.append(lines[at])
            texts.append("\n".join(text))
    return texts


@given(st.lists(st.text(st.characters(blacklist_categories=()) | st.sampled_from("a\n\n"), max_size=30), max_size=150))
def test_any_texts_come_back(texts):
    store = TextStore()
    numbers = [store.add(text) for text in texts]
    written = reread(store.to_json())
    assert [written[number] for number in numbers] == texts
    assert [store.text(number) for number in numbers[:3]] == texts[:3]


def test_pages_that_share_most_lines_take_little_room():
    random.seed(1)
    menu = [f'<a data-e="{n}">{random.random()}</a>' for n in range(400)]
    store = TextStore()
    for n in range(500):
        store.add("\n".join([*menu[:200], f"page {n}", *menu[200:]]))
    size, raw = len(json.dumps(store.to_json())), 500 * sum(map(len, menu))
    assert raw > 6_000_000 and size < 30_000
