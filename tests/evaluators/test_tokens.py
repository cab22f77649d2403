"""``contains_token`` against NLTK's own tokenizer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluators.upstream import word_tokenize
from webarena_gym.evaluators.tokens import contains_token

# What answers are made of. Left out: a comma or quote right behind a full stop, where NLTK's versions differ.
_PIECES = ["0", "2", "5", "12", "2.5", "1,200", "x", "word", "the answer", "don't", "5th", "q2"]
_JOINS = [
    " ",
    " ",
    "\n",
    ". ",
    ", ",
    ": ",
    "; ",
    " (",
    ") ",
    "-",
    " - ",
    "--",
    "/",
    "$",
    "% ",
    "! ",
    "? ",
    "...",
    '"',
    " '",
    "' ",
    "*",
    "=",
]


@st.composite
def answers(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(["", *_JOINS]))
    for _ in range(draw(st.integers(1, 5))):
        text += draw(st.sampled_from(_PIECES)) + draw(st.sampled_from([*_JOINS, ".", "!", ""]))
    return text


@settings(max_examples=1000, deadline=None)
@given(answers(), st.sampled_from("0125x"))
def test_a_token_occurs_where_nltk_finds_it(text: str, character: str):
    assert contains_token(text, character) == (character in word_tokenize(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", True),
        ("there are 5 reviews", True),
        ("5.", True),
        ("(5)", True),
        ("$5", True),
        ("5%", True),
        ("'5'", True),
        ("pending: 5, approved: 346", True),
        ("5. the rest is approved", False),  # an ordinal, for NLTK
        ("5. 346 are approved", True),
        ("15", False),
        ("5.0", False),
        ("5,000", False),
        ("5-star", False),
        ("5/5", False),
        ("five", False),
    ],
)
def test_the_token_5_is_found_only_standing_alone(text: str, found: bool):
    assert contains_token(text, "5") is found
