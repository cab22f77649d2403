from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webarena_gym.observation import render_header, split_pages
from webarena_gym.observation.render import MAX_HEADER_CHARS
from webarena_gym.types import Tab


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=80), max_size=40), st.integers(1, 60))
def test_parts_fit_and_hold_every_word_in_order(lines, max_chars):
    parts = split_pages("\n".join(lines), max_chars)
    assert all(len(part) <= max_chars for part in parts)
    glued = "".join("".join(parts).split())
    assert glued == "".join("".join(lines).split())


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=20), max_size=40), st.integers(20, 60))
def test_a_part_holds_as_many_whole_lines_as_fit(lines, max_chars):
    parts = split_pages("\n".join(lines), max_chars)
    assert "\n".join(parts) == "\n".join(lines)
    for part, following in pairwise(parts):
        assert len(part) + 1 + len(following.split("\n")[0]) > max_chars


def test_a_page_is_cut_between_lines():
    # "aaaa\nbbbb" has 9 characters; with "cc" it would have 12.
    assert split_pages("aaaa\nbbbb\ncc", 9) == ["aaaa\nbbbb", "cc"]


def test_a_line_longer_than_a_part_begins_one_and_is_cut_at_a_space():
    assert split_pages("a\none two three\nb", 8) == ["a", "one two", "three\nb"]


def test_an_empty_page_has_one_empty_part():
    assert split_pages("", 10) == [""]


def test_a_part_needs_room():
    with pytest.raises(ValueError, match="max_chars must be positive"):
        split_pages("a", 0)


@given(
    st.text(max_size=5000),
    st.text(max_size=3000),
    st.lists(st.text(max_size=400), min_size=1, max_size=10),
    st.text(max_size=2000),
)
def test_a_header_never_outgrows_its_bound(goal, url, titles, error):
    header = render_header(
        goal=goal, step=30, max_steps=30, url=url, tabs=[Tab(t, url) for t in titles], active_tab=0, last_error=error,
        part=1, parts=99,
    )  # fmt: skip
    assert len(header) <= MAX_HEADER_CHARS


def test_a_header_names_goal_step_tabs_address_error_and_part():
    header = render_header(
        goal="Buy it", step=7, max_steps=30, url="http://shopping.test/cart", tabs=[Tab("Shop", "u1"), Tab("", "about:blank")],
        active_tab=1, last_error="no element [9]", part=1, parts=3,
    )  # fmt: skip
    assert header.splitlines() == [
        "goal: Buy it",
        "step 7/30",
        "tabs: [0] Shop *[1] about:blank",
        "url: http://shopping.test/cart",
        "error: no element [9]",
        'page 1/3 (scroll("down") or scroll("up") shows the rest)',
    ]
