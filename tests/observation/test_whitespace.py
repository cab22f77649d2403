"""White space: the short way for plain texts gives what the rule says for all others."""

from __future__ import annotations

import sys

from hypothesis import example, given
from hypothesis import strategies as st

from webarena_gym.observation import whitespace
from webarena_gym.observation.whitespace import collapse

SPECIAL = "".join(
    char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace() or char in whitespace._INVISIBLE
)


@given(st.text(st.one_of(st.sampled_from("ab é−"), st.sampled_from(SPECIAL), st.characters()), max_size=12))
@example("  a b ")
@example("\u00ad")
def test_collapsed_text_has_single_spaces_and_nothing_invisible(text):
    kept = "".join(char for char in text if char not in whitespace._INVISIBLE)
    assert collapse(text) == " ".join(kept.split())


def test_only_the_space_counts_as_printable_among_what_is_collapsed():
    assert [char for char in SPECIAL if char.isprintable()] == [" "]
    assert len(SPECIAL) > 40
